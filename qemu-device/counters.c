/*
 * Banyan: per-function counters (datasheet, section 9)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "counters.h"

/* @half: an instance of COUNTER: the low half of a counter, then its high */
uint32_t banyan_counter_read(const BanyanFunc *f, unsigned half)
{
    unsigned i = half / 2;

    if (i >= BNY_CNT_COUNT) {
        return 0;
    }
    return half % 2 ? f->counter[i] >> 32 : f->counter[i];
}
