/*
 * Banyan: cut a large TCP or UDP frame into segments (datasheet, section 4)
 *
 * All checks are made once, in banyan_segment_init(); what follows relies on
 * the copy of the headers that was checked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "checksum.h"
#include "segment.h"
#include "wire.h"

/* Are the headers those that the offload is for? */
static bool fits_type(enum bny_gso type, const BanyanPacket *pkt)
{
    switch (type) {
    case BNY_GSO_TCPV4:
        return pkt->l3 == BANYAN_L3_IPV4 && pkt->l4 == BANYAN_L4_TCP;
    case BNY_GSO_TCPV6:
        return pkt->l3 == BANYAN_L3_IPV6 && pkt->l4 == BANYAN_L4_TCP;
    case BNY_GSO_UDP:
        return pkt->l4 == BANYAN_L4_UDP;
    default:
        return false;
    }
}

/* Are they where the descriptor says? */
static bool fits_offsets(const BanyanGso *gso, const BanyanPacket *pkt)
{
    uint16_t csum_off = pkt->l4 == BANYAN_L4_TCP ? TCP_CSUM : UDP_CSUM;

    return gso->l3_off == pkt->l3_off && gso->l4_off == pkt->l4_off &&
           gso->hdr_len == pkt->hdr_len && gso->csum_off == csum_off;
}

/* Can the IP header say the length of a segment with @payload bytes? */
static bool fits_ip_len(const BanyanPacket *pkt, uint32_t payload)
{
    uint32_t len = pkt->hdr_len - pkt->l3_off + payload;

    if (pkt->l3 == BANYAN_L3_IPV4) {
        return len <= IPV4_TOTAL_LEN_MAX;
    }
    return len - IPV6_HDR_LEN <= IPV6_PAYLOAD_LEN_MAX;
}

bool banyan_segment_init(BanyanSegmenter *s, const BanyanGso *gso,
                         const void *hdr, size_t hdr_len, size_t frame_len)
{
    BanyanPacket pkt;
    size_t payload, segs;

    memset(s, 0, sizeof(*s));
    if (gso->hdr_len > sizeof(s->hdr) || gso->hdr_len > hdr_len ||
        gso->hdr_len >= frame_len || gso->mss < BNY_MSS_MIN) {
        return false;
    }

    banyan_packet_parse_headers(&pkt, hdr, gso->hdr_len, frame_len);
    payload = frame_len - gso->hdr_len;
    segs = payload / gso->mss + (payload % gso->mss != 0);
    if (!fits_type(gso->type, &pkt) || !fits_offsets(gso, &pkt) ||
        pkt.routed || segs > UINT16_MAX ||
        !fits_ip_len(&pkt, MIN(payload, gso->mss))) {
        return false;
    }

    s->gso = *gso;
    s->l3 = pkt.l3;
    s->l4 = pkt.l4;
    memcpy(s->hdr, hdr, gso->hdr_len);
    s->payload_len = payload;
    s->segs = segs;
    s->l4_base = banyan_csum_pseudo(pkt.l3, s->hdr + pkt.l3_off, pkt.ip_proto,
                                    0);
    return true;
}

static void rewrite_ipv4(uint8_t *ip, uint16_t ip_len, uint16_t hdr_len,
                         uint16_t nr)
{
    banyan_put_be16(ip + IPV4_TOTAL_LEN, ip_len);
    banyan_put_be16(ip + IPV4_ID, banyan_get_be16(ip + IPV4_ID) + nr);
    banyan_put_be16(ip + IPV4_CSUM, 0);
    banyan_put_be16(ip + IPV4_CSUM, ~banyan_csum_buf(ip, hdr_len));
}

static void rewrite_tcp(uint8_t *tcp, uint32_t payload_before, bool first,
                        bool last)
{
    banyan_put_be32(tcp + TCP_SEQ, banyan_get_be32(tcp + TCP_SEQ) +
                    payload_before);
    if (!first) {
        tcp[TCP_FLAGS] &= ~TCP_FLAG_CWR;
    }
    if (!last) {
        tcp[TCP_FLAGS] &= ~(TCP_FLAG_FIN | TCP_FLAG_PSH);
    }
    banyan_put_be16(tcp + TCP_CSUM, 0);
}

static void rewrite_udp(uint8_t *udp, uint16_t l4_len)
{
    banyan_put_be16(udp + UDP_LEN, l4_len);
    banyan_put_be16(udp + UDP_CSUM, 0);
}

void banyan_segment_seek(BanyanSegmenter *s, uint32_t nr)
{
    s->next = nr < s->segs ? nr : s->segs;
}

bool banyan_segment_next(BanyanSegmenter *s, BanyanSegment *seg)
{
    const BanyanGso *gso = &s->gso;
    uint32_t before = (uint32_t)s->next * gso->mss;
    uint8_t *ip = seg->hdr + gso->l3_off;
    uint8_t *l4 = seg->hdr + gso->l4_off;
    uint32_t ip_len;
    uint16_t l4_len;

    if (s->next == s->segs) {
        return false;
    }

    memcpy(seg->hdr, s->hdr, gso->hdr_len);
    seg->hdr_len = gso->hdr_len;
    seg->payload_off = gso->hdr_len + before;
    seg->payload_len = MIN(s->payload_len - before, gso->mss);
    seg->l4_off = gso->l4_off;
    seg->csum_off = gso->csum_off;

    ip_len = gso->hdr_len - gso->l3_off + seg->payload_len;
    l4_len = gso->hdr_len - gso->l4_off + seg->payload_len;
    seg->pseudo = banyan_csum_add(s->l4_base, l4_len);

    if (s->l3 == BANYAN_L3_IPV4) {
        rewrite_ipv4(ip, ip_len, gso->l4_off - gso->l3_off, s->next);
    } else {
        banyan_put_be16(ip + IPV6_PAYLOAD_LEN, ip_len - IPV6_HDR_LEN);
    }
    if (s->l4 == BANYAN_L4_TCP) {
        rewrite_tcp(l4, before, s->next == 0, s->next == s->segs - 1);
    } else {
        rewrite_udp(l4, l4_len);
    }
    s->next++;
    return true;
}

void banyan_segment_set_csum(BanyanSegment *seg, uint16_t payload_sum)
{
    uint8_t *l4 = seg->hdr + seg->l4_off;
    uint16_t sum = banyan_csum_add(seg->pseudo, payload_sum);

    /* A transport header has an even length: the sums' words line up */
    banyan_put_be16(l4 + seg->csum_off, 0);
    sum = banyan_csum_add(sum, banyan_csum_buf(l4, seg->hdr_len - seg->l4_off));
    banyan_put_be16(l4 + seg->csum_off, banyan_csum_field(sum));
}

void banyan_segment_set_partial(BanyanSegment *seg)
{
    banyan_put_be16(seg->hdr + seg->l4_off + seg->csum_off, seg->pseudo);
}
