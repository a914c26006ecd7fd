// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers through the driver (ETHTOOL_GREGS), where the kernel doesn't let a driver's BARs be
 * mapped (CONFIG_IO_STRICT_DEVMEM). The driver gives an image of BAR 0 up to the PF's own blocks.
 */
#include <endian.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bny_regs.h"
#include "bnyctl.h"

static bool ethtool(int fd, const char *netdev, void *command)
{
	struct ifreq request = { .ifr_data = command };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", netdev);
	return !ioctl(fd, SIOCETHTOOL, &request);
}

/* Length of the driver's dump in bytes, 0: it has none */
static uint32_t dump_length(int fd, const char *netdev)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	return ethtool(fd, netdev, &info) ? info.regdump_len : 0;
}

/* Fill in @f's image. False: the driver doesn't give it. */
bool ethtool_read(struct function *f)
{
	struct ethtool_regs *dump = NULL;
	uint32_t len;
	int fd;

	if (!f->netdev[0])
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;

	len = dump_length(fd, f->netdev);
	if (len == BNY_REGS_PF_ONLY)
		dump = calloc(1, sizeof(*dump) + len);
	if (dump) {
		dump->cmd = ETHTOOL_GREGS;
		dump->len = len;
		f->image = malloc(len);
	}
	if (f->image && ethtool(fd, f->netdev, dump)) {
		memcpy(f->image, dump->data, len);
		for (uint32_t i = 0; i < len / sizeof(uint32_t); i++)
			f->image[i] = le32toh(f->image[i]);
		f->regs_size = len;
	}
	close(fd);
	free(dump);
	return f->regs_size != 0;
}
