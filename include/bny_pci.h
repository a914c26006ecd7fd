/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: PCI identity, BARs and functions (datasheet, chapter "PCI Express").
 */
#ifndef BNY_PCI_H
#define BNY_PCI_H

#include "bny_types.h"

#define BNY_PCI_VENDOR_ID	0x1234
#define BNY_PCI_DEVICE_ID_PF	0xba00
#define BNY_PCI_DEVICE_ID_VF	0xba01
/* PCI revision ID; the same number as BNY_VERSION_MAJOR in the VERSION register */
#define BNY_PCI_REVISION	2

/*
 * Three 64-bit prefetchable memory BARs, the same in every function. A VF's are 64 KiB each, so
 * that they are whole pages whichever of 4, 8 and 64 KiB is the SR-IOV system page size.
 */
#define BNY_BAR_REGS		0
#define BNY_BAR_DOORBELLS	2
#define BNY_BAR_MSIX		4

#define BNY_PF_BAR_REGS_SIZE		0x20000
#define BNY_PF_BAR_DOORBELLS_SIZE	0x80000
#define BNY_PF_BAR_MSIX_SIZE		0x10000
#define BNY_VF_BAR_REGS_SIZE		0x10000
#define BNY_VF_BAR_DOORBELLS_SIZE	0x10000
#define BNY_VF_BAR_MSIX_SIZE		0x10000

/* Inside the MSI-X BAR */
#define BNY_MSIX_TABLE_OFFSET	0x0000
#define BNY_MSIX_PBA_OFFSET	0x8000

/* Routing IDs: VF n is at the PF's routing ID + BNY_VF_OFFSET + n * BNY_VF_STRIDE */
#define BNY_VF_OFFSET		1
#define BNY_VF_STRIDE		1

/* Limits of the architecture; a device may have fewer (register LIMITS) */
#define BNY_VFS_MAX		255	/* VFs */
#define BNY_FUNCTIONS_MAX	(BNY_VFS_MAX + 1)	/* functions, the PF included */
#define BNY_PF_QUEUE_PAIRS_MAX	128	/* of the PF */
#define BNY_VF_QUEUE_PAIRS_MAX	16	/* of a VF */
#define BNY_PF_VECTORS_MAX	(BNY_PF_QUEUE_PAIRS_MAX + 1)	/* of the PF */
#define BNY_VF_VECTORS_MAX	(BNY_VF_QUEUE_PAIRS_MAX + 1)	/* of a VF */

/*
 * A function index names a function inside the device: in the mailbox, in the VEB, in the PF's
 * tables. The PF is 0; VF n is n + 1.
 */
#define BNY_FUNC_PF		0
#define BNY_FUNC_VF(vf)		((vf) + 1)
/* Stands for the uplink where a function index names the source of a frame */
#define BNY_FUNC_UPLINK		0xffff

#endif /* BNY_PCI_H */
