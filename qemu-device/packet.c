/*
 * Banyan: where the headers of a frame are
 *
 * Whatever a guest or the network sends comes through here. Nothing is read
 * but through have(), which knows how far the buffer goes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "packet.h"
#include "wire.h"

typedef struct Cursor {
    const uint8_t *hdr;
    size_t hdr_len;     /* bytes that may be read */
    size_t frame_len;
    size_t off;         /* where the next header starts */
} Cursor;

static bool have(const Cursor *c, size_t bytes)
{
    return c->off <= c->hdr_len && bytes <= c->hdr_len - c->off;
}

static bool is_tag(uint16_t ethertype)
{
    return ethertype == ETHERTYPE_CTAG || ethertype == ETHERTYPE_STAG;
}

static bool parse_ethernet(BanyanPacket *pkt, Cursor *c)
{
    if (!have(c, ETHER_LEN)) {
        return false;
    }
    pkt->ethertype = banyan_get_be16(c->hdr + ETHER_TYPE);
    c->off = ETHER_LEN;
    while (is_tag(pkt->ethertype)) {
        if (pkt->vlan_tags == ETHER_TAGS_MAX || !have(c, ETHER_TAG_LEN)) {
            return false;
        }
        c->off += ETHER_TAG_LEN;
        pkt->ethertype = banyan_get_be16(c->hdr + c->off - 2);
        pkt->vlan_tags++;
    }
    return pkt->ethertype >= ETHERTYPE_MIN_VALUE;
}

bool banyan_packet_is_tagged(const void *hdr)
{
    return is_tag(banyan_get_be16((const uint8_t *)hdr + ETHER_TYPE));
}

BanyanVlan banyan_packet_vlan(const void *hdr, size_t hdr_len)
{
    const uint8_t *tag = (const uint8_t *)hdr + ETHER_TYPE;
    BanyanVlan vlan = { banyan_get_be16(tag), TAG_VID };

    if (!is_tag(vlan.tpid)) {
        return (BanyanVlan) { };
    }
    if (hdr_len >= ETHER_LEN + ETHER_TAG_LEN) {
        vlan.vid = banyan_get_be16(tag + TAG_TCI) & TAG_VID;
    }
    return vlan.vid ? vlan : (BanyanVlan) { };
}

size_t banyan_packet_l2_len(const void *hdr, size_t hdr_len)
{
    Cursor c = { .hdr = hdr, .hdr_len = hdr_len };
    BanyanPacket pkt = { };

    parse_ethernet(&pkt, &c);
    return c.off;
}

/* On success the cursor stands behind the options; @end is the datagram's */
static bool parse_ipv4(BanyanPacket *pkt, Cursor *c, size_t *end)
{
    const uint8_t *ip = c->hdr + c->off;
    size_t ihl, total_len;
    uint16_t fragment;

    if (!have(c, IPV4_HDR_LEN) || ip[IPV4_VERSION_IHL] >> 4 != 4) {
        return false;
    }
    ihl = (ip[IPV4_VERSION_IHL] & 0xf) * 4;
    if (ihl < IPV4_HDR_LEN) {
        return false;
    }
    pkt->l3 = BANYAN_L3_IPV4;
    pkt->l3_off = c->off;
    pkt->ip_proto = ip[IPV4_PROTO];
    fragment = banyan_get_be16(ip + IPV4_FRAGMENT);
    pkt->fragment = fragment & (IPV4_FRAGMENT_MORE | IPV4_FRAGMENT_OFFSET);

    total_len = banyan_get_be16(ip + IPV4_TOTAL_LEN);
    *end = total_len >= ihl ? c->off + total_len : 0;
    c->off += ihl;
    return !pkt->fragment;
}

/*
 * Bytes of the IPv6 extension header of type @type, which starts at @ext and
 * has at least IPV6_EXT_MIN_LEN bytes; 0: it isn't one
 */
static size_t ipv6_ext_len(uint8_t type, const uint8_t *ext)
{
    switch (type) {
    case IPNUM_HOP_BY_HOP:
    case IPNUM_ROUTING:
    case IPNUM_DEST_OPTIONS:
    case IPNUM_MOBILITY:
    case IPNUM_HIP:
    case IPNUM_SHIM6:
        return (ext[IPV6_EXT_LEN] + 1) * 8;
    case IPNUM_FRAGMENT:
        return IPV6_EXT_MIN_LEN;
    case IPNUM_AH:
        return (ext[IPV6_EXT_LEN] + 2) * 4;
    default:
        return 0;
    }
}

static bool is_ipv6_ext(uint8_t type)
{
    static const uint8_t any[IPV6_EXT_MIN_LEN];

    return ipv6_ext_len(type, any) != 0;
}

/* What an extension header says about the packet as a whole */
static void note_ipv6_ext(BanyanPacket *pkt, uint8_t type, const uint8_t *ext)
{
    if (type == IPNUM_ROUTING && ext[IPV6_ROUTING_LEFT]) {
        pkt->routed = true;
    }
    /* One that says offset 0 and no more is whole (RFC 6946) */
    if (type == IPNUM_FRAGMENT &&
        (banyan_get_be16(ext + IPV6_FRAGMENT_FIELD) &
         (IPV6_FRAGMENT_OFFSET | IPV6_FRAGMENT_MORE))) {
        pkt->fragment = true;
    }
}

/* Each extension header is at least 8 bytes, so the buffer bounds the loop */
static bool parse_ipv6(BanyanPacket *pkt, Cursor *c, size_t *end)
{
    const uint8_t *ip = c->hdr + c->off;

    if (!have(c, IPV6_HDR_LEN) || ip[IPV6_VERSION] >> 4 != 6) {
        return false;
    }
    pkt->l3 = BANYAN_L3_IPV6;
    pkt->l3_off = c->off;
    pkt->ip_proto = ip[IPV6_NEXT];
    c->off += IPV6_HDR_LEN;
    *end = c->off + banyan_get_be16(ip + IPV6_PAYLOAD_LEN);

    while (is_ipv6_ext(pkt->ip_proto)) {
        uint8_t type = pkt->ip_proto;
        const uint8_t *ext;

        if (!have(c, IPV6_EXT_MIN_LEN)) {
            return false;
        }
        ext = c->hdr + c->off;
        note_ipv6_ext(pkt, type, ext);
        pkt->ip_proto = ext[IPV6_EXT_NEXT];
        c->off += ipv6_ext_len(type, ext);
        if (pkt->fragment) {
            return false;
        }
    }
    return true;
}

/* Bytes of the transport header, or 0 if it isn't one that is known */
static size_t l4_hdr_len(BanyanPacket *pkt, const Cursor *c, BanyanL4 *l4)
{
    size_t len;

    if (pkt->ip_proto == IPNUM_UDP && have(c, UDP_HDR_LEN)) {
        *l4 = BANYAN_L4_UDP;
        return UDP_HDR_LEN;
    }
    if (pkt->ip_proto == IPNUM_TCP && have(c, TCP_HDR_LEN)) {
        *l4 = BANYAN_L4_TCP;
        len = (c->hdr[c->off + TCP_DATA_OFFSET] >> 4) * 4;
        return len >= TCP_HDR_LEN ? len : 0;
    }
    return 0;
}

static void parse(BanyanPacket *pkt, const void *hdr, size_t hdr_len,
                  size_t frame_len, bool believe_ip_len)
{
    Cursor c = { .hdr = hdr, .hdr_len = hdr_len, .frame_len = frame_len };
    BanyanL4 l4 = BANYAN_L4_NONE;
    size_t end = 0;
    size_t len;
    bool more;

    memset(pkt, 0, sizeof(*pkt));

    /* Nothing that is looked at can lie further behind; offsets fit 16 bits */
    c.hdr_len = MIN(c.hdr_len, BANYAN_PACKET_TAGGED_HDR_MAX);
    c.hdr_len = MIN(c.hdr_len, c.frame_len);

    if (!parse_ethernet(pkt, &c)) {
        return;
    }
    switch (pkt->ethertype) {
    case ETHERTYPE_IPV4:
        more = parse_ipv4(pkt, &c, &end);
        break;
    case ETHERTYPE_IPV6:
        more = parse_ipv6(pkt, &c, &end);
        break;
    default:
        more = false;
    }
    if (!more) {
        return;
    }

    if (!believe_ip_len) {
        end = c.frame_len;
    }
    len = l4_hdr_len(pkt, &c, &l4);
    if (!len || end > c.frame_len || c.off + len > end) {
        return;
    }
    pkt->l4 = l4;
    pkt->l4_off = c.off;
    pkt->hdr_len = c.off + len;
    pkt->l4_len = end - c.off;
}

void banyan_packet_parse(BanyanPacket *pkt, const void *hdr, size_t hdr_len,
                         size_t frame_len)
{
    parse(pkt, hdr, hdr_len, frame_len, true);
}

void banyan_packet_parse_headers(BanyanPacket *pkt, const void *hdr,
                                 size_t hdr_len, size_t frame_len)
{
    parse(pkt, hdr, hdr_len, frame_len, false);
}
