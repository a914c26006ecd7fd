/*
 * Banyan: what a function says of itself
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_STATUS_H
#define HW_NET_BANYAN_STATUS_H

#include "banyan.h"

uint32_t banyan_func_status(const BanyanFunc *f);
uint32_t banyan_func_limits(const BanyanFunc *f);
uint32_t banyan_func_link(const BanyanFunc *f);

#endif /* HW_NET_BANYAN_STATUS_H */
