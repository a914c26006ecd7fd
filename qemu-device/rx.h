/*
 * Banyan: receive (datasheet, sections 4 and 6)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_RX_H
#define HW_NET_BANYAN_RX_H

#include "frame.h"

/* The form in which the function takes a frame, by its FEATURES */
BanyanForm banyan_rx_form(const BanyanFunc *f, const BanyanFrame *frame);

/* What it is told of the frame's checksum */
BanyanCsum banyan_rx_verdict(const BanyanFunc *f, const BanyanFrame *frame);

/**
 * banyan_rx_deliver: put a frame into the buffers of a function
 * @frame: in the form that the function takes
 *
 * Returns BNY_CNT_RX_PACKETS, or the counter of its drop; counts nothing.
 */
enum bny_counter banyan_rx_deliver(BanyanFunc *f, BanyanFrame *frame);

/* The go is over: whoever got something hears of it */
void banyan_rx_commit(BanyanPort *port);

#endif /* HW_NET_BANYAN_RX_H */
