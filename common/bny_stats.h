/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: statistics.
 */
#ifndef BNY_STATS_H
#define BNY_STATS_H

#include <linux/spinlock.h>
#include <net/netdev_queues.h>

#include "bny.h"

/**
 * enum bny_drop - frames that the device drops and the netdev's statistics tell of
 * @BNY_DROP_BUFFERS: for want of receive buffers
 * @BNY_DROP_LENGTH: longer than the MTU and two tags
 * @BNY_DROP_HEADERS: sent, but with headers that the device can't handle
 * @BNY_DROP_SPOOF: sent, from an address that the function doesn't have
 * @BNY_DROP_VLAN: sent, into a VLAN that the function isn't in
 * @BNY_DROPS: how many there are
 */
enum bny_drop {
	BNY_DROP_BUFFERS,
	BNY_DROP_LENGTH,
	BNY_DROP_HEADERS,
	BNY_DROP_SPOOF,
	BNY_DROP_VLAN,
	BNY_DROPS
};

/**
 * struct bny_drops - frames that the device has dropped
 * @lock: guards @count, and holds readers in a line
 * @base: the device's counters when the driver came
 * @count: frames since then, when last read
 */
struct bny_drops {
	/* guards count */
	spinlock_t lock;
	u64 base[BNY_DROPS];
	u64 count[BNY_DROPS];
};

extern const struct netdev_stat_ops bny_stat_ops;

void bny_stats_init(struct bny_dev *bd);
void bny_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats);

#endif /* BNY_STATS_H */
