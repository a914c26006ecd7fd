/*
 * Banyan: the registers' values, and the table that describes them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "regfile.h"

static const BanyanRegInfo banyan_reg_info[R_COUNT] = {
#define BANYAN_REG_INFO(name, offset, stride, count, access, reset,          \
                        writable, scope, text)                               \
    [R(name)] = { #name, offset, stride, count, access, reset, writable,    \
                   scope },
    BNY_REGS(BANYAN_REG_INFO)
#undef BANYAN_REG_INFO
};

/* Instances that this function has; the others read as zero */
static uint32_t banyan_reg_count(const BanyanFunc *f, unsigned id)
{
    switch (id) {
    case R(QP_VECTOR) ... R(RX_INDEX):
        return f->queue_pairs;
    case R(FUNC_RESET):
        return f->port->funcs;
    default:
        return banyan_reg_info[id].count;
    }
}

bool banyan_reg_find(const BanyanFunc *f, hwaddr addr, BanyanRegRef *ref)
{
    for (unsigned id = 0; id < R_COUNT; id++) {
        const BanyanRegInfo *info = &banyan_reg_info[id];

        if (addr < info->offset || (addr - info->offset) % info->stride ||
            (addr - info->offset) / info->stride >= info->count) {
            continue;
        }
        ref->info = info;
        ref->id = id;
        ref->i = (addr - info->offset) / info->stride;
        return (info->scope == ALL || !banyan_func_is_vf(f)) &&
               ref->i < banyan_reg_count(f, id);
    }
    return false;
}

uint32_t *banyan_reg_store(BanyanFunc *f, unsigned id, uint32_t i)
{
    switch (id) {
    case R(FEATURES):
        return &f->features[i];
    case R(MAX_FRAME):
        return &f->max_frame;
    case R(IRQ_CAUSE):
        return &f->irq_cause;
    case R(IRQ_ENABLE):
        return &f->irq_enable;
    case R(MBX_TX_STATUS):
        return &f->mbx_tx_status;
    case R(MBX_TX_DATA):
        return &f->mbx_tx_data[i];
    case R(RSS_CTRL):
        return &f->rss_ctrl;
    case R(RSS_KEY):
        return &f->rss_key[i];
    case R(RSS_TABLE):
        return &f->rss_table[i];
    case R(CTLQ_CTRL):
        return &f->control.ctrl;
    case R(CTLQ_DEPTH):
        return &f->control.depth;
    case R(CTLQ_BASE_LO):
        return &f->control.base_lo;
    case R(CTLQ_BASE_HI):
        return &f->control.base_hi;
    case R(CTLQ_CQ_LO):
        return &f->control.cq_lo;
    case R(CTLQ_CQ_HI):
        return &f->control.cq_hi;
    case R(QP_VECTOR):
        return &f->qp[i].vector;
    case R(QP_MODERATION):
        return &f->qp[i].moderation;
    case R(TX_CTRL):
        return &f->qp[i].tx.ctrl;
    case R(TX_DEPTH):
        return &f->qp[i].tx.depth;
    case R(TX_BASE_LO):
        return &f->qp[i].tx.base_lo;
    case R(TX_BASE_HI):
        return &f->qp[i].tx.base_hi;
    case R(TX_CQ_LO):
        return &f->qp[i].tx.cq_lo;
    case R(TX_CQ_HI):
        return &f->qp[i].tx.cq_hi;
    case R(TX_SHADOW_LO):
        return &f->qp[i].tx.shadow_lo;
    case R(TX_SHADOW_HI):
        return &f->qp[i].tx.shadow_hi;
    case R(RX_CTRL):
        return &f->qp[i].rx.ctrl;
    case R(RX_DEPTH):
        return &f->qp[i].rx.depth;
    case R(RX_BASE_LO):
        return &f->qp[i].rx.base_lo;
    case R(RX_BASE_HI):
        return &f->qp[i].rx.base_hi;
    case R(RX_CQ_LO):
        return &f->qp[i].rx.cq_lo;
    case R(RX_CQ_HI):
        return &f->qp[i].rx.cq_hi;
    case R(RX_SHADOW_LO):
        return &f->qp[i].rx.shadow_lo;
    case R(RX_SHADOW_HI):
        return &f->qp[i].rx.shadow_hi;
    case R(FUNC_RESET_EVENT):
        return &f->port->func_reset_event[i];
    default:
        return NULL;
    }
}

void banyan_rss_update_key(BanyanFunc *f)
{
    uint8_t key[BNY_RSS_KEY_LEN];

    for (unsigned i = 0; i < ARRAY_SIZE(f->rss_key); i++) {
        stl_le_p(key + i * 4, f->rss_key[i]);
    }
    banyan_toeplitz_set_key(&f->toeplitz, key);
}

void banyan_regs_reset(BanyanFunc *f)
{
    for (unsigned id = 0; id < R_COUNT; id++) {
        const BanyanRegInfo *info = &banyan_reg_info[id];

        if (info->scope == PF) {
            continue;
        }
        for (uint32_t i = 0; i < banyan_reg_count(f, id); i++) {
            uint32_t *store = banyan_reg_store(f, id, i);

            if (store) {
                *store = info->reset;
            }
        }
    }
    banyan_rss_update_key(f);
}
