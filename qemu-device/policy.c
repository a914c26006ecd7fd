/*
 * Banyan: policy, what the PF lets a function do (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "counters.h"
#include "intr.h"
#include "policy.h"
#include "rate.h"
#include "status.h"
#include "trace.h"
#include "wire.h"

static bool banyan_port_vlan_valid(uint16_t tpid, uint16_t tci)
{
    unsigned vid = FIELD_GET(BNY_VLAN_TCI_VID, tci);

    if (!tpid) {
        return !tci;
    }
    return (tpid == ETHERTYPE_CTAG || tpid == ETHERTYPE_STAG) &&
           vid && vid < BNY_VLANS - 1 &&
           !(tci & ~(BNY_VLAN_TCI_VID | BNY_VLAN_TCI_PCP));
}

/*
 * The PF's own address is a property of the device, and it has no port VLAN:
 * nobody would be there to take it away
 */
bool banyan_policy_valid(const BanyanFunc *f, const BanyanPolicy *policy)
{
    return !(policy->flags & ~BNY_POLICY_FLAGS) &&
           policy->link <= BNY_POLICY_LINK_DOWN &&
           !is_multicast_ether_addr(policy->mac) &&
           banyan_port_vlan_valid(policy->vlan_tpid, policy->vlan_tci) &&
           (banyan_func_is_vf(f) ||
            (!policy->vlan_tpid &&
             !memcmp(policy->mac, f->policy.mac, sizeof(policy->mac))));
}

bool banyan_vlans_valid(const uint8_t vlans[BNY_VLANS / 8])
{
    return !(vlans[0] & 1) && !(vlans[BNY_VLANS / 8 - 1] & 0x80);
}

static BanyanVlan banyan_policy_port_vlan(const BanyanPolicy *policy)
{
    return (BanyanVlan) {
        .tpid = policy->vlan_tpid,
        .vid = FIELD_GET(BNY_VLAN_TCI_VID, policy->vlan_tci),
    };
}

static void banyan_policy_derive_vlans(BanyanFunc *f)
{
    banyan_veb_set_vlans(&f->port->veb, f->index,
                         banyan_policy_port_vlan(&f->policy), f->vlans);
}

static void banyan_policy_derive_flags(BanyanFunc *f)
{
    uint32_t flags = f->policy.flags;

    if (f->policy.link == BNY_POLICY_LINK_DOWN) {
        flags &= ~BNY_POLICY_ENABLE;
    }
    banyan_veb_set_flags(&f->port->veb, f->index, flags);
}

void banyan_policy_derive(BanyanFunc *f)
{
    banyan_policy_derive_flags(f);
    banyan_policy_derive_vlans(f);
}

void banyan_vlans_set(BanyanFunc *f, const uint8_t vlans[BNY_VLANS / 8])
{
    memcpy(f->vlans, vlans, sizeof(f->vlans));
    banyan_policy_derive_vlans(f);
}

void banyan_policy_set(BanyanFunc *f, const BanyanPolicy *policy)
{
    uint32_t link = banyan_func_link(f);
    bool other_vlan = policy->vlan_tpid != f->policy.vlan_tpid ||
                      policy->vlan_tci != f->policy.vlan_tci;

    trace_bny_policy(f->index, policy->flags, policy->vlan_tpid,
                     policy->vlan_tci, policy->link);
    f->policy = *policy;
    banyan_policy_derive_flags(f);
    if (other_vlan) {
        banyan_policy_derive_vlans(f);
    }
    if (banyan_func_link(f) != link) {
        banyan_irq_raise(f, BNY_IRQ_LINK);
    }
}

static bool banyan_policy_may_send_from(const BanyanFunc *f,
                                        const uint8_t *mac)
{
    return !(f->policy.flags & BNY_POLICY_CHECK_MAC) ||
           banyan_veb_has(&f->port->veb, f->index, mac);
}

/* Another tag may follow behind that of a port VLAN only if that is an S-tag */
static bool banyan_policy_may_send_into(const BanyanFunc *f,
                                        const BanyanFrame *frame)
{
    if (f->policy.vlan_tpid) {
        return f->policy.vlan_tpid == ETHERTYPE_STAG ||
               !banyan_packet_is_tagged(frame->hdr);
    }
    return !(f->policy.flags & BNY_POLICY_CHECK_VLAN) ||
           banyan_veb_in_vlan(&f->port->veb, f->index,
                              banyan_frame_vlan(frame));
}

bool banyan_policy_may_send(BanyanFunc *f, const BanyanFrame *frame)
{
    if (!banyan_policy_may_send_from(f, frame->hdr + ETHER_SRC)) {
        banyan_count(f, BNY_CNT_TX_DROP_SPOOF);
        return false;
    }
    if (!banyan_policy_may_send_into(f, frame)) {
        banyan_count(f, BNY_CNT_TX_DROP_VLAN);
        return false;
    }
    return true;
}

void banyan_policy_push_tag(const BanyanFunc *f, BanyanFrame *frame)
{
    if (f->policy.vlan_tpid) {
        banyan_frame_push_tag(frame, f->policy.vlan_tpid, f->policy.vlan_tci);
    }
}

/* What a VF has asked for goes; what the host has decided stays */
static void banyan_policy_reset_vf(BanyanFunc *f)
{
    BanyanPolicy kept = f->policy;

    kept.flags &= BNY_POLICY_KEPT;
    banyan_policy_set(f, &kept);
}

void banyan_policy_reset(BanyanPort *port)
{
    BanyanFunc *f;

    for (unsigned i = 0; i < port->funcs; i++) {
        f = port->func[i];
        if (f) {
            memset(f->vlans, 0, sizeof(f->vlans));
        }
        if (f && banyan_func_is_vf(f)) {
            banyan_policy_reset_vf(f);
        } else if (f) {
            /* its own reset: there is nobody to hear of the link */
            f->policy.flags = 0;
            f->policy.link = BNY_POLICY_LINK_AUTO;
        }
    }
    banyan_veb_reset(&port->veb);
    for (unsigned i = 0; i < port->funcs; i++) {
        f = port->func[i];
        if (f && f->policy.vlan_tpid) {
            banyan_policy_derive_vlans(f);
        }
    }
}

void banyan_policy_forget(BanyanPort *port)
{
    static const BanyanPolicy none;

    for (unsigned i = 0; i < port->funcs; i++) {
        if (port->func[i] && banyan_func_is_vf(port->func[i])) {
            banyan_policy_set(port->func[i], &none);
        }
    }
    banyan_rate_reset(port);
}
