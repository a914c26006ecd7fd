/*
 * Banyan: what transmit and receive rings have in common
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_QUEUE_H
#define HW_NET_BANYAN_QUEUE_H

#include "banyan.h"

static inline bool banyan_ring_enabled(const BanyanRing *r)
{
    return r->ctrl & BNY_RING_ENABLE;
}

static inline uint64_t banyan_addr(uint32_t lo, uint32_t hi)
{
    return (uint64_t)hi << 32 | lo;
}

static inline bool banyan_qp_is_rx(const BanyanQp *qp, const BanyanRing *r)
{
    return r == &qp->rx;
}

/*
 * May the device work for the function? Not if it doesn't exist: it may have
 * gone under way, or loaded state says so of a VF, and brings rings.
 */
static inline bool banyan_func_runs(const BanyanFunc *f)
{
    return !f->error && !f->asleep && f->live && f->pdev->enabled;
}

static inline bool banyan_ring_runs(const BanyanQp *qp, const BanyanRing *r)
{
    return banyan_ring_enabled(r) && banyan_func_runs(qp->func);
}

bool banyan_func_rings_enabled(const BanyanFunc *f);
bool banyan_ring_config_valid(const BanyanQp *qp, const BanyanRing *r);
void banyan_ring_set_ctrl(BanyanQp *qp, BanyanRing *r, uint32_t val);
void banyan_ring_reset(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_open(BanyanQp *qp, BanyanRing *r);
void banyan_ring_close(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_prod(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_wait(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_read(BanyanQp *qp, BanyanRing *r, uint16_t index,
                      void *entries, unsigned n);
bool banyan_ring_unseen(BanyanQp *qp, BanyanRing *r);
/**
 * banyan_cqe_write: write a completion, its phase last
 * @entry: where it belongs, mapped
 * @cqe: BNY_ENTRY_SIZE bytes; its flags are not looked at
 * @flags: without PHASE
 * @index: of the completion, in a ring of @depth
 */
void banyan_cqe_write(uint8_t *entry, const void *cqe, uint32_t flags,
                      uint16_t index, uint32_t depth);
bool banyan_cq_put(BanyanQp *qp, BanyanRing *r, const void *cqe,
                   uint32_t flags);

#endif /* HW_NET_BANYAN_QUEUE_H */
