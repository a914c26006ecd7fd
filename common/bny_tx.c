// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: transmit (datasheet, chapter "Queues").
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <kunit/visibility.h>
#include <net/netdev_queues.h>

#include "bny_event.h"
#include "bny_tx.h"

/* Completions taken in one poll; each stands for a burst */
#define BNY_TX_POLL_CQES	64

static void bny_tx_unmap(struct bny_tx_ring *ring, const struct bny_tx_buf *buf)
{
	if (buf->map == BNY_TX_MAP_SINGLE)
		dma_unmap_single(ring->dev, buf->dma, buf->len, DMA_TO_DEVICE);
	else
		dma_unmap_page(ring->dev, buf->dma, buf->len, DMA_TO_DEVICE);
}

static struct bny_tx_buf *bny_tx_fill(struct bny_tx_ring *ring, u16 index, dma_addr_t dma,
				      u32 len, enum bny_tx_map map)
{
	unsigned int i = index & (ring->depth - 1);
	struct bny_tx_desc *desc = &ring->desc[i];
	struct bny_tx_buf *buf = &ring->buf[i];

	memset(desc, 0, sizeof(*desc));
	desc->addr = cpu_to_le64(dma);
	desc->len = cpu_to_le32(len);

	buf->skb = NULL;
	buf->dma = dma;
	buf->len = len;
	buf->map = map;
	return buf;
}

/**
 * bny_tx_map() - map a packet and fill its descriptors
 * @ring: transmit ring
 * @skb: packet
 * @last: set to what belongs to its last descriptor
 *
 * Return: descriptors taken from &bny_tx_ring.prod on, 0 if a mapping failed; then all is undone.
 */
static unsigned int bny_tx_map(struct bny_tx_ring *ring, struct sk_buff *skb,
			       struct bny_tx_buf **last)
{
	unsigned int nr_frags = skb_shinfo(skb)->nr_frags;
	unsigned int len = skb_headlen(skb);
	u16 index = ring->prod;
	dma_addr_t dma;
	unsigned int i;

	dma = dma_map_single(ring->dev, skb->data, len, DMA_TO_DEVICE);
	if (unlikely(dma_mapping_error(ring->dev, dma)))
		return 0;
	*last = bny_tx_fill(ring, index++, dma, len, BNY_TX_MAP_SINGLE);

	for (i = 0; i < nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		len = skb_frag_size(frag);
		/* A descriptor without bytes is an error of the function's */
		if (unlikely(!len))
			continue;
		dma = skb_frag_dma_map(ring->dev, frag, 0, len, DMA_TO_DEVICE);
		if (unlikely(dma_mapping_error(ring->dev, dma)))
			goto unmap;
		*last = bny_tx_fill(ring, index++, dma, len, BNY_TX_MAP_PAGE);
	}
	return (u16)(index - ring->prod);

unmap:
	while (index != ring->prod)
		bny_tx_unmap(ring, &ring->buf[--index & (ring->depth - 1)]);
	return 0;
}

/* Headers that each segment repeats */
static unsigned int bny_tx_gso_hdr_len(const struct sk_buff *skb)
{
	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		return skb_transport_offset(skb) + sizeof(struct udphdr);
	return skb_tcp_all_headers(skb);
}

static enum bny_gso bny_tx_gso_type(const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	if (type & SKB_GSO_UDP_L4)
		return BNY_GSO_UDP;
	return type & SKB_GSO_TCPV6 ? BNY_GSO_TCPV6 : BNY_GSO_TCPV4;
}

/**
 * bny_tx_offload() - tell the device what is left to do for a packet
 * @skb: packet, as bny_features_check() leaves it
 * @desc: its first descriptor: offload fields and commands are filled in
 * @buf: what goes with its last descriptor: wire frames and bytes are filled in
 */
void bny_tx_offload(struct sk_buff *skb, struct bny_tx_desc *desc, struct bny_tx_buf *buf)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	u32 cmd = 0;

	buf->bytes = skb->len;
	buf->segs = 1;

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		cmd |= BNY_TX_CMD_CSUM;
		desc->l4_off = cpu_to_le16(skb_checksum_start_offset(skb));
		desc->csum_off = cpu_to_le16(skb->csum_offset);
	}

	if (skb_is_gso(skb)) {
		unsigned int hdr_len = bny_tx_gso_hdr_len(skb);

		cmd |= FIELD_PREP(BNY_TX_CMD_GSO, bny_tx_gso_type(skb));
		desc->hdr_len = cpu_to_le16(hdr_len);
		desc->mss = cpu_to_le16(shinfo->gso_size);
		desc->l3_off = skb_network_offset(skb);

		buf->segs = max_t(u16, shinfo->gso_segs, 1);
		buf->bytes += (buf->segs - 1) * hdr_len;
	}
	desc->cmd = cpu_to_le32(cmd);
}
EXPORT_SYMBOL_IF_KUNIT(bny_tx_offload);

/* Let the device see all descriptors up to prod */
static void bny_tx_publish(struct bny_tx_ring *ring)
{
	bny_shadow_publish(ring->shadow, ring->db + BNY_DB_TX, ring->posted, ring->prod);
	ring->posted = ring->prod;
}

/* Packets before this one may have relied on it to ring the doorbell */
static void bny_tx_publish_rest(struct bny_tx_ring *ring)
{
	if (ring->posted != ring->prod)
		bny_tx_publish(ring);
}

static void bny_tx_count_xmit(struct bny_tx_ring *ring, const struct sk_buff *skb, bool stopped)
{
	u64_stats_update_begin(&ring->xmit_syncp);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		ring->xmit_stats.needs_csum++;
	else
		ring->xmit_stats.csum_none++;
	ring->xmit_stats.stop += stopped;
	u64_stats_update_end(&ring->xmit_syncp);
}

static void bny_tx_count_dropped(struct bny_tx_ring *ring, unsigned int packets)
{
	u64_stats_update_begin(&ring->xmit_syncp);
	ring->xmit_stats.dropped += packets;
	u64_stats_update_end(&ring->xmit_syncp);
}

static void bny_tx_drop(struct bny_tx_ring *ring, struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
	bny_tx_count_dropped(ring, 1);

	if (!netdev_xmit_more())
		bny_tx_publish_rest(ring);
}

static bool bny_tx_fits(struct sk_buff *skb)
{
	unsigned int max = skb_is_gso(skb) ? BNY_TX_BUF_LEN_MAX : BNY_FRAME_LEN_MAX;

	/* Any would be a fault of the function's, that is, stop all of its rings */
	if (unlikely(skb->len < BNY_FRAME_LEN_MIN || skb->len > max || !skb_headlen(skb)))
		return false;

	if (MAX_SKB_FRAGS + 1 > BNY_TX_BUFS_MAX &&
	    unlikely(skb_shinfo(skb)->nr_frags + 1 > BNY_TX_BUFS_MAX))
		return !skb_linearize(skb);
	return true;
}

/**
 * bny_tx_xmit() - send a packet
 * @ring: transmit ring
 * @skb: packet
 *
 * Context: the queue's transmit lock is held.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if it was called with too few free descriptors.
 */
netdev_tx_t bny_tx_xmit(struct bny_tx_ring *ring, struct sk_buff *skb)
{
	struct bny_tx_desc *first;
	struct bny_tx_buf *last;
	unsigned int count;
	bool stopped;

	if (unlikely(!bny_tx_fits(skb)))
		goto drop;

	/* The queue should have been stopped in time. It may just have been woken, too */
	if (unlikely(!netif_txq_maybe_stop(ring->txq, bny_tx_unused(ring),
					   skb_shinfo(skb)->nr_frags + 1, BNY_TX_DESC_WAKE))) {
		bny_tx_publish_rest(ring);
		return NETDEV_TX_BUSY;
	}

	count = bny_tx_map(ring, skb, &last);
	if (unlikely(!count))
		goto drop;

	first = &ring->desc[ring->prod & (ring->depth - 1)];
	bny_tx_offload(skb, first, last);
	ring->prod += count;
	ring->desc[(u16)(ring->prod - 1) & (ring->depth - 1)].cmd |= cpu_to_le32(BNY_TX_CMD_EOP);
	last->skb = skb;

	skb_tx_timestamp(skb);
	stopped = !netif_txq_maybe_stop(ring->txq, bny_tx_unused(ring), BNY_TX_DESC_NEEDED,
					BNY_TX_DESC_WAKE);
	bny_tx_count_xmit(ring, skb, stopped);

	if (__netdev_tx_sent_queue(ring->txq, last->bytes, netdev_xmit_more()))
		bny_tx_publish(ring);
	return NETDEV_TX_OK;

drop:
	bny_tx_drop(ring, skb);
	return NETDEV_TX_OK;
}

/* Does the packet keep to the descriptor's limits, and does the device know all its headers? */
static bool bny_tx_can_segment(const struct sk_buff *skb)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL || skb->len > BNY_TX_BUF_LEN_MAX ||
	    skb_shinfo(skb)->gso_size < BNY_MSS_MIN || skb_network_offset(skb) > U8_MAX ||
	    bny_tx_gso_hdr_len(skb) > BNY_GSO_HDR_LEN_MAX)
		return false;
	/* Behind a routing header, the checksum isn't that of the addresses in the IP header */
	return ip_hdr(skb)->version == 4 || skb_network_header_len(skb) == sizeof(struct ipv6hdr);
}

/* The device looks for a checksum's field where it looks for headers */
static bool bny_tx_can_checksum(const struct sk_buff *skb)
{
	return skb->ip_summed != CHECKSUM_PARTIAL ||
	       skb_checksum_start_offset(skb) + skb->csum_offset + sizeof(__sum16) <=
	       BNY_GSO_HDR_LEN_MAX;
}

/**
 * bny_features_check() - ndo_features_check: what the device can't do for this packet
 * @skb: packet
 * @netdev: network device
 * @features: what it can do in general
 *
 * What the device can't do it drops, and counts as TX_DROP_HEADERS.
 *
 * Return: @features, without those that the packet isn't fit for.
 */
netdev_features_t bny_features_check(struct sk_buff *skb, struct net_device *netdev,
				     netdev_features_t features)
{
	features = vlan_features_check(skb, features);

	if (!bny_tx_can_checksum(skb))
		features &= ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
	if (skb_is_gso(skb) && !bny_tx_can_segment(skb))
		features &= ~NETIF_F_GSO_MASK;
	return features;
}
EXPORT_SYMBOL_IF_KUNIT(bny_features_check);

struct bny_tx_done {
	unsigned int packets;		/* skbs */
	unsigned int gso_packets;
	unsigned int gso_segs;
	unsigned int bytes;		/* on the wire */
	unsigned int gso_bytes;		/* of the GSO packets, as handed over */
	unsigned int gso_wire_bytes;
};

/* Free what the device is done with: everything before @index */
static void bny_tx_clean(struct bny_tx_ring *ring, u16 index, int budget,
			 struct bny_tx_done *done)
{
	u16 cons = ring->cons;

	for (; cons != index; cons++) {
		struct bny_tx_buf *buf = &ring->buf[cons & (ring->depth - 1)];

		bny_tx_unmap(ring, buf);
		if (!buf->skb)
			continue;

		done->packets++;
		done->bytes += buf->bytes;
		if (buf->segs > 1) {
			done->gso_packets++;
			done->gso_segs += buf->segs;
			done->gso_bytes += buf->skb->len;
			done->gso_wire_bytes += buf->bytes;
		}
		napi_consume_skb(buf->skb, budget);
		buf->skb = NULL;
	}

	/* The xmit path may fill the entries now: behind the unmapping above and behind the store
	 * of cq_cons, so that the device finds room for the completions of the new descriptors.
	 */
	smp_store_release(&ring->cons, cons);
}

static void bny_tx_count_done(struct bny_tx_ring *ring, const struct bny_tx_done *done, bool woken)
{
	struct bny_tx_done_stats *stats = &ring->done_stats;

	u64_stats_update_begin(&ring->done_syncp);
	stats->packets += done->packets - done->gso_packets + done->gso_segs;
	stats->bytes += done->bytes;
	stats->hw_gso_packets += done->gso_packets;
	stats->hw_gso_bytes += done->gso_bytes;
	stats->hw_gso_wire_packets += done->gso_segs;
	stats->hw_gso_wire_bytes += done->gso_wire_bytes;
	stats->wake += woken;
	u64_stats_update_end(&ring->done_syncp);
}

/* Take completions from the ring. They are cumulative, so the last one tells all */
static bool bny_tx_take_cqes(struct bny_tx_ring *ring, u16 *index)
{
	u16 cons = ring->cq_cons;
	unsigned int n;

	for (n = 0; n < BNY_TX_POLL_CQES; n++, cons++) {
		struct bny_tx_cqe *cqe = &ring->cqe[cons & (ring->depth - 1)];
		u32 flags = le32_to_cpu(READ_ONCE(cqe->flags));

		if (!bny_cqe_is_new(flags, cons, ring->depth))
			break;
		/* The rest of the entry was written before its flags */
		dma_rmb();
		*index = le16_to_cpu(cqe->index);
	}

	if (n) {
		ring->cq_cons = cons;
		WRITE_ONCE(ring->shadow->cq_cons, cpu_to_le16(cons));
	}
	return n < BNY_TX_POLL_CQES;
}

/**
 * bny_tx_poll() - handle transmit completions
 * @ring: transmit ring
 * @budget: NAPI's, 0 from netpoll
 *
 * Return: true if nothing is left to do.
 */
bool bny_tx_poll(struct bny_tx_ring *ring, int budget)
{
	struct bny_tx_done done = {};
	u16 index = ring->cons;
	bool all, kept;

	all = bny_tx_take_cqes(ring, &index);
	if (index == ring->cons)
		return all;

	/* Only what the device was given can be done */
	if (unlikely((u16)(index - ring->cons) > (u16)(READ_ONCE(ring->prod) - ring->cons))) {
		bny_event_broken(ring->bd, "transmit completion index", index);
		return true;
	}

	bny_tx_clean(ring, index, budget, &done);
	kept = __netif_txq_completed_wake(ring->txq, done.packets, done.bytes,
					  bny_tx_unused(ring), BNY_TX_DESC_WAKE, false);
	bny_tx_count_done(ring, &done, !kept);
	return all;
}

/**
 * bny_tx_ring_alloc() - allocate a transmit ring's memory
 * @bd: the function
 * @ring: ring whose shadow, doorbell and queue are set already
 * @depth: entries
 *
 * Return: 0 or -ENOMEM.
 */
int bny_tx_ring_alloc(struct bny_dev *bd, struct bny_tx_ring *ring, unsigned int depth)
{
	ring->dev = &bd->pdev->dev;
	ring->bd = bd;
	ring->depth = depth;
	u64_stats_init(&ring->xmit_syncp);
	u64_stats_init(&ring->done_syncp);

	ring->buf = kvzalloc_objs(*ring->buf, depth);
	if (!ring->buf)
		return -ENOMEM;
	if (bny_mem_alloc(bd, &ring->desc_mem, depth * BNY_ENTRY_SIZE))
		goto free_buf;
	if (bny_mem_alloc(bd, &ring->cq_mem, depth * BNY_ENTRY_SIZE))
		goto free_desc;

	ring->desc = ring->desc_mem.va;
	ring->cqe = ring->cq_mem.va;
	return 0;

free_desc:
	bny_mem_free(bd, &ring->desc_mem);
free_buf:
	kvfree(ring->buf);
	return -ENOMEM;
}

/**
 * bny_tx_ring_free() - undo bny_tx_ring_alloc()
 * @bd: the function
 * @ring: stopped and drained ring
 */
void bny_tx_ring_free(struct bny_dev *bd, struct bny_tx_ring *ring)
{
	bny_mem_free(bd, &ring->cq_mem);
	bny_mem_free(bd, &ring->desc_mem);
	kvfree(ring->buf);
}

/**
 * bny_tx_ring_reset() - bring a ring to the state in which the device expects it
 * @ring: drained ring that the device doesn't use
 */
void bny_tx_ring_reset(struct bny_tx_ring *ring)
{
	memset(ring->cqe, 0, ring->cq_mem.size);
	memset(ring->shadow, 0, sizeof(*ring->shadow));
	ring->prod = 0;
	ring->posted = 0;
	ring->cq_cons = 0;
	ring->cons = 0;
}

/**
 * bny_tx_ring_drain() - drop packets that the device won't send any more
 * @ring: ring that neither the device nor the stack uses
 */
void bny_tx_ring_drain(struct bny_tx_ring *ring)
{
	unsigned int dropped = 0;
	u16 cons;

	for (cons = ring->cons; cons != ring->prod; cons++) {
		struct bny_tx_buf *buf = &ring->buf[cons & (ring->depth - 1)];

		bny_tx_unmap(ring, buf);
		dropped += !!buf->skb;
		dev_kfree_skb_any(buf->skb);
		buf->skb = NULL;
	}
	ring->cons = cons;

	local_bh_disable();
	bny_tx_count_dropped(ring, dropped);
	local_bh_enable();
	netdev_tx_reset_queue(ring->txq);
}

/**
 * bny_tx_stats_read() - read the statistics of a transmit ring
 * @ring: the ring, which may be running
 * @xmit: set to those of the xmit path
 * @done: set to those of the completion path
 */
void bny_tx_stats_read(const struct bny_tx_ring *ring, struct bny_tx_xmit_stats *xmit,
		       struct bny_tx_done_stats *done)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&ring->xmit_syncp);
		*xmit = ring->xmit_stats;
	} while (u64_stats_fetch_retry(&ring->xmit_syncp, start));

	do {
		start = u64_stats_fetch_begin(&ring->done_syncp);
		*done = ring->done_stats;
	} while (u64_stats_fetch_retry(&ring->done_syncp, start));
}
