/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: transmit rings (datasheet, chapter "Queues").
 */
#ifndef BNY_TX_H
#define BNY_TX_H

#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>

#include "bny_dma.h"

/* Descriptors that one packet can take, and free ones that wake a stopped queue */
#define BNY_TX_DESC_NEEDED	min_t(unsigned int, MAX_SKB_FRAGS + 1, BNY_TX_BUFS_MAX)
#define BNY_TX_DESC_WAKE	min_t(unsigned int, 2 * BNY_TX_DESC_NEEDED, BNY_RING_DEPTH_MIN)

enum bny_tx_map {
	BNY_TX_MAP_SINGLE,
	BNY_TX_MAP_PAGE,
};

/**
 * struct bny_tx_buf - what the driver remembers of a transmit descriptor
 * @skb: the packet, in its last descriptor; else %NULL
 * @dma: mapping
 * @len: of the mapping
 * @bytes: on the wire, of all the packet (with @skb)
 * @segs: frames on the wire (with @skb)
 * @map: enum bny_tx_map
 */
struct bny_tx_buf {
	struct sk_buff *skb;
	dma_addr_t dma;
	u32 len;
	u32 bytes;
	u16 segs;
	u8 map;
};

/* Names as in struct netdev_queue_stats_tx; @dropped never reached the device, or it didn't say */
struct bny_tx_xmit_stats {
	u64 csum_none;
	u64 needs_csum;
	u64 stop;
	u64 dropped;
};

struct bny_tx_done_stats {
	u64 packets;
	u64 bytes;
	u64 hw_gso_packets;
	u64 hw_gso_bytes;
	u64 hw_gso_wire_packets;
	u64 hw_gso_wire_bytes;
	u64 wake;
};

/**
 * struct bny_tx_ring - transmit ring and its completion ring
 * @desc: descriptors
 * @buf: what goes with each
 * @shadow: shadow doorbells
 * @db: doorbell page of the queue pair
 * @txq: the stack's queue
 * @dev: for DMA mappings
 * @bd: the function
 * @depth: entries in either ring
 * @prod: next descriptor to fill; the xmit path's
 * @posted: value of @prod that the device knows; the xmit path's
 * @xmit_stats: statistics of the xmit path
 * @xmit_syncp: guards @xmit_stats
 * @cqe: completions
 * @cq_cons: next completion to look at; NAPI's
 * @cons: descriptors before it are free again; NAPI stores, the xmit path loads
 * @done_stats: statistics of the completion path
 * @done_syncp: guards @done_stats
 * @desc_mem: memory of @desc
 * @cq_mem: memory of @cqe
 * @shadow_dma: bus address of @shadow
 */
struct bny_tx_ring {
	struct bny_tx_desc *desc;
	struct bny_tx_buf *buf;
	struct bny_shadow *shadow;
	u8 __iomem *db;
	struct netdev_queue *txq;
	struct device *dev;
	struct bny_dev *bd;
	u16 depth;

	u16 prod ____cacheline_aligned_in_smp;
	u16 posted;
	struct bny_tx_xmit_stats xmit_stats;
	struct u64_stats_sync xmit_syncp;

	struct bny_tx_cqe *cqe ____cacheline_aligned_in_smp;
	u16 cq_cons;
	u16 cons;
	struct bny_tx_done_stats done_stats;
	struct u64_stats_sync done_syncp;

	struct bny_mem desc_mem ____cacheline_aligned_in_smp;
	struct bny_mem cq_mem;
	dma_addr_t shadow_dma;
};

/**
 * bny_tx_unused() - free descriptors of a transmit ring
 * @ring: the ring
 *
 * Return: how many there are; on the xmit path at least as many.
 */
static inline unsigned int bny_tx_unused(const struct bny_tx_ring *ring)
{
	/* Pairs with the release in bny_tx_poll(): see there what comes before a free entry */
	return ring->depth - (u16)(ring->prod - smp_load_acquire(&ring->cons));
}

netdev_tx_t bny_tx_xmit(struct bny_tx_ring *ring, struct sk_buff *skb);
netdev_features_t bny_features_check(struct sk_buff *skb, struct net_device *netdev,
				     netdev_features_t features);
void bny_tx_offload(struct sk_buff *skb, struct bny_tx_desc *desc, struct bny_tx_buf *buf);
bool bny_tx_poll(struct bny_tx_ring *ring, int budget);
int bny_tx_ring_alloc(struct bny_dev *bd, struct bny_tx_ring *ring, unsigned int depth);
void bny_tx_ring_free(struct bny_dev *bd, struct bny_tx_ring *ring);
void bny_tx_ring_reset(struct bny_tx_ring *ring);
void bny_tx_ring_drain(struct bny_tx_ring *ring);
void bny_tx_stats_read(const struct bny_tx_ring *ring, struct bny_tx_xmit_stats *xmit,
		       struct bny_tx_done_stats *done);

#endif /* BNY_TX_H */
