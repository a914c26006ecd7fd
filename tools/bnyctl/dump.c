// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saved functions. A dump is text, a fact a line, so that dumps can be compared and mailed:
 *
 *   bnyctl-dump 1
 *   function BDF DEVICE REVISION VF DRIVER NETDEV     ("-" for what it hasn't)
 *   config-size SIZE
 *   config OFFSET VALUE                               32 bits, those that aren't zero
 *   regs-size SIZE
 *   reg OFFSET VALUE                                  32 bits, those that aren't zero
 *   end LINES                                         lines before this one
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bny_pci.h"
#include "bny_regs.h"
#include "bnyctl.h"

#define DUMP_VERSION	1

struct writer {
	FILE *file;
	unsigned int lines;
};

static void write_register(void *context, const struct function *f __attribute__((unused)),
			   const struct reg *r, unsigned int instance, uint32_t value)
{
	struct writer *w = context;

	if (!value)
		return;
	fprintf(w->file, "reg %05x %08x\n", r->offset + instance * r->stride, value);
	w->lines++;
}

static void write_config(const struct function *f, struct writer *w)
{
	fprintf(w->file, "config-size %zx\n", f->config_len);
	for (size_t i = 0; i + 4 <= f->config_len; i += 4) {
		const uint8_t *c = &f->config[i];

		if (!(c[0] | c[1] | c[2] | c[3]))
			continue;
		fprintf(w->file, "config %03zx %02x%02x%02x%02x\n", i, c[3], c[2], c[1], c[0]);
		w->lines++;
	}
}

void dump_write(const struct function *f, const char *path)
{
	struct view everything = { 0 };
	struct writer w = { .file = fopen(path, "w"), .lines = 4 };
	char counters[] = "COUNTER", function_counters[] = "FUNC_COUNTER";
	char *names[] = { counters, function_counters, NULL };

	if (!w.file)
		fail(BNYCTL_FAILED, "%s: %s", path, strerror(errno));

	fprintf(w.file, "bnyctl-dump %d\n", DUMP_VERSION);
	fprintf(w.file, "function %s %04x %02x %d %s %s\n", f->bdf, f->device, f->revision, f->vf,
		or_dash(f->driver), or_dash(f->netdev));
	write_config(f, &w);
	fprintf(w.file, "regs-size %zx\n", f->regs_size);
	regs_visit(f, &everything, true, write_register, &w);
	everything.names = names;
	regs_visit(f, &everything, true, write_register, &w);
	fprintf(w.file, "end %u\n", w.lines);

	if (ferror(w.file) | fclose(w.file)) {
		remove(path);
		fail(BNYCTL_FAILED, "%s: can't write it: %s", path, strerror(errno));
	}
}

static void parse_function(struct function *f, const char *line, const char *path)
{
	if (sscanf(line, "function %15s %hx %hhx %d %31s %15s", f->bdf, &f->device, &f->revision,
		   &f->vf, f->driver, f->netdev) != 6)
		fail(BNYCTL_BAD_DUMP, "%s:2: not a function line", path);
	if (f->device != BNY_PCI_DEVICE_ID_PF && f->device != BNY_PCI_DEVICE_ID_VF)
		fail(BNYCTL_BAD_DUMP, "%s:2: %04x is not the device ID of a Banyan function", path,
		     f->device);
	if (!strcmp(f->driver, "-"))
		f->driver[0] = '\0';
	if (!strcmp(f->netdev, "-"))
		f->netdev[0] = '\0';
}

/* One line behind the function's. False: it makes no sense. */
static bool parse_line(struct function *f, const char *line)
{
	uint32_t offset, value;
	size_t size;

	if (sscanf(line, "config-size %zx", &size) == 1) {
		f->config_len = size;
		return size <= CONFIG_SIZE;
	}
	if (sscanf(line, "config %x %x", &offset, &value) == 2) {
		if (offset % 4 || offset >= f->config_len)
			return false;
		for (int i = 0; i < 4; i++)
			f->config[offset + i] = value >> 8 * i;
		return true;
	}
	if (sscanf(line, "regs-size %zx", &size) == 1) {
		if (f->image || size % 4 || !size || size > BNY_PF_BAR_REGS_SIZE)
			return false;
		f->regs_size = size;
		f->image = calloc(size, 1);
		return f->image != NULL;
	}
	if (sscanf(line, "reg %x %x", &offset, &value) == 2) {
		if (!f->image || offset % 4 || offset >= f->regs_size)
			return false;
		f->image[offset / 4] = value;
		return true;
	}
	return false;
}

struct function *dump_read(const char *path)
{
	struct function *f = calloc(1, sizeof(*f));
	unsigned int number = 0, version, end;
	bool complete = false;
	char line[256];
	FILE *file;

	if (!f)
		fail(BNYCTL_FAILED, "out of memory");
	file = fopen(path, "r");
	if (!file)
		fail(BNYCTL_BAD_DUMP, "%s: %s", path, strerror(errno));

	while (fgets(line, sizeof(line), file)) {
		number++;
		if (!strchr(line, '\n'))
			break;
		if (number == 1) {
			if (sscanf(line, "bnyctl-dump %u", &version) != 1)
				fail(BNYCTL_BAD_DUMP, "%s: not a dump of bnyctl", path);
			if (version != DUMP_VERSION)
				fail(BNYCTL_BAD_DUMP, "%s: dump version %u, bnyctl reads %d", path,
				     version, DUMP_VERSION);
		} else if (number == 2) {
			parse_function(f, line, path);
		} else if (sscanf(line, "end %u", &end) == 1) {
			if (end != number - 1)
				fail(BNYCTL_BAD_DUMP, "%s: %u lines, and there were %u", path,
				     number - 1, end);
			complete = f->image != NULL;
			break;
		} else if (!parse_line(f, line)) {
			fail(BNYCTL_BAD_DUMP, "%s:%u: this line can't be", path, number);
		}
	}
	fclose(file);

	if (!number)
		fail(BNYCTL_BAD_DUMP, "%s: not a dump of bnyctl", path);
	if (!complete)
		fail(BNYCTL_BAD_DUMP, "%s: truncated behind line %u", path, number);
	function_check(f);
	return f;
}
