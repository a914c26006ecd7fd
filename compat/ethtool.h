/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a kernel whose linux/ethtool.h has no struct ethtool_rxfh_fields. ethtool_ops.h has what it
 * is for.
 */
#ifndef BNY_COMPAT_ETHTOOL_H
#define BNY_COMPAT_ETHTOOL_H

#include <linux/types.h>

struct ethtool_rxfh_fields {
	u32 data;
	u32 flow_type;
	u32 rss_context;
};

#endif /* BNY_COMPAT_ETHTOOL_H */
