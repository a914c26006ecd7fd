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

/*
 * Put another policy into force: the VF loses what it had under the old one, and has to ask anew,
 * which it is told. The RTNL keeps others from changing it since bny_host_get_policy().
 */
static int bny_host_set_policy(struct bny_dev *bd, int vf_id, const struct bny_vf_policy *policy)
{
	struct bny_pf *pf = bd->priv;
	struct bny_vf *vf;
	int err;

	mutex_lock(&pf->lock);
	vf = bny_host_vf(pf, vf_id);
	if (!vf || bny_policy_equal(&vf->policy, policy)) {
		mutex_unlock(&pf->lock);
		return vf ? 0 : -EINVAL;
	}
	bny_vf_clear(pf, vf);
	vf->policy = *policy;
	err = bny_vf_apply(pf, vf);
	mutex_unlock(&pf->lock);
	/* While the device can't be told it is in reset: it is told behind that */
	bny_pf_tell_vf(pf, vf_id, BNY_MBX_PF_READY);
	return bny_policy_veb_status(err) == BNY_MBX_NOT_READY ? 0 : err;
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

/* Of what isn't supported: @no_change is what every VF has */
static int bny_host_only(struct bny_dev *bd, int vf_id, bool no_change)
{
	struct bny_vf_policy policy;
	int err;

	err = bny_host_get_policy(bd, vf_id, &policy);
	if (err)
		return err;
	return no_change ? 0 : -EOPNOTSUPP;
}

/**
 * bny_host_set_vlan() - ndo_set_vf_vlan: port VLANs aren't supported
 * @bd: PF
 * @vf_id: number of the VF
 * @vlan: VLAN ID, 0: none
 * @qos: priority
 * @proto: TPID
 *
 * Return: 0 for none, -EINVAL if there is no such VF or a value can't be, else -EOPNOTSUPP.
 */
int bny_host_set_vlan(struct bny_dev *bd, int vf_id, u16 vlan, u8 qos, __be16 proto)
{
	if (vlan >= VLAN_N_VID - 1 || qos > 7)
		return -EINVAL;
	if (proto != htons(ETH_P_8021Q) && proto != htons(ETH_P_8021AD))
		return -EPROTONOSUPPORT;
	return bny_host_only(bd, vf_id, !vlan && !qos);
}

/**
 * bny_host_set_rate() - ndo_set_vf_rate: rates aren't supported
 * @bd: PF
 * @vf_id: number of the VF
 * @min: Mb/s, 0: none guaranteed
 * @max: Mb/s, 0: no limit
 *
 * Return: 0 for none, -EINVAL if there is no such VF, else -EOPNOTSUPP.
 */
int bny_host_set_rate(struct bny_dev *bd, int vf_id, int min, int max)
{
	return bny_host_only(bd, vf_id, !min && !max);
}

/**
 * bny_host_set_spoofchk() - ndo_set_vf_spoofchk: source addresses aren't checked
 * @bd: PF
 * @vf_id: number of the VF
 * @on: check them
 *
 * Return: 0 for off, -EINVAL if there is no such VF, else -EOPNOTSUPP.
 */
int bny_host_set_spoofchk(struct bny_dev *bd, int vf_id, bool on)
{
	return bny_host_only(bd, vf_id, !on);
}

/**
 * bny_host_set_link_state() - ndo_set_vf_link_state: a VF's link follows the uplink's
 * @bd: PF
 * @vf_id: number of the VF
 * @state: IFLA_VF_LINK_STATE_*
 *
 * Return: 0 for AUTO, -EINVAL if there is no such VF, else -EOPNOTSUPP.
 */
int bny_host_set_link_state(struct bny_dev *bd, int vf_id, int state)
{
	return bny_host_only(bd, vf_id, state == IFLA_VF_LINK_STATE_AUTO);
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
	info->spoofchk = 0;
	info->linkstate = IFLA_VF_LINK_STATE_AUTO;
	return 0;
}
