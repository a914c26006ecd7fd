/*
 * Banyan qtests: frames, sent and received
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"

#define IP_OFF          ETH_HLEN
#define TCP_OFF         (IP_OFF + sizeof(struct ip_header))
#define TCP_DATA_OFFSET 5       /* words of header: no options */

/* Address of a posted buffer: its name is the ring index of its descriptor */
static uint64_t buffer_addr(Ring *r, uint16_t id)
{
    return qtest_readq(r->f->nic->qts,
                       r->base + (id & (r->depth - 1)) * BNY_ENTRY_SIZE +
                       offsetof(struct bny_rx_desc, addr));
}

/* Wait for a packet: all of its buffers, which are to agree on what it is */
bool rx_packet(Ring *r, Packet *packet)
{
    struct bny_rx_cqe cqe;

    packet->len = 0;
    packet->buffers = 0;
    do {
        if (!cq_next(r, &cqe)) {
            return false;
        }
        g_assert_cmpuint(FIELD_GET(BNY_CQE_TYPE, le32_to_cpu(cqe.flags)), ==,
                         BNY_CQE_RX);
        if (!packet->buffers++) {
            packet->cqe = cqe;
        }
        g_assert_cmpuint(cqe.pkt_len, ==, packet->cqe.pkt_len);
        g_assert_cmpuint(packet->len + le32_to_cpu(cqe.len), <=, FRAME_MAX);
        qtest_memread(r->f->nic->qts, buffer_addr(r, le16_to_cpu(cqe.buf_id)),
                      packet->data + packet->len, le32_to_cpu(cqe.len));
        packet->len += le32_to_cpu(cqe.len);
    } while (!(le32_to_cpu(cqe.flags) & BNY_RX_CQE_EOP));

    g_assert_cmpuint(packet->len, ==, le32_to_cpu(packet->cqe.pkt_len));
    return true;
}

void assert_nothing_received(Ring *r)
{
    struct bny_rx_cqe cqe;

    nic_settle(r->f->nic);
    g_assert_false(cq_peek(r, &cqe));
}

/* An Ethernet frame of a local experimental EtherType */
size_t frame_build(uint8_t *frame, const uint8_t dst[6], const uint8_t src[6],
                   size_t len, uint8_t fill)
{
    memcpy(frame, dst, ETH_ALEN);
    memcpy(frame + ETH_ALEN, src, ETH_ALEN);
    stw_be_p(frame + 2 * ETH_ALEN, 0x88b5);
    for (size_t i = ETH_HLEN; i < len; i++) {
        frame[i] = fill + i;
    }
    return len;
}

/* A frame from @a to @b, which arrives whole; how many buffers it took */
unsigned send_and_compare(Port *a, Port *b, size_t len)
{
    static uint8_t frame[FRAME_MAX];
    static Packet packet;
    uint16_t behind;

    frame_build(frame, b->mac, a->mac, len, len);
    tx_send(&a->tx, frame, len);
    behind = a->tx.prod;
    g_assert_true(rx_packet(&b->rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, len);
    g_assert_true(tx_completed(&a->tx, behind));
    return packet.buffers;
}

uint32_t sum_bytes(const uint8_t *data, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++) {
        sum += i & 1 ? data[i] : data[i] << 8;
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/*
 * A descriptor for a UDP frame over IPv4 in @p's memory, to be cut into
 * @segments
 */
struct bny_tx_desc udp4_uso(Port *p, const uint8_t dst[6], unsigned segments,
                            uint16_t mss)
{
    static uint8_t frame[FRAME_MAX];
    size_t len = UDP4_HDR_LEN + segments * mss;
    struct ip_header *ip = (void *)(frame + ETH_HLEN);
    struct bny_tx_desc desc = {
        .addr = cpu_to_le64(nic_alloc(p->f->nic, len)),
        .len = cpu_to_le32(len),
        .cmd = cpu_to_le32(BNY_TX_CMD_EOP |
                           FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_UDP)),
        .l4_off = cpu_to_le16(34),
        .csum_off = cpu_to_le16(6),
        .hdr_len = cpu_to_le16(UDP4_HDR_LEN),
        .mss = cpu_to_le16(mss),
        .l3_off = ETH_HLEN,
    };

    frame_build(frame, dst, p->mac, len, 0);
    stw_be_p(frame + 2 * ETH_ALEN, ETH_P_IP);
    memset(ip, 0, sizeof(*ip));
    ip->ip_ver_len = 0x45;
    ip->ip_p = IP_PROTO_UDP;
    qtest_memwrite(p->f->nic->qts, le64_to_cpu(desc.addr), frame, len);
    return desc;
}

uint16_t sum_fold(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    return (sum & 0xffff) + (sum >> 16);
}

static uint32_t tcp4_pseudo_sum(const uint8_t *frame, size_t tcp_len)
{
    const uint8_t *addresses = frame + IP_OFF +
                               offsetof(struct ip_header, ip_src);

    return sum_bytes(addresses, 8, IP_PROTO_TCP + tcp_len);
}

/*
 * A TCP over IPv4 frame whose L4 checksum is left to the device: the field
 * holds the pseudo-header's sum.
 */
size_t tcp4_build(uint8_t *frame, const uint8_t dst[6], const uint8_t src[6],
                  size_t payload)
{
    size_t len = TCP4_HDR_LEN + payload;
    struct ip_header *ip = (void *)(frame + IP_OFF);
    struct tcp_header *tcp = (void *)(frame + TCP_OFF);

    frame_build(frame, dst, src, len, 0);
    stw_be_p(frame + 2 * ETH_ALEN, ETH_P_IP);
    memset(ip, 0, sizeof(*ip));
    ip->ip_ver_len = 0x45;
    stw_be_p(&ip->ip_len, len - IP_OFF);
    stw_be_p(&ip->ip_id, 0x1234);
    ip->ip_ttl = 64;
    ip->ip_p = IP_PROTO_TCP;
    stl_be_p(&ip->ip_src, 0xc0000201);
    stl_be_p(&ip->ip_dst, 0xc0000202);
    stw_be_p(&ip->ip_sum,
             ~sum_fold(sum_bytes((uint8_t *)ip, sizeof(*ip), 0)));

    memset(tcp, 0, sizeof(*tcp));
    stw_be_p(&tcp->th_sport, 40000);
    stw_be_p(&tcp->th_dport, 5201);
    stl_be_p(&tcp->th_seq, 1000);
    stw_be_p(&tcp->th_offset_flags,
             TCP_DATA_OFFSET << 12 | TCP_FLAG_ACK | TCP4_PSH);
    stw_be_p(&tcp->th_win, 8192);
    stw_be_p(&tcp->th_sum, sum_fold(tcp4_pseudo_sum(frame, len - TCP_OFF)));
    return len;
}

/* What a descriptor says of such a frame that is to be segmented */
struct bny_tx_desc tcp4_tso(uint16_t mss)
{
    return (struct bny_tx_desc) {
        .cmd = cpu_to_le32(FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_TCPV4)),
        .l4_off = cpu_to_le16(TCP4_L4_OFF),
        .csum_off = cpu_to_le16(TCP4_CSUM_OFF),
        .hdr_len = cpu_to_le16(TCP4_HDR_LEN),
        .mss = cpu_to_le16(mss),
        .l3_off = TCP4_L3_OFF,
    };
}

bool ip4_checksum_ok(const uint8_t *frame)
{
    return sum_fold(sum_bytes(frame + IP_OFF, sizeof(struct ip_header), 0)) ==
           0xffff;
}

bool tcp4_checksum_ok(const uint8_t *frame, size_t len)
{
    uint32_t sum = tcp4_pseudo_sum(frame, len - TCP_OFF);

    return sum_fold(sum_bytes(frame + TCP_OFF, len - TCP_OFF, sum)) == 0xffff;
}
