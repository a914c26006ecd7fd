/*
 * Banyan: policy, what the PF lets a function do (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_POLICY_H
#define HW_NET_BANYAN_POLICY_H

#include "frame.h"

/* banyan_policy_valid: may @f have it? */
bool banyan_policy_valid(const BanyanFunc *f, const BanyanPolicy *policy);

/*
 * banyan_policy_set: put it into force: the VEB follows, and the function
 * hears of its link
 */
void banyan_policy_set(BanyanFunc *f, const BanyanPolicy *policy);

/* banyan_vlans_valid: are these VLANs? */
bool banyan_vlans_valid(const uint8_t vlans[BNY_VLANS / 8]);

/* banyan_vlans_set: the VLANs that the function is in, all of them */
void banyan_vlans_set(BanyanFunc *f, const uint8_t vlans[BNY_VLANS / 8]);

/* banyan_policy_reset: of all functions, with any reset of the PF */
void banyan_policy_reset(BanyanPort *port);

/* banyan_policy_forget: what a reset by the PF's register leaves */
void banyan_policy_forget(BanyanPort *port);

/* banyan_policy_derive: it was loaded */
void banyan_policy_derive(BanyanFunc *f);

/*
 * banyan_policy_may_send: a frame from a source address, and into a VLAN, that
 * it has? If not, that is counted
 */
bool banyan_policy_may_send(BanyanFunc *f, const BanyanFrame *frame);

/* banyan_policy_push_tag: of its port VLAN, if it has one */
void banyan_policy_push_tag(const BanyanFunc *f, BanyanFrame *frame);

#endif /* HW_NET_BANYAN_POLICY_H */
