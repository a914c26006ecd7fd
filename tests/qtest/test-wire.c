/*
 * Banyan qtests: a wire that takes nothing. It holds only what goes to it,
 * and that for a bounded time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

enum {
    LEN = 1400,
    PATIENCE_MS = 150,  /* a wire may take nothing for less than this */
};

static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };

/* @a has sent more to the wire than that, and the model, can hold */
static Nic *start_stuck(Port *a, Port *b, int *sock)
{
    Nic *nic = host_start(",vfs=2", "", 1, sock);
    uint8_t frame[LEN];

    nic_enable_vfs(nic, 2);
    port_start(a, &nic->vf[0]);
    port_start(b, &nic->vf[1]);
    frame_build(frame, host_mac, a->mac, LEN, 0);
    for (unsigned i = 0; i < PORT_DEPTH; i++) {
        tx_put(&a->tx, frame, LEN, BNY_TX_CMD_EOP);
    }
    ring_kick(&a->tx);
    nic_settle(nic);
    g_assert_cmpuint(counter(a->f, BNY_CNT_TX_PACKETS), <, PORT_DEPTH);
    return nic;
}

static void send_short(Port *from, const uint8_t *dst)
{
    uint8_t frame[60];

    frame_build(frame, dst, from->mac, sizeof(frame), 0);
    tx_send(&from->tx, frame, sizeof(frame));
}

/* Frames between functions pass, behind a broadcast too, as does its copy */
static void assert_functions_talk(Port *a, Port *b)
{
    uint64_t got = counter(a->f, BNY_CNT_RX_PACKETS);

    send_short(b, broadcast);
    send_short(b, a->mac);
    nic_settle(a->f->nic);
    g_assert_cmpuint(counter(a->f, BNY_CNT_RX_PACKETS), ==, got + 2);
    g_assert_true(tx_completed(&b->tx, b->tx.prod));
}

static void assert_all_sent(Port *a)
{
    nic_settle(a->f->nic);
    g_assert_cmpuint(counter(a->f, BNY_CNT_TX_PACKETS), ==, PORT_DEPTH);
    g_assert_cmpuint(counter(a->f, BNY_CNT_TX_DROP_LINK), >, 0);
}

static void test_functions(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    assert_functions_talk(&a, &b);
    nic_stop(nic);
    close(sock);
}

/* Frames of the other's that arrive before one of @b's does */
static unsigned arrived_before(Port *b, int sock)
{
    uint8_t got[FRAME_MAX], frame[60];
    unsigned arrived = 0;
    size_t len;

    frame_build(frame, host_mac, b->mac, sizeof(frame), 1);
    do {
        nic_settle(b->f->nic);
        tx_send(&b->tx, frame, sizeof(frame));
        g_assert_true(tx_completed(&b->tx, b->tx.prod));
        len = host_receive(sock, got);
        arrived += len == LEN;
    } while (len != sizeof(frame) || memcmp(got, frame, len));
    return arrived;
}

/*
 * It is given up after a while, and used again when it takes something. What
 * doesn't arrive is counted.
 */
static void test_given_up(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    qtest_clock_step(nic->qts, PATIENCE_MS * 1000 * 1000);
    assert_all_sent(&a);
    assert_functions_talk(&a, &b);
    g_assert_cmpuint(arrived_before(&b, sock) +
                     counter(a.f, BNY_CNT_TX_DROP_LINK), ==, PORT_DEPTH);
    nic_stop(nic);
    close(sock);
}

/* Not before its time */
static void test_patience(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    qtest_clock_step(nic->qts, 80 * 1000 * 1000);
    nic_settle(nic);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), <, PORT_DEPTH);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_LINK), ==, 0);
    nic_stop(nic);
    close(sock);
}

/* One that has taken everything is none that takes nothing */
static void test_taken(void)
{
    uint8_t got[FRAME_MAX];
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    for (unsigned i = 0; i < PORT_DEPTH; i++) {
        g_assert_cmpuint(host_receive(sock, got), ==, LEN);
        nic_settle(nic);
    }
    qtest_clock_step(nic->qts, PATIENCE_MS * 1000 * 1000);
    send_short(&b, host_mac);
    nic_settle(nic);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_LINK), ==, 0);
    g_assert_cmpuint(counter(b.f, BNY_CNT_TX_DROP_LINK), ==, 0);
    g_assert_cmpuint(host_receive(sock, got), ==, 60);
    nic_stop(nic);
    close(sock);
}

/* Shares of it are of bytes, not of frames */
static void test_shares(void)
{
    enum { SMALL = 1000, LARGE = 9000, SKIP = 10, COUNT = 40 };
    unsigned large = 0, small = 0;
    uint8_t frame[LARGE], got[FRAME_MAX];
    int sock;
    Nic *nic = host_start(",vfs=2", "", 1, &sock);
    Port p[2];

    nic_enable_vfs(nic, 2);
    for (unsigned i = 0; i < 2; i++) {
        size_t len = i ? SMALL : LARGE;

        port_start(&p[i], &nic->vf[i]);
        frame_build(frame, host_mac, p[i].mac, len, 0);
        for (unsigned k = 0; k < PORT_DEPTH; k++) {
            tx_put(&p[i].tx, frame, len, BNY_TX_CMD_EOP);
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        ring_kick(&p[i].tx);
    }
    while (small < SKIP + COUNT) {
        nic_settle(nic);
        if (host_receive(sock, got) == SMALL) {
            small++;
        } else if (small >= SKIP) {
            large++;
        }
    }
    g_test_message("%u KB beside %u", large * LARGE / 1000,
                   COUNT * SMALL / 1000);
    g_assert_cmpuint(large * LARGE, >=, COUNT * SMALL * 6 / 10);
    g_assert_cmpuint(large * LARGE, <=, COUNT * SMALL * 15 / 10);
    nic_stop(nic);
    close(sock);
}

/* A frame that waits is dropped where its sender isn't enabled any more */
static void test_disabled_sender(void)
{
    uint8_t got[FRAME_MAX];
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    func_set_flags(nic, a.f->index, 0);
    while (counter(a.f, BNY_CNT_TX_PACKETS) < PORT_DEPTH) {
        host_receive(sock, got);
        nic_settle(nic);
    }
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_LINK), >, 0);
    g_assert_true(tx_completed(&a.tx, PORT_DEPTH));
    func_set_flags(nic, a.f->index, BNY_POLICY_ENABLE);
    send_short(&a, b.mac);
    nic_settle(nic);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_PACKETS), ==, 1);
    nic_stop(nic);
    close(sock);
}

/* A ring that is stopped doesn't wait, and isn't in the middle of anything */
static void test_ring_again(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    ring_disable(&a.tx);
    ring_start(&a.tx, a.f, 0, false, PORT_DEPTH);
    send_short(&a, b.mac);
    nic_settle(nic);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_PACKETS), ==, 1);
    nic_stop(nic);
    close(sock);
}

static void test_link_down(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    uplink_set(nic, false);
    assert_all_sent(&a);
    assert_functions_talk(&a, &b);
    uplink_set(nic, true);
    /* but for one that QEMU's net layer had already */
    g_assert_cmpuint(arrived_before(&b, sock) +
                     counter(a.f, BNY_CNT_TX_DROP_LINK), >=, PORT_DEPTH - 1);
    nic_stop(nic);
    close(sock);
}

static void test_backend_deleted(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'netdev_del',"
                             " 'arguments': { 'id': 'n0' } }");
    assert_all_sent(&a);
    assert_functions_talk(&a, &b);
    nic_stop(nic);
    close(sock);
}

/* A reset of the PF frees what waits, of others too */
static void test_reset(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    func_reset(&nic->pf);
    assert_all_sent(&a);
    func_up(a.f);
    func_up(b.f);
    assert_functions_talk(&a, &b);
    nic_stop(nic);
    close(sock);
}

/* What a function has sent goes with it when it is reset */
static void test_reset_of_sender(void)
{
    uint8_t got[FRAME_MAX], frame[60];
    unsigned before = 0;
    uint64_t taken;
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    taken = counter(a.f, BNY_CNT_TX_PACKETS);
    func_reset(a.f);
    frame_build(frame, host_mac, b.mac, sizeof(frame), 1);
    tx_send(&b.tx, frame, sizeof(frame));
    while (host_receive(sock, got) != sizeof(frame)) {
        nic_settle(nic);
        before++;
    }
    g_test_message("%u of %u before it", before, (unsigned)taken);
    g_assert_cmpuint(before * LEN + 32 * 1024, <=, taken * LEN);
    nic_stop(nic);
    close(sock);
}

void add_wire_tests(void)
{
    g_test_add_func(TEST_PREFIX "wire/functions", test_functions);
    g_test_add_func(TEST_PREFIX "wire/given-up", test_given_up);
    g_test_add_func(TEST_PREFIX "wire/patience", test_patience);
    g_test_add_func(TEST_PREFIX "wire/taken", test_taken);
    g_test_add_func(TEST_PREFIX "wire/shares", test_shares);
    g_test_add_func(TEST_PREFIX "wire/disabled-sender", test_disabled_sender);
    g_test_add_func(TEST_PREFIX "wire/ring-again", test_ring_again);
    g_test_add_func(TEST_PREFIX "wire/link-down", test_link_down);
    g_test_add_func(TEST_PREFIX "wire/backend-deleted", test_backend_deleted);
    g_test_add_func(TEST_PREFIX "wire/reset", test_reset);
    g_test_add_func(TEST_PREFIX "wire/reset-of-sender", test_reset_of_sender);
}
