// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: state of a VF, and how it is put into force.
 */
#include <linux/etherdevice.h>
#include <linux/timekeeping.h>

#include "pf.h"

/* Log lines about one VF: this many in that time */
#define BNY_VF_LOG_BURST	3
#define BNY_VF_LOG_INTERVAL	(10 * HZ)

/**
 * bny_vf_create() - fill the state of a new VF, but for its permanent address
 * @vf: zeroed
 */
void bny_vf_create(struct bny_vf *vf)
{
	bny_policy_of_new_vf(&vf->policy);
	bny_bucket_init(&vf->bucket, BNY_VF_REQUEST_BURST, ktime_get_ns());
	ratelimit_state_init(&vf->log, BNY_VF_LOG_INTERVAL, BNY_VF_LOG_BURST);
}

/**
 * bny_vf_take_token() - may a VF have the PF work for it once more?
 * @pf: PF
 * @vf: VF
 *
 * If it asks too often, it is reported, and the PF rests before it looks again. Context:
 * @pf->lock held.
 *
 * Return: true if it may.
 */
bool bny_vf_take_token(struct bny_pf *pf, struct bny_vf *vf)
{
	lockdep_assert_held(&pf->lock);

	if (bny_bucket_take(&vf->bucket, ktime_get_ns()))
		return true;

	pf->flooded = true;
	if (__ratelimit(&vf->log))
		pci_warn(pf->bd->pdev, "VF %u: too many messages or resets: not served until it is quiet\n",
			 bny_vf_func(pf, vf) - BNY_FUNC_VF(0));
	return false;
}

static u32 bny_vf_flags(const struct bny_vf *vf)
{
	u32 flags = 0;

	if (vf->hello && vf->up)
		flags |= BNY_POLICY_ENABLE;
	if (vf->rx_flags & BNY_MBX_RX_PROMISC)
		flags |= BNY_POLICY_PROMISC;
	if (vf->rx_flags & BNY_MBX_RX_ALLMULTI)
		flags |= BNY_POLICY_ALLMULTI;
	if (vf->rx_flags & BNY_MBX_RX_ALL_VLANS)
		flags |= BNY_POLICY_ALL_VLANS;
	if (vf->uplink_too)
		flags |= BNY_POLICY_UPLINK_TOO;
	return flags;
}

/**
 * bny_vf_apply() - tell the device what a VF may do: what the host allows, and it has asked for
 * @pf: PF
 * @vf: VF
 *
 * A VF whose netdev is down is disabled: nothing is copied for it. Context: @pf->lock held.
 *
 * Return: 0 or an error of bny_ctrlq_set().
 */
int bny_vf_apply(struct bny_pf *pf, struct bny_vf *vf)
{
	struct bny_ctrl_policy policy;

	lockdep_assert_held(&pf->lock);

	bny_policy_to_device(&vf->policy, bny_vf_flags(vf), &policy);
	return bny_veb_set_policy(pf, bny_vf_func(pf, vf), &policy);
}

/**
 * bny_vf_apply_rate() - tell the device how much a VF may send
 * @pf: PF
 * @vf: VF
 *
 * Context: @pf->lock held.
 *
 * Return: 0 or an error of bny_veb_set_rate().
 */
int bny_vf_apply_rate(struct bny_pf *pf, struct bny_vf *vf)
{
	return bny_veb_set_rate(pf, bny_vf_func(pf, vf), vf->policy.min_rate, vf->policy.max_rate);
}

/* May the machine that has one of its addresses be on the wire? */
static bool bny_vf_uplink_too(const struct bny_vf_policy *policy, const u8 *mac, const u8 *uc,
			      unsigned int uc_count)
{
	bool too = is_valid_ether_addr(mac) && bny_policy_uplink_too(policy, mac);
	unsigned int i;

	for (i = 0; i < uc_count; i++)
		too |= bny_policy_uplink_too(policy, uc + i * ETH_ALEN);
	return too;
}

/**
 * bny_vf_set_addrs() - replace the unicast addresses of a VF
 * @pf: PF
 * @vf: VF
 * @mac: that of SET_MAC; all zeroes: none
 * @uc: those of SET_UNICAST, one behind the other
 * @uc_count: how many, %BNY_MBX_UNICAST_MAX at most
 *
 * On error it has those from before. Context: @pf->lock held.
 *
 * Return: 0, or an error of bny_veb_replace().
 */
int bny_vf_set_addrs(struct bny_pf *pf, struct bny_vf *vf, const u8 *mac, const u8 *uc,
		     unsigned int uc_count)
{
	unsigned int had_none = !is_valid_ether_addr(vf->addrs[0]);
	unsigned int none = !is_valid_ether_addr(mac);
	u8 new[1 + BNY_MBX_UNICAST_MAX][ETH_ALEN];
	int err;

	memcpy(new[0], mac, ETH_ALEN);
	memcpy(new[1], uc, uc_count * ETH_ALEN);

	/* Set before and cleared behind: no frame of the wire's is kept from it in between */
	vf->uplink_too |= bny_vf_uplink_too(&vf->policy, new[0], new[1], uc_count);
	err = bny_vf_apply(pf, vf);
	if (!err)
		err = bny_veb_replace(pf, bny_vf_func(pf, vf), vf->addrs[had_none],
				      1 + vf->uc_count - had_none, new[none], 1 + uc_count - none);
	if (!err) {
		memcpy(vf->addrs, new, sizeof(new[0]) * (1 + uc_count));
		vf->uc_count = uc_count;
	}
	vf->uplink_too = bny_vf_uplink_too(&vf->policy, vf->addrs[0], vf->addrs[1], vf->uc_count);
	return bny_vf_apply(pf, vf) ?: err;
}

/**
 * bny_vf_state() - ask the device what state a VF is in
 * @pf: PF
 * @vf: VF
 * @state: out
 *
 * Context: @pf->lock held.
 *
 * Return: 0 or an error of bny_ctrlq_get().
 */
int bny_vf_state(struct bny_pf *pf, const struct bny_vf *vf, struct bny_ctrl_function *state)
{
	int ret;

	memset(state, 0, sizeof(*state));
	ret = bny_ctrlq_get(&pf->ctrlq, BNY_CTRL_GET_FUNCTION, bny_vf_func(pf, vf), state,
			    sizeof(*state));
	return min(ret, 0);
}

/**
 * bny_vf_join() - a VF has said HELLO
 * @pf: PF
 * @vf: VF
 * @generation: of the VF, as it says
 * @resets: of the VF, as the device says
 *
 * Context: @pf->lock held.
 */
void bny_vf_join(struct bny_pf *pf, struct bny_vf *vf, u32 generation, u32 resets)
{
	/* One that is counted in there is none that comes later */
	bny_vf_check_resets(pf);
	vf->resets = resets;
	vf->generation = generation;
	vf->hello = true;
}

/*
 * A VF that was there before this driver: the device knows what the host had decided. One whose
 * address it doesn't know was never anybody's: it is as a new one.
 */
static int bny_vf_learn(struct bny_pf *pf, struct bny_vf *vf)
{
	u16 func = bny_vf_func(pf, vf);
	struct bny_ctrl_policy policy = {};
	struct bny_ctrl_rate rate = {};
	int ret;

	ret = bny_ctrlq_get(&pf->ctrlq, BNY_CTRL_GET_POLICY, func, &policy, sizeof(policy));
	if (ret < 0)
		return ret;
	ret = bny_ctrlq_get(&pf->ctrlq, BNY_CTRL_GET_RATE, func, &rate, sizeof(rate));
	if (ret < 0)
		return ret;

	if (is_valid_ether_addr(policy.mac))
		bny_policy_from_device(&policy, &vf->policy);
	else
		eth_random_addr(vf->policy.mac);
	vf->policy.min_rate = le32_to_cpu(rate.min);
	vf->policy.max_rate = le32_to_cpu(rate.max);
	return 0;
}

/**
 * bny_vf_restore() - bring a VF back after a reset of the PF, which cleared its policy
 * @pf: PF
 * @vf: VF
 *
 * The VF needn't know. If it does, it says HELLO and sets the same again. But if it was reset with
 * the PF, it has to ask anew for all that it wants. Context: @pf->lock held.
 */
void bny_vf_restore(struct bny_pf *pf, struct bny_vf *vf)
{
	unsigned int none = !is_valid_ether_addr(vf->addrs[0]);
	u16 func = bny_vf_func(pf, vf);
	struct bny_ctrl_function state;
	int err;

	/* FUNC_RESET_EVENT of a VF is lost with a reset of the PF; this isn't */
	err = bny_vf_state(pf, vf, &state);
	if (!err && !is_valid_ether_addr(vf->policy.mac))
		err = bny_vf_learn(pf, vf);
	if (!err && vf->resets != le32_to_cpu(state.generation))
		bny_vf_clear(pf, vf);
	/* Before the addresses: they must not keep frames from the wire that it wants, too */
	if (!err)
		err = bny_vf_apply(pf, vf);
	if (!err)
		err = bny_vf_apply_rate(pf, vf);
	if (!err)
		err = bny_veb_replace(pf, func, NULL, 0, vf->addrs[none], 1 + vf->uc_count - none);
	if (!err)
		err = bny_veb_replace(pf, func, NULL, 0, vf->mc[0], vf->mc_count);
	if (!err && vf->vlan_count)
		err = bny_veb_set_vlans(pf, func, &vf->vlans);
	if (err)
		dev_err_ratelimited(&pf->bd->pdev->dev, "cannot restore VF %u: %pe\n",
				    func - BNY_FUNC_VF(0), ERR_PTR(err));
}

/**
 * bny_vf_clear() - forget what a VF asked for
 * @pf: PF
 * @vf: VF
 *
 * After its reset, and before it goes. The token bucket stays as it is: a VF can reset itself.
 * Without a HELLO before there is nothing to forget. Context: @pf->lock held.
 */
void bny_vf_clear(struct bny_pf *pf, struct bny_vf *vf)
{
	bool had_vlans = vf->vlan_count;
	int err;

	if (!vf->hello)
		return;

	vf->hello = false;
	vf->up = false;
	vf->rx_flags = 0;
	vf->mc_count = 0;
	vf->uc_count = 0;
	vf->uplink_too = false;
	eth_zero_addr(vf->addrs[0]);
	vf->vlan_count = 0;
	vf->vlans = (struct bny_ctrl_vlans) {};
	err = bny_vf_apply(pf, vf);
	if (!err && had_vlans)
		err = bny_veb_set_vlans(pf, bny_vf_func(pf, vf), &vf->vlans);
	if (err && bny_present(pf->bd))
		dev_err_ratelimited(&pf->bd->pdev->dev, "cannot disable VF %u: %pe\n",
				    bny_vf_func(pf, vf) - BNY_FUNC_VF(0), ERR_PTR(err));
	bny_veb_flush(pf, bny_vf_func(pf, vf));
}

static void bny_vf_was_reset(struct bny_pf *pf, unsigned int func)
{
	struct bny_vf *vf;

	if (func < BNY_FUNC_VF(0) || func >= BNY_FUNC_VF(pf->num_vfs))
		return;

	vf = &pf->vfs[func - BNY_FUNC_VF(0)];
	bny_vf_clear(pf, vf);
	/* It is cleaned up in any case; but the next look at who was reset may have to wait */
	bny_vf_take_token(pf, vf);
}

/**
 * bny_vf_check_resets() - clean up behind VFs that were reset
 * @pf: PF
 *
 * Must run before a message that a VF may have sent since: else its new HELLO would be undone.
 * Context: @pf->lock held.
 */
void bny_vf_check_resets(struct bny_pf *pf)
{
	const unsigned int width = BITS_PER_TYPE(u32);
	unsigned int word, bit;
	unsigned long events;

	lockdep_assert_held(&pf->lock);

	for (word = 0; word * width < BNY_FUNC_VF(pf->num_vfs); word++) {
		events = bny_read(pf->bd, BNY_REG_AT(FUNC_RESET_EVENT, word));
		if (!events || !bny_present(pf->bd))
			continue;
		/* Cleared first: a reset from here on sets the bit again */
		bny_write(pf->bd, BNY_REG_AT(FUNC_RESET_EVENT, word), events);

		for_each_set_bit(bit, &events, width)
			bny_vf_was_reset(pf, word * width + bit);
	}
}

static bool bny_vf_uses_mac(const struct bny_vf *vf, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < 1 + vf->uc_count; i++)
		if (ether_addr_equal_unaligned(vf->addrs[i], mac))
			return true;
	return ether_addr_equal_unaligned(vf->policy.mac, mac);
}

/**
 * bny_vf_mac_taken() - does another function use an address?
 * @pf: PF
 * @vf: not this one
 * @mac: unicast address
 *
 * Addresses that the host gave to other VFs are taken, in use or not. Context: @pf->lock held.
 *
 * Return: true if it does.
 */
bool bny_vf_mac_taken(struct bny_pf *pf, const struct bny_vf *vf, const u8 *mac)
{
	unsigned int i;

	lockdep_assert_held(&pf->lock);

	for (i = 0; i < pf->addr_count; i++)
		if (ether_addr_equal_unaligned(pf->addrs[i], mac))
			return true;

	for (i = 0; i < pf->num_vfs; i++)
		if (&pf->vfs[i] != vf && bny_vf_uses_mac(&pf->vfs[i], mac))
			return true;
	return false;
}
