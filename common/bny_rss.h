/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: receive side scaling.
 */
#ifndef BNY_RSS_H
#define BNY_RSS_H

#include <linux/ethtool.h>

#include "bny.h"

/**
 * struct bny_rss - receive side scaling, as set by ethtool
 * @key: Toeplitz key
 * @table: indirection table
 * @types: BNY_RSS_TYPE_* that are hashed as such. Ports are in the hash of those that have some;
 *	where such a type is off, the addresses alone are
 */
struct bny_rss {
	u8 key[BNY_RSS_KEY_LEN];
	u8 table[BNY_RSS_TABLE_LEN];
	u8 types;
};

static_assert(sizeof(((struct bny_rss *)NULL)->key) % sizeof(u32) == 0);

void bny_rss_init(struct bny_dev *bd);
void bny_rss_spread(struct bny_dev *bd, unsigned int queue_pairs);
void bny_rss_write(struct bny_dev *bd);
u32 bny_rss_get_key_size(struct net_device *netdev);
u32 bny_rss_get_indir_size(struct net_device *netdev);
int bny_rss_get(struct net_device *netdev, struct ethtool_rxfh_param *rxfh);
int bny_rss_set(struct net_device *netdev, struct ethtool_rxfh_param *rxfh,
		struct netlink_ext_ack *extack);
u32 bny_rss_get_rx_ring_count(struct net_device *netdev);
int bny_rss_get_fields(struct net_device *netdev, struct ethtool_rxfh_fields *fields);
int bny_rss_set_fields(struct net_device *netdev, const struct ethtool_rxfh_fields *fields,
		       struct netlink_ext_ack *extack);

#endif /* BNY_RSS_H */
