/*
 * Banyan: whose turn it is to send
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_SCHED_H
#define HW_NET_BANYAN_SCHED_H

#include "banyan.h"

void banyan_sched_init(BanyanPort *port);
void banyan_sched_exit(BanyanPort *port);

#endif /* HW_NET_BANYAN_SCHED_H */
