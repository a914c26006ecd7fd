// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: statistics of rings, for netdev and queues. The device's own counters are
 * ethtool's (datasheet, chapter "Counters").
 */
#include <linux/rtnetlink.h>
#include <net/netdev_queues.h>

#include "bny_queues.h"
#include "bny_stats.h"

static const u8 bny_drop_counters[BNY_DROPS] = {
	[BNY_DROP_BUFFERS]	= BNY_CNT_RX_DROP_BUFFERS,
	[BNY_DROP_LENGTH]	= BNY_CNT_RX_DROP_LENGTH,
	[BNY_DROP_HEADERS]	= BNY_CNT_TX_DROP_HEADERS,
	[BNY_DROP_SPOOF]	= BNY_CNT_TX_DROP_SPOOF,
	[BNY_DROP_VLAN]		= BNY_CNT_TX_DROP_VLAN,
};

static u64 bny_drop_read(struct bny_dev *bd, unsigned int i)
{
	return bny_read64(bd, BNY_REG_AT(COUNTER, 2 * bny_drop_counters[i]));
}

/**
 * bny_stats_init() - begin to count
 * @bd: the function. Its counters go on where an earlier driver left them
 */
void bny_stats_init(struct bny_dev *bd)
{
	unsigned int i;

	spin_lock_init(&bd->drops->lock);
	for (i = 0; i < BNY_DROPS; i++)
		bd->drops->base[i] = bny_drop_read(bd, i);
}

/* Read the device's counters, as long as there is something to read; they never go backwards */
static void bny_drops_update(struct bny_dev *bd)
{
	struct bny_drops *drops = bd->drops;
	u64 count[BNY_DROPS];
	unsigned int i;

	/* A function in reset or asleep is not to be disturbed */
	if (READ_ONCE(bd->state) != BNY_STATE_READY)
		return;
	for (i = 0; i < BNY_DROPS; i++)
		count[i] = bny_drop_read(bd, i) - drops->base[i];
	/* A function that has vanished may count nothing, or everything */
	if (!bny_present(bd))
		return;
	for (i = 0; i < BNY_DROPS; i++)
		drops->count[i] = max(drops->count[i], count[i]);
}

/* Readers wait for each other: who is second must not read less than who was first */
static void bny_drops_get(struct bny_dev *bd, u64 *count)
{
	struct bny_drops *drops = bd->drops;

	spin_lock_bh(&drops->lock);
	bny_drops_update(bd);
	memcpy(count, drops->count, sizeof(drops->count));
	spin_unlock_bh(&drops->lock);
}

/**
 * bny_get_stats64() - ndo_get_stats64
 * @netdev: network device
 * @stats: filled in
 *
 * Context: any.
 */
void bny_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_tx_xmit_stats xmit;
	struct bny_tx_done_stats done;
	struct bny_rx_stats rx;
	u64 drops[BNY_DROPS];

	bny_drops_get(bd, drops);
	bny_queues_stats(bd, &xmit, &done, &rx);
	stats->rx_packets = rx.packets;
	stats->rx_bytes = rx.bytes;
	stats->rx_dropped = rx.dropped;
	stats->multicast = rx.multicast;
	stats->rx_missed_errors = drops[BNY_DROP_BUFFERS];
	stats->rx_length_errors = drops[BNY_DROP_LENGTH];
	stats->rx_errors = stats->rx_length_errors;
	stats->tx_packets = done.packets;
	stats->tx_bytes = done.bytes;
	stats->tx_dropped = xmit.dropped + drops[BNY_DROP_SPOOF] + drops[BNY_DROP_VLAN];
	stats->tx_errors = drops[BNY_DROP_HEADERS];
}

static void bny_rx_stats_export(const struct bny_rx_stats *from, struct netdev_queue_stats_rx *to)
{
	to->packets = from->packets;
	to->bytes = from->bytes;
	to->alloc_fail = from->alloc_fail;
	to->hw_drops = from->dropped;
	to->csum_unnecessary = from->csum_unnecessary;
	to->csum_none = from->csum_none;
	to->csum_bad = from->csum_bad;
	to->hw_gro_packets = from->hw_gro_packets;
	to->hw_gro_bytes = from->hw_gro_bytes;
	to->hw_gro_wire_packets = from->hw_gro_wire_packets;
	to->hw_gro_wire_bytes = from->hw_gro_wire_bytes;
}

static void bny_tx_stats_export(const struct bny_tx_xmit_stats *xmit,
				const struct bny_tx_done_stats *done,
				struct netdev_queue_stats_tx *to)
{
	to->packets = done->packets;
	to->bytes = done->bytes;
	to->csum_none = xmit->csum_none;
	to->needs_csum = xmit->needs_csum;
	to->hw_gso_packets = done->hw_gso_packets;
	to->hw_gso_bytes = done->hw_gso_bytes;
	to->hw_gso_wire_packets = done->hw_gso_wire_packets;
	to->hw_gso_wire_bytes = done->hw_gso_wire_bytes;
	to->stop = xmit->stop;
	to->wake = done->wake;
}

static void bny_queue_stats_rx(struct net_device *netdev, int index,
			       struct netdev_queue_stats_rx *stats)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_queues *queues = rtnl_dereference(bd->queues);
	struct bny_rx_stats rx;

	if (!queues)
		return;
	bny_rx_stats_read(&queues->qp[index]->rx, &rx);
	bny_rx_stats_export(&rx, stats);
}

static void bny_queue_stats_tx(struct net_device *netdev, int index,
			       struct netdev_queue_stats_tx *stats)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_queues *queues = rtnl_dereference(bd->queues);
	struct bny_tx_xmit_stats xmit;
	struct bny_tx_done_stats done;

	if (!queues)
		return;
	bny_tx_stats_read(&queues->qp[index]->tx, &xmit, &done);
	bny_tx_stats_export(&xmit, &done, stats);
}

static void bny_base_stats(struct net_device *netdev, struct netdev_queue_stats_rx *rx,
			   struct netdev_queue_stats_tx *tx)
{
	struct bny_dev *bd = netdev_priv(netdev);

	/* RTNL, under which rings retire, is held */
	bny_rx_stats_export(&bd->retired->rx, rx);
	bny_tx_stats_export(&bd->retired->xmit, &bd->retired->done, tx);
}

const struct netdev_stat_ops bny_stat_ops = {
	.get_queue_stats_rx	= bny_queue_stats_rx,
	.get_queue_stats_tx	= bny_queue_stats_tx,
	.get_base_stats		= bny_base_stats,
};
