// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: addresses and modes that the netdev wants to receive.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "bny_rx_mode.h"

static unsigned int bny_copy_addrs(u8 (*to)[ETH_ALEN], unsigned int max,
				   const struct netdev_hw_addr_list *list)
{
	const struct netdev_hw_addr *ha;
	unsigned int n = 0;

	netdev_hw_addr_list_for_each(ha, list) {
		if (n == max)
			break;
		ether_addr_copy(to[n++], ha->addr);
	}
	return n;
}

/**
 * bny_rx_mode_apply() - hand the netdev's addresses, VLANs and modes to the function's ops
 * @bd: the function
 *
 * Context: process, by whoever may call the ops.
 * Return: 0 or -errno.
 */
int bny_rx_mode_apply(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;
	struct bny_rx_mode mode = {};
	unsigned int uc_max, mc_max;
	int err;

	/* A list that grows behind our back is told of once more */
	uc_max = READ_ONCE(netdev->uc.count);
	mc_max = READ_ONCE(netdev->mc.count);
	mode.uc = kcalloc(uc_max + mc_max, ETH_ALEN, GFP_KERNEL);
	if (!mode.uc)
		return -ENOMEM;
	mode.mc = mode.uc + uc_max;

	netif_addr_lock_bh(netdev);
	mode.promisc = netdev->flags & IFF_PROMISC;
	mode.allmulti = netdev->flags & IFF_ALLMULTI;
	mode.uc_count = bny_copy_addrs(mode.uc, uc_max, &netdev->uc);
	mode.mc_count = bny_copy_addrs(mode.mc, mc_max, &netdev->mc);
	netif_addr_unlock_bh(netdev);

	bitmap_or(mode.vlans, bd->ctags, bd->stags, VLAN_N_VID);
	mode.vlan_count = bitmap_weight(mode.vlans, VLAN_N_VID);

	err = bd->ops->set_rx_mode(bd, &mode);
	kfree(mode.uc);
	return err;
}
