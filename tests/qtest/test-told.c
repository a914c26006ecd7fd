/*
 * Banyan qtests: what a completion says of checksum and hash, and to whom
 * (datasheet, chapters 4 and 6)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"

#define CSUM_TOLD   (BNY_RX_CQE_CSUM_OK | BNY_RX_CQE_CSUM_BAD)
#define TX_FEATURES (BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO)

static Packet packet;
static uint8_t frame[FRAME_MAX];

static void send_desc(Port *p, size_t len, struct bny_tx_desc desc)
{
    desc.cmd |= cpu_to_le32(BNY_TX_CMD_EOP);
    tx_put_desc(&p->tx, frame, len, desc);
    ring_kick(&p->tx);
}

static struct bny_tx_desc csum_at(unsigned l4_off, unsigned csum_off)
{
    return (struct bny_tx_desc) {
        .cmd = cpu_to_le32(BNY_TX_CMD_CSUM),
        .l4_off = cpu_to_le16(l4_off),
        .csum_off = cpu_to_le16(csum_off),
    };
}

/* What the device has summed itself is right */
static void test_segmented(void)
{
    enum { MSS = 500, SEGMENTS = 3 };
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, BNY_FEAT_RX_CSUM);

    send_desc(&a, tcp4_build(frame, b.mac, a.mac, SEGMENTS * MSS),
              tcp4_tso(MSS));
    for (unsigned i = 0; i < SEGMENTS; i++) {
        g_assert_true(rx_packet(&b.rx, &packet));
        g_assert_cmphex(rx_flags(&packet) & CSUM_TOLD, ==, BNY_RX_CQE_CSUM_OK);
    }
    nic_stop(nic);
}

static void test_completed(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, BNY_FEAT_RX_CSUM);

    send_desc(&a, tcp4_build(frame, b.mac, a.mac, 100),
              csum_at(TCP4_L4_OFF, TCP4_CSUM_OFF));
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & CSUM_TOLD, ==, BNY_RX_CQE_CSUM_OK);
    nic_stop(nic);
}

/* Of one frame everybody gets all, each as it can be taken */
static void test_forms(void)
{
    enum { MSS = 500, SEGMENTS = 3 };
    static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
    static const uint32_t features[] = {
        TX_FEATURES,
        BNY_FEAT_RX_CSUM | BNY_FEAT_RX_CSUM_PARTIAL | BNY_FEAT_RX_GSO,
        BNY_FEAT_RX_CSUM | BNY_FEAT_RX_CSUM_PARTIAL, BNY_FEAT_RX_CSUM,
    };
    Nic *nic = nic_start(",vfs=4");
    Port p[ARRAY_SIZE(features)];

    nic_enable_vfs(nic, ARRAY_SIZE(p));
    for (unsigned i = 0; i < ARRAY_SIZE(p); i++) {
        port_start_with(&p[i], &nic->vf[i], features[i]);
    }
    send_desc(&p[0], tcp4_build(frame, broadcast, p[0].mac, SEGMENTS * MSS),
              tcp4_tso(MSS));
    for (unsigned i = 1; i < ARRAY_SIZE(p); i++) {
        bool partial = features[i] & BNY_FEAT_RX_CSUM_PARTIAL;
        size_t payload = i == 1 ? SEGMENTS * MSS : MSS;

        for (unsigned at = 0; at < SEGMENTS * MSS; at += payload) {
            g_assert_true(rx_packet(&p[i].rx, &packet));
            g_assert_cmpuint(packet.len, ==, TCP4_HDR_LEN + payload);
            g_assert_cmpmem(packet.data + TCP4_HDR_LEN, payload,
                            frame + TCP4_HDR_LEN + at, payload);
            g_assert_cmphex(rx_flags(&packet) & (CSUM_TOLD |
                                                 BNY_RX_CQE_CSUM_PARTIAL), ==,
                            partial ? BNY_RX_CQE_CSUM_PARTIAL :
                                      BNY_RX_CQE_CSUM_OK);
            g_assert_true(partial || tcp4_checksum_ok(packet.data,
                                                      packet.len));
        }
        assert_nothing_received(&p[i].rx);
        g_assert_cmpuint(counter(p[i].f, BNY_CNT_RX_SEGMENTED), ==,
                         i == 1 ? 0 : SEGMENTS);
    }
    nic_stop(nic);
}

/* Nothing is said to who hasn't asked for it */
static void test_unverified(void)
{
    int sock;
    Nic *nic = host_start(",vfs=1", "", 0, &sock);
    Port a;

    nic_enable_vfs(nic, 1);
    port_start(&a, &nic->vf[0]);
    host_send(sock, frame, tcp4_build(frame, a.mac, host_mac, 100));
    g_assert_true(rx_packet(&a.rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & CSUM_TOLD, ==, 0);
    g_assert_cmpuint(counter(a.f, BNY_CNT_RX_CSUM_BAD), ==, 0);
    nic_stop(nic);
    close(sock);
}

/* A checksum fits behind the last header byte there is, not half of it */
static void test_checksum_at_end(void)
{
    enum { LEN = 60, AT = ETH_HLEN };
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, 0);

    frame_build(frame, b.mac, a.mac, LEN, 0);
    for (unsigned over = 1; over <= 2; over++) {
        send_desc(&a, LEN, csum_at(AT, LEN - AT - 2 + over));
        g_assert_true(tx_completed(&a.tx, a.tx.prod));
        g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_HEADERS), ==, over);
    }
    assert_nothing_received(&b.rx);
    send_desc(&a, LEN, csum_at(AT, LEN - AT - 2));
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_HEADERS), ==, 2);
    nic_stop(nic);
}

/* The wire gets no frame without its checksum, and the sender's stays */
static void test_to_wire(void)
{
    static uint8_t got[FRAME_MAX], sent[FRAME_MAX];
    size_t len;
    int sock;
    Nic *nic = host_start(",vfs=1", "", 0, &sock);
    uint64_t addr;
    Port a;

    nic_enable_vfs(nic, 1);
    port_start_with(&a, &nic->vf[0], TX_FEATURES);
    for (unsigned payload = 10; payload < 1500; payload += 700) {
        len = tcp4_build(frame, host_mac, a.mac, payload);
        addr = nic->heap;
        send_desc(&a, len, csum_at(TCP4_L4_OFF, TCP4_CSUM_OFF));
        g_assert_cmpuint(host_receive(sock, got), ==, len);
        g_assert_true(tcp4_checksum_ok(got, len));
        g_assert_cmpmem(got + TCP4_HDR_LEN, payload, frame + TCP4_HDR_LEN,
                        payload);
        qtest_memread(nic->qts, addr, sent, len);
        g_assert_cmpmem(sent, len, frame, len);
    }
    nic_stop(nic);
    close(sock);
}

/* All hashes of @b lead to pair 1; @ctrl: RSS_CTRL */
static void spread(Port *b, Ring *rx, uint32_t ctrl)
{
    for (unsigned i = 0; i < BNY_REG_COUNT_RSS_KEY; i++) {
        reg_write(b->f, BNY_REG_AT(RSS_KEY, i), 0x9e3779b9 * (i + 1));
    }
    for (unsigned i = 0; i < BNY_REG_COUNT_RSS_TABLE; i++) {
        reg_write(b->f, BNY_REG_AT(RSS_TABLE, i), 0x01010101);
    }
    reg_write(b->f, BNY_REG_RSS_CTRL, ctrl |
              FIELD_PREP(BNY_RSS_TYPES, BNY_RSS_TYPE_TCPV4));
    ring_start(rx, b->f, 1, true, PORT_DEPTH);
    rx_post(rx, 8, PORT_BUF_LEN);
}

static void test_hash_untold(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    Ring rx;

    spread(&b, &rx, BNY_RSS_ENABLE);
    tx_send(&a.tx, frame, tcp4_build(frame, b.mac, a.mac, 0));
    g_assert_true(rx_packet(&rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & (BNY_RX_CQE_HASH |
                                         BNY_RX_CQE_HASH_TYPE), ==, 0);
    g_assert_cmphex(packet.cqe.hash, ==, 0);
    nic_stop(nic);
}

/* Types alone don't turn it on */
static void test_rss_disabled(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, 0, BNY_FEAT_RX_HASH);
    Ring rx;

    spread(&b, &rx, 0);
    tx_send(&a.tx, frame, tcp4_build(frame, b.mac, a.mac, 0));
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_HASH, ==, 0);
    nic_stop(nic);
}

/* Of 128 entries it is the one that the hash names, and no other */
static void test_whole_table(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, 0, BNY_FEAT_RX_HASH);
    size_t len = tcp4_build(frame, b.mac, a.mac, 0);
    unsigned entry;
    Ring rx;

    spread(&b, &rx, BNY_RSS_ENABLE);
    for (uint16_t port = 1; port <= 8; port++) {
        stw_be_p(frame + TCP4_L4_OFF, port * 1000);
        tx_send(&a.tx, frame, len);
        g_assert_true(rx_packet(&rx, &packet));
        entry = le32_to_cpu(packet.cqe.hash) % BNY_RSS_TABLE_LEN;
        for (unsigned i = 0; i < BNY_REG_COUNT_RSS_TABLE; i++) {
            reg_write(b.f, BNY_REG_AT(RSS_TABLE, i), i != entry / 4 ?
                      0x01010101 : 0x01010101 & ~(0xffu << entry % 4 * 8));
        }
        tx_send(&a.tx, frame, len);
        g_assert_true(rx_packet(&b.rx, &packet));
        for (unsigned i = 0; i < BNY_REG_COUNT_RSS_TABLE; i++) {
            reg_write(b.f, BNY_REG_AT(RSS_TABLE, i), 0x01010101);
        }
        rx_post(&rx, 1, PORT_BUF_LEN);
    }
    nic_stop(nic);
}

/* A reset takes the key, for the hash too */
static void test_key_forgotten(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    Ring rx;

    spread(&b, &rx, BNY_RSS_ENABLE);
    func_reset(b.f);
    reg_write(b.f, BNY_REG_FEATURES, BNY_FEAT_RX_HASH);
    reg_write(b.f, BNY_REG_RSS_CTRL, BNY_RSS_ENABLE |
              FIELD_PREP(BNY_RSS_TYPES, BNY_RSS_TYPE_TCPV4));
    ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
    rx_post(&b.rx, 8, PORT_BUF_LEN);
    tx_send(&a.tx, frame, tcp4_build(frame, b.mac, a.mac, 0));
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_HASH, !=, 0);
    g_assert_cmphex(packet.cqe.hash, ==, 0);
    nic_stop(nic);
}

/* Whatever was in the ring before; its flags say that it isn't new */
static void soil(Ring *r)
{
    uint64_t at = r->cq;

    for (unsigned i = 0; i < r->depth; i++, at += BNY_ENTRY_SIZE) {
        qtest_memset(r->f->nic->qts, at, 0x5a, offsetof(struct bny_rx_cqe,
                                                        flags));
    }
}

/* What a completion doesn't say is zero, what is reserved of it, too */
static void test_reserved(void)
{
    enum { FIRST = 1000, LEN = PORT_BUF_LEN + 1012 };
    struct bny_tx_cqe tx = {
        .index = cpu_to_le16(2),
        .packets = cpu_to_le16(1),
        .bytes = cpu_to_le32(LEN),
        .flags = cpu_to_le32(BNY_CQE_PHASE |
                             FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_TX)),
    };
    struct bny_rx_cqe rx = { .pkt_len = cpu_to_le32(LEN) };
    static const uint8_t nothing[sizeof_field(struct bny_shadow, rsvd1)];
    uint8_t got[BNY_ENTRY_SIZE], left[sizeof(nothing)];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    soil(&a.tx);
    soil(&b.rx);
    frame_build(frame, b.mac, a.mac, LEN, 1);
    tx_put(&a.tx, frame, FIRST, 0);
    tx_put(&a.tx, frame + FIRST, LEN - FIRST, BNY_TX_CMD_EOP);
    ring_kick(&a.tx);
    g_assert_true(cq_next(&a.tx, got));
    g_assert_cmpmem(got, sizeof(got), &tx, sizeof(tx));
    for (unsigned i = 0; i < 2; i++) {
        rx.len = cpu_to_le32(i ? LEN - PORT_BUF_LEN : PORT_BUF_LEN);
        rx.buf_id = cpu_to_le16(i);
        rx.flags = cpu_to_le32(BNY_CQE_PHASE | (i ? BNY_RX_CQE_EOP : 0) |
                               FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_RX));
        g_assert_true(cq_next(&b.rx, got));
        g_assert_cmpmem(got, sizeof(got), &rx, sizeof(rx));
    }
    qtest_memread(nic->qts, b.rx.shadow + offsetof(struct bny_shadow, rsvd1),
                  left, sizeof(left));
    g_assert_cmpmem(left, sizeof(left), nothing, sizeof(nothing));
    nic_stop(nic);
}

void add_told_tests(void)
{
    g_test_add_func(TEST_PREFIX "ring/completion-reserved", test_reserved);
    g_test_add_func(TEST_PREFIX "gso/segmented-verdict", test_segmented);
    g_test_add_func(TEST_PREFIX "gso/completed-verdict", test_completed);
    g_test_add_func(TEST_PREFIX "gso/forms", test_forms);
    g_test_add_func(TEST_PREFIX "uplink/unverified", test_unverified);
    g_test_add_func(TEST_PREFIX "uplink/checksummed", test_to_wire);
    g_test_add_func(TEST_PREFIX "offload/checksum-at-end",
                   test_checksum_at_end);
    g_test_add_func(TEST_PREFIX "rss/untold", test_hash_untold);
    g_test_add_func(TEST_PREFIX "rss/disabled", test_rss_disabled);
    g_test_add_func(TEST_PREFIX "rss/whole-table", test_whole_table);
    g_test_add_func(TEST_PREFIX "rss/key-forgotten", test_key_forgotten);
}
