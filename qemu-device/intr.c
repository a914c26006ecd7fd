/*
 * Banyan: interrupts (datasheet, section 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/pci/msix.h"
#include "banyan.h"
#include "trace.h"

static void bny_intr_notify(BnyFunc *f, unsigned vector)
{
    trace_bny_intr(f->index, vector);
    if (!msix_is_masked(f->pdev, vector)) {
        bny_count(f, BNY_CNT_INTERRUPTS);
    }
    msix_notify(f->pdev, vector);
}

/* The message goes out when the enabled causes turn from none to some */
static void bny_irq_update(BnyFunc *f, uint32_t before)
{
    if (before || !(f->irq_cause & f->irq_enable) || f->asleep) {
        return;
    }
    if (!bny_fault(f->ctrl, LOSE_ADMIN_INTERRUPTS)) {
        bny_intr_notify(f, BNY_ADMIN_VECTOR);
    }
}

void bny_irq_raise(BnyFunc *f, uint32_t causes)
{
    uint32_t before = f->irq_cause & f->irq_enable;

    trace_bny_irq_raise(f->index, causes, f->irq_cause, f->irq_enable);
    f->irq_cause |= causes;
    bny_irq_update(f, before);
}

void bny_irq_clear(BnyFunc *f, uint32_t causes)
{
    f->irq_cause &= ~causes;
}

void bny_irq_set_enable(BnyFunc *f, uint32_t causes)
{
    uint32_t before = f->irq_cause & f->irq_enable;

    f->irq_enable = causes;
    bny_irq_update(f, before);
}

static void bny_intr_send(BnyQp *qp)
{
    timer_del(&qp->timer);
    qp->armed = false;
    qp->unsignalled = 0;
    if (!bny_fault(qp->func->ctrl, LOSE_INTERRUPTS)) {
        bny_intr_notify(qp->func, qp->vector);
    }
}

static bool bny_intr_unseen(BnyQp *qp)
{
    return bny_ring_unseen(qp, &qp->rx) || bny_ring_unseen(qp, &qp->tx);
}

/*
 * Completions of an armed pair are unseen: now, or later by moderation? Its
 * limits may have changed since the timer was set.
 */
static void bny_intr_signal(BnyQp *qp)
{
    uint32_t usecs = FIELD_GET(BNY_MODERATION_USECS, qp->moderation);
    uint32_t frames = FIELD_GET(BNY_MODERATION_FRAMES, qp->moderation);
    int64_t end = qp->first_ns + usecs * SCALE_US;

    if (!usecs || (frames && qp->unsignalled >= frames) ||
        qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) >= end) {
        bny_intr_send(qp);
    } else if (!timer_pending(&qp->timer) ||
               timer_expire_time_ns(&qp->timer) != end) {
        timer_mod_ns(&qp->timer, end);
    }
}

static void bny_intr_check(BnyQp *qp)
{
    if (qp->armed && !qp->func->error && bny_intr_unseen(qp)) {
        bny_intr_signal(qp);
    }
}

static void bny_intr_timer(void *opaque)
{
    bny_intr_check(opaque);
}

/* QP_MODERATION was written: what it delays may be due */
void bny_intr_set_moderation(BnyQp *qp, uint32_t val)
{
    if (!qp->moderation) {
        qp->first_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
    qp->moderation = val;
    bny_intr_check(qp);
}

/* DB_ARM was written */
void bny_intr_arm(BnyQp *qp, bool on)
{
    if (qp->func->error) {
        return;
    }
    qp->armed = on;
    if (!on) {
        timer_del(&qp->timer);
        return;
    }
    if (bny_intr_unseen(qp)) {
        bny_intr_signal(qp);
    } else {
        qp->unsignalled = 0;
    }
}

/* @packets have just got their completions */
void bny_intr_completed(BnyQp *qp, unsigned packets)
{
    if (!packets) {
        return;
    }
    if (!qp->unsignalled && qp->moderation) {
        qp->first_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
    qp->unsignalled += packets;
    bny_intr_check(qp);
}

void bny_intr_resume(BnyQp *qp)
{
    qp->first_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    bny_intr_check(qp);
}

void bny_intr_init(BnyQp *qp)
{
    timer_init_ns(&qp->timer, QEMU_CLOCK_VIRTUAL, bny_intr_timer, qp);
}

void bny_intr_exit(BnyQp *qp)
{
    timer_del(&qp->timer);
}

void bny_intr_reset(BnyQp *qp)
{
    timer_del(&qp->timer);
    qp->armed = false;
    qp->unsignalled = 0;
}
