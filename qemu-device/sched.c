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
#include "port.h"
#include "sched.h"
#include "trace.h"
#include "tx.h"
#include "uplink.h"

/* Work in one go, before others than this device have their turn */
#define BANYAN_WORK_FRAMES   256
#define BANYAN_WORK_BYTES    (1024 * 1024)

bool banyan_sched_may_go_on(const BanyanPort *port)
{
    return port->work_frames < BANYAN_WORK_FRAMES &&
           port->work_bytes < BANYAN_WORK_BYTES;
}

static BanyanQpLine *banyan_sched_line(BanyanPort *port, BanyanTxState state)
{
    return state == BANYAN_TX_READY ? &port->tx_ready : &port->tx_held;
}

static void banyan_sched_leave(BanyanQp *qp)
{
    if (qp->tx_state != BANYAN_TX_IDLE) {
        QTAILQ_REMOVE(banyan_sched_line(qp->func->port, qp->tx_state), qp,
                      tx_next);
        qp->tx_state = BANYAN_TX_IDLE;
    }
}

static void banyan_sched_enter(BanyanQp *qp, BanyanTxState state)
{
    banyan_sched_leave(qp);
    if (state != BANYAN_TX_IDLE) {
        QTAILQ_INSERT_TAIL(banyan_sched_line(qp->func->port, state), qp,
                           tx_next);
        qp->tx_state = state;
    }
}

/* There may be something to send. Who waits for the uplink goes on waiting */
void banyan_sched_kick(BanyanQp *qp)
{
    if (qp->tx_state == BANYAN_TX_IDLE) {
        banyan_sched_enter(qp, BANYAN_TX_READY);
        qemu_bh_schedule(qp->func->port->bh);
    }
}

/* There is nothing to send any more */
void banyan_sched_cancel(BanyanQp *qp)
{
    banyan_sched_leave(qp);
}

/* The uplink takes packets again, or the machine runs again */
void banyan_sched_resume(BanyanPort *port)
{
    qemu_bh_schedule(port->bh);
}

static BanyanQp *banyan_sched_next(const BanyanPort *port)
{
    if (!port->uplink_queued && !QTAILQ_EMPTY(&port->tx_held)) {
        return QTAILQ_FIRST(&port->tx_held);
    }
    return QTAILQ_FIRST(&port->tx_ready);
}

/* A pair's burst. Its function may be gone when that is over */
static void banyan_sched_serve(BanyanQp *qp)
{
    PCIDevice *pdev = qp->func->pdev;
    BanyanTxState state;

    object_ref(pdev);
    banyan_sched_leave(qp);
    state = banyan_tx_run(qp);
    banyan_sched_enter(qp, qp->func->live ? state : BANYAN_TX_IDLE);
    object_unref(pdev);
}

static void banyan_sched_bh(void *opaque)
{
    BanyanPort *port = opaque;
    BanyanQp *qp;

    if (!runstate_is_running()) {
        return; /* banyan_sched_resume() comes back to it */
    }
    banyan_port_enter(port);
    port->work_frames = 0;
    port->work_bytes = 0;
    while (banyan_sched_may_go_on(port) && (qp = banyan_sched_next(port))) {
        banyan_sched_serve(qp);
    }
    trace_bny_burst(port->work_frames, port->work_bytes);
    if (port->bh && banyan_sched_next(port)) {
        qemu_bh_schedule(port->bh);
    }
    banyan_port_leave(port);
    if (port->wire_waits && port->bh) {
        port->wire_waits = false;
        banyan_uplink_let_in(port);
    }
}

void banyan_sched_init(BanyanPort *port)
{
    QTAILQ_INIT(&port->tx_ready);
    QTAILQ_INIT(&port->tx_held);
    port->bh = qemu_bh_new_guarded(banyan_sched_bh, port,
                                   &port->owner->mem_reentrancy_guard);
}

void banyan_sched_exit(BanyanPort *port)
{
    g_clear_pointer(&port->bh, qemu_bh_delete);
}
