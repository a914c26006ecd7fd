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

/* It is given up after a while, and used again when it takes something */
static void test_given_up(void)
{
    uint8_t got[FRAME_MAX], frame[60];
    size_t len;
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    qtest_clock_step(nic->qts, PATIENCE_MS * 1000 * 1000);
    assert_all_sent(&a);
    assert_functions_talk(&a, &b);
    frame_build(frame, host_mac, b.mac, sizeof(frame), 1);
    do {
        nic_settle(nic);
        tx_send(&b.tx, frame, sizeof(frame));
        g_assert_true(tx_completed(&b.tx, b.tx.prod));
        len = host_receive(sock, got);
    } while (len != sizeof(frame) || memcmp(got, frame, len));
    nic_stop(nic);
    close(sock);
}

static void test_link_down(void)
{
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'set_link', 'arguments':"
                             " { 'name': 'nic', 'up': false } }");
    assert_all_sent(&a);
    assert_functions_talk(&a, &b);
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
    int sock;
    Port a, b;
    Nic *nic = start_stuck(&a, &b, &sock);

    func_reset(a.f);
    frame_build(frame, host_mac, b.mac, sizeof(frame), 1);
    tx_send(&b.tx, frame, sizeof(frame));
    while (host_receive(sock, got) != sizeof(frame)) {
        nic_settle(nic);
        before++;
    }
    g_test_message("%u before it", before);
    g_assert_cmpuint(before * LEN, <, PORT_DEPTH * LEN - 32 * 1024);
    nic_stop(nic);
    close(sock);
}

void add_wire_tests(void)
{
    g_test_add_func(TEST_PREFIX "wire/functions", test_functions);
    g_test_add_func(TEST_PREFIX "wire/given-up", test_given_up);
    g_test_add_func(TEST_PREFIX "wire/link-down", test_link_down);
    g_test_add_func(TEST_PREFIX "wire/backend-deleted", test_backend_deleted);
    g_test_add_func(TEST_PREFIX "wire/reset", test_reset);
    g_test_add_func(TEST_PREFIX "wire/reset-of-sender", test_reset_of_sender);
}
