/*
 * Banyan: Internet checksums (RFC 1071)
 *
 * Pure code: no QEMU types but struct iovec, no allocation.
 *
 * A sum here is the ones' complement sum of big-endian 16-bit words, folded
 * to 16 bits, not inverted, as a number in host byte order. What stands in a
 * header is its inverse, stored big-endian.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_CHECKSUM_H
#define HW_NET_BANYAN_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet.h"

struct iovec;

/* banyan_csum_add: the sum of two sums, each over a whole number of words */
uint16_t banyan_csum_add(uint16_t a, uint16_t b);

/*
 * banyan_csum_field: what stands in a TCP or UDP header for the sum @sum over
 * everything that it covers; never 0, which in UDP means none (RFC 768) and
 * elsewhere equals ffffh
 */
uint16_t banyan_csum_field(uint16_t sum);

/**
 * banyan_csum_buf: sum over a buffer
 * @buf: any alignment
 * @len: bytes; an odd last byte counts as the high half of a word
 */
uint16_t banyan_csum_buf(const void *buf, size_t len);

/**
 * banyan_csum_iov: sum over bytes [@off, @off + @len) of scattered buffers
 * @iov: buffers of any length (0 and odd too) and alignment
 * @iov_cnt: how many
 * @off: first byte; it is the high half of the first word
 * @len: bytes; what lies beyond the buffers' end counts as nothing
 */
uint16_t banyan_csum_iov(const struct iovec *iov, unsigned iov_cnt, size_t off,
                         size_t len);

/**
 * banyan_csum_pseudo: sum over a pseudo-header (RFC 9293, 768, 8200 8.1)
 * @l3: BANYAN_L3_IPV4 or BANYAN_L3_IPV6
 * @ip: the IP header; its addresses are used
 * @proto: transport protocol number
 * @l4_len: bytes of transport header and payload
 */
uint16_t banyan_csum_pseudo(BanyanL3 l3, const void *ip, uint8_t proto,
                            uint32_t l4_len);

/**
 * BanyanCsum: verdict on a received frame's L4 checksum
 * @BANYAN_CSUM_UNKNOWN: there is none that could be verified
 * @BANYAN_CSUM_OK: right, or a UDP sender over IPv4 left it out (0)
 * @BANYAN_CSUM_BAD: wrong
 */
typedef enum BanyanCsum {
    BANYAN_CSUM_UNKNOWN,
    BANYAN_CSUM_OK,
    BANYAN_CSUM_BAD,
} BanyanCsum;

/**
 * banyan_csum_verify: verify the TCP or UDP checksum of a frame
 * @pkt: from banyan_packet_parse()
 * @hdr: the buffer that was parsed
 * @iov: the whole frame
 * @iov_cnt: its buffers
 */
BanyanCsum banyan_csum_verify(const BanyanPacket *pkt, const void *hdr,
                              const struct iovec *iov, unsigned iov_cnt);

/**
 * banyan_csum_partial: value for a checksum that was left to the device
 * @iov: the frame; not written
 * @iov_cnt: its buffers
 * @frame_len: bytes of the frame
 * @l4_off: first byte that the checksum covers; it covers up to the end
 * @csum_off: byte of the field, from @l4_off; it holds the pseudo-header's sum
 * @csum: what belongs into the field, in host byte order
 *
 * Returns false where the field isn't inside the frame.
 */
bool banyan_csum_partial(const struct iovec *iov, unsigned iov_cnt,
                         size_t frame_len, size_t l4_off, size_t csum_off,
                         uint16_t *csum);

#endif /* HW_NET_BANYAN_CHECKSUM_H */
