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

/*
 * Put another policy into force: the VF loses what it had under the old one, and has to ask anew,
 * which it is told. @policy: %NULL if there is no change. Drops @pf->lock.
 */
static void bny_host_set_policy(struct bny_pf *pf, struct bny_vf *vf,
				const struct bny_vf_policy *policy)
{
	unsigned int vf_id = vf - pf->vfs;

	lockdep_assert_held(&pf->lock);

	if (policy) {
		bny_vf_clear(pf, vf);
		vf->policy = *policy;
		bny_vf_apply_policy(pf, vf);
	}
	mutex_unlock(&pf->lock);
	if (policy)
		bny_pf_tell_vf(pf, vf_id, BNY_MBX_PF_READY);
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
	struct bny_pf *pf = bd->priv;
	struct bny_vf_policy policy;
	struct bny_vf *vf;
	bool change;

	if (is_multicast_ether_addr(mac))
		return -EINVAL;

	mutex_lock(&pf->lock);
	vf = bny_host_vf(pf, vf_id);
	if (!vf) {
		mutex_unlock(&pf->lock);
		return -EINVAL;
	}

	policy = vf->policy;
	if (is_zero_ether_addr(mac)) {
		change = policy.mac_set;
		policy.mac_set = false;
	} else {
		change = !ether_addr_equal(policy.mac, mac);
		policy.mac_set |= change;
		ether_addr_copy(policy.mac, mac);
	}
	bny_host_set_policy(pf, vf, change ? &policy : NULL);
	return 0;
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
	struct bny_pf *pf = bd->priv;
	struct bny_vf_policy policy;
	struct bny_vf *vf;

	mutex_lock(&pf->lock);
	vf = bny_host_vf(pf, vf_id);
	if (!vf) {
		mutex_unlock(&pf->lock);
		return -EINVAL;
	}

	policy = vf->policy;
	policy.trusted = trusted;
	bny_host_set_policy(pf, vf, trusted != vf->policy.trusted ? &policy : NULL);
	return 0;
}

/* Of what isn't supported: @no_change is what every VF has */
static int bny_host_only(struct bny_dev *bd, int vf_id, bool no_change)
{
	struct bny_pf *pf = bd->priv;
	bool found;

	mutex_lock(&pf->lock);
	found = bny_host_vf(pf, vf_id);
	mutex_unlock(&pf->lock);

	if (!found)
		return -EINVAL;
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
	struct bny_pf *pf = bd->priv;
	const struct bny_vf *vf;
	int err = -EINVAL;

	mutex_lock(&pf->lock);
	vf = bny_host_vf(pf, vf_id);
	if (vf) {
		info->vf = vf_id;
		ether_addr_copy(info->mac, vf->policy.mac);
		info->trusted = vf->policy.trusted;
		info->spoofchk = 0;
		info->linkstate = IFLA_VF_LINK_STATE_AUTO;
		err = 0;
	}
	mutex_unlock(&pf->lock);
	return err;
}
