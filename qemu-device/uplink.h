/*
 * Banyan: uplink, the network port (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_UPLINK_H
#define HW_NET_BANYAN_UPLINK_H

#include "frame.h"

void banyan_uplink_init(BanyanPort *port, NICConf *conf, DeviceState *dev);
void banyan_uplink_exit(BanyanPort *port);

/* Go on with a frame that was left off in the middle */
void banyan_uplink_go_on(BanyanPort *port);

/* Let the backend go on, if it was told to wait */
void banyan_uplink_let_in(BanyanPort *port);

#endif /* HW_NET_BANYAN_UPLINK_H */
