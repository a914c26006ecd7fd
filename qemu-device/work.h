/*
 * Banyan: how much the device has done in one go
 *
 * While it works nothing else of QEMU does, so work is counted, and left off
 * where its limit is reached: between two frames, or in the middle of one
 * that is cut or copied many times. A unit is about a microsecond.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_WORK_H
#define HW_NET_BANYAN_WORK_H

#include "banyan.h"

/* In one go, for all: the rest is for what functions send */
#define BANYAN_WORK_GO      512

/* Of these for what waits for the wire, and for what comes from it */
#define BANYAN_WORK_WIRE    128

/* In one go, for functions that are behind a guaranteed rate */
#define BANYAN_WORK_GUARANTEED (3 * BANYAN_WORK_GO / 4)

/* What a function may send before others have their turn */
#define BANYAN_WORK_QUANTUM 32

static inline bool banyan_work_left(const BanyanPort *port)
{
    return port->work < port->work_limit;
}

/* A ring was opened, a frame made, looked at or handed on: of @len bytes */
static inline void banyan_work_done(BanyanPort *port, uint32_t len)
{
    port->work += 2 + len / 1024;
}

#endif /* HW_NET_BANYAN_WORK_H */
