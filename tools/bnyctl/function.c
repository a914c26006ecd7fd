// SPDX-License-Identifier: GPL-2.0-only
/*
 * Live functions: found with libpci, their registers mapped from sysfs, read-only.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pci/pci.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bny_pci.h"
#include "bnyctl.h"

/* PCI address as one number, to compare and to do routing ID arithmetic */
static unsigned long address(unsigned int domain, unsigned int bus, unsigned int dev,
			     unsigned int func)
{
	return (unsigned long)domain << 16 | bus << 8 | dev << 3 | func;
}

/* "[domain:]bus:dev.func"; false if it isn't one */
static bool address_parse(const char *text, unsigned long *result)
{
	unsigned int domain = 0, bus, dev, func;
	int end = 0;

	if (sscanf(text, "%x:%x:%x.%x%n", &domain, &bus, &dev, &func, &end) != 4 || text[end]) {
		domain = 0;
		end = 0;
		if (sscanf(text, "%x:%x.%x%n", &bus, &dev, &func, &end) != 3 || text[end])
			return false;
	}
	if (bus > 0xff || dev > 0x1f || func > 7)
		return false;
	*result = address(domain, bus, dev, func);
	return true;
}

/* Last component of the target of a link in the function's sysfs directory, or "" */
static void link_name(const struct function *f, const char *link, char *name, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", f->bdf, link);
	len = readlink(path, target, sizeof(target) - 1);
	target[len < 0 ? 0 : len] = '\0';
	snprintf(name, size, "%s", len < 0 ? "" : basename(target));
}

static void netdev_name(struct function *f)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/net", f->bdf);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(f->netdev, sizeof(f->netdev), "%.*s",
				 (int)sizeof(f->netdev) - 1, entry->d_name);
	closedir(dir);
}

/* A number in the function's sysfs directory, -1: there is none */
static int number(const struct function *f, const char *name)
{
	char path[PATH_MAX];
	int value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", f->bdf, name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%d", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

static void function_init(struct function *f, struct pci_dev *dev)
{
	unsigned long pf, self = address(dev->domain, dev->bus, dev->dev, dev->func);
	char physfn[32];

	snprintf(f->bdf, sizeof(f->bdf), "%04x:%02x:%02x.%u", dev->domain & 0xffff, dev->bus,
		 dev->dev, dev->func);
	f->device = dev->device_id;
	f->revision = pci_read_byte(dev, PCI_REVISION_ID);
	f->vf = -1;
	link_name(f, "driver", f->driver, sizeof(f->driver));
	netdev_name(f);
	f->num_vfs = number(f, "sriov_numvfs");
	f->total_vfs = number(f, "sriov_totalvfs");

	if (function_is_vf(f)) {
		link_name(f, "physfn", physfn, sizeof(physfn));
		if (address_parse(physfn, &pf))
			f->vf = (self - pf - BNY_VF_OFFSET) / BNY_VF_STRIDE;
	}

	/* Without root only the standard header can be read */
	for (f->config_len = 0; f->config_len < CONFIG_SIZE; f->config_len += 64)
		if (!pci_read_block(dev, f->config_len, f->config + f->config_len, 64))
			break;
	f->asleep = config_asleep(f);
}

/* libpci's own error text, as one line of ours */
static void pci_failed(char *message, ...)
{
	fail(BNYCTL_FAILED, "%s", message);
}

static void pci_quiet(char *message __attribute__((unused)), ...)
{
}

static int by_address(const void *a, const void *b)
{
	return strcmp(((const struct function *)a)->bdf, ((const struct function *)b)->bdf);
}

/*
 * The Banyan functions of this machine, or the one at @bdf. Fails if that is there and is none,
 * or isn't there; without @bdf there may be none.
 */
struct function *functions_find(size_t *count, const char *bdf)
{
	struct pci_access *pci = pci_alloc();
	struct function *found = NULL;
	unsigned long wanted = 0;
	struct pci_dev *dev;

	if (bdf && !address_parse(bdf, &wanted))
		fail(BNYCTL_USAGE, "%s is not a PCI address ([domain:]bus:device.function)", bdf);

	pci->error = (void *)pci_failed;
	pci->warning = pci_quiet;
	pci_init(pci);
	pci_scan_bus(pci);
	*count = 0;
	for (dev = pci->devices; dev; dev = dev->next) {
		pci_fill_info(dev, PCI_FILL_IDENT);
		if (bdf && address(dev->domain, dev->bus, dev->dev, dev->func) != wanted)
			continue;
		if (dev->vendor_id != BNY_PCI_VENDOR_ID ||
		    (dev->device_id != BNY_PCI_DEVICE_ID_PF &&
		     dev->device_id != BNY_PCI_DEVICE_ID_VF)) {
			if (bdf)
				fail(BNYCTL_NOT_BANYAN,
				     "%s is not a Banyan function: its ID is %04x:%04x", bdf,
				     dev->vendor_id, dev->device_id);
			continue;
		}
		found = reallocarray(found, *count + 1, sizeof(*found));
		if (!found)
			fail(BNYCTL_FAILED, "out of memory");
		memset(&found[*count], 0, sizeof(*found));
		function_init(&found[(*count)++], dev);
	}
	pci_cleanup(pci);

	if (bdf && !*count)
		fail(BNYCTL_NO_DEVICE, "there is no PCI device %s", bdf);
	if (*count)
		qsort(found, *count, sizeof(*found), by_address);
	return found;
}

/*
 * Map the registers, or have the driver read those that all functions have. Fails, saying why, if
 * neither can be done.
 */
void function_open(struct function *f)
{
	char path[PATH_MAX];
	struct stat st;
	void *map;
	int fd;

	if (f->asleep)
		fail(BNYCTL_FAILED, "%s is asleep (power state D3): its registers don't answer", f->bdf);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", f->bdf, BNY_BAR_REGS);
	fd = open(path, O_RDONLY | O_SYNC | O_CLOEXEC);
	if (fd < 0 && (errno == EACCES || errno == EPERM))
		fail(BNYCTL_DENIED, "reading the registers of %s needs root", f->bdf);
	if (fd < 0)
		fail(BNYCTL_FAILED, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) || !st.st_size)
		fail(BNYCTL_FAILED, "%s has no BAR %d", f->bdf, BNY_BAR_REGS);

	map = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED && errno == EINVAL && f->driver[0]) {
		close(fd);
		if (!ethtool_read(f))
			fail(BNYCTL_DENIED, "%s is kept for driver %s: boot with iomem=relaxed",
			     f->bdf, f->driver);
		function_check(f);
		return;
	}
	if (map == MAP_FAILED && errno == EPERM)
		fail(BNYCTL_DENIED, "the kernel is locked down: the registers of %s can't be mapped",
		     f->bdf);
	if (map == MAP_FAILED)
		fail(BNYCTL_FAILED, "%s: can't map it: %s", path, strerror(errno));
	close(fd);

	f->mmio = map;
	f->regs_size = st.st_size;
	function_check(f);
}
