/*
 * Banyan qtests: segmentation of what isn't TCP over IPv4: TCP over IPv6, and
 * UDP over both. What is cut is to be what the sender would have sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"

#define MSS         1000
#define PAYLOAD     (4 * MSS + 77)
#define SEGMENTS    5
#define L3_OFF      ETH_HLEN

typedef struct Kind {
    const char *name;
    enum bny_gso gso;
    bool ip6;
    uint8_t protocol;
    uint8_t l4_len;
    uint8_t csum_off;       /* behind the start of the L4 header */
} Kind;

static const Kind kinds[] = {
    { "tcp6", BNY_GSO_TCPV6, true, IP_PROTO_TCP, 20, 16 },
    { "udp4", BNY_GSO_UDP, false, IP_PROTO_UDP, 8, 6 },
    { "udp6", BNY_GSO_UDP, true, IP_PROTO_UDP, 8, 6 },
};

static Packet packet;
static uint8_t frame[FRAME_MAX];

static unsigned l4_off(const Kind *k)
{
    return L3_OFF + (k->ip6 ? sizeof(struct ip6_header) :
                              sizeof(struct ip_header));
}

static unsigned hdr_len(const Kind *k)
{
    return l4_off(k) + k->l4_len;
}

/* Sum of the pseudo-header for @len bytes of L4 header and payload */
static uint32_t pseudo_sum(const Kind *k, const uint8_t *f, size_t len)
{
    unsigned first = k->ip6 ? offsetof(struct ip6_header, ip6_src) :
                              offsetof(struct ip_header, ip_src);

    return sum_bytes(f + L3_OFF + first, k->ip6 ? 32 : 8, k->protocol + len);
}

static bool checksum_ok(const Kind *k, const uint8_t *f, size_t len)
{
    size_t l4 = len - l4_off(k);

    return sum_fold(sum_bytes(f + l4_off(k), l4, pseudo_sum(k, f, l4))) ==
           0xffff;
}

static void build_ip(const Kind *k, size_t len)
{
    if (k->ip6) {
        struct ip6_header *ip = (void *)(frame + L3_OFF);

        memset(ip, 0, sizeof(*ip));
        stl_be_p(ip, 6u << 28);
        stw_be_p(&ip->ip6_plen, len - L3_OFF - sizeof(*ip));
        ip->ip6_nxt = k->protocol;
        memset(&ip->ip6_src, 0x11, sizeof(ip->ip6_src));
        memset(&ip->ip6_dst, 0x22, sizeof(ip->ip6_dst));
    } else {
        struct ip_header *ip = (void *)(frame + L3_OFF);

        memset(ip, 0, sizeof(*ip));
        ip->ip_ver_len = 0x45;
        stw_be_p(&ip->ip_len, len - L3_OFF);
        ip->ip_ttl = 64;
        ip->ip_p = k->protocol;
        stl_be_p(&ip->ip_src, 0xc0000201);
        stl_be_p(&ip->ip_dst, 0xc0000202);
        stw_be_p(&ip->ip_sum,
                 ~sum_fold(sum_bytes((uint8_t *)ip, sizeof(*ip), 0)));
    }
}

static size_t build(const Kind *k, const Port *to, const Port *from)
{
    size_t len = hdr_len(k) + PAYLOAD;
    uint8_t *l4 = frame + l4_off(k);

    frame_build(frame, to->mac, from->mac, len, 0);
    stw_be_p(frame + 2 * ETH_ALEN, k->ip6 ? ETH_P_IPV6 : ETH_P_IP);
    build_ip(k, len);
    memset(l4, 0, k->l4_len);
    stw_be_p(l4, 1111);
    stw_be_p(l4 + 2, 2222);
    if (k->protocol == IP_PROTO_TCP) {
        stl_be_p(l4 + 4, 0xfffffff0);   /* the sequence number runs over */
        stw_be_p(l4 + 12, 5 << 12 | TCP_FLAG_ACK | TCP4_PSH);
    } else {
        stw_be_p(l4 + 4, len - l4_off(k));
    }
    stw_be_p(l4 + k->csum_off,
             sum_fold(pseudo_sum(k, frame, len - l4_off(k))));
    return len;
}

static Nic *start(const Kind *k, Port *a, Port *b, uint32_t rx_features)
{
    Nic *nic = start_pair_with(a, b, BNY_FEAT_TX_TSO | BNY_FEAT_TX_USO,
                               rx_features);

    tx_put_desc(&a->tx, frame, build(k, b, a), (struct bny_tx_desc) {
        .cmd = cpu_to_le32(BNY_TX_CMD_EOP | FIELD_PREP(BNY_TX_CMD_GSO, k->gso)),
        .l4_off = cpu_to_le16(l4_off(k)),
        .csum_off = cpu_to_le16(k->csum_off),
        .hdr_len = cpu_to_le16(hdr_len(k)),
        .mss = cpu_to_le16(MSS),
        .l3_off = L3_OFF,
    });
    ring_kick(&a->tx);
    return nic;
}

static void test_whole(const void *data)
{
    const Kind *k = data;
    Port a, b;
    Nic *nic = start(k, &a, &b, BNY_FEAT_RX_CSUM_PARTIAL | BNY_FEAT_RX_GSO);

    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, hdr_len(k) + PAYLOAD);
    g_assert_cmpuint(FIELD_GET(BNY_RX_CQE_GSO, rx_flags(&packet)), ==, k->gso);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.mss), ==, MSS);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.segs), ==, SEGMENTS);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.l4_off), ==, l4_off(k));
    g_assert_cmpuint(le16_to_cpu(packet.cqe.csum_off), ==, k->csum_off);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.hdr_len), ==, hdr_len(k));
    nic_stop(nic);
}

static void assert_lengths(const Kind *k)
{
    const uint8_t *l3 = packet.data + L3_OFF;

    if (k->ip6) {
        g_assert_cmpuint(lduw_be_p(l3 + 4), ==, packet.len - l4_off(k));
    } else {
        g_assert_cmpuint(lduw_be_p(l3 + 2), ==, packet.len - L3_OFF);
        g_assert_true(ip4_checksum_ok(packet.data));
    }
    if (k->protocol == IP_PROTO_UDP) {
        g_assert_cmpuint(lduw_be_p(packet.data + l4_off(k) + 4), ==,
                         packet.len - l4_off(k));
    }
}

static void test_segmented(const void *data)
{
    const Kind *k = data;
    Port a, b;
    Nic *nic = start(k, &a, &b, 0);

    for (unsigned i = 0; i < SEGMENTS; i++) {
        size_t len = MIN(MSS, PAYLOAD - i * MSS);
        const uint8_t *l4 = packet.data + l4_off(k);

        g_assert_true(rx_packet(&b.rx, &packet));
        g_assert_cmpmem(packet.data + hdr_len(k), packet.len - hdr_len(k),
                        frame + hdr_len(k) + i * MSS, len);
        assert_lengths(k);
        g_assert_true(checksum_ok(k, packet.data, packet.len));
        if (k->protocol == IP_PROTO_TCP) {
            g_assert_cmphex((uint32_t)ldl_be_p(l4 + 4), ==,
                            0xfffffff0 + i * MSS);
            g_assert_cmpuint(!!(l4[13] & TCP4_PSH), ==, i == SEGMENTS - 1);
        }
    }
    assert_nothing_received(&b.rx);
    nic_stop(nic);
}

void add_gso_kind_tests(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
        g_autofree char *whole = g_strdup_printf(TEST_PREFIX "gso/%s-whole",
                                                 kinds[i].name);
        g_autofree char *cut = g_strdup_printf(TEST_PREFIX "gso/%s-segmented",
                                               kinds[i].name);

        g_test_add_data_func(whole, &kinds[i], test_whole);
        g_test_add_data_func(cut, &kinds[i], test_segmented);
    }
}
