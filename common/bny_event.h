/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: what is told upwards: an event is noted, the service work sees to it.
 */
#ifndef BNY_EVENT_H
#define BNY_EVENT_H

#include "bny.h"

/**
 * enum bny_event - what the service work (bny_service.c) is to see to
 * @BNY_EVENT_IRQ: the administrative interrupt came
 * @BNY_EVENT_RESET: the function doesn't work: reset it, rings start afresh
 * @BNY_EVENT_RESTORE: the other side has lost the settings, but is there (VF: the PF is back): hand
 *	them over anew, rings run on
 * @BNY_EVENT_RETRY: the other side isn't there: look for it later, and again
 * @BNY_EVENT_SETTINGS: the netdev's address has changed, or it was opened or stopped
 * @BNY_EVENT_RX_MODE: the netdev's lists of addresses or its modes have changed
 * @BNY_EVENT_LINK: the link is to be looked at
 * @BNY_EVENTS: how many there are
 */
enum bny_event {
	BNY_EVENT_IRQ,
	BNY_EVENT_RESET,
	BNY_EVENT_RESTORE,
	BNY_EVENT_RETRY,
	BNY_EVENT_SETTINGS,
	BNY_EVENT_RX_MODE,
	BNY_EVENT_LINK,
	BNY_EVENTS
};

void bny_event(struct bny_dev *bd, enum bny_event event);
bool bny_event_take(struct bny_dev *bd, enum bny_event event);
void bny_event_broken(struct bny_dev *bd, const char *what, u32 value);
void bny_event_run(struct bny_dev *bd, unsigned long delay);

#endif /* BNY_EVENT_H */
