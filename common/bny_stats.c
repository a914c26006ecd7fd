// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: statistics of rings, for netdev and queues. The device's own counters are
 * ethtool's (datasheet, chapter "Counters").
 */
#include <linux/rtnetlink.h>
#include <net/netdev_queues.h>

#include "bny_core.h"

static void bny_xmit_stats_read(const struct bny_tx_ring *ring, struct bny_tx_xmit_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&ring->xmit_syncp);
		*stats = ring->xmit_stats;
	} while (u64_stats_fetch_retry(&ring->xmit_syncp, start));
}

static void bny_done_stats_read(const struct bny_tx_ring *ring, struct bny_tx_done_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&ring->done_syncp);
		*stats = ring->done_stats;
	} while (u64_stats_fetch_retry(&ring->done_syncp, start));
}

static void bny_rx_stats_read(const struct bny_rx_ring *ring, struct bny_rx_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&ring->syncp);
		*stats = ring->stats;
	} while (u64_stats_fetch_retry(&ring->syncp, start));
}

/* The structures of statistics hold nothing but u64 */
#define BNY_STATS_ADD(to, from)	\
	bny_u64s_add((u64 *)(to), (const u64 *)&(from), sizeof(from) / sizeof(u64))

static void bny_u64s_add(u64 *to, const u64 *from, unsigned int num)
{
	while (num--)
		*to++ += *from++;
}

static void bny_stats_sum(struct bny_rings *rings, struct bny_tx_xmit_stats *xmit,
			  struct bny_tx_done_stats *done, struct bny_rx_stats *rx)
{
	struct bny_tx_xmit_stats qp_xmit;
	struct bny_tx_done_stats qp_done;
	struct bny_rx_stats qp_rx;
	unsigned int i;

	for (i = 0; i < rings->num; i++) {
		bny_xmit_stats_read(&rings->qp[i]->tx, &qp_xmit);
		BNY_STATS_ADD(xmit, qp_xmit);
		bny_done_stats_read(&rings->qp[i]->tx, &qp_done);
		BNY_STATS_ADD(done, qp_done);
		bny_rx_stats_read(&rings->qp[i]->rx, &qp_rx);
		BNY_STATS_ADD(rx, qp_rx);
	}
}

/**
 * bny_stats_retire() - keep the statistics of rings that go
 * @bd: the function
 * @rings: rings; &bny_dev.rings ceases to point to them before the lock is dropped
 *
 * Context: bny_retired.lock is held for writing.
 */
void bny_stats_retire(struct bny_dev *bd, struct bny_rings *rings)
{
	struct bny_retired *retired = bd->retired;

	bny_stats_sum(rings, &retired->xmit, &retired->done, &retired->rx);
}

/* Frames that the device dropped for want of buffers, since the driver came */
static u64 bny_stats_missed(struct bny_dev *bd)
{
	u64 missed;

	/* A function in reset or asleep is not to be disturbed */
	if (test_bit(BNY_FLAG_QUIESCED, bd->flags))
		return READ_ONCE(bd->missed);

	missed = bny_read64(bd, BNY_REG_AT(COUNTER, 2 * BNY_CNT_RX_DROP_BUFFERS));
	/* A function that has vanished may count nothing, or everything */
	if (bny_present(bd))
		WRITE_ONCE(bd->missed, missed - bd->missed_base);
	return READ_ONCE(bd->missed);
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
	struct bny_rings *rings;
	struct bny_rx_stats rx;
	unsigned int seq;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&bd->retired->lock);
		xmit = bd->retired->xmit;
		done = bd->retired->done;
		rx = bd->retired->rx;
		rings = rcu_dereference(bd->rings);
		if (rings)
			bny_stats_sum(rings, &xmit, &done, &rx);
	} while (read_seqretry(&bd->retired->lock, seq));
	rcu_read_unlock();

	stats->rx_packets = rx.packets;
	stats->rx_bytes = rx.bytes;
	stats->rx_dropped = rx.dropped;
	stats->multicast = rx.multicast;
	stats->rx_missed_errors = bny_stats_missed(bd);
	stats->tx_packets = done.packets;
	stats->tx_bytes = done.bytes;
	stats->tx_dropped = xmit.dropped;
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
	struct bny_rings *rings = rtnl_dereference(bd->rings);
	struct bny_rx_stats rx;

	if (!rings)
		return;
	bny_rx_stats_read(&rings->qp[index]->rx, &rx);
	bny_rx_stats_export(&rx, stats);
}

static void bny_queue_stats_tx(struct net_device *netdev, int index,
			       struct netdev_queue_stats_tx *stats)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_rings *rings = rtnl_dereference(bd->rings);
	struct bny_tx_xmit_stats xmit;
	struct bny_tx_done_stats done;

	if (!rings)
		return;
	bny_xmit_stats_read(&rings->qp[index]->tx, &xmit);
	bny_done_stats_read(&rings->qp[index]->tx, &done);
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
