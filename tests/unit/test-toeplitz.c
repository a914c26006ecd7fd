/*
 * Unit tests: receive side scaling hash
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <string.h>

#include "frames.h"
#include "toeplitz.h"

#define ALL_TYPES 0x3f

/* Microsoft, "Verifying the RSS hash calculation": the key, 40 bytes of it */
static const uint8_t key[BNY_RSS_KEY_LEN] = {
    0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2,
    0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0,
    0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4,
    0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
    0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

/* ... and its vectors */
typedef struct Vector {
    int family;
    const char *dst;
    uint16_t dst_port;
    const char *src;
    uint16_t src_port;
    uint32_t ip_hash;
    uint32_t l4_hash;
} Vector;

static const Vector vectors[] = {
    { AF_INET, "161.142.100.80", 1766, "66.9.149.187", 2794,
      0x323e8fc2, 0x51ccc178 },
    { AF_INET, "65.69.140.83", 4739, "199.92.111.2", 14230,
      0xd718262a, 0xc626b0ea },
    { AF_INET, "12.22.207.184", 38024, "24.19.198.95", 12898,
      0xd2d0a5de, 0x5c2b394a },
    { AF_INET, "209.142.163.6", 2217, "38.27.205.30", 48228,
      0x82989176, 0xafc7327f },
    { AF_INET, "202.188.127.2", 1303, "153.39.163.191", 44251,
      0x5d1809c5, 0x10e828a2 },
    { AF_INET6, "3ffe:2501:200:3::1", 1766, "3ffe:2501:200:1fff::7", 2794,
      0x2cc18cd5, 0x40207d3d },
    { AF_INET6, "ff02::1", 4739, "3ffe:501:8::260:97ff:fe40:efab", 14230,
      0x0f0c461c, 0xdde51bbf },
    { AF_INET6, "fe80::200:f8ff:fe21:67cf", 38024,
      "3ffe:1900:4545:3:200:f8ff:fe21:67cf", 44251,
      0x4b61e985, 0x02d1feef },
};

static BanyanToeplitz toeplitz;

/* A frame with the vector's addresses and ports */
static Frame *vector_frame(const Vector *v, bool udp)
{
    Frame *f;

    if (v->family == AF_INET) {
        f = udp ? frame_udpv4(10) : frame_tcpv4(10);
        inet_pton(AF_INET, v->src, f->data + f->l3_off + 12);
        inet_pton(AF_INET, v->dst, f->data + f->l3_off + 16);
    } else {
        f = udp ? frame_udpv6(10) : frame_tcpv6(10);
        inet_pton(AF_INET6, v->src, f->data + f->l3_off + 8);
        inet_pton(AF_INET6, v->dst, f->data + f->l3_off + 24);
    }
    put16(f->data + f->l4_off, v->src_port);
    put16(f->data + f->l4_off + 2, v->dst_port);
    return f;
}

static uint8_t rss(const Frame *f, uint8_t types, uint32_t *hash)
{
    BanyanPacket pkt;

    parse_frame(&pkt, f);
    return banyan_rss_hash(&toeplitz, types, &pkt, f->data, hash);
}

/* All vectors of a family, with one hash type enabled */
static void check_vectors(int family, bool udp, uint8_t type, bool ports)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(vectors); i++) {
        const Vector *v = &vectors[i];
        g_autofree Frame *f = vector_frame(v, udp);
        uint32_t hash = 0;

        if (v->family == family) {
            g_assert_cmphex(rss(f, type, &hash), ==, type);
            g_assert_cmphex(hash, ==, ports ? v->l4_hash : v->ip_hash);
        }
    }
}

static void test_microsoft_ipv4(void)
{
    check_vectors(AF_INET, false, BNY_RSS_TYPE_IPV4, false);
}

static void test_microsoft_tcpv4(void)
{
    check_vectors(AF_INET, false, BNY_RSS_TYPE_TCPV4, true);
}

static void test_microsoft_ipv6(void)
{
    check_vectors(AF_INET6, false, BNY_RSS_TYPE_IPV6, false);
}

static void test_microsoft_tcpv6(void)
{
    check_vectors(AF_INET6, false, BNY_RSS_TYPE_TCPV6, true);
}

/* Microsoft has no UDP vectors; the input is the same as TCP's */
static void test_udp_hashes_like_tcp(void)
{
    check_vectors(AF_INET, true, BNY_RSS_TYPE_UDPV4, true);
    check_vectors(AF_INET6, true, BNY_RSS_TYPE_UDPV6, true);
}

static void test_transport_goes_before_ip(void)
{
    g_autofree Frame *tcp4 = frame_tcpv4(1), *udp4 = frame_udpv4(1);
    g_autofree Frame *tcp6 = frame_tcpv6(1), *udp6 = frame_udpv6(1);
    uint32_t hash;

    g_assert_cmphex(rss(tcp4, ALL_TYPES, &hash), ==, BNY_RSS_TYPE_TCPV4);
    g_assert_cmphex(rss(udp4, ALL_TYPES, &hash), ==, BNY_RSS_TYPE_UDPV4);
    g_assert_cmphex(rss(tcp6, ALL_TYPES, &hash), ==, BNY_RSS_TYPE_TCPV6);
    g_assert_cmphex(rss(udp6, ALL_TYPES, &hash), ==, BNY_RSS_TYPE_UDPV6);
}

static void test_no_enabled_type_no_hash(void)
{
    g_autofree Frame *f = frame_tcpv4(1);
    uint32_t hash = 1234;

    g_assert_cmphex(rss(f, 0, &hash), ==, 0);
    g_assert_cmphex(rss(f, BNY_RSS_TYPE_UDPV4 | BNY_RSS_TYPE_TCPV6, &hash),
                    ==, 0);
    g_assert_cmpuint(hash, ==, 1234);
}

/* All fragments of a datagram must go the same way: only the first has ports */
static void test_fragments_hash_by_address(void)
{
    g_autofree Frame *f = vector_frame(&vectors[0], true);
    uint32_t hash = 0;

    put16(f->data + f->l3_off + 6, 0x2000);
    g_assert_cmphex(rss(f, ALL_TYPES, &hash), ==, BNY_RSS_TYPE_IPV4);
    g_assert_cmphex(hash, ==, vectors[0].ip_hash);
    put16(f->data + f->l3_off + 6, 0x0010);
    g_assert_cmphex(rss(f, ALL_TYPES, &hash), ==, BNY_RSS_TYPE_IPV4);
    g_assert_cmphex(hash, ==, vectors[0].ip_hash);
}

static void test_other_protocols_hash_by_address(void)
{
    g_autofree Frame *f = vector_frame(&vectors[0], false);
    uint32_t hash = 0;

    f->data[f->l3_off + 9] = 1; /* ICMP */
    g_assert_cmphex(rss(f, ALL_TYPES, &hash), ==, BNY_RSS_TYPE_IPV4);
    g_assert_cmphex(hash, ==, vectors[0].ip_hash);
}

static void test_not_ip_no_hash(void)
{
    g_autofree Frame *f = frame_tcpv4(1);
    uint32_t hash;

    put16(f->data + 12, 0x0806); /* ARP */
    g_assert_cmphex(rss(f, ALL_TYPES, &hash), ==, 0);
}

/* One bit of input after the other, as the definition says */
static uint32_t ref_toeplitz(const uint8_t *k, const uint8_t *input, size_t len)
{
    uint32_t hash = 0;
    size_t bit, i;

    for (bit = 0; bit < 8 * len; bit++) {
        if (input[bit / 8] & (0x80 >> bit % 8)) {
            uint32_t window = 0;

            for (i = bit; i < bit + 32; i++) {
                window = window * 2 + (k[i / 8] >> (7 - i % 8)) % 2;
            }
            hash ^= window;
        }
    }
    return hash;
}

static void test_random_like_reference(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1995);
    BanyanToeplitz *t = g_new(BanyanToeplitz, 1);
    int i;

    for (i = 0; i < 1000 && !g_test_failed(); i++) {
        uint8_t k[BNY_RSS_KEY_LEN], input[BANYAN_TOEPLITZ_INPUT_MAX];
        size_t len = g_rand_int_range(rand, 0, sizeof(input) + 1);

        fill(rand, k, sizeof(k));
        fill(rand, input, sizeof(input));
        banyan_toeplitz_set_key(t, k);
        g_assert_cmphex(banyan_toeplitz_hash(t, input, len), ==,
                        ref_toeplitz(k, input, len));
    }
    g_free(t);
}

static void test_longer_input_is_cut(void)
{
    uint8_t input[64];

    memset(input, 0xa5, sizeof(input));
    g_assert_cmphex(banyan_toeplitz_hash(&toeplitz, input, sizeof(input)), ==,
                    ref_toeplitz(key, input, BANYAN_TOEPLITZ_INPUT_MAX));
}

int main(int argc, char **argv)
{
    unit_init(&argc, &argv);
    banyan_toeplitz_set_key(&toeplitz, key);
#define ADD(name) g_test_add_func("/toeplitz/" #name, test_##name)
    ADD(microsoft_ipv4);
    ADD(microsoft_tcpv4);
    ADD(microsoft_ipv6);
    ADD(microsoft_tcpv6);
    ADD(udp_hashes_like_tcp);
    ADD(transport_goes_before_ip);
    ADD(no_enabled_type_no_hash);
    ADD(fragments_hash_by_address);
    ADD(other_protocols_hash_by_address);
    ADD(not_ip_no_hash);
    ADD(random_like_reference);
    ADD(longer_input_is_cut);
    return g_test_run();
}
