/*
 * Banyan: VEB, forwarding between functions and the uplink (datasheet,
 * section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "banyan.h"
#include "frame.h"
#include "trace.h"

/* Fault: a unicast frame reaches whoever is enabled */
static void bny_forward_misforward(BnyCtrl *ctrl, const BnyFrame *frame,
                                   BnyVebDest *dest)
{
    for (unsigned i = 0; i < ctrl->funcs; i++) {
        if (i != frame->src && bny_veb_enabled(&ctrl->veb, i)) {
            dest->funcs.bits[i / 64] |= BIT_ULL(i % 64);
        }
    }
}

/* Where does the frame go? Returns false, with the drops counted: nowhere */
bool bny_forward_resolve(BnyCtrl *ctrl, const BnyFrame *frame,
                         BnyVebDest *dest)
{
    bool any = bny_veb_forward(&ctrl->veb, frame->src, frame->hdr, dest);

    if (bny_fault(ctrl, MISFORWARD) && any) {
        bny_forward_misforward(ctrl, frame, dest);
    }
    if (trace_event_get_state_backends(TRACE_BNY_FORWARD)) {
        trace_bny_forward(frame->src, frame->len,
                          bny_func_set_count(&dest->funcs), dest->uplink);
    }
    return any;
}

void bny_forward(BnyCtrl *ctrl, BnyFrame *frame, const BnyVebDest *dest)
{
    unsigned i;

    BNY_FUNC_SET_FOREACH(i, &dest->funcs) {
        bny_rx_deliver(ctrl->func[i], frame);
    }
    BNY_FUNC_SET_FOREACH(i, &dest->down) {
        bny_count(ctrl->func[i], BNY_CNT_RX_DROP_LINK);
    }
    if (dest->uplink) {
        bny_uplink_send(ctrl, frame);
    }
}
