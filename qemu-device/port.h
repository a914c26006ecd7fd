/*
 * Banyan: port, what the functions of a device share
 *
 * No function owns it. It lives as long as one of them does, or somebody is
 * at work on it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_PORT_H
#define HW_NET_BANYAN_PORT_H

#include "banyan.h"

/*
 * What stands between these two is work under way: nobody's registers can be
 * written, and whatever goes away meanwhile is there until the end.
 */
void banyan_port_enter(BanyanPort *port);
void banyan_port_leave(BanyanPort *port);

static inline bool banyan_port_at_work(const BanyanPort *port)
{
    return port->at_work;
}

/* May BAR 0 and 2 of a function be accessed? */
bool banyan_func_accepts(void *opaque, hwaddr addr, unsigned size,
                         bool is_write, MemTxAttrs attrs);

#endif /* HW_NET_BANYAN_PORT_H */
