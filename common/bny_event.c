// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: what is told upwards.
 */
#include <linux/module.h>

#include "bny_event.h"

/* Of the service works alone, which wait for each other: a VF's for the PF's */
static struct workqueue_struct *bny_event_wq;

/**
 * bny_event_run() - let the service work run
 * @bd: the function
 * @delay: from now, jiffies; 0 brings forward a run that waits, another one doesn't
 *
 * Context: any. Does nothing while the work is disabled.
 */
void bny_event_run(struct bny_dev *bd, unsigned long delay)
{
	if (delay)
		queue_delayed_work(bny_event_wq, &bd->service, delay);
	else
		mod_delayed_work(bny_event_wq, &bd->service, 0);
}

/**
 * bny_event() - tell the service work something
 * @bd: the function
 * @event: what has happened
 *
 * Twice is once, until the work has seen it. While the work is disabled, events wait.
 *
 * Context: any.
 */
void bny_event(struct bny_dev *bd, enum bny_event event)
{
	set_bit(event, &bd->events);
	bny_event_run(bd, 0);
}
EXPORT_SYMBOL_NS_GPL(bny_event, "BANYAN");

/**
 * bny_event_take() - whether something has happened since the last look
 * @bd: the function
 * @event: the event
 *
 * Context: process; for whoever sees to events.
 * Return: true if it has.
 */
bool bny_event_take(struct bny_dev *bd, enum bny_event event)
{
	return test_and_clear_bit(event, &bd->events);
}

/**
 * bny_event_broken() - the device wrote what can't be: stop trusting it, have it reset
 * @bd: the function
 * @what: field
 * @value: what stands there
 *
 * Context: any.
 */
void bny_event_broken(struct bny_dev *bd, const char *what, u32 value)
{
	if (net_ratelimit())
		netdev_err(bd->netdev, "%s %u is impossible, resetting\n", what, value);
	bny_event(bd, BNY_EVENT_RESET);
}

static int __init bny_event_init(void)
{
	bny_event_wq = alloc_workqueue("banyan", WQ_UNBOUND, 0);
	return bny_event_wq ? 0 : -ENOMEM;
}
module_init(bny_event_init);

static void __exit bny_event_exit(void)
{
	destroy_workqueue(bny_event_wq);
}
module_exit(bny_event_exit);
