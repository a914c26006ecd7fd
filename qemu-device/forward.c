/*
 * Banyan: VEB, forwarding between functions and the uplink (datasheet,
 * section 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "counters.h"
#include "fault.h"
#include "forward.h"
#include "rx.h"
#include "trace.h"
#include "uplink.h"

/* Fault: a unicast frame reaches whoever is enabled */
static void banyan_forward_misforward(BanyanPort *port,
                                      const BanyanFrame *frame,
                                      BanyanVebDest *dest)
{
    for (unsigned i = 0; i < port->funcs; i++) {
        if (i != frame->src && banyan_veb_enabled(&port->veb, i)) {
            dest->funcs.bits[i / 64] |= BIT_ULL(i % 64);
        }
    }
}

/* Where does the frame go? Returns false, with the drops counted: nowhere */
bool banyan_forward_resolve(BanyanPort *port, const BanyanFrame *frame,
                            BanyanVebDest *dest)
{
    bool any = banyan_veb_forward(&port->veb, frame->src, frame->hdr, dest);

    if (banyan_fault(port, MISFORWARD) && any) {
        banyan_forward_misforward(port, frame, dest);
    }
    if (trace_event_get_state_backends(TRACE_BNY_FORWARD)) {
        trace_bny_forward(frame->src, frame->len,
                          banyan_func_set_count(&dest->funcs), dest->uplink);
    }
    return any;
}

void banyan_forward(BanyanPort *port, BanyanFrame *frame,
                    const BanyanVebDest *dest)
{
    unsigned i;

    BANYAN_FUNC_SET_FOREACH(i, &dest->funcs) {
        if (port->func[i]) {
            banyan_rx_deliver(port->func[i], frame);
        }
    }
    BANYAN_FUNC_SET_FOREACH(i, &dest->down) {
        if (port->func[i]) {
            banyan_count(port->func[i], BNY_CNT_RX_DROP_LINK);
        }
    }
    if (dest->uplink) {
        banyan_uplink_send(port, frame);
    }
}
