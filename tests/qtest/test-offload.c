/*
 * Banyan qtests: offloads that are asked for wrongly (datasheet, chapter 4)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"

#define FEATURES (BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO)

static Packet packet;
static uint8_t frame[FRAME_MAX];

static Nic *start(Port *a, Port *b)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    port_start_with(a, &nic->vf[0], FEATURES);
    port_start(b, &nic->vf[1]);
    func_set_flags(nic, 2, BNY_POLICY_ENABLE | BNY_POLICY_ALL_VLANS);
    return nic;
}

static void send_with(Port *p, size_t len, struct bny_tx_desc desc)
{
    desc.addr = cpu_to_le64(nic_alloc(p->f->nic, len));
    desc.len = cpu_to_le32(len);
    desc.cmd |= cpu_to_le32(BNY_TX_CMD_EOP);
    qtest_memwrite(p->f->nic->qts, le64_to_cpu(desc.addr), frame, len);
    tx_desc(&p->tx, &desc);
    ring_kick(&p->tx);
}

static struct bny_tx_desc csum_at(unsigned l4_off, unsigned csum_off)
{
    return (struct bny_tx_desc) {
        .cmd = cpu_to_le32(BNY_TX_CMD_CSUM),
        .l4_off = cpu_to_le16(l4_off),
        .csum_off = cpu_to_le16(csum_off),
    };
}

static void assert_dropped(Port *a, Port *b, unsigned drops)
{
    g_assert_true(tx_completed(&a->tx, a->tx.prod));
    assert_nothing_received(&b->rx);
    g_assert_cmpuint(counter(a->f, BNY_CNT_TX_DROP_HEADERS), ==, drops);
    assert_no_error(a->f);
}

/*
 * A checksum is written behind the Ethernet header and its tags only: the
 * addresses that the VEB went by are those that are delivered
 */
static void test_checksum_in_header(void)
{
    enum { LEN = 100, TAG = 4 };
    unsigned drops = 0;
    Port a, b;
    Nic *nic = start(&a, &b);

    frame_build(frame, b.mac, a.mac, LEN, 0);
    for (unsigned off = 0; off < ETH_HLEN; off++) {
        send_with(&a, LEN, csum_at(off, 0));
        assert_dropped(&a, &b, ++drops);
        send_with(&a, LEN, csum_at(off, 20));
        assert_dropped(&a, &b, ++drops);
    }
    send_with(&a, LEN, csum_at(ETH_HLEN, 0));
    g_assert_true(rx_packet(&b.rx, &packet));

    stw_be_p(frame + 2 * ETH_ALEN, ETH_P_DVLAN);
    stw_be_p(frame + 2 * ETH_ALEN + TAG, ETH_P_VLAN);
    for (unsigned off = ETH_HLEN; off < ETH_HLEN + 2 * TAG; off++) {
        send_with(&a, LEN, csum_at(off, 0));
        assert_dropped(&a, &b, ++drops);
    }
    send_with(&a, LEN, csum_at(ETH_HLEN + 2 * TAG, 0));
    g_assert_true(rx_packet(&b.rx, &packet));
    nic_stop(nic);
}

/* Segments are frames, and none may be longer than one that is sent whole */
static void test_longest_segment(void)
{
    enum { MSS_MAX = BNY_FRAME_LEN_MAX - TCP4_HDR_LEN };
    struct bny_tx_desc desc = csum_at(TCP4_L4_OFF, TCP4_CSUM_OFF);
    Port a, b;
    Nic *nic = start(&a, &b);
    size_t len;

    reg_write(b.f, BNY_REG_MAX_FRAME, UINT16_MAX);
    len = tcp4_build(frame, b.mac, a.mac, 2 * MSS_MAX);
    desc.cmd = cpu_to_le32(FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_TCPV4));
    desc.hdr_len = cpu_to_le16(TCP4_HDR_LEN);
    desc.l3_off = TCP4_L3_OFF;
    desc.mss = cpu_to_le16(MSS_MAX + 1);
    send_with(&a, len, desc);
    assert_dropped(&a, &b, 1);
    desc.mss = cpu_to_le16(MSS_MAX);
    send_with(&a, len, desc);
    for (unsigned i = 0; i < 2; i++) {
        g_assert_true(rx_packet(&b.rx, &packet));
        g_assert_cmpuint(packet.len, ==, BNY_FRAME_LEN_MAX);
    }

    /* nor shorter payloads than BNY_MSS_MIN */
    desc.mss = cpu_to_le16(BNY_MSS_MIN - 1);
    send_with(&a, len, desc);
    assert_dropped(&a, &b, 2);
    nic_stop(nic);
}

void add_offload_tests(void)
{
    g_test_add_func(TEST_PREFIX "offload/checksum-in-header",
                    test_checksum_in_header);
    g_test_add_func(TEST_PREFIX "offload/longest-segment",
                    test_longest_segment);
}
