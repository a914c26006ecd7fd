/*
 * Banyan: BAR 0, the registers (datasheet, chapter "Registers")
 *
 * Offsets, access classes, reset values and writable bits all come from the
 * table in bny_reg_table.h. Registers that just hold a value are kept in the
 * fields that banyan_reg_store() names; no image of the BAR exists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "counters.h"
#include "error.h"
#include "intr.h"
#include "mailbox.h"
#include "moderation.h"
#include "port.h"
#include "queue.h"
#include "regs.h"
#include "reset.h"
#include "status.h"
#include "trace.h"

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

static const BanyanRegInfo banyan_reg_info[R_COUNT] = {
#define BANYAN_REG_INFO(name, offset, stride, count, access, reset,          \
                        writable, scope, text)                               \
    [R(name)] = { #name, offset, stride, count, access, reset, writable,    \
                   scope },
    BNY_REGS(BANYAN_REG_INFO)
#undef BANYAN_REG_INFO
};

/* A register as it was addressed: which one, and which instance of it */
typedef struct BanyanRegRef {
    const BanyanRegInfo *info;
    unsigned id;
    uint32_t i;
} BanyanRegRef;

/* Instances that this function has; the others read as zero */
static uint32_t bny_reg_count(const BanyanFunc *f, unsigned id)
{
    switch (id) {
    case R(QP_VECTOR) ... R(RX_INDEX):
        return f->queue_pairs;
    case R(FUNC_CTRL) ... R(FUNC_LIMITS):
        return f->port->funcs;
    case R(FUNC_COUNTER):
        return f->port->funcs * BNY_REG_COUNT_COUNTER;
    default:
        return banyan_reg_info[id].count;
    }
}

static bool banyan_reg_find(const BanyanFunc *f, hwaddr addr, BanyanRegRef *ref)
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
               ref->i < bny_reg_count(f, id);
    }
    return false;
}

/* Where the value of a register that just holds one is kept, else NULL */
static uint32_t *banyan_reg_store(BanyanFunc *f, unsigned id, uint32_t i)
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
    case R(VEB_MAC_LO):
        return &f->port->veb_mac_lo;
    case R(VEB_MAC_HI):
        return &f->port->veb_mac_hi;
    case R(FUNC_CTRL):
        return &f->port->func[i]->func_ctrl;
    case R(FUNC_MAC_LO):
        return &f->port->func[i]->func_mac_lo;
    case R(FUNC_MAC_HI):
        return &f->port->func[i]->func_mac_hi;
    default:
        return NULL;
    }
}

static uint32_t banyan_caps(uint32_t i)
{
    return i ? 0 : BANYAN_CAPS;
}

static uint32_t banyan_reg_get(BanyanFunc *f, const BanyanRegRef *ref)
{
    const uint32_t *store;
    const BanyanFunc *func;

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
        return f->func_mac_lo;
    case R(MAC_HI):
        return f->func_mac_hi;
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
    case R(TX_INDEX):
        return FIELD_PREP(BNY_INDEX_RING, f->qp[ref->i].tx.cons) |
               FIELD_PREP(BNY_INDEX_CQ, f->qp[ref->i].tx.cq_prod);
    case R(RX_INDEX):
        return FIELD_PREP(BNY_INDEX_RING, f->qp[ref->i].rx.cons) |
               FIELD_PREP(BNY_INDEX_CQ, f->qp[ref->i].rx.cq_prod);
    case R(VEB_STATUS):
        return FIELD_PREP(BNY_VEB_RESULT, f->port->veb_result) |
               FIELD_PREP(BNY_VEB_ENTRIES, banyan_veb_pairs(&f->port->veb));
    case R(FUNC_STATUS):
        return banyan_func_status(f->port->func[ref->i]);
    case R(FUNC_ERROR):
        return f->port->func[ref->i]->error;
    case R(FUNC_LIMITS):
        return banyan_func_limits(f->port->func[ref->i]);
    case R(FUNC_COUNTER):
        func = f->port->func[ref->i / BNY_REG_COUNT_COUNTER];
        return banyan_counter_read(func, ref->i % BNY_REG_COUNT_COUNTER);
    default:
        store = banyan_reg_store(f, ref->id, ref->i);
        return store ? *store : 0;
    }
}

/* Can instance @i of FEATURES have this value? */
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
    case R(FUNC_MAC_LO):
    case R(FUNC_MAC_HI):
        /* the PF's own comes from the configuration of the device */
        if (ref->i == BNY_FUNC_PF) {
            error = BNY_ERR_REG_ACCESS;
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

void banyan_rss_update_key(BanyanFunc *f)
{
    uint8_t key[BNY_RSS_KEY_LEN];

    for (unsigned i = 0; i < ARRAY_SIZE(f->rss_key); i++) {
        stl_le_p(key + i * 4, f->rss_key[i]);
    }
    banyan_toeplitz_set_key(&f->toeplitz, key);
}

/* No VF's addresses take the room of another one's, or of the PF's */
QEMU_BUILD_BUG_ON(BNY_VEB_ENTRIES_MAX < (BNY_VFS_MAX + 1) *
                                        (1 + BNY_MBX_MULTICAST_MAX));

static void banyan_veb_write_command(BanyanPort *port, uint32_t val)
{
    uint8_t mac[BANYAN_VEB_MAC_LEN];

    stl_le_p(mac, port->veb_mac_lo);
    stw_le_p(mac + 4, port->veb_mac_hi);
    port->veb_result = banyan_veb_command(&port->veb,
                                          FIELD_GET(BNY_VEB_OP, val), mac,
                                          FIELD_GET(BNY_VEB_FUNC, val));
    trace_bny_veb_command(val, port->veb_mac_lo, port->veb_mac_hi,
                          port->veb_result);
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
    case R(VEB_COMMAND):
        banyan_veb_write_command(f->port, val);
        break;
    case R(FUNC_CTRL):
        banyan_func_set_ctrl(f->port->func[ref->i], val);
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

/*
 * All registers that hold a value go to the one after a reset, but the PF's
 * policy blocks: reset.c knows whose reset clears them.
 */
void banyan_regs_reset(BanyanFunc *f)
{
    for (unsigned id = 0; id < R_COUNT; id++) {
        const BanyanRegInfo *info = &banyan_reg_info[id];

        if (info->scope == PF) {
            continue;
        }
        for (uint32_t i = 0; i < bny_reg_count(f, id); i++) {
            uint32_t *store = banyan_reg_store(f, id, i);

            if (store) {
                *store = info->reset;
            }
        }
    }
    banyan_rss_update_key(f);
}
