/*
 * Banyan: what a function says of itself, and what it may
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "egress.h"
#include "intr.h"
#include "status.h"

uint32_t banyan_func_status(const BanyanFunc *f)
{
    uint32_t val = BNY_STATUS_READY;

    if (f->error) {
        val |= BNY_STATUS_ERROR;
    }
    if (f->func_ctrl & BNY_FUNC_CTRL_ENABLE) {
        val |= BNY_STATUS_ENABLED;
    }
    return val;
}

uint32_t banyan_func_limits(const BanyanFunc *f)
{
    return FIELD_PREP(BNY_LIMITS_QUEUE_PAIRS, f->queue_pairs) |
           FIELD_PREP(BNY_LIMITS_VECTORS, f->vectors);
}

uint32_t banyan_func_link(const BanyanFunc *f)
{
    uint32_t val = FIELD_PREP(BNY_LINK_SPEED, BNY_LINK_SPEED_DEFAULT);

    if ((f->func_ctrl & BNY_FUNC_CTRL_ENABLE) && banyan_egress_is_up(f->port)) {
        val |= BNY_LINK_UP;
    }
    return val;
}

void banyan_func_set_ctrl(BanyanFunc *f, uint32_t val)
{
    uint32_t link = banyan_func_link(f);

    f->func_ctrl = val;
    banyan_veb_set_ctrl(&f->port->veb, f->index, val);
    if (banyan_func_link(f) != link) {
        banyan_irq_raise(f, BNY_IRQ_LINK);
    }
}
