/*
 * Banyan: BAR 0, the registers (datasheet, chapter "Registers")
 *
 * What an access means. Values are kept, and described, in regfile.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "control.h"
#include "counters.h"
#include "error.h"
#include "intr.h"
#include "mailbox.h"
#include "moderation.h"
#include "port.h"
#include "queue.h"
#include "regfile.h"
#include "regs.h"
#include "reset.h"
#include "status.h"
#include "trace.h"

static uint32_t banyan_caps(uint32_t i)
{
    return i ? 0 : BANYAN_CAPS;
}

static uint32_t banyan_reg_get(BanyanFunc *f, const BanyanRegRef *ref)
{
    const uint32_t *store;

    switch (ref->id) {
    case R(MAGIC):
    case R(VERSION):
        return ref->info->reset;
    case R(FUNCTION):
        return FIELD_PREP(BNY_FUNCTION_INDEX, f->index) |
               (banyan_func_is_vf(f) ? BNY_FUNCTION_IS_VF : 0);
    case R(CAPS):
        return banyan_caps(ref->i);
    case R(LIMITS):
        return banyan_func_limits(f);
    case R(MAC_LO):
        return ldl_le_p(f->policy.mac);
    case R(MAC_HI):
        return lduw_le_p(f->policy.mac + 4);
    case R(STATUS):
        return banyan_func_status(f);
    case R(GENERATION):
        return f->generation;
    case R(ERROR):
        return f->error;
    case R(ERROR_INFO):
        return f->error_info;
    case R(LINK):
        return banyan_func_link(f);
    case R(MBX_RX):
        return banyan_mbx_rx(f);
    case R(MBX_RX_DATA):
        return banyan_mbx_rx_data(f, ref->i);
    case R(COUNTER):
        return banyan_counter_read(f, ref->i);
    case R(CTLQ_INDEX):
        return FIELD_PREP(BNY_CTLQ_INDEX, f->control.cons);
    case R(TX_INDEX):
        return FIELD_PREP(BNY_INDEX_RING, f->qp[ref->i].tx.cons) |
               FIELD_PREP(BNY_INDEX_CQ, f->qp[ref->i].tx.cq_prod);
    case R(RX_INDEX):
        return FIELD_PREP(BNY_INDEX_RING, f->qp[ref->i].rx.cons) |
               FIELD_PREP(BNY_INDEX_CQ, f->qp[ref->i].rx.cq_prod);
    default:
        store = banyan_reg_store(f, ref->id, ref->i);
        return store ? *store : 0;
    }
}

bool banyan_features_valid(uint32_t i, uint32_t val)
{
    if (val & ~banyan_caps(i)) {
        return false;
    }
    return i || !(val & BNY_FEAT_RX_GSO) || (val & BNY_FEAT_RX_CSUM_PARTIAL);
}

/* FEATURES change only while no ring is enabled */
static bool banyan_features_writable(const BanyanFunc *f, uint32_t i,
                                     uint32_t val)
{
    return banyan_func_rings_enabled(f) ? val == f->features[i] :
                                       banyan_features_valid(i, val);
}

static bool banyan_rss_table_valid(const BanyanFunc *f, uint32_t val)
{
    for (unsigned i = 0; i < sizeof(val); i++) {
        if (extract32(val, i * 8, 8) >= f->queue_pairs) {
            return false;
        }
    }
    return true;
}

/* May the register take the value now? Latches an error if not */
static bool banyan_reg_check(BanyanFunc *f, const BanyanRegRef *ref,
                             hwaddr addr, uint32_t val)
{
    enum bny_error error = BNY_ERR_NONE;

    if (ref->info->access == RO) {
        error = BNY_ERR_REG_ACCESS;
    } else if (val & ~ref->info->writable) {
        error = BNY_ERR_REG_VALUE;
    }
    switch (ref->id) {
    case R(FEATURES):
        if (!banyan_features_writable(f, ref->i, val)) {
            error = BNY_ERR_REG_VALUE;
        }
        break;
    case R(RSS_TABLE):
        if (!banyan_rss_table_valid(f, val)) {
            error = BNY_ERR_REG_VALUE;
        }
        break;
    case R(CTLQ_DEPTH) ... R(CTLQ_CQ_HI):
        if (!banyan_control_configurable(f)) {
            return false;
        }
        break;
    case R(QP_VECTOR):
        if (banyan_ring_enabled(&f->qp[ref->i].tx) ||
            banyan_ring_enabled(&f->qp[ref->i].rx)) {
            banyan_qp_fail(&f->qp[ref->i], false, BNY_ERR_RING_CONFIG, 0);
            return false;
        }
        break;
    case R(TX_DEPTH) ... R(TX_SHADOW_HI):
        if (banyan_ring_enabled(&f->qp[ref->i].tx)) {
            banyan_qp_fail(&f->qp[ref->i], false, BNY_ERR_RING_CONFIG, 0);
            return false;
        }
        break;
    case R(RX_DEPTH) ... R(RX_SHADOW_HI):
        if (banyan_ring_enabled(&f->qp[ref->i].rx)) {
            banyan_qp_fail(&f->qp[ref->i], true, BNY_ERR_RING_CONFIG, 0);
            return false;
        }
        break;
    default:
        break;
    }
    if (error) {
        banyan_func_fail(f, error, addr);
    }
    return !error;
}

static void banyan_reg_set(BanyanFunc *f, const BanyanRegRef *ref, uint32_t val)
{
    switch (ref->id) {
    case R(RESET):
        if (val & BNY_RESET_START) {
            banyan_reset_func(f);
        }
        break;
    case R(IRQ_CAUSE):
        banyan_irq_clear(f, val);
        break;
    case R(IRQ_ENABLE):
        banyan_irq_set_enable(f, val);
        break;
    case R(MBX_TX):
        banyan_mbx_send(f, val);
        break;
    case R(MBX_RX_ACK):
        banyan_mbx_ack(f, val);
        break;
    case R(RSS_KEY):
        f->rss_key[ref->i] = val;
        banyan_rss_update_key(f);
        break;
    case R(CTLQ_CTRL):
        banyan_control_set_ctrl(f, val);
        break;
    case R(CTLQ_DOORBELL):
        banyan_control_doorbell(f, FIELD_GET(BNY_CTLQ_INDEX, val));
        break;
    case R(QP_MODERATION):
        banyan_qp_intr_set_moderation(&f->qp[ref->i], val);
        break;
    case R(TX_CTRL):
        banyan_ring_set_ctrl(&f->qp[ref->i], &f->qp[ref->i].tx, val);
        break;
    case R(RX_CTRL):
        banyan_ring_set_ctrl(&f->qp[ref->i], &f->qp[ref->i].rx, val);
        break;
    case R(FUNC_RESET_EVENT):
        f->port->func_reset_event[ref->i] &= ~val;
        break;
    case R(FUNC_RESET):
        if (val) {
            banyan_reset_func(f->port->func[ref->i]);
        }
        break;
    default:
        *banyan_reg_store(f, ref->id, ref->i) = val;
        break;
    }
}

static uint64_t banyan_regs_read(void *opaque, hwaddr addr, unsigned size)
{
    BanyanFunc *f = opaque;
    uint32_t val = 0;
    BanyanRegRef ref;

    banyan_count(f, BNY_CNT_REG_READS);
    if (banyan_reg_find(f, addr, &ref)) {
        val = banyan_reg_get(f, &ref);
        trace_bny_reg_read(f->index, ref.info->name, ref.i, val);
    } else {
        trace_bny_reg_read_none(f->index, addr);
    }
    return val;
}

static void banyan_regs_write(void *opaque, hwaddr addr, uint64_t val,
                              unsigned size)
{
    BanyanFunc *f = opaque;
    BanyanRegRef ref;

    banyan_count(f, BNY_CNT_REG_WRITES);
    if (!banyan_reg_find(f, addr, &ref)) {
        trace_bny_reg_write_none(f->index, addr, val);
        banyan_func_fail(f, BNY_ERR_REG_ACCESS, addr);
        return;
    }
    trace_bny_reg_write(f->index, ref.info->name, ref.i, val);
    if (banyan_reg_check(f, &ref, addr, val)) {
        banyan_reg_set(f, &ref, val);
    }
}

const MemoryRegionOps banyan_regs_ops = {
    .read = banyan_regs_read,
    .write = banyan_regs_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {
        .min_access_size = 4,
        .max_access_size = 8,
        .accepts = banyan_func_accepts,
    },
    .impl = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};
