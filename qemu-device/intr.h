/*
 * Banyan: interrupts (datasheet, section 5)
 *
 * Causes and completions are noted at once. Messages leave from a bottom
 * half, when no ring is open: one may be aimed at anything, also at what
 * takes the device away.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_INTR_H
#define HW_NET_BANYAN_INTR_H

#include "banyan.h"

void banyan_intr_init(BanyanPort *port);
void banyan_intr_exit(BanyanPort *port);

/* The machine runs again: what has been kept back may leave */
void banyan_intr_resume(BanyanPort *port);

/* A function was reset: it has nothing to say any more */
void banyan_intr_reset(BanyanFunc *f);

/* A vector has a message to send, which leaves when it can */
void banyan_intr_notify(BanyanFunc *f, unsigned vector);

/* administrative causes */
void banyan_irq_raise(BanyanFunc *f, uint32_t causes);
void banyan_irq_clear(BanyanFunc *f, uint32_t causes);
void banyan_irq_set_enable(BanyanFunc *f, uint32_t causes);

#endif /* HW_NET_BANYAN_INTR_H */
