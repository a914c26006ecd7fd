/*
 * Banyan: a frame on its way through the device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_FRAME_H
#define HW_NET_BANYAN_FRAME_H

#include "qemu/iov.h"
#include "banyan.h"
#include "checksum.h"
#include "packet.h"
#include "segment.h"

/*
 * Pieces that a frame may be in: its headers, and for each of its buffers one
 * more than the pages that it fills
 */
#define BANYAN_FRAME_IOV_MAX \
    (1 + 2 * BNY_TX_BUFS_MAX + BNY_GSO_LEN_MAX / 4096 + 1)

/* ... and those of a segment, which has headers of its own */
#define BANYAN_SEGMENT_IOV_MAX (1 + BANYAN_FRAME_IOV_MAX)

/* What GSO repeats lies in the copy of the headers */
QEMU_BUILD_BUG_ON(BNY_GSO_HDR_LEN_MAX > BANYAN_PACKET_HDR_MAX);

/**
 * BanyanFrame: a frame on its way
 * @src: function index of the sender, or BNY_FUNC_UPLINK
 * @len: bytes
 * @iov: where they are; @iov[0] is the copy of the headers in @hdr
 * @iov_cnt: pieces
 * @hdr: the frame's first bytes, copied once, so that what was checked is
 *       what is delivered, whatever the sender does to its memory
 * @hdr_len: how many: BANYAN_PACKET_HDR_MAX, or the whole frame if shorter; and
 *           the tag that was pushed among them
 * @csum: the L4 checksum at @l4_off + @csum_off is left to whoever receives
 * @gso: how to cut it, if it is to be cut
 * @verdict: of the L4 checksum, for frames from the uplink
 * @parsed: @pkt is valid
 */
typedef struct BanyanFrame {
    uint16_t src;
    uint32_t len;
    struct iovec *iov;
    unsigned iov_cnt;
    uint8_t *hdr;
    uint16_t hdr_len;
    bool csum;
    uint16_t l4_off;
    uint16_t csum_off;
    BanyanGso gso;
    BanyanCsum verdict;
    bool parsed;
    BanyanPacket pkt;
} BanyanFrame;

void banyan_frame_parse(BanyanFrame *frame);

/*
 * banyan_frame_push_tag: put a tag behind the addresses. @frame->hdr has room
 * for it, and no tag was pushed before
 */
void banyan_frame_push_tag(BanyanFrame *frame, uint16_t tpid, uint16_t tci);

/* BanyanUntagged: a frame without its outermost tag */
typedef struct BanyanUntagged {
    uint8_t hdr[BANYAN_PACKET_TAGGED_HDR_MAX];
    struct iovec iov[BANYAN_FRAME_IOV_MAX];
    BanyanFrame frame;
} BanyanUntagged;

/*
 * banyan_frame_pop_tag: a frame that has a whole one, without it; the payload
 * stays where it is
 */
BanyanFrame *banyan_frame_pop_tag(const BanyanFrame *frame,
                                  BanyanUntagged *out);

bool banyan_frame_check_offload(BanyanFrame *frame);

/* The VLAN that it is in */
static inline BanyanVlan banyan_frame_vlan(const BanyanFrame *frame)
{
    return banyan_packet_vlan(frame->hdr, frame->hdr_len);
}

/* Looks at the L4 checksum, unless that is known already */
void banyan_frame_verify(BanyanFrame *frame);

/* In which form does somebody take a frame? */
typedef enum BanyanForm {
    BANYAN_FORM_WHOLE,          /* as it is, with what is left to be done */
    BANYAN_FORM_PARTIAL,        /* cut, with checksums left to be done */
    BANYAN_FORM_COMPLETE,       /* cut, with nothing left to be done */
    BANYAN_FORMS,
} BanyanForm;

/* BanyanCut: an iterator over what a frame becomes in a form; private */
typedef struct BanyanCut {
    BanyanPort *port;
    BanyanFrame *frame;
    BanyanForm form;
    bool segments;
    bool end;
    BanyanSegmenter s;
    BanyanSegment seg;
    uint8_t hdr[BANYAN_PACKET_TAGGED_HDR_MAX];
    struct iovec iov[BANYAN_SEGMENT_IOV_MAX];
    BanyanFrame out;
} BanyanCut;

/* banyan_cut_init: start with the @nr-th */
void banyan_cut_init(BanyanCut *cut, BanyanPort *port, BanyanFrame *frame,
                     BanyanForm form, uint32_t nr);

/* banyan_cut_next: the next one, made now, or NULL */
BanyanFrame *banyan_cut_next(BanyanCut *cut);

/* banyan_cut_left: how many are still to come */
static inline unsigned banyan_cut_left(const BanyanCut *cut)
{
    return cut->segments ? cut->s.segs - cut->s.next : 0;
}

static inline bool banyan_cut_is_segment(const BanyanCut *cut)
{
    return cut->segments;
}

static inline unsigned banyan_frame_segs(const BanyanFrame *frame)
{
    return DIV_ROUND_UP(frame->len - frame->gso.hdr_len, frame->gso.mss);
}

/* Bytes of all frames that it is on a wire, without FCS */
static inline uint64_t banyan_frame_wire_bytes(const BanyanFrame *frame)
{
    return frame->len + (frame->gso.type ? (banyan_frame_segs(frame) - 1) *
                                           frame->gso.hdr_len : 0);
}

/* Bytes of the longest frame that a receiver without offloads gets from it */
static inline uint32_t banyan_frame_wire_len(const BanyanFrame *frame)
{
    return frame->gso.type ?
           MIN(frame->gso.hdr_len + frame->gso.mss, frame->len) : frame->len;
}

#endif /* HW_NET_BANYAN_FRAME_H */
