/*
 * Banyan: saved state
 *
 * What the guest can see is saved; the rest is computed anew, lazily: loading
 * touches no guest memory, banyan_func_resume() does when the machine runs.
 *
 * The PF's section comes before its VFs' ones: loading its SR-IOV capability
 * enables the VFs, which resets them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "hw/pci/msix.h"
#include "hw/pci/pcie_sriov.h"
#include "migration/vmstate.h"
#include "control.h"
#include "fault.h"
#include "forward.h"
#include "func.h"
#include "line.h"
#include "mailbox.h"
#include "policy.h"
#include "rate.h"
#include "queue.h"
#include "regfile.h"
#include "regs.h"
#include "vmstate.h"

static const VMStateDescription vmstate_banyan_ring = {
    .name = "banyan/ring",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(ctrl, BanyanRing),
        VMSTATE_UINT32(depth, BanyanRing),
        VMSTATE_UINT32(base_lo, BanyanRing),
        VMSTATE_UINT32(base_hi, BanyanRing),
        VMSTATE_UINT32(cq_lo, BanyanRing),
        VMSTATE_UINT32(cq_hi, BanyanRing),
        VMSTATE_UINT32(shadow_lo, BanyanRing),
        VMSTATE_UINT32(shadow_hi, BanyanRing),
        VMSTATE_UINT16(cons, BanyanRing),
        VMSTATE_UINT16(cq_prod, BanyanRing),
        VMSTATE_END_OF_LIST()
    }
};

static bool banyan_mark_needed(void *opaque)
{
    BanyanQp *qp = opaque;

    return qp->tx_mark.stage != BANYAN_STAGE_NONE;
}

/* A frame that was left off in the middle */
static const VMStateDescription vmstate_banyan_mark = {
    .name = "banyan/queue-pair/mark",
    .version_id = 1,
    .minimum_version_id = 1,
    .needed = banyan_mark_needed,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(tx_mark.stage, BanyanQp),
        VMSTATE_UINT32(tx_mark.segment, BanyanQp),
        VMSTATE_UINT32(tx_mark.func, BanyanQp),
        VMSTATE_UINT64_ARRAY(tx_mark.lost.bits, BanyanQp,
                             BNY_FUNCTIONS_MAX / 64),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_banyan_qp = {
    .name = "banyan/queue-pair",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(armed, BanyanQp),
        VMSTATE_UINT32(vector, BanyanQp),
        VMSTATE_UINT32(moderation, BanyanQp),
        VMSTATE_STRUCT(tx, BanyanQp, 1, vmstate_banyan_ring, BanyanRing),
        VMSTATE_STRUCT(rx, BanyanQp, 1, vmstate_banyan_ring, BanyanRing),
        VMSTATE_END_OF_LIST()
    },
    .subsections = (const VMStateDescription *const []) {
        &vmstate_banyan_mark,
        NULL
    }
};

static const VMStateDescription vmstate_banyan_mbx_queue = {
    .name = "banyan/mailbox",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(ticket, BanyanMbxQueue),
        VMSTATE_UINT32(head, BanyanMbxQueue),
        VMSTATE_UINT32(count, BanyanMbxQueue),
        VMSTATE_UINT32_ARRAY(len, BanyanMbxQueue, BNY_MBX_QUEUE_DEPTH),
        VMSTATE_UINT8_2DARRAY(data, BanyanMbxQueue, BNY_MBX_QUEUE_DEPTH,
                              BNY_MBX_MSG_LEN_MAX),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_banyan_control = {
    .name = "banyan/control-queue",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(ctrl, BanyanControl),
        VMSTATE_UINT32(depth, BanyanControl),
        VMSTATE_UINT32(base_lo, BanyanControl),
        VMSTATE_UINT32(base_hi, BanyanControl),
        VMSTATE_UINT32(cq_lo, BanyanControl),
        VMSTATE_UINT32(cq_hi, BanyanControl),
        VMSTATE_UINT16(cons, BanyanControl),
        VMSTATE_UINT16(prod, BanyanControl),
        VMSTATE_END_OF_LIST()
    }
};

static bool banyan_ring_loaded_valid(const BanyanQp *qp, const BanyanRing *r)
{
    return !(r->ctrl & ~BNY_RING_ENABLE) &&
           (!banyan_ring_enabled(r) || banyan_ring_config_valid(qp, r));
}

static bool banyan_mark_valid(const BanyanMark *mark)
{
    return mark->stage <= BANYAN_STAGE_WIRE && mark->segment <= UINT16_MAX &&
           mark->func <= BNY_FUNCTIONS_MAX;
}

static bool banyan_func_loaded_valid(const BanyanFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (!banyan_ring_loaded_valid(&f->qp[i], &f->qp[i].tx) ||
            !banyan_ring_loaded_valid(&f->qp[i], &f->qp[i].rx) ||
            !banyan_mark_valid(&f->qp[i].tx_mark)) {
            return false;
        }
    }
    for (unsigned i = 0; i < BNY_RSS_TABLE_LEN; i++) {
        if (extract32(f->rss_table[i / 4], i % 4 * 8, 8) >= f->queue_pairs) {
            return false;
        }
    }
    for (unsigned i = 0; i < BNY_REG_COUNT_FEATURES; i++) {
        if (!banyan_features_valid(i, f->features[i])) {
            return false;
        }
    }
    for (unsigned i = f->vectors; i < BANYAN_MESSAGE_WORDS * 32; i++) {
        if (f->messages[i / 32] & BIT(i % 32)) {
            return false;
        }
    }
    return banyan_mbx_valid(f) && banyan_control_valid(f) &&
           banyan_rate_valid(f, f->rate.min, f->rate.max) &&
           banyan_policy_valid(f, &f->policy) && banyan_vlans_valid(f->vlans);
}

static void banyan_ring_derive(BanyanQp *qp, BanyanRing *r)
{
    if (banyan_fault(qp->func->port, DROP_STATE)) {
        r->cons = 0;
        r->cq_prod = 0;
    }
    r->prod = r->cons;
    /* nothing is known to be consumed: the next completion looks */
    r->cq_cons = r->cq_prod - r->depth;
}

static int banyan_func_post_load(void *opaque, int version_id)
{
    BanyanFunc *f = opaque;

    if (!banyan_func_loaded_valid(f)) {
        error_report("banyan: saved state of function %u can't be", f->index);
        return -EINVAL;
    }
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        BanyanQp *qp = &f->qp[i];

        banyan_ring_derive(qp, &qp->tx);
        banyan_ring_derive(qp, &qp->rx);
        qp->rx_cached = 0;
        qp->unsignalled = 0;
        banyan_line_cancel(qp);
    }
    banyan_control_cancel(f);
    banyan_func_update_power(f);
    banyan_policy_derive(f);
    banyan_rate_set(f, f->rate.min, f->rate.max);
    banyan_rss_update_key(f);
    return 0;
}

static const VMStateDescription vmstate_banyan_func = {
    .name = "banyan/function",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = banyan_func_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_VARRAY_POINTER_UINT16(qp, BanyanFunc, queue_pairs,
                                             vmstate_banyan_qp, BanyanQp),
        VMSTATE_UINT32_ARRAY(features, BanyanFunc, BNY_REG_COUNT_FEATURES),
        VMSTATE_UINT32(max_frame, BanyanFunc),
        VMSTATE_UINT32(generation, BanyanFunc),
        VMSTATE_UINT32(error, BanyanFunc),
        VMSTATE_UINT32(error_info, BanyanFunc),
        VMSTATE_UINT32(irq_cause, BanyanFunc),
        VMSTATE_UINT32(irq_enable, BanyanFunc),
        VMSTATE_UINT32_ARRAY(messages, BanyanFunc, BANYAN_MESSAGE_WORDS),
        VMSTATE_UINT32(rss_ctrl, BanyanFunc),
        VMSTATE_UINT32_ARRAY(rss_key, BanyanFunc, BNY_REG_COUNT_RSS_KEY),
        VMSTATE_UINT32_ARRAY(rss_table, BanyanFunc, BNY_REG_COUNT_RSS_TABLE),
        VMSTATE_UINT64_ARRAY(counter, BanyanFunc, BNY_CNT_COUNT),
        VMSTATE_STRUCT(control, BanyanFunc, 1, vmstate_banyan_control,
                       BanyanControl),
        VMSTATE_UINT32(mbx_tx_status, BanyanFunc),
        VMSTATE_UINT32_ARRAY(mbx_tx_data, BanyanFunc,
                             BNY_REG_COUNT_MBX_TX_DATA),
        VMSTATE_STRUCT(mbx_to_pf, BanyanFunc, 1, vmstate_banyan_mbx_queue,
                       BanyanMbxQueue),
        VMSTATE_STRUCT(mbx_from_pf, BanyanFunc, 1, vmstate_banyan_mbx_queue,
                       BanyanMbxQueue),
        VMSTATE_UINT32(policy.flags, BanyanFunc),
        VMSTATE_UINT8_ARRAY(policy.mac, BanyanFunc, 6),
        VMSTATE_UINT16(policy.vlan_tci, BanyanFunc),
        VMSTATE_UINT16(policy.vlan_tpid, BanyanFunc),
        VMSTATE_UINT8(policy.link, BanyanFunc),
        VMSTATE_UINT8(policy.note, BanyanFunc),
        VMSTATE_UINT32(rate.min, BanyanFunc),
        VMSTATE_UINT32(rate.max, BanyanFunc),
        VMSTATE_UINT8_ARRAY(vlans, BanyanFunc, BNY_VLANS / 8),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_banyan_veb_entry = {
    .name = "banyan/veb-entry",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(mac, BanyanVebEntry, BANYAN_VEB_MAC_LEN),
        VMSTATE_UINT16(func, BanyanVebEntry),
        VMSTATE_END_OF_LIST()
    }
};

static void banyan_port_drop_saved(BanyanPort *port)
{
    g_clear_pointer(&port->veb_saved, g_free);
    port->veb_saved_count = 0;
}

static int banyan_port_pre_save(void *opaque)
{
    BanyanPort *port = opaque;

    banyan_port_drop_saved(port);
    port->veb_saved = g_new0(BanyanVebEntry, BNY_VEB_ENTRIES_MAX);
    port->veb_saved_count = banyan_veb_export(&port->veb, port->veb_saved);
    return 0;
}

static int banyan_port_pre_load(void *opaque)
{
    BanyanPort *port = opaque;

    banyan_port_drop_saved(port);
    port->veb_saved = g_new0(BanyanVebEntry, BNY_VEB_ENTRIES_MAX);
    return 0;
}

static bool banyan_port_veb_fits(void *opaque, int version_id)
{
    BanyanPort *port = opaque;

    return port->veb_saved_count <= BNY_VEB_ENTRIES_MAX;
}

static int banyan_port_post_load(void *opaque, int version_id)
{
    BanyanPort *port = opaque;
    bool valid = banyan_veb_import(&port->veb, port->veb_saved,
                                   port->veb_saved_count);

    banyan_port_drop_saved(port);
    if (!valid || port->mbx_sender >= port->funcs) {
        error_report("banyan: saved state of the VEB or the mailbox can't be");
        return -EINVAL;
    }
    return 0;
}

static const VMStateDescription vmstate_banyan_port = {
    .name = "banyan/controller",
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = banyan_port_pre_save,
    .pre_load = banyan_port_pre_load,
    .post_load = banyan_port_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(func_reset_event, BanyanPort,
                             BNY_REG_COUNT_FUNC_RESET_EVENT),
        VMSTATE_UINT32(mbx_sender, BanyanPort),
        VMSTATE_UINT32(veb_saved_count, BanyanPort),
        VMSTATE_VALIDATE("VEB entries fit", banyan_port_veb_fits),
        VMSTATE_STRUCT_VARRAY_POINTER_UINT32(veb_saved, BanyanPort,
                                             veb_saved_count,
                                             vmstate_banyan_veb_entry,
                                             BanyanVebEntry),
        VMSTATE_END_OF_LIST()
    }
};

/*
 * QEMU's core believes the NumVFs of a loaded configuration space, and would
 * enable functions that don't exist. So it sees no SR-IOV capability until
 * that was checked here. After a failure that stays so until the device goes.
 */
static int banyan_pre_load(void *opaque)
{
    BanyanState *s = opaque;

    s->parent_obj.exp.sriov_cap = 0;
    return 0;
}

static int banyan_sriov_post_load(void *opaque, int version_id)
{
    BanyanState *s = BANYAN(opaque);
    PCIDevice *pdev = PCI_DEVICE(s);

    pdev->exp.sriov_cap = s->sriov_cap;
    if (pcie_sriov_num_vfs(pdev) > s->vfs) {
        pdev->exp.sriov_cap = 0;
        error_report("banyan: saved state has %u VFs enabled; there are %u",
                     pci_get_word(pdev->config + s->sriov_cap +
                                  PCI_SRIOV_NUM_VF), s->vfs);
        return -EINVAL;
    }
    pcie_sriov_pf_post_load(pdev);
    return 0;
}

static const VMStateDescription vmstate_banyan_sriov = {
    .name = "banyan/sr-iov",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = banyan_sriov_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_END_OF_LIST()
    }
};

const VMStateDescription vmstate_banyan = {
    .name = TYPE_BANYAN,
    .version_id = 2,
    .minimum_version_id = 2,
    .priority = MIG_PRI_IOMMU, /* any above the VFs' one */
    .pre_load = banyan_pre_load,
    .fields = (const VMStateField[]) {
        /* first of all, so that a difference is told by its name */
        VMSTATE_UINT32_EQUAL(vfs, BanyanState),
        VMSTATE_UINT32_EQUAL(queue_pairs, BanyanState),
        VMSTATE_UINT32_EQUAL(vectors, BanyanState),
        VMSTATE_UINT32_EQUAL(vf_queue_pairs, BanyanState),
        VMSTATE_UINT32_EQUAL(vf_vectors, BanyanState),
        VMSTATE_PCI_DEVICE(parent_obj, BanyanState),
        /* enables the VFs, so before what their resets would change */
        VMSTATE_STRUCT(parent_obj, BanyanState, 1, vmstate_banyan_sriov,
                       PCIDevice),
        VMSTATE_MSIX(parent_obj, BanyanState),
        VMSTATE_STRUCT_POINTER(port, BanyanState, vmstate_banyan_port,
                               BanyanPort),
        VMSTATE_STRUCT(func, BanyanState, 1, vmstate_banyan_func, BanyanFunc),
        VMSTATE_END_OF_LIST()
    }
};

const VMStateDescription vmstate_banyan_vf = {
    .name = TYPE_BANYAN_VF,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_PCI_DEVICE(parent_obj, BanyanVFState),
        VMSTATE_MSIX(parent_obj, BanyanVFState),
        VMSTATE_STRUCT(func, BanyanVFState, 1, vmstate_banyan_func, BanyanFunc),
        VMSTATE_END_OF_LIST()
    }
};
