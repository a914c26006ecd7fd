/*
 * Banyan: Internet checksums (RFC 1071)
 *
 * Sums are accumulated as the machine loads words, 8 bytes at a time, and
 * swapped once at the end: ones' complement sums don't mind the byte order
 * (RFC 1071, 2.B).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "checksum.h"
#include "wire.h"

static uint16_t swap16(uint16_t v)
{
    return v << 8 | v >> 8;
}

static uint16_t fold64(uint64_t sum)
{
    sum = (sum >> 32) + (uint32_t)sum;
    sum = (sum >> 32) + (uint32_t)sum;
    sum = (sum >> 16) + (uint16_t)sum;
    sum = (sum >> 16) + (uint16_t)sum;
    return sum;
}

/* A sum of words in the machine's order, as a number */
static uint16_t from_native(uint16_t sum)
{
    static const uint8_t one[2] = { 0, 1 };
    uint16_t native;

    memcpy(&native, one, sizeof(native));
    return native == 1 ? sum : swap16(sum);
}

uint16_t banyan_csum_add(uint16_t a, uint16_t b)
{
    uint32_t sum = (uint32_t)a + b;

    return (sum >> 16) + (uint16_t)sum;
}

uint16_t banyan_csum_field(uint16_t sum)
{
    return sum == UINT16_MAX ? UINT16_MAX : (uint16_t)~sum;
}

uint16_t banyan_csum_buf(const void *buf, size_t len)
{
    const uint8_t *p = buf;
    uint64_t lo = 0, hi = 0, word;
    uint32_t pair[2];

    /*
     * Two halves of each 8 bytes go to sums of their own: neither overflows
     * before 2^32 rounds, and there is no carry to look after.
     */
    for (; len >= sizeof(pair); len -= sizeof(pair), p += sizeof(pair)) {
        memcpy(pair, p, sizeof(pair));
        lo += pair[0];
        hi += pair[1];
    }
    word = 0;
    if (len) {
        memcpy(&word, p, len);
    }
    lo += (word >> 32) + (uint32_t)word;
    return from_native(fold64(lo + hi));
}

/*
 * A sum over bytes that start at an odd place has each byte in the wrong half
 * of its word: swapping the sum puts it right (RFC 1071, 2.B).
 */
static uint16_t at_parity(uint16_t sum, size_t place)
{
    return place & 1 ? swap16(sum) : sum;
}

uint16_t banyan_csum_iov(const struct iovec *iov, unsigned iov_cnt, size_t off,
                         size_t len)
{
    uint16_t sum = 0;
    size_t done = 0;
    unsigned i;

    for (i = 0; i < iov_cnt && done < len; i++) {
        size_t bytes;

        if (off >= iov[i].iov_len) {
            off -= iov[i].iov_len;
            continue;
        }
        bytes = MIN(iov[i].iov_len - off, len - done);
        sum = banyan_csum_add(sum, at_parity(banyan_csum_buf(
                  (const uint8_t *)iov[i].iov_base + off, bytes), done));
        done += bytes;
        off = 0;
    }
    return sum;
}

uint16_t banyan_csum_pseudo(BanyanL3 l3, const void *ip, uint8_t proto,
                            uint32_t l4_len)
{
    const uint8_t *p = ip;
    uint16_t sum;

    if (l3 == BANYAN_L3_IPV4) {
        sum = banyan_csum_buf(p + IPV4_SRC, 2 * IPV4_ADDR_LEN);
    } else {
        sum = banyan_csum_buf(p + IPV6_SRC, 2 * IPV6_ADDR_LEN);
    }
    sum = banyan_csum_add(sum, proto);
    sum = banyan_csum_add(sum, l4_len >> 16);
    return banyan_csum_add(sum, (uint16_t)l4_len);
}

BanyanCsum banyan_csum_verify(const BanyanPacket *pkt, const void *hdr,
                              const struct iovec *iov, unsigned iov_cnt)
{
    const uint8_t *l4 = (const uint8_t *)hdr + pkt->l4_off;
    uint32_t len = pkt->l4_len;
    uint16_t sum;

    if (pkt->l4 == BANYAN_L4_NONE || pkt->routed) {
        return BANYAN_CSUM_UNKNOWN;
    }
    if (pkt->l4 == BANYAN_L4_UDP) {
        /* UDP's own length counts; it may be less than what IP carries */
        len = banyan_get_be16(l4 + UDP_LEN);
        if (len < UDP_HDR_LEN || len > pkt->l4_len) {
            return BANYAN_CSUM_UNKNOWN;
        }
        if (!banyan_get_be16(l4 + UDP_CSUM)) {
            return pkt->l3 == BANYAN_L3_IPV4 ? BANYAN_CSUM_OK :
                                               BANYAN_CSUM_UNKNOWN;
        }
    }
    sum = banyan_csum_pseudo(pkt->l3, (const uint8_t *)hdr + pkt->l3_off,
                             pkt->ip_proto, len);
    sum = banyan_csum_add(sum, banyan_csum_iov(iov, iov_cnt, pkt->l4_off, len));
    return sum == UINT16_MAX ? BANYAN_CSUM_OK : BANYAN_CSUM_BAD;
}

bool banyan_csum_partial(const struct iovec *iov, unsigned iov_cnt,
                         size_t frame_len, size_t l4_off, size_t csum_off,
                         uint16_t *csum)
{
    uint16_t sum;

    if (l4_off > frame_len || frame_len - l4_off < 2 ||
        csum_off > frame_len - l4_off - 2) {
        return false;
    }
    sum = banyan_csum_iov(iov, iov_cnt, l4_off, frame_len - l4_off);
    *csum = banyan_csum_field(sum);
    return true;
}
