/*
 * Banyan: what goes to the wire (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_EGRESS_H
#define HW_NET_BANYAN_EGRESS_H

#include "frame.h"

/* enum banyan_reach: who is there, at the other end of the wire */
typedef enum BanyanReach {
    BANYAN_REACH_WIRE,
    BANYAN_REACH_DOWN,          /* the link is down, or it takes nothing */
    BANYAN_REACH_NOBODY,        /* it goes nowhere */
} BanyanReach;

/* Is the link up? */
bool banyan_egress_is_up(const BanyanPort *port);
BanyanReach banyan_egress_reach(const BanyanPort *port);

void banyan_egress_init(BanyanPort *port);
void banyan_egress_exit(BanyanPort *port);
void banyan_egress_func_init(BanyanFunc *f);

/* The form in which the backend takes a frame */
BanyanForm banyan_egress_form(const BanyanPort *port, const BanyanFrame *frame);

/**
 * banyan_egress_put: send a frame, or let it wait for its turn
 * @f: its sender
 * @frame: in the form that the backend takes; copied if it has to wait
 *
 * Returns false if there is no room: too much of the function's waits.
 */
bool banyan_egress_put(BanyanFunc *f, const BanyanFrame *frame);
bool banyan_egress_has_room(const BanyanFunc *f);

/* Send what waits, each function in its turn, as long as there is work left */
void banyan_egress_run(BanyanPort *port);

/* Would banyan_egress_run() have something to do? */
bool banyan_egress_wants(const BanyanPort *port);

/* What waits of a function's, or of all, is gone. Returns how many packets */
unsigned banyan_egress_drop(BanyanFunc *f);
void banyan_egress_drop_all(BanyanPort *port);

#endif /* HW_NET_BANYAN_EGRESS_H */
