// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: receive (datasheet, chapter "Queues").
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <kunit/visibility.h>
#include <net/page_pool/helpers.h>

#include "bny_event.h"
#include "bny_rx.h"

/* Buffers are posted anew in lots of this many */
#define BNY_RX_REFILL_LOT	16U

static struct page *bny_rx_take_page(struct bny_rx_ring *ring, u16 id)
{
	struct page *page = ring->buf[id].page;

	ring->buf[id].page = NULL;
	ring->free_ids[ring->free_count++] = id;
	return page;
}

static void bny_rx_post(struct bny_rx_ring *ring, u16 id)
{
	struct bny_rx_desc *desc = &ring->desc[ring->prod & (ring->depth - 1)];

	desc->addr = cpu_to_le64(page_pool_get_dma_addr(ring->buf[id].page) + BNY_RX_HEADROOM);
	desc->len = cpu_to_le32(ring->buf_len);
	desc->buf_id = cpu_to_le16(id);
	ring->prod++;
}

static void bny_rx_publish(struct bny_rx_ring *ring)
{
	bny_shadow_publish(ring->shadow, ring->db + BNY_DB_RX, ring->posted, ring->prod);
	ring->posted = ring->prod;
}

/*
 * Give every free buf_id a buffer and post it. Returns false if memory is so short that the ring
 * could run dry: nothing would call for another try then.
 */
static bool bny_rx_refill(struct bny_rx_ring *ring)
{
	bool ok = true;

	if (ring->free_count < min_t(unsigned int, BNY_RX_REFILL_LOT, ring->depth / 4))
		return true;

	while (ring->free_count) {
		u16 id = ring->free_ids[ring->free_count - 1];
		struct page *page = page_pool_dev_alloc_pages(ring->pool);

		if (unlikely(!page)) {
			ok = ring->free_count < ring->depth / 2;
			ring->acc.alloc_fail++;
			break;
		}
		ring->buf[id].page = page;
		ring->free_count--;
		bny_rx_post(ring, id);
	}

	if (ring->posted != ring->prod)
		bny_rx_publish(ring);
	return ok;
}

/* A frame that is short enough is copied, so that the memory it holds is no larger than needed */
static struct sk_buff *bny_rx_copy(struct bny_rx_ring *ring, struct page *page, unsigned int len)
{
	struct sk_buff *skb = napi_alloc_skb(ring->napi, len);

	if (unlikely(!skb))
		return NULL;
	skb_put_data(skb, page_address(page) + BNY_RX_HEADROOM, len);
	page_pool_recycle_direct(ring->pool, page);
	return skb;
}

static struct sk_buff *bny_rx_build(struct bny_rx_ring *ring, struct page *page, unsigned int len)
{
	struct sk_buff *skb = napi_build_skb(page_address(page), ring->truesize);

	if (unlikely(!skb))
		return NULL;
	skb_mark_for_recycle(skb);
	skb_reserve(skb, BNY_RX_HEADROOM);
	skb_put(skb, len);
	return skb;
}

/* Start a packet with its first buffer, or add the next buffer to it */
static bool bny_rx_add_buf(struct bny_rx_ring *ring, struct page *page, unsigned int len, bool eop)
{
	struct sk_buff *skb = ring->skb;

	if (skb) {
		unsigned int nr_frags = skb_shinfo(skb)->nr_frags;

		if (unlikely(nr_frags == MAX_SKB_FRAGS))
			return false;
		skb_add_rx_frag(skb, nr_frags, page, BNY_RX_HEADROOM, len, ring->truesize);
		return true;
	}

	/* All headers that the metadata points to have to lie in the first buffer */
	if (unlikely(len < BNY_FRAME_LEN_MIN))
		return false;
	if (eop && len <= BNY_RX_COPYBREAK)
		ring->skb = bny_rx_copy(ring, page, len);
	else
		ring->skb = bny_rx_build(ring, page, len);
	return ring->skb;
}

static void bny_rx_hash(struct sk_buff *skb, const struct bny_rx_cqe *cqe, u32 flags)
{
	u32 type = FIELD_GET(BNY_RX_CQE_HASH_TYPE, flags);

	if (!(flags & BNY_RX_CQE_HASH) || !(skb->dev->features & NETIF_F_RXHASH))
		return;
	skb_set_hash(skb, le32_to_cpu(cqe->hash),
		     type & (BNY_RSS_TYPE_IPV4 | BNY_RSS_TYPE_IPV6) ? PKT_HASH_TYPE_L3 :
								      PKT_HASH_TYPE_L4);
}

/* What headers a coalesced packet must have, whatever its completion says */
static const struct bny_rx_gso_type {
	unsigned int gso_type;
	u8 l3_len;
	u8 l4_len;
	u8 csum_off;
} bny_rx_gso_types[] = {
	[BNY_GSO_TCPV4] = { SKB_GSO_TCPV4, sizeof(struct iphdr), sizeof(struct tcphdr),
			    offsetof(struct tcphdr, check) },
	[BNY_GSO_TCPV6] = { SKB_GSO_TCPV6, sizeof(struct ipv6hdr), sizeof(struct tcphdr),
			    offsetof(struct tcphdr, check) },
	[BNY_GSO_UDP] = { SKB_GSO_UDP_L4, sizeof(struct iphdr), sizeof(struct udphdr),
			  offsetof(struct udphdr, check) },
};

static bool bny_rx_csum(struct sk_buff *skb, const struct bny_rx_cqe *cqe, u32 flags)
{
	unsigned int l4_off = le16_to_cpu(cqe->l4_off);

	if (flags & BNY_RX_CQE_CSUM_PARTIAL)
		/* Behind the headers that the stack pulls before it looks there */
		return l4_off >= ETH_HLEN + sizeof(struct iphdr) &&
		       skb_partial_csum_set(skb, l4_off, le16_to_cpu(cqe->csum_off));

	if (flags & BNY_RX_CQE_CSUM_OK)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}

/* Mark a coalesced packet. Needs bny_rx_csum() before, which sets the transport header */
static bool bny_rx_gso(struct sk_buff *skb, const struct bny_rx_cqe *cqe, u32 flags)
{
	unsigned int hdr_len = le16_to_cpu(cqe->hdr_len);
	unsigned int type = FIELD_GET(BNY_RX_CQE_GSO, flags);
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	unsigned int segs = le16_to_cpu(cqe->segs);
	unsigned int mss = le16_to_cpu(cqe->mss);
	const struct bny_rx_gso_type *gso;

	if (type >= ARRAY_SIZE(bny_rx_gso_types) || skb->ip_summed != CHECKSUM_PARTIAL)
		return false;
	gso = &bny_rx_gso_types[type];
	if (skb->csum_offset != gso->csum_off ||
	    skb_transport_offset(skb) < ETH_HLEN + gso->l3_len ||
	    hdr_len < skb_transport_offset(skb) + gso->l4_len ||
	    hdr_len > skb_headlen(skb) || hdr_len >= skb->len)
		return false;
	if (!mss || segs != DIV_ROUND_UP(skb->len - hdr_len, mss) ||
	    (type == BNY_GSO_UDP && segs > UDP_MAX_SEGMENTS))
		return false;

	/* All of it is in one segment: nothing was coalesced */
	if (segs == 1)
		return true;

	/* A neighbour wrote the headers: whoever cuts the packet is to look at them first */
	shinfo->gso_type = gso->gso_type | SKB_GSO_DODGY;
	if (type != BNY_GSO_UDP && tcp_hdr(skb)->cwr)
		shinfo->gso_type |= SKB_GSO_TCP_ECN;
	shinfo->gso_size = mss;
	shinfo->gso_segs = segs;
	return true;
}

/**
 * bny_rx_offload() - take over what a completion says about a packet's checksum and segments
 * @skb: the packet, whole, starting with its MAC header
 * @cqe: its last completion
 * @flags: of @cqe
 *
 * Offsets and sizes may come from a neighbour's descriptors: none is believed.
 *
 * Return: false if they don't fit the packet, which is to be dropped then.
 */
bool bny_rx_offload(struct sk_buff *skb, const struct bny_rx_cqe *cqe, u32 flags)
{
	return bny_rx_csum(skb, cqe, flags) &&
	       (!(flags & BNY_RX_CQE_GSO) || bny_rx_gso(skb, cqe, flags));
}
EXPORT_SYMBOL_IF_KUNIT(bny_rx_offload);

static void bny_rx_count(struct bny_rx_ring *ring, const struct sk_buff *skb,
			 const struct bny_rx_cqe *cqe, u32 flags)
{
	unsigned int segs = skb_shinfo(skb)->gso_segs ?: 1;
	unsigned int bytes = skb->len + (segs - 1) * le16_to_cpu(cqe->hdr_len);
	struct bny_rx_stats *acc = &ring->acc;

	acc->packets += segs;
	acc->bytes += bytes;
	if (skb_is_gso(skb)) {
		acc->hw_gro_packets++;
		acc->hw_gro_bytes += skb->len;
		acc->hw_gro_wire_packets += segs;
		acc->hw_gro_wire_bytes += bytes;
	}
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		acc->csum_unnecessary++;
	else if (skb->ip_summed == CHECKSUM_NONE)
		acc->csum_none++;
	if (flags & BNY_RX_CQE_CSUM_BAD)
		acc->csum_bad++;
}

/* Hand a complete packet to the stack. Returns false if it isn't what its completions say */
static bool bny_rx_deliver(struct bny_rx_ring *ring, const struct bny_rx_cqe *cqe, u32 flags)
{
	struct sk_buff *skb = ring->skb;

	skb->dev = ring->napi->dev;
	if (unlikely(skb->len != le32_to_cpu(cqe->pkt_len) || !bny_rx_offload(skb, cqe, flags)))
		return false;

	bny_rx_count(ring, skb, cqe, flags);
	bny_rx_hash(skb, cqe, flags);
	skb_record_rx_queue(skb, ring->index);
	skb->protocol = eth_type_trans(skb, skb->dev);
	ring->acc.multicast += skb->pkt_type == PACKET_MULTICAST;
	napi_gro_receive(ring->napi, skb);
	ring->skb = NULL;
	return true;
}

static void bny_rx_drop_skb(struct bny_rx_ring *ring)
{
	if (ring->skb)
		dev_kfree_skb_any(ring->skb);
	ring->skb = NULL;
}

/* Handle one completion. Returns whether it ended a packet */
static bool bny_rx_buffer(struct bny_rx_ring *ring, const struct bny_rx_cqe *cqe, u32 flags)
{
	unsigned int len = le32_to_cpu(cqe->len);
	u16 id = le16_to_cpu(cqe->buf_id);
	bool eop = flags & BNY_RX_CQE_EOP;
	struct page *page;

	/* A buffer that the device doesn't own, or more than fits: memory may have been hurt */
	if (unlikely(id >= ring->depth || !ring->buf[id].page || len > ring->buf_len)) {
		bny_event_broken(ring->bd, "receive buffer", id);
		return true;
	}
	page = bny_rx_take_page(ring, id);

	if (unlikely(ring->dropping)) {
		page_pool_recycle_direct(ring->pool, page);
	} else {
		page_pool_dma_sync_for_cpu(ring->pool, page, 0, len);
		prefetch(page_address(page) + BNY_RX_HEADROOM);
		if (unlikely(!bny_rx_add_buf(ring, page, len, eop))) {
			page_pool_recycle_direct(ring->pool, page);
			ring->dropping = true;
		}
	}

	if (!eop)
		return false;
	if (unlikely(ring->dropping || !bny_rx_deliver(ring, cqe, flags))) {
		bny_rx_drop_skb(ring);
		ring->acc.dropped++;
		ring->dropping = false;
	}
	return true;
}

/**
 * bny_rx_poll() - receive packets
 * @ring: receive ring
 * @budget: packets to receive at most
 *
 * Return: packets received, @budget if there is more to do.
 */
int bny_rx_poll(struct bny_rx_ring *ring, int budget)
{
	u16 cons = ring->cq_cons;
	int packets = 0;
	bool filled;

	while (packets < budget) {
		struct bny_rx_cqe *cqe = &ring->cqe[cons & (ring->depth - 1)];
		u32 flags = le32_to_cpu(READ_ONCE(cqe->flags));

		if (!bny_cqe_is_new(flags, cons, ring->depth))
			break;
		/* The rest of the entry, and the buffer, were written before its flags */
		dma_rmb();
		cons++;
		packets += bny_rx_buffer(ring, cqe, flags);
	}

	if (cons != ring->cq_cons) {
		ring->cq_cons = cons;
		/* Stored before new buffers are published: there is room for their completions */
		WRITE_ONCE(ring->shadow->cq_cons, cpu_to_le16(cons));
	}

	filled = bny_rx_refill(ring);

	u64_stats_update_begin(&ring->syncp);
	ring->stats = ring->acc;
	u64_stats_update_end(&ring->syncp);
	return likely(filled) ? packets : budget;
}

static int bny_rx_pool_create(struct bny_rx_ring *ring, const struct bny_config *config)
{
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
		.order = get_order(config->rx_buf_len),
		.pool_size = config->rx_depth,
		.nid = dev_to_node(&ring->bd->pdev->dev),
		.dev = &ring->bd->pdev->dev,
		.netdev = ring->bd->netdev,
		.queue_idx = ring->index,
		.napi = ring->napi,
		.dma_dir = DMA_FROM_DEVICE,
		.offset = BNY_RX_HEADROOM,
		.max_len = BNY_RX_BUF_LEN(config->rx_buf_len),
	};
	struct page_pool *pool = page_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	ring->pool = pool;
	return 0;
}

static int bny_rx_bufs_alloc(struct bny_rx_ring *ring)
{
	unsigned int id;

	for (id = 0; id < ring->depth; id++) {
		ring->buf[id].page = page_pool_alloc_pages(ring->pool, GFP_KERNEL);
		if (!ring->buf[id].page)
			return -ENOMEM;
	}
	return 0;
}

static void bny_rx_bufs_free(struct bny_rx_ring *ring)
{
	unsigned int id;

	for (id = 0; id < ring->depth; id++)
		if (ring->buf[id].page)
			page_pool_put_full_page(ring->pool, ring->buf[id].page, false);
}

/**
 * bny_rx_ring_alloc() - allocate a receive ring's memory and all of its buffers
 * @bd: the function
 * @ring: ring whose index, NAPI context, shadow and doorbell are set already
 * @config: depth and buffer length
 *
 * Return: 0 or -errno.
 */
int bny_rx_ring_alloc(struct bny_dev *bd, struct bny_rx_ring *ring,
		      const struct bny_config *config)
{
	int err = -ENOMEM;

	ring->bd = bd;
	ring->depth = config->rx_depth;
	ring->truesize = config->rx_buf_len;
	ring->buf_len = BNY_RX_BUF_LEN(config->rx_buf_len);
	u64_stats_init(&ring->syncp);

	ring->buf = kvzalloc_objs(*ring->buf, ring->depth);
	if (!ring->buf)
		return -ENOMEM;
	ring->free_ids = kvzalloc_objs(*ring->free_ids, ring->depth);
	if (!ring->free_ids)
		goto free_buf;
	if (bny_mem_alloc(bd, &ring->desc_mem, ring->depth * BNY_ENTRY_SIZE))
		goto free_ids;
	if (bny_mem_alloc(bd, &ring->cq_mem, ring->depth * BNY_ENTRY_SIZE))
		goto free_desc;
	err = bny_rx_pool_create(ring, config);
	if (err)
		goto free_cq;
	err = bny_rx_bufs_alloc(ring);
	if (err)
		goto destroy_pool;

	ring->desc = ring->desc_mem.va;
	ring->cqe = ring->cq_mem.va;
	return 0;

destroy_pool:
	bny_rx_bufs_free(ring);
	page_pool_destroy(ring->pool);
free_cq:
	bny_mem_free(bd, &ring->cq_mem);
free_desc:
	bny_mem_free(bd, &ring->desc_mem);
free_ids:
	kvfree(ring->free_ids);
free_buf:
	kvfree(ring->buf);
	return err;
}

/**
 * bny_rx_ring_free() - undo bny_rx_ring_alloc()
 * @ring: stopped and drained ring, its NAPI context disabled but not yet deleted
 */
void bny_rx_ring_free(struct bny_rx_ring *ring)
{
	bny_rx_bufs_free(ring);
	page_pool_destroy(ring->pool);
	bny_mem_free(ring->bd, &ring->cq_mem);
	bny_mem_free(ring->bd, &ring->desc_mem);
	kvfree(ring->free_ids);
	kvfree(ring->buf);
}

/**
 * bny_rx_ring_reset() - bring a ring to the state in which the device expects it, buffers posted
 * @ring: drained ring that the device doesn't use
 *
 * The doorbell is left to bny_rx_ring_start(), when the ring is enabled.
 */
void bny_rx_ring_reset(struct bny_rx_ring *ring)
{
	unsigned int id;

	memset(ring->desc, 0, ring->desc_mem.size);
	memset(ring->cqe, 0, ring->cq_mem.size);
	memset(ring->shadow, 0, sizeof(*ring->shadow));
	ring->cq_cons = 0;
	ring->prod = 0;
	ring->posted = 0;
	ring->free_count = 0;

	for (id = 0; id < ring->depth; id++) {
		if (ring->buf[id].page)
			bny_rx_post(ring, id);
		else
			ring->free_ids[ring->free_count++] = id;
	}
}

/**
 * bny_rx_ring_start() - give the device the buffers of a ring that was reset and enabled
 * @ring: the ring, NAPI enabled, but no interrupt connected: it isn't NAPI's yet
 *
 * Where buffers lack, because memory was short, NAPI looks for more: few may mean no interrupt.
 *
 * Context: process.
 */
void bny_rx_ring_start(struct bny_rx_ring *ring)
{
	if (ring->posted != ring->prod)
		bny_rx_publish(ring);
	if (ring->free_count) {
		local_bh_disable();
		napi_schedule(ring->napi);
		local_bh_enable();
	}
}

/**
 * bny_rx_ring_drain() - drop the packet that the device began and won't end
 * @ring: ring that neither the device nor NAPI uses
 */
void bny_rx_ring_drain(struct bny_rx_ring *ring)
{
	bny_rx_drop_skb(ring);
	ring->dropping = false;
}

/**
 * bny_rx_stats_read() - read the statistics of a receive ring
 * @ring: the ring, which may be running
 * @stats: set to them
 */
void bny_rx_stats_read(const struct bny_rx_ring *ring, struct bny_rx_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&ring->syncp);
		*stats = ring->stats;
	} while (u64_stats_fetch_retry(&ring->syncp, start));
}
