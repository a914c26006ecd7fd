/*
 * Banyan: VEB, forwarding between functions and the uplink (datasheet,
 * section 7)
 *
 * Here frames are handed from one stage to the next: so what is counted, work
 * and packets, is counted here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "counters.h"
#include "egress.h"
#include "fault.h"
#include "forward.h"
#include "rx.h"
#include "trace.h"
#include "wire.h"
#include "work.h"

/* Fault: a unicast frame reaches whoever is enabled */
static void banyan_forward_misforward(BanyanPort *port,
                                      const BanyanFrame *frame,
                                      BanyanVebDest *dest)
{
    for (unsigned i = 0; i < port->funcs; i++) {
        if (i != frame->src && banyan_veb_enabled(&port->veb, i)) {
            banyan_func_set_add(&dest->funcs, i);
        }
    }
}

/* Who sent it; the uplink has no counters of its own: they are the PF's */
static BanyanFunc *banyan_forward_source(BanyanPort *port,
                                         const BanyanFrame *frame)
{
    return port->func[frame->src == BNY_FUNC_UPLINK ? BNY_FUNC_PF : frame->src];
}

static void banyan_forward_count_nobody(BanyanPort *port,
                                        const BanyanFrame *frame,
                                        const BanyanVebDest *dest,
                                        BanyanReach reach)
{
    BanyanFunc *src = banyan_forward_source(port, frame);

    if (!src || dest->uplink || !banyan_func_set_is_empty(&dest->funcs)) {
        return;
    }
    if (reach == BANYAN_REACH_DOWN) {
        banyan_count(src, BNY_CNT_TX_DROP_LINK);
    } else if (banyan_func_set_is_empty(&dest->down)) {
        banyan_count(src, frame->src == BNY_FUNC_UPLINK ?
                          BNY_CNT_UPLINK_DROP_NOBODY : BNY_CNT_TX_DROP_NOBODY);
    }
}

static void banyan_forward_count_down(BanyanPort *port,
                                      const BanyanVebDest *dest)
{
    unsigned i;

    BANYAN_FUNC_SET_FOREACH(i, &dest->down) {
        if (port->func[i]) {
            banyan_count(port->func[i], BNY_CNT_RX_DROP_LINK);
        }
    }
}

/*
 * Where does the frame go, of those who are there? What is dropped is counted
 * when it begins; but it may have waited for a wire that is down by now.
 */
static void banyan_forward_resolve(BanyanPort *port, const BanyanFrame *frame,
                                   const BanyanMark *mark, BanyanVebDest *dest)
{
    BanyanReach reach = BANYAN_REACH_WIRE;
    bool any = banyan_veb_forward(&port->veb, frame->src, frame->hdr,
                                  banyan_frame_vlan(frame), dest);

    if (banyan_fault(port, MISFORWARD) && any) {
        banyan_forward_misforward(port, frame, dest);
    }
    if (dest->uplink) {
        reach = banyan_egress_reach(port);
        dest->uplink = reach == BANYAN_REACH_WIRE;
    }
    if (mark->stage == BANYAN_STAGE_NONE) {
        banyan_forward_count_nobody(port, frame, dest, reach);
        banyan_forward_count_down(port, dest);
    } else if (mark->stage == BANYAN_STAGE_WIRE &&
               reach == BANYAN_REACH_DOWN) {
        banyan_count(banyan_forward_source(port, frame), BNY_CNT_TX_DROP_LINK);
    }
    if (trace_event_get_state_backends(TRACE_BNY_FORWARD)) {
        trace_bny_forward(frame->src, frame->len,
                          banyan_func_set_count(&dest->funcs), dest->uplink);
    }
}

/* The stage in which a function gets the frame */
static unsigned banyan_forward_stage_of(const BanyanFunc *f,
                                        const BanyanFrame *frame, bool untagged)
{
    return (untagged ? BANYAN_STAGE_UNTAGGED : BANYAN_STAGE_FUNCS) +
           banyan_rx_form(f, frame);
}

/* Sorts receivers by the stage in which they get a frame */
static void banyan_forward_sort(BanyanPort *port, const BanyanFrame *frame,
                                bool first, const BanyanVebDest *dest,
                                BanyanFuncSet stages[BANYAN_STAGE_WIRE])
{
    bool tagged = banyan_frame_vlan(frame).tpid;
    uint32_t len = banyan_frame_wire_len(frame);
    unsigned i;

    memset(stages, 0, BANYAN_STAGE_WIRE * sizeof(*stages));
    BANYAN_FUNC_SET_FOREACH(i, &dest->funcs) {
        BanyanFunc *f = port->func[i];
        bool untagged = tagged && banyan_veb_has_port_vlan(&port->veb, i);

        if (f && len - (untagged ? ETHER_TAG_LEN : 0) <= f->max_frame) {
            banyan_func_set_add(
                &stages[banyan_forward_stage_of(f, frame, untagged)], i);
        } else if (f && first) {
            banyan_count(f, BNY_CNT_RX_DROP_LENGTH);
        }
    }
}

static void banyan_forward_count(BanyanFunc *f, const BanyanFrame *frame,
                                 bool cut)
{
    banyan_count(f, BNY_CNT_RX_PACKETS);
    banyan_count_add(f, BNY_CNT_RX_BYTES, frame->len);
    banyan_count_add(f, BNY_CNT_COPIED_BYTES, frame->len);
    if (is_broadcast_ether_addr(frame->hdr)) {
        banyan_count(f, BNY_CNT_RX_BROADCAST);
    } else if (is_multicast_ether_addr(frame->hdr)) {
        banyan_count(f, BNY_CNT_RX_MULTICAST);
    }
    if (frame->gso.type) {
        banyan_count(f, BNY_CNT_RX_GSO);
    }
    if (cut) {
        banyan_count(f, BNY_CNT_RX_SEGMENTED);
    }
    if (banyan_rx_verdict(f, frame) == BANYAN_CSUM_BAD) {
        banyan_count(f, BNY_CNT_RX_CSUM_BAD);
    }
}

/*
 * To one function. All segments go to the same ring: if one finds no room,
 * the @left, this one and those behind it, aren't worth the work.
 */
static bool banyan_forward_hand(BanyanFunc *f, BanyanFrame *frame, bool cut,
                                unsigned left)
{
    enum bny_counter outcome = banyan_rx_deliver(f, frame);

    banyan_work_done(f->port, frame->len);
    if (outcome != BNY_CNT_RX_PACKETS) {
        banyan_count_add(f, outcome, left);
        return false;
    }
    banyan_forward_count(f, frame, cut);
    return true;
}

static void banyan_forward_remove_lost(BanyanFuncSet *set,
                                       const BanyanFuncSet *lost)
{
    for (unsigned i = 0; i < ARRAY_SIZE(set->bits); i++) {
        set->bits[i] &= ~lost->bits[i];
    }
}

/* One frame or segment, to all of @set from the mark on. False: left off */
static bool banyan_forward_to_set(BanyanPort *port, BanyanCut *cut,
                                  BanyanFrame *frame, BanyanFuncSet *set,
                                  BanyanMark *mark)
{
    unsigned i;

    while ((i = banyan_func_set_next(set, mark->func)) < BNY_FUNCTIONS_MAX) {
        mark->func = i;
        if (!banyan_work_left(port)) {
            return false;
        }
        if (!port->func[i] ||
            !banyan_forward_hand(port->func[i], frame,
                                 banyan_cut_is_segment(cut),
                                 banyan_cut_left(cut) + 1)) {
            banyan_func_set_add(&mark->lost, i);
            banyan_func_set_remove(set, i);
        }
        mark->func = i + 1;
    }
    mark->func = 0;
    return true;
}

/* To all of @set, who take it in the same form. False: left off */
static bool banyan_forward_in_form(BanyanPort *port, BanyanFrame *frame,
                                   BanyanForm form, BanyanFuncSet *set,
                                   BanyanMark *mark)
{
    BanyanFrame *out;
    BanyanCut cut;

    banyan_forward_remove_lost(set, &mark->lost);
    if (banyan_func_set_is_empty(set)) {
        return true;
    }
    banyan_cut_init(&cut, port, frame, form, mark->segment);
    while (!banyan_func_set_is_empty(set)) {
        if (!banyan_work_left(port)) {
            return false;
        }
        out = banyan_cut_next(&cut);
        if (!out) {
            break;
        }
        if (!banyan_forward_to_set(port, &cut, out, set, mark)) {
            return false;
        }
        mark->segment++;
    }
    return true;
}

/* To all who get it in the stage of the mark. False: left off */
static bool banyan_forward_in_stage(BanyanPort *port, BanyanFrame *frame,
                                    BanyanFuncSet *set, BanyanMark *mark)
{
    BanyanForm form = (mark->stage - BANYAN_STAGE_FUNCS) % BANYAN_FORMS;
    BanyanUntagged untagged;

    if (mark->stage >= BANYAN_STAGE_UNTAGGED &&
        !banyan_func_set_is_empty(set)) {
        frame = banyan_frame_pop_tag(frame, &untagged);
    }
    return banyan_forward_in_form(port, frame, form, set, mark);
}

/* In the form that the backend takes */
static BanyanForwarded banyan_forward_to_wire(BanyanPort *port,
                                              BanyanFrame *frame,
                                              BanyanMark *mark)
{
    BanyanForm form = banyan_egress_form(port, frame);
    BanyanFunc *src = banyan_forward_source(port, frame);
    BanyanFrame *out;
    BanyanCut cut;

    trace_bny_uplink_send(frame->src, frame->len, frame->gso.type,
                          form == BANYAN_FORM_WHOLE);
    banyan_cut_init(&cut, port, frame, form, mark->segment);
    while (src) {
        if (!banyan_work_left(port)) {
            return BANYAN_FORWARD_MORE;
        }
        out = banyan_cut_next(&cut);
        if (!out) {
            break;
        }
        if (!banyan_egress_put(src, out)) {
            return BANYAN_FORWARD_WAIT;
        }
        mark->segment++;
    }
    return BANYAN_FORWARD_DONE;
}

static void banyan_forward_next_stage(BanyanMark *mark)
{
    mark->stage++;
    mark->segment = 0;
    mark->func = 0;
}

BanyanForwarded banyan_forward(BanyanPort *port, BanyanFrame *frame,
                               BanyanMark *mark)
{
    bool first = mark->stage == BANYAN_STAGE_NONE;
    BanyanFuncSet stages[BANYAN_STAGE_WIRE];
    BanyanForwarded result = BANYAN_FORWARD_DONE;
    BanyanVebDest dest;

    banyan_forward_resolve(port, frame, mark, &dest);
    banyan_forward_sort(port, frame, first, &dest, stages);
    if (frame->src == BNY_FUNC_UPLINK &&
        !banyan_func_set_is_empty(&dest.funcs)) {
        banyan_frame_verify(frame);
    }
    if (first) {
        banyan_forward_next_stage(mark);
    }
    while (mark->stage < BANYAN_STAGE_WIRE) {
        if (!banyan_forward_in_stage(port, frame, &stages[mark->stage], mark)) {
            return BANYAN_FORWARD_MORE;
        }
        banyan_forward_next_stage(mark);
    }
    if (dest.uplink) {
        result = banyan_forward_to_wire(port, frame, mark);
    }
    if (result == BANYAN_FORWARD_DONE) {
        *mark = (BanyanMark) { };
    }
    return result;
}
