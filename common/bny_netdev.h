/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: network device.
 */
#ifndef BNY_NETDEV_H
#define BNY_NETDEV_H

#include "bny.h"

int bny_netdev_init(struct bny_dev *bd);

#endif /* BNY_NETDEV_H */
