/*
 * Banyan: resets (datasheet, section 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan.h"
#include "trace.h"

/* The PF is to learn that a VF was reset */
static void bny_reset_tell_pf(BnyFunc *f)
{
    BnyCtrl *ctrl = f->ctrl;

    ctrl->func_reset_event[f->index / 32] |= BIT(f->index % 32);
    bny_irq_raise(ctrl->func[BNY_FUNC_PF], BNY_IRQ_FUNC_RESET);
}

/*
 * What the PF had set is gone, for itself and for all VFs; their rings live
 * on without a link.
 */
static void bny_reset_policy(BnyCtrl *ctrl)
{
    for (unsigned i = 0; i < ctrl->funcs; i++) {
        BnyFunc *f = ctrl->func[i];

        if (!f) {
            continue;
        }
        if (!bny_func_is_vf(f)) {
            f->func_ctrl = 0;
            continue;
        }
        bny_func_set_ctrl(f, 0);
        f->func_mac_lo = 0;
        f->func_mac_hi = 0;
    }
    bny_veb_reset(&ctrl->veb);
    memset(ctrl->func_reset_event, 0, sizeof(ctrl->func_reset_event));
    ctrl->veb_mac_lo = 0;
    ctrl->veb_mac_hi = 0;
    ctrl->veb_result = BNY_VEB_NONE;
}

/* A reset of any kind: nothing touches the function's memory afterwards */
void bny_reset_func(BnyFunc *f)
{
    trace_bny_reset(f->index, f->generation + 1);
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        bny_ring_reset(&f->qp[i], &f->qp[i].tx);
        bny_ring_reset(&f->qp[i], &f->qp[i].rx);
        bny_intr_reset(&f->qp[i]);
    }
    if (!bny_func_is_vf(f)) {
        bny_reset_policy(f->ctrl);
    }
    if (!bny_fault(f->ctrl, KEEP_REGISTERS)) {
        bny_regs_reset(f);
    }
    bny_mbx_reset(f);
    f->error = BNY_ERR_NONE;
    f->error_info = 0;
    f->generation++;
    bny_count(f, BNY_CNT_RESETS);
    if (bny_func_is_vf(f) && f->pdev->enabled) {
        bny_reset_tell_pf(f);
    }
}
