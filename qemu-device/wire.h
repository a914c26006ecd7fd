/*
 * Banyan: network headers on the wire, for the pure code
 *
 * Offsets are bytes from the start of the header that they are named after.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_WIRE_H
#define HW_NET_BANYAN_WIRE_H

#include <stdint.h>

/* Ethernet II, IEEE 802.1Q, 802.1ad */
enum {
    ETHER_SRC = 6,
    ETHER_TYPE = 12,
    ETHER_LEN = 14,
    ETHER_TAG_LEN = 4,
    ETHER_TAGS_MAX = 2,
    TAG_TCI = 2,
    TAG_VID = 0x0fff,

    ETHERTYPE_MIN_VALUE = 0x0600, /* below: a length (IEEE 802.3) */
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_CTAG = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_STAG = 0x88a8,
};

/* RFC 791 */
enum {
    IPV4_VERSION_IHL = 0,
    IPV4_TOTAL_LEN = 2,
    IPV4_ID = 4,
    IPV4_FRAGMENT = 6,
    IPV4_PROTO = 9,
    IPV4_CSUM = 10,
    IPV4_SRC = 12,
    IPV4_HDR_LEN = 20,
    IPV4_ADDR_LEN = 4,
    IPV4_TOTAL_LEN_MAX = 65535,

    IPV4_FRAGMENT_MORE = 0x2000,
    IPV4_FRAGMENT_OFFSET = 0x1fff,
};

/* RFC 8200; extension headers also RFC 4302 (AH), 6275, 7401, 5533 */
enum {
    IPV6_VERSION = 0,
    IPV6_PAYLOAD_LEN = 4,
    IPV6_NEXT = 6,
    IPV6_SRC = 8,
    IPV6_HDR_LEN = 40,
    IPV6_ADDR_LEN = 16,
    IPV6_PAYLOAD_LEN_MAX = 65535,

    IPV6_EXT_NEXT = 0,
    IPV6_EXT_LEN = 1,
    IPV6_EXT_MIN_LEN = 8,
    IPV6_ROUTING_LEFT = 3,
    IPV6_FRAGMENT_FIELD = 2,

    IPV6_FRAGMENT_OFFSET = 0xfff8,
    IPV6_FRAGMENT_MORE = 0x0001,
};

/* IANA, "Assigned Internet Protocol Numbers" */
enum {
    IPNUM_HOP_BY_HOP = 0,
    IPNUM_TCP = 6,
    IPNUM_UDP = 17,
    IPNUM_ROUTING = 43,
    IPNUM_FRAGMENT = 44,
    IPNUM_AH = 51,
    IPNUM_DEST_OPTIONS = 60,
    IPNUM_MOBILITY = 135,
    IPNUM_HIP = 139,
    IPNUM_SHIM6 = 140,
};

/* RFC 9293 */
enum {
    TCP_SEQ = 4,
    TCP_DATA_OFFSET = 12,
    TCP_FLAGS = 13,
    TCP_CSUM = 16,
    TCP_HDR_LEN = 20,

    TCP_FLAG_FIN = 0x01,
    TCP_FLAG_PSH = 0x08,
    TCP_FLAG_CWR = 0x80,
};

/* RFC 768 */
enum {
    UDP_LEN = 4,
    UDP_CSUM = 6,
    UDP_HDR_LEN = 8,
};

/* Transport ports: source, then destination, in both TCP and UDP */
enum {
    L4_PORTS = 0,
    L4_PORTS_LEN = 4,
};

static inline uint16_t banyan_get_be16(const void *p)
{
    const uint8_t *b = p;

    return b[0] << 8 | b[1];
}

static inline uint32_t banyan_get_be32(const void *p)
{
    const uint8_t *b = p;

    return (uint32_t)banyan_get_be16(b) << 16 | banyan_get_be16(b + 2);
}

static inline void banyan_put_be16(void *p, uint16_t v)
{
    uint8_t *b = p;

    b[0] = v >> 8;
    b[1] = v;
}

static inline void banyan_put_be32(void *p, uint32_t v)
{
    banyan_put_be16(p, v >> 16);
    banyan_put_be16((uint8_t *)p + 2, v);
}

#endif /* HW_NET_BANYAN_WIRE_H */
