// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that include/ fixes, as one compiler sees it.
 *
 * The values are read from the assembler output and not by running it, as the kernel does for
 * its own asm-offsets: so the same file serves environments that can't run here.
 */
#if defined(__KERNEL__)
#include <linux/kernel.h>
#elif defined(BNY_ABI_QEMU)
#include "qemu/osdep.h"
#include "qemu/bitops.h"
#endif

#include "bny_counters.h"
#include "bny_ctrl.h"
#include "bny_desc.h"
#include "bny_mbx.h"
#include "bny_pci.h"
#include "bny_regs.h"

#define ABI_VALUE(label, expression) \
	asm volatile("\n.ascii \"->" #label " %0\"" : : "i" ((unsigned long)(expression)));

void bny_abi_table(void);

void bny_abi_table(void)
{
#include "offsets_table.h"
}
