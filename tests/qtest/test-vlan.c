/*
 * Banyan qtests: VLANs: who gets what, port VLANs, and what may not be sent
 * (datasheet, chapter 7)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"

#define PORTS 4         /* the PF and three VFs */
#define TAG 4
#define LEN 100
#define FEATURES (BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO | BNY_FEAT_TX_USO)
#define RX_FEATURES \
    (BNY_FEAT_RX_CSUM_PARTIAL | BNY_FEAT_RX_GSO | BNY_FEAT_RX_CSUM)

static Packet packet;
static uint8_t frame[FRAME_MAX];
static uint8_t got[FRAME_MAX];
static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static Nic *start(Port *ports, uint32_t vf_features, int *sock)
{
    Nic *nic = host_start(",vfs=3", "", 0, sock);

    nic_enable_vfs(nic, PORTS - 1);
    for (unsigned i = 0; i < PORTS; i++) {
        port_start_with(&ports[i], i ? &nic->vf[i - 1] : &nic->pf,
                        i ? vf_features : 0);
    }
    func_set_flags(nic, BNY_FUNC_PF, BNY_POLICY_ENABLE | BNY_POLICY_ALL_VLANS);
    return nic;
}

static void stop(Nic *nic, int sock)
{
    nic_stop(nic);
    close(sock);
}

static void set_port_vlan(Nic *nic, unsigned func, uint16_t tpid, uint16_t tci)
{
    struct bny_ctrl_policy policy = func_policy(nic, func);

    policy.vlan_tpid = cpu_to_le16(tpid);
    policy.vlan_tci = cpu_to_le16(tci);
    func_set_policy(nic, func, &policy);
}

static enum bny_ctrl_status set_vlans(Nic *nic, unsigned func,
                                      const struct bny_ctrl_vlans *vlans)
{
    struct bny_ctrl_vlans payload = *vlans;

    return pf_command(nic, BNY_CTRL_SET_VLANS, func, &payload, sizeof(payload));
}

/* The function is in one VLAN; 0: in none */
static void set_vlan(Nic *nic, unsigned func, unsigned vid)
{
    struct bny_ctrl_vlans vlans = { };

    if (vid) {
        vlans.vlans[vid / 8] = 1 << vid % 8;
    }
    g_assert_cmpuint(set_vlans(nic, func, &vlans), ==, BNY_CTRL_OK);
}

/* Puts a tag behind the addresses; the frame's new length */
static size_t push_tag(uint8_t *data, size_t len, uint16_t tpid, uint16_t tci)
{
    memmove(data + 2 * ETH_ALEN + TAG, data + 2 * ETH_ALEN, len - 2 * ETH_ALEN);
    stw_be_p(data + 2 * ETH_ALEN, tpid);
    stw_be_p(data + 2 * ETH_ALEN + 2, tci);
    return len + TAG;
}

static void assert_gets(Port *p, const uint8_t *data, size_t len)
{
    g_assert_true(rx_packet(&p->rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, data, len);
}

static void send_frame(Port *p, size_t len)
{
    tx_send(&p->tx, frame, len);
    g_assert_true(tx_completed(&p->tx, p->tx.prod));
}

/* Sends @frame: exactly the functions whose bits are set get it, as it is */
static void assert_reaches(Port *ports, unsigned from, size_t len,
                           unsigned mask)
{
    send_frame(&ports[from], len);
    for (unsigned i = 0; i < PORTS; i++) {
        if (mask & BIT(i)) {
            assert_gets(&ports[i], frame, len);
        } else {
            assert_nothing_received(&ports[i].rx);
        }
    }
}

/* A list of VLANs, whatever the kind of tag; priority tags are in none */
static void test_list(void)
{
    static const uint16_t tpids[] = { ETH_P_VLAN, ETH_P_DVLAN };
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);
    size_t len;

    set_vlan(nic, 2, 100);
    set_vlan(nic, 3, 4094);
    for (unsigned i = 0; i < ARRAY_SIZE(tpids); i++) {
        static const struct {
            uint16_t tci;
            unsigned mask;
        } expected[] = {
            { 100, BIT(0) | BIT(2) },
            { 0xe000 | 100, BIT(0) | BIT(2) },
            { 101, BIT(0) },
            { 4094, BIT(0) | BIT(3) },
            { 4095, BIT(0) },
            { 0xe000, BIT(0) | BIT(2) | BIT(3) },
        };

        for (unsigned k = 0; k < ARRAY_SIZE(expected); k++) {
            frame_build(frame, broadcast, ports[1].mac, LEN, k);
            len = push_tag(frame, LEN, tpids[i], expected[k].tci);
            assert_reaches(ports, 1, len, expected[k].mask);
            g_assert_cmpuint(host_receive(sock, got), ==, len);
        }
    }
    /* to an address, from the wire, and after the list has changed */
    frame_build(frame, ports[2].mac, ports[1].mac, LEN, 0);
    len = push_tag(frame, LEN, ETH_P_VLAN, 100);
    assert_reaches(ports, 1, len, BIT(2));
    assert_host_receives_nothing(nic, sock);
    host_send(sock, frame, len);
    assert_gets(&ports[2], frame, len);
    set_vlan(nic, 2, 101);
    assert_reaches(ports, 1, len, 0);
    g_assert_cmpuint(host_receive(sock, got), ==, len);
    stop(nic, sock);
}

static void test_bad_list(void)
{
    struct bny_ctrl_vlans vlans = { };
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);
    size_t len;

    set_vlan(nic, 2, 100);
    vlans.vlans[0] = 0x01;
    g_assert_cmpuint(set_vlans(nic, 2, &vlans), ==, BNY_CTRL_BAD_VALUE);
    vlans.vlans[0] = 0;
    vlans.vlans[511] = 0x80;
    g_assert_cmpuint(set_vlans(nic, 2, &vlans), ==, BNY_CTRL_BAD_VALUE);
    frame_build(frame, broadcast, ports[1].mac, LEN, 0);
    len = push_tag(frame, LEN, ETH_P_VLAN, 100);
    assert_reaches(ports, 1, len, BIT(0) | BIT(2));
    stop(nic, sock);
}

/* The tag, with its priority, is on the wire and nowhere else */
static void check_port_vlan(uint16_t tpid)
{
    enum { TCI = 5 << 13 | 100 };
    uint8_t tagged[LEN + TAG];
    struct bny_tx_cqe cqe;
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);

    set_port_vlan(nic, 1, tpid, TCI);
    set_port_vlan(nic, 2, tpid, 100);
    frame_build(frame, broadcast, ports[1].mac, LEN, 7);
    memcpy(tagged, frame, LEN);
    push_tag(tagged, LEN, tpid, TCI);
    tx_send(&ports[1].tx, frame, LEN);
    g_assert_true(cq_next(&ports[1].tx, &cqe));
    g_assert_cmpuint(le32_to_cpu(cqe.bytes), ==, LEN);
    g_assert_cmpuint(host_receive(sock, got), ==, sizeof(tagged));
    g_assert_cmpmem(got, sizeof(tagged), tagged, sizeof(tagged));
    assert_gets(&ports[0], tagged, sizeof(tagged));
    assert_gets(&ports[2], frame, LEN);
    assert_nothing_received(&ports[3].rx);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_BYTES), ==, LEN);
    g_assert_cmpuint(counter(ports[2].f, BNY_CNT_RX_BYTES), ==, LEN);

    /* from the wire */
    host_send(sock, tagged, sizeof(tagged));
    assert_gets(&ports[0], tagged, sizeof(tagged));
    assert_gets(&ports[1], frame, LEN);
    assert_gets(&ports[2], frame, LEN);
    assert_nothing_received(&ports[3].rx);
    stop(nic, sock);
}

static void test_port_vlan(void)
{
    check_port_vlan(ETH_P_VLAN);
}

static void test_port_svlan(void)
{
    check_port_vlan(ETH_P_DVLAN);
}

/* Frames without tag, of another VLAN or kind never reach it */
static void test_port_vlan_of_others(void)
{
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);
    size_t len;

    set_vlan(nic, 1, 200);
    set_port_vlan(nic, 1, ETH_P_VLAN, 100);
    func_set_flags(nic, 1, BNY_POLICY_ENABLE | BNY_POLICY_PROMISC |
                   BNY_POLICY_ALLMULTI | BNY_POLICY_ALL_VLANS);
    for (unsigned i = 0; i < 2; i++) {
        frame_build(frame, i ? ports[1].mac : broadcast, host_mac, LEN, 7);
        host_send(sock, frame, LEN);
        len = push_tag(frame, LEN, ETH_P_VLAN, 200);
        host_send(sock, frame, len);
        stw_be_p(frame + 2 * ETH_ALEN, ETH_P_DVLAN);
        stw_be_p(frame + 2 * ETH_ALEN + 2, 100);
        host_send(sock, frame, len);
        stw_be_p(frame + 2 * ETH_ALEN, ETH_P_VLAN);
        stw_be_p(frame + 2 * ETH_ALEN + 2, 0);
        host_send(sock, frame, len);
        assert_nothing_received(&ports[1].rx);
    }
    stw_be_p(frame + 2 * ETH_ALEN + 2, 100);
    host_send(sock, frame, len);
    frame_build(frame, ports[1].mac, host_mac, LEN, 7);
    assert_gets(&ports[1], frame, LEN);
    stop(nic, sock);
}

/* Of a tag of its own there is no word under 802.1Q; under 802.1ad it stays */
static void test_port_vlan_and_tags(void)
{
    static const uint16_t tpids[] = { ETH_P_VLAN, ETH_P_DVLAN };
    static const uint16_t tcis[] = { 0, 100, 4095 };
    unsigned drops = 0;
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);
    size_t len;

    for (unsigned i = 0; i < 6; i++) {
        frame_build(frame, broadcast, ports[1].mac, LEN, i);
        len = push_tag(frame, LEN, tpids[i % 2], tcis[i / 2]);
        set_port_vlan(nic, 1, ETH_P_VLAN, 100);
        assert_reaches(ports, 1, len, 0);
        drops++;
        g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_VLAN), ==, drops);
        assert_host_receives_nothing(nic, sock);

        set_port_vlan(nic, 1, ETH_P_DVLAN, 100);
        send_frame(&ports[1], len);
        g_assert_cmpuint(host_receive(sock, got), ==, len + TAG);
        g_assert_cmphex(ldl_be_p(got + 2 * ETH_ALEN), ==,
                        ETH_P_DVLAN << 16 | 100);
        g_assert_cmpmem(got + 2 * ETH_ALEN + TAG, len - 2 * ETH_ALEN,
                        frame + 2 * ETH_ALEN, len - 2 * ETH_ALEN);
        g_assert_true(rx_packet(&ports[0].rx, &packet));
        g_assert_cmpmem(packet.data, packet.len, got, len + TAG);
    }
    assert_no_error(ports[1].f);
    /* a frame that ends where its tag should be */
    set_port_vlan(nic, 1, ETH_P_VLAN, 100);
    assert_reaches(ports, 1, ETH_HLEN, 0);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_VLAN), ==, drops + 1);
    stop(nic, sock);
}

/* CHECK_VLAN: into VLANs only that it is in */
static void test_check_vlan(void)
{
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);
    size_t len;

    set_vlan(nic, 1, 100);
    frame_build(frame, broadcast, ports[1].mac, LEN, 0);
    len = push_tag(frame, LEN, ETH_P_VLAN, 101);
    assert_reaches(ports, 1, len, BIT(0));
    func_set_flags(nic, 1, BNY_POLICY_ENABLE | BNY_POLICY_CHECK_VLAN);
    assert_reaches(ports, 1, len, 0);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_VLAN), ==, 1);
    assert_reaches(ports, 1, ETH_HLEN, 0);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_VLAN), ==, 2);
    stw_be_p(frame + 2 * ETH_ALEN + 2, 0xe000 | 100);
    assert_reaches(ports, 1, len, BIT(0));
    stw_be_p(frame + 2 * ETH_ALEN + 2, 0);
    assert_reaches(ports, 1, len, BIT(0) | BIT(2) | BIT(3));
    stw_be_p(frame + 2 * ETH_ALEN + 2, 101);
    func_set_flags(nic, 1, BNY_POLICY_ENABLE | BNY_POLICY_CHECK_VLAN |
                   BNY_POLICY_ALL_VLANS);
    assert_reaches(ports, 1, len, BIT(0));
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_VLAN), ==, 2);
    stop(nic, sock);
}

/* CHECK_MAC: from addresses only that it has */
static void test_check_mac(void)
{
    Port ports[PORTS];
    uint8_t forged[6];
    int sock;
    Nic *nic = start(ports, 0, &sock);

    mac_of(77, forged);
    frame_build(frame, broadcast, forged, LEN, 0);
    assert_reaches(ports, 1, LEN, BIT(0) | BIT(2) | BIT(3));
    func_set_flags(nic, 1, BNY_POLICY_ENABLE | BNY_POLICY_CHECK_MAC);
    assert_reaches(ports, 1, LEN, 0);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_SPOOF), ==, 1);
    /* another one's, and a group */
    frame_build(frame, broadcast, ports[2].mac, LEN, 0);
    assert_reaches(ports, 1, LEN, 0);
    veb_add(nic, 1, broadcast);
    frame_build(frame, broadcast, ports[1].mac, LEN, 0);
    assert_reaches(ports, 1, LEN, BIT(0) | BIT(2) | BIT(3));
    frame_build(frame, broadcast, forged, LEN, 0);
    veb_add(nic, 1, forged);
    assert_reaches(ports, 1, LEN, BIT(0) | BIT(2) | BIT(3));
    veb_remove(nic, 1, forged);
    assert_reaches(ports, 1, LEN, 0);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_SPOOF), ==, 3);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_PACKETS), ==, 6);
    assert_no_error(ports[1].f);
    stop(nic, sock);
}

static void send_tso(Port *p, size_t len, uint16_t mss)
{
    struct bny_tx_desc desc = tcp4_tso(mss);

    desc.addr = cpu_to_le64(nic_alloc(p->f->nic, len));
    desc.len = cpu_to_le32(len);
    desc.cmd |= cpu_to_le32(BNY_TX_CMD_EOP);
    qtest_memwrite(p->f->nic->qts, le64_to_cpu(desc.addr), frame, len);
    tx_desc(&p->tx, &desc);
    ring_kick(&p->tx);
    g_assert_true(tx_completed(&p->tx, p->tx.prod));
}

/* Segments get the tag each, or lose it, and their checksums are right */
static void check_tso(uint16_t tpid)
{
    enum { MSS = 1000, SEGS = 3 };
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, FEATURES, &sock);
    size_t len;

    for (unsigned i = 1; i <= 2; i++) {
        set_port_vlan(nic, i, tpid, 100);
    }
    len = tcp4_build(frame, broadcast, ports[1].mac, MSS * SEGS);
    send_tso(&ports[1], len, MSS);
    for (unsigned i = 0; i < SEGS; i++) {
        g_assert_cmpuint(host_receive(sock, got), ==,
                         TCP4_HDR_LEN + TAG + MSS);
        g_assert_cmphex(ldl_be_p(got + 2 * ETH_ALEN), ==, tpid << 16 | 100);
        memmove(got + 2 * ETH_ALEN, got + 2 * ETH_ALEN + TAG,
                TCP4_HDR_LEN + MSS - 2 * ETH_ALEN);
        g_assert_true(ip4_checksum_ok(got));
        g_assert_true(tcp4_checksum_ok(got, TCP4_HDR_LEN + MSS));
        g_assert_true(rx_packet(&ports[2].rx, &packet));
        g_assert_cmpmem(packet.data, packet.len, got, TCP4_HDR_LEN + MSS);
        g_assert_true(rx_packet(&ports[0].rx, &packet));
        g_assert_cmpuint(packet.len, ==, TCP4_HDR_LEN + TAG + MSS);
    }
    assert_nothing_received(&ports[2].rx);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_BYTES), ==, len);
    g_assert_cmpuint(counter(ports[2].f, BNY_CNT_RX_SEGMENTED), ==, SEGS);
    stop(nic, sock);
}

static void test_tso(void)
{
    check_tso(ETH_P_VLAN);
    check_tso(ETH_P_DVLAN);
}

/* Who takes frames with work left gets them so, at the offsets that it sees */
static void test_whole(void)
{
    enum { MSS = 1000, LEFT = 3000 };
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, FEATURES | RX_FEATURES, &sock);
    size_t len;

    set_port_vlan(nic, 1, ETH_P_VLAN, 100);
    set_port_vlan(nic, 2, ETH_P_VLAN, 100);
    set_vlan(nic, 3, 100);
    len = tcp4_build(frame, broadcast, ports[1].mac, LEFT);
    send_tso(&ports[1], len, MSS);
    assert_gets(&ports[2], frame, len);
    g_assert_cmphex(FIELD_GET(BNY_RX_CQE_GSO, rx_flags(&packet)), ==,
                    BNY_GSO_TCPV4);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.l4_off), ==, TCP4_L4_OFF);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.hdr_len), ==, TCP4_HDR_LEN);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.segs), ==, LEFT / MSS);
    push_tag(frame, len, ETH_P_VLAN, 100);
    assert_gets(&ports[3], frame, len + TAG);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.l4_off), ==, TCP4_L4_OFF + TAG);
    g_assert_cmpuint(le16_to_cpu(packet.cqe.hdr_len), ==, TCP4_HDR_LEN + TAG);
    stop(nic, sock);
}

/* The hash is the one of the frame that the receiver gets, and so the verdict */
static void test_hash(void)
{
    enum { PAYLOAD = 100 };
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, BNY_FEAT_TX_CSUM | BNY_FEAT_RX_HASH |
                     BNY_FEAT_RX_CSUM, &sock);
    uint32_t hash = 0;
    size_t len;

    for (unsigned i = 1; i <= 2; i++) {
        reg_write(ports[i].f, BNY_REG_AT(RSS_KEY, 0), 0x12345678);
        reg_write(ports[i].f, BNY_REG_AT(RSS_KEY, 3), 0x9abcdef0);
        reg_write(ports[i].f, BNY_REG_RSS_CTRL, BNY_RSS_ENABLE |
                  FIELD_PREP(BNY_RSS_TYPES, BNY_RSS_TYPE_TCPV4));
    }
    set_port_vlan(nic, 2, ETH_P_VLAN, 100);
    len = tcp4_build(frame, broadcast, host_mac, PAYLOAD);
    for (unsigned i = 1; i <= 2; i++) {
        host_send(sock, frame, len);
        g_assert_true(rx_packet(&ports[i].rx, &packet));
        g_assert_cmpuint(packet.len, ==, TCP4_HDR_LEN + PAYLOAD);
        g_assert_cmphex(FIELD_GET(BNY_RX_CQE_HASH_TYPE, rx_flags(&packet)), ==,
                        BNY_RSS_TYPE_TCPV4);
        g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_CSUM_BAD, !=, 0);
        if (i == 1) {
            hash = le32_to_cpu(packet.cqe.hash);
        }
        g_assert_cmphex(le32_to_cpu(packet.cqe.hash), ==, hash);
        len = push_tag(frame, len, ETH_P_VLAN, 100);
    }
    stop(nic, sock);
}

/* A tag is at most the third, and nothing is left to be done behind three */
static void test_offload_behind_tags(void)
{
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, FEATURES, &sock);
    struct bny_tx_desc desc = { };
    size_t len;

    set_port_vlan(nic, 1, ETH_P_DVLAN, 100);
    tcp4_build(frame, broadcast, ports[1].mac, 500);
    len = push_tag(frame, TCP4_HDR_LEN + 500, ETH_P_VLAN, 5);
    desc.cmd = cpu_to_le32(BNY_TX_CMD_CSUM | BNY_TX_CMD_EOP);
    desc.l4_off = cpu_to_le16(TCP4_L4_OFF + TAG);
    desc.csum_off = cpu_to_le16(TCP4_CSUM_OFF);
    tx_put_desc(&ports[1].tx, frame, len, desc);
    ring_kick(&ports[1].tx);
    g_assert_cmpuint(host_receive(sock, got), ==, len + TAG);
    memmove(got + 2 * ETH_ALEN, got + 2 * ETH_ALEN + 2 * TAG,
            len - TAG - 2 * ETH_ALEN);
    g_assert_true(tcp4_checksum_ok(got, len - TAG));

    len = push_tag(frame, len, ETH_P_DVLAN, 6);
    send_frame(&ports[1], len);
    g_assert_cmpuint(host_receive(sock, got), ==, len + TAG);

    /* segments have headers behind two tags at most */
    desc = tcp4_tso(100);
    desc.cmd |= cpu_to_le32(BNY_TX_CMD_EOP);
    desc.l3_off += 2 * TAG;
    desc.l4_off = cpu_to_le16(TCP4_L4_OFF + 2 * TAG);
    desc.hdr_len = cpu_to_le16(TCP4_HDR_LEN + 2 * TAG);
    tx_put_desc(&ports[1].tx, frame, len, desc);
    ring_kick(&ports[1].tx);
    g_assert_true(tx_completed(&ports[1].tx, ports[1].tx.prod));
    assert_host_receives_nothing(nic, sock);
    g_assert_cmpuint(counter(ports[1].f, BNY_CNT_TX_DROP_HEADERS), ==, 1);
    assert_no_error(ports[1].f);
    stop(nic, sock);
}

/* MAX_FRAME counts what the receiver gets; the sender's limit is its own */
static void test_longest(void)
{
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);

    set_port_vlan(nic, 1, ETH_P_VLAN, 100);
    set_port_vlan(nic, 2, ETH_P_VLAN, 100);
    set_vlan(nic, 3, 100);
    reg_write(ports[2].f, BNY_REG_MAX_FRAME, 300);
    reg_write(ports[3].f, BNY_REG_MAX_FRAME, 300);
    frame_build(frame, broadcast, ports[1].mac, 300, 0);
    send_frame(&ports[1], 300);
    assert_gets(&ports[2], frame, 300);
    g_assert_cmpuint(counter(ports[3].f, BNY_CNT_RX_DROP_LENGTH), ==, 1);
    send_frame(&ports[1], 301);
    assert_nothing_received(&ports[2].rx);
    g_assert_cmpuint(counter(ports[2].f, BNY_CNT_RX_DROP_LENGTH), ==, 1);

    reg_write(ports[2].f, BNY_REG_MAX_FRAME, UINT16_MAX);
    frame_build(frame, ports[2].mac, ports[1].mac, BNY_FRAME_LEN_MAX, 0);
    send_frame(&ports[1], BNY_FRAME_LEN_MAX);
    assert_gets(&ports[2], frame, BNY_FRAME_LEN_MAX);
    stop(nic, sock);
}

/*
 * A port VLAN outlives the VF's reset, and the PF's, in the VEB too; lists are
 * what VFs have asked for
 */
static void test_resets(void)
{
    struct bny_ctrl_policy policy;
    Port ports[PORTS];
    int sock;
    Nic *nic = start(ports, 0, &sock);

    set_port_vlan(nic, 1, ETH_P_VLAN, 3 << 13 | 100);
    func_reset(&nic->vf[0]);
    policy = func_policy(nic, 1);
    g_assert_cmphex(le16_to_cpu(policy.vlan_tci), ==, 3 << 13 | 100);
    g_assert_cmphex(le16_to_cpu(policy.vlan_tpid), ==, ETH_P_VLAN);
    set_vlan(nic, 2, 100);
    func_reset(&nic->pf);
    policy = func_policy(nic, 1);
    g_assert_cmphex(le16_to_cpu(policy.vlan_tpid), ==, ETH_P_VLAN);
    port_start(&ports[0], &nic->pf);
    port_start(&ports[1], &nic->vf[0]);
    func_set_flags(nic, 2, BNY_POLICY_ENABLE);
    frame_build(frame, broadcast, ports[0].mac, LEN, 0);
    send_frame(&ports[0], LEN);
    assert_nothing_received(&ports[1].rx);
    assert_gets(&ports[2], frame, LEN);
    push_tag(frame, LEN, ETH_P_VLAN, 100);
    send_frame(&ports[0], LEN + TAG);
    assert_nothing_received(&ports[2].rx);
    frame_build(frame, broadcast, ports[0].mac, LEN, 0);
    assert_gets(&ports[1], frame, LEN);
    /* nor is the list there when a port VLAN goes */
    set_port_vlan(nic, 2, ETH_P_VLAN, 5);
    set_port_vlan(nic, 2, 0, 0);
    push_tag(frame, LEN, ETH_P_VLAN, 100);
    send_frame(&ports[0], LEN + TAG);
    assert_nothing_received(&ports[2].rx);
    stop(nic, sock);
}

static void test_migration(void)
{
    struct bny_ctrl_policy policy, before;
    Port ports[PORTS];
    Nic *nic = nic_start(",vfs=3");

    nic_enable_vfs(nic, PORTS - 1);
    for (unsigned i = 0; i < PORTS; i++) {
        port_start(&ports[i], i ? &nic->vf[i - 1] : &nic->pf);
    }
    set_port_vlan(nic, 1, ETH_P_VLAN, 3 << 13 | 100);
    set_port_vlan(nic, 2, ETH_P_VLAN, 100);
    set_vlan(nic, 3, 100);
    policy = func_policy(nic, 3);
    policy.link = BNY_POLICY_LINK_UP;
    func_set_policy(nic, 3, &policy);
    policy = func_policy(nic, 1);
    nic_move(nic, ",vfs=3");
    before = policy;
    policy = func_policy(nic, 1);
    g_assert_cmpmem(&policy, sizeof(policy), &before, sizeof(before));
    g_assert_cmpuint(func_policy(nic, 3).link, ==, BNY_POLICY_LINK_UP);
    frame_build(frame, broadcast, ports[1].mac, LEN, 0);
    send_frame(&ports[1], LEN);
    assert_gets(&ports[2], frame, LEN);
    push_tag(frame, LEN, ETH_P_VLAN, 3 << 13 | 100);
    assert_gets(&ports[3], frame, LEN + TAG);
    nic_stop(nic);
}

void add_vlan_tests(void)
{
    g_test_add_func(TEST_PREFIX "vlan/list", test_list);
    g_test_add_func(TEST_PREFIX "vlan/bad-list", test_bad_list);
    g_test_add_func(TEST_PREFIX "vlan/port", test_port_vlan);
    g_test_add_func(TEST_PREFIX "vlan/port-svlan", test_port_svlan);
    g_test_add_func(TEST_PREFIX "vlan/port-of-others",
                    test_port_vlan_of_others);
    g_test_add_func(TEST_PREFIX "vlan/port-and-tags", test_port_vlan_and_tags);
    g_test_add_func(TEST_PREFIX "vlan/check-vlan", test_check_vlan);
    g_test_add_func(TEST_PREFIX "vlan/check-mac", test_check_mac);
    g_test_add_func(TEST_PREFIX "vlan/tso", test_tso);
    g_test_add_func(TEST_PREFIX "vlan/whole", test_whole);
    g_test_add_func(TEST_PREFIX "vlan/hash", test_hash);
    g_test_add_func(TEST_PREFIX "vlan/offload-behind-tags",
                    test_offload_behind_tags);
    g_test_add_func(TEST_PREFIX "vlan/longest", test_longest);
    g_test_add_func(TEST_PREFIX "vlan/resets", test_resets);
    g_test_add_func(TEST_PREFIX "vlan/migration", test_migration);
}
