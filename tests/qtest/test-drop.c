/*
 * Banyan qtests: every frame that nobody gets is counted by its reason
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static void send_to(Port *p, const uint8_t dst[6])
{
    uint8_t frame[60];

    frame_build(frame, dst, p->mac, sizeof(frame), 0);
    tx_send(&p->tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&p->tx, p->tx.prod));
}

/* To itself, and to an uplink where nobody is */
static void test_sent(void)
{
    Nic *nic = nic_start(",vfs=2");
    Port a, b;

    nic_enable_vfs(nic, 2);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    send_to(&a, a.mac);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_NOBODY), ==, 1);
    send_to(&a, host_mac);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_NOBODY), ==, 2);
    send_to(&a, b.mac);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_NOBODY), ==, 2);

    /* who isn't enabled counts it itself */
    func_set_flags(nic, b.f->index, 0);
    send_to(&a, b.mac);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_NOBODY), ==, 2);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_LINK), ==, 1);
    nic_stop(nic);
}

static void test_from_uplink(void)
{
    static uint8_t frame[BNY_GSO_LEN_MAX + 1];
    enum { LEN = 60 };
    int sock;
    Nic *nic = host_start(",vfs=1", "", 0, &sock);
    Port a;

    nic_enable_vfs(nic, 1);
    port_start(&a, &nic->vf[0]);
    frame_build(frame, host_mac, host_mac, LEN, 0);
    host_send(sock, frame, LEN);
    host_send(sock, frame, BNY_FRAME_LEN_MIN - 1);
    frame_build(frame, a.mac, host_mac, sizeof(frame), 0);
    host_send(sock, frame, BNY_GSO_LEN_MAX + 1);
    host_send(sock, frame, BNY_GSO_LEN_MAX);
    host_send(sock, frame, LEN);
    while (!counter(a.f, BNY_CNT_RX_PACKETS)) {
        nic_settle(nic);
    }
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_UPLINK_DROP_NOBODY), ==, 1);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_UPLINK_DROP_BAD), ==, 2);
    g_assert_cmpuint(counter(a.f, BNY_CNT_RX_DROP_LENGTH), ==, 1);
    nic_stop(nic);
    close(sock);
}

void add_drop_tests(void)
{
    g_test_add_func(TEST_PREFIX "drop/sent", test_sent);
    g_test_add_func(TEST_PREFIX "drop/from-uplink", test_from_uplink);
}
