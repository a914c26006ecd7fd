/*
 * Banyan: receive (datasheet, sections 4 and 6)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_RX_H
#define HW_NET_BANYAN_RX_H

#include "frame.h"

void banyan_rx_deliver(BanyanFunc *f, BanyanFrame *frame);

/* Ends a burst: whoever got something hears of it */
void banyan_rx_commit(BanyanPort *port);

#endif /* HW_NET_BANYAN_RX_H */
