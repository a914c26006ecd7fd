// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of the register table itself. Prints TAP; exit status 1 if a check fails.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bny_counters.h"
#include "bny_pci.h"
#include "bny_reg_fields.h"
#include "bny_regs.h"

enum access { RO, RW, W1C, WO };
enum scope { ALL, PF };

static const struct reg {
	const char *name;
	unsigned int offset, stride, count;
	enum access access;
	unsigned int reset, writable;
	enum scope scope;
} regs[] = {
#define ROW(name, offset, stride, count, access, reset, writable, scope, text) \
	{ #name, offset, stride, count, access, reset, writable, scope },
	BNY_REGS(ROW)
#undef ROW
};

static const struct field {
	enum bny_reg_offset reg;
	const char *name;
	unsigned int mask;
} fields[] = {
#define ROW(reg, field, mask, text) { BNY_REG_##reg, #reg "." #field, mask },
	BNY_REG_FIELDS(ROW)
#undef ROW
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))
#define N_REGS (sizeof(regs) / sizeof(regs[0]))
#define BAR_WORDS (BNY_PF_BAR_REGS_SIZE / 4)

static unsigned int cases, failures;
static bool case_ok;

static void complain(const char *format, ...)
{
	va_list args;

	case_ok = false;
	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static unsigned int last_offset(const struct reg *r)
{
	return r->offset + (r->count - 1) * r->stride;
}

static void check_sorted(void)
{
	for (size_t i = 1; i < N_REGS; i++)
		if (regs[i].offset <= regs[i - 1].offset)
			complain("%s is not behind %s", regs[i].name, regs[i - 1].name);
}

static void check_shape(void)
{
	for (size_t i = 0; i < N_REGS; i++) {
		const struct reg *r = &regs[i];

		if (r->offset % 4 || r->stride % 4 || !r->stride || !r->count)
			complain("%s: offset %#x, stride %#x, count %u", r->name, r->offset,
				 r->stride, r->count);
	}
}

static void check_overlap(void)
{
	static const struct reg *owner[BAR_WORDS];

	for (size_t i = 0; i < N_REGS; i++) {
		for (unsigned int k = 0; k < regs[i].count; k++) {
			unsigned int offset = regs[i].offset + k * regs[i].stride;

			if (offset / 4 >= BAR_WORDS)
				break;
			if (owner[offset / 4]) {
				complain("%s and %s are both at %#x", owner[offset / 4]->name,
					 regs[i].name, offset);
				break;
			}
			owner[offset / 4] = &regs[i];
		}
	}
}

static void check_bar(void)
{
	for (size_t i = 0; i < N_REGS; i++) {
		const struct reg *r = &regs[i];
		unsigned int size = r->scope == ALL ? BNY_VF_BAR_REGS_SIZE : BNY_PF_BAR_REGS_SIZE;

		if (last_offset(r) + 4 > size)
			complain("%s ends at %#x, its BAR at %#x", r->name, last_offset(r) + 4, size);
	}
}

static void check_scope(void)
{
	for (size_t i = 0; i < N_REGS; i++)
		if ((regs[i].scope == PF) != (regs[i].offset >= BNY_REGS_PF_ONLY))
			complain("%s is at %#x", regs[i].name, regs[i].offset);
}

static void check_access(void)
{
	for (size_t i = 0; i < N_REGS; i++) {
		const struct reg *r = &regs[i];

		if ((r->access == RO) != (r->writable == 0))
			complain("%s: its access class and writable %#x differ", r->name, r->writable);
		if ((r->access == WO || r->access == W1C) && r->reset)
			complain("%s: reset value %#x", r->name, r->reset);
		if (r->access == RW && (r->reset & ~r->writable))
			complain("%s: reset value %#x can't be written back", r->name, r->reset);
	}
}

/* Fields of a register are apart; of one that is written, they are its writable bits */
static void check_fields(void)
{
	for (size_t i = 0; i < N_REGS; i++) {
		unsigned int seen = 0;

		for (size_t k = 0; k < N_FIELDS; k++) {
			if (fields[k].reg != regs[i].offset)
				continue;
			if (seen & fields[k].mask)
				complain("%s overlaps another field", fields[k].name);
			seen |= fields[k].mask;
		}
		/* FEATURES may be written whole: what it takes is CAPS */
		if (seen && regs[i].access != RO && regs[i].offset != BNY_REG_FEATURES &&
		    seen != regs[i].writable)
			complain("%s: fields %#x, writable bits %#x", regs[i].name, seen,
				 regs[i].writable);
	}
}

static void check_names(void)
{
	for (size_t i = 0; i < N_REGS; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(regs[i].name, regs[j].name))
				complain("%s stands twice", regs[i].name);
}

/* What other definitions say about the same thing */
static void check_limits(void)
{
	if (BNY_REG_COUNT_TX_CTRL != BNY_PF_QUEUE_PAIRS_MAX)
		complain("TX_CTRL has %u instances", BNY_REG_COUNT_TX_CTRL);
	if (BNY_REG_COUNT_FUNC_RESET != BNY_FUNCTIONS_MAX)
		complain("FUNC_RESET has %u instances", BNY_REG_COUNT_FUNC_RESET);
	if (BNY_REG_COUNT_FUNC_RESET_EVENT * 32 != BNY_FUNCTIONS_MAX)
		complain("FUNC_RESET_EVENT has %u instances", BNY_REG_COUNT_FUNC_RESET_EVENT);
	if (BNY_CNT_COUNT * 2 > BNY_REG_COUNT_COUNTER)
		complain("%u counters don't fit", BNY_CNT_COUNT);
	if (BNY_DB_STRIDE * BNY_PF_QUEUE_PAIRS_MAX > BNY_PF_BAR_DOORBELLS_SIZE ||
	    BNY_DB_STRIDE * BNY_VF_QUEUE_PAIRS_MAX > BNY_VF_BAR_DOORBELLS_SIZE)
		complain("doorbell pages don't fit their BAR");
	/* 16 bytes a vector; a bit a vector */
	if (BNY_MSIX_TABLE_OFFSET + 16 * BNY_PF_VECTORS_MAX > BNY_MSIX_PBA_OFFSET ||
	    BNY_MSIX_PBA_OFFSET + BNY_PF_VECTORS_MAX / 8 + 8 > BNY_PF_BAR_MSIX_SIZE)
		complain("MSI-X table and PBA don't fit their BAR");
}

static void run(const char *name, void (*check)(void))
{
	case_ok = true;
	check();
	failures += !case_ok;
	printf("%sok %u - %s\n", case_ok ? "" : "not ", ++cases, name);
}

int main(void)
{
	run("registers are sorted by offset", check_sorted);
	run("offsets, strides and counts are whole registers", check_shape);
	run("no two registers overlap", check_overlap);
	run("every register lies inside its BAR", check_bar);
	run("PF registers lie behind those of all functions", check_scope);
	run("access class, reset value and writable bits agree", check_access);
	run("fields are apart and cover the writable bits", check_fields);
	run("names are unique", check_names);
	run("counts agree with the limits of the architecture", check_limits);
	printf("1..%u\n", cases);
	return failures != 0;
}
