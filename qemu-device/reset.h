/*
 * Banyan: resets (datasheet, section 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_RESET_H
#define HW_NET_BANYAN_RESET_H

#include "banyan.h"

void banyan_reset_func(BanyanFunc *f);

#endif /* HW_NET_BANYAN_RESET_H */
