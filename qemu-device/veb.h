/*
 * Banyan: VEB, where a frame goes (datasheet, section 7)
 *
 * Pure code: no QEMU types, no allocation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_VEB_H
#define HW_NET_BANYAN_VEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/bny_ctrl.h"
#include "include/bny_pci.h"
#include "packet.h"

#define BANYAN_VEB_MAC_LEN 6

/* BanyanFuncSet: a set of function indices, bit f % 64 of word f / 64 */
typedef struct BanyanFuncSet {
    uint64_t bits[BNY_FUNCTIONS_MAX / 64];
} BanyanFuncSet;

static inline bool banyan_func_set_has(const BanyanFuncSet *set, unsigned func)
{
    return func < BNY_FUNCTIONS_MAX &&
           (set->bits[func / 64] >> (func % 64) & 1);
}

static inline void banyan_func_set_add(BanyanFuncSet *set, unsigned func)
{
    set->bits[func / 64] |= UINT64_C(1) << (func % 64);
}

static inline void banyan_func_set_remove(BanyanFuncSet *set, unsigned func)
{
    set->bits[func / 64] &= ~(UINT64_C(1) << (func % 64));
}

bool banyan_func_set_is_empty(const BanyanFuncSet *set);

/* banyan_func_set_count: members */
unsigned banyan_func_set_count(const BanyanFuncSet *set);

/* banyan_func_set_next: lowest member from @from on, or BNY_FUNCTIONS_MAX */
unsigned banyan_func_set_next(const BanyanFuncSet *set, unsigned from);

#define BANYAN_FUNC_SET_FOREACH(func, set)                                     \
    for ((func) = banyan_func_set_next((set), 0); (func) < BNY_FUNCTIONS_MAX;  \
         (func) = banyan_func_set_next((set), (func) + 1))

/* BanyanVebEntry: one (MAC address, function) pair; 8 bytes, for saved state */
typedef struct BanyanVebEntry {
    uint8_t mac[BANYAN_VEB_MAC_LEN];
    uint16_t func;
} BanyanVebEntry;

/* Kinds of tags: 802.1Q's, and 802.1ad's service tag */
#define BANYAN_VEB_TPIDS 2

#define BANYAN_VEB_BUCKETS (2 * BNY_VEB_ENTRIES_MAX)

/* BanyanVebAddr: an address of the table; indices are + 1, 0 is none */
typedef struct BanyanVebAddr {
    uint64_t mac;       /* big-endian value; 0: not in use */
    BanyanFuncSet funcs;
    uint16_t next;      /* in its bucket, or in the free list */
} BanyanVebAddr;

/**
 * BanyanVeb: forwarding table and per-function policy; private to veb.c
 * @funcs: functions that exist: indices below this
 * @pairs: pairs in use
 * @free: free list of @addrs
 * @addrs_used: @addrs from here on were never in use
 * @port_vlan: functions that have a port VLAN
 * @vlans: members of each VLAN, C-tagged and S-tagged, but for @all_vlans
 */
typedef struct BanyanVeb {
    uint16_t funcs;
    uint16_t pairs;
    uint16_t free;
    uint16_t addrs_used;
    uint16_t buckets[BANYAN_VEB_BUCKETS];
    BanyanVebAddr addrs[BNY_VEB_ENTRIES_MAX];
    BanyanFuncSet enabled;
    BanyanFuncSet promisc;
    BanyanFuncSet allmulti;
    BanyanFuncSet uplink_too;
    BanyanFuncSet all_vlans;
    BanyanFuncSet port_vlan;
    BanyanFuncSet vlans[BANYAN_VEB_TPIDS][BNY_VLANS];
} BanyanVeb;

/* banyan_veb_init: an empty table for 1 to BNY_FUNCTIONS_MAX functions */
void banyan_veb_init(BanyanVeb *veb, unsigned funcs);

/* banyan_veb_reset: empty the table, clear every function's flags and VLANs */
void banyan_veb_reset(BanyanVeb *veb);

/* banyan_veb_set_flags: what the function may, BNY_POLICY_* */
void banyan_veb_set_flags(BanyanVeb *veb, unsigned func, uint32_t flags);

/**
 * banyan_veb_set_vlans: which frames the function gets, by their tags
 * @func: function index
 * @port: its port VLAN: it gets frames of this one only
 * @list: VLANs that it is in, as in struct bny_ctrl_vlans, if it has none
 */
void banyan_veb_set_vlans(BanyanVeb *veb, unsigned func, BanyanVlan port,
                          const uint8_t list[BNY_VLANS / 8]);

/* banyan_veb_in_vlan: does it get frames of the VLAN? */
bool banyan_veb_in_vlan(const BanyanVeb *veb, unsigned func, BanyanVlan vlan);

/* banyan_veb_has_port_vlan: does it get frames without their outermost tag? */
static inline bool banyan_veb_has_port_vlan(const BanyanVeb *veb, unsigned func)
{
    return banyan_func_set_has(&veb->port_vlan, func);
}

/* banyan_veb_enabled: may the function send and receive? */
static inline bool banyan_veb_enabled(const BanyanVeb *veb, unsigned func)
{
    return banyan_func_set_has(&veb->enabled, func);
}

/* banyan_veb_has: is the pair in the table? */
bool banyan_veb_has(const BanyanVeb *veb, unsigned func,
                    const uint8_t mac[BANYAN_VEB_MAC_LEN]);

/**
 * banyan_veb_change: change the addresses of a function, all or none
 * @func: function index, one that exists
 * @flush: first remove all that it has
 * @changes: addresses other than 0, with valid operations; in their order
 * @count: up to BNY_CTRL_ADDRESSES_MAX
 *
 * Returns false, with the table as it was, if it has no room.
 */
bool banyan_veb_change(BanyanVeb *veb, unsigned func, bool flush,
                       const struct bny_ctrl_address *changes, unsigned count);

/* banyan_veb_pairs: (MAC, function) pairs in use */
static inline unsigned banyan_veb_pairs(const BanyanVeb *veb)
{
    return veb->pairs;
}

/**
 * banyan_veb_export: all pairs, in a plain array
 * @entries: room for BNY_VEB_ENTRIES_MAX of them
 *
 * Returns how many there are. Their order means nothing.
 */
unsigned banyan_veb_export(const BanyanVeb *veb, BanyanVebEntry *entries);

/**
 * banyan_veb_import: replace the table (not the functions' flags)
 * @entries: pairs, from a source that isn't trusted
 * @count: how many
 *
 * Returns false, with the table empty, if there are too many, or one could
 * not have been added.
 */
bool banyan_veb_import(BanyanVeb *veb, const BanyanVebEntry *entries,
                       unsigned count);

/**
 * BanyanVebDest: where a frame goes
 * @funcs: to these functions, all of them enabled, never its sender
 * @down: these are in the table for it, but not enabled: RX_DROP_LINK
 * @uplink: to the uplink
 */
typedef struct BanyanVebDest {
    BanyanFuncSet funcs;
    BanyanFuncSet down;
    bool uplink;
} BanyanVebDest;

/**
 * banyan_veb_forward: decide where a frame goes
 * @src: function index of its sender, or BNY_FUNC_UPLINK
 * @dst: destination address, the frame's first bytes
 * @vlan: of the frame
 * @dest: filled in, always
 *
 * A sender that isn't enabled reaches nobody. Returns false if nobody gets
 * the frame; @dest->down may then still be worth counting.
 */
bool banyan_veb_forward(const BanyanVeb *veb, unsigned src,
                        const uint8_t dst[BANYAN_VEB_MAC_LEN], BanyanVlan vlan,
                        BanyanVebDest *dest);

#endif /* HW_NET_BANYAN_VEB_H */
