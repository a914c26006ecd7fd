/*
 * Banyan: VEB, where a frame goes (datasheet, section 7)
 *
 * An address is looked up once in a chained hash table and gives the set of
 * its functions; the rest of the decision is made on whole sets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "veb.h"
#include "wire.h"

#define SET_WORDS (BNY_FUNCTIONS_MAX / 64)
#define MAC_GROUP (1ULL << 40)
#define MAC_BROADCAST 0xffffffffffffULL

_Static_assert((BANYAN_VEB_BUCKETS & (BANYAN_VEB_BUCKETS - 1)) == 0,
               "buckets are a power of two");

/* Function sets */

bool banyan_func_set_is_empty(const BanyanFuncSet *set)
{
    uint64_t any = 0;
    unsigned i;

    for (i = 0; i < SET_WORDS; i++) {
        any |= set->bits[i];
    }
    return !any;
}

unsigned banyan_func_set_count(const BanyanFuncSet *set)
{
    unsigned count = 0;
    unsigned i;

    for (i = 0; i < SET_WORDS; i++) {
        count += __builtin_popcountll(set->bits[i]);
    }
    return count;
}

unsigned banyan_func_set_next(const BanyanFuncSet *set, unsigned from)
{
    unsigned word = from / 64;
    uint64_t bits;

    if (from >= BNY_FUNCTIONS_MAX) {
        return BNY_FUNCTIONS_MAX;
    }
    bits = set->bits[word] & (UINT64_MAX << (from % 64));
    while (!bits) {
        if (++word == SET_WORDS) {
            return BNY_FUNCTIONS_MAX;
        }
        bits = set->bits[word];
    }
    return word * 64 + __builtin_ctzll(bits);
}

static void set_assign(BanyanFuncSet *set, unsigned func, bool member)
{
    uint64_t bit = 1ULL << (func % 64);

    if (member) {
        set->bits[func / 64] |= bit;
    } else {
        set->bits[func / 64] &= ~bit;
    }
}

static void set_or(BanyanFuncSet *set, const BanyanFuncSet *other)
{
    unsigned i;

    for (i = 0; i < SET_WORDS; i++) {
        set->bits[i] |= other->bits[i];
    }
}

static void set_and(BanyanFuncSet *set, const BanyanFuncSet *other)
{
    unsigned i;

    for (i = 0; i < SET_WORDS; i++) {
        set->bits[i] &= other->bits[i];
    }
}

static void set_remove(BanyanFuncSet *set, const BanyanFuncSet *other)
{
    unsigned i;

    for (i = 0; i < SET_WORDS; i++) {
        set->bits[i] &= ~other->bits[i];
    }
}

/* Addresses */

static uint64_t mac_value(const uint8_t mac[BANYAN_VEB_MAC_LEN])
{
    uint64_t value = 0;
    unsigned i;

    for (i = 0; i < BANYAN_VEB_MAC_LEN; i++) {
        value = value << 8 | mac[i];
    }
    return value;
}

static unsigned bucket_of(uint64_t mac)
{
    /* Multiplicative hashing: the best mixed bits are the highest */
    return (mac * 0x9e3779b97f4a7c15ULL >> 32) % BANYAN_VEB_BUCKETS;
}

static const BanyanVebAddr *find(const BanyanVeb *veb, uint64_t mac)
{
    uint16_t i = veb->buckets[bucket_of(mac)];

    while (i && veb->addrs[i - 1].mac != mac) {
        i = veb->addrs[i - 1].next;
    }
    return i ? &veb->addrs[i - 1] : NULL;
}

/* The same for changes: the link (bucket or next) that leads to it, or to 0 */
static uint16_t *find_link(BanyanVeb *veb, uint64_t mac)
{
    uint16_t *link = &veb->buckets[bucket_of(mac)];

    while (*link && veb->addrs[*link - 1].mac != mac) {
        link = &veb->addrs[*link - 1].next;
    }
    return link;
}

/* There is one: addresses in use are never more than pairs */
static uint16_t addr_alloc(BanyanVeb *veb)
{
    uint16_t i = veb->free;

    if (i) {
        veb->free = veb->addrs[i - 1].next;
        return i;
    }
    return ++veb->addrs_used;
}

static void addr_free(BanyanVeb *veb, uint16_t *link)
{
    uint16_t i = *link;
    BanyanVebAddr *addr = &veb->addrs[i - 1];

    *link = addr->next;
    addr->mac = 0;
    addr->next = veb->free;
    veb->free = i;
}

static bool pair_has(const BanyanVeb *veb, uint64_t mac, unsigned func)
{
    const BanyanVebAddr *addr = find(veb, mac);

    return addr && banyan_func_set_has(&addr->funcs, func);
}

/* There is room, and no such pair */
static void pair_add(BanyanVeb *veb, uint64_t mac, unsigned func)
{
    uint16_t *link = find_link(veb, mac);

    if (!*link) {
        uint16_t i = addr_alloc(veb);

        veb->addrs[i - 1] = (BanyanVebAddr) { .mac = mac };
        *link = i;
    }
    set_assign(&veb->addrs[*link - 1].funcs, func, true);
    veb->pairs++;
}

/* There is such a pair */
static void pair_remove(BanyanVeb *veb, uint64_t mac, unsigned func)
{
    uint16_t *link = find_link(veb, mac);
    BanyanVebAddr *addr = &veb->addrs[*link - 1];

    set_assign(&addr->funcs, func, false);
    if (banyan_func_set_is_empty(&addr->funcs)) {
        addr_free(veb, link);
    }
    veb->pairs--;
}

static unsigned func_pairs(const BanyanVeb *veb, unsigned func)
{
    unsigned pairs = 0;
    unsigned i;

    for (i = 0; i < veb->addrs_used; i++) {
        pairs += veb->addrs[i].mac &&
                 banyan_func_set_has(&veb->addrs[i].funcs, func);
    }
    return pairs;
}

static void func_flush(BanyanVeb *veb, unsigned func)
{
    unsigned i;

    for (i = 0; i < veb->addrs_used; i++) {
        if (veb->addrs[i].mac &&
            banyan_func_set_has(&veb->addrs[i].funcs, func)) {
            pair_remove(veb, veb->addrs[i].mac, func);
        }
    }
}

static void table_clear(BanyanVeb *veb)
{
    veb->pairs = 0;
    veb->free = 0;
    veb->addrs_used = 0;
    memset(veb->buckets, 0, sizeof(veb->buckets));
}

void banyan_veb_init(BanyanVeb *veb, unsigned funcs)
{
    memset(veb, 0, sizeof(*veb));
    veb->funcs = MIN(funcs, BNY_FUNCTIONS_MAX);
}

void banyan_veb_reset(BanyanVeb *veb)
{
    table_clear(veb);
    memset(&veb->enabled, 0, sizeof(veb->enabled));
    memset(&veb->promisc, 0, sizeof(veb->promisc));
    memset(&veb->allmulti, 0, sizeof(veb->allmulti));
    memset(&veb->uplink_too, 0, sizeof(veb->uplink_too));
    memset(&veb->all_vlans, 0, sizeof(veb->all_vlans));
    memset(&veb->port_vlan, 0, sizeof(veb->port_vlan));
    memset(veb->vlans, 0, sizeof(veb->vlans));
}

void banyan_veb_set_flags(BanyanVeb *veb, unsigned func, uint32_t flags)
{
    if (func >= veb->funcs) {
        return;
    }
    set_assign(&veb->enabled, func, flags & BNY_POLICY_ENABLE);
    set_assign(&veb->promisc, func, flags & BNY_POLICY_PROMISC);
    set_assign(&veb->allmulti, func, flags & BNY_POLICY_ALLMULTI);
    set_assign(&veb->uplink_too, func, flags & BNY_POLICY_UPLINK_TOO);
    set_assign(&veb->all_vlans, func, flags & BNY_POLICY_ALL_VLANS);
}

/* VLANs */

static unsigned tpid_index(uint16_t tpid)
{
    return tpid == ETHERTYPE_STAG;
}

void banyan_veb_set_vlans(BanyanVeb *veb, unsigned func, BanyanVlan port,
                          const uint8_t list[BNY_VLANS / 8])
{
    unsigned tpid, vid;

    if (func >= veb->funcs) {
        return;
    }
    set_assign(&veb->port_vlan, func, port.tpid);
    for (tpid = 0; tpid < BANYAN_VEB_TPIDS; tpid++) {
        for (vid = 0; vid < BNY_VLANS; vid++) {
            bool in = port.tpid ?
                      tpid == tpid_index(port.tpid) && vid == port.vid :
                      list[vid / 8] >> vid % 8 & 1;

            set_assign(&veb->vlans[tpid][vid], func, in);
        }
    }
}

/* Who gets frames of the VLAN, of those that they are for */
static BanyanFuncSet vlan_members(const BanyanVeb *veb, BanyanVlan vlan)
{
    BanyanFuncSet set = veb->all_vlans;
    unsigned i;

    if (!vlan.tpid) {
        for (i = 0; i < SET_WORDS; i++) {
            set.bits[i] = ~veb->port_vlan.bits[i];
        }
        return set;
    }
    set_remove(&set, &veb->port_vlan);
    set_or(&set, &veb->vlans[tpid_index(vlan.tpid)][vlan.vid]);
    return set;
}

bool banyan_veb_in_vlan(const BanyanVeb *veb, unsigned func, BanyanVlan vlan)
{
    BanyanFuncSet members = vlan_members(veb, vlan);

    return banyan_func_set_has(&members, func);
}

bool banyan_veb_has(const BanyanVeb *veb, unsigned func,
                    const uint8_t mac[BANYAN_VEB_MAC_LEN])
{
    return pair_has(veb, mac_value(mac), func);
}

/* A change, to be sorted by address, and where it stands in the list */
typedef struct Change {
    uint64_t mac;
    unsigned index;
    bool add;
} Change;

static int change_compare(const void *a, const void *b)
{
    const Change *x = a, *y = b;

    if (x->mac != y->mac) {
        return x->mac < y->mac ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

/*
 * Of several changes of an address the last one counts; what is so already
 * is none. What is left is what has to be done, in any order.
 */
static unsigned change_reduce(const BanyanVeb *veb, unsigned func, bool flush,
                              Change *changes, unsigned count)
{
    unsigned left = 0;
    unsigned i;

    qsort(changes, count, sizeof(*changes), change_compare);
    for (i = 0; i < count; i++) {
        bool last = i + 1 == count || changes[i + 1].mac != changes[i].mac;
        bool has = !flush && pair_has(veb, changes[i].mac, func);

        if (last && changes[i].add != has) {
            changes[left++] = changes[i];
        }
    }
    return left;
}

bool banyan_veb_change(BanyanVeb *veb, unsigned func, bool flush,
                       const struct bny_ctrl_address *changes, unsigned count)
{
    Change todo[BNY_CTRL_ADDRESSES_MAX];
    int pairs = veb->pairs;
    unsigned i;

    for (i = 0; i < count; i++) {
        todo[i] = (Change) { mac_value(changes[i].mac), i,
                             changes[i].op == BNY_ADDRESS_ADD };
    }
    count = change_reduce(veb, func, flush, todo, count);
    if (flush) {
        pairs -= func_pairs(veb, func);
    }
    for (i = 0; i < count; i++) {
        pairs += todo[i].add ? 1 : -1;
    }
    if (pairs > BNY_VEB_ENTRIES_MAX) {
        return false;
    }
    if (flush) {
        func_flush(veb, func);
    }
    /* What goes makes room for what comes */
    for (i = 0; i < count; i++) {
        if (!todo[i].add) {
            pair_remove(veb, todo[i].mac, func);
        }
    }
    for (i = 0; i < count; i++) {
        if (todo[i].add) {
            pair_add(veb, todo[i].mac, func);
        }
    }
    return true;
}

unsigned banyan_veb_export(const BanyanVeb *veb, BanyanVebEntry *entries)
{
    unsigned count = 0;
    unsigned i, func;
    int byte;

    for (i = 0; i < veb->addrs_used; i++) {
        const BanyanVebAddr *addr = &veb->addrs[i];

        if (!addr->mac) {
            continue;
        }
        BANYAN_FUNC_SET_FOREACH(func, &addr->funcs) {
            BanyanVebEntry *entry = &entries[count++];

            for (byte = 0; byte < BANYAN_VEB_MAC_LEN; byte++) {
                entry->mac[byte] =
                    addr->mac >> 8 * (BANYAN_VEB_MAC_LEN - 1 - byte);
            }
            entry->func = func;
        }
    }
    return count;
}

bool banyan_veb_import(BanyanVeb *veb, const BanyanVebEntry *entries,
                       unsigned count)
{
    unsigned i;

    table_clear(veb);
    for (i = 0; i < count; i++) {
        uint64_t mac = mac_value(entries[i].mac);

        if (!mac || entries[i].func >= veb->funcs ||
            veb->pairs == BNY_VEB_ENTRIES_MAX ||
            pair_has(veb, mac, entries[i].func)) {
            table_clear(veb);
            return false;
        }
        pair_add(veb, mac, entries[i].func);
    }
    return true;
}

/* Forwarding */

/* Are frames to these kept from the uplink? One of them does */
static bool keeps_from_uplink(const BanyanVeb *veb, BanyanFuncSet keepers)
{
    set_remove(&keepers, &veb->uplink_too);
    return !banyan_func_set_is_empty(&keepers);
}

/* Whom a frame to @mac is for: those who asked for it, enabled or not */
static void forward_addressed(const BanyanVeb *veb, uint64_t mac,
                              const BanyanFuncSet *members,
                              BanyanVebDest *dest)
{
    const BanyanVebAddr *addr;

    if (mac == MAC_BROADCAST) {
        dest->funcs = veb->enabled;
        dest->uplink = true;
        return;
    }

    addr = find(veb, mac);
    if (addr) {
        dest->funcs = addr->funcs;
        set_and(&dest->funcs, members);
        dest->down = dest->funcs;
        set_remove(&dest->down, &veb->enabled);
    }
    if (mac & MAC_GROUP) {
        set_or(&dest->funcs, &veb->allmulti);
        dest->uplink = true;
    } else {
        dest->uplink = !keeps_from_uplink(veb, dest->funcs);
    }
}

bool banyan_veb_forward(const BanyanVeb *veb, unsigned src,
                        const uint8_t dst[BANYAN_VEB_MAC_LEN], BanyanVlan vlan,
                        BanyanVebDest *dest)
{
    BanyanFuncSet members = vlan_members(veb, vlan);

    memset(dest, 0, sizeof(*dest));
    if (src != BNY_FUNC_UPLINK && !banyan_veb_enabled(veb, src)) {
        return false;
    }

    forward_addressed(veb, mac_value(dst), &members, dest);
    set_or(&dest->funcs, &veb->promisc);
    set_and(&dest->funcs, &members);
    set_and(&dest->funcs, &veb->enabled);
    if (src == BNY_FUNC_UPLINK) {
        dest->uplink = false;
    } else {
        set_assign(&dest->funcs, src, false);
    }
    return dest->uplink || !banyan_func_set_is_empty(&dest->funcs);
}
