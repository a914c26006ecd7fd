/*
 * Fuzzing: any bytes through parsing, RSS, checksums and segmentation
 *
 * The entry point is libFuzzer's; test-fuzz.c calls the same with bytes from
 * a seeded generator. Whatever breaks a promise made in the headers aborts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "checksum.h"
#include "fuzz.h"
#include "segment.h"
#include "toeplitz.h"

#define PROMISE(what) \
    do { \
        if (!(what)) { \
            abort(); \
        } \
    } while (0)

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void check_packet(const BanyanPacket *pkt, size_t hdr_len,
                         size_t frame_len)
{
    size_t fixed;

    PROMISE(pkt->vlan_tags <= 2);
    if (pkt->l3 == BANYAN_L3_NONE) {
        PROMISE(pkt->l4 == BANYAN_L4_NONE);
        return;
    }
    fixed = pkt->l3 == BANYAN_L3_IPV4 ? 20 : 40;
    PROMISE(pkt->l3_off == 14 + 4 * pkt->vlan_tags);
    PROMISE(pkt->l3_off + fixed <= hdr_len);
    if (pkt->l4 == BANYAN_L4_NONE) {
        return;
    }
    fixed = pkt->l4 == BANYAN_L4_TCP ? 20 : 8;
    PROMISE(!pkt->fragment);
    PROMISE(pkt->l4_off + fixed <= hdr_len);
    PROMISE(pkt->l4_off + fixed <= pkt->hdr_len);
    PROMISE(pkt->hdr_len <= pkt->l4_off + pkt->l4_len);
    PROMISE(pkt->l4_off + pkt->l4_len <= frame_len);
}

static void check_rss(const BanyanPacket *pkt, const uint8_t *hdr)
{
    static BanyanToeplitz toeplitz;
    static const uint8_t key[BNY_RSS_KEY_LEN] = { 0x6d, 0x5a, 0x56, 0xda };
    uint32_t hash;
    uint8_t type;

    banyan_toeplitz_set_key(&toeplitz, key);
    type = banyan_rss_hash(&toeplitz, 0xff, pkt, hdr, &hash);
    PROMISE((type != 0) == (pkt->l3 != BANYAN_L3_NONE));
    PROMISE((type & (type - 1)) == 0);
}

/* Headers as a receiver would parse them, with a checksum that verifies */
static void check_segment(const BanyanSegment *seg, const uint8_t *payload)
{
    struct iovec iov[2] = {
        { (void *)seg->hdr, seg->hdr_len },
        { (void *)payload, seg->payload_len },
    };
    BanyanPacket pkt;

    banyan_packet_parse(&pkt, seg->hdr, seg->hdr_len,
                        seg->hdr_len + seg->payload_len);
    PROMISE(pkt.l4_off == seg->l4_off);
    PROMISE(pkt.hdr_len == seg->hdr_len);
    PROMISE(pkt.l4_off + pkt.l4_len == seg->hdr_len + seg->payload_len);
    PROMISE(banyan_csum_verify(&pkt, seg->hdr, iov, 2) == BANYAN_CSUM_OK);
}

static void check_segments(const BanyanGso *gso, const uint8_t *hdr,
                           size_t hdr_len, const uint8_t *frame,
                           size_t frame_len)
{
    size_t off = gso->hdr_len;
    BanyanSegmenter s;
    BanyanSegment seg;

    if (!banyan_segment_init(&s, gso, hdr, hdr_len, frame_len)) {
        PROMISE(!banyan_segment_next(&s, &seg));
        return;
    }
    while (banyan_segment_next(&s, &seg)) {
        PROMISE(seg.payload_off == off);
        PROMISE(seg.payload_len > 0 && seg.payload_len <= gso->mss);
        PROMISE(off + seg.payload_len <= frame_len);
        banyan_segment_set_csum(&seg, banyan_csum_buf(frame + off,
                                                      seg.payload_len));
        check_segment(&seg, frame + off);
        off += seg.payload_len;
    }
    PROMISE(off == frame_len);
}

/* Offsets that fit, as far as there are any, so that segments come about */
static void fit_gso(BanyanGso *gso, const BanyanPacket *pkt)
{
    if (pkt->l4 == BANYAN_L4_NONE) {
        return;
    }
    gso->type = pkt->l4 == BANYAN_L4_UDP ? BNY_GSO_UDP :
                pkt->l3 == BANYAN_L3_IPV4 ? BNY_GSO_TCPV4 : BNY_GSO_TCPV6;
    gso->l3_off = pkt->l3_off;
    gso->l4_off = pkt->l4_off;
    gso->csum_off = pkt->l4 == BANYAN_L4_UDP ? 6 : 16;
    gso->hdr_len = pkt->hdr_len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct FuzzInput in;
    const uint8_t *frame;
    size_t frame_len, hdr_len, cut;
    struct iovec iov[2];
    BanyanPacket pkt, headers;
    uint16_t csum;
    uint8_t *hdr;
    BanyanGso gso;

    if (size < sizeof(in)) {
        return 0;
    }
    memcpy(&in, data, sizeof(in));
    frame = data + sizeof(in);
    frame_len = size - sizeof(in);

    /* Headers in an allocation of their own size: reads beyond are seen */
    hdr_len = smaller(frame_len, in.hdr_len % (BANYAN_PACKET_HDR_MAX + 1));
    hdr = malloc(hdr_len + 1);
    memcpy(hdr, frame, hdr_len);
    hdr = realloc(hdr, hdr_len ? hdr_len : 1);

    banyan_packet_parse(&pkt, hdr, hdr_len, frame_len);
    check_packet(&pkt, hdr_len, frame_len);
    banyan_packet_parse_headers(&headers, hdr, hdr_len, frame_len);
    check_packet(&headers, hdr_len, frame_len);
    check_rss(&pkt, hdr);

    cut = smaller(in.cut, frame_len);
    iov[0].iov_base = (void *)frame;
    iov[0].iov_len = cut;
    iov[1].iov_base = (void *)(frame + cut);
    iov[1].iov_len = frame_len - cut;
    banyan_csum_verify(&pkt, hdr, iov, 2);
    banyan_csum_partial(iov, 2, frame_len, in.l4_off, in.csum_off, &csum);

    gso = (BanyanGso) {
        .type = in.type % 8,
        .l3_off = in.l3_off,
        .l4_off = in.l4_off,
        .csum_off = in.csum_off,
        .hdr_len = in.gso_hdr_len,
        .mss = in.mss,
    };
    check_segments(&gso, hdr, hdr_len, frame, frame_len);
    fit_gso(&gso, &headers);
    check_segments(&gso, hdr, hdr_len, frame, frame_len);
    free(hdr);
    return 0;
}
