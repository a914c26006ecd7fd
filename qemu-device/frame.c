/*
 * Banyan: a frame on its way through the device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "frame.h"

void bny_frame_parse(BnyFrame *frame)
{
    if (frame->parsed) {
        return;
    }
    if (frame->gso.type) {
        bny_packet_parse_headers(&frame->pkt, frame->hdr, frame->hdr_len,
                                 frame->len);
    } else {
        bny_packet_parse(&frame->pkt, frame->hdr, frame->hdr_len, frame->len);
    }
    frame->parsed = true;
}

/* Do the headers fit the offload that was asked for? */
bool bny_frame_check_offload(BnyFrame *frame)
{
    BnySegmenter s;

    /* the addresses, which the VEB has gone by, must stay what they are */
    if (frame->csum &&
        (frame->l4_off < bny_packet_l2_len(frame->hdr, frame->hdr_len) ||
         frame->l4_off + frame->csum_off + sizeof(uint16_t) >
         frame->hdr_len)) {
        return false;
    }
    return !frame->gso.type ||
           bny_segment_init(&s, &frame->gso, frame->hdr, frame->hdr_len,
                            frame->len);
}

/**
 * bny_frame_complete_csum: make the L4 checksum that was left to us
 * @hdr: gets the frame's headers, with the checksum
 */
bool bny_frame_complete_csum(const BnyCtrl *ctrl, const BnyFrame *frame,
                             uint8_t *hdr)
{
    uint16_t csum;

    if (!bny_csum_partial(frame->iov, frame->iov_cnt, frame->len,
                          frame->l4_off, frame->csum_off, &csum)) {
        return false;
    }
    if (bny_fault(ctrl, WRONG_CHECKSUM)) {
        csum ^= 0x0101;
    }
    memcpy(hdr, frame->hdr, frame->hdr_len);
    stw_be_p(hdr + frame->l4_off + frame->csum_off, csum);
    return true;
}

/* One segment as a frame of its own: new headers, payload where it was */
static void bny_frame_from_segment(BnyFrame *out, const BnyFrame *frame,
                                   BnySegment *seg)
{
    out->iov[0].iov_base = seg->hdr;
    out->iov[0].iov_len = seg->hdr_len;
    out->iov_cnt = 1 + iov_copy(out->iov + 1, BNY_FRAME_IOV_MAX, frame->iov,
                                frame->iov_cnt, seg->payload_off,
                                seg->payload_len);
    out->hdr = seg->hdr;
    out->hdr_len = seg->hdr_len;
    out->len = seg->hdr_len + seg->payload_len;
    out->l4_off = seg->l4_off;
    out->csum_off = seg->csum_off;
    out->parsed = false;
}

/**
 * bny_frame_segment: cut a frame
 * @csum_partial: leave the checksums to the receiver
 * @fn: called for each segment
 *
 * Returns false if the headers don't allow it.
 */
bool bny_frame_segment(const BnyCtrl *ctrl, const BnyFrame *frame,
                       bool csum_partial, BnySegmentFn *fn, void *opaque)
{
    struct iovec iov[BNY_SEGMENT_IOV_MAX];
    BnyFrame out = {
        .src = frame->src,
        .iov = iov,
        .csum = csum_partial,
        .verdict = BNY_CSUM_OK,
    };
    BnySegmenter s;
    BnySegment seg;

    if (!bny_segment_init(&s, &frame->gso, frame->hdr, frame->hdr_len,
                          frame->len)) {
        return false;
    }
    while (bny_segment_next(&s, &seg)) {
        if (csum_partial) {
            bny_segment_set_partial(&seg);
        } else {
            uint16_t sum = bny_csum_iov(frame->iov, frame->iov_cnt,
                                        seg.payload_off, seg.payload_len);

            if (bny_fault(ctrl, WRONG_CHECKSUM)) {
                sum ^= 0x0101;
            }
            bny_segment_set_csum(&seg, sum);
        }
        bny_frame_from_segment(&out, frame, &seg);
        if (!fn(opaque, &out)) {
            break;
        }
    }
    return true;
}
