/*
 * Banyan: saved state
 *
 * What the guest can see is saved; the rest is computed anew, lazily: loading
 * touches no guest memory, bny_func_resume() does when the machine runs.
 *
 * The PF's section comes before its VFs' ones: loading its SR-IOV capability
 * enables the VFs, which resets them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "hw/pci/msix.h"
#include "migration/vmstate.h"
#include "banyan.h"

static const VMStateDescription vmstate_bny_ring = {
    .name = "banyan/ring",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(ctrl, BnyRing),
        VMSTATE_UINT32(depth, BnyRing),
        VMSTATE_UINT32(base_lo, BnyRing),
        VMSTATE_UINT32(base_hi, BnyRing),
        VMSTATE_UINT32(cq_lo, BnyRing),
        VMSTATE_UINT32(cq_hi, BnyRing),
        VMSTATE_UINT32(shadow_lo, BnyRing),
        VMSTATE_UINT32(shadow_hi, BnyRing),
        VMSTATE_UINT16(cons, BnyRing),
        VMSTATE_UINT16(cq_prod, BnyRing),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_bny_qp = {
    .name = "banyan/queue-pair",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(armed, BnyQp),
        VMSTATE_UINT32(vector, BnyQp),
        VMSTATE_UINT32(moderation, BnyQp),
        VMSTATE_STRUCT(tx, BnyQp, 1, vmstate_bny_ring, BnyRing),
        VMSTATE_STRUCT(rx, BnyQp, 1, vmstate_bny_ring, BnyRing),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_bny_mbx_queue = {
    .name = "banyan/mailbox",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(ticket, BnyMbxQueue),
        VMSTATE_UINT32(head, BnyMbxQueue),
        VMSTATE_UINT32(count, BnyMbxQueue),
        VMSTATE_UINT32_ARRAY(len, BnyMbxQueue, BNY_MBX_QUEUE_DEPTH),
        VMSTATE_UINT8_2DARRAY(data, BnyMbxQueue, BNY_MBX_QUEUE_DEPTH,
                              BNY_MBX_MSG_LEN_MAX),
        VMSTATE_END_OF_LIST()
    }
};

static bool bny_ring_loaded_valid(const BnyQp *qp, const BnyRing *r)
{
    return !(r->ctrl & ~BNY_RING_ENABLE) &&
           (!bny_ring_enabled(r) || bny_ring_config_valid(qp, r));
}

static bool bny_func_loaded_valid(const BnyFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (!bny_ring_loaded_valid(&f->qp[i], &f->qp[i].tx) ||
            !bny_ring_loaded_valid(&f->qp[i], &f->qp[i].rx)) {
            return false;
        }
    }
    for (unsigned i = 0; i < BNY_RSS_TABLE_LEN; i++) {
        if (extract32(f->rss_table[i / 4], i % 4 * 8, 8) >= f->queue_pairs) {
            return false;
        }
    }
    for (unsigned i = 0; i < BNY_REG_COUNT_FEATURES; i++) {
        if (!bny_features_valid(i, f->features[i])) {
            return false;
        }
    }
    return bny_mbx_valid(f);
}

static void bny_ring_derive(BnyQp *qp, BnyRing *r)
{
    if (bny_fault(qp->func->ctrl, DROP_STATE)) {
        r->cons = 0;
        r->cq_prod = 0;
    }
    r->prod = r->cons;
    r->cq_cons = r->cq_prod;
}

static int bny_func_post_load(void *opaque, int version_id)
{
    BnyFunc *f = opaque;

    if (!bny_func_loaded_valid(f)) {
        error_report("banyan: saved state of function %u can't be", f->index);
        return -EINVAL;
    }
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        BnyQp *qp = &f->qp[i];

        bny_ring_derive(qp, &qp->tx);
        bny_ring_derive(qp, &qp->rx);
        qp->rx_cached = 0;
        qp->unsignalled = 0;
        bny_sched_cancel(qp);
    }
    bny_func_update_power(f);
    bny_veb_set_ctrl(&f->ctrl->veb, f->index, f->func_ctrl);
    bny_rss_update_key(f);
    return 0;
}

static const VMStateDescription vmstate_bny_func = {
    .name = "banyan/function",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = bny_func_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_VARRAY_POINTER_UINT16(qp, BnyFunc, queue_pairs,
                                             vmstate_bny_qp, BnyQp),
        VMSTATE_UINT32_ARRAY(features, BnyFunc, BNY_REG_COUNT_FEATURES),
        VMSTATE_UINT32(max_frame, BnyFunc),
        VMSTATE_UINT32(generation, BnyFunc),
        VMSTATE_UINT32(error, BnyFunc),
        VMSTATE_UINT32(error_info, BnyFunc),
        VMSTATE_UINT32(irq_cause, BnyFunc),
        VMSTATE_UINT32(irq_enable, BnyFunc),
        VMSTATE_UINT32(rss_ctrl, BnyFunc),
        VMSTATE_UINT32_ARRAY(rss_key, BnyFunc, BNY_REG_COUNT_RSS_KEY),
        VMSTATE_UINT32_ARRAY(rss_table, BnyFunc, BNY_REG_COUNT_RSS_TABLE),
        VMSTATE_UINT64_ARRAY(counter, BnyFunc, BNY_CNT_COUNT),
        VMSTATE_UINT32(mbx_tx_status, BnyFunc),
        VMSTATE_UINT32_ARRAY(mbx_tx_data, BnyFunc, BNY_REG_COUNT_MBX_TX_DATA),
        VMSTATE_STRUCT(mbx_to_pf, BnyFunc, 1, vmstate_bny_mbx_queue,
                       BnyMbxQueue),
        VMSTATE_STRUCT(mbx_from_pf, BnyFunc, 1, vmstate_bny_mbx_queue,
                       BnyMbxQueue),
        VMSTATE_UINT32(func_ctrl, BnyFunc),
        VMSTATE_UINT32(func_mac_lo, BnyFunc),
        VMSTATE_UINT32(func_mac_hi, BnyFunc),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_bny_veb_entry = {
    .name = "banyan/veb-entry",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(mac, BnyVebEntry, BNY_VEB_MAC_LEN),
        VMSTATE_UINT16(func, BnyVebEntry),
        VMSTATE_END_OF_LIST()
    }
};

static void bny_ctrl_drop_saved(BnyCtrl *ctrl)
{
    g_clear_pointer(&ctrl->veb_saved, g_free);
    ctrl->veb_saved_count = 0;
}

static int bny_ctrl_pre_save(void *opaque)
{
    BnyCtrl *ctrl = opaque;

    bny_ctrl_drop_saved(ctrl);
    ctrl->veb_saved = g_new0(BnyVebEntry, BNY_VEB_ENTRIES_MAX);
    ctrl->veb_saved_count = bny_veb_export(&ctrl->veb, ctrl->veb_saved);
    return 0;
}

static int bny_ctrl_pre_load(void *opaque)
{
    BnyCtrl *ctrl = opaque;

    bny_ctrl_drop_saved(ctrl);
    ctrl->veb_saved = g_new0(BnyVebEntry, BNY_VEB_ENTRIES_MAX);
    return 0;
}

static bool bny_ctrl_veb_fits(void *opaque, int version_id)
{
    BnyCtrl *ctrl = opaque;

    return ctrl->veb_saved_count <= BNY_VEB_ENTRIES_MAX;
}

static int bny_ctrl_post_load(void *opaque, int version_id)
{
    BnyCtrl *ctrl = opaque;
    bool valid = bny_veb_import(&ctrl->veb, ctrl->veb_saved,
                                ctrl->veb_saved_count);

    bny_ctrl_drop_saved(ctrl);
    if (!valid || ctrl->mbx_sender >= ctrl->funcs) {
        error_report("banyan: saved state of the VEB or the mailbox can't be");
        return -EINVAL;
    }
    return 0;
}

static const VMStateDescription vmstate_bny_ctrl = {
    .name = "banyan/controller",
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = bny_ctrl_pre_save,
    .pre_load = bny_ctrl_pre_load,
    .post_load = bny_ctrl_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(func_reset_event, BnyCtrl,
                             BNY_REG_COUNT_FUNC_RESET_EVENT),
        VMSTATE_UINT32(veb_mac_lo, BnyCtrl),
        VMSTATE_UINT32(veb_mac_hi, BnyCtrl),
        VMSTATE_UINT32(veb_result, BnyCtrl),
        VMSTATE_UINT32(mbx_sender, BnyCtrl),
        VMSTATE_UINT32(veb_saved_count, BnyCtrl),
        VMSTATE_VALIDATE("VEB entries fit", bny_ctrl_veb_fits),
        VMSTATE_STRUCT_VARRAY_POINTER_UINT32(veb_saved, BnyCtrl,
                                             veb_saved_count,
                                             vmstate_bny_veb_entry,
                                             BnyVebEntry),
        VMSTATE_END_OF_LIST()
    }
};

const VMStateDescription vmstate_banyan = {
    .name = TYPE_BANYAN,
    .version_id = 1,
    .minimum_version_id = 1,
    .priority = MIG_PRI_IOMMU, /* any above the VFs' one */
    .fields = (const VMStateField[]) {
        /* first of all, so that a difference is told by its name */
        VMSTATE_UINT32_EQUAL(vfs, BanyanState),
        VMSTATE_UINT32_EQUAL(queue_pairs, BanyanState),
        VMSTATE_UINT32_EQUAL(vectors, BanyanState),
        VMSTATE_UINT32_EQUAL(vf_queue_pairs, BanyanState),
        VMSTATE_UINT32_EQUAL(vf_vectors, BanyanState),
        VMSTATE_PCI_DEVICE(parent_obj, BanyanState),
        VMSTATE_MSIX(parent_obj, BanyanState),
        VMSTATE_STRUCT(ctrl, BanyanState, 1, vmstate_bny_ctrl, BnyCtrl),
        VMSTATE_STRUCT(func, BanyanState, 1, vmstate_bny_func, BnyFunc),
        VMSTATE_END_OF_LIST()
    }
};

const VMStateDescription vmstate_banyan_vf = {
    .name = TYPE_BANYAN_VF,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_PCI_DEVICE(parent_obj, BanyanVFState),
        VMSTATE_MSIX(parent_obj, BanyanVFState),
        VMSTATE_STRUCT(func, BanyanVFState, 1, vmstate_bny_func, BnyFunc),
        VMSTATE_END_OF_LIST()
    }
};
