/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: ethtool.
 */
#ifndef BNY_ETHTOOL_H
#define BNY_ETHTOOL_H

#include <linux/ethtool.h>

#include "bny.h"

extern const struct ethtool_ops bny_ethtool_ops;

#endif /* BNY_ETHTOOL_H */
