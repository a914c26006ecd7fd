// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: reset and recovery (datasheet, chapter "Life of a function").
 *
 * To quiesce a function is to stop its rings and to detach its netdev; to revive it is to reset it
 * and to bring everything back. Errors and time-outs do both in one work; PCI error recovery, FLR
 * and suspend do them apart, with that work disabled in between.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "bny_core.h"

/* A reset this soon after the one before counts as one more try */
#define BNY_RESET_SOON		(30 * HZ)
#define BNY_RESET_TRIES_MAX	8
/* Delay before the second try; it doubles with each one after */
#define BNY_RESET_BACKOFF_MS	20U

static const char * const bny_error_names[] = {
	[BNY_ERR_NONE]		= "none",
	[BNY_ERR_REG_ACCESS]	= "register access",
	[BNY_ERR_REG_VALUE]	= "register value",
	[BNY_ERR_RING_CONFIG]	= "ring configuration",
	[BNY_ERR_DOORBELL]	= "doorbell",
	[BNY_ERR_DESC_ADDR]	= "descriptor address",
	[BNY_ERR_DESC_LEN]	= "descriptor length",
	[BNY_ERR_DESC_CHAIN]	= "descriptor chain",
	[BNY_ERR_DESC_CMD]	= "descriptor command",
	[BNY_ERR_FRAME_LEN]	= "frame length",
	[BNY_ERR_CQ_OVERRUN]	= "completion ring overrun",
	[BNY_ERR_DMA]		= "DMA",
	[BNY_ERR_INJECTED]	= "injected",
};

/* ERROR_INFO is a register's offset for these, an entry of a ring for the others */
static bool bny_error_is_register(u32 code)
{
	return code == BNY_ERR_REG_ACCESS || code == BNY_ERR_REG_VALUE;
}

/**
 * bny_error_report() - log the error that the device has latched, and reset the function
 * @bd: the function
 *
 * Context: process.
 */
void bny_error_report(struct bny_dev *bd)
{
	u32 status = bny_read(bd, BNY_REG_STATUS);
	u32 code, info;
	const char *name;

	if (!READ_ONCE(bd->regs) || !(status & BNY_STATUS_ERROR))
		return;

	code = FIELD_GET(BNY_ERROR_CODE, bny_read(bd, BNY_REG_ERROR));
	info = bny_read(bd, BNY_REG_ERROR_INFO);
	name = code < ARRAY_SIZE(bny_error_names) ? bny_error_names[code] : "unknown";
	if (bny_error_is_register(code))
		netdev_err(bd->netdev, "device error %u (%s), offset %#x\n", code, name, info);
	else
		netdev_err(bd->netdev, "device error %u (%s), queue pair %lu %s, index %lu\n", code,
			   name, FIELD_GET(BNY_ERROR_INFO_QUEUE_PAIR, info),
			   info & BNY_ERROR_INFO_RX ? "receive" : "transmit",
			   FIELD_GET(BNY_ERROR_INFO_INDEX, info));
	bny_reset_schedule(bd, BNY_RESET_FULL);
}

/* Take the permanent address at first, and whenever the host has given a VF a new one */
static void bny_adopt_mac(struct bny_dev *bd)
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

	ether_addr_copy(netdev->perm_addr, mac);
	eth_hw_addr_set(netdev, mac);
	if (netdev->reg_state == NETREG_REGISTERED)
		call_netdevice_notifiers(NETDEV_CHANGEADDR, netdev);
}

static int bny_func_set_mac(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;
	int err;

	err = bd->ops->set_mac(bd, netdev->dev_addr);
	if (!err || ether_addr_equal(netdev->dev_addr, netdev->perm_addr) ||
	    !is_valid_ether_addr(netdev->perm_addr))
		return err;

	/* The address was the user's choice, which isn't allowed any more */
	netdev_warn(netdev, "address %pM is refused (%pe), back to %pM\n", netdev->dev_addr,
		    ERR_PTR(err), netdev->perm_addr);
	err = bd->ops->set_mac(bd, netdev->perm_addr);
	if (!err) {
		eth_hw_addr_set(netdev, netdev->perm_addr);
		call_netdevice_notifiers(NETDEV_CHANGEADDR, netdev);
	}
	return err;
}

/* Agree with the other side and hand it all settings anew. Rings may be running */
static int bny_func_restore(struct bny_dev *bd)
{
	int err;

	/* What the ops have lowered may be the device's own again */
	bny_hw_identify(bd);
	err = bd->ops->init(bd);
	if (err)
		return err;

	bd->queue_pairs_max = min_t(unsigned int, bd->policy.queue_pairs,
				    bd->netdev->num_tx_queues);
	if (!bd->queue_pairs_max)
		return -ENOSPC;
	bd->netdev->max_mtu = bd->policy.max_mtu;
	bny_adopt_mac(bd);

	err = bny_func_set_mac(bd);
	if (err)
		return err;
	if (bd->netdev->reg_state != NETREG_REGISTERED)
		return 0;

	err = bny_rx_mode_apply(bd);
	if (err)
		netdev_warn(bd->netdev, "receive mode not set: %pe\n", ERR_PTR(err));
	return netif_running(bd->netdev) ? bd->ops->set_up(bd, true) : 0;
}

/**
 * bny_func_init() - reset the function and bring it to where rings can be started
 * @bd: the function, no ring running
 *
 * Context: process; RTNL once the netdev is registered.
 * Return: 0 or -errno.
 */
int bny_func_init(struct bny_dev *bd)
{
	int err;

	mutex_lock(&bd->func_lock);
	err = bny_hw_reset(bd);
	if (err)
		goto unlock;
	bny_irq_causes_enable(bd);
	err = bny_func_restore(bd);
unlock:
	mutex_unlock(&bd->func_lock);
	return err;
}

/* RTNL is held */
static void bny_quiesce(struct bny_dev *bd)
{
	if (test_and_set_bit(BNY_FLAG_QUIESCED, bd->flags))
		return;
	netif_device_detach(bd->netdev);
	if (bd->ops->reset_prepare)
		bd->ops->reset_prepare(bd);
	bny_rings_stop(bd);
}

/* The function may have been left fewer queue pairs than are in use */
static int bny_revive_rings(struct bny_dev *bd)
{
	struct bny_config config = bd->config;

	if (config.queue_pairs <= bd->queue_pairs_max)
		return 0;
	config.queue_pairs = bd->queue_pairs_max;
	return bny_rings_change(bd, &config);
}

/* RTNL is held. On failure the function stays quiesced, for another try */
static int bny_revive(struct bny_dev *bd)
{
	int err;

	/* Who asked until now has it. An error just behind the reset asks for another one */
	clear_bit(BNY_FLAG_RESET_FULL, bd->flags);
	clear_bit(BNY_FLAG_RESET_FUNC, bd->flags);

	err = bny_func_init(bd);
	if (err)
		return err;
	err = bny_revive_rings(bd);
	if (err)
		return err;

	clear_bit(BNY_FLAG_QUIESCED, bd->flags);
	if (netif_running(bd->netdev))
		bny_rings_start(bd);
	netif_device_attach(bd->netdev);
	bny_link_check(bd);

	mutex_lock(&bd->func_lock);
	if (bd->ops->reset_done)
		bd->ops->reset_done(bd);
	mutex_unlock(&bd->func_lock);
	return 0;
}

static void bny_reset_queue(struct bny_dev *bd)
{
	unsigned int tries = READ_ONCE(bd->reset_tries);
	unsigned int delay = tries ? BNY_RESET_BACKOFF_MS << (tries - 1) : 0;

	queue_delayed_work(system_unbound_wq, &bd->reset_work, msecs_to_jiffies(delay));
}

/**
 * bny_reset_schedule() - ask for a reset
 * @bd: the function
 * @kind: how much of it
 *
 * Context: any.
 */
void bny_reset_schedule(struct bny_dev *bd, enum bny_reset_kind kind)
{
	if (kind == BNY_RESET_FULL) {
		set_bit(BNY_FLAG_RESET_FULL, bd->flags);
		bny_reset_queue(bd);
	} else {
		/* The other side is ready now: don't wait out a delay */
		set_bit(BNY_FLAG_RESET_FUNC, bd->flags);
		mod_delayed_work(system_unbound_wq, &bd->reset_work, 0);
	}
}
EXPORT_SYMBOL_GPL(bny_reset_schedule);

static void bny_reset_full(struct bny_dev *bd)
{
	int err;

	if (time_after(jiffies, bd->reset_last + BNY_RESET_SOON))
		bd->reset_tries = 0;
	bd->reset_last = jiffies;

	bny_quiesce(bd);
	if (bd->reset_tries >= BNY_RESET_TRIES_MAX) {
		netdev_err(bd->netdev, "given up after %u resets; a reset through sysfs starts anew\n",
			   bd->reset_tries);
		return;
	}
	bd->reset_tries++;

	err = bny_revive(bd);
	if (!err) {
		netdev_info(bd->netdev, "reset done\n");
	} else {
		netdev_err(bd->netdev, "reset failed: %pe\n", ERR_PTR(err));
		if (READ_ONCE(bd->regs))
			bny_reset_schedule(bd, BNY_RESET_FULL);
	}
}

static int bny_reset_func(struct bny_dev *bd)
{
	int err;

	mutex_lock(&bd->func_lock);
	err = bny_func_restore(bd);
	mutex_unlock(&bd->func_lock);
	bny_link_check(bd);
	return err;
}

static void bny_reset_work(struct work_struct *work)
{
	struct bny_dev *bd = container_of(to_delayed_work(work), struct bny_dev, reset_work);
	bool full, func;

	rtnl_lock();
	full = test_and_clear_bit(BNY_FLAG_RESET_FULL, bd->flags);
	func = test_and_clear_bit(BNY_FLAG_RESET_FUNC, bd->flags);

	if (func && test_bit(BNY_FLAG_QUIESCED, bd->flags)) {
		/* What it waited for has come: the tries before don't count */
		bd->reset_tries = 0;
		full = true;
	}
	if (full) {
		bny_reset_full(bd);
	} else if (func && bny_reset_func(bd)) {
		bd->reset_tries = 1;
		bny_reset_schedule(bd, BNY_RESET_FULL);
	}
	rtnl_unlock();
}

/**
 * bny_reset_init() - set up the reset work
 * @bd: the function
 */
void bny_reset_init(struct bny_dev *bd)
{
	INIT_DELAYED_WORK(&bd->reset_work, bny_reset_work);
	bd->reset_last = jiffies - BNY_RESET_SOON - 1;
}

/**
 * bny_freeze() - quiesce the function until bny_thaw(): someone else resets it, or powers it down
 * @bd: the function; may be gone
 *
 * Twice is once: an error may freeze a function whose recovery fails without a word, and somebody
 * resets it later.
 *
 * Context: process.
 */
void bny_freeze(struct bny_dev *bd)
{
	if (test_and_set_bit(BNY_FLAG_FROZEN, bd->flags))
		return;

	disable_delayed_work_sync(&bd->reset_work);
	rtnl_lock();
	bny_quiesce(bd);
	rtnl_unlock();
	disable_work_sync(&bd->rx_mode_work);
	disable_work_sync(&bd->admin_work);
}

/**
 * bny_thaw() - undo bny_freeze()
 * @bd: the function
 *
 * Context: process.
 * Return: 0 or -errno. Then another try is scheduled.
 */
int bny_thaw(struct bny_dev *bd)
{
	int err;

	/* What was saved is used up by the PCI core, or by whoever else has restored it */
	pci_save_state(bd->pdev);

	if (!test_and_clear_bit(BNY_FLAG_FROZEN, bd->flags))
		return 0;

	/* Reads may have brought nothing while it was reset */
	bny_reappear(bd);
	enable_work(&bd->admin_work);
	enable_work(&bd->rx_mode_work);

	rtnl_lock();
	bd->reset_tries = 0;
	err = bny_revive(bd);
	rtnl_unlock();

	enable_delayed_work(&bd->reset_work);
	if (err) {
		netdev_err(bd->netdev, "not back after a reset: %pe\n", ERR_PTR(err));
		if (READ_ONCE(bd->regs))
			set_bit(BNY_FLAG_RESET_FULL, bd->flags);
	}
	/* Who asked in the meantime could not queue it */
	bny_reset_queue(bd);
	return err;
}
