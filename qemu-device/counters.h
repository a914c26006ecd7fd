/*
 * Banyan: per-function counters (datasheet, section 9)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_COUNTERS_H
#define HW_NET_BANYAN_COUNTERS_H

#include "banyan.h"

uint32_t banyan_counter_read(const BanyanFunc *f, unsigned half);

static inline void banyan_count_add(BanyanFunc *f, enum bny_counter c,
                                    uint64_t n)
{
    f->counter[c] += n;
}

static inline void banyan_count(BanyanFunc *f, enum bny_counter c)
{
    f->counter[c]++;
}

#endif /* HW_NET_BANYAN_COUNTERS_H */
