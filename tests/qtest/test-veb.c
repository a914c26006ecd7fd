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
    veb_add(nic, 1, group);
    veb_add(nic, 3, group);
    assert_reaches(ports, 0, group, BIT(1) | BIT(3));
    assert_reaches(ports, 1, group, BIT(3));
    func_set_flags(nic, 2, BNY_POLICY_ENABLE | BNY_POLICY_ALLMULTI);
    assert_reaches(ports, 0, group, BIT(1) | BIT(2) | BIT(3));
    veb_remove(nic, 3, group);
    assert_reaches(ports, 0, group, BIT(1) | BIT(2));
    nic_stop(nic);
}

static void test_promiscuous(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);
    uint8_t mac[6];

    mac_of(200, mac);
    func_set_flags(nic, 3, BNY_POLICY_ENABLE | BNY_POLICY_PROMISC);
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

    func_set_flags(nic, 2, 0);
    assert_reaches(ports, 1, ports[2].mac, 0);
    assert_reaches(ports, 1, broadcast, BIT(0) | BIT(3));
    assert_reaches(ports, 2, ports[1].mac, 0);
    g_assert_cmpuint(counter(&nic->vf[1], BNY_CNT_TX_DROP_LINK), ==, 1);
    g_assert_cmpuint(counter(&nic->vf[1], BNY_CNT_RX_DROP_LINK), >=, 1);
    assert_no_error(&nic->vf[1]);
    func_set_flags(nic, 2, BNY_POLICY_ENABLE);
    assert_reaches(ports, 2, ports[1].mac, BIT(1));
    nic_stop(nic);
}

static void test_flush(void)
{
    Port ports[PORTS];
    Nic *nic = start_ports(ports);

    veb_add(nic, 1, group);
    veb_flush(nic, 1);
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

    veb_add(nic, 2, ports[1].mac);
    assert_reaches(ports, 0, ports[1].mac, BIT(1) | BIT(2));
    nic_stop(nic);
}

/* What is so already is no error, and counts once */
static void test_pairs(void)
{
    Nic *nic = nic_start(",vfs=2");
    uint8_t mac[6];

    mac_of(1, mac);
    veb_add(nic, 1, mac);
    g_assert_cmpuint(veb_entries(nic), ==, 1);
    veb_add(nic, 1, mac);
    g_assert_cmpuint(veb_entries(nic), ==, 1);
    veb_add(nic, 2, mac);
    g_assert_cmpuint(veb_entries(nic), ==, 2);
    veb_remove(nic, 0, mac);
    g_assert_cmpuint(veb_entries(nic), ==, 2);
    veb_remove(nic, 1, mac);
    g_assert_cmpuint(veb_entries(nic), ==, 1);
    nic_stop(nic);
}

static struct bny_ctrl_address change_of(enum bny_address_op op, unsigned index)
{
    struct bny_ctrl_address change = { .op = op };

    mac_of(index, change.mac);
    return change;
}

/* Of a list all is done, in its order, while nothing is forwarded */
static void test_list(void)
{
    const struct bny_ctrl_address list[] = {
        change_of(BNY_ADDRESS_ADD, 101),
        change_of(BNY_ADDRESS_ADD, 102),
        change_of(BNY_ADDRESS_REMOVE, 101),
        change_of(BNY_ADDRESS_REMOVE, 103),
        change_of(BNY_ADDRESS_ADD, 103),
        change_of(BNY_ADDRESS_ADD, 102),
    };
    Port ports[PORTS];
    Nic *nic = start_ports(ports);
    uint8_t mac[6];

    g_assert_cmpuint(veb_change(nic, 1, 0, list, ARRAY_SIZE(list)), ==,
                     BNY_CTRL_OK);
    g_assert_cmpuint(veb_entries(nic), ==, PORTS + 2);
    for (unsigned i = 101; i <= 103; i++) {
        mac_of(i, mac);
        assert_reaches(ports, 0, mac, i == 101 ? 0 : BIT(1));
    }
    assert_reaches(ports, 0, ports[1].mac, BIT(1));

    /* with FLUSH what it had before goes, and that alone */
    g_assert_cmpuint(veb_change(nic, 1, BNY_ADDRESSES_FLUSH, &list[1], 1), ==,
                     BNY_CTRL_OK);
    g_assert_cmpuint(veb_entries(nic), ==, PORTS);
    assert_reaches(ports, 0, ports[1].mac, 0);
    assert_reaches(ports, 0, mac, 0);
    mac_of(102, mac);
    assert_reaches(ports, 0, mac, BIT(1));
    assert_reaches(ports, 0, ports[2].mac, BIT(2));
    nic_stop(nic);
}

static void add_many(Nic *nic, unsigned func, unsigned first, unsigned count)
{
    g_autofree struct bny_ctrl_address *list =
        g_new0(struct bny_ctrl_address, count);

    for (unsigned i = 0; i < count; i++) {
        list[i] = change_of(BNY_ADDRESS_ADD, first + i);
    }
    g_assert_cmpuint(veb_change(nic, func, 0, list, count), ==, BNY_CTRL_OK);
}

/* A list that doesn't fit as a whole leaves the table as it was */
static void test_full(void)
{
    const struct bny_ctrl_address list[] = {
        change_of(BNY_ADDRESS_REMOVE, 5),
        change_of(BNY_ADDRESS_ADD, BNY_VEB_ENTRIES_MAX + 1),
        change_of(BNY_ADDRESS_ADD, BNY_VEB_ENTRIES_MAX + 2),
        change_of(BNY_ADDRESS_ADD, 6),
    };
    Nic *nic = nic_start(",vfs=2");

    for (unsigned i = 0; i < BNY_VEB_ENTRIES_MAX; i += 256) {
        add_many(nic, 1, i, 256);
    }
    g_assert_cmpuint(veb_entries(nic), ==, BNY_VEB_ENTRIES_MAX);
    g_assert_cmpuint(veb_change(nic, 1, 0, list, 3), ==, BNY_CTRL_FULL);
    g_assert_cmpuint(veb_change(nic, 2, 0, &list[1], 1), ==, BNY_CTRL_FULL);
    /* not by what is there, nor if one goes for one that comes */
    g_assert_cmpuint(veb_change(nic, 1, 0, &list[3], 1), ==, BNY_CTRL_OK);
    g_assert_cmpuint(veb_change(nic, 1, 0, list, 2), ==, BNY_CTRL_OK);
    g_assert_cmpuint(veb_entries(nic), ==, BNY_VEB_ENTRIES_MAX);
    veb_flush(nic, 1);
    g_assert_cmpuint(veb_entries(nic), ==, 0);
    add_many(nic, 2, 0, BNY_CTRL_ADDRESSES_MAX);
    g_assert_cmpuint(veb_entries(nic), ==, BNY_CTRL_ADDRESSES_MAX);
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

/* STATUS.ENABLED and LINK follow the policy, and an interrupt tells it */
static void test_enable_shows(void)
{
    Nic *nic = nic_start_with(",vfs=1,netdev=n0", "-netdev user,id=n0");
    Func *vf = &nic->vf[0];

    nic_enable_vfs(nic, 1);
    g_assert_cmphex(reg_read(vf, BNY_REG_STATUS) & BNY_STATUS_ENABLED, ==, 0);
    g_assert_cmphex(reg_read(vf, BNY_REG_LINK) & BNY_LINK_UP, ==, 0);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
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
    g_test_add_func(TEST_PREFIX "veb/pairs", test_pairs);
    g_test_add_func(TEST_PREFIX "veb/list", test_list);
    g_test_add_func(TEST_PREFIX "veb/full", test_full);
    g_test_add_func(TEST_PREFIX "veb/max-frame", test_max_frame);
    g_test_add_func(TEST_PREFIX "veb/enable-shows", test_enable_shows);
}
