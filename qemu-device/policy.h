/*
 * Banyan: policy, what the PF lets a function do (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_POLICY_H
#define HW_NET_BANYAN_POLICY_H

#include "banyan.h"

/* banyan_policy_valid: may @f have it? */
bool banyan_policy_valid(const BanyanFunc *f, const BanyanPolicy *policy);

/*
 * banyan_policy_set: put it into force: the VEB follows, and the function
 * hears of its link
 */
void banyan_policy_set(BanyanFunc *f, const BanyanPolicy *policy);

/* banyan_policy_reset: of all functions, with the PF's reset */
void banyan_policy_reset(BanyanPort *port);

/* banyan_policy_derive: it was loaded */
void banyan_policy_derive(BanyanFunc *f);

#endif /* HW_NET_BANYAN_POLICY_H */
