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

#include "include/bny_pci.h"
#include "include/bny_regs.h"

#define BNY_VEB_MAC_LEN 6

/* BnyFuncSet: a set of function indices, bit f % 64 of word f / 64 */
typedef struct BnyFuncSet {
    uint64_t bits[BNY_FUNCTIONS_MAX / 64];
} BnyFuncSet;

static inline bool bny_func_set_has(const BnyFuncSet *set, unsigned func)
{
    return func < BNY_FUNCTIONS_MAX &&
           (set->bits[func / 64] >> (func % 64) & 1);
}

bool bny_func_set_is_empty(const BnyFuncSet *set);

/* bny_func_set_count: members */
unsigned bny_func_set_count(const BnyFuncSet *set);

/* bny_func_set_next: lowest member from @from on, or BNY_FUNCTIONS_MAX */
unsigned bny_func_set_next(const BnyFuncSet *set, unsigned from);

#define BNY_FUNC_SET_FOREACH(func, set)                                     \
    for ((func) = bny_func_set_next((set), 0); (func) < BNY_FUNCTIONS_MAX;  \
         (func) = bny_func_set_next((set), (func) + 1))

/* BnyVebEntry: one (MAC address, function) pair; 8 bytes, for saved state */
typedef struct BnyVebEntry {
    uint8_t mac[BNY_VEB_MAC_LEN];
    uint16_t func;
} BnyVebEntry;

#define BNY_VEB_BUCKETS (2 * BNY_VEB_ENTRIES_MAX)

/* BnyVebAddr: an address of the table; indices are + 1, 0 is none */
typedef struct BnyVebAddr {
    uint64_t mac;       /* big-endian value; 0: not in use */
    BnyFuncSet funcs;
    uint16_t next;      /* in its bucket, or in the free list */
} BnyVebAddr;

/**
 * BnyVeb: forwarding table and per-function policy; private to veb.c
 * @funcs: functions that exist: indices below this
 * @pairs: pairs in use
 * @free: free list of @addrs
 * @addrs_used: @addrs from here on were never in use
 */
typedef struct BnyVeb {
    uint16_t funcs;
    uint16_t pairs;
    uint16_t free;
    uint16_t addrs_used;
    uint16_t buckets[BNY_VEB_BUCKETS];
    BnyVebAddr addrs[BNY_VEB_ENTRIES_MAX];
    BnyFuncSet enabled;
    BnyFuncSet promisc;
    BnyFuncSet allmulti;
} BnyVeb;

/* bny_veb_init: an empty table for @funcs functions (1 to BNY_FUNCTIONS_MAX) */
void bny_veb_init(BnyVeb *veb, unsigned funcs);

/* bny_veb_reset: empty the table and clear every function's flags */
void bny_veb_reset(BnyVeb *veb);

/* bny_veb_set_ctrl: @ctrl is the function's FUNC_CTRL, BNY_FUNC_CTRL_* */
void bny_veb_set_ctrl(BnyVeb *veb, unsigned func, uint32_t ctrl);

/* bny_veb_enabled: may the function send and receive? */
static inline bool bny_veb_enabled(const BnyVeb *veb, unsigned func)
{
    return bny_func_set_has(&veb->enabled, func);
}

/**
 * bny_veb_command: do a VEB_COMMAND
 * @op: enum bny_veb_op, any value
 * @mac: VEB_MAC; not looked at by BNY_VEB_FLUSH
 * @func: function index, any value
 *
 * Returns enum bny_veb_result, never BNY_VEB_NONE.
 */
enum bny_veb_result bny_veb_command(BnyVeb *veb, unsigned op,
                                    const uint8_t mac[BNY_VEB_MAC_LEN],
                                    unsigned func);

/* bny_veb_pairs: (MAC, function) pairs in use */
static inline unsigned bny_veb_pairs(const BnyVeb *veb)
{
    return veb->pairs;
}

/**
 * bny_veb_export: all pairs, in a plain array
 * @entries: room for BNY_VEB_ENTRIES_MAX of them
 *
 * Returns how many there are. Their order means nothing.
 */
unsigned bny_veb_export(const BnyVeb *veb, BnyVebEntry *entries);

/**
 * bny_veb_import: replace the table (not the functions' flags)
 * @entries: pairs, from a source that isn't trusted
 * @count: how many
 *
 * Returns false, with the table empty, if there are too many, or one could
 * not have been added by BNY_VEB_ADD.
 */
bool bny_veb_import(BnyVeb *veb, const BnyVebEntry *entries, unsigned count);

/**
 * BnyVebDest: where a frame goes
 * @funcs: to these functions, all of them enabled, never its sender
 * @down: these are in the table for it, but not enabled: RX_DROP_LINK
 * @uplink: to the uplink
 */
typedef struct BnyVebDest {
    BnyFuncSet funcs;
    BnyFuncSet down;
    bool uplink;
} BnyVebDest;

/**
 * bny_veb_forward: decide where a frame goes
 * @src: function index of its sender, or BNY_FUNC_UPLINK
 * @dst: destination address, the frame's first bytes
 * @dest: filled in, always
 *
 * A sender that isn't enabled reaches nobody. Returns false if nobody gets
 * the frame; @dest->down may then still be worth counting.
 */
bool bny_veb_forward(const BnyVeb *veb, unsigned src,
                     const uint8_t dst[BNY_VEB_MAC_LEN], BnyVebDest *dest);

#endif /* HW_NET_BANYAN_VEB_H */
