/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and writes a live Banyan function's registers, doorbells and mailbox behind its driver's back.
 *
 *   poke BDF read REGISTER [INSTANCE]
 *   poke BDF write REGISTER INSTANCE VALUE
 *   poke BDF doorbell tx|rx|arm QUEUE_PAIR VALUE
 *   poke BDF send PEER HEX      send the bytes as a mailbox message; prints MBX_TX_STATUS's result
 *
 * For tests of what a function does with a driver that misbehaves. Exit status 2: wrong usage or no such function.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bny_mbx.h"
#include "bny_pci.h"
#include "bny_regs.h"

struct reg {
	const char *name;
	uint32_t offset;
	uint32_t stride;
	uint32_t count;
};

static const struct reg regs[] = {
#define REG_ENTRY(name, offset, stride, count, ...) { #name, offset, stride, count },
	BNY_REGS(REG_ENTRY)
#undef REG_ENTRY
};

static const char *const doorbells[] = { "tx", "rx", "arm" };
static const uint32_t doorbell_offsets[] = { BNY_DB_TX, BNY_DB_RX, BNY_DB_ARM };

static uint32_t number(const char *text)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || *end || end == text || value > UINT32_MAX)
		errx(2, "%s is not a 32-bit number", text);
	return value;
}

/* Maps BAR @bar of function @bdf; *@size is its length in bytes */
static volatile uint8_t *map_bar(const char *bdf, int bar, size_t *size)
{
	char path[PATH_MAX];
	struct stat st;
	void *map;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", bdf, bar);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st))
		err(2, "%s", path);
	map = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		err(2, "%s", path);
	close(fd);
	*size = st.st_size;
	return map;
}

static volatile uint32_t *at(volatile uint8_t *bar, size_t size, size_t offset)
{
	if (offset + 4 > size)
		errx(2, "offset 0x%zx is behind the BAR's end", offset);
	return (volatile uint32_t *)(bar + offset);
}

static uint32_t reg_offset(const char *name, uint32_t instance)
{
	size_t i;

	for (i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		if (!strcmp(regs[i].name, name))
			return regs[i].offset + instance * regs[i].stride;
	/* A bare offset reaches what is no register */
	return number(name) + 4 * instance;
}

static void ring_doorbell(const char *bdf, const char *which, uint32_t pair, uint32_t value)
{
	volatile uint8_t *bar;
	size_t size, i;

	for (i = 0; i < sizeof(doorbells) / sizeof(doorbells[0]); i++) {
		if (strcmp(doorbells[i], which))
			continue;
		bar = map_bar(bdf, BNY_BAR_DOORBELLS, &size);
		*at(bar, size, (size_t)pair * BNY_DB_STRIDE + doorbell_offsets[i]) = value;
		return;
	}
	errx(2, "%s is not tx, rx or arm", which);
}

static void send_message(volatile uint8_t *bar, size_t size, uint32_t peer, const char *hex)
{
	uint32_t words[BNY_REG_COUNT_MBX_TX_DATA] = { 0 };
	uint8_t *bytes = (uint8_t *)words;
	size_t len = strlen(hex) / 2, i;
	unsigned int byte;

	if (len > sizeof(words))
		errx(2, "a message has %zu bytes at most", sizeof(words));
	for (i = 0; i < len; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			errx(2, "%s is not hexadecimal", hex);
		bytes[i] = byte;
	}
	for (i = 0; i < BNY_REG_COUNT_MBX_TX_DATA; i++)
		*at(bar, size, BNY_REG_AT(MBX_TX_DATA, i)) = words[i];
	*at(bar, size, BNY_REG_MBX_TX) = FIELD_PREP(BNY_MBX_LEN, len) | FIELD_PREP(BNY_MBX_PEER, peer);
	printf("%u\n", FIELD_GET(BNY_MBX_TX_RESULT, *at(bar, size, BNY_REG_MBX_TX_STATUS)));
}

int main(int argc, char **argv)
{
	volatile uint8_t *bar;
	size_t size;

	if (argc >= 4 && argc <= 5 && !strcmp(argv[2], "read")) {
		bar = map_bar(argv[1], BNY_BAR_REGS, &size);
		printf("0x%08x\n", *at(bar, size, reg_offset(argv[3], argc == 5 ? number(argv[4]) : 0)));
	} else if (argc == 6 && !strcmp(argv[2], "write")) {
		bar = map_bar(argv[1], BNY_BAR_REGS, &size);
		*at(bar, size, reg_offset(argv[3], number(argv[4]))) = number(argv[5]);
	} else if (argc == 6 && !strcmp(argv[2], "doorbell")) {
		ring_doorbell(argv[1], argv[3], number(argv[4]), number(argv[5]));
	} else if (argc == 5 && !strcmp(argv[2], "send")) {
		bar = map_bar(argv[1], BNY_BAR_REGS, &size);
		send_message(bar, size, number(argv[3]), argv[4]);
	} else {
		errx(2, "usage: poke BDF read REGISTER [INSTANCE] | write REGISTER INSTANCE VALUE | "
			"doorbell tx|rx|arm QUEUE_PAIR VALUE | send PEER HEX");
	}
	return 0;
}
