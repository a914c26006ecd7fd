/*
 * Banyan: policy, what the PF lets a function do (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "intr.h"
#include "policy.h"
#include "status.h"
#include "trace.h"

/* The PF's own address is a property of the device */
bool banyan_policy_valid(const BanyanFunc *f, const BanyanPolicy *policy)
{
    return !(policy->flags & ~BNY_POLICY_FLAGS) &&
           !is_multicast_ether_addr(policy->mac) &&
           (banyan_func_is_vf(f) ||
            !memcmp(policy->mac, f->policy.mac, sizeof(policy->mac)));
}

void banyan_policy_derive(BanyanFunc *f)
{
    banyan_veb_set_flags(&f->port->veb, f->index, f->policy.flags);
}

void banyan_policy_set(BanyanFunc *f, const BanyanPolicy *policy)
{
    uint32_t link = banyan_func_link(f);

    trace_bny_policy(f->index, policy->flags);
    f->policy = *policy;
    banyan_policy_derive(f);
    if (banyan_func_link(f) != link) {
        banyan_irq_raise(f, BNY_IRQ_LINK);
    }
}

void banyan_policy_reset(BanyanPort *port)
{
    for (unsigned i = 0; i < port->funcs; i++) {
        BanyanFunc *f = port->func[i];
        BanyanPolicy none = { };

        if (!f) {
            continue;
        }
        if (banyan_func_is_vf(f)) {
            banyan_policy_set(f, &none);
        } else {
            /* its own reset: there is nobody to hear of the link */
            f->policy.flags = 0;
        }
    }
    banyan_veb_reset(&port->veb);
}
