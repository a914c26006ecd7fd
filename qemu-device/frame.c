/*
 * Banyan: a frame on its way through the device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "fault.h"
#include "frame.h"

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

/**
 * banyan_frame_complete_csum: make the L4 checksum that was left to us
 * @hdr: gets the frame's headers, with the checksum
 */
bool banyan_frame_complete_csum(const BanyanPort *port,
                                const BanyanFrame *frame, uint8_t *hdr)
{
    uint16_t csum;

    if (!banyan_csum_partial(frame->iov, frame->iov_cnt, frame->len,
                             frame->l4_off, frame->csum_off, &csum)) {
        return false;
    }
    if (banyan_fault(port, WRONG_CHECKSUM)) {
        csum ^= 0x0101;
    }
    memcpy(hdr, frame->hdr, frame->hdr_len);
    stw_be_p(hdr + frame->l4_off + frame->csum_off, csum);
    return true;
}

/* One segment as a frame of its own: new headers, payload where it was */
static void banyan_frame_from_segment(BanyanFrame *out,
                                      const BanyanFrame *frame,
                                      BanyanSegment *seg)
{
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
}

/**
 * banyan_frame_segment: cut a frame
 * @csum_partial: leave the checksums to the receiver
 * @fn: called for each segment
 *
 * Returns false if the headers don't allow it.
 */
bool banyan_frame_segment(const BanyanPort *port, const BanyanFrame *frame,
                          bool csum_partial, BanyanSegmentFn *fn, void *opaque)
{
    struct iovec iov[BANYAN_SEGMENT_IOV_MAX];
    BanyanFrame out = {
        .src = frame->src,
        .iov = iov,
        .csum = csum_partial,
        .verdict = BANYAN_CSUM_OK,
    };
    BanyanSegmenter s;
    BanyanSegment seg;

    if (!banyan_segment_init(&s, &frame->gso, frame->hdr, frame->hdr_len,
                             frame->len)) {
        return false;
    }
    while (banyan_segment_next(&s, &seg)) {
        if (csum_partial) {
            banyan_segment_set_partial(&seg);
        } else {
            uint16_t sum = banyan_csum_iov(frame->iov, frame->iov_cnt,
                                           seg.payload_off, seg.payload_len);

            if (banyan_fault(port, WRONG_CHECKSUM)) {
                sum ^= 0x0101;
            }
            banyan_segment_set_csum(&seg, sum);
        }
        banyan_frame_from_segment(&out, frame, &seg);
        if (!fn(opaque, &out)) {
            break;
        }
    }
    return true;
}
