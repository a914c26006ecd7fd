/*
 * Unit tests: cutting large frames into segments
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "checksum.h"
#include "frames.h"
#include "segment.h"

#define FIN 0x01
#define SYN 0x02
#define PSH 0x08
#define ACK 0x10
#define CWR 0x80

/* What a segmentation frame is made of, and each of its segments too */
typedef struct Shape {
    bool ipv6;
    bool udp;
    unsigned tags;
    unsigned ip_options;    /* words; IPv6: bytes of extension header */
    unsigned tcp_options;   /* words */
    uint8_t flags;
} Shape;

static const Shape shapes[] = {
    { .flags = ACK | PSH },
    { .ip_options = 3, .tcp_options = 10, .flags = ACK },
    { .tags = 2, .tcp_options = 3, .flags = ACK | PSH | FIN | CWR },
    { .ipv6 = true, .tcp_options = 3, .flags = ACK | PSH },
    { .ipv6 = true, .tags = 1, .ip_options = 16, .flags = ACK | FIN },
    { .udp = true },
    { .udp = true, .tags = 1, .ip_options = 2 },
    { .ipv6 = true, .udp = true },
};

/*
 * A frame of that shape around some payload. Segments are built with it as
 * well, and frame_finish() writes what segmentation has to come to.
 */
static Frame *shape_frame(const Shape *shape, uint32_t seq, uint16_t id,
                          uint8_t flags, const uint8_t *payload, size_t len)
{
    uint8_t proto = shape->udp ? 17 : 6;
    uint16_t type = shape->ipv6 ? 0x86dd : 0x0800;
    Frame *f = frame_new();
    unsigned i;

    frame_ether(f, type);
    for (i = 0; i < shape->tags; i++) {
        frame_tag(f, 0x8100, 100 + i, type);
    }
    if (!shape->ipv6) {
        frame_ipv4(f, proto, shape->ip_options);
        put16(f->data + f->l3_off + 4, id);
    } else if (shape->ip_options) {
        frame_ipv6(f, 60);
        frame_ipv6_ext(f, proto, shape->ip_options);
    } else {
        frame_ipv6(f, proto);
    }
    if (shape->udp) {
        frame_udp(f);
    } else {
        frame_tcp(f, seq, flags, shape->tcp_options);
    }
    frame_payload(f, len, 0);
    memcpy(f->data + f->payload_off, payload, len);
    frame_finish(f);
    return f;
}

static BanyanGso gso_of(const Frame *f, uint16_t mss)
{
    BanyanGso gso = {
        .type = f->proto == 17 ? BNY_GSO_UDP :
                f->ipv6 ? BNY_GSO_TCPV6 : BNY_GSO_TCPV4,
        .l3_off = f->l3_off,
        .l4_off = f->l4_off,
        .csum_off = f->proto == 17 ? 6 : 16,
        .hdr_len = f->payload_off,
        .mss = mss,
    };

    return gso;
}

/* Headers in an allocation of just their size */
static bool init_exact(BanyanSegmenter *s, const BanyanGso *gso, const Frame *f,
                       size_t hdr_len)
{
    g_autofree uint8_t *hdr = g_malloc(MAX(hdr_len, 1));

    memcpy(hdr, f->data, hdr_len);
    return banyan_segment_init(s, gso, hdr, hdr_len, f->len);
}

static bool init(BanyanSegmenter *s, const BanyanGso *gso, const Frame *f)
{
    return init_exact(s, gso, f, MIN(f->len, BANYAN_PACKET_TAGGED_HDR_MAX));
}

/* Compare segment for segment with frames that were built from scratch */
static void check_shape(const Shape *shape, size_t len, uint16_t mss)
{
    g_autofree uint8_t *payload = g_malloc(len);
    g_autofree Frame *f = NULL;
    size_t nr = 0, off = 0;
    BanyanSegmenter s;
    BanyanSegment seg;
    BanyanGso gso;
    size_t i;

    for (i = 0; i < len; i++) {
        payload[i] = i * 13 + i / 256;
    }
    f = shape_frame(shape, 0xffffff00, 0xfffe, shape->flags, payload, len);
    gso = gso_of(f, mss);
    g_assert_true(init(&s, &gso, f));
    g_assert_cmpuint(s.segs, ==, (len + mss - 1) / mss);

    while (banyan_segment_next(&s, &seg) && !g_test_failed()) {
        size_t want_len = MIN(len - off, mss);
        uint8_t flags = shape->flags;
        g_autofree Frame *want = NULL;

        if (off) {
            flags &= ~CWR;
        }
        if (off + want_len < len) {
            flags &= ~(FIN | PSH);
        }
        want = shape_frame(shape, 0xffffff00 + off, 0xfffe + nr, flags,
                           payload + off, want_len);

        g_assert_cmpuint(seg.payload_off, ==, f->payload_off + off);
        g_assert_cmpuint(seg.payload_len, ==, want_len);
        banyan_segment_set_csum(&seg, ref_sum(payload + off, want_len));
        g_assert_cmpmem(seg.hdr, seg.hdr_len, want->data, want->payload_off);
        off += want_len;
        nr++;
    }
    g_assert_cmpuint(off, ==, len);
    g_assert_cmpuint(nr, ==, s.segs);
}

static void test_like_frames_from_scratch(void)
{
    static const struct {
        size_t len;
        uint16_t mss;
    } sizes[] = {
        { 1, 1448 }, { 1448, 1448 }, { 1449, 1448 }, { 5000, 999 },
        { 4321, 32 }, { 65000, 1400 }, { 65000, 9000 },
    };
    size_t i, k;

    for (i = 0; i < G_N_ELEMENTS(shapes); i++) {
        for (k = 0; k < G_N_ELEMENTS(sizes) && !g_test_failed(); k++) {
            check_shape(&shapes[i], sizes[k].len, sizes[k].mss);
        }
    }
}

/* The pseudo-header's sum in the field, and completing it gives the whole */
static void test_partial_can_be_completed(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(shapes); i++) {
        uint8_t payload[300] = { 1, 2, 3 };
        g_autofree Frame *f = shape_frame(&shapes[i], 5, 6, shapes[i].flags,
                                          payload, sizeof(payload));
        BanyanGso gso = gso_of(f, 100);
        BanyanSegmenter s;
        BanyanSegment seg;

        g_assert_true(init(&s, &gso, f));
        while (banyan_segment_next(&s, &seg)) {
            BanyanSegment whole = seg;
            uint16_t csum;
            struct iovec iov[2] = {
                { seg.hdr, seg.hdr_len },
                { f->data + seg.payload_off, seg.payload_len },
            };

            banyan_segment_set_partial(&seg);
            banyan_segment_set_csum(&whole, ref_sum(iov[1].iov_base,
                                                    iov[1].iov_len));
            g_assert_true(banyan_csum_partial(iov, 2,
                                              seg.hdr_len + seg.payload_len,
                                              seg.l4_off, seg.csum_off, &csum));
            put16(seg.hdr + seg.l4_off + seg.csum_off, csum);
            g_assert_cmpmem(seg.hdr, seg.hdr_len, whole.hdr, whole.hdr_len);
        }
    }
}

static void test_setting_csum_after_partial(void)
{
    g_autofree Frame *f = frame_tcpv4(10);
    BanyanGso gso = gso_of(f, 100);
    BanyanSegmenter s;
    BanyanSegment seg;

    g_assert_true(init(&s, &gso, f));
    g_assert_true(banyan_segment_next(&s, &seg));
    banyan_segment_set_partial(&seg);
    banyan_segment_set_csum(&seg, ref_sum(f->data + f->payload_off, 10));
    g_assert_cmphex(get16(seg.hdr + f->l4_off + 16), ==,
                    get16(f->data + f->l4_off + 16));
}

/* RFC 768: a sum of all ones is sent as such, for 0 means that there's none */
static void test_udp_checksum_is_never_zero(void)
{
    g_autofree Frame *f = frame_udpv4(2);
    uint8_t *payload = f->data + f->payload_off;
    BanyanGso gso = gso_of(f, 32);
    BanyanSegmenter s;
    BanyanSegment seg;

    put16(payload, 0);
    frame_finish(f);
    put16(payload, get16(f->data + f->l4_off + 6)); /* so the sum is ffffh */
    g_assert_true(init(&s, &gso, f));
    g_assert_true(banyan_segment_next(&s, &seg));
    banyan_segment_set_csum(&seg, get16(payload));
    g_assert_cmphex(get16(seg.hdr + f->l4_off + 6), ==, 0xffff);
}

/* A driver may leave any IP length in a frame that is to be segmented */
static void test_ip_length_of_frame_is_ignored(void)
{
    g_autofree Frame *f = frame_tcpv4(3000);
    BanyanGso gso = gso_of(f, 1000);
    BanyanSegmenter s;

    put16(f->data + f->l3_off + 2, 0);
    g_assert_true(init(&s, &gso, f));
    g_assert_cmpuint(s.segs, ==, 3);
}

/*
 * 254 bytes: headers are 2 modulo 4, so none has just BNY_GSO_HDR_LEN_MAX; and
 * with the tag of a port VLAN
 */
static void test_longest_headers(void)
{
    Shape shape = {
        .ipv6 = true,
        .ip_options = 176,
        .tcp_options = 1,
        .flags = ACK,
    };

    check_shape(&shape, 1000, 300);
    shape.tcp_options++;
    check_shape(&shape, 1000, 300);
}

/* Refusals: each takes a frame that fits and spoils one thing */

typedef struct Good {
    Frame *f;
    BanyanGso gso;
    BanyanSegmenter s;
} Good;

static void good_tcpv4(Good *g, gconstpointer unused)
{
    g->f = frame_tcpv4(3000);
    g->gso = gso_of(g->f, 1000);
    g_assert_true(init(&g->s, &g->gso, g->f));
}

static void good_udpv6(Good *g, gconstpointer unused)
{
    g->f = frame_udpv6(3000);
    g->gso = gso_of(g->f, 1000);
    g_assert_true(init(&g->s, &g->gso, g->f));
}

static void good_free(Good *g, gconstpointer unused)
{
    g_free(g->f);
}

static void check_refused(Good *g)
{
    BanyanSegment seg;

    g_assert_false(init(&g->s, &g->gso, g->f));
    g_assert_false(banyan_segment_next(&g->s, &seg));
}

static void test_no_type(Good *g, gconstpointer unused)
{
    g->gso.type = BNY_GSO_NONE;
    check_refused(g);
    g->gso.type = 7;
    check_refused(g);
}

static void test_type_of_other_ip_version(Good *g, gconstpointer unused)
{
    g->gso.type = BNY_GSO_TCPV6;
    check_refused(g);
}

static void test_type_of_other_transport(Good *g, gconstpointer unused)
{
    g->gso.type = BNY_GSO_UDP;
    g->gso.csum_off = 6;
    check_refused(g);
}

static void test_tcpv6_type_for_udp(Good *g, gconstpointer unused)
{
    g->gso.type = BNY_GSO_TCPV6;
    check_refused(g);
}

static void test_tcpv4_type_for_udp(Good *g, gconstpointer unused)
{
    g_free(g->f);
    g->f = frame_udpv4(3000);
    g->gso = gso_of(g->f, 1000);
    g_assert_true(init(&g->s, &g->gso, g->f));
    g->gso.type = BNY_GSO_TCPV4;
    check_refused(g);
}

static void test_l3_off_elsewhere(Good *g, gconstpointer unused)
{
    g->gso.l3_off++;
    check_refused(g);
    g->gso.l3_off = 0;
    check_refused(g);
}

static void test_l4_off_elsewhere(Good *g, gconstpointer unused)
{
    g->gso.l4_off += 4;
    check_refused(g);
    g->gso.l4_off = 65535;
    check_refused(g);
}

static void test_csum_off_elsewhere(Good *g, gconstpointer unused)
{
    g->gso.csum_off = 6;
    check_refused(g);
    g->gso.csum_off = 65535;
    check_refused(g);
}

static void test_hdr_len_elsewhere(Good *g, gconstpointer unused)
{
    g->gso.hdr_len--;
    check_refused(g);
    g->gso.hdr_len += 2;
    check_refused(g);
    g->gso.hdr_len = 0;
    check_refused(g);
}

static void test_hdr_len_over_maximum(Good *g, gconstpointer unused)
{
    g->gso.hdr_len = BANYAN_PACKET_TAGGED_HDR_MAX + 1;
    check_refused(g);
    g->gso.hdr_len = 65535;
    check_refused(g);
}

static void test_fewer_bytes_than_hdr_len(Good *g, gconstpointer unused)
{
    g_assert_false(init_exact(&g->s, &g->gso, g->f, g->gso.hdr_len - 1));
}

static void test_no_payload(Good *g, gconstpointer unused)
{
    g->f->len = g->f->payload_off;
    check_refused(g);
}

static void test_mss_below_minimum(Good *g, gconstpointer unused)
{
    g->gso.mss = BNY_MSS_MIN - 1;
    check_refused(g);
    g->gso.mss = 0;
    check_refused(g);
}

static void test_ip_fragment(Good *g, gconstpointer unused)
{
    put16(g->f->data + g->f->l3_off + 6, 0x2000);
    check_refused(g);
}

static void test_ip_options_say_other_length(Good *g, gconstpointer unused)
{
    g->f->data[g->f->l3_off] = 0x46;
    check_refused(g);
}

static void test_tcp_options_say_other_length(Good *g, gconstpointer unused)
{
    g->f->data[g->f->l4_off + 12] = 0x50;
    check_refused(g);
}

static void test_routed(Good *g, gconstpointer unused)
{
    uint8_t payload[100] = { 0 };
    Shape shape = { .ipv6 = true, .ip_options = 24, .flags = ACK };
    g_autofree Frame *f = shape_frame(&shape, 0, 0, ACK, payload, 100);

    f->data[f->l3_off + 6] = 43;
    g->gso = gso_of(f, 50);
    g_assert_true(init(&g->s, &g->gso, f));
    f->data[f->l3_off + 40 + 3] = 1; /* segments left */
    g_assert_false(init(&g->s, &g->gso, f));
}

/* One segment whose length doesn't fit the 16 bits of an IP header */
static void test_segment_longer_than_ip_can_say(void)
{
    size_t most4 = 65535 - 20 - 32, most6 = 65535 - 20;
    Frame *f = frame_tcpv4(most4);
    BanyanGso gso = gso_of(f, 65535);
    BanyanSegmenter s;

    g_assert_true(init(&s, &gso, f));
    f->len++;
    g_assert_false(init(&s, &gso, f));
    g_free(f);

    f = frame_tcpv6(most6);
    gso = gso_of(f, 65535);
    g_assert_true(init(&s, &gso, f));
    f->len++;
    g_assert_false(init(&s, &gso, f));
    g_free(f);
}

static void test_more_segments_than_can_be_counted(void)
{
    g_autofree Frame *f = frame_tcpv4(100);
    BanyanGso gso = gso_of(f, 32);
    size_t most = gso.hdr_len + 65535UL * 32;
    BanyanSegmenter s;

    g_assert_true(banyan_segment_init(&s, &gso, f->data, gso.hdr_len, most));
    g_assert_cmpuint(s.segs, ==, 65535);
    g_assert_false(banyan_segment_init(&s, &gso, f->data, gso.hdr_len,
                                       most + 1));
    g_assert_false(banyan_segment_init(&s, &gso, f->data, gso.hdr_len,
                                       SIZE_MAX));
}

/* Any segment can be had first, and is the same; behind the last is none */
static void test_seeking(void)
{
    uint8_t payload[1000] = { 1, 2, 3 };
    g_autofree Frame *f = shape_frame(&shapes[0], 7, 8, shapes[0].flags,
                                      payload, sizeof(payload));
    BanyanGso gso = gso_of(f, 100);
    BanyanSegment want, got;
    BanyanSegmenter s, other;

    g_assert_true(init(&s, &gso, f));
    for (unsigned i = 0; banyan_segment_next(&s, &want); i++) {
        g_assert_true(init(&other, &gso, f));
        banyan_segment_seek(&other, i);
        g_assert_true(banyan_segment_next(&other, &got));
        g_assert_cmpuint(got.payload_off, ==, want.payload_off);
        g_assert_cmpmem(got.hdr, got.hdr_len, want.hdr, want.hdr_len);
    }
    banyan_segment_seek(&s, s.segs);
    g_assert_false(banyan_segment_next(&s, &got));
    banyan_segment_seek(&s, UINT32_MAX);
    g_assert_false(banyan_segment_next(&s, &got));
}

int main(int argc, char **argv)
{
    unit_init(&argc, &argv);
#define ADD(name) g_test_add_func("/segment/" #name, test_##name)
#define ADD_REFUSED(name, good)                                       \
    g_test_add("/segment/refuse/" #name, Good, NULL, good, test_##name, \
               good_free)
    ADD(like_frames_from_scratch);
    ADD(partial_can_be_completed);
    ADD(setting_csum_after_partial);
    ADD(udp_checksum_is_never_zero);
    ADD(ip_length_of_frame_is_ignored);
    ADD(longest_headers);
    ADD(seeking);
    ADD_REFUSED(no_type, good_tcpv4);
    ADD_REFUSED(type_of_other_ip_version, good_tcpv4);
    ADD_REFUSED(type_of_other_transport, good_tcpv4);
    ADD_REFUSED(tcpv6_type_for_udp, good_udpv6);
    ADD_REFUSED(tcpv4_type_for_udp, good_udpv6);
    ADD_REFUSED(l3_off_elsewhere, good_tcpv4);
    ADD_REFUSED(l4_off_elsewhere, good_tcpv4);
    ADD_REFUSED(csum_off_elsewhere, good_tcpv4);
    ADD_REFUSED(hdr_len_elsewhere, good_tcpv4);
    ADD_REFUSED(hdr_len_over_maximum, good_udpv6);
    ADD_REFUSED(fewer_bytes_than_hdr_len, good_tcpv4);
    ADD_REFUSED(no_payload, good_udpv6);
    ADD_REFUSED(mss_below_minimum, good_tcpv4);
    ADD_REFUSED(ip_fragment, good_tcpv4);
    ADD_REFUSED(ip_options_say_other_length, good_tcpv4);
    ADD_REFUSED(tcp_options_say_other_length, good_tcpv4);
    ADD_REFUSED(routed, good_tcpv4);
    ADD(segment_longer_than_ip_can_say);
    ADD(more_segments_than_can_be_counted);
    return g_test_run();
}
