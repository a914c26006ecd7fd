/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: rings in memory (datasheet, chapter "Queues").
 *
 * A struct bny_rings is a whole set of queue pairs. Changing a set means to allocate another one,
 * swap, and free the first: so whatever can fail fails while the old set still runs.
 */
#ifndef BNY_RING_H
#define BNY_RING_H

#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>

#include "bny.h"

/* Before the frame in a receive buffer, and behind it: what build_skb() needs */
#define BNY_RX_HEADROOM		(NET_SKB_PAD + NET_IP_ALIGN)
#define BNY_RX_OVERHEAD		(SKB_DATA_ALIGN(BNY_RX_HEADROOM) + \
				 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define BNY_RX_BUF_LEN(len)	((len) - BNY_RX_OVERHEAD)
#define BNY_RX_MEM_MIN		PAGE_SIZE
#define BNY_RX_MEM_MAX		BNY_RX_BUF_LEN_MAX

/* Frames up to this length are copied out, and their buffer is used again at once */
#define BNY_RX_COPYBREAK	256

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

/**
 * struct bny_rx_buf - receive buffer, by buf_id
 * @page: memory, %NULL while the buf_id is free
 */
struct bny_rx_buf {
	struct page *page;
};

/**
 * struct bny_mem - coherent memory
 * @va: address
 * @dma: bus address
 * @size: bytes
 */
struct bny_mem {
	void *va;
	dma_addr_t dma;
	size_t size;
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
 * struct bny_tx_ring - transmit ring and its completion ring
 * @desc: descriptors
 * @buf: what goes with each
 * @shadow: shadow doorbells
 * @db: doorbell page of the queue pair
 * @txq: the stack's queue
 * @dev: for DMA mappings
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
 * struct bny_rx_ring - receive ring and its completion ring; all of it is NAPI's
 * @cqe: completions
 * @desc: descriptors
 * @buf: buffers, by buf_id
 * @free_ids: stack of buf_ids without a posted buffer
 * @pool: where buffers come from
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

/**
 * struct bny_qp - queue pair: two rings, a NAPI context, a share in an interrupt vector
 * @napi: polls both rings
 * @db: doorbell page
 * @bd: the function
 * @vector_next: next queue pair of the same vector
 * @vector: interrupt vector
 * @index: of the queue pair
 * @tx: transmit ring
 * @rx: receive ring
 */
struct bny_qp {
	struct napi_struct napi;
	u8 __iomem *db;
	struct bny_dev *bd;
	struct bny_qp *vector_next;
	u16 vector;
	u16 index;
	struct bny_tx_ring tx;
	struct bny_rx_ring rx;
};

/**
 * struct bny_rings - a set of queue pairs
 * @config: what it was made for
 * @shadow_mem: all shadow doorbells, two a queue pair
 * @num: queue pairs in @qp
 * @qp: queue pairs, allocated one by one
 */
struct bny_rings {
	struct bny_config config;
	struct bny_mem shadow_mem;
	unsigned int num;
	struct bny_qp *qp[] __counted_by(num);
};

/**
 * bny_doorbell_needed() - whether the device asks for a doorbell
 * @event: event index that it stored
 * @new: producer index just stored
 * @old: producer index stored before
 *
 * Return: true if @event lies in [@old, @new), modulo 2^16.
 */
static inline bool bny_doorbell_needed(u16 event, u16 new, u16 old)
{
	return (u16)(new - event - 1) < (u16)(new - old);
}

/**
 * bny_cqe_is_new() - whether the device has written a completion in this pass
 * @flags: its flags word
 * @index: its free-running index
 * @depth: entries of the ring
 *
 * Return: true if PHASE is that of the pass which @index belongs to.
 */
static inline bool bny_cqe_is_new(u32 flags, u16 index, u16 depth)
{
	/* depth divides 2^16, so its bit in the index toggles with every pass; first pass: 1 */
	return !!(flags & BNY_CQE_PHASE) == !(index & depth);
}

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

/* bny_ring.c */
int bny_mem_alloc(struct bny_dev *bd, struct bny_mem *mem, size_t size);
void bny_mem_free(struct bny_dev *bd, struct bny_mem *mem);
void bny_ring_broken(struct bny_dev *bd, const char *what, u32 value);
void bny_shadow_publish(struct bny_shadow *shadow, u8 __iomem *db, u16 old, u16 new);
struct bny_rings *bny_rings_alloc(struct bny_dev *bd, const struct bny_config *config);
void bny_rings_free(struct bny_dev *bd, struct bny_rings *rings);
void bny_rings_start(struct bny_dev *bd);
void bny_rings_stop(struct bny_dev *bd);
int bny_rings_open(struct bny_dev *bd);
void bny_rings_close(struct bny_dev *bd);
int bny_rings_change(struct bny_dev *bd, const struct bny_config *config);

/* bny_tx.c */
netdev_tx_t bny_xmit(struct sk_buff *skb, struct net_device *netdev);
netdev_features_t bny_features_check(struct sk_buff *skb, struct net_device *netdev,
				     netdev_features_t features);
void bny_tx_offload(struct sk_buff *skb, struct bny_tx_desc *desc, struct bny_tx_buf *buf);
bool bny_tx_poll(struct bny_tx_ring *ring, int budget);
int bny_tx_ring_alloc(struct bny_dev *bd, struct bny_tx_ring *ring, unsigned int depth);
void bny_tx_ring_free(struct bny_dev *bd, struct bny_tx_ring *ring);
void bny_tx_ring_reset(struct bny_tx_ring *ring);
void bny_tx_ring_drain(struct bny_tx_ring *ring);

/* bny_rx.c */
bool bny_rx_offload(struct sk_buff *skb, const struct bny_rx_cqe *cqe, u32 flags);
int bny_rx_poll(struct bny_qp *qp, int budget);
int bny_rx_ring_alloc(struct bny_qp *qp, const struct bny_config *config);
void bny_rx_ring_free(struct bny_dev *bd, struct bny_rx_ring *ring);
void bny_rx_ring_reset(struct bny_rx_ring *ring);
void bny_rx_ring_start(struct bny_qp *qp);
void bny_rx_ring_drain(struct bny_rx_ring *ring);

/* bny_napi.c */
int bny_napi_poll(struct napi_struct *napi, int budget);
void bny_qp_arm(struct bny_qp *qp);

#endif /* BNY_RING_H */
