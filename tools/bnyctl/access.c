// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the registers of a function, live or saved.
 */
#include <endian.h>

#include "bny_counters.h"
#include "bny_pci.h"
#include "bny_regs.h"
#include "bnyctl.h"

#define ALL_ONES	0xffffffff

bool function_is_vf(const struct function *f)
{
	return f->device == BNY_PCI_DEVICE_ID_VF;
}

/* Are the PF's own blocks there? Not in a VF, nor in what the driver gives */
bool function_has_pf_blocks(const struct function *f)
{
	return !function_is_vf(f) && f->regs_size > BNY_REGS_PF_ONLY;
}

uint32_t function_read(const struct function *f, uint32_t offset)
{
	if (offset >= f->regs_size)
		return 0;
	if (f->mmio)
		return le32toh(f->mmio[offset / sizeof(uint32_t)]);
	return f->image[offset / sizeof(uint32_t)];
}

/* Fails unless the registers are those of an interface that is known here */
void function_check(const struct function *f)
{
	uint32_t magic = function_read(f, BNY_REG_MAGIC);
	uint32_t version = function_read(f, BNY_REG_VERSION);

	if (magic == ALL_ONES)
		fail(BNYCTL_FAILED, "%s doesn't answer: gone, asleep, or memory decoding is off", f->bdf);
	if (magic != BNY_MAGIC)
		fail(BNYCTL_NOT_BANYAN, "%s is not a Banyan function: MAGIC reads 0x%08x", f->bdf, magic);
	if (FIELD_GET(BNY_VERSION_MAJOR, version) != BNY_PCI_REVISION)
		fail(BNYCTL_NOT_BANYAN, "%s has interface version %u.%u, bnyctl knows %u", f->bdf,
		     FIELD_GET(BNY_VERSION_MAJOR, version), FIELD_GET(BNY_VERSION_MINOR, version),
		     BNY_PCI_REVISION);
}

uint64_t function_counter(const struct function *f, unsigned int counter)
{
	uint32_t offset = BNY_REG_AT(COUNTER, 2 * counter);
	uint32_t low, high, again;

	/* The halves of a live counter may be read around a carry */
	again = function_read(f, offset + sizeof(uint32_t));
	do {
		high = again;
		low = function_read(f, offset);
		again = function_read(f, offset + sizeof(uint32_t));
	} while (again != high);

	return (uint64_t)high << 32 | low;
}
