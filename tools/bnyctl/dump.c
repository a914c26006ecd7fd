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
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bny_pci.h"
#include "bny_regs.h"
#include "bnyctl.h"

#define DUMP_VERSION	1
#define LINE_SIZE	256

/* The lines, without their ends */
#define FUNCTION_FORMAT		"function %s %04x %02x %d %s %s"
#define CONFIG_SIZE_FORMAT	"config-size %zx"
#define CONFIG_FORMAT		"config %03x %08x"
#define REGS_SIZE_FORMAT	"regs-size %zx"
#define REG_FORMAT		"reg %05x %08x"

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
	fprintf(w->file, REG_FORMAT "\n", r->offset + instance * r->stride, value);
	w->lines++;
}

static void write_config(const struct function *f, struct writer *w)
{
	fprintf(w->file, CONFIG_SIZE_FORMAT "\n", f->config_len);
	for (unsigned int i = 0; i + 4 <= f->config_len; i += 4) {
		uint32_t value;

		memcpy(&value, &f->config[i], sizeof(value));
		if (!value)
			continue;
		fprintf(w->file, CONFIG_FORMAT "\n", i, le32toh(value));
		w->lines++;
	}
}

static void write_dump(const struct function *f, FILE *file)
{
	struct writer w = { .file = file, .lines = 4 };
	struct view everything = { 0 };
	char counters[] = "COUNTER";
	char *names[] = { counters, NULL };

	fprintf(file, "bnyctl-dump %d\n", DUMP_VERSION);
	fprintf(file, FUNCTION_FORMAT "\n", f->bdf, f->device, f->revision, f->vf,
		or_dash(f->driver), or_dash(f->netdev));
	write_config(f, &w);
	fprintf(file, REGS_SIZE_FORMAT "\n", f->regs_size);
	regs_visit(f, &everything, true, write_register, &w);
	everything.names = names;
	regs_visit(f, &everything, true, write_register, &w);
	fprintf(file, "end %u\n", w.lines);
}

/*
 * Beside the file, so that an old dump stays until there is a new one. What is no file, a device or
 * a pipe, is written to as it is.
 */
void dump_write(const struct function *f, const char *path)
{
	char beside[PATH_MAX];
	bool in_place;
	struct stat st;
	int error = 0;
	FILE *file;

	in_place = !lstat(path, &st) && !S_ISREG(st.st_mode);
	if (snprintf(beside, sizeof(beside), "%s%s", path, in_place ? "" : ".tmp") >= (int)sizeof(beside))
		fail(BNYCTL_FAILED, "%s: %s", path, strerror(ENAMETOOLONG));
	file = fopen(beside, "w");
	if (!file)
		fail(BNYCTL_FAILED, "%s: %s", path, strerror(errno));
	write_dump(f, file);

	if (fflush(file) || ferror(file))
		error = errno ? errno : EIO;
	if (fclose(file) && !error)
		error = errno;
	if (!error && !in_place && rename(beside, path))
		error = errno;
	if (!error)
		return;
	if (!in_place)
		remove(beside);
	fail(BNYCTL_FAILED, "%s: can't write it: %s", path, strerror(error));
}

/* Is @line what we write, to the letter? sscanf() takes signs, blanks, overflows and what follows. */
static bool __attribute__((format(printf, 2, 3))) is_written(const char *line, const char *format, ...)
{
	char text[LINE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return !strcmp(line, text);
}

static void parse_function(struct function *f, const char *line, const char *path)
{
	if (sscanf(line, "function %15s %hx %hhx %d %31s %15s", f->bdf, &f->device, &f->revision,
		   &f->vf, f->driver, f->netdev) != 6 ||
	    !is_written(line, FUNCTION_FORMAT, f->bdf, f->device, f->revision, f->vf, f->driver, f->netdev))
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
		return is_written(line, CONFIG_SIZE_FORMAT, size) && size <= CONFIG_SIZE;
	}
	if (sscanf(line, "config %x %x", &offset, &value) == 2) {
		if (!is_written(line, CONFIG_FORMAT, offset, value) || offset % 4 ||
		    offset >= f->config_len)
			return false;
		for (int i = 0; i < 4; i++)
			f->config[offset + i] = value >> 8 * i;
		return true;
	}
	if (sscanf(line, "regs-size %zx", &size) == 1) {
		if (!is_written(line, REGS_SIZE_FORMAT, size) || f->image || size % 4 || !size ||
		    size > BNY_PF_BAR_REGS_SIZE)
			return false;
		f->regs_size = size;
		f->image = calloc(size, 1);
		return f->image != NULL;
	}
	if (sscanf(line, "reg %x %x", &offset, &value) == 2) {
		if (!is_written(line, REG_FORMAT, offset, value) || !f->image || offset % 4 ||
		    offset >= f->regs_size)
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
	char line[LINE_SIZE];
	FILE *file;

	if (!f)
		fail(BNYCTL_FAILED, "out of memory");
	f->num_vfs = f->total_vfs = -1;
	file = fopen(path, "r");
	if (!file)
		fail(BNYCTL_BAD_DUMP, "%s: %s", path, strerror(errno));

	while (fgets(line, sizeof(line), file)) {
		number++;
		if (!strchr(line, '\n'))
			break;
		line[strcspn(line, "\r\n")] = '\0';
		if (number == 1) {
			if (sscanf(line, "bnyctl-dump %u", &version) != 1)
				fail(BNYCTL_BAD_DUMP, "%s: not a dump of bnyctl", path);
			if (version != DUMP_VERSION)
				fail(BNYCTL_BAD_DUMP, "%s: dump version %u, bnyctl reads %d", path,
				     version, DUMP_VERSION);
		} else if (number == 2) {
			parse_function(f, line, path);
		} else if (sscanf(line, "end %u", &end) == 1 && is_written(line, "end %u", end)) {
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
