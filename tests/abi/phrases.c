// SPDX-License-Identifier: GPL-2.0-only
/*
 * What docs/datasheet.md says in numbers, with the numbers of the headers: a phrase a line
 */
#include <stdio.h>

#include "bny_desc.h"
#include "bny_mbx.h"
#include "bny_pci.h"
#include "bny_regs.h"

#define KIB(bytes) ((bytes) / 1024)

int main(void)
{
	printf("up to %d virtual functions\n", BNY_VFS_MAX);
	printf("| Vendor, device | %04xh, %04xh | %04xh, %04xh (VF Device ID\n", BNY_PCI_VENDOR_ID,
	       BNY_PCI_DEVICE_ID_PF, BNY_PCI_VENDOR_ID, BNY_PCI_DEVICE_ID_VF);
	printf("| Revision, class | %02xh, ", BNY_PCI_REVISION);
	printf("020000h | %02xh, 020000h |\n", BNY_PCI_REVISION);
	printf("| BAR 0: registers | %d KiB | %d KiB |\n", KIB(BNY_PF_BAR_REGS_SIZE),
	       KIB(BNY_VF_BAR_REGS_SIZE));
	printf("| BAR 2: doorbells | %d KiB | %d KiB |\n", KIB(BNY_PF_BAR_DOORBELLS_SIZE),
	       KIB(BNY_VF_BAR_DOORBELLS_SIZE));
	printf("| BAR 4: MSI-X table (%x), PBA (%xh) | %d KiB | %d KiB |\n", BNY_MSIX_TABLE_OFFSET,
	       BNY_MSIX_PBA_OFFSET, KIB(BNY_PF_BAR_MSIX_SIZE), KIB(BNY_VF_BAR_MSIX_SIZE));
	printf("All entries are %d bytes\n", BNY_ENTRY_SIZE);
	printf("powers of two from %d to %d.\n", BNY_RING_DEPTH_MIN, BNY_RING_DEPTH_MAX);
	printf("Rings and records are %d-byte aligned\n", BNY_RING_ALIGN);
	printf("ending with EOP, 1 to %d of them, each with 1 to %d bytes\n", BNY_TX_BUFS_MAX,
	       BNY_TX_BUF_LEN_MAX);
	printf("it is at most %d bytes (MTU_MAX, a header and two tags), with GSO at most %d\n",
	       BNY_FRAME_LEN_MAX, BNY_GSO_LEN_MAX);
	printf("one that has more than %d buffers latches\n", BNY_TX_BUFS_MAX);
	printf("a `hdr_len` of 0 or over %d\n", BNY_GSO_HDR_LEN_MAX);
	printf("an `mss` of less than %d bytes, or that would make segments longer than %d bytes\n",
	       BNY_MSS_MIN, BNY_FRAME_LEN_MAX);
	printf("and never shorter than %d (FRAME_LEN)\n", BNY_FRAME_LEN_MIN);
	printf("With RX_GSO packets have up to %d bytes: %d buffers of %d bytes hold any.\n",
	       BNY_GSO_LEN_MAX, BNY_RX_BUFS_MAX,
	       (BNY_GSO_LEN_MAX + BNY_RX_BUFS_MAX - 1) / BNY_RX_BUFS_MAX);
	printf("A ring is one piece of DEPTH times %d bytes of bus addresses, a record %zu bytes\n",
	       BNY_ENTRY_SIZE, sizeof(struct bny_shadow));
	printf("has a length of %d to %d bytes\n", BNY_RX_BUF_LEN_MIN, BNY_RX_BUF_LEN_MAX);
	printf("in posting order, at most %d;\n", BNY_RX_BUFS_MAX);
	printf("the key is %d bytes\n", BNY_RSS_KEY_LEN);
	printf("the table has %d entries\n", BNY_RSS_TABLE_LEN);
	printf("(MAC address, function index) pairs, up to %d;\n", BNY_VEB_ENTRIES_MAX);
	printf("At most %d messages wait from one VF to the PF and %d from the PF to it\n",
	       BNY_MBX_QUEUE_DEPTH, BNY_MBX_QUEUE_DEPTH);
	return 0;
}
