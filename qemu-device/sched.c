/*
 * Banyan: whose turn it is to send (datasheet, section 4)
 *
 * Deficit round robin, at two levels: functions first, then the pairs of one.
 * Each gets the same quantum of work; what it does beyond it owes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "system/runstate.h"
#include "egress.h"
#include "line.h"
#include "port.h"
#include "rate.h"
#include "rx.h"
#include "sched.h"
#include "trace.h"
#include "tx.h"
#include "uplink.h"
#include "work.h"

/* Is it somebody's turn who has a debt to pay first? */
static bool banyan_sched_has_turn(int *credit)
{
    if (*credit <= 0) {
        *credit += BANYAN_WORK_QUANTUM;
    }
    return *credit > 0;
}

/* The pair whose turn it is among those of its function */
static BanyanQp *banyan_sched_pair(BanyanFunc *f)
{
    BanyanQp *qp = QTAILQ_FIRST(&f->tx_ready);

    while (!banyan_sched_has_turn(&qp->tx_credit)) {
        banyan_line_place(qp, BANYAN_TX_READY);
        qp = QTAILQ_FIRST(&f->tx_ready);
    }
    return qp;
}

/* How much it may do: who is alone may go on until the end of the go */
static unsigned banyan_sched_quantum(BanyanFunc *f, BanyanQp *qp)
{
    unsigned quantum = BANYAN_WORK_GO;

    if (QTAILQ_NEXT(qp, tx_next)) {
        quantum = qp->tx_credit;
    }
    if (QTAILQ_FIRST(&f->port->tx_line) != f || QTAILQ_NEXT(f, tx_next)) {
        quantum = MIN(quantum, f->tx_credit);
    }
    return quantum;
}

/* A burst of the function's. It may be gone when that is over */
static void banyan_sched_serve(BanyanFunc *f)
{
    BanyanQp *qp = banyan_sched_pair(f);
    BanyanPort *port = f->port;
    unsigned quantum = banyan_sched_quantum(f, qp);
    bool alone = quantum == BANYAN_WORK_GO;
    unsigned before = port->work;
    PCIDevice *pdev = f->pdev;
    BanyanTxState state;
    int spent;

    object_ref(pdev);
    port->work_limit = MIN(BANYAN_WORK_GO, before + quantum);
    state = banyan_tx_run(qp);
    spent = alone ? 0 : port->work - before;
    if (f->live) {
        f->tx_credit -= spent;
        qp->tx_credit -= spent;
        if (state != BANYAN_TX_READY || qp->tx_credit <= 0) {
            banyan_line_place(qp, state);
        }
        banyan_line_update(f);
        if (f->tx_waits && f->tx_credit <= 0) {
            banyan_line_to_end(f);
        }
    }
    object_unref(pdev);
}

/* Those that the wire has room for again */
static void banyan_sched_release(BanyanPort *port)
{
    for (unsigned i = 0; i < port->funcs; i++) {
        if (port->func[i] && banyan_egress_has_room(port->func[i])) {
            banyan_line_release(port->func[i]);
        }
    }
}

/*
 * Who is behind a guaranteed rate comes first, but doesn't get all: what is
 * guaranteed may be more than the device can do
 */
static BanyanFunc *banyan_sched_next(BanyanPort *port)
{
    BanyanFunc *f;

    if (port->guarantees && port->work < BANYAN_WORK_GUARANTEED) {
        QTAILQ_FOREACH(f, &port->tx_line, tx_next) {
            if (banyan_rate_is_behind(f)) {
                return f;
            }
        }
    }
    return QTAILQ_FIRST(&port->tx_line);
}

static void banyan_sched_work(BanyanPort *port)
{
    unsigned wire = port->wire_work;
    BanyanFunc *f;

    port->work = 0;
    port->wire_work = 0;
    port->work_limit = BANYAN_WORK_WIRE;
    banyan_egress_run(port);
    port->work_limit = port->work + BANYAN_WORK_WIRE;
    banyan_uplink_go_on(port);
    banyan_sched_release(port);
    while (port->work < BANYAN_WORK_GO && (f = banyan_sched_next(port))) {
        if (banyan_sched_has_turn(&f->tx_credit)) {
            banyan_sched_serve(f);
        } else {
            banyan_line_to_end(f);
        }
    }
    banyan_rx_commit(port);
    trace_bny_burst(wire, port->work);
}

static void banyan_sched_bh(void *opaque)
{
    BanyanPort *port = opaque;

    if (!runstate_is_running()) {
        return; /* it is scheduled anew when the machine goes on */
    }
    banyan_port_enter(port);
    banyan_sched_work(port);
    if (port->bh && (!QTAILQ_EMPTY(&port->tx_line) || port->wire_in ||
                     banyan_egress_wants(port))) {
        qemu_bh_schedule(port->bh);
    }
    banyan_port_leave(port);
    if (port->wire_waits && port->bh && !port->wire_in) {
        port->wire_waits = false;
        banyan_uplink_let_in(port);
    }
}

void banyan_sched_init(BanyanPort *port)
{
    QTAILQ_INIT(&port->tx_line);
    port->bh = qemu_bh_new_guarded(banyan_sched_bh, port,
                                   &port->owner->mem_reentrancy_guard);
}

void banyan_sched_exit(BanyanPort *port)
{
    g_clear_pointer(&port->bh, qemu_bh_delete);
}
