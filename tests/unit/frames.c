/*
 * Frames for the tests, built header by header, and slow obvious references
 *
 * Numbers are written out as the RFCs have them, on purpose: these builders
 * must not share constants with the code that they test.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "frames.h"

const uint8_t mac_a[6] = { 0x02, 0, 0, 0, 0, 0x0a };
const uint8_t mac_b[6] = { 0x02, 0, 0, 0, 0, 0x0b };

void put16(uint8_t *p, uint16_t v)
{
    p[0] = v / 256;
    p[1] = v % 256;
}

uint16_t get16(const uint8_t *p)
{
    return p[0] * 256 + p[1];
}

static uint8_t *append(Frame *f, size_t len)
{
    uint8_t *p = f->data + f->len;

    g_assert_true(f->len + len <= FRAME_MAX);
    memset(p, 0, len);
    f->len += len;
    return p;
}

Frame *frame_new(void)
{
    return g_new0(Frame, 1);
}

void frame_ether(Frame *f, uint16_t type)
{
    uint8_t *p = append(f, 14);

    memcpy(p, mac_b, 6);
    memcpy(p + 6, mac_a, 6);
    put16(p + 12, type);
}

/* The tag goes behind what is there; the type before it becomes its TPID */
void frame_tag(Frame *f, uint16_t tpid, uint16_t tci, uint16_t type)
{
    uint8_t *p = append(f, 4);

    put16(p - 2, tpid);
    put16(p, tci);
    put16(p + 2, type);
}

void frame_ipv4(Frame *f, uint8_t proto, unsigned option_words)
{
    static const uint8_t addrs[8] = { 192, 0, 2, 1, 198, 51, 100, 2 };
    uint8_t *p;

    f->l3_off = f->len;
    p = append(f, 20 + 4 * option_words);
    p[0] = 0x45 + option_words;
    put16(p + 4, 0xfffe); /* ID: wraps soon */
    p[8] = 64;
    p[9] = proto;
    memcpy(p + 12, addrs, 8);
    memset(p + 20, 1, 4 * option_words); /* no operation */
    f->proto = proto;
}

void frame_ipv6(Frame *f, uint8_t next)
{
    static const uint8_t prefix[4] = { 0x20, 0x01, 0x0d, 0xb8 };
    uint8_t *p;

    f->l3_off = f->len;
    p = append(f, 40);
    p[0] = 0x60;
    p[6] = next;
    p[7] = 64;
    memcpy(p + 8, prefix, 4);
    p[23] = 1;
    memcpy(p + 24, prefix, 4);
    p[39] = 2;
    f->ipv6 = true;
    f->proto = next;
}

void frame_ipv6_ext(Frame *f, uint8_t next, unsigned bytes)
{
    uint8_t *p = append(f, bytes);

    p[0] = next;
    p[1] = bytes / 8 - 1;
    f->proto = next;
}

void frame_ipv6_fragment(Frame *f, uint8_t next, uint16_t offset_and_more)
{
    uint8_t *p = append(f, 8);

    p[0] = next;
    put16(p + 2, offset_and_more);
    f->proto = next;
}

void frame_tcp(Frame *f, uint32_t seq, uint8_t flags, unsigned option_words)
{
    uint8_t *p;

    f->l4_off = f->len;
    p = append(f, 20 + 4 * option_words);
    put16(p, 40000);
    put16(p + 2, 5201);
    put16(p + 4, seq >> 16);
    put16(p + 6, seq & 0xffff);
    p[12] = (5 + option_words) << 4;
    p[13] = flags;
    put16(p + 14, 502);
    memset(p + 20, 1, 4 * option_words); /* no operation */
    f->payload_off = f->len;
}

void frame_udp(Frame *f)
{
    uint8_t *p;

    f->l4_off = f->len;
    p = append(f, 8);
    put16(p, 40000);
    put16(p + 2, 5201);
    f->payload_off = f->len;
}

void frame_payload(Frame *f, size_t len, uint8_t first)
{
    uint8_t *p = append(f, len);
    size_t i;

    for (i = 0; i < len; i++) {
        p[i] = first + i * 7 + i / 251;
    }
}

uint16_t ref_sum(const uint8_t *p, size_t len)
{
    uint32_t sum = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        sum += i % 2 ? p[i] : p[i] * 256;
        if (sum > 0xffff) {
            sum -= 0xffff;
        }
    }
    return sum;
}

uint16_t ref_l4_sum(const Frame *f)
{
    g_autofree uint8_t *bytes = g_malloc0(40 + FRAME_MAX);
    size_t l4_len = f->len - f->l4_off;
    size_t addrs = f->ipv6 ? 32 : 8;

    memcpy(bytes, f->data + f->l3_off + (f->ipv6 ? 8 : 12), addrs);
    put16(bytes + addrs, l4_len >> 16);
    put16(bytes + addrs + 2, l4_len & 0xffff);
    put16(bytes + addrs + 4, f->proto);
    memcpy(bytes + addrs + 6, f->data + f->l4_off, l4_len);
    return ref_sum(bytes, addrs + 6 + l4_len);
}

void frame_finish(Frame *f)
{
    uint8_t *ip = f->data + f->l3_off;
    uint8_t *l4 = f->data + f->l4_off;
    uint16_t csum;

    if (f->ipv6) {
        put16(ip + 4, f->len - f->l3_off - 40);
    } else {
        put16(ip + 2, f->len - f->l3_off);
        put16(ip + 10, 0);
        put16(ip + 10, 0xffff - ref_sum(ip, (ip[0] & 0xf) * 4));
    }
    if (!f->l4_off) {
        return;
    }
    if (f->proto == 17) {
        put16(l4 + 4, f->len - f->l4_off);
    }
    put16(l4 + (f->proto == 17 ? 6 : 16), 0);
    csum = 0xffff - ref_l4_sum(f);
    put16(l4 + (f->proto == 17 ? 6 : 16), csum ? csum : 0xffff);
}

Frame *frame_tcpv4(size_t payload)
{
    Frame *f = frame_new();

    frame_ether(f, 0x0800);
    frame_ipv4(f, 6, 0);
    frame_tcp(f, 0xfffffff0, 0x10, 3);
    frame_payload(f, payload, 1);
    frame_finish(f);
    return f;
}

Frame *frame_tcpv6(size_t payload)
{
    Frame *f = frame_new();

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 6);
    frame_tcp(f, 1000, 0x10, 0);
    frame_payload(f, payload, 2);
    frame_finish(f);
    return f;
}

Frame *frame_udpv4(size_t payload)
{
    Frame *f = frame_new();

    frame_ether(f, 0x0800);
    frame_ipv4(f, 17, 0);
    frame_udp(f);
    frame_payload(f, payload, 3);
    frame_finish(f);
    return f;
}

Frame *frame_udpv6(size_t payload)
{
    Frame *f = frame_new();

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 17);
    frame_udp(f);
    frame_payload(f, payload, 4);
    frame_finish(f);
    return f;
}

void parse_exact(BanyanPacket *pkt, const uint8_t *data, size_t hdr_len,
                 size_t frame_len)
{
    /* One byte at least, and that not to be read, where there are none */
    uint8_t *copy = g_malloc(MAX(hdr_len, 1));

    memcpy(copy, data, hdr_len);
    banyan_packet_parse(pkt, copy, hdr_len, frame_len);
    g_free(copy);
}

void parse_frame(BanyanPacket *pkt, const Frame *f)
{
    parse_exact(pkt, f->data, MIN(f->len, BANYAN_PACKET_HDR_MAX), f->len);
}

void scatter(Scatter *s, GRand *rand, const uint8_t *data, size_t len,
             unsigned max)
{
    s->cnt = 0;
    while (s->cnt < max && (len || s->cnt < 2)) {
        bool last = s->cnt == max - 1;
        size_t n = last ? len : (size_t)g_rand_int_range(rand, 0, len / 2 + 3);
        size_t skew = g_rand_int_range(rand, 0, 8);
        uint8_t *mem;

        n = MIN(n, len);
        mem = g_malloc(n + skew + 1);
        memcpy(mem + skew, data, n);
        s->mem[s->cnt] = mem;
        s->iov[s->cnt].iov_base = mem + skew;
        s->iov[s->cnt].iov_len = n;
        s->cnt++;
        data += n;
        len -= n;
    }
}

void scatter_free(Scatter *s)
{
    while (s->cnt) {
        g_free(s->mem[--s->cnt]);
    }
}

void fill(GRand *rand, uint8_t *p, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        p[i] = g_rand_int(rand);
    }
}

void unit_init(int *argc, char ***argv)
{
    g_test_init(argc, argv, NULL);
    g_test_set_nonfatal_assertions();
}
