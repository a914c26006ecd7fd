/*
 * Banyan: interrupts of queue pairs, and their moderation (datasheet,
 * section 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "fault.h"
#include "intr.h"
#include "moderation.h"
#include "queue.h"

static void banyan_qp_intr_send(BanyanQp *qp)
{
    timer_del(&qp->timer);
    qp->armed = false;
    qp->unsignalled = 0;
    if (!banyan_fault(qp->func->port, LOSE_INTERRUPTS)) {
        banyan_intr_notify(qp->func, qp->vector);
    }
}

static bool banyan_qp_intr_unseen(BanyanQp *qp)
{
    return banyan_ring_unseen(qp, &qp->rx) || banyan_ring_unseen(qp, &qp->tx);
}

/*
 * Completions of an armed pair are unseen: now, or later by moderation? Its
 * limits may have changed since the timer was set.
 */
static void banyan_qp_intr_signal(BanyanQp *qp)
{
    uint32_t usecs = FIELD_GET(BNY_MODERATION_USECS, qp->moderation);
    uint32_t frames = FIELD_GET(BNY_MODERATION_FRAMES, qp->moderation);
    int64_t end = qp->first_ns + usecs * SCALE_US;

    if (!usecs || (frames && qp->unsignalled >= frames) ||
        qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) >= end) {
        banyan_qp_intr_send(qp);
    } else if (!timer_pending(&qp->timer) ||
               timer_expire_time_ns(&qp->timer) != end) {
        timer_mod_ns(&qp->timer, end);
    }
}

static void banyan_qp_intr_check(BanyanQp *qp)
{
    if (qp->armed && banyan_qp_intr_unseen(qp)) {
        banyan_qp_intr_signal(qp);
    }
}

static void banyan_qp_intr_timer(void *opaque)
{
    banyan_qp_intr_check(opaque);
}

/* QP_MODERATION was written: what it delays may be due */
void banyan_qp_intr_set_moderation(BanyanQp *qp, uint32_t val)
{
    if (!qp->moderation) {
        qp->first_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
    qp->moderation = val;
    banyan_qp_intr_check(qp);
}

/* DB_ARM was written */
void banyan_qp_intr_arm(BanyanQp *qp, bool on)
{
    if (qp->func->error) {
        return;
    }
    qp->armed = on;
    if (!on) {
        timer_del(&qp->timer);
        return;
    }
    if (banyan_qp_intr_unseen(qp)) {
        banyan_qp_intr_signal(qp);
    } else {
        qp->unsignalled = 0;
    }
}

/* @packets have just got their completions */
void banyan_qp_intr_completed(BanyanQp *qp, unsigned packets)
{
    if (!packets) {
        return;
    }
    if (!qp->unsignalled && qp->moderation) {
        qp->first_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
    qp->unsignalled += packets;
    banyan_qp_intr_check(qp);
}

void banyan_qp_intr_resume(BanyanQp *qp)
{
    qp->first_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    banyan_qp_intr_check(qp);
}

void banyan_qp_intr_init(BanyanQp *qp)
{
    timer_init_ns(&qp->timer, QEMU_CLOCK_VIRTUAL, banyan_qp_intr_timer, qp);
}

void banyan_qp_intr_exit(BanyanQp *qp)
{
    timer_del(&qp->timer);
}

void banyan_qp_intr_reset(BanyanQp *qp)
{
    timer_del(&qp->timer);
    qp->armed = false;
    qp->unsignalled = 0;
}
