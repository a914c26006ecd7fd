// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: the service work (datasheet, chapter "Life of a function").
 *
 * All that a function needs beyond moving packets is done here, one thing after the other: causes
 * of the administrative interrupt, resets, the other side, settings, the link. So it may wait, and
 * nobody waits for it under the RTNL. What else uses the ops (probe, remove, PCI error recovery,
 * FLR, suspend) disables it meanwhile.
 */
#include <linux/rtnetlink.h>

#include "bny_event.h"
#include "bny_func.h"
#include "bny_hw.h"
#include "bny_mbox.h"
#include "bny_rx_mode.h"
#include "bny_service.h"

/* Rounds that causes are looked at before the rest has its turn */
#define BNY_SERVICE_ROUNDS	16

/* A reset this soon after the one before counts as one more try */
#define BNY_RESET_SOON		(30 * HZ)
/* Delay before the second try; it doubles with each one after. Behind so many it is the long one */
#define BNY_RESET_DELAY_MS	20U
#define BNY_RESET_TRIES		8
#define BNY_RESET_DELAY_LONG	(10 * HZ)

/* Delay before a function that has vanished is looked for */
#define BNY_GONE_DELAY		HZ

/* Delay before the other side is looked for; it doubles with each look in vain */
#define BNY_LOOK_DELAY_MIN	HZ
#define BNY_LOOK_DELAY_MAX	(32 * HZ)

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

/* Log the error that the device has latched, and have the function reset */
static void bny_service_error(struct bny_dev *bd)
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
	else if (info & BNY_ERROR_INFO_CONTROL)
		netdev_err(bd->netdev, "device error %u (%s), control queue, index %lu\n", code,
			   name, FIELD_GET(BNY_ERROR_INFO_INDEX, info));
	else
		netdev_err(bd->netdev, "device error %u (%s), queue pair %lu %s, index %lu\n", code,
			   name, FIELD_GET(BNY_ERROR_INFO_QUEUE_PAIR, info),
			   info & BNY_ERROR_INFO_RX ? "receive" : "transmit",
			   FIELD_GET(BNY_ERROR_INFO_INDEX, info));
	bny_event(bd, BNY_EVENT_RESET);
}

static void bny_service_link(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;
	u32 link = bny_read(bd, BNY_REG_LINK);
	u32 speed = 0;

	/* What has no carrier otherwise was given none when it was stopped */
	if (bd->state != BNY_STATE_READY || !READ_ONCE(bd->regs))
		return;
	if (link & BNY_LINK_UP)
		speed = FIELD_GET(BNY_LINK_SPEED, link);

	WRITE_ONCE(bd->link_speed, speed);
	if (speed == 0 && netif_carrier_ok(netdev)) {
		netif_carrier_off(netdev);
		netdev_info(netdev, "link down\n");
	} else if (speed && !netif_carrier_ok(netdev)) {
		netif_carrier_on(netdev);
		netdev_info(netdev, "link up, %u Mb/s\n", speed);
	}
}

static void bny_service_handle(struct bny_dev *bd, u32 causes)
{
	if (causes & BNY_IRQ_LINK)
		bny_event(bd, BNY_EVENT_LINK);
	if (causes & BNY_IRQ_ERROR)
		bny_service_error(bd);
	if (causes & bd->ops->irq_causes)
		bd->ops->admin_irq(bd, causes & bd->ops->irq_causes);
}

static void bny_service_causes(struct bny_dev *bd)
{
	unsigned int rounds;
	u32 causes;

	/* A message is sent only when no cause was latched before: leave none behind */
	for (rounds = 0; rounds < BNY_SERVICE_ROUNDS; rounds++) {
		causes = bny_read(bd, BNY_REG_IRQ_CAUSE);
		if (!causes || !READ_ONCE(bd->regs))
			return;
		bny_write(bd, BNY_REG_IRQ_CAUSE, causes);
		bny_service_handle(bd, causes);
	}
	bny_event(bd, BNY_EVENT_IRQ);
}

static void bny_service_wait(struct bny_dev *bd, unsigned long delay)
{
	bd->backoff.waiting = true;
	bd->backoff.at = jiffies + delay;
}

/* Whether the time has come for another try; then it is taken */
static bool bny_service_due(struct bny_dev *bd)
{
	if (!bd->backoff.waiting || time_before(jiffies, bd->backoff.at))
		return false;
	bd->backoff.waiting = false;
	return true;
}

static unsigned long bny_service_reset_delay(struct bny_dev *bd)
{
	unsigned int resets = bd->backoff.resets;
	unsigned long delay = 0;

	if (resets >= BNY_RESET_TRIES)
		delay = BNY_RESET_DELAY_LONG;
	else if (resets)
		delay = msecs_to_jiffies(BNY_RESET_DELAY_MS << (resets - 1));
	return READ_ONCE(bd->regs) ? delay : max(delay, BNY_GONE_DELAY);
}

static unsigned long bny_service_look_delay(unsigned int looks)
{
	return looks < 5 ? BNY_LOOK_DELAY_MIN << looks : BNY_LOOK_DELAY_MAX;
}

/* The function doesn't do what it should */
static void bny_service_broken(struct bny_dev *bd)
{
	struct bny_backoff *backoff = &bd->backoff;

	if (bd->state != BNY_STATE_READY)
		return;
	bny_func_quiesce(bd, BNY_STATE_BROKEN);

	if (time_after(jiffies, backoff->last + BNY_RESET_SOON))
		backoff->resets = 0;
	if (backoff->resets == BNY_RESET_TRIES)
		netdev_err(bd->netdev, "%u resets didn't help, from here on every %u s\n",
			   BNY_RESET_TRIES, BNY_RESET_DELAY_LONG / HZ);
	bny_service_wait(bd, bny_service_reset_delay(bd));
}

/* A function that has vanished may be there again, by others' doing, but not as it was left */
static bool bny_service_find(struct bny_dev *bd)
{
	struct pci_dev *pdev = bd->pdev;
	u16 vendor;

	if (READ_ONCE(bd->regs))
		return true;
	/* A VF's own vendor ID reads as all ones always */
	if (pci_dev_is_disconnected(pdev) || !pci_device_is_present(pdev))
		return false;
	if (pci_read_config_word(pdev, PCI_SUBSYSTEM_VENDOR_ID, &vendor) ||
	    vendor != pdev->subsystem_vendor)
		return false;
	if (!bny_hw_open(bd)) {
		pci_restore_state(pdev);
		pci_save_state(pdev);
		if (!bny_hw_open(bd))
			return false;
	}
	netdev_info(bd->netdev, "function answers again\n");
	return true;
}

static void bny_service_reset(struct bny_dev *bd)
{
	struct bny_backoff *backoff = &bd->backoff;
	int err = -ENODEV;

	/* What it waited for has come: the tries before don't count */
	if (bny_event_take(bd, BNY_EVENT_RESTORE)) {
		backoff->resets = 0;
		bny_service_wait(bd, 0);
	}
	if (!bny_service_due(bd))
		return;

	backoff->last = jiffies;
	backoff->looks = 0;
	if (backoff->resets <= BNY_RESET_TRIES)
		backoff->resets++;
	/* Who asked until now has it. An error just behind the reset asks for another one */
	bny_event_take(bd, BNY_EVENT_RESET);
	bny_event_take(bd, BNY_EVENT_RETRY);

	if (bny_service_find(bd))
		err = bny_func_revive(bd);
	if (!err) {
		netdev_info(bd->netdev, "reset done\n");
		return;
	}
	if (backoff->resets <= BNY_RESET_TRIES)
		netdev_err(bd->netdev, "reset failed: %pe\n", ERR_PTR(err));
	bny_service_wait(bd, bny_service_reset_delay(bd));
}

static void bny_service_restore(struct bny_dev *bd)
{
	bd->backoff.waiting = false;
	/* An FLR of the PF takes its VFs with it: then there is more to bring back than settings */
	if (bny_hw_was_reset(bd) || bny_func_restore(bd)) {
		bny_event(bd, BNY_EVENT_RESET);
		return;
	}
	if (!test_bit(BNY_EVENT_RETRY, &bd->events))
		bd->backoff.looks = 0;
	bny_event(bd, BNY_EVENT_LINK);
}

static void bny_service_tell(struct bny_dev *bd)
{
	int err = 0;

	if (bny_event_take(bd, BNY_EVENT_SETTINGS)) {
		err = bny_func_tell(bd);
		if (err)
			netdev_err(bd->netdev, "address and state not set: %pe\n", ERR_PTR(err));
		bny_event(bd, BNY_EVENT_LINK);
	}
	if (bny_event_take(bd, BNY_EVENT_RX_MODE)) {
		err = bny_rx_mode_apply(bd);
		if (err && net_ratelimit())
			netdev_warn(bd->netdev, "receive mode not set: %pe\n", ERR_PTR(err));
	}
}

/* A function that works: keep the other side up to date */
static void bny_service_keep(struct bny_dev *bd)
{
	struct bny_backoff *backoff = &bd->backoff;

	if (bny_event_take(bd, BNY_EVENT_RESTORE) || bny_service_due(bd))
		bny_service_restore(bd);
	if (bny_event_take(bd, BNY_EVENT_RETRY) && !backoff->waiting)
		bny_service_wait(bd, bny_service_look_delay(backoff->looks++));
	bny_service_tell(bd);
}

static void bny_service_work(struct work_struct *work)
{
	struct bny_dev *bd = container_of(to_delayed_work(work), struct bny_dev, service);

	if (bny_event_take(bd, BNY_EVENT_IRQ))
		bny_service_causes(bd);
	if (bny_event_take(bd, BNY_EVENT_RESET))
		bny_service_broken(bd);
	if (bd->state == BNY_STATE_BROKEN)
		bny_service_reset(bd);
	if (bd->state == BNY_STATE_READY)
		bny_service_keep(bd);
	if (bny_event_take(bd, BNY_EVENT_LINK))
		bny_service_link(bd);

	if (bd->backoff.waiting)
		bny_event_run(bd, max_t(long, bd->backoff.at - jiffies, 1));
}

/**
 * bny_service_init() - set up the service work, disabled
 * @bd: the function
 */
void bny_service_init(struct bny_dev *bd)
{
	INIT_DELAYED_WORK(&bd->service, bny_service_work);
	disable_delayed_work(&bd->service);
	bd->backoff.last = jiffies - BNY_RESET_SOON - 1;
}

/**
 * bny_service_enable() - let the service work run, and see to what has happened meanwhile
 * @bd: the function
 */
void bny_service_enable(struct bny_dev *bd)
{
	enable_delayed_work(&bd->service);
	bny_event_run(bd, 0);
}

/**
 * bny_service_disable() - end the service work; the caller may call the ops from here on
 * @bd: the function
 *
 * Cuts short what the work waits for.
 *
 * Context: process, without the RTNL.
 */
void bny_service_disable(struct bny_dev *bd)
{
	bny_mbox_close(bd->mbox);
	disable_delayed_work_sync(&bd->service);
	bny_mbox_open(bd->mbox);
}

/**
 * bny_service_freeze() - let nobody touch the function until bny_service_thaw()
 * @bd: the function, which someone else resets, or powers down; may be gone
 *
 * Twice is once: an error may freeze a function whose recovery fails without a word, and somebody
 * resets it later.
 *
 * Context: process, without the RTNL.
 */
void bny_service_freeze(struct bny_dev *bd)
{
	if (bd->state == BNY_STATE_FROZEN)
		return;
	bny_service_disable(bd);
	bny_func_quiesce(bd, BNY_STATE_FROZEN);
	bny_hw_close(bd);
}

/**
 * bny_service_thaw() - undo bny_service_freeze(): the service work brings the function back
 * @bd: the function
 *
 * Context: process.
 */
void bny_service_thaw(struct bny_dev *bd)
{
	/* What was saved is used up by the PCI core, or by whoever else has restored it */
	pci_save_state(bd->pdev);

	if (bd->state != BNY_STATE_FROZEN)
		return;
	bny_hw_open(bd);
	WRITE_ONCE(bd->state, BNY_STATE_BROKEN);
	bd->backoff.resets = 0;
	bny_service_wait(bd, 0);
	bny_service_enable(bd);
}

/**
 * bny_service_flush() - wait until the service work has done what it can do now
 * @bd: the function
 *
 * Context: process, without the RTNL.
 */
void bny_service_flush(struct bny_dev *bd)
{
	flush_delayed_work(&bd->service);
}
