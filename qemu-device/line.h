/*
 * Banyan: lines of those who want to send
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_LINE_H
#define HW_NET_BANYAN_LINE_H

#include "banyan.h"

void banyan_line_init(BanyanFunc *f);

/* There may be something to send. Who waits for the wire goes on waiting */
void banyan_line_kick(BanyanQp *qp);

/* There is nothing to send any more */
void banyan_line_cancel(BanyanQp *qp);

/**
 * banyan_line_place: where a pair stands after its burst
 * @state: its line, at whose end it stands; or BANYAN_TX_IDLE
 */
void banyan_line_place(BanyanQp *qp, BanyanTxState state);

/* The wire has room: the first that waits for it is the first to send */
void banyan_line_release(BanyanFunc *f);

/* The function stands among the others, at the end: it has had its turn */
void banyan_line_to_end(BanyanFunc *f);

/* It does so while it has something to send, and isn't paused */
void banyan_line_update(BanyanFunc *f);

/* It isn't to send for now. Who is sending stops, and leaves the line then */
void banyan_line_pause(BanyanFunc *f);
void banyan_line_resume(BanyanFunc *f);

static inline bool banyan_line_is_paused(const BanyanFunc *f)
{
    return f->tx_paused;
}

#endif /* HW_NET_BANYAN_LINE_H */
