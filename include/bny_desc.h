/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: rings, descriptors, completions (datasheet, chapter "Queues").
 *
 * Everything in memory is little-endian. Every ring entry is BNY_ENTRY_SIZE bytes, so a ring of
 * depth d is d * BNY_ENTRY_SIZE bytes and entry i lies at base + (i & (d - 1)) * BNY_ENTRY_SIZE.
 * Indices run freely modulo 2^16.
 */
#ifndef BNY_DESC_H
#define BNY_DESC_H

#include "bny_types.h"

#define BNY_ENTRY_SIZE		32	/* bytes of a descriptor, of a completion */
#define BNY_RING_DEPTH_MIN	64	/* entries */
#define BNY_RING_DEPTH_MAX	4096	/* entries */
#define BNY_RING_ALIGN		64	/* bytes, of rings and completion rings */

#define BNY_TX_BUF_LEN_MAX	65536	/* bytes in one transmit buffer */
#define BNY_TX_BUFS_MAX		40	/* buffers in one packet */
#define BNY_RX_BUF_LEN_MIN	256	/* bytes in one receive buffer */
#define BNY_RX_BUF_LEN_MAX	65536	/* bytes in one receive buffer */
#define BNY_RX_BUFS_MAX		64	/* buffers that one packet may span */

#define BNY_FRAME_LEN_MIN	14	/* bytes of an Ethernet header; no FCS, no padding anywhere */
#define BNY_MTU_MIN		68	/* bytes behind the Ethernet header */
#define BNY_MTU_MAX		9600	/* bytes behind the Ethernet header and its tags */
#define BNY_FRAME_LEN_MAX	(BNY_MTU_MAX + 22)	/* with an Ethernet header and two tags */
#define BNY_GSO_LEN_MAX		65550	/* bytes of a segmentation frame, headers included */
#define BNY_GSO_HDR_LEN_MAX	256	/* bytes of headers before the payload (GSO) */
#define BNY_MSS_MIN		32	/* the last segment may be shorter */

/**
 * struct bny_tx_desc - one buffer of a packet to send
 * @addr: bus address of the buffer
 * @len: bytes in the buffer, 1 to %BNY_TX_BUF_LEN_MAX
 * @cmd: BNY_TX_CMD_*; offload commands count in a packet's first descriptor only
 * @l4_off: byte where the transport header (and its checksum's coverage) starts (CSUM, GSO)
 * @csum_off: byte of the checksum field, counted from @l4_off (CSUM, GSO)
 * @hdr_len: bytes of headers to repeat before each segment (GSO)
 * @mss: payload bytes a segment, %BNY_MSS_MIN or more (GSO)
 * @l3_off: byte where the IP header starts (GSO)
 * @outer_l3_off: reserved for tunnelled GSO: zero
 * @outer_l4_off: reserved for tunnelled GSO: zero
 * @rsvd0: zero
 * @vlan_tci: tag control information to insert (%BNY_TX_CMD_VLAN)
 * @rsvd1: zero
 *
 * A packet is a run of descriptors that ends with %BNY_TX_CMD_EOP. The fields from @l4_off on
 * are read in the first descriptor only and are zero where no command uses them.
 */
struct bny_tx_desc {
	__le64 addr;
	__le32 len;
	__le32 cmd;
	__le16 l4_off;
	__le16 csum_off;
	__le16 hdr_len;
	__le16 mss;
	__u8 l3_off;
	__u8 outer_l3_off;
	__u8 outer_l4_off;
	__u8 rsvd0;
	__le16 vlan_tci;
	__le16 rsvd1;
};

#define BNY_TX_CMD_EOP		BIT(0)	/* last buffer of the packet */
#define BNY_TX_CMD_CSUM		BIT(1)	/* complete the checksum at l4_off + csum_off */
#define BNY_TX_CMD_VLAN		BIT(2)	/* insert vlan_tci after the MAC addresses */
#define BNY_TX_CMD_STAG		BIT(3)	/* ... with TPID 0x88a8 rather than 0x8100 */
#define BNY_TX_CMD_TSTAMP	BIT(4)	/* reserved: report the time of departure */
#define BNY_TX_CMD_GSO		GENMASK(10, 8)	/* enum bny_gso */
#define BNY_TX_CMD_RSVD		((__u32)~(BIT(0) | BIT(1) | BIT(2) | BIT(3) | GENMASK(10, 8)))

/**
 * enum bny_gso - how a frame larger than the MTU is cut, in descriptors and completions
 * @BNY_GSO_NONE: it is not
 * @BNY_GSO_TCPV4: TCP over IPv4
 * @BNY_GSO_TCPV6: TCP over IPv6
 * @BNY_GSO_UDP: UDP datagrams of mss payload bytes each (USO), over IPv4 or IPv6
 */
enum bny_gso {
	BNY_GSO_NONE = 0,
	BNY_GSO_TCPV4 = 1,
	BNY_GSO_TCPV6 = 2,
	BNY_GSO_UDP = 3,
};

/**
 * struct bny_rx_desc - one empty buffer to receive into
 * @addr: bus address of the buffer
 * @hdr_addr: reserved for header split: zero
 * @len: bytes in the buffer, %BNY_RX_BUF_LEN_MIN to %BNY_RX_BUF_LEN_MAX
 * @buf_id: the driver's name for the buffer, returned in its completion
 * @rsvd0: zero
 * @rsvd1: zero
 */
struct bny_rx_desc {
	__le64 addr;
	__le64 hdr_addr;
	__le32 len;
	__le16 buf_id;
	__le16 rsvd0;
	__le64 rsvd1;
};

/**
 * struct bny_tx_cqe - transmit completion
 * @index: transmit ring index behind the last descriptor that is done; all before it are done too
 * @packets: packets done since the completion before
 * @bytes: their bytes, as given by the driver
 * @tstamp: reserved: zero
 * @rsvd: zero
 * @flags: BNY_CQE_*
 */
struct bny_tx_cqe {
	__le16 index;
	__le16 packets;
	__le32 bytes;
	__le64 tstamp;
	__u8 rsvd[12];
	__le32 flags;
};

/**
 * struct bny_rx_cqe - receive completion: one filled buffer
 * @len: bytes put into this buffer
 * @buf_id: from the buffer's &struct bny_rx_desc
 * @hdr_len: bytes of L2 to L4 headers at the packet's start (coalesced packets; else 0)
 * @hash: RSS hash (with %BNY_RX_CQE_HASH)
 * @pkt_len: bytes of the whole packet
 * @vlan_tci: stripped tag (with %BNY_RX_CQE_VLAN)
 * @mss: payload bytes a segment of a coalesced packet, else 0
 * @segs: segments in a coalesced packet, else 0
 * @l4_off: with %BNY_RX_CQE_CSUM_PARTIAL: as in &struct bny_tx_desc
 * @csum_off: with %BNY_RX_CQE_CSUM_PARTIAL: as in &struct bny_tx_desc
 * @rsvd: zero
 * @flags: BNY_CQE_*, BNY_RX_CQE_*
 *
 * Only @len, @buf_id and %BNY_RX_CQE_EOP differ among a packet's completions.
 */
struct bny_rx_cqe {
	__le32 len;
	__le16 buf_id;
	__le16 hdr_len;
	__le32 hash;
	__le32 pkt_len;
	__le16 vlan_tci;
	__le16 mss;
	__le16 segs;
	__le16 l4_off;
	__le16 csum_off;
	__le16 rsvd;
	__le32 flags;
};

/*
 * The flags word of every completion. The device writes it last. PHASE is 1 in the first pass
 * through the ring and toggles with every pass; a driver zeroes the ring before it enables the
 * queue.
 */
#define BNY_CQE_PHASE		BIT(31)	/* 1 in the first pass through the ring */
#define BNY_CQE_TYPE		GENMASK(30, 28)	/* enum bny_cqe_type */

#define BNY_RX_CQE_EOP		BIT(0)	/* last buffer of the packet */
#define BNY_RX_CQE_VLAN		BIT(1)	/* a tag was stripped */
#define BNY_RX_CQE_STAG		BIT(2)	/* ... its TPID was 0x88a8 */
#define BNY_RX_CQE_HASH		BIT(3)	/* hash and HASH_TYPE are valid */
#define BNY_RX_CQE_CSUM_OK	BIT(4)	/* the L4 checksum is right, or UDP over IPv4 has none */
#define BNY_RX_CQE_CSUM_BAD	BIT(5)	/* the L4 checksum is wrong */
#define BNY_RX_CQE_CSUM_PARTIAL	BIT(6)	/* left to the receiver (l4_off, csum_off) */
#define BNY_RX_CQE_GSO		GENMASK(10, 8)	/* enum bny_gso: a coalesced packet */
#define BNY_RX_CQE_HASH_TYPE	GENMASK(19, 12)	/* what was hashed: one of BNY_RSS_TYPE_* */

/**
 * enum bny_cqe_type - what a completion is
 * @BNY_CQE_TX: &struct bny_tx_cqe
 * @BNY_CQE_RX: &struct bny_rx_cqe
 * @BNY_CQE_CTRL: &struct bny_ctrl_cqe
 */
enum bny_cqe_type {
	BNY_CQE_TX = 1,
	BNY_CQE_RX = 2,
	BNY_CQE_CTRL = 3,
};

/**
 * struct bny_shadow - shadow doorbells of one ring, in the driver's memory
 * @prod: driver: producer index of the ring, stored before the doorbell it may replace
 * @cq_cons: driver: consumer index of the ring's completion ring
 * @rsvd0: zero
 * @event: device: ring the doorbell when @prod moves past this index, else it is not needed
 * @rsvd1: zero
 *
 * The halves are split by who writes them.
 * The rule for @event is virtio's (VIRTIO 1.2, 2.7.10): ring if
 * (u16)(new - event - 1) < (u16)(new - old).
 */
struct bny_shadow {
	__le16 prod;
	__le16 cq_cons;
	__u8 rsvd0[28];
	__le16 event;
	__u8 rsvd1[30];
};

#define BNY_SHADOW_ALIGN	64	/* bytes */

static_assert(sizeof(struct bny_tx_desc) == BNY_ENTRY_SIZE, "tx descriptor size");
static_assert(sizeof(struct bny_rx_desc) == BNY_ENTRY_SIZE, "rx descriptor size");
static_assert(sizeof(struct bny_tx_cqe) == BNY_ENTRY_SIZE, "tx completion size");
static_assert(sizeof(struct bny_rx_cqe) == BNY_ENTRY_SIZE, "rx completion size");
static_assert(sizeof(struct bny_shadow) == BNY_SHADOW_ALIGN, "shadow doorbell size");
static_assert(offsetof(struct bny_tx_desc, cmd) == 12, "tx descriptor layout");
static_assert(offsetof(struct bny_tx_desc, vlan_tci) == 28, "tx descriptor layout");
static_assert(offsetof(struct bny_rx_desc, len) == 16, "rx descriptor layout");
static_assert(offsetof(struct bny_tx_cqe, flags) == 28, "tx completion layout");
static_assert(offsetof(struct bny_rx_cqe, flags) == 28, "rx completion layout");
static_assert(offsetof(struct bny_shadow, event) == 32, "shadow doorbell layout");

#endif /* BNY_DESC_H */
