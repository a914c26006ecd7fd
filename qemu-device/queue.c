/*
 * Banyan: what transmit and receive rings have in common (datasheet,
 * section 4)
 *
 * While a burst lasts, a ring is open: its shadow doorbells and a window of
 * its completion ring are mapped. Outside of the bottom half every ring is
 * closed, so that stopping one needs no waiting.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/cutils.h"
#include "dma.h"
#include "error.h"
#include "line.h"
#include "queue.h"
#include "trace.h"

/* Completions that are mapped at once */
#define BANYAN_CQ_WINDOW 64

bool banyan_func_rings_enabled(const BanyanFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (banyan_ring_enabled(&f->qp[i].tx) ||
            banyan_ring_enabled(&f->qp[i].rx)) {
            return true;
        }
    }
    return false;
}

bool banyan_ring_config_valid(const BanyanQp *qp, const BanyanRing *r)
{
    return is_power_of_2(r->depth) && r->depth >= BNY_RING_DEPTH_MIN &&
           r->depth <= BNY_RING_DEPTH_MAX &&
           banyan_addr(r->base_lo, r->base_hi) && banyan_addr(r->cq_lo,
                                                              r->cq_hi) &&
           banyan_addr(r->shadow_lo, r->shadow_hi) &&
           !((r->base_lo | r->cq_lo) & (BNY_RING_ALIGN - 1)) &&
           !(r->shadow_lo & (BNY_SHADOW_ALIGN - 1)) &&
           qp->vector < qp->func->vectors;
}

/* TX_CTRL or RX_CTRL was written */
void banyan_ring_set_ctrl(BanyanQp *qp, BanyanRing *r, uint32_t val)
{
    bool rx = banyan_qp_is_rx(qp, r);

    if (val == r->ctrl) {
        return;
    }
    if (!(val & BNY_RING_ENABLE)) {
        trace_bny_ring_disable(qp->func->index, qp->index, rx);
        banyan_ring_reset(qp, r);
        return;
    }
    if (!banyan_ring_config_valid(qp, r)) {
        banyan_qp_fail(qp, rx, BNY_ERR_RING_CONFIG, 0);
        return;
    }
    trace_bny_ring_enable(qp->func->index, qp->index, rx, r->depth);
    banyan_ring_reset(qp, r);
    r->ctrl = val;
}

/* Stops the ring; its configuration stays */
void banyan_ring_reset(BanyanQp *qp, BanyanRing *r)
{
    r->ctrl = 0;
    r->cons = 0;
    r->cq_prod = 0;
    r->prod = 0;
    r->cq_cons = 0;
    if (banyan_qp_is_rx(qp, r)) {
        qp->rx_cached = 0;
    } else {
        qp->tx_mark = (BanyanMark) { };
        banyan_line_cancel(qp);
    }
}

/* Starts a burst. Returns false, with the error latched, if it can't */
bool banyan_ring_open(BanyanQp *qp, BanyanRing *r)
{
    r->shadow = banyan_dma_map_whole(qp->func, banyan_addr(r->shadow_lo,
                                                           r->shadow_hi),
                                     sizeof(*r->shadow),
                                     DMA_DIRECTION_FROM_DEVICE);
    if (!r->shadow) {
        banyan_qp_fail(qp, banyan_qp_is_rx(qp, r), BNY_ERR_DMA, r->cons);
        return false;
    }
    return true;
}

static void banyan_cq_unmap(BanyanQp *qp, BanyanRing *r)
{
    if (r->cq.ptr) {
        banyan_dma_unmap(qp->func, r->cq.ptr, r->cq.len,
                         DMA_DIRECTION_FROM_DEVICE,
                         r->cq.used * BNY_ENTRY_SIZE);
        r->cq.ptr = NULL;
    }
}

/* Ends a burst */
void banyan_ring_close(BanyanQp *qp, BanyanRing *r)
{
    banyan_cq_unmap(qp, r);
    banyan_dma_unmap(qp->func, r->shadow, sizeof(*r->shadow),
                     DMA_DIRECTION_FROM_DEVICE, sizeof(*r->shadow));
    r->shadow = NULL;
}

/* Looks at the producer index of an open ring. False: the error is latched */
bool banyan_ring_prod(BanyanQp *qp, BanyanRing *r)
{
    /* entries are read after the index that says they are there */
    uint16_t prod = le16_to_cpu(qatomic_load_acquire(&r->shadow->prod));

    if ((uint16_t)(prod - r->cons) > r->depth ||
        !buffer_is_zero(r->shadow->rsvd0, sizeof(r->shadow->rsvd0))) {
        banyan_qp_fail(qp, banyan_qp_is_rx(qp, r), BNY_ERR_DOORBELL, prod);
        return false;
    }
    r->prod = prod;
    return true;
}

/*
 * Asks for a doorbell at the next entry of an open ring. Returns true if it
 * isn't needed: the driver has produced more in the meantime.
 */
bool banyan_ring_wait(BanyanQp *qp, BanyanRing *r)
{
    uint16_t prod = r->prod;

    qatomic_set(&r->shadow->event, cpu_to_le16(prod));
    /* the driver stores prod, then loads event; here it is the reverse */
    smp_mb();
    return banyan_ring_prod(qp, r) && r->prod != prod;
}

/* Reads @n entries from @index on into @entries. False: error latched */
bool banyan_ring_read(BanyanQp *qp, BanyanRing *r, uint16_t index,
                      void *entries, unsigned n)
{
    uint64_t base = banyan_addr(r->base_lo, r->base_hi);
    unsigned first = index & (r->depth - 1);
    unsigned head = MIN(n, r->depth - first);
    uint8_t *tail = (uint8_t *)entries + head * BNY_ENTRY_SIZE;

    if (!banyan_dma_read(qp->func, base + first * BNY_ENTRY_SIZE, entries,
                         head * BNY_ENTRY_SIZE) ||
        (n > head && !banyan_dma_read(qp->func, base, tail,
                                      (n - head) * BNY_ENTRY_SIZE))) {
        banyan_qp_fail(qp, banyan_qp_is_rx(qp, r), BNY_ERR_DMA, index);
        return false;
    }
    return true;
}

static bool banyan_cq_cons(BanyanQp *qp, BanyanRing *r)
{
    uint64_t addr = banyan_addr(r->shadow_lo, r->shadow_hi) +
                    offsetof(struct bny_shadow, cq_cons);
    uint16_t cons;

    if (r->shadow) {
        cons = qatomic_read(&r->shadow->cq_cons);
    } else if (!banyan_dma_read(qp->func, addr, &cons, sizeof(cons))) {
        banyan_qp_fail(qp, banyan_qp_is_rx(qp, r), BNY_ERR_DMA, r->cons);
        return false;
    }
    r->cq_cons = le16_to_cpu(cons);
    return true;
}

/* Are there completions that the driver hasn't consumed? */
bool banyan_ring_unseen(BanyanQp *qp, BanyanRing *r)
{
    return banyan_ring_runs(qp, r) && banyan_cq_cons(qp, r) &&
           r->cq_cons != r->cq_prod;
}

/* Maps completions from cq_prod on */
static bool banyan_cq_map(BanyanQp *qp, BanyanRing *r)
{
    unsigned first = r->cq_prod & (r->depth - 1);
    unsigned n = MIN(BANYAN_CQ_WINDOW, r->depth - first);

    banyan_cq_unmap(qp, r);
    r->cq.len = n * BNY_ENTRY_SIZE;
    r->cq.ptr = banyan_dma_map(qp->func, banyan_addr(r->cq_lo, r->cq_hi) +
                               first * BNY_ENTRY_SIZE, &r->cq.len,
                               DMA_DIRECTION_FROM_DEVICE);
    if (r->cq.ptr && r->cq.len < BNY_ENTRY_SIZE) {
        banyan_dma_unmap(qp->func, r->cq.ptr, r->cq.len,
                         DMA_DIRECTION_FROM_DEVICE, 0);
        r->cq.ptr = NULL;
    }
    r->cq.used = 0;
    return r->cq.ptr != NULL;
}

void banyan_cqe_write(uint8_t *entry, const void *cqe, uint32_t flags,
                      uint16_t index, uint32_t depth)
{
    const size_t flags_off = offsetof(struct bny_rx_cqe, flags);

    QEMU_BUILD_BUG_ON(offsetof(struct bny_tx_cqe, flags) !=
                      offsetof(struct bny_rx_cqe, flags));
    QEMU_BUILD_BUG_ON(offsetof(struct bny_ctrl_cqe, flags) !=
                      offsetof(struct bny_rx_cqe, flags));

    if (!(index & depth)) {
        flags |= BNY_CQE_PHASE;
    }
    memcpy(entry, cqe, flags_off);
    /* the entry is whole before its phase says so */
    smp_wmb();
    qatomic_set((uint32_t *)(entry + flags_off), cpu_to_le32(flags));
}

/**
 * banyan_cq_put: write one completion of an open ring
 * @cqe: BNY_ENTRY_SIZE bytes; its flags are not looked at
 * @flags: without PHASE
 *
 * Returns false, with the error latched, if it can't be written.
 */
bool banyan_cq_put(BanyanQp *qp, BanyanRing *r, const void *cqe, uint32_t flags)
{
    bool rx = banyan_qp_is_rx(qp, r);

    if ((uint16_t)(r->cq_prod - r->cq_cons) >= r->depth) {
        banyan_cq_cons(qp, r);
        if ((uint16_t)(r->cq_prod - r->cq_cons) >= r->depth) {
            banyan_qp_fail(qp, rx, BNY_ERR_CQ_OVERRUN, r->cq_prod);
            return false;
        }
    }
    if (!r->cq.ptr || (r->cq.used + 1) * BNY_ENTRY_SIZE > r->cq.len) {
        if (!banyan_cq_map(qp, r)) {
            banyan_qp_fail(qp, rx, BNY_ERR_DMA, r->cq_prod);
            return false;
        }
    }
    banyan_cqe_write(r->cq.ptr + r->cq.used * BNY_ENTRY_SIZE, cqe, flags,
                     r->cq_prod, r->depth);
    r->cq.used++;
    r->cq_prod++;
    return true;
}
