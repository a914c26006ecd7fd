// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: state of a VF, and the registers that put it into force.
 */
#include <linux/etherdevice.h>
#include <linux/timekeeping.h>
#include <linux/unaligned.h>

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

/**
 * bny_vf_apply_policy() - write what outlives a VF's resets to the device
 * @pf: PF
 * @vf: VF
 *
 * Context: @pf->lock held.
 */
void bny_vf_apply_policy(struct bny_pf *pf, struct bny_vf *vf)
{
	u16 func = bny_vf_func(pf, vf);

	lockdep_assert_held(&pf->lock);

	bny_write(pf->bd, BNY_REG_AT(FUNC_MAC_LO, func), get_unaligned_le32(vf->policy.mac));
	bny_write(pf->bd, BNY_REG_AT(FUNC_MAC_HI, func), get_unaligned_le16(vf->policy.mac + 4));
}

/**
 * bny_vf_apply_ctrl() - write FUNC_CTRL of a VF as it asked for
 * @pf: PF
 * @vf: VF
 *
 * A VF whose netdev is down is disabled: nothing is copied for it. Context: @pf->lock held.
 *
 * Return: enum bny_mbx_status.
 */
u32 bny_vf_apply_ctrl(struct bny_pf *pf, struct bny_vf *vf)
{
	u32 ctrl = 0;

	lockdep_assert_held(&pf->lock);

	if (vf->hello && vf->up)
		ctrl |= BNY_FUNC_CTRL_ENABLE;
	if (vf->rx_flags & BNY_MBX_RX_PROMISC)
		ctrl |= BNY_FUNC_CTRL_PROMISC;
	if (vf->rx_flags & BNY_MBX_RX_ALLMULTI)
		ctrl |= BNY_FUNC_CTRL_ALLMULTI;
	if (vf->uplink_too)
		ctrl |= BNY_FUNC_CTRL_UPLINK_TOO;
	bny_write(pf->bd, BNY_REG_AT(FUNC_CTRL, bny_vf_func(pf, vf)), ctrl);
	return bny_policy_veb_status(bny_present(pf->bd) ? 0 : -ENODEV);
}

/* FUNC_RESET_EVENT of a VF is lost with a reset of the PF; this isn't */
static u32 bny_vf_resets(struct bny_pf *pf, struct bny_vf *vf)
{
	unsigned int word = bny_vf_func(pf, vf) * BNY_REG_COUNT_COUNTER + 2 * BNY_CNT_RESETS;

	return bny_read(pf->bd, BNY_REG_AT(FUNC_COUNTER, word));
}

/**
 * bny_vf_join() - a VF has said HELLO
 * @pf: PF
 * @vf: VF
 * @generation: of the VF, as it says
 *
 * Context: @pf->lock held.
 */
void bny_vf_join(struct bny_pf *pf, struct bny_vf *vf, u32 generation)
{
	vf->resets = bny_vf_resets(pf, vf);
	/* One that is counted in there is none that comes later */
	bny_vf_check_resets(pf);
	vf->generation = generation;
	vf->hello = true;
}

/**
 * bny_vf_restore() - bring a VF back after a reset of the PF, which cleared its registers
 * @pf: PF
 * @vf: VF
 *
 * The VF needn't know. If it does, it says HELLO and sets the same again. But if it was reset with
 * the PF, it has to ask anew for all that it wants. Context: @pf->lock held.
 */
void bny_vf_restore(struct bny_pf *pf, struct bny_vf *vf)
{
	u16 func = bny_vf_func(pf, vf);
	int err = 0;

	if (vf->resets != bny_vf_resets(pf, vf))
		bny_vf_clear(pf, vf);
	bny_vf_apply_policy(pf, vf);
	/* Before the addresses: they must not keep frames from the wire that it wants, too */
	bny_vf_apply_ctrl(pf, vf);
	if (is_valid_ether_addr(vf->mac))
		err = bny_veb_replace(pf, func, NULL, 0, vf->mac, 1);
	if (!err)
		err = bny_veb_replace(pf, func, NULL, 0, vf->mc[0], vf->mc_count);
	if (err)
		dev_err_ratelimited(&pf->bd->pdev->dev, "cannot restore addresses of VF %u: %pe\n",
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
	if (!vf->hello)
		return;

	vf->hello = false;
	vf->up = false;
	vf->rx_flags = 0;
	vf->mc_count = 0;
	vf->uplink_too = false;
	eth_zero_addr(vf->mac);
	bny_vf_apply_ctrl(pf, vf);
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
		if (&pf->vfs[i] != vf &&
		    (ether_addr_equal(pf->vfs[i].policy.mac, mac) ||
		     ether_addr_equal(pf->vfs[i].mac, mac)))
			return true;
	return false;
}
