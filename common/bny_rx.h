/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: receive rings (datasheet, chapter "Queues").
 */
#ifndef BNY_RX_H
#define BNY_RX_H

#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>

#include "bny_dma.h"

/* Before the frame in a receive buffer, and behind it: what build_skb() needs */
#define BNY_RX_HEADROOM		(NET_SKB_PAD + NET_IP_ALIGN)
#define BNY_RX_OVERHEAD		(SKB_DATA_ALIGN(BNY_RX_HEADROOM) + \
				 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define BNY_RX_BUF_LEN(len)	((len) - BNY_RX_OVERHEAD)
#define BNY_RX_MEM_MIN		PAGE_SIZE
#define BNY_RX_MEM_MAX		BNY_RX_BUF_LEN_MAX

/* Frames up to this length are copied out, and their buffer is used again at once */
#define BNY_RX_COPYBREAK	256

/**
 * struct bny_rx_buf - receive buffer, by buf_id
 * @page: memory, %NULL while the buf_id is free
 */
struct bny_rx_buf {
	struct page *page;
};

/* Names as in struct netdev_queue_stats_rx; @dropped: bad metadata, or no memory for an skb */
struct bny_rx_stats {
	u64 packets;
	u64 bytes;
	u64 alloc_fail;
	u64 csum_unnecessary;
	u64 csum_none;
	u64 csum_bad;
	u64 hw_gro_packets;
	u64 hw_gro_bytes;
	u64 hw_gro_wire_packets;
	u64 hw_gro_wire_bytes;
	u64 multicast;
	u64 dropped;
};

/**
 * struct bny_rx_ring - receive ring and its completion ring; all of it is NAPI's
 * @cqe: completions
 * @desc: descriptors
 * @buf: buffers, by buf_id
 * @free_ids: stack of buf_ids without a posted buffer
 * @pool: where buffers come from
 * @napi: NAPI context that polls it
 * @bd: the function
 * @shadow: shadow doorbells
 * @db: doorbell page of the queue pair
 * @skb: packet whose last buffer hasn't come yet
 * @depth: entries in either ring, and buf_ids
 * @buf_len: bytes that the device may put into a buffer
 * @truesize: memory of a buffer
 * @index: of the queue pair
 * @cq_cons: next completion to look at
 * @prod: next descriptor to fill
 * @posted: value of @prod that the device knows
 * @free_count: entries in @free_ids
 * @dropping: the rest of the packet is to be dropped
 * @acc: statistics, counting
 * @stats: copy of @acc for readers, made by each poll
 * @syncp: guards @stats
 * @desc_mem: memory of @desc
 * @cq_mem: memory of @cqe
 * @shadow_dma: bus address of @shadow
 */
struct bny_rx_ring {
	struct bny_rx_cqe *cqe;
	struct bny_rx_desc *desc;
	struct bny_rx_buf *buf;
	u16 *free_ids;
	struct page_pool *pool;
	struct napi_struct *napi;
	struct bny_dev *bd;
	struct bny_shadow *shadow;
	u8 __iomem *db;
	struct sk_buff *skb;
	u32 buf_len;
	u32 truesize;
	u16 depth;
	u16 index;
	u16 cq_cons;
	u16 prod;
	u16 posted;
	u16 free_count;
	bool dropping;

	struct bny_rx_stats acc ____cacheline_aligned_in_smp;
	struct bny_rx_stats stats;
	struct u64_stats_sync syncp;

	struct bny_mem desc_mem;
	struct bny_mem cq_mem;
	dma_addr_t shadow_dma;
};

bool bny_rx_offload(struct sk_buff *skb, const struct bny_rx_cqe *cqe, u32 flags);
int bny_rx_poll(struct bny_rx_ring *ring, int budget);
int bny_rx_ring_alloc(struct bny_dev *bd, struct bny_rx_ring *ring,
		      const struct bny_config *config);
void bny_rx_ring_free(struct bny_rx_ring *ring);
void bny_rx_ring_reset(struct bny_rx_ring *ring);
void bny_rx_ring_start(struct bny_rx_ring *ring);
void bny_rx_ring_drain(struct bny_rx_ring *ring);
void bny_rx_stats_read(const struct bny_rx_ring *ring, struct bny_rx_stats *stats);

#endif /* BNY_RX_H */
