/*
 * Banyan: the registers' values, and the table that describes them
 *
 * Offsets, access classes, reset values and writable bits all come from the
 * table in bny_reg_table.h. Registers that just hold a value are kept in the
 * fields that banyan_reg_store() names; no image of the BAR exists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_REGFILE_H
#define HW_NET_BANYAN_REGFILE_H

#include "banyan.h"

/* A member, one byte, for each register: its offset is the register's ID */
struct banyan_reg_ids {
#define BANYAN_REG_ID(name, ...) uint8_t name;
    BNY_REGS(BANYAN_REG_ID)
#undef BANYAN_REG_ID
};

#define R(name)     offsetof(struct banyan_reg_ids, name)
#define R_COUNT     sizeof(struct banyan_reg_ids)

enum banyan_reg_access { RO, RW, W1C, WO };
enum banyan_reg_scope { ALL, PF };

typedef struct BanyanRegInfo {
    const char *name;
    uint32_t offset;
    uint32_t stride;
    uint32_t count;
    enum banyan_reg_access access;
    uint32_t reset;
    uint32_t writable;
    enum banyan_reg_scope scope;
} BanyanRegInfo;

/* A register as it was addressed: which one, and which instance of it */
typedef struct BanyanRegRef {
    const BanyanRegInfo *info;
    unsigned id;
    uint32_t i;
} BanyanRegRef;

/* Which register is at @addr? Returns false if the function has none there */
bool banyan_reg_find(const BanyanFunc *f, hwaddr addr, BanyanRegRef *ref);

/* Where the value of a register that just holds one is kept, else NULL */
uint32_t *banyan_reg_store(BanyanFunc *f, unsigned id, uint32_t i);

/*
 * All registers that hold a value go to the one after a reset, but those that
 * are the PF's alone: reset.c knows whose reset clears them.
 */
void banyan_regs_reset(BanyanFunc *f);

/* RSS_KEY has changed */
void banyan_rss_update_key(BanyanFunc *f);

#endif /* HW_NET_BANYAN_REGFILE_H */
