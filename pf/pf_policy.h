/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan PF: what a VF may have. Pure decisions, which KUnit tests as they are.
 */
#ifndef BNY_PF_POLICY_H
#define BNY_PF_POLICY_H

#include <linux/etherdevice.h>

#include "bny_mbx.h"

/**
 * struct bny_vf_policy - what the host has decided about a VF
 * @mac: its permanent address
 * @mac_set: the host chose @mac, whoever else has it: the VF may use no other
 * @trusted: it may be promiscuous, and use any address
 */
struct bny_vf_policy {
	u8 mac[ETH_ALEN];
	bool mac_set;
	bool trusted;
};

static inline bool bny_policy_equal(const struct bny_vf_policy *a, const struct bny_vf_policy *b)
{
	return ether_addr_equal(a->mac, b->mac) && a->mac_set == b->mac_set &&
	       a->trusted == b->trusted;
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
 * unicast frames are not.
 *
 * Return: enum bny_mbx_status.
 */
static inline u32 bny_policy_rx_mode(const struct bny_vf_policy *policy, u32 flags)
{
	if (flags & BNY_MBX_RX_PROMISC && !policy->trusted)
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
