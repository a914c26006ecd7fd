/*
 * Banyan qtests: uplink, with the test at the other end of a socket
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static Packet packet;
static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static Nic *start(Port *a, int *sock)
{
    Nic *nic = host_start(",vfs=2", "", 0, sock);

    nic_enable_vfs(nic, 2);
    port_start(a, &nic->vf[0]);
    return nic;
}

static void test_send(void)
{
    static uint8_t got[FRAME_MAX];
    uint8_t frame[1000];
    int sock;
    Port a;
    Nic *nic = start(&a, &sock);

    for (size_t len = 60; len <= sizeof(frame); len += 235) {
        frame_build(frame, host_mac, a.mac, len, len);
        tx_send(&a.tx, frame, len);
        g_assert_cmpuint(host_receive(sock, got), ==, len);
        g_assert_cmpmem(got, len, frame, len);
    }
    nic_stop(nic);
    close(sock);
}

static void test_receive(void)
{
    uint8_t frame[1000];
    int sock;
    Port a;
    Nic *nic = start(&a, &sock);

    for (size_t len = 60; len <= sizeof(frame); len += 235) {
        frame_build(frame, a.mac, host_mac, len, len);
        host_send(sock, frame, len);
        g_assert_true(rx_packet(&a.rx, &packet));
        g_assert_cmpmem(packet.data, packet.len, frame, len);
    }
    nic_stop(nic);
    close(sock);
}

/* What is for nobody here is dropped and never goes back */
static void test_foreign(void)
{
    uint8_t frame[60];
    int sock;
    Port a;
    Nic *nic = start(&a, &sock);

    frame_build(frame, host_mac, host_mac, sizeof(frame), 0);
    host_send(sock, frame, sizeof(frame));
    assert_nothing_received(&a.rx);
    assert_host_receives_nothing(nic, sock);
    frame_build(frame, broadcast, host_mac, sizeof(frame), 0);
    host_send(sock, frame, sizeof(frame));
    g_assert_true(rx_packet(&a.rx, &packet));
    assert_host_receives_nothing(nic, sock);
    nic_stop(nic);
    close(sock);
}

/* Unicast between functions stays inside; broadcast goes to both */
static void test_local(void)
{
    static uint8_t got[FRAME_MAX];
    uint8_t frame[60];
    int sock;
    Port a, b;
    Nic *nic = start(&a, &sock);

    port_start(&b, &nic->vf[1]);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    assert_host_receives_nothing(nic, sock);

    frame_build(frame, broadcast, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpuint(host_receive(sock, got), ==, sizeof(frame));
    nic_stop(nic);
    close(sock);
}

/* ... but for a function that may not keep its address from the wire */
static void test_local_and_uplink(void)
{
    static uint8_t got[FRAME_MAX];
    uint8_t frame[60];
    int sock;
    Port a, b;
    Nic *nic = start(&a, &sock);

    port_start(&b, &nic->vf[1]);
    func_set_flags(nic, b.f->index, BNY_POLICY_ENABLE | BNY_POLICY_UPLINK_TOO);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpuint(host_receive(sock, got), ==, sizeof(frame));
    g_assert_cmpmem(got, sizeof(frame), frame, sizeof(frame));

    frame_build(frame, b.mac, host_mac, sizeof(frame), 1);
    host_send(sock, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    assert_host_receives_nothing(nic, sock);
    nic_stop(nic);
    close(sock);
}

/* A backend without offloads gets segments with good checksums */
static void test_segmented(void)
{
    enum { MSS = 500, SEGMENTS = 6 };
    static uint8_t frame[FRAME_MAX], got[FRAME_MAX];
    size_t len = 0;
    int sock;
    Port a;
    Nic *nic = start(&a, &sock);
    struct bny_tx_desc desc = tcp4_tso(MSS);

    ring_disable(&a.tx);
    ring_disable(&a.rx);
    reg_write(a.f, BNY_REG_FEATURES, BNY_FEAT_TX_TSO);
    ring_start(&a.tx, a.f, 0, false, PORT_DEPTH);

    len = tcp4_build(frame, host_mac, a.mac, SEGMENTS * MSS);
    desc.cmd |= cpu_to_le32(BNY_TX_CMD_EOP);
    tx_put_desc(&a.tx, frame, len, desc);
    ring_kick(&a.tx);
    for (unsigned i = 0; i < SEGMENTS; i++) {
        g_assert_cmpuint(host_receive(sock, got), ==, TCP4_HDR_LEN + MSS);
        g_assert_true(ip4_checksum_ok(got));
        g_assert_true(tcp4_checksum_ok(got, TCP4_HDR_LEN + MSS));
        g_assert_cmpmem(got + TCP4_HDR_LEN, MSS,
                        frame + TCP4_HDR_LEN + i * MSS, MSS);
    }
    nic_stop(nic);
    close(sock);
}

/* L4 checksums of what comes from outside are verified */
static void test_verified(void)
{
    static uint8_t frame[FRAME_MAX];
    uint32_t sum;
    size_t len;
    int sock;
    Port a;
    Nic *nic = start(&a, &sock);

    ring_disable(&a.rx);
    ring_disable(&a.tx);
    reg_write(a.f, BNY_REG_FEATURES, BNY_FEAT_RX_CSUM);
    ring_start(&a.rx, a.f, 0, true, PORT_DEPTH);
    rx_post(&a.rx, 16, PORT_BUF_LEN);

    len = tcp4_build(frame, a.mac, host_mac, 333);
    sum = sum_bytes(frame + TCP4_L4_OFF, len - TCP4_L4_OFF, 0);
    stw_be_p(frame + TCP4_L4_OFF + TCP4_CSUM_OFF, ~sum_fold(sum));
    g_assert_true(tcp4_checksum_ok(frame, len));
    host_send(sock, frame, len);
    g_assert_true(rx_packet(&a.rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_OK, !=, 0);

    frame[len - 1] ^= 1;
    host_send(sock, frame, len);
    g_assert_true(rx_packet(&a.rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_BAD, !=, 0);
    g_assert_cmpuint(counter(a.f, BNY_CNT_RX_CSUM_BAD), ==, 1);

    /* nothing to verify: neither */
    frame_build(frame, a.mac, host_mac, 100, 0);
    host_send(sock, frame, 100);
    g_assert_true(rx_packet(&a.rx, &packet));
    g_assert_cmphex(rx_flags(&packet) &
                    (BNY_RX_CQE_CSUM_OK | BNY_RX_CQE_CSUM_BAD), ==, 0);
    nic_stop(nic);
    close(sock);
}

/* The link follows the uplink's, and functions hear of it */
static void test_link(void)
{
    uint8_t frame[60];
    int sock;
    Port a, b;
    Nic *nic = start(&a, &sock);

    port_start(&b, &nic->vf[1]);
    g_assert_cmphex(reg_read(a.f, BNY_REG_LINK) & BNY_LINK_UP, !=, 0);
    reg_write(a.f, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    uplink_set(nic, false);
    g_assert_cmphex(reg_read(a.f, BNY_REG_LINK) & BNY_LINK_UP, ==, 0);
    g_assert_cmphex(reg_read(a.f, BNY_REG_IRQ_CAUSE) & BNY_IRQ_LINK, !=, 0);

    /* frames between functions pass all the same */
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    uplink_set(nic, true);
    g_assert_cmphex(reg_read(a.f, BNY_REG_LINK) & BNY_LINK_UP, !=, 0);
    nic_stop(nic);
    close(sock);
}

void add_uplink_tests(void)
{
    g_test_add_func(TEST_PREFIX "uplink/send", test_send);
    g_test_add_func(TEST_PREFIX "uplink/receive", test_receive);
    g_test_add_func(TEST_PREFIX "uplink/foreign", test_foreign);
    g_test_add_func(TEST_PREFIX "uplink/local", test_local);
    g_test_add_func(TEST_PREFIX "uplink/local-and-uplink",
                    test_local_and_uplink);
    g_test_add_func(TEST_PREFIX "uplink/segmented", test_segmented);
    g_test_add_func(TEST_PREFIX "uplink/verified", test_verified);
    g_test_add_func(TEST_PREFIX "uplink/link", test_link);
}
