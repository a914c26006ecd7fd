/*
 * Banyan: what a function says of itself, and what it may
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_STATUS_H
#define HW_NET_BANYAN_STATUS_H

#include "banyan.h"

uint32_t banyan_func_status(const BanyanFunc *f);
uint32_t banyan_func_limits(const BanyanFunc *f);
uint32_t banyan_func_link(const BanyanFunc *f);

/* FUNC_CTRL changes: the VEB follows, and the function hears of its link */
void banyan_func_set_ctrl(BanyanFunc *f, uint32_t val);

#endif /* HW_NET_BANYAN_STATUS_H */
