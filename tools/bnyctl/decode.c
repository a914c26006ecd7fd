// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register table, and the meaning of values.
 */
#include <stdio.h>
#include <strings.h>

#include "bny_counters.h"
#include "bny_reg_fields.h"
#include "bny_regs.h"
#include "bnyctl.h"

const struct reg regs[] = {
#define ROW(name, offset, stride, count, access, reset, writable, scope, text) \
	{ #name, offset, stride, count, ACCESS_##access, reset, writable, SCOPE_##scope, text },
	BNY_REGS(ROW)
#undef ROW
};

const size_t n_regs = sizeof(regs) / sizeof(regs[0]);

const struct field fields[] = {
#define ROW(reg, field, mask, text) { BNY_REG_##reg, #field, mask, text },
	BNY_REG_FIELDS(ROW)
#undef ROW
};

const size_t n_fields = sizeof(fields) / sizeof(fields[0]);

const char *const counter_names[] = {
#define ROW(NAME, name, text) #name,
	BNY_COUNTERS(ROW)
#undef ROW
};

static const char *const error_names[] = {
	[BNY_ERR_NONE] = "NONE",
	[BNY_ERR_REG_ACCESS] = "REG_ACCESS",
	[BNY_ERR_REG_VALUE] = "REG_VALUE",
	[BNY_ERR_RING_CONFIG] = "RING_CONFIG",
	[BNY_ERR_DOORBELL] = "DOORBELL",
	[BNY_ERR_DESC_ADDR] = "DESC_ADDR",
	[BNY_ERR_DESC_LEN] = "DESC_LEN",
	[BNY_ERR_DESC_CHAIN] = "DESC_CHAIN",
	[BNY_ERR_DESC_CMD] = "DESC_CMD",
	[BNY_ERR_FRAME_LEN] = "FRAME_LEN",
	[BNY_ERR_CQ_OVERRUN] = "CQ_OVERRUN",
	[BNY_ERR_DMA] = "DMA",
	[BNY_ERR_INJECTED] = "INJECTED",
};

static const char *const mbx_result_names[] = {
	[BNY_MBX_TX_NONE] = "NONE",
	[BNY_MBX_TX_OK] = "OK",
	[BNY_MBX_TX_FULL] = "FULL",
	[BNY_MBX_TX_NO_PEER] = "NO_PEER",
	[BNY_MBX_TX_BAD_LENGTH] = "BAD_LENGTH",
};

/* Fields whose values have names */
static const struct symbols {
	uint32_t reg, mask;
	const char *const *names;
	size_t count;
} symbols[] = {
#define SYMBOLS(reg, mask, names) { reg, mask, names, sizeof(names) / sizeof(names[0]) }
	SYMBOLS(BNY_REG_ERROR, BNY_ERROR_CODE, error_names),
	SYMBOLS(BNY_REG_MBX_TX_STATUS, BNY_MBX_TX_RESULT, mbx_result_names),
#undef SYMBOLS
};

/* Instances 4 bytes apart are one wide register, others are blocks of their own */
static bool reg_is_wide(const struct reg *r)
{
	return r->count > 1 && r->stride == sizeof(uint32_t);
}

const struct reg *reg_find(const char *name)
{
	for (size_t i = 0; i < n_regs; i++)
		if (!strcasecmp(regs[i].name, name))
			return &regs[i];
	return NULL;
}

/* Instances that the function has: 0 where the register isn't its or can't be read */
static unsigned int reg_instances(const struct function *f, const struct reg *r)
{
	if (r->access == ACCESS_WO || (r->scope == SCOPE_PF && !function_has_pf_blocks(f)))
		return 0;
	if (r->offset >= BNY_REG_QP_VECTOR && r->offset < BNY_REGS_PF_ONLY) {
		uint32_t n = FIELD_GET(BNY_LIMITS_QUEUE_PAIRS, function_read(f, BNY_REG_LIMITS));

		return n < r->count ? n : r->count;
	}
	return r->count;
}

/* Is @r one of @names? Without names: all but the counters, which have a command of their own */
static bool reg_wanted(const struct reg *r, char *const names[])
{
	if (!names || !names[0])
		return r->offset != BNY_REG_COUNTER;
	for (; *names; names++)
		if (!strcasecmp(r->name, *names))
			return true;
	return false;
}

bool field_of(const struct field *field, const struct reg *r, unsigned int instance)
{
	return field->reg == r->offset && (!instance || !reg_is_wide(r));
}

uint32_t field_value(const struct field *field, uint32_t value)
{
	return FIELD_GET(field->mask, value);
}

/* Name of the value that @field has, or NULL */
const char *field_symbol(const struct field *field, uint32_t value)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (symbols[i].reg == field->reg && symbols[i].mask == field->mask)
			return value < symbols[i].count ? symbols[i].names[value] : NULL;
	return NULL;
}

/* What is at @offset: NAME, NAME[instance], or the number */
void reg_name_at(uint32_t offset, char *name, size_t size)
{
	for (size_t i = 0; i < n_regs; i++) {
		const struct reg *r = &regs[i];
		uint32_t instance = (offset - r->offset) / r->stride;

		if (offset < r->offset || instance >= r->count ||
		    r->offset + instance * r->stride != offset)
			continue;
		if (r->count > 1)
			snprintf(name, size, "%s[%u]", r->name, instance);
		else
			snprintf(name, size, "%s", r->name);
		return;
	}
	snprintf(name, size, "0x%05x", offset);
}

/* Rows behind @first that are registers of the same block: interleaved arrays of the same length */
static size_t block_end(size_t first)
{
	size_t end = first + 1;

	if (regs[first].count == 1 || reg_is_wide(&regs[first]))
		return end;
	while (end < n_regs && regs[end].stride == regs[first].stride &&
	       regs[end].count == regs[first].count)
		end++;
	return end;
}

/*
 * Read the registers that @view wants and hand each to @visit; arrays only if @arrays. Blocks of
 * registers (queue pairs) come one instance after the other.
 */
void regs_visit(const struct function *f, const struct view *view, bool arrays, reg_visit *visit,
		void *context)
{
	for (size_t first = 0, end; first < n_regs; first = end) {
		unsigned int n = 0;

		/* The registers of a block have as many instances, but for commands: none */
		end = block_end(first);
		for (size_t r = first; r < end && !n; r++)
			n = reg_instances(f, &regs[r]);
		for (unsigned int i = 0; i < n; i++) {
			for (size_t r = first; r < end; r++) {
				uint32_t value;

				if (regs[r].access == ACCESS_WO ||
				    !reg_wanted(&regs[r], view->names) ||
				    (!arrays && regs[r].count > 2))
					continue;
				value = function_read(f, regs[r].offset + i * regs[r].stride);
				if (value || view->all || regs[r].count == 1)
					visit(context, f, &regs[r], i, value);
			}
		}
	}
}
