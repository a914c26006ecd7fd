/*
 * Banyan: rates, how much a function may send (datasheet, section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_RATE_H
#define HW_NET_BANYAN_RATE_H

#include "banyan.h"

void banyan_rate_init(BanyanFunc *f);
void banyan_rate_exit(BanyanFunc *f);

/* banyan_rate_valid: can these be, in Mb/s? 0: none guaranteed, no limit */
bool banyan_rate_valid(const BanyanFunc *f, uint32_t min, uint32_t max);

/* banyan_rate_set: in force at once, whatever it has sent before */
void banyan_rate_set(BanyanFunc *f, uint32_t min, uint32_t max);

/* banyan_rate_reset: of all functions */
void banyan_rate_reset(BanyanPort *port);

/*
 * banyan_rate_charge: the function has sent so many bytes. If it is ahead of
 * its limit now it is paused
 */
void banyan_rate_charge(BanyanFunc *f, uint64_t bytes);

/* banyan_rate_is_behind: it has sent less than was guaranteed to it */
bool banyan_rate_is_behind(BanyanFunc *f);

#endif /* HW_NET_BANYAN_RATE_H */
