/*
 * Banyan: what a function says of itself
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "egress.h"
#include "status.h"

uint32_t banyan_func_status(const BanyanFunc *f)
{
    uint32_t val = BNY_STATUS_READY;

    if (f->error) {
        val |= BNY_STATUS_ERROR;
    }
    if (f->policy.flags & BNY_POLICY_ENABLE) {
        val |= BNY_STATUS_ENABLED;
    }
    return val;
}

uint32_t banyan_func_limits(const BanyanFunc *f)
{
    return FIELD_PREP(BNY_LIMITS_QUEUE_PAIRS, f->queue_pairs) |
           FIELD_PREP(BNY_LIMITS_VECTORS, f->vectors);
}

static bool banyan_func_link_up(const BanyanFunc *f)
{
    if (!banyan_veb_enabled(&f->port->veb, f->index)) {
        return false;
    }
    return f->policy.link == BNY_POLICY_LINK_UP || banyan_egress_is_up(f->port);
}

uint32_t banyan_func_link(const BanyanFunc *f)
{
    uint32_t val = FIELD_PREP(BNY_LINK_SPEED, BNY_LINK_SPEED_DEFAULT);

    if (banyan_func_link_up(f)) {
        val |= BNY_LINK_UP;
    }
    return val;
}
