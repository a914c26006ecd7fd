/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a kernel whose dev_set_mac_address() takes a struct sockaddr.
 */
#ifndef BNY_COMPAT_NETDEVICE_H
#define BNY_COMPAT_NETDEVICE_H

#include <linux/netdevice.h>

#define dev_set_mac_address(dev, ss, extack) \
	dev_set_mac_address(dev, (struct sockaddr *)(ss), extack)

#endif /* BNY_COMPAT_NETDEVICE_H */
