/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: statistics.
 */
#ifndef BNY_STATS_H
#define BNY_STATS_H

#include <net/netdev_queues.h>

#include "bny.h"

/**
 * struct bny_drops - frames that the device has dropped, since the driver came
 * @missed_base: RX_DROP_BUFFERS when the driver came
 * @missed: frames dropped for want of buffers since then, when last read
 */
struct bny_drops {
	u64 missed_base;
	u64 missed;
};

extern const struct netdev_stat_ops bny_stat_ops;

void bny_stats_init(struct bny_dev *bd);
void bny_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats);

#endif /* BNY_STATS_H */
