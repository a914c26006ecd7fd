/*
 * Banyan: a frame on its way through the device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "fault.h"
#include "frame.h"
#include "wire.h"
#include "work.h"

void banyan_frame_parse(BanyanFrame *frame)
{
    if (frame->parsed) {
        return;
    }
    if (frame->gso.type) {
        banyan_packet_parse_headers(&frame->pkt, frame->hdr, frame->hdr_len,
                                    frame->len);
    } else {
        banyan_packet_parse(&frame->pkt, frame->hdr, frame->hdr_len,
                            frame->len);
    }
    frame->parsed = true;
}

/* Its headers have become longer, or shorter */
static void banyan_frame_move_headers(BanyanFrame *frame, int by)
{
    frame->len += by;
    frame->hdr_len += by;
    frame->iov[0].iov_base = frame->hdr;
    frame->iov[0].iov_len += by;
    if (frame->csum) {
        frame->l4_off += by;
    }
    if (frame->gso.type) {
        frame->gso.l3_off += by;
        frame->gso.l4_off += by;
        frame->gso.hdr_len += by;
    }
    frame->parsed = false;
}

void banyan_frame_push_tag(BanyanFrame *frame, uint16_t tpid, uint16_t tci)
{
    uint8_t *tag = frame->hdr + ETHER_TYPE;

    memmove(tag + ETHER_TAG_LEN, tag, frame->hdr_len - ETHER_TYPE);
    stw_be_p(tag, tpid);
    stw_be_p(tag + TAG_TCI, tci);
    banyan_frame_move_headers(frame, ETHER_TAG_LEN);
}

BanyanFrame *banyan_frame_pop_tag(const BanyanFrame *frame, BanyanUntagged *out)
{
    const uint8_t *tag = frame->hdr + ETHER_TYPE;

    memcpy(out->hdr, frame->hdr, ETHER_TYPE);
    memcpy(out->hdr + ETHER_TYPE, tag + ETHER_TAG_LEN,
           frame->hdr_len - ETHER_TYPE - ETHER_TAG_LEN);
    memcpy(out->iov, frame->iov, frame->iov_cnt * sizeof(*out->iov));
    out->frame = *frame;
    out->frame.hdr = out->hdr;
    out->frame.iov = out->iov;
    banyan_frame_move_headers(&out->frame, -ETHER_TAG_LEN);
    return &out->frame;
}

/* Do the headers fit the offload that was asked for? */
bool banyan_frame_check_offload(BanyanFrame *frame)
{
    BanyanSegmenter s;

    /* the addresses, which the VEB has gone by, must stay what they are */
    if (frame->csum &&
        (frame->l4_off < banyan_packet_l2_len(frame->hdr, frame->hdr_len) ||
         frame->l4_off + frame->csum_off + sizeof(uint16_t) >
         frame->hdr_len)) {
        return false;
    }
    return !frame->gso.type ||
           banyan_segment_init(&s, &frame->gso, frame->hdr, frame->hdr_len,
                               frame->len);
}

void banyan_frame_verify(BanyanFrame *frame)
{
    if (frame->csum || frame->verdict != BANYAN_CSUM_UNKNOWN) {
        return;
    }
    banyan_frame_parse(frame);
    frame->verdict = banyan_csum_verify(&frame->pkt, frame->hdr, frame->iov,
                                        frame->iov_cnt);
}

void banyan_cut_init(BanyanCut *cut, BanyanPort *port, BanyanFrame *frame,
                     BanyanForm form, uint32_t nr)
{
    cut->port = port;
    cut->frame = frame;
    cut->form = form;
    cut->segments = frame->gso.type && form != BANYAN_FORM_WHOLE;
    cut->end = nr > 0;
    if (cut->segments) {
        cut->end = !banyan_segment_init(&cut->s, &frame->gso, frame->hdr,
                                        frame->hdr_len, frame->len);
        banyan_segment_seek(&cut->s, nr);
        cut->out = (BanyanFrame) {
            .src = frame->src,
            .iov = cut->iov,
            .csum = form == BANYAN_FORM_PARTIAL,
            .verdict = BANYAN_CSUM_OK,
        };
    }
}

/* The frame with the L4 checksum that was left to us */
static BanyanFrame *banyan_cut_completed(BanyanCut *cut)
{
    const BanyanFrame *frame = cut->frame;
    uint16_t csum;

    banyan_work_done(cut->port, frame->len);
    if (!banyan_csum_partial(frame->iov, frame->iov_cnt, frame->len,
                             frame->l4_off, frame->csum_off, &csum)) {
        return NULL;
    }
    if (banyan_fault(cut->port, WRONG_CHECKSUM)) {
        csum ^= 0x0101;
    }
    memcpy(cut->hdr, frame->hdr, frame->hdr_len);
    stw_be_p(cut->hdr + frame->l4_off + frame->csum_off, csum);
    memcpy(cut->iov, frame->iov, frame->iov_cnt * sizeof(*cut->iov));
    cut->iov[0].iov_base = cut->hdr;
    cut->out = *frame;
    cut->out.hdr = cut->hdr;
    cut->out.iov = cut->iov;
    cut->out.csum = false;
    cut->out.verdict = BANYAN_CSUM_OK;
    return &cut->out;
}

static void banyan_cut_sum(BanyanCut *cut)
{
    const BanyanFrame *frame = cut->frame;
    BanyanSegment *seg = &cut->seg;
    uint16_t sum;

    if (cut->form == BANYAN_FORM_PARTIAL) {
        banyan_work_done(cut->port, 0);
        banyan_segment_set_partial(seg);
        return;
    }
    banyan_work_done(cut->port, seg->payload_len);
    sum = banyan_csum_iov(frame->iov, frame->iov_cnt, seg->payload_off,
                          seg->payload_len);
    if (banyan_fault(cut->port, WRONG_CHECKSUM)) {
        sum ^= 0x0101;
    }
    banyan_segment_set_csum(seg, sum);
}

/* A segment is a frame of its own: new headers, payload where it was */
static BanyanFrame *banyan_cut_segment(BanyanCut *cut)
{
    const BanyanFrame *frame = cut->frame;
    BanyanSegment *seg = &cut->seg;
    BanyanFrame *out = &cut->out;

    if (!banyan_segment_next(&cut->s, seg)) {
        return NULL;
    }
    banyan_cut_sum(cut);
    out->iov[0].iov_base = seg->hdr;
    out->iov[0].iov_len = seg->hdr_len;
    out->iov_cnt = 1 + iov_copy(out->iov + 1, BANYAN_FRAME_IOV_MAX, frame->iov,
                                frame->iov_cnt, seg->payload_off,
                                seg->payload_len);
    out->hdr = seg->hdr;
    out->hdr_len = seg->hdr_len;
    out->len = seg->hdr_len + seg->payload_len;
    out->l4_off = seg->l4_off;
    out->csum_off = seg->csum_off;
    out->parsed = false;
    return out;
}

BanyanFrame *banyan_cut_next(BanyanCut *cut)
{
    if (cut->end) {
        return NULL;
    }
    if (cut->segments) {
        return banyan_cut_segment(cut);
    }
    cut->end = true;
    return cut->form == BANYAN_FORM_WHOLE ? cut->frame :
                                            banyan_cut_completed(cut);
}
