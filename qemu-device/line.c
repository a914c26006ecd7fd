/*
 * Banyan: lines of those who want to send
 *
 * A function has two: of pairs that may have something to send, and of those
 * that wait for the wire. Functions with any in the first stand in the port's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "line.h"

void banyan_line_init(BanyanFunc *f)
{
    QTAILQ_INIT(&f->tx_ready);
    QTAILQ_INIT(&f->tx_held);
}

static BanyanQpLine *banyan_line_of(BanyanFunc *f, BanyanTxState state)
{
    return state == BANYAN_TX_READY ? &f->tx_ready : &f->tx_held;
}

void banyan_line_update(BanyanFunc *f)
{
    BanyanPort *port = f->port;

    bool waits = !QTAILQ_EMPTY(&f->tx_ready) && !f->tx_paused;

    if (f->tx_waits == waits) {
        return;
    }
    f->tx_waits = waits;
    if (f->tx_waits) {
        QTAILQ_INSERT_TAIL(&port->tx_line, f, tx_next);
    } else {
        QTAILQ_REMOVE(&port->tx_line, f, tx_next);
        /* what it hasn't used is gone; what it owes stays */
        f->tx_credit = MIN(f->tx_credit, 0);
    }
}

void banyan_line_pause(BanyanFunc *f)
{
    f->tx_paused = true;
}

void banyan_line_resume(BanyanFunc *f)
{
    f->tx_paused = false;
    banyan_line_update(f);
    if (f->port->bh) {
        qemu_bh_schedule(f->port->bh);
    }
}

void banyan_line_to_end(BanyanFunc *f)
{
    QTAILQ_REMOVE(&f->port->tx_line, f, tx_next);
    QTAILQ_INSERT_TAIL(&f->port->tx_line, f, tx_next);
}

static void banyan_line_leave(BanyanQp *qp)
{
    if (qp->tx_state != BANYAN_TX_IDLE) {
        QTAILQ_REMOVE(banyan_line_of(qp->func, qp->tx_state), qp, tx_next);
        qp->tx_state = BANYAN_TX_IDLE;
    }
}

void banyan_line_place(BanyanQp *qp, BanyanTxState state)
{
    banyan_line_leave(qp);
    if (state == BANYAN_TX_IDLE) {
        qp->tx_credit = MIN(qp->tx_credit, 0);
    } else {
        QTAILQ_INSERT_TAIL(banyan_line_of(qp->func, state), qp, tx_next);
        qp->tx_state = state;
    }
}

void banyan_line_kick(BanyanQp *qp)
{
    if (qp->tx_state == BANYAN_TX_IDLE) {
        banyan_line_place(qp, BANYAN_TX_READY);
        banyan_line_update(qp->func);
        qemu_bh_schedule(qp->func->port->bh);
    }
}

void banyan_line_cancel(BanyanQp *qp)
{
    banyan_line_place(qp, BANYAN_TX_IDLE);
    banyan_line_update(qp->func);
}

void banyan_line_release(BanyanFunc *f)
{
    BanyanQp *qp = QTAILQ_FIRST(&f->tx_held);

    if (qp) {
        banyan_line_leave(qp);
        QTAILQ_INSERT_HEAD(&f->tx_ready, qp, tx_next);
        qp->tx_state = BANYAN_TX_READY;
        banyan_line_update(f);
    }
}
