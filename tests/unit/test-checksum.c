/*
 * Unit tests: Internet checksums
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "checksum.h"
#include "frames.h"

/* The numerical example of RFC 1071, section 3 */
static const uint8_t rfc1071[8] = {
    0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7,
};

static void test_rfc1071_example(void)
{
    g_assert_cmphex(banyan_csum_buf(rfc1071, 8), ==, 0xddf2);
}

/* The same example says how parts of odd length are put together */
static void test_rfc1071_odd_parts(void)
{
    uint8_t first[3], second[5];
    struct iovec iov[2] = { { first, 3 }, { second, 5 } };

    memcpy(first, rfc1071, 3);
    memcpy(second, rfc1071 + 3, 5);
    g_assert_cmphex(banyan_csum_buf(first, 3), ==, 0xf201);
    g_assert_cmphex(banyan_csum_iov(iov, 2, 0, 8), ==, 0xddf2);
}

/* A captured IPv4 header that circulates in textbooks: its checksum is b861 */
static void test_ipv4_header_example(void)
{
    static const uint8_t ip[20] = {
        0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
        0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7,
    };

    g_assert_cmphex((uint16_t)~banyan_csum_buf(ip, 20), ==, 0xb861);
}

static void test_nothing_sums_to_zero(void)
{
    g_assert_cmphex(banyan_csum_buf(rfc1071, 0), ==, 0);
    g_assert_cmphex(banyan_csum_iov(NULL, 0, 0, 100), ==, 0);
}

static void test_odd_byte_is_high_half(void)
{
    g_assert_cmphex(banyan_csum_buf("\xab", 1), ==, 0xab00);
}

static void test_add_carries_around(void)
{
    g_assert_cmphex(banyan_csum_add(0xffff, 0x0001), ==, 0x0001);
    g_assert_cmphex(banyan_csum_add(0x8000, 0x8000), ==, 0x0001);
    g_assert_cmphex(banyan_csum_add(0x1234, 0x4321), ==, 0x5555);
}

/* All bits set, as long as a frame can be: every carry that there can be */
static void test_longest_buffer_of_ones(void)
{
    size_t len = 512 * 1024;
    g_autofree uint8_t *ones = g_malloc(len);

    memset(ones, 0xff, len);
    g_assert_cmphex(banyan_csum_buf(ones, len), ==, 0xffff);
    g_assert_cmphex(banyan_csum_buf(ones, len - 1), ==,
                    ref_sum(ones, len - 1));
}

static void test_every_length_and_alignment(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1071);
    size_t len, skew;

    for (len = 0; len < 130 && !g_test_failed(); len++) {
        for (skew = 0; skew < 9; skew++) {
            g_autofree uint8_t *p = g_malloc(len + skew + 1);

            fill(rand, p, len + skew);
            g_assert_cmphex(banyan_csum_buf(p + skew, len), ==,
                            ref_sum(p + skew, len));
        }
    }
}

static void test_scattered_like_whole(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(768);
    uint8_t data[3000];
    int i;

    for (i = 0; i < 3000 && !g_test_failed(); i++) {
        size_t total = g_rand_int_range(rand, 1, sizeof(data));
        size_t off = g_rand_int_range(rand, 0, total);
        size_t len = g_rand_int_range(rand, 0, total - off + 1);
        Scatter s;

        fill(rand, data, total);
        scatter(&s, rand, data, total, g_rand_int_range(rand, 1, 20));
        g_assert_cmphex(banyan_csum_iov(s.iov, s.cnt, off, len), ==,
                        ref_sum(data + off, len));
        scatter_free(&s);
    }
}

static void test_beyond_buffers_is_nothing(void)
{
    struct iovec iov[1] = { { (void *)rfc1071, 8 } };

    g_assert_cmphex(banyan_csum_iov(iov, 1, 0, 1000), ==, 0xddf2);
    g_assert_cmphex(banyan_csum_iov(iov, 1, 8, 1), ==, 0);
    g_assert_cmphex(banyan_csum_iov(iov, 1, SIZE_MAX, SIZE_MAX), ==, 0);
}

/* Verification */

static BanyanCsum verify(const Frame *f)
{
    struct iovec iov[2] = {
        { (void *)f->data, 21 },
        { (void *)(f->data + 21), f->len - 21 },
    };
    BanyanPacket pkt;

    parse_frame(&pkt, f);
    return banyan_csum_verify(&pkt, f->data, iov, 2);
}

typedef Frame *FrameFunc(size_t payload);

static FrameFunc *const kinds[] = {
    frame_tcpv4, frame_tcpv6, frame_udpv4, frame_udpv6,
};

static void test_verify_right(void)
{
    size_t i, payload;

    for (i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (payload = 0; payload < 20; payload++) {
            g_autofree Frame *f = kinds[i](payload);

            g_assert_cmpint(verify(f), ==, BANYAN_CSUM_OK);
        }
    }
}

static void test_verify_wrong_at_each_byte(void)
{
    size_t i, byte;

    for (i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree Frame *f = kinds[i](33);

        for (byte = f->payload_off; byte < f->len; byte++) {
            f->data[byte] ^= 0x10;
            g_assert_cmpint(verify(f), ==, BANYAN_CSUM_BAD);
            f->data[byte] ^= 0x10;
        }
    }
}

static void test_verify_covers_addresses(void)
{
    g_autofree Frame *v4 = frame_tcpv4(10);
    g_autofree Frame *v6 = frame_tcpv6(10);

    v4->data[v4->l3_off + 12]++;
    v6->data[v6->l3_off + 39]++;
    g_assert_cmpint(verify(v4), ==, BANYAN_CSUM_BAD);
    g_assert_cmpint(verify(v6), ==, BANYAN_CSUM_BAD);
}

static void test_verify_ignores_padding(void)
{
    g_autofree Frame *f = frame_udpv4(5);

    memset(f->data + f->len, 0x5a, 60 - f->len);
    f->len = 60;
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_OK);
}

static void test_verify_udpv4_none_is_ok(void)
{
    g_autofree Frame *f = frame_udpv4(5);

    put16(f->data + f->l4_off + 6, 0);
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_OK);
}

static void test_verify_udpv6_none_is_unknown(void)
{
    g_autofree Frame *f = frame_udpv6(5);

    put16(f->data + f->l4_off + 6, 0);
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_UNKNOWN);
}

/* A UDP length below what IP carries is legal: the checksum covers less */
static void test_verify_udp_shorter_than_ip(void)
{
    g_autofree Frame *f = frame_udpv4(20);

    frame_payload(f, 6, 99);
    put16(f->data + f->l3_off + 2, f->len - f->l3_off);
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_OK);
}

static void test_verify_udp_length_wrong_is_unknown(void)
{
    g_autofree Frame *f = frame_udpv4(20);

    put16(f->data + f->l4_off + 4, 29);
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_UNKNOWN);
    put16(f->data + f->l4_off + 4, 7);
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_UNKNOWN);
}

static void test_verify_fragment_is_unknown(void)
{
    g_autofree Frame *f = frame_udpv4(20);

    put16(f->data + f->l3_off + 6, 0x2000);
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_UNKNOWN);
}

static void test_verify_routed_is_unknown(void)
{
    g_autofree Frame *f = frame_new();

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 43);
    frame_ipv6_ext(f, 6, 24);
    f->data[f->len - 24 + 3] = 1; /* segments left */
    frame_tcp(f, 0, 0x10, 0);
    frame_finish(f);
    g_assert_cmpint(verify(f), ==, BANYAN_CSUM_UNKNOWN);
}

/* Partial checksums */

/* As a driver hands it over: the pseudo-header's sum in the field */
static size_t make_partial(Frame *f)
{
    size_t csum_off = f->proto == 17 ? 6 : 16;
    uint8_t *field = f->data + f->l4_off + csum_off;
    size_t len = f->len - f->l4_off;
    size_t addrs = f->ipv6 ? 32 : 8;
    uint8_t pseudo[36];

    memcpy(pseudo, f->data + f->l3_off + (f->ipv6 ? 8 : 12), addrs);
    put16(pseudo + addrs, len);
    put16(pseudo + addrs + 2, f->proto);
    put16(field, ref_sum(pseudo, addrs + 4));
    return csum_off;
}

static void test_partial_makes_whole(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9293);
    size_t i, payload;

    for (i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (payload = 0; payload < 300 && !g_test_failed(); payload++) {
            g_autofree Frame *f = kinds[i](payload);
            g_autofree Frame *want = g_memdup2(f, sizeof(*f));
            size_t csum_off = make_partial(f);
            uint16_t csum;
            Scatter s;

            scatter(&s, rand, f->data, f->len, 12);
            g_assert_true(banyan_csum_partial(s.iov, s.cnt, f->len, f->l4_off,
                                              csum_off, &csum));
            put16(f->data + f->l4_off + csum_off, csum);
            g_assert_cmpmem(f->data, f->len, want->data, want->len);
            scatter_free(&s);
        }
    }
}

static void test_partial_is_never_zero(void)
{
    uint8_t ones[8];
    struct iovec iov[1] = { { ones, 8 } };
    uint16_t csum = 0;

    memset(ones, 0xff, 8);
    g_assert_true(banyan_csum_partial(iov, 1, 8, 0, 6, &csum));
    g_assert_cmphex(csum, ==, 0xffff);
}

static void test_partial_outside_is_refused(void)
{
    uint8_t data[20] = { 0 };
    struct iovec iov[1] = { { data, 20 } };
    uint16_t csum;

    g_assert_true(banyan_csum_partial(iov, 1, 20, 10, 8, &csum));
    g_assert_true(banyan_csum_partial(iov, 1, 20, 18, 0, &csum));
    g_assert_false(banyan_csum_partial(iov, 1, 20, 10, 9, &csum));
    g_assert_false(banyan_csum_partial(iov, 1, 20, 19, 0, &csum));
    g_assert_false(banyan_csum_partial(iov, 1, 20, 21, 0, &csum));
    g_assert_false(banyan_csum_partial(iov, 1, 20, 65535, 65535, &csum));
    g_assert_false(banyan_csum_partial(iov, 1, 0, 0, 0, &csum));
}

static void test_pseudo_counts_long_lengths(void)
{
    uint8_t ip[40] = { 0x60 };

    g_assert_cmphex(banyan_csum_pseudo(BANYAN_L3_IPV6, ip, 6, 0x00020003), ==,
                    11);
}

int main(int argc, char **argv)
{
    unit_init(&argc, &argv);
#define ADD(name) g_test_add_func("/checksum/" #name, test_##name)
    ADD(rfc1071_example);
    ADD(rfc1071_odd_parts);
    ADD(ipv4_header_example);
    ADD(nothing_sums_to_zero);
    ADD(odd_byte_is_high_half);
    ADD(add_carries_around);
    ADD(longest_buffer_of_ones);
    ADD(every_length_and_alignment);
    ADD(scattered_like_whole);
    ADD(beyond_buffers_is_nothing);
    ADD(verify_right);
    ADD(verify_wrong_at_each_byte);
    ADD(verify_covers_addresses);
    ADD(verify_ignores_padding);
    ADD(verify_udpv4_none_is_ok);
    ADD(verify_udpv6_none_is_unknown);
    ADD(verify_udp_shorter_than_ip);
    ADD(verify_udp_length_wrong_is_unknown);
    ADD(verify_fragment_is_unknown);
    ADD(verify_routed_is_unknown);
    ADD(partial_makes_whole);
    ADD(partial_is_never_zero);
    ADD(partial_outside_is_refused);
    ADD(pseudo_counts_long_lengths);
    return g_test_run();
}
