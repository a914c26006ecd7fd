/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and writes a live Banyan function's registers, doorbells and mailbox behind its driver's back.
 *
 *   poke BDF COMMAND...
 *
 * Each COMMAND is one argument:
 *
 *   "read REGISTER [INSTANCE]"    prints the value
 *   "write REGISTER INSTANCE VALUE"
 *   "storm REGISTER INSTANCE VALUE COUNT" writes it COUNT times, without a pause
 *   "until REGISTER VALUE"   waits for it, without a pause
 *   "doorbell tx|rx|arm QUEUE_PAIR VALUE"
 *   "send PEER [HEX]"      sends the bytes as a mailbox message; prints MBX_TX_STATUS's result
 *   "call PEER HEX"        sends them, waits for the next message and prints its bytes
 *   "flood PEER HEX COUNT" sends them over and over, until they were taken COUNT times
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
#include <time.h>
#include <unistd.h>

#include "bny_mbx.h"
#include "bny_pci.h"
#include "bny_regs.h"

#define WORDS_MAX	5
#define CALL_SECONDS	20
#define UNTIL_SECONDS	20

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

struct bar {
	volatile uint8_t *base;
	size_t size;
};

static struct bar map_bar(const char *bdf, int number)
{
	struct bar bar = { 0 };
	char path[PATH_MAX];
	struct stat st;
	void *map;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", bdf, number);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st))
		err(2, "%s", path);
	map = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		err(2, "%s", path);
	close(fd);
	bar.base = map;
	bar.size = st.st_size;
	return bar;
}

static volatile uint32_t *at(struct bar bar, size_t offset)
{
	if (offset + 4 > bar.size)
		errx(2, "offset 0x%zx is behind the BAR's end", offset);
	return (volatile uint32_t *)(bar.base + offset);
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

static void until(volatile uint32_t *reg, uint32_t value)
{
	time_t limit = time(NULL) + UNTIL_SECONDS;

	while (*reg != value)
		if (time(NULL) > limit)
			errx(1, "the register is 0x%x still", *reg);
}

static void storm(volatile uint32_t *reg, uint32_t value, uint32_t count)
{
	while (count--)
		*reg = value;
}

static void ring_doorbell(struct bar bar, const char *which, uint32_t pair, uint32_t value)
{
	size_t i;

	for (i = 0; i < sizeof(doorbells) / sizeof(doorbells[0]); i++) {
		if (strcmp(doorbells[i], which))
			continue;
		*at(bar, (size_t)pair * BNY_DB_STRIDE + doorbell_offsets[i]) = value;
		return;
	}
	errx(2, "%s is not tx, rx or arm", which);
}

/* Returns MBX_TX_STATUS's result */
static uint32_t send_message(struct bar bar, uint32_t peer, const char *hex)
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
		*at(bar, BNY_REG_AT(MBX_TX_DATA, i)) = words[i];
	*at(bar, BNY_REG_MBX_TX) = FIELD_PREP(BNY_MBX_LEN, len) | FIELD_PREP(BNY_MBX_PEER, peer);
	return FIELD_GET(BNY_MBX_TX_RESULT, *at(bar, BNY_REG_MBX_TX_STATUS));
}

static void call(struct bar bar, uint32_t peer, const char *hex)
{
	uint32_t rx, i, tries = 100 * CALL_SECONDS;

	/* What is left of a conversation before */
	while (FIELD_GET(BNY_MBX_LEN, rx = *at(bar, BNY_REG_MBX_RX)))
		*at(bar, BNY_REG_MBX_RX_ACK) = rx;
	if (send_message(bar, peer, hex) != BNY_MBX_TX_OK)
		errx(1, "the message was not taken");
	while (!FIELD_GET(BNY_MBX_LEN, rx = *at(bar, BNY_REG_MBX_RX))) {
		if (!tries--)
			errx(1, "no answer in %d s", CALL_SECONDS);
		usleep(10000);
	}
	for (i = 0; i < FIELD_GET(BNY_MBX_LEN, rx); i++)
		printf("%02x", (uint8_t)(*at(bar, BNY_REG_AT(MBX_RX_DATA, i / 4)) >> 8 * (i % 4)));
	printf("\n");
	*at(bar, BNY_REG_MBX_RX_ACK) = rx;
}

static void flood(struct bar bar, uint32_t peer, const char *hex, uint32_t count)
{
	while (count)
		count -= send_message(bar, peer, hex) == BNY_MBX_TX_OK;
}

/* Splits @command at its blanks; returns how many words there are */
static int split(char *command, char *words[WORDS_MAX])
{
	char *word, *rest = command;
	int count = 0;

	while ((word = strtok_r(rest, " ", &rest))) {
		if (count == WORDS_MAX)
			return 0;
		words[count++] = word;
	}
	return count;
}

static void execute(struct bar registers, struct bar doorbell, char *command)
{
	char *words[WORDS_MAX] = { "" };
	int count = split(command, words);

	if (count >= 2 && count <= 3 && !strcmp(words[0], "read"))
		printf("0x%08x\n", *at(registers, reg_offset(words[1], count == 3 ? number(words[2]) : 0)));
	else if (count == 4 && !strcmp(words[0], "write"))
		*at(registers, reg_offset(words[1], number(words[2]))) = number(words[3]);
	else if (count == 5 && !strcmp(words[0], "storm"))
		storm(at(registers, reg_offset(words[1], number(words[2]))), number(words[3]), number(words[4]));
	else if (count == 3 && !strcmp(words[0], "until"))
		until(at(registers, reg_offset(words[1], 0)), number(words[2]));
	else if (count == 4 && !strcmp(words[0], "doorbell"))
		ring_doorbell(doorbell, words[1], number(words[2]), number(words[3]));
	else if (count >= 2 && count <= 3 && !strcmp(words[0], "send"))
		printf("%u\n", send_message(registers, number(words[1]), count == 3 ? words[2] : ""));
	else if (count == 3 && !strcmp(words[0], "call"))
		call(registers, number(words[1]), words[2]);
	else if (count == 4 && !strcmp(words[0], "flood"))
		flood(registers, number(words[1]), words[2], number(words[3]));
	else
		errx(2, "no command: %s", words[0]);
}

int main(int argc, char **argv)
{
	struct bar registers, doorbell;
	int i;

	if (argc < 3)
		errx(2, "usage: poke BDF COMMAND...: \"read REGISTER [INSTANCE]\" | \"write REGISTER INSTANCE VALUE\" | "
			"\"storm REGISTER INSTANCE VALUE COUNT\" | \"until REGISTER VALUE\" | \"doorbell tx|rx|arm QUEUE_PAIR VALUE\" | \"send PEER [HEX]\" | \"call PEER HEX\" | "
			"\"flood PEER HEX COUNT\"");
	registers = map_bar(argv[1], BNY_BAR_REGS);
	doorbell = map_bar(argv[1], BNY_BAR_DOORBELLS);
	for (i = 2; i < argc; i++)
		execute(registers, doorbell, argv[i]);
	return 0;
}
