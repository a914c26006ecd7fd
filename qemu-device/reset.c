/*
 * Banyan: resets (datasheet, section 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "control.h"
#include "counters.h"
#include "egress.h"
#include "fault.h"
#include "intr.h"
#include "mailbox.h"
#include "moderation.h"
#include "policy.h"
#include "queue.h"
#include "regfile.h"
#include "reset.h"
#include "trace.h"

/* The PF is to learn that a VF was reset */
static void banyan_reset_tell_pf(BanyanFunc *f)
{
    BanyanPort *port = f->port;

    port->func_reset_event[f->index / 32] |= BIT(f->index % 32);
    if (port->func[BNY_FUNC_PF]) {
        banyan_irq_raise(port->func[BNY_FUNC_PF], BNY_IRQ_FUNC_RESET);
    }
}

/* A reset of any kind: nothing touches the function's memory afterwards */
void banyan_reset_func(BanyanFunc *f)
{
    trace_bny_reset(f->index, f->generation + 1);
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        banyan_ring_reset(&f->qp[i], &f->qp[i].tx);
        banyan_ring_reset(&f->qp[i], &f->qp[i].rx);
        banyan_qp_intr_reset(&f->qp[i]);
    }
    banyan_control_reset(f);
    banyan_egress_drop(f);
    banyan_intr_reset(f);
    if (!banyan_func_is_vf(f)) {
        banyan_egress_drop_all(f->port);
        /* their rings live on without a link */
        banyan_policy_reset(f->port);
        memset(f->port->func_reset_event, 0, sizeof(f->port->func_reset_event));
    }
    if (!banyan_fault(f->port, KEEP_REGISTERS)) {
        banyan_regs_reset(f);
    }
    banyan_mbx_reset(f);
    f->error = BNY_ERR_NONE;
    f->error_info = 0;
    f->generation++;
    banyan_count(f, BNY_CNT_RESETS);
    if (banyan_func_is_vf(f) && f->pdev->enabled) {
        banyan_reset_tell_pf(f);
    }
}
