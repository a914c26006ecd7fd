/*
 * Banyan: cut a large TCP or UDP frame into segments (datasheet, section 4)
 *
 * Pure code: no QEMU types, no allocation. It handles headers only; payload
 * is named by its place in the frame, so whoever copies it copies it once:
 *
 *     if (!banyan_segment_init(&s, &gso, hdr, hdr_bytes, frame_len)) {
 *         drop, and count TX_DROP_HEADERS
 *     }
 *     while (banyan_segment_next(&s, &seg)) {
 *         copy frame bytes [seg.payload_off, + seg.payload_len)
 *         banyan_segment_set_csum(&seg, sum of these bytes)
 *         put seg.hdr, seg.hdr_len bytes, before them
 *     }
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_SEGMENT_H
#define HW_NET_BANYAN_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/bny_desc.h"
#include "packet.h"

/* BanyanGso: the descriptor's fields of these names, in host byte order */
typedef struct BanyanGso {
    enum bny_gso type;
    uint16_t l3_off;
    uint16_t l4_off;
    uint16_t csum_off;
    uint16_t hdr_len;
    uint16_t mss;
} BanyanGso;

/**
 * BanyanSegmenter: an iterator over the segments of one frame
 * @gso: what was asked for
 * @l3: IP version
 * @l4: transport
 * @hdr: the frame's headers
 * @payload_len: of these, payload
 * @segs: how many segments it makes
 * @next: number of the next one, from 0
 * @l4_base: sum over the pseudo-header without its length
 */
typedef struct BanyanSegmenter {
    BanyanGso gso;
    BanyanL3 l3;
    BanyanL4 l4;
    uint8_t hdr[BANYAN_PACKET_TAGGED_HDR_MAX];
    uint32_t payload_len;
    uint16_t segs;
    uint16_t next;
    uint16_t l4_base;
} BanyanSegmenter;

/**
 * BanyanSegment: one segment
 * @hdr: its headers; complete but for the L4 checksum
 * @hdr_len: bytes of @hdr
 * @payload_off: byte of the frame where its payload starts
 * @payload_len: bytes of its payload, 1 to mss
 * @l4_off: byte where the transport header starts
 * @csum_off: byte of the checksum field, from @l4_off
 * @pseudo: sum over the pseudo-header
 */
typedef struct BanyanSegment {
    uint8_t hdr[BANYAN_PACKET_TAGGED_HDR_MAX];
    uint16_t hdr_len;
    uint32_t payload_off;
    uint32_t payload_len;
    uint16_t l4_off;
    uint16_t csum_off;
    uint16_t pseudo;
} BanyanSegment;

/**
 * banyan_segment_init: start with a frame
 * @s: the iterator
 * @gso: what the descriptor asks for; any values
 * @hdr: the frame's first bytes, any content; copied
 * @hdr_len: how many of them there are: at least gso->hdr_len, if that isn't
 *           more than BANYAN_PACKET_TAGGED_HDR_MAX
 * @frame_len: bytes of the whole frame
 *
 * Returns false, and makes no segments, if the headers don't fit the offload:
 * another protocol or version, offsets or hdr_len that aren't where the
 * headers are, a fragment, an mss below BNY_MSS_MIN, no payload, a segment
 * longer than its length fields can say.
 */
bool banyan_segment_init(BanyanSegmenter *s, const BanyanGso *gso,
                         const void *hdr, size_t hdr_len, size_t frame_len);

/* banyan_segment_seek: go on with segment @nr, which there may not be */
void banyan_segment_seek(BanyanSegmenter *s, uint32_t nr);

/**
 * banyan_segment_next: the next segment
 * @seg: filled in
 *
 * IPv4 length, identification (counting up) and header checksum, IPv6 payload
 * length, TCP sequence number and flags (CWR in the first segment only, FIN
 * and PSH in the last only), UDP length are right in @seg.
 *
 * Returns false if there is none.
 */
bool banyan_segment_next(BanyanSegmenter *s, BanyanSegment *seg);

/**
 * banyan_segment_set_csum: complete the L4 checksum
 * @payload_sum: sum (see checksum.h) over the segment's payload
 */
void banyan_segment_set_csum(BanyanSegment *seg, uint16_t payload_sum);

/**
 * banyan_segment_set_partial: leave the L4 checksum to the receiver
 *
 * The field gets the pseudo-header's sum, as CSUM_PARTIAL wants it.
 */
void banyan_segment_set_partial(BanyanSegment *seg);

#endif /* HW_NET_BANYAN_SEGMENT_H */
