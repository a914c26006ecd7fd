/*
 * Banyan: where the headers of a frame are
 *
 * Pure code: no QEMU types, no guest memory, no allocation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_PACKET_H
#define HW_NET_BANYAN_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a frame's start that hold every header that is ever looked at */
#define BANYAN_PACKET_HDR_MAX 256

/* ... with the tag that a function's port VLAN puts among them */
#define BANYAN_PACKET_TAGGED_HDR_MAX (BANYAN_PACKET_HDR_MAX + 4)

typedef enum BanyanL3 {
    BANYAN_L3_NONE,
    BANYAN_L3_IPV4,
    BANYAN_L3_IPV6,
} BanyanL3;

typedef enum BanyanL4 {
    BANYAN_L4_NONE,
    BANYAN_L4_TCP,
    BANYAN_L4_UDP,
} BanyanL4;

/**
 * BanyanPacket: what banyan_packet_parse() found
 * @l3: IP version; BANYAN_L3_NONE: not IP, or not a whole IP header
 * @l4: transport; BANYAN_L4_NONE: another one, a fragment, or malformed
 * @vlan_tags: tags before the EtherType, 0 to 2
 * @ip_proto: IPv4 protocol or last IPv6 next header reached (with @l3)
 * @fragment: part of a datagram: more fragments follow or came before
 * @routed: an IPv6 routing header says that the destination isn't the final
 *          one yet, so the pseudo-header can't be told from the IP header
 * @ethertype: of what follows the tags, host byte order
 * @l3_off: byte of the frame where the IP header starts (with @l3)
 * @l4_off: byte where the transport header starts (with @l4)
 * @hdr_len: bytes of all headers up to the transport payload (with @l4)
 * @l4_len: bytes of transport header and payload as the IP header says,
 *          without any padding behind (with @l4)
 *
 * With @l3 the fixed IP header (20 or 40 bytes), and with @l4 the fixed
 * transport header (20 or 8 bytes), lie wholly in the buffer that was parsed.
 */
typedef struct BanyanPacket {
    BanyanL3 l3;
    BanyanL4 l4;
    uint8_t vlan_tags;
    uint8_t ip_proto;
    bool fragment;
    bool routed;
    uint16_t ethertype;
    uint16_t l3_off;
    uint16_t l4_off;
    uint16_t hdr_len;
    uint32_t l4_len;
} BanyanPacket;

/**
 * BanyanVlan: VLAN of a frame, or port VLAN of a function
 * @tpid: of the frame's outermost tag; 0: it is in none
 * @vid: VLAN ID
 */
typedef struct BanyanVlan {
    uint16_t tpid;
    uint16_t vid;
} BanyanVlan;

/**
 * banyan_packet_is_tagged: is the EtherType that of a tag, whole or not?
 * @hdr: the frame's first bytes, an Ethernet header at least
 */
bool banyan_packet_is_tagged(const void *hdr);

/**
 * banyan_packet_vlan: the VLAN that a frame is in
 * @hdr: the frame's first bytes, an Ethernet header at least
 * @hdr_len: how many of them there are
 *
 * A priority tag (VLAN ID 0) puts it in none. The tag of one that ends within
 * it has the VLAN ID 4095, which names no VLAN.
 */
BanyanVlan banyan_packet_vlan(const void *hdr, size_t hdr_len);

/**
 * banyan_packet_l2_len: bytes of the Ethernet header and of the tags behind it
 * @hdr: the frame's first bytes, an Ethernet header at least
 * @hdr_len: how many of them there are
 */
size_t banyan_packet_l2_len(const void *hdr, size_t hdr_len);

/**
 * banyan_packet_parse: find the headers of a frame
 * @pkt: filled in, always
 * @hdr: the frame's first bytes; any content, any alignment
 * @hdr_len: how many of them there are, bytes
 * @frame_len: bytes of the whole frame, without FCS; at least @hdr_len
 *
 * Stops where something is malformed, unknown or beyond @hdr_len: the fields
 * found until then are valid. An IP length that the frame can't hold leaves
 * @l4 at BANYAN_L4_NONE. Ethernet II, up to two tags (802.1Q, 802.1ad), IPv4
 * (RFC 791), IPv6 with extension headers (RFC 8200), TCP (RFC 9293), UDP
 * (RFC 768).
 */
void banyan_packet_parse(BanyanPacket *pkt, const void *hdr, size_t hdr_len,
                         size_t frame_len);

/**
 * banyan_packet_parse_headers: the same, without believing the IP length
 *
 * For frames that are yet to be segmented: l4_len is what the frame holds
 * behind l4_off, whatever the IP header says.
 */
void banyan_packet_parse_headers(BanyanPacket *pkt, const void *hdr,
                                 size_t hdr_len, size_t frame_len);

#endif /* HW_NET_BANYAN_PACKET_H */
