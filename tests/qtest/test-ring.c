/*
 * Banyan qtests: transmit, receive and completion rings (datasheet, chapter 4)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static Packet packet;

static void test_frame(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    send_and_compare(&a, &b, 60);
    send_and_compare(&b, &a, 1514);
    assert_nothing_received(&a.rx);
    nic_stop(nic);
}

static void test_frame_sizes(void)
{
    static const size_t sizes[] = {
        BNY_FRAME_LEN_MIN, 15, 59, 60, 61, 255, 256, 257, 1514, 2047, 2048,
        2049, 4096, 9000, BNY_MTU_MAX + 22
    };
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
        rx_post(&b.rx, send_and_compare(&a, &b, sizes[i]), PORT_BUF_LEN);
    }
    nic_stop(nic);
}

/* Four times around rings of the least depth: indices and phases go on */
static void test_wrap(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    for (unsigned i = 0; i < 4 * PORT_DEPTH; i++) {
        rx_post(&b.rx, send_and_compare(&a, &b, 60 + i), PORT_BUF_LEN);
    }
    nic_stop(nic);
}

/* Indices are 16 bits wide and run over */
static void test_index_overflow(void)
{
    enum { BURST = 32, ROUNDS = 0x10000 / BURST + 2 };
    uint8_t frame[BNY_FRAME_LEN_MIN], mac[6];
    Nic *nic = nic_start("");
    Ring tx;

    mac_of(7, mac);
    frame_build(frame, mac, mac, sizeof(frame), 0);
    func_up(&nic->pf);
    ring_start(&tx, &nic->pf, 0, false, BNY_RING_DEPTH_MIN);
    for (unsigned i = 0; i < BNY_RING_DEPTH_MIN; i++) {
        tx_put(&tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
    tx.prod = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        tx.prod += BURST;
        ring_kick(&tx);
        g_assert_true(tx_completed(&tx, tx.prod));
    }
    assert_no_error(&nic->pf);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_TX_PACKETS), ==, ROUNDS * BURST);
    nic_stop(nic);
}

static void test_depths(void)
{
    Nic *nic = nic_start("");

    for (unsigned d = BNY_RING_DEPTH_MIN; d <= BNY_RING_DEPTH_MAX; d *= 2) {
        Ring tx, rx;

        ring_start(&tx, &nic->pf, 0, false, d);
        ring_start(&rx, &nic->pf, 0, true, d);
        ring_disable(&tx);
        ring_disable(&rx);
    }
    nic_stop(nic);
}

/* One packet of the most buffers there may be */
static void test_gather(void)
{
    uint8_t frame[BNY_TX_BUFS_MAX * 16];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 3);
    for (unsigned i = 0; i < BNY_TX_BUFS_MAX; i++) {
        tx_put(&a.tx, frame + i * 16, 16,
               i == BNY_TX_BUFS_MAX - 1 ? BNY_TX_CMD_EOP : 0);
    }
    ring_kick(&a.tx);
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, BNY_TX_BUFS_MAX));
    nic_stop(nic);
}

/* A packet that needs several buffers gets them; each has its completion */
static void test_scatter(void)
{
    uint8_t frame[1514];
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    Ring rx;

    ring_disable(&b.rx);
    ring_start(&rx, b.f, 0, true, PORT_DEPTH);
    rx_post(&rx, 32, BNY_RX_BUF_LEN_MIN);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 9);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&rx, &packet));
    g_assert_cmpuint(packet.buffers, ==,
                     DIV_ROUND_UP(sizeof(frame), BNY_RX_BUF_LEN_MIN));
    g_assert_cmpmem(packet.data, packet.len, frame, sizeof(frame));
    nic_stop(nic);
}

/* What has been produced of a packet waits for the rest of it */
static void test_partial_packet(void)
{
    struct bny_tx_cqe cqe;
    uint8_t frame[100];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    tx_put(&a.tx, frame, 50, 0);
    ring_kick(&a.tx);
    assert_nothing_received(&b.rx);
    g_assert_false(cq_peek(&a.tx, &cqe));
    assert_no_error(a.f);

    tx_put(&a.tx, frame + 50, 50, BNY_TX_CMD_EOP);
    ring_kick(&a.tx);
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, sizeof(frame));
    nic_stop(nic);
}

/* The device writes one transmit completion for a burst, not one a packet */
static void test_cumulative_completion(void)
{
    struct bny_tx_cqe cqe;
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    for (unsigned i = 0; i < 16; i++) {
        tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
    ring_kick(&a.tx);
    g_assert_true(cq_next(&a.tx, &cqe));
    g_assert_cmpuint(le16_to_cpu(cqe.index), ==, 16);
    g_assert_cmpuint(le16_to_cpu(cqe.packets), ==, 16);
    g_assert_cmpuint(le32_to_cpu(cqe.bytes), ==, 16 * sizeof(frame));
    nic_settle(nic);
    g_assert_false(cq_peek(&a.tx, &cqe));
    for (unsigned i = 0; i < 16; i++) {
        g_assert_true(rx_packet(&b.rx, &packet));
    }
    nic_stop(nic);
}

static void test_disable(void)
{
    struct bny_tx_cqe cqe;
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    ring_disable(&a.tx);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    ring_publish(&a.tx);
    doorbell(a.f, 0, BNY_DB_TX, a.tx.prod);
    assert_nothing_received(&b.rx);
    g_assert_false(cq_peek(&a.tx, &cqe));
    assert_no_error(a.f);
    nic_stop(nic);
}

static void test_enable_again(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    send_and_compare(&a, &b, 100);
    send_and_compare(&a, &b, 200);
    g_assert_cmphex(reg_read(a.f, BNY_REG_TX_INDEX) & BNY_INDEX_RING, ==, 2);
    ring_disable(&a.tx);
    ring_start(&a.tx, a.f, 0, false, 2 * PORT_DEPTH);
    g_assert_cmphex(reg_read(a.f, BNY_REG_TX_INDEX), ==, 0);
    send_and_compare(&a, &b, 300);
    nic_stop(nic);
}

/* Without buffers a packet is dropped whole and counted, and that is all */
static void test_no_buffers(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    ring_disable(&b.rx);
    ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_BUFFERS), ==, 1);
    assert_no_error(b.f);

    rx_post(&b.rx, 4, PORT_BUF_LEN);
    send_and_compare(&a, &b, 500);
    nic_stop(nic);
}

/* A receiver without buffers costs its senders no time: what is behind goes */
static void test_no_buffers_no_waiting(void)
{
    Nic *nic = nic_start(",vfs=3");
    uint8_t frame[60];
    Port a, b, c;
    int64_t start;

    nic_enable_vfs(nic, 3);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    port_start(&c, &nic->vf[2]);
    ring_disable(&b.rx);
    ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
    start = qtest_clock_step(nic->qts, 1);
    for (unsigned i = 0; i < 16; i++) {
        frame_build(frame, b.mac, a.mac, sizeof(frame), i);
        tx_send(&a.tx, frame, sizeof(frame));
    }
    send_and_compare(&a, &c, 100);
    g_assert_cmpint(qtest_clock_step(nic->qts, 1) - start, <, 1000 * 1000);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_BUFFERS), ==, 16);
    nic_stop(nic);
}

/* Every queue pair of the PF sends */
static void test_all_queue_pairs(void)
{
    enum { PAIRS = 8 };
    Nic *nic = nic_start(",vfs=1,queue-pairs=8");
    uint8_t frame[60];
    Ring tx[PAIRS];
    Port b;

    nic_enable_vfs(nic, 1);
    port_start(&b, &nic->vf[0]);
    func_up(&nic->pf);
    for (unsigned i = 0; i < PAIRS; i++) {
        ring_start(&tx[i], &nic->pf, i, false, BNY_RING_DEPTH_MIN);
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        frame_build(frame, b.mac, b.mac, sizeof(frame), i);
        tx_send(&tx[i], frame, sizeof(frame));
        g_assert_true(rx_packet(&b.rx, &packet));
        g_assert_cmpmem(packet.data, packet.len, frame, sizeof(frame));
        g_assert_true(tx_completed(&tx[i], 1));
    }
    nic_stop(nic);
}

/* As many as there may be */
static void test_most_queue_pairs(void)
{
    Nic *nic = nic_start(",vfs=1,queue-pairs=128,vf-queue-pairs=16");
    Ring tx;

    nic_enable_vfs(nic, 1);
    ring_start(&tx, &nic->pf, BNY_PF_QUEUE_PAIRS_MAX - 1, false, 64);
    ring_start(&tx, &nic->vf[0], BNY_VF_QUEUE_PAIRS_MAX - 1, true, 64);
    nic_stop(nic);
}

void add_ring_tests(void)
{
    g_test_add_func(TEST_PREFIX "ring/frame", test_frame);
    g_test_add_func(TEST_PREFIX "ring/frame-sizes", test_frame_sizes);
    g_test_add_func(TEST_PREFIX "ring/wrap", test_wrap);
    g_test_add_func(TEST_PREFIX "ring/index-overflow", test_index_overflow);
    g_test_add_func(TEST_PREFIX "ring/depths", test_depths);
    g_test_add_func(TEST_PREFIX "ring/gather", test_gather);
    g_test_add_func(TEST_PREFIX "ring/scatter", test_scatter);
    g_test_add_func(TEST_PREFIX "ring/partial-packet", test_partial_packet);
    g_test_add_func(TEST_PREFIX "ring/cumulative-completion",
                   test_cumulative_completion);
    g_test_add_func(TEST_PREFIX "ring/disable", test_disable);
    g_test_add_func(TEST_PREFIX "ring/enable-again", test_enable_again);
    g_test_add_func(TEST_PREFIX "ring/no-buffers", test_no_buffers);
    g_test_add_func(TEST_PREFIX "ring/no-buffers-no-waiting",
                   test_no_buffers_no_waiting);
    g_test_add_func(TEST_PREFIX "ring/all-queue-pairs", test_all_queue_pairs);
    g_test_add_func(TEST_PREFIX "ring/most-queue-pairs", test_most_queue_pairs);
}
