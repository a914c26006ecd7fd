/*
 * Frames for the tests, built header by header, and slow obvious references
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_UNIT_FRAMES_H
#define TESTS_UNIT_FRAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "packet.h"

#define FRAME_MAX 70000

typedef struct Frame {
    uint8_t data[FRAME_MAX];
    size_t len;
    size_t l3_off;
    size_t l4_off;
    size_t payload_off;
    bool ipv6;
    uint8_t proto;
} Frame;

extern const uint8_t mac_a[6];
extern const uint8_t mac_b[6];

/* Each appends to the frame. Lengths and checksums wait for frame_finish(). */
Frame *frame_new(void);
void frame_ether(Frame *f, uint16_t type);
void frame_tag(Frame *f, uint16_t tpid, uint16_t tci, uint16_t type);
void frame_ipv4(Frame *f, uint8_t proto, unsigned option_words);
void frame_ipv6(Frame *f, uint8_t next);
void frame_ipv6_ext(Frame *f, uint8_t next, unsigned bytes);
void frame_ipv6_fragment(Frame *f, uint8_t next, uint16_t offset_and_more);
void frame_tcp(Frame *f, uint32_t seq, uint8_t flags, unsigned option_words);
void frame_udp(Frame *f);
void frame_payload(Frame *f, size_t len, uint8_t first);

/* Write IP and UDP lengths and all checksums, by the references below */
void frame_finish(Frame *f);

/* Shorthands: Ethernet to payload, finished */
Frame *frame_tcpv4(size_t payload);
Frame *frame_tcpv6(size_t payload);
Frame *frame_udpv4(size_t payload);
Frame *frame_udpv6(size_t payload);

void put16(uint8_t *p, uint16_t v);
uint16_t get16(const uint8_t *p);

/* Ones' complement sum, word by word, carry by carry (RFC 1071, 1) */
uint16_t ref_sum(const uint8_t *p, size_t len);

/* Sum over pseudo-header and the transport's bytes */
uint16_t ref_l4_sum(const Frame *f);

/*
 * Parse the first @hdr_len bytes of a frame of @frame_len out of a buffer of
 * just that size: the address sanitizer sees each byte read too many.
 */
void parse_exact(BanyanPacket *pkt, const uint8_t *data, size_t hdr_len,
                 size_t frame_len);
void parse_frame(BanyanPacket *pkt, const Frame *f);

/*
 * Copy @len bytes into @max buffers at most, each of its own allocation and of
 * random length (0 too) and alignment. Freed by scatter_free().
 */
typedef struct Scatter {
    struct iovec iov[64];
    void *mem[64];
    unsigned cnt;
} Scatter;

void scatter(Scatter *s, GRand *rand, const uint8_t *data, size_t len,
             unsigned max);
void scatter_free(Scatter *s);

/* Random bytes */
void fill(GRand *rand, uint8_t *p, size_t len);

/* Every main(): cases fail one by one rather than end the program */
void unit_init(int *argc, char ***argv);

#endif /* TESTS_UNIT_FRAMES_H */
