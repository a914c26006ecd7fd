/*
 * Unit tests: where the VEB sends a frame (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "frames.h"
#include "veb.h"
#include "wire.h"

#define ENABLE BNY_POLICY_ENABLE
#define PROMISC BNY_POLICY_PROMISC
#define ALLMULTI BNY_POLICY_ALLMULTI
#define UPLINK_TOO BNY_POLICY_UPLINK_TOO

static const uint8_t mac_1[6] = { 0x02, 0, 0, 0, 0, 1 };
static const uint8_t mac_2[6] = { 0x02, 0, 0, 0, 0, 2 };
static const uint8_t mac_unknown[6] = { 0x02, 0, 0, 0, 0, 99 };
static const uint8_t group[6] = { 0x01, 0, 0x5e, 0, 0, 1 };
static const uint8_t other_group[6] = { 0x33, 0x33, 0, 0, 0, 1 };
static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };

static const BanyanVlan untagged;
static const BanyanVlan ctag_5 = { ETHERTYPE_CTAG, 5 };
static const BanyanVlan stag_5 = { ETHERTYPE_STAG, 5 };
static const BanyanVlan ctag_6 = { ETHERTYPE_CTAG, 6 };
static const uint8_t no_vlans[BNY_VLANS / 8];

/* What became of a change of one address */
enum result { OK, FULL, THERE, NOT_FOUND };

static bool change(BanyanVeb *veb, unsigned op, const uint8_t *mac,
                   unsigned func)
{
    struct bny_ctrl_address one = { .op = op };

    memcpy(one.mac, mac, sizeof(one.mac));
    return banyan_veb_change(veb, func, false, &one, 1);
}

static enum result add(BanyanVeb *veb, const uint8_t *mac, unsigned func)
{
    bool has = banyan_veb_has(veb, func, mac);
    unsigned pairs = banyan_veb_pairs(veb);
    bool fits = change(veb, BNY_ADDRESS_ADD, mac, func);

    g_assert_cmpint(banyan_veb_has(veb, func, mac), ==, fits);
    g_assert_cmpuint(banyan_veb_pairs(veb), ==, pairs + (fits && !has));
    return has ? THERE : fits ? OK : FULL;
}

static enum result del(BanyanVeb *veb, const uint8_t *mac, unsigned func)
{
    bool has = banyan_veb_has(veb, func, mac);
    unsigned pairs = banyan_veb_pairs(veb);

    g_assert_true(change(veb, BNY_ADDRESS_REMOVE, mac, func));
    g_assert_false(banyan_veb_has(veb, func, mac));
    g_assert_cmpuint(banyan_veb_pairs(veb), ==, pairs - has);
    return has ? OK : NOT_FOUND;
}

static enum result flush(BanyanVeb *veb, unsigned func)
{
    return banyan_veb_change(veb, func, true, NULL, 0) ? OK : FULL;
}

/*
 * The set-up of most cases: functions 0 to 4, all enabled. 1 and 2 have an
 * address each, 2 and 3 are in the group.
 */
static void setup(BanyanVeb **veb, gconstpointer unused)
{
    unsigned func;

    *veb = g_new0(BanyanVeb, 1);
    banyan_veb_init(*veb, 5);
    for (func = 0; func < 5; func++) {
        banyan_veb_set_flags(*veb, func, ENABLE);
    }
    g_assert_cmpint(add(*veb, mac_1, 1), ==, OK);
    g_assert_cmpint(add(*veb, mac_2, 2), ==, OK);
    g_assert_cmpint(add(*veb, group, 2), ==, OK);
    g_assert_cmpint(add(*veb, group, 3), ==, OK);
}

static void teardown(BanyanVeb **veb, gconstpointer unused)
{
    g_free(*veb);
}

/* @funcs and @down: bit f is function f */
static void check_forward_in(const BanyanVeb *veb, unsigned src,
                             const uint8_t *dst, BanyanVlan vlan,
                             uint64_t funcs, bool uplink, uint64_t down)
{
    BanyanVebDest dest;
    bool any = banyan_veb_forward(veb, src, dst, vlan, &dest);

    g_assert_cmphex(dest.funcs.bits[0], ==, funcs);
    g_assert_cmphex(dest.down.bits[0], ==, down);
    g_assert_cmpint(dest.uplink, ==, uplink);
    g_assert_cmpint(any, ==, funcs || uplink);
}

static void check_forward(const BanyanVeb *veb, unsigned src,
                          const uint8_t *dst,
                          uint64_t funcs, bool uplink, uint64_t down)
{
    check_forward_in(veb, src, dst, untagged, funcs, uplink, down);
}

/* Forwarding */

static void test_unicast_to_its_function(BanyanVeb **veb, gconstpointer unused)
{
    check_forward(*veb, 0, mac_1, 1 << 1, false, 0);
    check_forward(*veb, 1, mac_2, 1 << 2, false, 0);
}

static void test_unicast_shared_address(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_cmpint(add(*veb, mac_1, 4), ==, OK);
    check_forward(*veb, 0, mac_1, 1 << 1 | 1 << 4, false, 0);
}

static void test_unknown_unicast_to_uplink(BanyanVeb **veb,
                                           gconstpointer unused)
{
    check_forward(*veb, 1, mac_unknown, 0, true, 0);
}

static void test_unicast_to_uplink_too(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 1, ENABLE | UPLINK_TOO);
    check_forward(*veb, 0, mac_1, 1 << 1, true, 0);
    check_forward(*veb, 1, mac_1, 0, true, 0);
    check_forward(*veb, 1, mac_2, 1 << 2, false, 0);
    check_forward(*veb, BNY_FUNC_UPLINK, mac_1, 1 << 1, false, 0);
    banyan_veb_set_flags(*veb, 1, UPLINK_TOO);
    check_forward(*veb, 0, mac_1, 0, true, 1 << 1);

    /* Whoever keeps the address keeps it, whoever else has it */
    banyan_veb_set_flags(*veb, 1, ENABLE | UPLINK_TOO);
    g_assert_cmpint(add(*veb, mac_1, 4), ==, OK);
    check_forward(*veb, 0, mac_1, 1 << 1 | 1 << 4, false, 0);
    banyan_veb_set_flags(*veb, 4, ENABLE | UPLINK_TOO);
    check_forward(*veb, 0, mac_1, 1 << 1 | 1 << 4, true, 0);

    banyan_veb_reset(*veb);
    banyan_veb_set_flags(*veb, 0, ENABLE);
    g_assert_cmpint(add(*veb, mac_1, 1), ==, OK);
    check_forward(*veb, 0, mac_1, 0, false, 1 << 1);
}

static void test_never_back_to_sender(BanyanVeb **veb, gconstpointer unused)
{
    check_forward(*veb, 1, mac_1, 0, false, 0);
    check_forward(*veb, 2, group, 1 << 3, true, 0);
    banyan_veb_set_flags(*veb, 1, ENABLE | PROMISC | ALLMULTI);
    check_forward(*veb, 1, mac_2, 1 << 2, false, 0);
    check_forward(*veb, 1, group, 1 << 2 | 1 << 3, true, 0);
}

static void test_broadcast_to_all(BanyanVeb **veb, gconstpointer unused)
{
    check_forward(*veb, 1, broadcast, 0x1d, true, 0);
}

static void test_group_to_members(BanyanVeb **veb, gconstpointer unused)
{
    check_forward(*veb, 0, group, 1 << 2 | 1 << 3, true, 0);
    check_forward(*veb, 0, other_group, 0, true, 0);
}

static void test_group_to_allmulti(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 4, ENABLE | ALLMULTI);
    check_forward(*veb, 0, group, 0x1c, true, 0);
    check_forward(*veb, 0, other_group, 1 << 4, true, 0);
    check_forward(*veb, 0, mac_1, 1 << 1, false, 0);
}

static void test_promisc_gets_copies(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 4, ENABLE | PROMISC);
    check_forward(*veb, 0, mac_1, 1 << 1 | 1 << 4, false, 0);
    check_forward(*veb, 0, mac_unknown, 1 << 4, true, 0);
    check_forward(*veb, 0, other_group, 1 << 4, true, 0);
    check_forward(*veb, BNY_FUNC_UPLINK, mac_unknown, 1 << 4, false, 0);
}

static void test_from_uplink(BanyanVeb **veb, gconstpointer unused)
{
    check_forward(*veb, BNY_FUNC_UPLINK, mac_1, 1 << 1, false, 0);
    check_forward(*veb, BNY_FUNC_UPLINK, group, 1 << 2 | 1 << 3, false, 0);
    check_forward(*veb, BNY_FUNC_UPLINK, broadcast, 0x1f, false, 0);
    check_forward(*veb, BNY_FUNC_UPLINK, mac_unknown, 0, false, 0);
}

static void test_disabled_receives_nothing(BanyanVeb **veb,
                                           gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 2, PROMISC | ALLMULTI);
    check_forward(*veb, 0, mac_1, 1 << 1, false, 0);
    check_forward(*veb, 0, other_group, 0, true, 0);
    check_forward(*veb, 0, broadcast, 0x1a, true, 0);
}

/* So that RX_DROP_LINK is counted where the frame would have gone */
static void test_disabled_addressee_is_told(BanyanVeb **veb,
                                            gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 2, 0);
    check_forward(*veb, 0, mac_2, 0, false, 1 << 2);
    check_forward(*veb, 0, group, 1 << 3, true, 1 << 2);
}

static void test_disabled_sends_nothing(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 2, 0);
    g_assert_false(banyan_veb_enabled(*veb, 2));
    check_forward(*veb, 2, mac_1, 0, false, 0);
    check_forward(*veb, 2, broadcast, 0, false, 0);
    check_forward(*veb, 2, mac_unknown, 0, false, 0);
}

static void test_no_such_sender(BanyanVeb **veb, gconstpointer unused)
{
    check_forward(*veb, 5, mac_1, 0, false, 0);
    check_forward(*veb, 256, mac_1, 0, false, 0);
    check_forward(*veb, UINT_MAX, mac_1, 0, false, 0);
}

static void test_ctrl_of_no_such_function(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 5, ENABLE);
    banyan_veb_set_flags(*veb, 100000, ENABLE);
    g_assert_false(banyan_veb_enabled(*veb, 5));
    check_forward(*veb, 0, broadcast, 0x1e, true, 0);
}

/* VLANs: of functions 0 to 4, 1 is in none, 0 in all */

static void join(BanyanVeb *veb, unsigned func, unsigned vid)
{
    uint8_t list[BNY_VLANS / 8] = { };

    list[vid / 8] = 1 << vid % 8;
    banyan_veb_set_vlans(veb, func, untagged, list);
}

static void test_vlan_of_a_list(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 0, ENABLE | BNY_POLICY_ALL_VLANS);
    join(*veb, 2, 5);
    join(*veb, 3, 6);
    check_forward_in(*veb, 1, broadcast, ctag_5, 1 << 0 | 1 << 2, true, 0);
    check_forward_in(*veb, 1, broadcast, stag_5, 1 << 0 | 1 << 2, true, 0);
    check_forward_in(*veb, 1, broadcast, ctag_6, 1 << 0 | 1 << 3, true, 0);
    check_forward_in(*veb, 1, group, ctag_5, 1 << 2, true, 0);
    check_forward(*veb, 1, broadcast, 0x1d, true, 0);
    g_assert_true(banyan_veb_in_vlan(*veb, 2, stag_5));
    g_assert_false(banyan_veb_in_vlan(*veb, 2, ctag_6));
    g_assert_true(banyan_veb_in_vlan(*veb, 0, ctag_6));
    g_assert_true(banyan_veb_in_vlan(*veb, 2, untagged));
    banyan_veb_set_vlans(*veb, 2, untagged, no_vlans);
    g_assert_false(banyan_veb_in_vlan(*veb, 2, stag_5));
}

static void test_port_vlan(BanyanVeb **veb, gconstpointer unused)
{
    uint8_t all[BNY_VLANS / 8];

    memset(all, 0xff, sizeof(all));
    banyan_veb_set_flags(*veb, 2, ENABLE | BNY_POLICY_ALL_VLANS);
    banyan_veb_set_vlans(*veb, 2, stag_5, all);
    banyan_veb_set_vlans(*veb, 3, stag_5, no_vlans);
    g_assert_true(banyan_veb_has_port_vlan(*veb, 2));
    check_forward_in(*veb, 2, broadcast, stag_5, 1 << 3, true, 0);
    check_forward_in(*veb, 1, broadcast, ctag_5, 0, true, 0);
    check_forward(*veb, 1, broadcast, 1 << 0 | 1 << 4, true, 0);
    check_forward(*veb, 1, group, 0, true, 0);
    /* and back: the list counts */
    banyan_veb_set_vlans(*veb, 2, untagged, no_vlans);
    g_assert_false(banyan_veb_has_port_vlan(*veb, 2));
    check_forward(*veb, 1, group, 1 << 2, true, 0);
    check_forward_in(*veb, 1, broadcast, stag_5, 1 << 2 | 1 << 3, true, 0);
}

/* Promiscuous functions see what passes in their VLANs, no more */
static void test_vlan_of_promiscuous(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 4, ENABLE | PROMISC);
    check_forward_in(*veb, 1, mac_unknown, ctag_5, 0, true, 0);
    join(*veb, 4, 5);
    check_forward_in(*veb, 1, mac_unknown, ctag_5, 1 << 4, true, 0);
    banyan_veb_set_vlans(*veb, 4, ctag_6, no_vlans);
    check_forward_in(*veb, 1, mac_2, ctag_6, 1 << 4, true, 0);
    check_forward(*veb, 1, mac_2, 1 << 2, false, 0);
}

/* Who has the address in another VLAN isn't whom the frame is for */
static void test_vlan_and_uplink(BanyanVeb **veb, gconstpointer unused)
{
    check_forward_in(*veb, 1, mac_2, ctag_5, 0, true, 0);
    join(*veb, 2, 5);
    check_forward_in(*veb, 1, mac_2, ctag_5, 1 << 2, false, 0);
    check_forward_in(*veb, 1, mac_2, ctag_6, 0, true, 0);
    banyan_veb_set_flags(*veb, 2, 0);
    check_forward_in(*veb, 1, mac_2, ctag_5, 0, false, 1 << 2);
    check_forward_in(*veb, 1, mac_2, ctag_6, 0, true, 0);
}

static void test_vlan_of_no_such_function(BanyanVeb **veb,
                                          gconstpointer unused)
{
    banyan_veb_set_vlans(*veb, 5, ctag_5, no_vlans);
    banyan_veb_set_vlans(*veb, 100000, ctag_5, no_vlans);
    g_assert_false(banyan_veb_has_port_vlan(*veb, 5));
}

static void test_reset_forgets_vlans(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_set_flags(*veb, 0, ENABLE | BNY_POLICY_ALL_VLANS);
    join(*veb, 2, 5);
    banyan_veb_set_vlans(*veb, 3, ctag_5, no_vlans);
    banyan_veb_reset(*veb);
    for (unsigned func = 0; func < 5; func++) {
        banyan_veb_set_flags(*veb, func, ENABLE);
    }
    check_forward(*veb, 1, broadcast, 0x1d, true, 0);
    check_forward_in(*veb, 1, broadcast, ctag_5, 0, true, 0);
}

/* Commands */

static void test_add_twice_exists(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_cmpint(add(*veb, mac_1, 1), ==, THERE);
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 4);
}

static void test_deleted_is_unknown(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_cmpint(del(*veb, mac_1, 1), ==, OK);
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 3);
    check_forward(*veb, 0, mac_1, 0, true, 0);
}

static void test_del_leaves_other_members(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_cmpint(del(*veb, group, 2), ==, OK);
    check_forward(*veb, 0, group, 1 << 3, true, 0);
}

static void test_del_of_nothing(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_cmpint(del(*veb, mac_unknown, 1), ==, NOT_FOUND);
    g_assert_cmpint(del(*veb, mac_1, 2), ==, NOT_FOUND);
    g_assert_cmpint(del(*veb, mac_1, 1), ==, OK);
    g_assert_cmpint(del(*veb, mac_1, 1), ==, NOT_FOUND);
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 3);
}

static void test_flush_takes_one_function(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_cmpint(flush(*veb, 2), ==, OK);
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 2);
    check_forward(*veb, 0, mac_2, 0, true, 0);
    check_forward(*veb, 0, mac_1, 1 << 1, false, 0);
    check_forward(*veb, 0, group, 1 << 3, true, 0);
}

static void test_flush_of_nothing_is_ok(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_cmpint(flush(*veb, 0), ==, OK);
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 4);
}

/* Of several changes of an address the last counts, wherever it stands */
static void test_last_change_counts(BanyanVeb **veb, gconstpointer unused)
{
    static const unsigned ops[][2] = {
        { BNY_ADDRESS_ADD, BNY_ADDRESS_REMOVE },
        { BNY_ADDRESS_REMOVE, BNY_ADDRESS_ADD },
    };
    unsigned i;

    for (i = 0; i < 2; i++) {
        struct bny_ctrl_address list[4] = {
            { .op = ops[i][0] }, { .op = BNY_ADDRESS_ADD },
            { .op = ops[i][1] }, { .op = BNY_ADDRESS_REMOVE },
        };

        memcpy(list[0].mac, mac_unknown, 6);
        memcpy(list[1].mac, other_group, 6);
        memcpy(list[2].mac, mac_unknown, 6);
        memcpy(list[3].mac, mac_1, 6);
        g_assert_true(banyan_veb_change(*veb, 1, false, list, 4));
        g_assert_cmpint(banyan_veb_has(*veb, 1, mac_unknown), ==, i);
        g_assert_true(banyan_veb_has(*veb, 1, other_group));
        g_assert_false(banyan_veb_has(*veb, 1, mac_1));
        g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 4 + i);
    }
}

static void test_flush_and_add_again(BanyanVeb **veb, gconstpointer unused)
{
    struct bny_ctrl_address list[] = { { .op = BNY_ADDRESS_ADD } };

    memcpy(list[0].mac, mac_2, 6);
    g_assert_true(banyan_veb_change(*veb, 2, true, list, 1));
    g_assert_true(banyan_veb_has(*veb, 2, mac_2));
    g_assert_false(banyan_veb_has(*veb, 2, group));
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 3);
}

static void test_reset_forgets_all(BanyanVeb **veb, gconstpointer unused)
{
    banyan_veb_reset(*veb);
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 0);
    g_assert_false(banyan_veb_enabled(*veb, 0));
    banyan_veb_set_flags(*veb, 0, ENABLE);
    banyan_veb_set_flags(*veb, 1, ENABLE);
    check_forward(*veb, 0, mac_1, 0, true, 0);
    g_assert_cmpint(add(*veb, mac_1, 1), ==, OK);
    check_forward(*veb, 0, mac_1, 1 << 1, false, 0);
}

/* Full table */

static void nth_mac(uint8_t *mac, unsigned nr)
{
    mac[0] = 0x02;
    mac[1] = 0;
    put16(mac + 2, nr >> 16);
    put16(mac + 4, nr & 0xffff);
}

static BanyanVeb *full_veb(void)
{
    BanyanVeb *veb = g_new0(BanyanVeb, 1);
    uint8_t mac[6];
    unsigned i;

    banyan_veb_init(veb, 256);
    banyan_veb_set_flags(veb, 0, ENABLE);
    banyan_veb_set_flags(veb, 255, ENABLE);
    for (i = 0; i < BNY_VEB_ENTRIES_MAX && !g_test_failed(); i++) {
        nth_mac(mac, i + 1);
        g_assert_cmpint(add(veb, mac, i % 256), ==, OK);
    }
    return veb;
}

static void test_full_table(void)
{
    g_autofree BanyanVeb *veb = full_veb();

    g_assert_cmpuint(banyan_veb_pairs(veb), ==, BNY_VEB_ENTRIES_MAX);
    g_assert_cmpint(add(veb, group, 1), ==, FULL);
}

static void test_full_table_still_finds_all(void)
{
    g_autofree BanyanVeb *veb = full_veb();
    uint8_t mac[6];
    unsigned i;

    for (i = 0; i < BNY_VEB_ENTRIES_MAX && !g_test_failed(); i++) {
        BanyanVebDest dest;

        nth_mac(mac, i + 1);
        banyan_veb_forward(veb, 255, mac, untagged, &dest);
        g_assert_false(dest.uplink);
        g_assert_cmpint(banyan_func_set_has(&dest.down, i % 256), ==,
                        i % 256 != 0 && i % 256 != 255);
    }
}

static void test_full_table_says_exists_first(void)
{
    g_autofree BanyanVeb *veb = full_veb();
    uint8_t mac[6];

    nth_mac(mac, 1);
    g_assert_cmpint(add(veb, mac, 0), ==, THERE);
}

static void test_full_table_has_room_after_del(void)
{
    g_autofree BanyanVeb *veb = full_veb();
    uint8_t mac[6];

    nth_mac(mac, 77);
    g_assert_cmpint(del(veb, mac, 76), ==, OK);
    g_assert_cmpint(add(veb, group, 1), ==, OK);
    g_assert_cmpint(add(veb, mac, 76), ==, FULL);
}

static void test_full_table_is_flushed(void)
{
    g_autofree BanyanVeb *veb = full_veb();
    unsigned func;

    for (func = 0; func < 256; func++) {
        g_assert_cmpint(flush(veb, func), ==, OK);
    }
    g_assert_cmpuint(banyan_veb_pairs(veb), ==, 0);
}

/* Places given back are given out again, each once */
static void test_full_table_reuses_places(void)
{
    enum { EACH = BNY_VEB_ENTRIES_MAX / 256 };
    g_autofree BanyanVeb *veb = full_veb();
    BanyanVebDest dest;
    uint8_t mac[6];
    unsigned i;

    g_assert_cmpint(flush(veb, 7), ==, OK);
    for (i = 0; i < EACH; i++) {
        nth_mac(mac, 40000 + i);
        g_assert_cmpint(add(veb, mac, i), ==, OK);
    }
    g_assert_cmpint(add(veb, group, 1), ==, FULL);
    for (i = 0; i < EACH; i++) {
        nth_mac(mac, 40000 + i);
        banyan_veb_forward(veb, 255, mac, untagged, &dest);
        g_assert_true(banyan_func_set_has(i ? &dest.down : &dest.funcs, i));
        g_assert_false(dest.uplink);
    }
}

/* Of a full table FLUSH makes room for what comes in its place, no more */
static void test_flush_makes_room(void)
{
    enum { EACH = BNY_VEB_ENTRIES_MAX / 256 };
    g_autofree BanyanVeb *veb = full_veb();
    struct bny_ctrl_address list[EACH + 1];
    unsigned i;

    for (i = 0; i < EACH + 1; i++) {
        list[i] = (struct bny_ctrl_address) { .op = BNY_ADDRESS_ADD };
        nth_mac(list[i].mac, 40000 + i);
    }
    g_assert_false(banyan_veb_change(veb, 7, true, list, EACH + 1));
    g_assert_true(banyan_veb_change(veb, 7, true, list, EACH));
    g_assert_cmpuint(banyan_veb_pairs(veb), ==, BNY_VEB_ENTRIES_MAX);
    g_assert_true(banyan_veb_has(veb, 7, list[0].mac));
}

/* Saved state */

static void test_import_restores_export(void)
{
    g_autofree BanyanVebEntry *entries = g_new(BanyanVebEntry,
                                               BNY_VEB_ENTRIES_MAX);
    g_autofree BanyanVebEntry *again = g_new(BanyanVebEntry,
                                             BNY_VEB_ENTRIES_MAX);
    g_autofree BanyanVeb *veb = full_veb(), *copy = g_new0(BanyanVeb, 1);
    unsigned count = banyan_veb_export(veb, entries);

    banyan_veb_init(copy, 256);
    g_assert_cmpuint(count, ==, BNY_VEB_ENTRIES_MAX);
    g_assert_true(banyan_veb_import(copy, entries, count));
    g_assert_cmpuint(banyan_veb_export(copy, again), ==, count);
    g_assert_cmpmem(entries, count * sizeof(*entries),
                    again, count * sizeof(*again));
}

static void test_import_keeps_flags(BanyanVeb **veb, gconstpointer unused)
{
    g_assert_true(banyan_veb_import(*veb, NULL, 0));
    g_assert_cmpuint(banyan_veb_pairs(*veb), ==, 0);
    check_forward(*veb, 0, broadcast, 0x1e, true, 0);
}

static void check_import_refused(BanyanVeb *veb, const BanyanVebEntry *entries,
                                 unsigned count)
{
    g_assert_false(banyan_veb_import(veb, entries, count));
    g_assert_cmpuint(banyan_veb_pairs(veb), ==, 0);
    check_forward(veb, 0, mac_1, 0, true, 0);
}

static void test_import_of_bad_function(BanyanVeb **veb, gconstpointer unused)
{
    BanyanVebEntry entries[2] = {
        { .mac = { 2, 0, 0, 0, 0, 1 }, .func = 1 },
        { .mac = { 2, 0, 0, 0, 0, 2 }, .func = 5 },
    };

    check_import_refused(*veb, entries, 2);
}

static void test_import_of_duplicate(BanyanVeb **veb, gconstpointer unused)
{
    BanyanVebEntry entries[2] = {
        { .mac = { 2, 0, 0, 0, 0, 1 }, .func = 1 },
        { .mac = { 2, 0, 0, 0, 0, 1 }, .func = 1 },
    };

    check_import_refused(*veb, entries, 2);
}

static void test_import_of_zero_address(BanyanVeb **veb, gconstpointer unused)
{
    BanyanVebEntry entries[1] = { { .func = 1 } };

    check_import_refused(*veb, entries, 1);
}

static void test_import_of_too_many(BanyanVeb **veb, gconstpointer unused)
{
    unsigned count = BNY_VEB_ENTRIES_MAX + 1;
    g_autofree BanyanVebEntry *entries = g_new0(BanyanVebEntry, count);
    unsigned i;

    for (i = 0; i < count; i++) {
        nth_mac(entries[i].mac, i + 1);
    }
    check_import_refused(*veb, entries, count);
}

/* Function sets */

static void test_set_iteration(void)
{
    static const unsigned members[] = { 0, 1, 63, 64, 127, 128, 200, 255 };
    BanyanFuncSet set = { { 0 } };
    unsigned i, func, seen = 0;

    g_assert_true(banyan_func_set_is_empty(&set));
    g_assert_cmpuint(banyan_func_set_next(&set, 0), ==, BNY_FUNCTIONS_MAX);
    for (i = 0; i < G_N_ELEMENTS(members); i++) {
        set.bits[members[i] / 64] |= 1ULL << members[i] % 64;
    }
    g_assert_false(banyan_func_set_is_empty(&set));
    g_assert_cmpuint(banyan_func_set_count(&set), ==, G_N_ELEMENTS(members));
    BANYAN_FUNC_SET_FOREACH(func, &set) {
        g_assert_cmpuint(func, ==, members[seen]);
        g_assert_true(banyan_func_set_has(&set, func));
        seen++;
    }
    g_assert_cmpuint(seen, ==, G_N_ELEMENTS(members));
    g_assert_cmpuint(banyan_func_set_next(&set, UINT_MAX), ==,
                     BNY_FUNCTIONS_MAX);
    g_assert_false(banyan_func_set_has(&set, 256));
}

/* Against a plain list, with random commands and frames */

typedef struct Ref {
    BanyanVebEntry pairs[BNY_VEB_ENTRIES_MAX];
    unsigned count;
    uint32_t ctrl[256];
    unsigned funcs;
} Ref;

static int ref_find(const Ref *ref, const uint8_t *mac, unsigned func)
{
    unsigned i;

    for (i = 0; i < ref->count; i++) {
        if (!memcmp(ref->pairs[i].mac, mac, 6) && ref->pairs[i].func == func) {
            return i;
        }
    }
    return -1;
}

/* @op: of an address, or 0: all of the function go */
static enum result ref_command(Ref *ref, unsigned op, const uint8_t *mac,
                               unsigned func)
{
    int i = ref_find(ref, mac, func);
    unsigned n;

    if (op == BNY_ADDRESS_ADD) {
        if (i >= 0) {
            return THERE;
        }
        memcpy(ref->pairs[ref->count].mac, mac, 6);
        ref->pairs[ref->count++].func = func;
    } else if (op == BNY_ADDRESS_REMOVE) {
        if (i < 0) {
            return NOT_FOUND;
        }
        ref->pairs[i] = ref->pairs[--ref->count];
    } else {
        for (n = 0; n < ref->count;) {
            if (ref->pairs[n].func == func) {
                ref->pairs[n] = ref->pairs[--ref->count];
            } else {
                n++;
            }
        }
    }
    return OK;
}

static bool ref_receives(const Ref *ref, unsigned src, const uint8_t *dst,
                         unsigned func)
{
    uint32_t ctrl = ref->ctrl[func];

    if (func == src || !(ctrl & ENABLE)) {
        return false;
    }
    return !memcmp(dst, broadcast, 6) || (ctrl & PROMISC) ||
           ((dst[0] & 1) && (ctrl & ALLMULTI)) ||
           ref_find(ref, dst, func) >= 0;
}

static bool ref_uplink(const Ref *ref, unsigned src, const uint8_t *dst)
{
    unsigned func;

    if (src == BNY_FUNC_UPLINK) {
        return false;
    }
    for (func = 0; func < ref->funcs; func++) {
        if (!(dst[0] & 1) && !(ref->ctrl[func] & UPLINK_TOO) &&
            ref_find(ref, dst, func) >= 0) {
            return false;
        }
    }
    return true;
}

static void check_like_reference(const BanyanVeb *veb, const Ref *ref,
                                 unsigned src, const uint8_t *dst)
{
    bool sends = src == BNY_FUNC_UPLINK || (ref->ctrl[src] & ENABLE);
    BanyanVebDest dest;
    unsigned func;

    banyan_veb_forward(veb, src, dst, untagged, &dest);
    for (func = 0; func < BNY_FUNCTIONS_MAX; func++) {
        g_assert_cmpint(banyan_func_set_has(&dest.funcs, func), ==,
                        sends && func < ref->funcs &&
                        ref_receives(ref, src, dst, func));
    }
    g_assert_cmpint(dest.uplink, ==, sends && ref_uplink(ref, src, dst));
}

static void test_random_like_reference(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(8021);
    g_autofree BanyanVeb *veb = g_new0(BanyanVeb, 1);
    g_autofree Ref *ref = g_new0(Ref, 1);
    int i;

    ref->funcs = 200;
    banyan_veb_init(veb, ref->funcs);
    for (i = 0; i < 6000 && !g_test_failed(); i++) {
        /* Few addresses, so that they meet; some are groups, one is all */
        uint8_t mac[6] = { g_rand_int_range(rand, 0, 2) ? 2 : 3, 0, 0, 0, 0,
                           g_rand_int_range(rand, 0, 30) };
        unsigned func = g_rand_int_range(rand, 0, 200);
        unsigned op = g_rand_int_range(rand, 0, 40);
        uint32_t ctrl = g_rand_int_range(rand, 0, 16);

        if (op) {
            op = op < 25 ? BNY_ADDRESS_ADD : BNY_ADDRESS_REMOVE;
        }
        g_assert_cmpint(!op ? flush(veb, func) :
                        op == BNY_ADDRESS_ADD ? add(veb, mac, func) :
                                                del(veb, mac, func), ==,
                        ref_command(ref, op, mac, func));
        g_assert_cmpuint(banyan_veb_pairs(veb), ==, ref->count);
        banyan_veb_set_flags(veb, func, ctrl);
        ref->ctrl[func] = ctrl;
        if (i % 8 == 0) {
            check_like_reference(veb, ref, i % 200,
                                 i % 80 ? mac : broadcast);
            check_like_reference(veb, ref, BNY_FUNC_UPLINK, mac);
        }
    }
}

int main(int argc, char **argv)
{
    unit_init(&argc, &argv);
#define ADD(name) g_test_add_func("/veb/" #name, test_##name)
#define ADD_SETUP(name) \
    g_test_add("/veb/" #name, BanyanVeb *, NULL, setup, test_##name, teardown)
    ADD_SETUP(unicast_to_its_function);
    ADD_SETUP(unicast_shared_address);
    ADD_SETUP(unknown_unicast_to_uplink);
    ADD_SETUP(unicast_to_uplink_too);
    ADD_SETUP(never_back_to_sender);
    ADD_SETUP(broadcast_to_all);
    ADD_SETUP(group_to_members);
    ADD_SETUP(group_to_allmulti);
    ADD_SETUP(promisc_gets_copies);
    ADD_SETUP(from_uplink);
    ADD_SETUP(disabled_receives_nothing);
    ADD_SETUP(disabled_addressee_is_told);
    ADD_SETUP(disabled_sends_nothing);
    ADD_SETUP(no_such_sender);
    ADD_SETUP(ctrl_of_no_such_function);
    ADD_SETUP(vlan_of_a_list);
    ADD_SETUP(port_vlan);
    ADD_SETUP(vlan_of_promiscuous);
    ADD_SETUP(vlan_and_uplink);
    ADD_SETUP(vlan_of_no_such_function);
    ADD_SETUP(reset_forgets_vlans);
    ADD_SETUP(add_twice_exists);
    ADD_SETUP(deleted_is_unknown);
    ADD_SETUP(del_leaves_other_members);
    ADD_SETUP(del_of_nothing);
    ADD_SETUP(flush_takes_one_function);
    ADD_SETUP(flush_of_nothing_is_ok);
    ADD_SETUP(last_change_counts);
    ADD_SETUP(flush_and_add_again);
    ADD_SETUP(reset_forgets_all);
    ADD(full_table);
    ADD(full_table_still_finds_all);
    ADD(full_table_says_exists_first);
    ADD(full_table_has_room_after_del);
    ADD(full_table_is_flushed);
    ADD(full_table_reuses_places);
    ADD(flush_makes_room);
    ADD(import_restores_export);
    ADD_SETUP(import_keeps_flags);
    ADD_SETUP(import_of_bad_function);
    ADD_SETUP(import_of_duplicate);
    ADD_SETUP(import_of_zero_address);
    ADD_SETUP(import_of_too_many);
    ADD(set_iteration);
    ADD(random_like_reference);
    return g_test_run();
}
