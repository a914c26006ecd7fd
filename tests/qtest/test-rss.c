/*
 * Banyan qtests: receive side scaling (datasheet, chapter 6), with the vectors
 * of Microsoft's "Verifying the RSS Hash Calculation"
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define PAIRS 4

static const uint8_t key[40] = {
    0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2,
    0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0,
    0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4,
    0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
    0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

static const struct {
    uint32_t src, dst;
    uint16_t sport, dport;
    uint32_t ip_hash, tcp_hash;
} vectors[] = {
    { 0x420995bb, 0xa18e6450, 2794, 1766, 0x323e8fc2, 0x51ccc178 },
    { 0xc75c6f02, 0x41458c53, 14230, 4739, 0xd718262a, 0xc626b0ea },
    { 0x1813c65f, 0x0c16cfb8, 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
    { 0x261bcd1e, 0xd18ea306, 48228, 2217, 0x82989176, 0xafc7327f },
    { 0x9927a3bf, 0xcabc7f02, 44251, 1303, 0x5d1809c5, 0x10e828a2 },
};

static Packet packet;
static uint8_t frame[200];

static Nic *start(Port *a, Ring *rx, uint32_t types)
{
    Nic *nic = nic_start(",vfs=1,queue-pairs=4");
    Func *pf = &nic->pf;

    nic_enable_vfs(nic, 1);
    port_start(a, &nic->vf[0]);
    reg_write(pf, BNY_REG_FEATURES, BNY_FEAT_RX_HASH);
    func_up(pf);
    for (unsigned i = 0; i < sizeof(key) / 4; i++) {
        reg_write(pf, BNY_REG_AT(RSS_KEY, i), ldl_le_p(key + i * 4));
    }
    for (unsigned i = 0; i < BNY_REG_COUNT_RSS_TABLE; i++) {
        reg_write(pf, BNY_REG_AT(RSS_TABLE, i), 0x03020100);
    }
    reg_write(pf, BNY_REG_RSS_CTRL,
              BNY_RSS_ENABLE | FIELD_PREP(BNY_RSS_TYPES, types));
    for (unsigned i = 0; i < PAIRS; i++) {
        ring_start(&rx[i], pf, i, true, BNY_RING_DEPTH_MIN);
        rx_post(&rx[i], 16, 2048);
    }
    return nic;
}

static void send_vector(Port *a, unsigned v)
{
    uint8_t mac[6];
    size_t len;

    mac_of(BNY_FUNC_PF, mac);
    len = tcp4_build(frame, mac, a->mac, 20);
    stl_be_p(frame + 26, vectors[v].src);
    stl_be_p(frame + 30, vectors[v].dst);
    stw_be_p(frame + 34, vectors[v].sport);
    stw_be_p(frame + 36, vectors[v].dport);
    tx_send(&a->tx, frame, len);
}

static void assert_hash(Ring *rx, uint32_t hash, uint32_t type)
{
    Ring *expected = &rx[hash % BNY_RSS_TABLE_LEN % PAIRS];

    g_assert_true(rx_packet(expected, &packet));
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_HASH, !=, 0);
    g_assert_cmphex(le32_to_cpu(packet.cqe.hash), ==, hash);
    g_assert_cmphex(FIELD_GET(BNY_RX_CQE_HASH_TYPE, rx_flags(&packet)), ==,
                    type);
}

static void test_tcp4(void)
{
    Ring rx[PAIRS];
    Port a;
    Nic *nic = start(&a, rx, BNY_RSS_TYPE_IPV4 | BNY_RSS_TYPE_TCPV4);

    for (unsigned v = 0; v < ARRAY_SIZE(vectors); v++) {
        send_vector(&a, v);
        assert_hash(rx, vectors[v].tcp_hash, BNY_RSS_TYPE_TCPV4);
    }
    nic_stop(nic);
}

static void test_ip4(void)
{
    Ring rx[PAIRS];
    Port a;
    Nic *nic = start(&a, rx, BNY_RSS_TYPE_IPV4);

    for (unsigned v = 0; v < ARRAY_SIZE(vectors); v++) {
        send_vector(&a, v);
        assert_hash(rx, vectors[v].ip_hash, BNY_RSS_TYPE_IPV4);
    }
    nic_stop(nic);
}

/* No type that fits: no hash, queue pair 0 */
static void test_no_hash(void)
{
    Ring rx[PAIRS];
    Port a;
    Nic *nic = start(&a, rx, BNY_RSS_TYPE_IPV6 | BNY_RSS_TYPE_UDPV4);

    for (unsigned v = 0; v < ARRAY_SIZE(vectors); v++) {
        send_vector(&a, v);
        g_assert_true(rx_packet(&rx[0], &packet));
        g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_HASH, ==, 0);
    }
    nic_stop(nic);
}

/* A pair whose receive ring isn't enabled falls back to pair 0 */
static void test_fallback(void)
{
    Ring rx[PAIRS];
    Port a;
    Nic *nic = start(&a, rx, BNY_RSS_TYPE_TCPV4);

    for (unsigned i = 1; i < PAIRS; i++) {
        ring_disable(&rx[i]);
    }
    for (unsigned v = 0; v < ARRAY_SIZE(vectors); v++) {
        send_vector(&a, v);
        g_assert_true(rx_packet(&rx[0], &packet));
    }
    nic_stop(nic);
}

void add_rss_tests(void)
{
    g_test_add_func(TEST_PREFIX "rss/tcp4", test_tcp4);
    g_test_add_func(TEST_PREFIX "rss/ip4", test_ip4);
    g_test_add_func(TEST_PREFIX "rss/no-hash", test_no_hash);
    g_test_add_func(TEST_PREFIX "rss/fallback", test_fallback);
}
