/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan PF: what a VF may have. Pure decisions, which KUnit tests as they are.
 */
#ifndef BNY_PF_POLICY_H
#define BNY_PF_POLICY_H

#include <linux/bitfield.h>
#include <linux/etherdevice.h>
#include <linux/if_link.h>

#include "bny_ctrl.h"
#include "bny_mbx.h"

/**
 * struct bny_vf_policy - what the host has decided about a VF
 * @mac: its permanent address
 * @mac_set: the host chose @mac, whoever else has it: the VF may use no other
 * @trusted: it may be promiscuous, be in any VLAN, and use any address
 * @spoofchk: it may send only from its addresses and into its VLANs
 * @vlan: port VLAN, VLAN ID; 0: none
 * @qos: priority of the port VLAN's tags, 0 to 7
 * @vlan_proto: TPID of the port VLAN
 * @link_state: IFLA_VF_LINK_STATE_*
 * @min_rate: Mb/s that it can send whatever others do
 * @max_rate: Mb/s that it can't send more than; 0: no limit
 */
struct bny_vf_policy {
	u8 mac[ETH_ALEN];
	bool mac_set;
	bool trusted;
	bool spoofchk;
	u16 vlan;
	u8 qos;
	__be16 vlan_proto;
	u8 link_state;
	u32 min_rate;
	u32 max_rate;
};

/**
 * bny_policy_same_rights() - may a VF ask for the same under another policy?
 * @a: the one
 * @b: the other; what else they differ in is in force without the VF's doing
 *
 * Return: true if it may.
 */
static inline bool bny_policy_same_rights(const struct bny_vf_policy *a,
					  const struct bny_vf_policy *b)
{
	return ether_addr_equal(a->mac, b->mac) && a->mac_set == b->mac_set &&
	       a->trusted == b->trusted;
}

static inline bool bny_policy_same_rate(const struct bny_vf_policy *a,
					const struct bny_vf_policy *b)
{
	return a->min_rate == b->min_rate && a->max_rate == b->max_rate;
}

static inline bool bny_policy_equal(const struct bny_vf_policy *a, const struct bny_vf_policy *b)
{
	return bny_policy_same_rights(a, b) && bny_policy_same_rate(a, b) &&
	       a->spoofchk == b->spoofchk && a->vlan == b->vlan &&
	       a->qos == b->qos && a->vlan_proto == b->vlan_proto &&
	       a->link_state == b->link_state;
}

/**
 * bny_policy_of_new_vf() - what a VF may before the host has decided anything
 * @policy: out, but for its address
 */
static inline void bny_policy_of_new_vf(struct bny_vf_policy *policy)
{
	*policy = (struct bny_vf_policy) {
		.spoofchk = true,
		.vlan_proto = htons(ETH_P_8021Q),
		.link_state = IFLA_VF_LINK_STATE_AUTO,
	};
}

/* What the device knows nothing of, in the note to the next driver */
#define BNY_NOTE_MAC_SET	BIT(0)
#define BNY_NOTE_TRUSTED	BIT(1)

/**
 * bny_policy_to_device() - a policy as the device is told of it
 * @policy: of the VF
 * @flags: BNY_POLICY_* for what it has asked for
 * @out: payload of %BNY_CTRL_SET_POLICY
 */
static inline void bny_policy_to_device(const struct bny_vf_policy *policy, u32 flags,
					struct bny_ctrl_policy *out)
{
	static const u8 links[] = {
		[IFLA_VF_LINK_STATE_AUTO] = BNY_POLICY_LINK_AUTO,
		[IFLA_VF_LINK_STATE_ENABLE] = BNY_POLICY_LINK_UP,
		[IFLA_VF_LINK_STATE_DISABLE] = BNY_POLICY_LINK_DOWN,
	};

	if (policy->spoofchk)
		flags |= BNY_POLICY_CHECK_MAC | BNY_POLICY_CHECK_VLAN;
	*out = (struct bny_ctrl_policy) {
		.flags = cpu_to_le32(flags),
		.link = links[policy->link_state],
		.note = (policy->mac_set ? BNY_NOTE_MAC_SET : 0) |
			(policy->trusted ? BNY_NOTE_TRUSTED : 0),
	};
	ether_addr_copy(out->mac, policy->mac);
	if (policy->vlan) {
		out->vlan_tpid = cpu_to_le16(be16_to_cpu(policy->vlan_proto));
		out->vlan_tci = cpu_to_le16(FIELD_PREP(BNY_VLAN_TCI_VID, policy->vlan) |
					    FIELD_PREP(BNY_VLAN_TCI_PCP, policy->qos));
	}
}

/**
 * bny_policy_from_device() - a policy that an earlier driver has set, but for its rates
 * @in: payload of %BNY_CTRL_GET_POLICY
 * @policy: out. Where the device says what can't be, as of a new VF
 */
static inline void bny_policy_from_device(const struct bny_ctrl_policy *in,
					  struct bny_vf_policy *policy)
{
	static const u8 states[] = {
		[BNY_POLICY_LINK_AUTO] = IFLA_VF_LINK_STATE_AUTO,
		[BNY_POLICY_LINK_UP] = IFLA_VF_LINK_STATE_ENABLE,
		[BNY_POLICY_LINK_DOWN] = IFLA_VF_LINK_STATE_DISABLE,
	};
	u16 tci = le16_to_cpu(in->vlan_tci);

	bny_policy_of_new_vf(policy);
	ether_addr_copy(policy->mac, in->mac);
	policy->mac_set = in->note & BNY_NOTE_MAC_SET;
	policy->trusted = in->note & BNY_NOTE_TRUSTED;
	policy->spoofchk = le32_to_cpu(in->flags) & BNY_POLICY_CHECK_MAC;
	if (in->vlan_tpid) {
		policy->vlan = FIELD_GET(BNY_VLAN_TCI_VID, tci);
		policy->qos = FIELD_GET(BNY_VLAN_TCI_PCP, tci);
		policy->vlan_proto = cpu_to_be16(le16_to_cpu(in->vlan_tpid));
	}
	if (in->link < ARRAY_SIZE(states))
		policy->link_state = states[in->link];
}

/**
 * bny_policy_mac() - may a VF use this address?
 * @policy: of the VF
 * @mac: address asked for, valid as a unicast address
 * @taken: another function uses it
 *
 * Return: enum bny_mbx_status.
 */
static inline u32 bny_policy_mac(const struct bny_vf_policy *policy, const u8 *mac, bool taken)
{
	if (policy->trusted)
		return BNY_MBX_OK;
	if (policy->mac_set)
		taken = !ether_addr_equal(policy->mac, mac);
	return taken ? BNY_MBX_NOT_ALLOWED : BNY_MBX_OK;
}

/**
 * bny_policy_uplink_too() - may the machine that has this address be on the wire?
 * @policy: of the VF that uses it
 * @mac: address that the VF has asked for, and may use
 *
 * The VF may have chosen the gateway's. An address that the host gave it is its own, and a VF that
 * the host trusts knows what it takes.
 *
 * Return: true if frames for it have to go to the uplink as well.
 */
static inline bool bny_policy_uplink_too(const struct bny_vf_policy *policy, const u8 *mac)
{
	return !policy->trusted && !ether_addr_equal(policy->mac, mac);
}

/**
 * bny_policy_rx_mode() - may a VF receive in this mode?
 * @policy: of the VF
 * @flags: BNY_MBX_RX_*
 *
 * All multicast frames are for all: a VF could name the groups one by one. Other functions'
 * unicast frames are not, nor are all VLANs.
 *
 * Return: enum bny_mbx_status.
 */
static inline u32 bny_policy_rx_mode(const struct bny_vf_policy *policy, u32 flags)
{
	if (flags & (BNY_MBX_RX_PROMISC | BNY_MBX_RX_ALL_VLANS) && !policy->trusted)
		return BNY_MBX_NOT_ALLOWED;
	return BNY_MBX_OK;
}

/**
 * bny_policy_veb_status() - what a VF hears of a change of the VEB for it
 * @err: 0 or errno of the change
 *
 * Return: enum bny_mbx_status.
 */
static inline u32 bny_policy_veb_status(int err)
{
	switch (err) {
	case 0:
		return BNY_MBX_OK;
	case -ENOSPC:
		return BNY_MBX_NO_RESOURCE;
	case -EBUSY:
	case -EIO:
	case -ENODEV:
	case -ETIMEDOUT:
		/* Reset under our hands, or gone: when the PF is back, the VF says HELLO */
		return BNY_MBX_NOT_READY;
	default:
		return BNY_MBX_FAILED;
	}
}

/**
 * bny_policy_flags() - a VF's policy as HELLO tells it
 * @policy: of the VF
 *
 * Return: BNY_MBX_POLICY_*.
 */
static inline u32 bny_policy_flags(const struct bny_vf_policy *policy)
{
	return (policy->trusted ? BNY_MBX_POLICY_TRUSTED : 0) |
	       (policy->mac_set && !policy->trusted ? BNY_MBX_POLICY_MAC_SET : 0);
}

#endif /* BNY_PF_POLICY_H */
