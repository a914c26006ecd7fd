/*
 * Banyan: whose turn it is to send (datasheet, section 4)
 *
 * Queue pairs that may have something to send stand in one line, whichever
 * function they belong to. The bottom half serves them in turn until it has
 * done its share of work. Those that have to wait for the uplink stand in a
 * line of their own. When it takes packets again, that line's first is served
 * before all others, and has to go to its end if it wants more: so all who
 * send to the uplink share it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "system/runstate.h"
#include "banyan.h"
#include "trace.h"

/* Work in one go, before others than this device have their turn */
#define BNY_WORK_FRAMES   256
#define BNY_WORK_BYTES    (1024 * 1024)

bool bny_sched_may_go_on(const BnyCtrl *ctrl)
{
    return ctrl->work_frames < BNY_WORK_FRAMES &&
           ctrl->work_bytes < BNY_WORK_BYTES;
}

static BnyQpLine *bny_sched_line(BnyCtrl *ctrl, BnyTxState state)
{
    return state == BNY_TX_READY ? &ctrl->tx_ready : &ctrl->tx_held;
}

static void bny_sched_leave(BnyQp *qp)
{
    if (qp->tx_state != BNY_TX_IDLE) {
        QTAILQ_REMOVE(bny_sched_line(qp->func->ctrl, qp->tx_state), qp,
                      tx_next);
        qp->tx_state = BNY_TX_IDLE;
    }
}

static void bny_sched_enter(BnyQp *qp, BnyTxState state)
{
    bny_sched_leave(qp);
    if (state != BNY_TX_IDLE) {
        QTAILQ_INSERT_TAIL(bny_sched_line(qp->func->ctrl, state), qp, tx_next);
        qp->tx_state = state;
    }
}

/* There may be something to send. Who waits for the uplink goes on waiting */
void bny_sched_kick(BnyQp *qp)
{
    if (qp->tx_state == BNY_TX_IDLE) {
        bny_sched_enter(qp, BNY_TX_READY);
        qemu_bh_schedule(qp->func->ctrl->bh);
    }
}

/* There is nothing to send any more */
void bny_sched_cancel(BnyQp *qp)
{
    bny_sched_leave(qp);
}

/* The uplink takes packets again, or the machine runs again */
void bny_sched_resume(BnyCtrl *ctrl)
{
    qemu_bh_schedule(ctrl->bh);
}

static BnyQp *bny_sched_next(const BnyCtrl *ctrl)
{
    if (!ctrl->uplink_queued && !QTAILQ_EMPTY(&ctrl->tx_held)) {
        return QTAILQ_FIRST(&ctrl->tx_held);
    }
    return QTAILQ_FIRST(&ctrl->tx_ready);
}

static void bny_sched_bh(void *opaque)
{
    BnyCtrl *ctrl = opaque;
    BnyQp *qp;

    if (!runstate_is_running()) {
        return; /* bny_sched_resume() comes back to it */
    }
    ctrl->bursts++;
    ctrl->work_frames = 0;
    ctrl->work_bytes = 0;
    while (bny_sched_may_go_on(ctrl) && (qp = bny_sched_next(ctrl))) {
        bny_sched_leave(qp);
        bny_sched_enter(qp, bny_tx_run(qp));
    }
    ctrl->bursts--;
    trace_bny_burst(ctrl->work_frames, ctrl->work_bytes);
    if (bny_sched_next(ctrl)) {
        qemu_bh_schedule(ctrl->bh);
    }
}

void bny_sched_init(BnyCtrl *ctrl, DeviceState *dev)
{
    QTAILQ_INIT(&ctrl->tx_ready);
    QTAILQ_INIT(&ctrl->tx_held);
    ctrl->bh = qemu_bh_new_guarded(bny_sched_bh, ctrl,
                                   &dev->mem_reentrancy_guard);
}

void bny_sched_exit(BnyCtrl *ctrl)
{
    g_clear_pointer(&ctrl->bh, qemu_bh_delete);
}
