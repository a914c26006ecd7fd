/*
 * Banyan: VEB, forwarding between functions and the uplink
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_FORWARD_H
#define HW_NET_BANYAN_FORWARD_H

#include "frame.h"

bool banyan_forward_resolve(BanyanPort *port, const BanyanFrame *frame,
                            BanyanVebDest *dest);
void banyan_forward(BanyanPort *port, BanyanFrame *frame,
                    const BanyanVebDest *dest);

#endif /* HW_NET_BANYAN_FORWARD_H */
