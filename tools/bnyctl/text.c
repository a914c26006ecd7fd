// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output for people.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bny_counters.h"
#include "bny_regs.h"
#include "bnyctl.h"

const char *or_dash(const char *name)
{
	return name[0] ? name : "-";
}

static void kind(const struct function *f, char *text, size_t size)
{
	if (!function_is_vf(f))
		snprintf(text, size, "PF");
	else if (f->vf < 0)
		snprintf(text, size, "VF");
	else
		snprintf(text, size, "VF %d", f->vf);
}

static void text_list(const struct view *view)
{
	printf("%-14s %-7s %-8s %-12s %s\n", "FUNCTION", "TYPE", "VFS", "DRIVER", "NETDEV");
	for (size_t i = 0; i < view->count; i++) {
		const struct function *f = &view->functions[i];
		char type[16], vfs[16] = "-";
		struct sriov s;

		kind(f, type, sizeof(type));
		if (sriov_decode(f, &s))
			snprintf(vfs, sizeof(vfs), "%u/%u", s.enabled ? s.num_vfs : 0, s.total_vfs);
		else if (f->total_vfs >= 0)
			snprintf(vfs, sizeof(vfs), "%d/%d", f->num_vfs, f->total_vfs);
		printf("%-14s %-7s %-8s %-12s %s\n", f->bdf, type, vfs, or_dash(f->driver),
		       or_dash(f->netdev));
	}
}

static void show_field(const struct field *field, uint32_t value, bool *first)
{
	const char *symbol = field_symbol(field, value);

	/* A flag says all by being there; a number is shown with its name */
	if (!(field->mask & (field->mask - 1))) {
		if (value)
			printf("%s%s", *first ? "  " : " ", field->name);
		else
			return;
	} else if (symbol) {
		printf("%s%s=%s", *first ? "  " : " ", field->name, symbol);
	} else {
		printf("%s%s=%u", *first ? "  " : " ", field->name, value);
	}
	*first = false;
}

/* An error that isn't a ring's has a register's offset as its information */
static bool show_error_info(const struct function *f, uint32_t value)
{
	uint32_t code = FIELD_GET(BNY_ERROR_CODE, function_read(f, BNY_REG_ERROR));
	char name[32];

	if (code != BNY_ERR_REG_ACCESS && code != BNY_ERR_REG_VALUE)
		return false;
	reg_name_at(value, name, sizeof(name));
	printf("  register %s\n", name);
	return true;
}

static void show_register(void *context __attribute__((unused)), const struct function *f,
			  const struct reg *r, unsigned int instance, uint32_t value)
{
	uint32_t offset = r->offset + instance * r->stride;
	char name[32];
	bool first = true;

	if (r->count > 1)
		snprintf(name, sizeof(name), "%s[%u]", r->name, instance);
	else
		snprintf(name, sizeof(name), "%s", r->name);
	printf("  %05x  %-22s %08x", offset, name, value);
	if (r->offset == BNY_REG_ERROR_INFO && show_error_info(f, value))
		return;
	for (size_t i = 0; i < n_fields; i++)
		if (field_of(&fields[i], r, instance))
			show_field(&fields[i], field_value(&fields[i], value), &first);
	putchar('\n');
}

static void show_sriov(const struct function *f)
{
	struct sriov s;

	if (!sriov_decode(f, &s)) {
		if (!function_is_vf(f))
			puts("SR-IOV: no capability can be read");
		return;
	}
	printf("SR-IOV: VFs %s, %u of %u%s\n", s.enabled ? "enabled" : "disabled", s.num_vfs,
	       s.total_vfs, s.ari ? ", ARI hierarchy" : "");
	printf("  initial VFs %u, offset %u, stride %u, VF device ID %04x\n", s.initial_vfs,
	       s.offset, s.stride, s.vf_device);
	printf("  VF memory %s, system page size %u KiB, supported page sizes %08x\n",
	       s.memory_enabled ? "enabled" : "disabled", s.page_size * 4, s.page_sizes);
}

#define ASLEEP "Asleep (power state D3): the registers don't answer"

static void show_head(const struct function *f)
{
	char type[16];

	kind(f, type, sizeof(type));
	printf("%s %s, device %04x revision %02x, driver %s, netdev %s\n", f->bdf, type, f->device,
	       f->revision, or_dash(f->driver), or_dash(f->netdev));
	if (!function_is_vf(f) && !function_has_pf_blocks(f))
		puts("Read through its driver: without the PF's own blocks (boot with iomem=relaxed)");
}

static void text_show(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		if (i)
			putchar('\n');
		show_head(&view->functions[i]);
		show_sriov(&view->functions[i]);
		if (view->functions[i].asleep) {
			puts(ASLEEP);
			continue;
		}
		puts("Registers:");
		regs_visit(&view->functions[i], view, false, show_register, NULL);
	}
}

static void text_regs(const struct view *view)
{
	show_head(&view->functions[0]);
	regs_visit(&view->functions[0], view, true, show_register, NULL);
}

static void show_counters(const struct function *f, bool all)
{
	for (unsigned int c = 0; c < BNY_CNT_COUNT; c++) {
		uint64_t value = function_counter(f, c);

		if (value || all)
			printf("  %-18s %" PRIu64 "\n", counter_names[c], value);
	}
}

static void text_counters(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		if (i)
			putchar('\n');
		show_head(&view->functions[i]);
		if (view->functions[i].asleep)
			puts(ASLEEP);
		else
			show_counters(&view->functions[i], view->all);
	}
}

const struct output text_output = {
	.list = text_list,
	.show = text_show,
	.regs = text_regs,
	.counters = text_counters,
};
