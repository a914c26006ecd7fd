/*
 * Banyan: control queue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_CONTROL_H
#define HW_NET_BANYAN_CONTROL_H

#include "banyan.h"

void banyan_control_init(BanyanPort *port);
void banyan_control_exit(BanyanPort *port);

/* CTLQ_CTRL was written */
void banyan_control_set_ctrl(BanyanFunc *f, uint32_t val);

/* CTLQ_DOORBELL was written: commands up to the one before @prod are there */
void banyan_control_doorbell(BanyanFunc *f, uint16_t prod);

/* There is nothing to do any more: it leaves the line */
void banyan_control_cancel(BanyanFunc *f);

/* Stops the queue, as a reset does; its configuration stays */
void banyan_control_reset(BanyanFunc *f);

/* The machine goes on, or was loaded: look whether there are commands */
void banyan_control_resume(BanyanFunc *f);

/* Can loaded state be believed? */
bool banyan_control_valid(const BanyanFunc *f);

/* May its registers be written? Not while it is enabled; latches an error */
bool banyan_control_configurable(BanyanFunc *f);

#endif /* HW_NET_BANYAN_CONTROL_H */
