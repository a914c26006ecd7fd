/*
 * Banyan: receive side scaling hash (datasheet, section 6)
 *
 * Pure code: no QEMU types, no allocation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_TOEPLITZ_H
#define HW_NET_BANYAN_TOEPLITZ_H

#include <stddef.h>
#include <stdint.h>

#include "include/bny_regs.h"
#include "packet.h"

/* Longest input: two IPv6 addresses and two ports, bytes */
#define BANYAN_TOEPLITZ_INPUT_MAX 36

/**
 * BanyanToeplitz: a key, made ready
 * @table: contribution to the hash of each value of each half byte of input
 *
 * Derived from the key alone: not to be saved, but made anew after loading.
 */
typedef struct BanyanToeplitz {
    uint32_t table[2 * BANYAN_TOEPLITZ_INPUT_MAX][16];
} BanyanToeplitz;

/* banyan_toeplitz_set_key: to be called whenever a byte of the key changes */
void banyan_toeplitz_set_key(BanyanToeplitz *t,
                             const uint8_t key[BNY_RSS_KEY_LEN]);

/**
 * banyan_toeplitz_hash: Toeplitz hash of some bytes
 * @input: in the order in which they are on the wire
 * @len: how many; those past BANYAN_TOEPLITZ_INPUT_MAX aren't looked at
 */
uint32_t banyan_toeplitz_hash(const BanyanToeplitz *t, const void *input,
                              size_t len);

/**
 * banyan_rss_hash: choose the hash type of a packet and compute its hash
 * @t: the key
 * @types: enabled types, BNY_RSS_TYPE_*
 * @pkt: from banyan_packet_parse()
 * @hdr: the buffer that was parsed
 * @hash: set if a type fits
 *
 * Input as in Microsoft's "RSS hashing types": source address, destination
 * address, then, for TCP and UDP, source port and destination port.
 *
 * Returns the type, one bit of BNY_RSS_TYPE_*, or 0: no hash.
 */
uint8_t banyan_rss_hash(const BanyanToeplitz *t, uint8_t types,
                        const BanyanPacket *pkt,
                        const void *hdr, uint32_t *hash);

#endif /* HW_NET_BANYAN_TOEPLITZ_H */
