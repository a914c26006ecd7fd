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
void banyan_sched_kick(BanyanQp *qp);
void banyan_sched_cancel(BanyanQp *qp);
void banyan_sched_resume(BanyanPort *port);
bool banyan_sched_may_go_on(const BanyanPort *port);

/* A frame of @len bytes has been handled: delivered, sent, or looked at */
static inline void banyan_sched_count(BanyanPort *port, uint32_t len)
{
    port->work_frames++;
    port->work_bytes += len;
}

#endif /* HW_NET_BANYAN_SCHED_H */
