// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: life of a function (datasheet, chapter "Life of a function").
 *
 * To quiesce a function is to stop its rings; to revive it is to reset it and to bring everything
 * back. Nobody here waits for the function or for the other side under the RTNL.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>

#include "bny_event.h"
#include "bny_func.h"
#include "bny_hw.h"
#include "bny_queues.h"
#include "bny_rx_mode.h"
#include "bny_vector.h"

static void bny_func_identify(struct bny_dev *bd)
{
	struct bny_policy *policy = &bd->policy;
	u32 lo = bny_read(bd, BNY_REG_MAC_LO);
	u32 hi = bny_read(bd, BNY_REG_MAC_HI);

	bd->caps = bny_read(bd, BNY_REG_CAPS);

	put_unaligned_le32(lo, &policy->mac[0]);
	put_unaligned_le16(hi, &policy->mac[4]);
	policy->max_mtu = BNY_MTU_MAX;
	policy->vlan_max = VLAN_N_VID;
	policy->queue_pairs = bd->netdev->num_tx_queues;
}

static bool bny_func_registered(struct bny_dev *bd)
{
	return bd->netdev->reg_state == NETREG_REGISTERED;
}

/* Change the netdev's address as its user would: who listens hears of it, and may object */
static int bny_func_change_mac(struct bny_dev *bd, const u8 *mac)
{
	struct sockaddr_storage addr = { .ss_family = bd->netdev->type };

	ASSERT_RTNL();

	ether_addr_copy(addr.__data, mac);
	return dev_set_mac_address(bd->netdev, &addr, NULL);
}

/* Take the permanent address at first, and whenever the host has given a VF a new one */
static void bny_func_adopt_mac(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;
	const u8 *mac = bd->policy.mac;

	if (!is_valid_ether_addr(mac)) {
		if (!is_valid_ether_addr(netdev->dev_addr))
			eth_hw_addr_random(netdev);
		return;
	}
	if (ether_addr_equal(mac, netdev->perm_addr))
		return;

	if (!bny_func_registered(bd)) {
		ether_addr_copy(netdev->perm_addr, mac);
		eth_hw_addr_set(netdev, mac);
		return;
	}
	rtnl_lock();
	ether_addr_copy(netdev->perm_addr, mac);
	if (bny_func_change_mac(bd, mac))
		netdev_warn(netdev, "address %pM was given, but not taken\n", mac);
	rtnl_unlock();
}

/* The netdev's address, which changes under this lock; registering makes lock and users */
static void bny_func_get_mac(struct bny_dev *bd, u8 *mac)
{
	if (!bny_func_registered(bd)) {
		ether_addr_copy(mac, bd->netdev->dev_addr);
		return;
	}

	netif_addr_lock_bh(bd->netdev);
	ether_addr_copy(mac, bd->netdev->dev_addr);
	netif_addr_unlock_bh(bd->netdev);
}

/* @mac isn't allowed: go back to the address that is in force, or else to the permanent one */
static int bny_func_mac_back(struct bny_dev *bd, const u8 *mac, int err)
{
	struct net_device *netdev = bd->netdev;
	const u8 *back = bd->told.mac;

	if (!is_valid_ether_addr(back))
		back = netdev->perm_addr;
	if (!is_valid_ether_addr(back) || ether_addr_equal(mac, back) || !bny_func_registered(bd))
		return err;

	rtnl_lock();
	/* The user may have chosen another one by now */
	if (ether_addr_equal(netdev->dev_addr, mac)) {
		netdev_warn(netdev, "address %pM is refused (%pe), back to %pM\n", mac,
			    ERR_PTR(err), back);
		if (bny_func_change_mac(bd, back))
			netdev_err(netdev, "the address can't be changed back: nothing is received\n");
	}
	rtnl_unlock();
	/* The change is a setting of its own, and is told as such */
	return 0;
}

static int bny_func_tell_mac(struct bny_dev *bd)
{
	u8 mac[ETH_ALEN];
	int err;

	bny_func_get_mac(bd, mac);
	if (ether_addr_equal(mac, bd->told.mac))
		return 0;

	err = bd->ops->set_mac(bd, mac);
	if (!err)
		ether_addr_copy(bd->told.mac, mac);
	else if (bny_present(bd))
		err = bny_func_mac_back(bd, mac, err);
	return err;
}

static int bny_func_tell_up(struct bny_dev *bd, bool up)
{
	int err;

	err = bd->ops->set_up(bd, up);
	if (!err)
		bd->told.up = up;
	return err;
}

/**
 * bny_func_tell() - hand the other side what has changed of the netdev's address and state
 * @bd: the function, initialised
 *
 * Context: process, by whoever may call the ops.
 * Return: 0 or -errno. An address that is refused is no error: the netdev has its old one again.
 */
int bny_func_tell(struct bny_dev *bd)
{
	bool up = netif_running(bd->netdev);
	int err;

	err = bny_func_tell_mac(bd);
	if (!err && up != bd->told.up)
		err = bny_func_tell_up(bd, up);
	return err;
}

/**
 * bny_func_restore() - agree with the other side and hand it all settings anew
 * @bd: the function; rings may be running
 *
 * Context: process, by whoever may call the ops.
 * Return: 0 or -errno.
 */
int bny_func_restore(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;
	int err;

	memset(&bd->told, 0, sizeof(bd->told));
	/* What the ops have lowered may be the device's own again */
	bny_func_identify(bd);
	err = bd->ops->init(bd);
	if (err)
		return err;

	bd->queue_pairs_max = min_t(unsigned int, bd->policy.queue_pairs, netdev->num_tx_queues);
	if (!bd->queue_pairs_max)
		return -ENOSPC;
	WRITE_ONCE(netdev->max_mtu, bd->policy.max_mtu);
	bny_func_adopt_mac(bd);

	err = bny_func_tell_mac(bd);
	if (err || !bny_func_registered(bd))
		return err;

	err = bny_rx_mode_apply(bd);
	if (err)
		netdev_warn(netdev, "receive mode not set: %pe\n", ERR_PTR(err));
	/* Also if it is down: the other side may believe that it is up */
	return bny_func_tell_up(bd, netif_running(netdev));
}

/**
 * bny_func_init() - reset the function and bring it to where rings can be started
 * @bd: the function, no ring running
 *
 * Context: process, by whoever may call the ops.
 * Return: 0 or -errno; then the function isn't bus master.
 */
int bny_func_init(struct bny_dev *bd)
{
	int err;

	err = bny_hw_reset(bd);
	if (err)
		return err;
	pci_set_master(bd->pdev);
	bny_vector_causes_enable(bd);
	err = bny_func_restore(bd);
	if (err)
		pci_clear_master(bd->pdev);
	return err;
}

/**
 * bny_func_fini() - take the function down for good
 * @bd: the function, no ring running. It does no DMA and sends no interrupt from here on
 *
 * Context: process, by whoever may call the ops.
 */
void bny_func_fini(struct bny_dev *bd)
{
	bd->ops->fini(bd);
	bny_vector_causes_disable(bd);
	/* VFs that stay keep their addresses in the device, which a reset would forget */
	if (!pci_num_vf(bd->pdev))
		bny_write(bd, BNY_REG_RESET, BNY_RESET_START);
	bny_read(bd, BNY_REG_STATUS);
	pci_clear_master(bd->pdev);
}

/**
 * bny_func_quiesce() - stop the function
 * @bd: the function; may be gone
 * @state: what it is from here on
 *
 * Context: process, by whoever may call the ops.
 */
void bny_func_quiesce(struct bny_dev *bd, enum bny_state state)
{
	if (bd->state == BNY_STATE_READY && bd->ops->reset_prepare)
		bd->ops->reset_prepare(bd);

	rtnl_lock();
	WRITE_ONCE(bd->state, state);
	netif_carrier_off(bd->netdev);
	bny_queues_stop(bd);
	rtnl_unlock();
	pci_clear_master(bd->pdev);
}

/* The function may have been left fewer queue pairs than are in use */
static int bny_func_fit_queues(struct bny_dev *bd)
{
	struct bny_config config = bd->config;

	if (config.queue_pairs <= bd->queue_pairs_max)
		return 0;
	config.queue_pairs = bd->queue_pairs_max;
	return bny_queues_change(bd, &config);
}

/**
 * bny_func_revive() - bring a quiesced function back
 * @bd: the function
 *
 * Context: process, by whoever may call the ops.
 * Return: 0 or -errno; then it stays as it was, for another try.
 */
int bny_func_revive(struct bny_dev *bd)
{
	int err;

	err = bny_func_init(bd);
	if (err)
		return err;

	rtnl_lock();
	err = bny_func_fit_queues(bd);
	if (!err) {
		WRITE_ONCE(bd->state, BNY_STATE_READY);
		if (netif_running(bd->netdev))
			bny_queues_start(bd);
	}
	rtnl_unlock();

	if (err)
		pci_clear_master(bd->pdev);
	else
		bny_event(bd, BNY_EVENT_LINK);
	return err;
}
