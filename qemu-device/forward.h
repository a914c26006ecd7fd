/*
 * Banyan: VEB, forwarding between functions and the uplink (datasheet,
 * section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_FORWARD_H
#define HW_NET_BANYAN_FORWARD_H

#include "frame.h"

/*
 * enum banyan_stage: whom a frame is handed to now. The wire is last, so that
 * nobody else waits for it.
 */
enum banyan_stage {
    BANYAN_STAGE_NONE,          /* it hasn't begun */
    BANYAN_STAGE_FUNCS,         /* functions, a form after the other ... */
    BANYAN_STAGE_UNTAGGED = BANYAN_STAGE_FUNCS + BANYAN_FORMS,
                                /* ... those who get it without its tag */
    BANYAN_STAGE_WIRE = BANYAN_STAGE_UNTAGGED + BANYAN_FORMS,
};

typedef enum BanyanForwarded {
    BANYAN_FORWARD_DONE,
    BANYAN_FORWARD_MORE,        /* left off: there is more work than allowed */
    BANYAN_FORWARD_WAIT,        /* left off: the wire has no room */
} BanyanForwarded;

/**
 * banyan_forward: hand a frame to all whom it is for
 * @mark: where to go on with it; where it was left off
 *
 * What is dropped is counted. When it is done, @mark is cleared.
 */
BanyanForwarded banyan_forward(BanyanPort *port, BanyanFrame *frame,
                               BanyanMark *mark);

#endif /* HW_NET_BANYAN_FORWARD_H */
