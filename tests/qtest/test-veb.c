/*
 * Banyan qtests: the VEB (datasheet, chapter 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define PORTS 4         /* the PF and three VFs */

static Packet packet;
static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };

static Nic *start_ports(Port *ports)
{
    Nic *nic = nic_start(",vfs=3");

    nic_enable_vfs(nic, PORTS - 1);
    for (unsigned i = 0; i < PORTS; i++) {
        port_start(&ports[i], i ? &nic->vf[i - 1] : &nic->pf);
    }
    return nic;
}

/* Send from @from to @dst: exactly the ports whose bits are set get it */
static void assert_reaches(Port *ports, unsigned from, const uint8_t *dst,
                           unsigned mask)
{
    static uint8_t fill;
    uint8_t frame[90];
    Port *p = &ports[from];

    frame_build(frame, dst, p->mac, sizeof(frame), fill++);
    tx_send(&p->tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&p->tx, p->tx.prod));
    for (unsigned i = 0; i < PORTS; i++) {
        struct bny_rx_cqe cqe;

        if (mask & BIT(i)) {
            g_assert_true(rx_packet(&ports[i].rx, &packet));
            g_assert_cmpmem(packet.data, packet.len, frame, sizeof(frame));
        } else {
            g_assert_false(cq_peek(&ports[i].rx, &cqe));
        }
    }
}

static void set_ctrl(Nic *nic, unsigned func, uint32_t ctrl)
{
    reg_write(&nic->pf, BNY_REG_AT(FUNC_CTRL, func), ctrl);
}

static void test_unicast(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    for (unsigned from = 0; from < PORTS; from++) {
        for (unsigned to = 0; to < PORTS; to++) {
            if (from != to) {
                assert_reaches(ports, from, ports[to].mac, BIT(to));
            }
        }
    }
    nic_stop(nic);
}

static void test_own_address(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    assert_reaches(ports, 1, ports[1].mac, 0);
    nic_stop(nic);
}

static void test_unknown_unicast(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);
    uint8_t mac[6];

    mac_of(200, mac);
    assert_reaches(ports, 1, mac, 0);
    assert_reaches(ports, 0, mac, 0);
    nic_stop(nic);
}

static void test_broadcast(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    assert_reaches(ports, 2, broadcast, 0xf & ~BIT(2));
    assert_reaches(ports, 0, broadcast, 0xf & ~BIT(0));
    nic_stop(nic);
}

static void test_multicast(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    assert_reaches(ports, 0, group, 0);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, group, 1), ==, BNY_VEB_OK);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, group, 3), ==, BNY_VEB_OK);
    assert_reaches(ports, 0, group, BIT(1) | BIT(3));
    assert_reaches(ports, 1, group, BIT(3));
    set_ctrl(nic, 2, BNY_FUNC_CTRL_ENABLE | BNY_FUNC_CTRL_ALLMULTI);
    assert_reaches(ports, 0, group, BIT(1) | BIT(2) | BIT(3));
    g_assert_cmpuint(veb_command(nic, BNY_VEB_DEL, group, 3), ==, BNY_VEB_OK);
    assert_reaches(ports, 0, group, BIT(1) | BIT(2));
    nic_stop(nic);
}

static void test_promiscuous(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);
    uint8_t mac[6];

    mac_of(200, mac);
    set_ctrl(nic, 3, BNY_FUNC_CTRL_ENABLE | BNY_FUNC_CTRL_PROMISC);
    assert_reaches(ports, 1, ports[2].mac, BIT(2) | BIT(3));
    assert_reaches(ports, 1, mac, BIT(3));
    assert_reaches(ports, 1, group, BIT(3));
    assert_reaches(ports, 3, mac, 0);
    nic_stop(nic);
}

/* Only who is enabled sends and receives */
static void test_not_enabled(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    set_ctrl(nic, 2, 0);
    assert_reaches(ports, 1, ports[2].mac, 0);
    assert_reaches(ports, 1, broadcast, BIT(0) | BIT(3));
    assert_reaches(ports, 2, ports[1].mac, 0);
    g_assert_cmpuint(counter(&nic->vf[1], BNY_CNT_TX_DROP_LINK), ==, 1);
    g_assert_cmpuint(counter(&nic->vf[1], BNY_CNT_RX_DROP_LINK), >=, 1);
    assert_no_error(&nic->vf[1]);
    set_ctrl(nic, 2, BNY_FUNC_CTRL_ENABLE);
    assert_reaches(ports, 2, ports[1].mac, BIT(1));
    nic_stop(nic);
}

static void test_flush(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    veb_command(nic, BNY_VEB_ADD, group, 1);
    veb_command(nic, BNY_VEB_FLUSH, broadcast, 1);
    assert_reaches(ports, 0, ports[1].mac, 0);
    assert_reaches(ports, 0, group, 0);
    assert_reaches(ports, 0, ports[2].mac, BIT(2));
    nic_stop(nic);
}

/* Two functions may have the same unicast address */
static void test_shared_address(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, ports[1].mac, 2), ==,
                     BNY_VEB_OK);
    assert_reaches(ports, 0, ports[1].mac, BIT(1) | BIT(2));
    nic_stop(nic);
}

static unsigned entries(Nic *nic)
{
    return FIELD_GET(BNY_VEB_ENTRIES, reg_read(&nic->pf, BNY_REG_VEB_STATUS));
}

static void test_results(void)
{
    static const uint8_t zero[6];
    Nic *nic = nic_start(",vfs=2");
    uint8_t mac[6];

    mac_of(1, mac);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, 1), ==, BNY_VEB_OK);
    g_assert_cmpuint(entries(nic), ==, 1);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, 1), ==, BNY_VEB_EXISTS);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, 2), ==, BNY_VEB_OK);
    g_assert_cmpuint(entries(nic), ==, 2);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_DEL, mac, 0), ==,
                     BNY_VEB_NOT_FOUND);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, 3), ==,
                     BNY_VEB_BAD_FUNC);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, BNY_FUNC_UPLINK), ==,
                     BNY_VEB_BAD_FUNC);
    g_assert_cmpuint(veb_command(nic, 0, mac, 1), ==, BNY_VEB_BAD_OP);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, zero, 1), ==,
                     BNY_VEB_BAD_OP);
    g_assert_cmpuint(entries(nic), ==, 2);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

static void test_full(void)
{
    Nic *nic = nic_start(",vfs=1");
    uint8_t mac[6];

    for (unsigned i = 0; i < BNY_VEB_ENTRIES_MAX; i++) {
        mac_of(i, mac);
        g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, 1), ==, BNY_VEB_OK);
    }
    mac_of(BNY_VEB_ENTRIES_MAX, mac);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, 1), ==, BNY_VEB_FULL);
    g_assert_cmpuint(entries(nic), ==, BNY_VEB_ENTRIES_MAX);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_FLUSH, mac, 1), ==, BNY_VEB_OK);
    g_assert_cmpuint(entries(nic), ==, 0);
    g_assert_cmpuint(veb_command(nic, BNY_VEB_ADD, mac, 1), ==, BNY_VEB_OK);
    nic_stop(nic);
}

static void test_max_frame(void)
{
    uint8_t frame[1519];
    Port ports[PORTS];
    Nic *nic = start_ports(ports);
    Port *a = &ports[1], *b = &ports[2];

    reg_write(b->f, BNY_REG_MAX_FRAME, 1518);
    frame_build(frame, b->mac, a->mac, 1519, 0);
    tx_send(&a->tx, frame, 1519);
    g_assert_true(tx_completed(&a->tx, 1));
    assert_nothing_received(&b->rx);
    g_assert_cmpuint(counter(b->f, BNY_CNT_RX_DROP_LENGTH), ==, 1);
    tx_send(&a->tx, frame, 1518);
    g_assert_true(rx_packet(&b->rx, &packet));
    nic_stop(nic);
}

/* STATUS.ENABLED and LINK follow FUNC_CTRL, and an interrupt tells it */
static void test_enable_shows(void)
{
    Nic *nic = nic_start_with(",vfs=1,netdev=n0", "-netdev user,id=n0");
    Func *vf = &nic->vf[0];

    nic_enable_vfs(nic, 1);
    g_assert_cmphex(reg_read(vf, BNY_REG_STATUS) & BNY_STATUS_ENABLED, ==, 0);
    g_assert_cmphex(reg_read(vf, BNY_REG_LINK) & BNY_LINK_UP, ==, 0);
    set_ctrl(nic, vf->index, BNY_FUNC_CTRL_ENABLE);
    g_assert_cmphex(reg_read(vf, BNY_REG_STATUS) & BNY_STATUS_ENABLED, !=, 0);
    g_assert_cmphex(reg_read(vf, BNY_REG_LINK) & BNY_LINK_UP, !=, 0);
    g_assert_cmpuint(FIELD_GET(BNY_LINK_SPEED, reg_read(vf, BNY_REG_LINK)), ==,
                     BNY_LINK_SPEED_DEFAULT);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==, BNY_IRQ_LINK);
    nic_stop(nic);
}

void add_veb_tests(void)
{
    g_test_add_func(TEST_PREFIX "veb/unicast", test_unicast);
    g_test_add_func(TEST_PREFIX "veb/own-address", test_own_address);
    g_test_add_func(TEST_PREFIX "veb/unknown-unicast", test_unknown_unicast);
    g_test_add_func(TEST_PREFIX "veb/broadcast", test_broadcast);
    g_test_add_func(TEST_PREFIX "veb/multicast", test_multicast);
    g_test_add_func(TEST_PREFIX "veb/promiscuous", test_promiscuous);
    g_test_add_func(TEST_PREFIX "veb/not-enabled", test_not_enabled);
    g_test_add_func(TEST_PREFIX "veb/flush", test_flush);
    g_test_add_func(TEST_PREFIX "veb/shared-address", test_shared_address);
    g_test_add_func(TEST_PREFIX "veb/results", test_results);
    g_test_add_func(TEST_PREFIX "veb/full", test_full);
    g_test_add_func(TEST_PREFIX "veb/max-frame", test_max_frame);
    g_test_add_func(TEST_PREFIX "veb/enable-shows", test_enable_shows);
}
