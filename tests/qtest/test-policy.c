/*
 * Banyan qtests: the commands by which the PF sets a function's policy, and
 * its addresses (datasheet, chapters 7 and 10)
 *
 * What policy does to frames is in test-veb.c and test-vlan.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"

static Nic *start(void)
{
    Nic *nic = nic_start(",vfs=3");

    nic_enable_vfs(nic, 3);
    return nic;
}

static enum bny_ctrl_status set_policy(Nic *nic, unsigned func,
                                       struct bny_ctrl_policy policy)
{
    return pf_command(nic, BNY_CTRL_SET_POLICY, func, &policy, sizeof(policy));
}

/* It reads as it was set, of this function alone */
static void test_set(void)
{
    static const struct bny_ctrl_policy none;
    struct bny_ctrl_policy policy = { }, got;
    Nic *nic = start();

    for (unsigned bit = 0; bit < 32; bit++) {
        if (!(BNY_POLICY_FLAGS & BIT(bit))) {
            continue;
        }
        policy.flags = cpu_to_le32(BIT(bit));
        mac_of(bit, policy.mac);
        func_set_policy(nic, 2, &policy);
        got = func_policy(nic, 2);
        g_assert_cmpmem(&got, sizeof(got), &policy, sizeof(policy));
    }
    policy.vlan_tpid = cpu_to_le16(ETH_P_DVLAN);
    policy.vlan_tci = cpu_to_le16(0xeffe);
    policy.link = BNY_POLICY_LINK_DOWN;
    func_set_policy(nic, 2, &policy);
    got = func_policy(nic, 2);
    g_assert_cmpmem(&got, sizeof(got), &policy, sizeof(policy));
    got = func_policy(nic, 1);
    g_assert_cmpmem(&got, sizeof(got), &none, sizeof(none));
    func_set_policy(nic, 2, &none);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_MAC_LO), ==, 0);
    nic_stop(nic);
}

/* A policy that can't be changes nothing */
static void test_bad_value(void)
{
    static const struct {
        uint16_t tpid;
        uint16_t tci;
    } vlans[] = {
        { 0, 1 }, { 0, 0x2000 }, { ETH_P_VLAN, 0 }, { ETH_P_VLAN, 0xe000 },
        { ETH_P_VLAN, 4095 }, { ETH_P_VLAN, 0x1001 }, { ETH_P_IP, 1 },
        { 0x0081, 1 }, { 0x9100, 1 },
    };
    struct bny_ctrl_policy good = { .flags = cpu_to_le32(BNY_POLICY_ENABLE) };
    struct bny_ctrl_policy bad, got;
    Nic *nic = start();

    mac_of(9, good.mac);
    func_set_policy(nic, 1, &good);
    for (unsigned bit = 0; bit < 32; bit++) {
        if (!(BNY_POLICY_FLAGS & BIT(bit))) {
            bad = good;
            bad.flags = cpu_to_le32(BIT(bit));
            g_assert_cmpuint(set_policy(nic, 1, bad), ==, BNY_CTRL_BAD_VALUE);
        }
    }
    for (unsigned i = 0; i < sizeof(bad.rsvd); i++) {
        bad = good;
        bad.rsvd[i] = 1;
        g_assert_cmpuint(set_policy(nic, 1, bad), ==, BNY_CTRL_BAD_VALUE);
    }
    bad = good;
    bad.mac[0] |= 1;
    g_assert_cmpuint(set_policy(nic, 1, bad), ==, BNY_CTRL_BAD_VALUE);
    bad = good;
    bad.link = BNY_POLICY_LINK_DOWN + 1;
    g_assert_cmpuint(set_policy(nic, 1, bad), ==, BNY_CTRL_BAD_VALUE);
    for (unsigned i = 0; i < ARRAY_SIZE(vlans); i++) {
        bad = good;
        bad.vlan_tpid = cpu_to_le16(vlans[i].tpid);
        bad.vlan_tci = cpu_to_le16(vlans[i].tci);
        g_assert_cmpuint(set_policy(nic, 1, bad), ==, BNY_CTRL_BAD_VALUE);
    }
    got = func_policy(nic, 1);
    g_assert_cmpmem(&got, sizeof(got), &good, sizeof(good));
    nic_stop(nic);
}

/* The PF can't be shut off from its own network */
static void test_no_port_vlan_of_pf(void)
{
    Nic *nic = start();
    struct bny_ctrl_policy policy = func_policy(nic, BNY_FUNC_PF);

    policy.vlan_tpid = cpu_to_le16(ETH_P_VLAN);
    policy.vlan_tci = cpu_to_le16(1);
    g_assert_cmpuint(set_policy(nic, BNY_FUNC_PF, policy), ==,
                     BNY_CTRL_BAD_VALUE);
    nic_stop(nic);
}

static void set_link(Nic *nic, unsigned func, enum bny_policy_link link)
{
    struct bny_ctrl_policy policy = func_policy(nic, func);

    policy.link = link;
    func_set_policy(nic, func, &policy);
}

static bool link_is_up(Func *f)
{
    return reg_read(f, BNY_REG_LINK) & BNY_LINK_UP;
}

/* Has it heard of a change of its link since it was asked last? */
static bool link_changed(Func *f)
{
    bool changed = reg_read(f, BNY_REG_IRQ_CAUSE) & BNY_IRQ_LINK;

    reg_write(f, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    return changed;
}

/* Whatever the uplink's is; and frames pass while it is up */
static void test_link(void)
{
    static uint8_t frame[100];
    static Packet packet;
    Port a, b;
    int sock;
    Nic *nic = host_start(",vfs=2", "", 0, &sock);

    nic_enable_vfs(nic, 2);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    g_assert_true(link_changed(a.f));

    set_link(nic, 1, BNY_POLICY_LINK_UP);
    g_assert_false(link_changed(a.f));
    uplink_set(nic, false);
    g_assert_true(link_is_up(a.f));
    g_assert_false(link_changed(a.f));
    g_assert_false(link_is_up(b.f));
    g_assert_true(link_changed(b.f));
    send_and_compare(&a, &b, sizeof(frame));

    set_link(nic, 1, BNY_POLICY_LINK_AUTO);
    g_assert_false(link_is_up(a.f));
    g_assert_true(link_changed(a.f));
    uplink_set(nic, true);
    g_assert_true(link_is_up(a.f));
    g_assert_true(link_changed(a.f));

    set_link(nic, 1, BNY_POLICY_LINK_DOWN);
    g_assert_false(link_is_up(a.f));
    g_assert_true(link_changed(a.f));
    g_assert_cmphex(reg_read(a.f, BNY_REG_STATUS) & BNY_STATUS_ENABLED, ==,
                    BNY_STATUS_ENABLED);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, a.tx.prod));
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_LINK), ==, 1);
    frame_build(frame, a.mac, b.mac, sizeof(frame), 0);
    tx_send(&b.tx, frame, sizeof(frame));
    assert_nothing_received(&a.rx);
    g_assert_cmpuint(counter(a.f, BNY_CNT_RX_DROP_LINK), ==, 1);
    uplink_set(nic, false);
    uplink_set(nic, true);
    g_assert_false(link_changed(a.f));

    set_link(nic, 1, BNY_POLICY_LINK_UP);
    g_assert_true(link_changed(a.f));
    tx_send(&b.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&a.rx, &packet));

    /* of one that isn't enabled no link is up */
    func_set_flags(nic, 1, 0);
    g_assert_false(link_is_up(a.f));
    nic_stop(nic);
    close(sock);
}

/* Of a VF that isn't enabled, too: it is there when it comes */
static void test_before_vf_enable(void)
{
    struct bny_ctrl_policy policy = { };
    Nic *nic = nic_start(",vfs=1");

    mac_of(1, policy.mac);
    func_set_policy(nic, 1, &policy);
    nic_enable_vfs(nic, 1);
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_MAC_LO), ==,
                    (uint32_t)ldl_le_p(policy.mac));
    nic_stop(nic);
}

static void test_bad_list(void)
{
    struct {
        struct bny_ctrl_addresses head;
        struct bny_ctrl_address list[2];
    } good = {
        .head.count = cpu_to_le16(2),
        .list = { { .op = BNY_ADDRESS_ADD }, { .op = BNY_ADDRESS_REMOVE } },
    }, bad;
    static const uint8_t ops[] = { 0, 3, 0x81 };
    Nic *nic = start();

#define REFUSED(status) \
    g_assert_cmpuint(pf_command(nic, BNY_CTRL_SET_ADDRESSES, 1, &bad, \
                                sizeof(bad)), ==, status)

    mac_of(1, good.list[0].mac);
    mac_of(2, good.list[1].mac);
    for (unsigned count = 0; count < 5; count++) {
        bad = good;
        bad.head.count = cpu_to_le16(count);
        if (count != 2) {
            REFUSED(BNY_CTRL_BAD_LENGTH);
        }
    }
    bad.head.count = 0xffff;
    REFUSED(BNY_CTRL_BAD_LENGTH);
    for (unsigned bit = 1; bit < 16; bit++) {
        bad = good;
        bad.head.flags = cpu_to_le16(BIT(bit));
        REFUSED(BNY_CTRL_BAD_VALUE);
    }
    for (unsigned i = 0; i < sizeof(bad.head.rsvd); i++) {
        bad = good;
        bad.head.rsvd[i] = 1;
        REFUSED(BNY_CTRL_BAD_VALUE);
    }
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned k = 0; k < ARRAY_SIZE(ops); k++) {
            bad = good;
            bad.list[i].op = ops[k];
            REFUSED(BNY_CTRL_BAD_VALUE);
        }
        bad = good;
        bad.list[i].rsvd = 1;
        REFUSED(BNY_CTRL_BAD_VALUE);
        bad = good;
        memset(bad.list[i].mac, 0, sizeof(bad.list[i].mac));
        REFUSED(BNY_CTRL_BAD_VALUE);
    }
    g_assert_cmpuint(veb_entries(nic), ==, 0);
    bad = good;
    REFUSED(BNY_CTRL_OK);
    g_assert_cmpuint(veb_entries(nic), ==, 1);
    nic_stop(nic);
}

void add_policy_tests(void)
{
    g_test_add_func(TEST_PREFIX "policy/set", test_set);
    g_test_add_func(TEST_PREFIX "policy/bad-value", test_bad_value);
    g_test_add_func(TEST_PREFIX "policy/before-vf-enable",
                   test_before_vf_enable);
    g_test_add_func(TEST_PREFIX "policy/bad-list", test_bad_list);
    g_test_add_func(TEST_PREFIX "policy/no-port-vlan-of-pf",
                    test_no_port_vlan_of_pf);
    g_test_add_func(TEST_PREFIX "policy/link", test_link);
}
