/*
 * Banyan: receive side scaling hash (datasheet, section 6)
 *
 * Bit i of the input, if set, adds the 32 bits of the key that start at bit i.
 * That is linear, so what each half byte of input adds is looked up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "toeplitz.h"
#include "wire.h"

_Static_assert(BNY_RSS_KEY_LEN >= BANYAN_TOEPLITZ_INPUT_MAX + 4,
               "the key covers the longest input");

/* The 32 bits of the key that start at bit @bit, counted from the left */
static uint32_t key_window(const uint8_t *key, unsigned bit)
{
    const uint8_t *p = key + bit / 8;
    uint32_t window = banyan_get_be32(p);

    return bit % 8 ? window << bit % 8 | p[4] >> (8 - bit % 8) : window;
}

void banyan_toeplitz_set_key(BanyanToeplitz *t,
                             const uint8_t key[BNY_RSS_KEY_LEN])
{
    unsigned half, value, bit;

    for (half = 0; half < 2 * BANYAN_TOEPLITZ_INPUT_MAX; half++) {
        for (value = 0; value < 16; value++) {
            uint32_t hash = 0;

            for (bit = 0; bit < 4; bit++) {
                if (value & (8 >> bit)) {
                    hash ^= key_window(key, 4 * half + bit);
                }
            }
            t->table[half][value] = hash;
        }
    }
}

uint32_t banyan_toeplitz_hash(const BanyanToeplitz *t, const void *input,
                              size_t len)
{
    const uint8_t *p = input;
    uint32_t hash = 0;
    size_t i;

    len = MIN(len, BANYAN_TOEPLITZ_INPUT_MAX);
    for (i = 0; i < len; i++) {
        hash ^= t->table[2 * i][p[i] >> 4];
        hash ^= t->table[2 * i + 1][p[i] & 0xf];
    }
    return hash;
}

/* BNY_RSS_TYPE_* of each IP version, without and with a transport */
static const uint8_t rss_type[][3] = {
    [BANYAN_L3_IPV4] = {
        [BANYAN_L4_NONE] = BNY_RSS_TYPE_IPV4,
        [BANYAN_L4_TCP] = BNY_RSS_TYPE_TCPV4,
        [BANYAN_L4_UDP] = BNY_RSS_TYPE_UDPV4,
    },
    [BANYAN_L3_IPV6] = {
        [BANYAN_L4_NONE] = BNY_RSS_TYPE_IPV6,
        [BANYAN_L4_TCP] = BNY_RSS_TYPE_TCPV6,
        [BANYAN_L4_UDP] = BNY_RSS_TYPE_UDPV6,
    },
};

uint8_t banyan_rss_hash(const BanyanToeplitz *t, uint8_t types,
                        const BanyanPacket *pkt,
                        const void *hdr, uint32_t *hash)
{
    const uint8_t *ip = (const uint8_t *)hdr + pkt->l3_off;
    const uint8_t *l4 = (const uint8_t *)hdr + pkt->l4_off;
    uint8_t input[BANYAN_TOEPLITZ_INPUT_MAX];
    uint8_t type = rss_type[pkt->l3][pkt->l4] & types;
    size_t len;

    if (!type) {
        type = rss_type[pkt->l3][BANYAN_L4_NONE] & types;
    }
    if (!type) {
        return 0;
    }

    /* Source and destination address are neighbours in both IP headers */
    if (pkt->l3 == BANYAN_L3_IPV4) {
        len = 2 * IPV4_ADDR_LEN;
        memcpy(input, ip + IPV4_SRC, len);
    } else {
        len = 2 * IPV6_ADDR_LEN;
        memcpy(input, ip + IPV6_SRC, len);
    }
    if (type != rss_type[pkt->l3][BANYAN_L4_NONE]) {
        memcpy(input + len, l4 + L4_PORTS, L4_PORTS_LEN);
        len += L4_PORTS_LEN;
    }
    *hash = banyan_toeplitz_hash(t, input, len);
    return type;
}
