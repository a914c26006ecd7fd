// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: what the host sets for a VF ("ip link set PF vf N ..."). All are called under the
 * RTNL.
 *
 * What would change nothing is no error, supported or not: programs write back what they found.
 */
#include <linux/etherdevice.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>

#include "pf.h"

/* The VF, or %NULL if there is none of this number */
static struct bny_vf *bny_host_vf(struct bny_pf *pf, int vf_id)
{
	lockdep_assert_held(&pf->lock);

	return vf_id >= 0 && vf_id < pf->num_vfs ? &pf->vfs[vf_id] : NULL;
}

/* 0, or -EINVAL if there is no such VF */
static int bny_host_get_policy(struct bny_dev *bd, int vf_id, struct bny_vf_policy *policy)
{
	struct bny_pf *pf = bd->priv;
	const struct bny_vf *vf;

	mutex_lock(&pf->lock);
	vf = bny_host_vf(pf, vf_id);
	if (vf)
		*policy = vf->policy;
	mutex_unlock(&pf->lock);
	return vf ? 0 : -EINVAL;
}

/* @vf's policy as the host has set it, whatever the VF wants. On error the one before stays */
static int bny_host_apply(struct bny_pf *pf, struct bny_vf *vf, const struct bny_vf_policy *policy)
{
	const struct bny_vf_policy before = vf->policy;
	int err;

	vf->policy = *policy;
	err = bny_vf_apply(pf, vf);
	if (!err && !bny_policy_same_rate(policy, &before))
		err = bny_vf_apply_rate(pf, vf);
	/* While the device can't be told it is in reset: it is told behind that */
	if (bny_policy_veb_status(err) == BNY_MBX_NOT_READY)
		return 0;
	if (err) {
		vf->policy = before;
		bny_vf_apply(pf, vf);
	}
	return err;
}

/*
 * Put another policy into force. A VF that may ask for other things than before loses what it had,
 * and has to ask anew, which it is told. The RTNL keeps others from changing the policy since
 * bny_host_get_policy().
 */
static int bny_host_set_policy(struct bny_dev *bd, int vf_id, const struct bny_vf_policy *policy)
{
	struct bny_pf *pf = bd->priv;
	bool same_rights;
	struct bny_vf *vf;
	int err;

	mutex_lock(&pf->lock);
	vf = bny_host_vf(pf, vf_id);
	if (!vf || bny_policy_equal(&vf->policy, policy)) {
		mutex_unlock(&pf->lock);
		return vf ? 0 : -EINVAL;
	}
	same_rights = bny_policy_same_rights(&vf->policy, policy);
	if (!same_rights)
		bny_vf_clear(pf, vf);
	err = bny_host_apply(pf, vf, policy);
	mutex_unlock(&pf->lock);
	if (!same_rights)
		bny_pf_tell_vf(pf, vf_id, BNY_MBX_PF_READY);
	return err;
}

/**
 * bny_host_set_mac() - ndo_set_vf_mac
 * @bd: PF
 * @vf_id: number of the VF
 * @mac: its address from here on, which it may not change; all zeroes: it may
 *
 * Return: 0, -EINVAL if there is no such VF, or it is no unicast address.
 */
int bny_host_set_mac(struct bny_dev *bd, int vf_id, const u8 *mac)
{
	struct bny_vf_policy policy;
	int err;

	if (is_multicast_ether_addr(mac))
		return -EINVAL;
	err = bny_host_get_policy(bd, vf_id, &policy);
	if (err)
		return err;

	if (is_zero_ether_addr(mac)) {
		policy.mac_set = false;
	} else if (!ether_addr_equal(policy.mac, mac)) {
		policy.mac_set = true;
		ether_addr_copy(policy.mac, mac);
	}
	return bny_host_set_policy(bd, vf_id, &policy);
}

/**
 * bny_host_set_trust() - ndo_set_vf_trust
 * @bd: PF
 * @vf_id: number of the VF
 * @trusted: it may be promiscuous, and use any address
 *
 * Return: 0, -EINVAL if there is no such VF.
 */
int bny_host_set_trust(struct bny_dev *bd, int vf_id, bool trusted)
{
	struct bny_vf_policy policy;
	int err;

	err = bny_host_get_policy(bd, vf_id, &policy);
	if (err)
		return err;

	policy.trusted = trusted;
	return bny_host_set_policy(bd, vf_id, &policy);
}

/* 0, or -EINVAL or -EPROTONOSUPPORT, with a word in the log */
static int bny_host_check_vlan(struct bny_dev *bd, int vf_id, u16 vlan, u8 qos, __be16 proto)
{
	if (vlan >= VLAN_N_VID - 1 || qos > 7) {
		netdev_err(bd->netdev, "VF %d: VLAN %u qos %u: 0 to 4094 and 0 to 7 can be\n",
			   vf_id, vlan, qos);
		return -EINVAL;
	}
	if (!vlan && qos) {
		netdev_err(bd->netdev, "VF %d: qos %u without a VLAN can't be\n", vf_id, qos);
		return -EINVAL;
	}
	if (proto != htons(ETH_P_8021Q) && proto != htons(ETH_P_8021AD)) {
		netdev_err(bd->netdev, "VF %d: VLAN protocol %#x: 0x8100 and 0x88a8 can be\n",
			   vf_id, ntohs(proto));
		return -EPROTONOSUPPORT;
	}
	return 0;
}

/**
 * bny_host_set_vlan() - ndo_set_vf_vlan: the VF's port VLAN
 * @bd: PF
 * @vf_id: number of the VF
 * @vlan: VLAN ID, 0: none
 * @qos: priority
 * @proto: TPID
 *
 * Return: 0, -EINVAL if there is no such VF or a value can't be, -EPROTONOSUPPORT for another TPID
 * than 802.1Q's and 802.1ad's.
 */
int bny_host_set_vlan(struct bny_dev *bd, int vf_id, u16 vlan, u8 qos, __be16 proto)
{
	struct bny_vf_policy policy;
	int err;

	err = bny_host_get_policy(bd, vf_id, &policy) ?:
	      bny_host_check_vlan(bd, vf_id, vlan, qos, proto);
	if (err)
		return err;

	policy.vlan = vlan;
	policy.qos = qos;
	policy.vlan_proto = vlan ? proto : htons(ETH_P_8021Q);
	return bny_host_set_policy(bd, vf_id, &policy);
}

/* Mb/s that are guaranteed to all VFs but this one */
static u64 bny_host_guaranteed(struct bny_dev *bd, int vf_id)
{
	struct bny_pf *pf = bd->priv;
	unsigned int i;
	u64 sum = 0;

	mutex_lock(&pf->lock);
	for (i = 0; i < pf->num_vfs; i++)
		if (i != vf_id)
			sum += pf->vfs[i].policy.min_rate;
	mutex_unlock(&pf->lock);
	return sum;
}

/* 0, or -EINVAL, with a word in the log */
static int bny_host_check_rate(struct bny_dev *bd, int vf_id, u32 min, u32 max)
{
	u64 others = bny_host_guaranteed(bd, vf_id);

	if (min > BNY_LINK_SPEED_DEFAULT || max > BNY_LINK_SPEED_DEFAULT) {
		netdev_err(bd->netdev, "VF %d: rate of %u Mb/s: the link has %u\n", vf_id,
			   max(min, max), BNY_LINK_SPEED_DEFAULT);
		return -EINVAL;
	}
	if (max && min > max) {
		netdev_err(bd->netdev, "VF %d: min rate %u over max rate %u\n", vf_id, min, max);
		return -EINVAL;
	}
	if (min + others > BNY_LINK_SPEED_DEFAULT) {
		netdev_err(bd->netdev,
			   "VF %d: min rate %u: with %llu of the other VFs it is over the link's %u\n",
			   vf_id, min, others, BNY_LINK_SPEED_DEFAULT);
		return -EINVAL;
	}
	return 0;
}

/**
 * bny_host_set_rate() - ndo_set_vf_rate
 * @bd: PF
 * @vf_id: number of the VF
 * @min: Mb/s that are guaranteed to it, 0: none
 * @max: Mb/s, 0: no limit
 *
 * Return: 0, -EINVAL if there is no such VF, or more than the link can.
 */
int bny_host_set_rate(struct bny_dev *bd, int vf_id, int min, int max)
{
	struct bny_vf_policy policy;
	int err;

	err = bny_host_get_policy(bd, vf_id, &policy) ?: bny_host_check_rate(bd, vf_id, min, max);
	if (err)
		return err;

	policy.min_rate = min;
	policy.max_rate = max;
	return bny_host_set_policy(bd, vf_id, &policy);
}

/**
 * bny_host_set_spoofchk() - ndo_set_vf_spoofchk
 * @bd: PF
 * @vf_id: number of the VF
 * @on: it may send only from addresses that it has asked for, and into its VLANs
 *
 * Return: 0, -EINVAL if there is no such VF.
 */
int bny_host_set_spoofchk(struct bny_dev *bd, int vf_id, bool on)
{
	struct bny_vf_policy policy;
	int err;

	err = bny_host_get_policy(bd, vf_id, &policy);
	if (err)
		return err;

	policy.spoofchk = on;
	return bny_host_set_policy(bd, vf_id, &policy);
}

/**
 * bny_host_set_link_state() - ndo_set_vf_link_state
 * @bd: PF
 * @vf_id: number of the VF
 * @state: IFLA_VF_LINK_STATE_*: the uplink's, up, or down
 *
 * Return: 0, -EINVAL if there is no such VF, or no such state.
 */
int bny_host_set_link_state(struct bny_dev *bd, int vf_id, int state)
{
	struct bny_vf_policy policy;
	int err;

	err = bny_host_get_policy(bd, vf_id, &policy);
	if (err)
		return err;
	if (state < IFLA_VF_LINK_STATE_AUTO || state > IFLA_VF_LINK_STATE_DISABLE)
		return -EINVAL;

	policy.link_state = state;
	return bny_host_set_policy(bd, vf_id, &policy);
}

/**
 * bny_host_get_config() - ndo_get_vf_config: what "ip link show" tells about a VF
 * @bd: PF
 * @vf_id: number of the VF
 * @info: out
 *
 * Return: 0, -EINVAL if there is no such VF.
 */
int bny_host_get_config(struct bny_dev *bd, int vf_id, struct ifla_vf_info *info)
{
	struct bny_vf_policy policy;
	int err;

	err = bny_host_get_policy(bd, vf_id, &policy);
	if (err)
		return err;

	info->vf = vf_id;
	ether_addr_copy(info->mac, policy.mac);
	info->trusted = policy.trusted;
	info->min_tx_rate = policy.min_rate;
	info->max_tx_rate = policy.max_rate;
	info->vlan = policy.vlan;
	info->qos = policy.qos;
	info->vlan_proto = policy.vlan_proto;
	info->spoofchk = policy.spoofchk;
	info->linkstate = policy.link_state;
	return 0;
}
