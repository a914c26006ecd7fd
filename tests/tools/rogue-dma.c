/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rogue-dma [BDF]: makes a VF do DMA to an address that nobody mapped for it, as a tenant that wants to
 * reach its neighbours' memory would. Without BDF the first VF there is.
 *
 * Takes the VF from its driver, resets it, enables a transmit ring at the address and rings the doorbell.
 * Prints what the function says then, and leaves it like that: whoever binds a driver to it has to
 * reset it. Exit status 0: it stopped with a DMA error; 1: it did not; 2: wrong usage or no such function.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bny_counters.h"
#include "bny_desc.h"
#include "bny_pci.h"
#include "bny_regs.h"

#define DEVICES		"/sys/bus/pci/devices"
/* Past any guest's memory and PCI windows, within what an IOMMU of 39 bits translates */
#define UNMAPPED	0x6000000000ULL
#define WAIT_MS		2000

static volatile uint32_t *regs;

static uint32_t reg_read(uint32_t offset)
{
	return regs[offset / sizeof(*regs)];
}

static void reg_write(uint32_t offset, uint32_t value)
{
	regs[offset / sizeof(*regs)] = value;
}

static uint64_t counter(enum bny_counter index)
{
	uint64_t low = reg_read(BNY_REG_AT(COUNTER, 2 * index));

	return low | (uint64_t)reg_read(BNY_REG_AT(COUNTER, 2 * index + 1)) << 32;
}

/* Waits until the STATUS bits @mask are set; false if that takes too long */
static int wait_status(uint32_t mask)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	int i;

	for (i = 0; i < WAIT_MS; i++) {
		if ((reg_read(BNY_REG_STATUS) & mask) == mask)
			return 1;
		nanosleep(&ms, NULL);
	}
	return 0;
}

static unsigned int read_id(const char *bdf, const char *name)
{
	char path[PATH_MAX];
	unsigned int id = 0;
	FILE *file;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", bdf, name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%x", &id) != 1)
		id = 0;
	fclose(file);
	return id;
}

static const char *find_vf(void)
{
	static char bdf[NAME_MAX + 1];
	struct dirent *entry;
	DIR *dir = opendir(DEVICES);

	if (!dir)
		err(2, DEVICES);
	while ((entry = readdir(dir))) {
		if (read_id(entry->d_name, "vendor") == BNY_PCI_VENDOR_ID &&
		    read_id(entry->d_name, "device") == BNY_PCI_DEVICE_ID_VF) {
			snprintf(bdf, sizeof(bdf), "%s", entry->d_name);
			closedir(dir);
			return bdf;
		}
	}
	errx(2, "there is no Banyan VF here");
}

/* Writes to one of the function's files in sysfs; one that isn't there (no driver) is no error */
static void sysfs_write(const char *bdf, const char *name, const char *text)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", bdf, name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		err(2, "%s", path);
	close(fd);
}

static void enable_bus_master(const char *bdf)
{
	char path[PATH_MAX];
	uint16_t command;
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/config", bdf);
	fd = open(path, O_RDWR);
	if (fd < 0 || pread(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		err(2, "%s", path);
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (pwrite(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		err(2, "%s", path);
	close(fd);
}

static volatile uint32_t *map_bar(const char *bdf, int bar)
{
	char path[PATH_MAX];
	struct stat st;
	void *map;
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/resource%d", bdf, bar);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st))
		err(2, "%s", path);
	map = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		err(2, "%s", path);
	close(fd);
	return map;
}

/* Everything that the ring needs lies where nothing is mapped, a page each */
static void enable_ring(void)
{
	uint64_t base = UNMAPPED, cq = UNMAPPED + 0x1000, shadow = UNMAPPED + 0x2000;

	reg_write(BNY_REG_QP_VECTOR, BNY_ADMIN_VECTOR);
	reg_write(BNY_REG_TX_DEPTH, BNY_RING_DEPTH_MIN);
	reg_write(BNY_REG_TX_BASE_LO, (uint32_t)base);
	reg_write(BNY_REG_TX_BASE_HI, base >> 32);
	reg_write(BNY_REG_TX_CQ_LO, (uint32_t)cq);
	reg_write(BNY_REG_TX_CQ_HI, cq >> 32);
	reg_write(BNY_REG_TX_SHADOW_LO, (uint32_t)shadow);
	reg_write(BNY_REG_TX_SHADOW_HI, shadow >> 32);
	reg_write(BNY_REG_TX_CTRL, BNY_RING_ENABLE);
}

int main(int argc, char **argv)
{
	volatile uint32_t *doorbells;
	const char *bdf;
	uint32_t error;

	if (argc > 2)
		errx(2, "usage: rogue-dma [BDF]");
	bdf = argc == 2 ? argv[1] : find_vf();
	if (read_id(bdf, "vendor") != BNY_PCI_VENDOR_ID || read_id(bdf, "device") != BNY_PCI_DEVICE_ID_VF)
		errx(2, "%s is no Banyan VF", bdf);
	sysfs_write(bdf, "driver/unbind", bdf);
	enable_bus_master(bdf);
	regs = map_bar(bdf, BNY_BAR_REGS);
	doorbells = map_bar(bdf, BNY_BAR_DOORBELLS);

	if (reg_read(BNY_REG_MAGIC) != BNY_MAGIC)
		errx(2, "%s does not answer as a Banyan function", bdf);
	reg_write(BNY_REG_RESET, BNY_RESET_START);
	if (!wait_status(BNY_STATUS_READY))
		errx(1, "%s does not come out of reset", bdf);
	printf("%s: transmit ring at 0x%llx, doorbell rung\n", bdf, UNMAPPED);
	enable_ring();
	doorbells[BNY_DB_TX / sizeof(*doorbells)] = 1;

	if (!wait_status(BNY_STATUS_ERROR)) {
		printf("%s: no error after %d ms\n", bdf, WAIT_MS);
		return 1;
	}
	error = FIELD_GET(BNY_ERROR_CODE, reg_read(BNY_REG_ERROR));
	printf("%s: stopped, ERROR %u%s, ERROR_INFO 0x%08x, dma_errors %llu, errors %llu\n", bdf, error,
	       error == BNY_ERR_DMA ? " (DMA)" : "", reg_read(BNY_REG_ERROR_INFO),
	       (unsigned long long)counter(BNY_CNT_DMA_ERRORS), (unsigned long long)counter(BNY_CNT_ERRORS));
	return error == BNY_ERR_DMA ? 0 : 1;
}
