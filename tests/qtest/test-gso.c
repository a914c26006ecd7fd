/*
 * Banyan qtests: checksums and segmentation that are left to the device, and
 * cross the VEB whole where the receiver can take it (datasheet, chapter 4)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define MSS             1448
#define PAYLOAD         (10 * MSS + 100)
#define SEGMENTS        11

#define TX_FEATURES     (BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO)
#define RX_WHOLE        (BNY_FEAT_RX_CSUM_PARTIAL | BNY_FEAT_RX_GSO)

static Packet packet;
static uint8_t frame[FRAME_MAX];

/* Send @frame, which is TCP over IPv4 */
static void send_desc(Port *p, size_t len, struct bny_tx_desc desc)
{
    desc.cmd |= cpu_to_le32(BNY_TX_CMD_EOP);
    tx_put_desc(&p->tx, frame, len, desc);
    ring_kick(&p->tx);
}

/* Its checksum is left to the device */
static void send_csum(Port *a, Port *b, size_t payload)
{
    size_t len = tcp4_build(frame, b->mac, a->mac, payload);

    send_desc(a, len, (struct bny_tx_desc) {
        .cmd = cpu_to_le32(BNY_TX_CMD_CSUM),
        .l4_off = cpu_to_le16(TCP4_L4_OFF),
        .csum_off = cpu_to_le16(TCP4_CSUM_OFF),
    });
}

static void send_tso(Port *a, Port *b, size_t payload, uint16_t mss)
{
    size_t len = tcp4_build(frame, b->mac, a->mac, payload);

    send_desc(a, len, tcp4_tso(mss));
}

static void test_whole(void)
{
    const size_t len = TCP4_HDR_LEN + PAYLOAD;
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, RX_WHOLE);

    send_tso(&a, &b, PAYLOAD, MSS);
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, len);
    g_assert_cmpuint(FIELD_GET(BNY_RX_CQE_GSO, rx_flags(&packet)), ==,
                     BNY_GSO_TCPV4);
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_PARTIAL, !=, 0);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.mss), ==, MSS);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.segs), ==, SEGMENTS);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.hdr_len), ==, TCP4_HDR_LEN);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.l4_off), ==, TCP4_L4_OFF);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.csum_off), ==, TCP4_CSUM_OFF);
    g_assert_true(tx_completed(&a.tx, 1));

    /* and it was copied once */
    g_assert_cmpuint(counter(b.f, BNY_CNT_COPIED_BYTES) +
                     counter(a.f, BNY_CNT_COPIED_BYTES), ==, len);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_GSO), ==, 1);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_GSO), ==, 1);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_PACKETS), ==, 1);
    nic_stop(nic);
}

/* As long as may be, so that a single buffer can't hold it */
static void test_whole_largest(void)
{
    const size_t len = BNY_GSO_LEN_MAX, first = TCP4_HDR_LEN;
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, RX_WHOLE);

    tcp4_build(frame, b.mac, a.mac, len - TCP4_HDR_LEN);
    tx_put_desc(&a.tx, frame, first, tcp4_tso(MSS));
    tx_put(&a.tx, frame + first, len - first, BNY_TX_CMD_EOP);
    ring_kick(&a.tx);
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, len);
    nic_stop(nic);
}

/* More buffers than a packet may span: it is dropped whole, and that is all */
static void test_whole_too_many_buffers(void)
{
    const size_t most = BNY_RX_BUFS_MAX * BNY_RX_BUF_LEN_MIN;
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, RX_WHOLE);

    ring_disable(&b.rx);
    ring_start(&b.rx, b.f, 0, true, 2 * PORT_DEPTH);
    rx_post(&b.rx, 2 * BNY_RX_BUFS_MAX, BNY_RX_BUF_LEN_MIN);
    send_tso(&a, &b, most + 1 - TCP4_HDR_LEN, MSS);
    g_assert_true(tx_completed(&a.tx, 1));
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_BUFFERS), ==, 1);
    assert_no_error(b.f);

    send_tso(&a, &b, most - TCP4_HDR_LEN, MSS);
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, most);
    g_assert_cmpuint(packet.buffers, ==, BNY_RX_BUFS_MAX);
    nic_stop(nic);
}

/* A segment must be what the sender would have sent without TSO */
static void assert_segment(unsigned i, unsigned n, size_t mss, size_t payload)
{
    size_t off = i * mss;
    size_t len = MIN(mss, payload - off);
    bool last = i == n - 1;

    g_assert_cmpuint(packet.len, ==, TCP4_HDR_LEN + len);
    g_assert_cmpmem(packet.data + TCP4_HDR_LEN, len,
                    frame + TCP4_HDR_LEN + off, len);
    g_assert_cmpmem(packet.data, TCP4_L3_OFF, frame, TCP4_L3_OFF);
    g_assert_cmpuint(lduw_be_p(packet.data + TCP4_L3_OFF + 2), ==,
                     packet.len - TCP4_L3_OFF);
    g_assert_cmpuint(lduw_be_p(packet.data + TCP4_ID_OFF), ==,
                     (uint16_t)(lduw_be_p(frame + TCP4_ID_OFF) + i));
    g_assert_cmpuint(ldl_be_p(packet.data + TCP4_SEQ_OFF), ==,
                     (uint32_t)ldl_be_p(frame + TCP4_SEQ_OFF) + off);
    g_assert_cmpuint(!!(packet.data[TCP4_FLAGS_OFF] & TCP4_PSH), ==, last);
    g_assert_true(ip4_checksum_ok(packet.data));
    g_assert_cmpuint(FIELD_GET(BNY_RX_CQE_GSO, rx_flags(&packet)), ==, 0);
}

static void test_segmented(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, 0);

    send_tso(&a, &b, PAYLOAD, MSS);
    for (unsigned i = 0; i < SEGMENTS; i++) {
        g_assert_true(rx_packet(&b.rx, &packet));
        assert_segment(i, SEGMENTS, MSS, PAYLOAD);
        g_assert_true(tcp4_checksum_ok(packet.data, packet.len));
        g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_PARTIAL, ==, 0);
    }
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_SEGMENTED), ==, SEGMENTS);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), ==, 1);
    nic_stop(nic);
}

/* Segments of a receiver that completes checksums itself: still its to do */
static void test_segmented_partial(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, BNY_FEAT_RX_CSUM_PARTIAL);

    send_tso(&a, &b, PAYLOAD, MSS);
    for (unsigned i = 0; i < SEGMENTS; i++) {
        uint32_t sum;

        g_assert_true(rx_packet(&b.rx, &packet));
        assert_segment(i, SEGMENTS, MSS, PAYLOAD);
        if (!(rx_flags(&packet) & BNY_RX_CQE_CSUM_PARTIAL)) {
            g_assert_true(tcp4_checksum_ok(packet.data, packet.len));
            continue;
        }
        sum = sum_bytes(packet.data + TCP4_L4_OFF, packet.len - TCP4_L4_OFF, 0);
        stw_be_p(packet.data + TCP4_L4_OFF + TCP4_CSUM_OFF, ~sum_fold(sum));
        g_assert_true(tcp4_checksum_ok(packet.data, packet.len));
    }
    nic_stop(nic);
}

static void test_smallest_segments(void)
{
    const unsigned n = 40;
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, 0);

    send_tso(&a, &b, n * BNY_MSS_MIN, BNY_MSS_MIN);
    for (unsigned i = 0; i < n; i++) {
        g_assert_true(rx_packet(&b.rx, &packet));
        assert_segment(i, n, BNY_MSS_MIN, n * BNY_MSS_MIN);
        g_assert_true(tcp4_checksum_ok(packet.data, packet.len));
    }
    nic_stop(nic);
}

/* A frame that is too long for the receiver by its segments is dropped */
static void test_segments_too_long(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, RX_WHOLE);

    reg_write(b.f, BNY_REG_MAX_FRAME, TCP4_HDR_LEN + MSS - 1);
    send_tso(&a, &b, PAYLOAD, MSS);
    g_assert_true(tx_completed(&a.tx, 1));
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_LENGTH), ==, 1);

    reg_write(b.f, BNY_REG_MAX_FRAME, TCP4_HDR_LEN + MSS);
    send_tso(&a, &b, PAYLOAD, MSS);
    g_assert_true(rx_packet(&b.rx, &packet));
    nic_stop(nic);
}

/* Less payload than a segment holds: no longer than it is */
static void test_short_of_a_segment(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, RX_WHOLE);

    reg_write(b.f, BNY_REG_MAX_FRAME, TCP4_HDR_LEN + 100);
    send_tso(&a, &b, 101, MSS);
    send_tso(&a, &b, 100, MSS);
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpuint(packet.len, ==, TCP4_HDR_LEN + 100);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.segs), ==, 1);
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_LENGTH), ==, 1);
    nic_stop(nic);
}

static void test_checksum_partial(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, BNY_FEAT_RX_CSUM_PARTIAL);

    send_csum(&a, &b, 501);
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, TCP4_HDR_LEN + 501);
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_PARTIAL, !=, 0);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.l4_off), ==, TCP4_L4_OFF);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.csum_off), ==, TCP4_CSUM_OFF);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.segs), ==, 0);
    nic_stop(nic);
}

static void test_checksum_completed(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, BNY_FEAT_RX_CSUM);

    for (size_t payload = 0; payload < 40; payload++) {
        send_csum(&a, &b, payload);
        g_assert_true(rx_packet(&b.rx, &packet));
        g_assert_cmpuint(packet.len, ==, TCP4_HDR_LEN + payload);
        g_assert_true(tcp4_checksum_ok(packet.data, packet.len));
        g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_PARTIAL, ==, 0);
        g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_BAD, ==, 0);
    }
    nic_stop(nic);
}

/* Segments that this frame can't be cut into: dropped and counted, too */
static void test_bad_parameters(void)
{
    static const struct {
        uint16_t hdr_len, mss;
        uint8_t l3_off;
    } bad[] = {
        { TCP4_HDR_LEN, BNY_MSS_MIN - 1, TCP4_L3_OFF },
        { TCP4_HDR_LEN - 1, MSS, TCP4_L3_OFF },
        { BNY_GSO_HDR_LEN_MAX, MSS, TCP4_L3_OFF },
        { TCP4_HDR_LEN, MSS, 0 },
        { TCP4_HDR_LEN, MSS, 0xff },
    };
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, 0);
    size_t len = tcp4_build(frame, b.mac, a.mac, 600);

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
        struct bny_tx_desc desc = tcp4_tso(bad[i].mss);

        desc.hdr_len = cpu_to_le16(bad[i].hdr_len);
        desc.l3_off = bad[i].l3_off;
        send_desc(&a, len, desc);
        g_assert_true(tx_completed(&a.tx, a.tx.prod));
        g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_HEADERS), ==, i + 1);
    }
    assert_nothing_received(&b.rx);
    assert_no_error(a.f);
    nic_stop(nic);
}

/* Headers that don't fit the offload: dropped and counted, not an error */
static void test_bad_headers(void)
{
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, TX_FEATURES, 0);
    size_t len;

    len = tcp4_build(frame, b.mac, a.mac, PAYLOAD);
    frame[12] = 0x86;                       /* EtherType of IPv6 */
    frame[13] = 0xdd;
    send_desc(&a, len, tcp4_tso(MSS));

    len = tcp4_build(frame, b.mac, a.mac, PAYLOAD);
    frame[TCP4_L3_OFF] = 0x4f;              /* IPv4 options that aren't there */
    send_desc(&a, len, tcp4_tso(MSS));

    len = tcp4_build(frame, b.mac, a.mac, PAYLOAD);
    frame[TCP4_L3_OFF + 9] = 17;            /* UDP */
    send_desc(&a, len, tcp4_tso(MSS));

    g_assert_true(tx_completed(&a.tx, a.tx.prod));
    assert_nothing_received(&b.rx);
    assert_no_error(a.f);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_HEADERS), ==, 3);

    send_tso(&a, &b, PAYLOAD, MSS);
    g_assert_true(rx_packet(&b.rx, &packet));
    nic_stop(nic);
}

void add_gso_tests(void)
{
    g_test_add_func(TEST_PREFIX "gso/whole", test_whole);
    g_test_add_func(TEST_PREFIX "gso/whole-largest", test_whole_largest);
    g_test_add_func(TEST_PREFIX "gso/whole-too-many-buffers",
                   test_whole_too_many_buffers);
    g_test_add_func(TEST_PREFIX "gso/segmented", test_segmented);
    g_test_add_func(TEST_PREFIX "gso/segmented-partial",
                   test_segmented_partial);
    g_test_add_func(TEST_PREFIX "gso/smallest-segments",
                   test_smallest_segments);
    g_test_add_func(TEST_PREFIX "gso/segments-too-long",
                   test_segments_too_long);
    g_test_add_func(TEST_PREFIX "gso/short-of-a-segment",
                    test_short_of_a_segment);
    g_test_add_func(TEST_PREFIX "gso/checksum-partial", test_checksum_partial);
    g_test_add_func(TEST_PREFIX "gso/checksum-completed",
                   test_checksum_completed);
    g_test_add_func(TEST_PREFIX "gso/bad-parameters", test_bad_parameters);
    g_test_add_func(TEST_PREFIX "gso/bad-headers", test_bad_headers);
}
