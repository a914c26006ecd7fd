/*
 * Banyan qtests: rules of registers, resets and policy that nothing else
 * depends on, so that no other case notices when they go
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"
#include "standard-headers/linux/pci_regs.h"

static Packet packet;

static Nic *start(const char *props, unsigned vfs)
{
    Nic *nic = nic_start(props);

    nic_enable_vfs(nic, vfs);
    return nic;
}

/* FEATURES may be written while a ring runs, if that changes nothing */
static void test_features_again(void)
{
    Nic *nic = nic_start("");
    Ring tx;

    reg_write(&nic->pf, BNY_REG_FEATURES, BNY_FEAT_TX_CSUM);
    ring_start(&tx, &nic->pf, 0, false, BNY_RING_DEPTH_MIN);
    reg_write(&nic->pf, BNY_REG_FEATURES, BNY_FEAT_TX_CSUM);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

/* The PF's own address is a property of the device */
static void test_mac_of_pf(void)
{
    Nic *nic = start(",vfs=1,mac=52:54:00:12:34:56", 1);
    struct bny_ctrl_policy policy = func_policy(nic, BNY_FUNC_PF);

    for (unsigned i = 0; i < sizeof(policy.mac); i++) {
        struct bny_ctrl_policy other = policy;

        other.mac[i] ^= 4;
        g_assert_cmpuint(pf_command(nic, BNY_CTRL_SET_POLICY, BNY_FUNC_PF,
                                    &other, sizeof(other)), ==,
                         BNY_CTRL_BAD_VALUE);
    }
    func_set_policy(nic, BNY_FUNC_PF, &policy);
    func_reset(&nic->pf);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAC_LO), ==, 0x12005452);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAC_HI), ==, 0x5634);
    nic_stop(nic);
}

/* Less than a word is no access: nothing is written, nothing happens */
static void test_narrow_access(void)
{
    Nic *nic = nic_start("");
    Func *pf = &nic->pf;

    qtest_writeb(nic->qts, pf->regs + BNY_REG_MAX_FRAME, 0x77);
    qtest_writew(nic->qts, pf->regs + BNY_REG_MAX_FRAME, 0x7777);
    g_assert_cmphex(reg_read(pf, BNY_REG_MAX_FRAME), ==, 1518);
    qtest_writeb(nic->qts, pf->doorbells + BNY_DB_ARM, BNY_DB_ARM_ON);
    qtest_writew(nic->qts, pf->doorbells + BNY_DB_ARM, BNY_DB_ARM_ON);
    g_assert_cmpuint(counter(pf, BNY_CNT_DOORBELLS_ARM), ==, 0);
    g_assert_cmpuint(counter(pf, BNY_CNT_REG_WRITES), ==, 0);
    assert_no_error(pf);
    nic_stop(nic);
}

/* Causes come and go each by itself */
static void test_causes(void)
{
    Nic *nic = start(",vfs=1", 1);
    Func *vf = &nic->vf[0];

    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
    reg_write(vf, BNY_REG_MAGIC, 0);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==,
                    BNY_IRQ_LINK | BNY_IRQ_ERROR);
    reg_write(vf, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==, BNY_IRQ_ERROR);
    nic_stop(nic);
}

/* A command register that 0 is written to does nothing */
static void test_reset_zero(void)
{
    Nic *nic = start(",vfs=1", 1);
    uint32_t pf = reg_read(&nic->pf, BNY_REG_GENERATION);
    uint32_t vf = reg_read(&nic->vf[0], BNY_REG_GENERATION);

    reg_write(&nic->pf, BNY_REG_RESET, 0);
    reg_write(&nic->vf[0], BNY_REG_RESET, 0);
    reg_write(&nic->pf, BNY_REG_AT(FUNC_RESET, BNY_FUNC_VF(0)), 0);
    g_assert_cmpuint(reg_read(&nic->pf, BNY_REG_GENERATION), ==, pf);
    g_assert_cmpuint(reg_read(&nic->vf[0], BNY_REG_GENERATION), ==, vf);
    nic_stop(nic);
}

/* A queue pair that was armed isn't any more after a reset */
static void test_reset_disarms(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    func_enable_msix(b.f);
    doorbell(b.f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    func_reset(b.f);
    ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
    rx_post(&b.rx, 4, PORT_BUF_LEN);
    send_and_compare(&a, &b, 100);
    nic_settle(nic);
    g_assert_false(func_got_message(b.f, 0));
    nic_stop(nic);
}

/*
 * What functions have asked for doesn't outlive the PF's reset; what the host
 * has decided does, but for one that resets configuration space
 */
static void test_pf_forgets(void)
{
    Nic *nic = start(",vfs=40", 40);
    Func *pf = &nic->pf;
    struct bny_ctrl_policy policy = {
        .flags = cpu_to_le32(BNY_POLICY_FLAGS),
        .vlan_tpid = cpu_to_le16(ETH_P_VLAN),
        .vlan_tci = cpu_to_le16(5),
        .link = BNY_POLICY_LINK_UP,
        .note = 0xa5,
    };
    static const struct bny_ctrl_policy none;
    struct bny_ctrl_policy left, got;

    func_reset(&nic->vf[0]);
    func_reset(&nic->vf[39]);
    mac_of(1, policy.mac);
    func_set_policy(nic, 1, &policy);
    left = policy;
    left.flags = cpu_to_le32(BNY_POLICY_CHECK_MAC | BNY_POLICY_CHECK_VLAN);
    func_set_flags(nic, BNY_FUNC_PF, BNY_POLICY_FLAGS);
    func_reset(pf);
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(FUNC_RESET_EVENT, 0)), ==, 0);
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(FUNC_RESET_EVENT, 1)), ==, 0);
    got = func_policy(nic, 1);
    g_assert_cmpmem(&got, sizeof(got), &left, sizeof(left));
    g_assert_cmphex(func_policy(nic, BNY_FUNC_PF).flags, ==, 0);

    func_flr(pf);
    func_bus_master(pf, true);
    nic_enable_vfs(nic, 40);
    got = func_policy(nic, 1);
    g_assert_cmpmem(&got, sizeof(got), &none, sizeof(none));
    nic_stop(nic);
}

static void test_error_info(void)
{
    Nic *nic = nic_start("");

    reg_write(&nic->pf, BNY_REG_MAX_FRAME, 0x10000);
    assert_error_info(&nic->pf, BNY_ERR_REG_VALUE, BNY_REG_MAX_FRAME);
    func_reset(&nic->pf);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_ERROR_INFO), ==, 0);
    nic_stop(nic);
}

/* An FLR in D3hot puts a function in D0, and resets it once */
static void test_flr_asleep(void)
{
    Nic *nic = start(",vfs=1", 1);
    uint32_t generation = reg_read(&nic->vf[0], BNY_REG_GENERATION);

    func_set_power(&nic->vf[0], PCI_PM_CTRL_STATE_MASK);
    func_flr(&nic->vf[0]);
    func_bus_master(&nic->vf[0], true);
    g_assert_cmpuint(reg_read(&nic->vf[0], BNY_REG_GENERATION), ==,
                     generation + 1);
    nic_stop(nic);
}

/* A mode changes while the link stays what it is: that is no news */
static void test_modes_tell_nothing(void)
{
    Nic *nic = start(",vfs=1", 1);
    Func *vf = &nic->vf[0];

    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
    reg_write(vf, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE | BNY_POLICY_ALLMULTI);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE | BNY_POLICY_PROMISC);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==, 0);
    nic_stop(nic);
}

/* Who has no link doesn't hear of the uplink's */
static void test_link_of_others(void)
{
    int sock;
    Nic *nic = host_start(",vfs=2", "", 0, &sock);

    nic_enable_vfs(nic, 2);
    func_up(&nic->vf[0]);
    reg_write(&nic->vf[0], BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    uplink_set(nic, false);
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_IRQ_CAUSE), ==,
                    BNY_IRQ_LINK);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_IRQ_CAUSE), ==, 0);
    nic_stop(nic);
    close(sock);
}

/* A frame for a wire that is down is dropped, and counted as such */
static void test_link_down(void)
{
    uint8_t frame[60];
    int sock;
    Nic *nic = host_start(",vfs=1", "", 0, &sock);
    Port a;

    nic_enable_vfs(nic, 1);
    port_start(&a, &nic->vf[0]);
    uplink_set(nic, false);
    frame_build(frame, host_mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_LINK), ==, 1);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_NOBODY), ==, 0);
    assert_host_receives_nothing(nic, sock);
    nic_stop(nic);
    close(sock);
}

/* VFs have the functions behind the PF's, so that must be the first */
static void test_not_first(void)
{
    g_autofree char *said = NULL;

    g_assert_cmpint(qemu_try("-device banyan,bus=pcie.0,addr=10.1,vfs=2",
                             &said), ==, 1);
    g_test_message("%s", said);
    g_assert_nonnull(strstr(said, "property 'addr' names function 1; it takes "
                                  "0"));
}

/* EUI-64: the address, with fffe in the middle */
static void test_serial_number(void)
{
    Nic *nic = nic_start(",mac=52:54:00:12:34:56");
    unsigned cap = func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_DSN);

    g_assert_cmphex(func_cfg_read(&nic->pf, cap + 4, 4), ==, 0xfe123456);
    g_assert_cmphex(func_cfg_read(&nic->pf, cap + 8, 4), ==, 0x525400ff);
    nic_stop(nic);
}

/* DMA to what isn't memory doesn't even read it */
static void test_no_access(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    uint64_t reads = counter_from_pf(nic, b.f->index, BNY_CNT_REG_READS);
    struct bny_tx_desc desc = {
        .addr = cpu_to_le64(b.f->regs + BNY_REG_AT(RSS_KEY, 0)),
        .len = cpu_to_le32(60),
        .cmd = cpu_to_le32(BNY_TX_CMD_EOP),
    };

    tx_desc(&a.tx, &desc);
    ring_kick(&a.tx);
    nic_settle(nic);
    assert_error(a.f, BNY_ERR_DMA);
    g_assert_cmpuint(counter_from_pf(nic, b.f->index, BNY_CNT_REG_READS), ==,
                     reads);
    nic_stop(nic);
}

/* Nothing is in FEATURES, and each offload is asked for */
static void test_nothing_in_features(void)
{
    static const uint32_t cmds[] = {
        BNY_TX_CMD_CSUM, FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_TCPV4),
        FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_TCPV6),
        FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_UDP),
    };
    uint8_t frame[TCP4_HDR_LEN + 100];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    tcp4_build(frame, b.mac, a.mac, 100);
    for (unsigned i = 0; i < ARRAY_SIZE(cmds); i++) {
        struct bny_tx_desc desc = tcp4_tso(50);

        desc.cmd = cpu_to_le32(BNY_TX_CMD_EOP | cmds[i]);
        if (cmds[i] == BNY_TX_CMD_CSUM) {
            desc.hdr_len = desc.mss = 0;
            desc.l3_off = 0;
        }
        tx_put_desc(&a.tx, frame, sizeof(frame), desc);
        ring_kick(&a.tx);
        nic_settle(nic);
        assert_error_info(a.f, BNY_ERR_DESC_CMD, 0);
        assert_nothing_received(&b.rx);
        func_reset(a.f);
        ring_start(&a.tx, a.f, 0, false, PORT_DEPTH);
    }
    nic_stop(nic);
}

/*
 * What is wrong with a packet's second descriptor is told of that one: what
 * is reserved, and commands, which are the first one's
 */
static void test_second_descriptor(void)
{
    static const struct bny_tx_desc second[] = {
        { .cmd = const_le32(BNY_TX_CMD_EOP | BIT(31)) },
        { .cmd = const_le32(BNY_TX_CMD_EOP | BNY_TX_CMD_CSUM) },
        { .cmd = const_le32(BNY_TX_CMD_EOP), .rsvd1 = const_le16(1) },
        { .cmd = const_le32(BNY_TX_CMD_EOP), .l4_off = const_le16(34) },
    };
    uint8_t frame[100];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    for (unsigned i = 0; i < ARRAY_SIZE(second); i++) {
        func_reset(a.f);
        reg_write(a.f, BNY_REG_FEATURES, BNY_FEAT_TX_CSUM);
        ring_start(&a.tx, a.f, 0, false, PORT_DEPTH);
        tx_put(&a.tx, frame, 50, 0);
        tx_put_desc(&a.tx, frame + 50, 50, second[i]);
        ring_kick(&a.tx);
        nic_settle(nic);
        assert_error_info(a.f, BNY_ERR_DESC_CMD,
                          FIELD_PREP(BNY_ERROR_INFO_INDEX, 1));
        assert_nothing_received(&b.rx);
    }
    nic_stop(nic);
}

/* Likewise of a second receive buffer, however late that shows */
static void test_second_buffer(void)
{
    static const struct {
        uint64_t addr;
        enum bny_error error;
    } second[] = {
        { 0, BNY_ERR_DESC_ADDR }, { 0x7fffffff0000, BNY_ERR_DMA },
    };
    uint8_t frame[BNY_RX_BUF_LEN_MIN + 50];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    for (unsigned i = 0; i < ARRAY_SIZE(second); i++) {
        const struct bny_rx_desc desc = {
            .addr = cpu_to_le64(second[i].addr),
            .len = cpu_to_le32(BNY_RX_BUF_LEN_MIN),
        };

        func_reset(b.f);
        ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
        ring_write(&b.rx, 1, &desc);
        rx_post(&b.rx, 1, BNY_RX_BUF_LEN_MIN);
        b.rx.prod++;
        ring_kick(&b.rx);
        tx_send(&a.tx, frame, sizeof(frame));
        g_assert_true(tx_completed(&a.tx, a.tx.prod));
        assert_error_info(b.f, second[i].error, BNY_ERROR_INFO_RX |
                          FIELD_PREP(BNY_ERROR_INFO_INDEX, 1));
    }
    nic_stop(nic);
}

/* An address whose low half is 0 is one all the same */
static void test_high_memory(void)
{
    static const uint32_t lo[] = {
        BNY_REG_TX_BASE_LO, BNY_REG_TX_CQ_LO, BNY_REG_TX_SHADOW_LO,
    };
    Nic *nic = nic_start("");
    Ring tx;

    ring_config(&tx, &nic->pf, 0, false, BNY_RING_DEPTH_MIN);
    for (unsigned i = 0; i < ARRAY_SIZE(lo); i++) {
        reg_write(&nic->pf, lo[i], 0);
        reg_write(&nic->pf, lo[i] + 4, 1);
    }
    ring_enable(&tx);
    assert_no_error(&nic->pf);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_TX_CTRL), ==, BNY_RING_ENABLE);
    nic_stop(nic);
}

/* A function that is down drops what the wire has for it, and that is all */
static void test_from_uplink_down(void)
{
    uint8_t frame[60];
    int sock;
    Nic *nic = host_start(",vfs=1", "", 0, &sock);
    Port a;

    nic_enable_vfs(nic, 1);
    port_start(&a, &nic->vf[0]);
    func_set_flags(nic, a.f->index, 0);
    frame_build(frame, a.mac, host_mac, sizeof(frame), 0);
    host_send(sock, frame, sizeof(frame));
    while (!counter(a.f, BNY_CNT_RX_DROP_LINK)) {
        nic_settle(nic);
    }
    g_assert_cmpuint(counter(a.f, BNY_CNT_RX_DROP_LINK), ==, 1);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_UPLINK_DROP_NOBODY), ==, 0);
    nic_stop(nic);
    close(sock);
}

/* Unless told otherwise, a vector for each pair, and one for the rest */
static void test_limits(void)
{
    Nic *nic = start(",vfs=1,queue-pairs=5,vf-queue-pairs=3", 1);

    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_LIMITS), ==,
                    FIELD_PREP(BNY_LIMITS_QUEUE_PAIRS, 5) |
                    FIELD_PREP(BNY_LIMITS_VECTORS, 6));
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_LIMITS), ==,
                    FIELD_PREP(BNY_LIMITS_QUEUE_PAIRS, 3) |
                    FIELD_PREP(BNY_LIMITS_VECTORS, 4));
    nic_stop(nic);
}

/* A doorbell of the first pair that isn't there isn't one of another */
static void test_first_beyond(void)
{
    Nic *nic = nic_start(",queue-pairs=2");
    Func *pf = &nic->pf;

    doorbell(pf, 2, BNY_DB_TX, 1);
    doorbell(pf, 2, BNY_DB_RX, 1);
    doorbell(pf, 2, BNY_DB_ARM, BNY_DB_ARM_ON);
    nic_settle(nic);
    g_assert_cmpuint(counter(pf, BNY_CNT_DOORBELLS_TX), ==, 0);
    g_assert_cmpuint(counter(pf, BNY_CNT_DOORBELLS_RX), ==, 0);
    g_assert_cmpuint(counter(pf, BNY_CNT_DOORBELLS_ARM), ==, 0);
    assert_no_error(pf);
    nic_stop(nic);
}

/* A ring that runs is enabled once more: it runs on */
static void test_enable_twice(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    send_and_compare(&a, &b, 100);
    ring_enable(&a.tx);
    ring_enable(&b.rx);
    assert_no_error(a.f);
    g_assert_cmpuint(FIELD_GET(BNY_INDEX_RING,
                               reg_read(a.f, BNY_REG_TX_INDEX)), ==, 1);
    send_and_compare(&a, &b, 200);
    nic_stop(nic);
}

/* A receive ring that is enabled again uses its new buffers */
static void test_receive_again(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    send_and_compare(&a, &b, 100);
    ring_disable(&b.rx);
    ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
    rx_post(&b.rx, 2, PORT_BUF_LEN);
    send_and_compare(&a, &b, 200);
    nic_stop(nic);
}

/* A completion tells of what came since the one before, and no further */
static void test_completion_counts(void)
{
    struct bny_tx_cqe cqe;
    uint8_t frame[100];
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    unsigned bursts[] = { 3, 1 };

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    for (unsigned i = 0, sent = 0; i < ARRAY_SIZE(bursts); i++) {
        sent += bursts[i];
        while (a.tx.prod != sent) {
            tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
        }
        ring_kick(&a.tx);
        g_assert_true(cq_next(&a.tx, &cqe));
        g_assert_cmpuint(le16_to_cpu(cqe.index), ==, sent);
        g_assert_cmpuint(le16_to_cpu(cqe.packets), ==, bursts[i]);
        g_assert_cmpuint(le32_to_cpu(cqe.bytes), ==,
                         bursts[i] * sizeof(frame));
    }

    /* one packet, and a part of the next */
    tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    tx_put(&a.tx, frame, 50, 0);
    ring_kick(&a.tx);
    g_assert_true(cq_next(&a.tx, &cqe));
    g_assert_cmpuint(le16_to_cpu(cqe.index), ==, 5);
    nic_stop(nic);
}

/* One burst of more descriptors than are read at once: each counts once */
static void test_long_burst(void)
{
    enum { FRAMES = 200 };
    unsigned packets = 0, bytes = 0;
    struct bny_tx_cqe cqe = { };
    uint8_t frame[100];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    ring_disable(&a.tx);
    ring_start(&a.tx, a.f, 0, false, 256);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    for (unsigned i = 0; i < FRAMES; i++) {
        tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
    ring_kick(&a.tx);
    while (le16_to_cpu(cqe.index) != FRAMES) {
        g_assert_true(cq_next(&a.tx, &cqe));
        packets += le16_to_cpu(cqe.packets);
        bytes += le32_to_cpu(cqe.bytes);
        g_assert_cmpuint(packets, ==, le16_to_cpu(cqe.index));
    }
    g_assert_cmpuint(packets, ==, FRAMES);
    g_assert_cmpuint(bytes, ==, FRAMES * sizeof(frame));
    nic_stop(nic);
}

/* One burst fills the last completions of a ring and its first ones */
static void test_burst_across_end(void)
{
    enum { BURST = 40 };
    uint8_t frame[100];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 0; i < BURST; i++) {
            frame_build(frame, b.mac, a.mac, sizeof(frame), i);
            tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
        }
        ring_kick(&a.tx);
        for (unsigned i = 0; i < BURST; i++) {
            frame_build(frame, b.mac, a.mac, sizeof(frame), i);
            g_assert_true(rx_packet(&b.rx, &packet));
            g_assert_cmpmem(packet.data, packet.len, frame, sizeof(frame));
        }
        g_assert_true(tx_completed(&a.tx, a.tx.prod));
        rx_post(&b.rx, BURST, PORT_BUF_LEN);
    }
    assert_no_error(b.f);
    nic_stop(nic);
}

/* The shortest frame and the longest arrive as they are */
static void test_frame_limits(void)
{
    static uint8_t frame[BNY_FRAME_LEN_MAX];
    static const size_t lens[] = { BNY_FRAME_LEN_MIN, BNY_FRAME_LEN_MAX };
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    for (unsigned i = 0; i < ARRAY_SIZE(lens); i++) {
        frame_build(frame, b.mac, a.mac, lens[i], 1);
        tx_send(&a.tx, frame, lens[i]);
        g_assert_true(rx_packet(&b.rx, &packet));
        g_assert_cmpmem(packet.data, packet.len, frame, lens[i]);
    }
    assert_no_error(a.f);
    nic_stop(nic);
}

void add_rule_tests(void)
{
    g_test_add_func(TEST_PREFIX "reg/features-again", test_features_again);
    g_test_add_func(TEST_PREFIX "reg/mac-of-pf", test_mac_of_pf);
    g_test_add_func(TEST_PREFIX "reg/narrow-access", test_narrow_access);
    g_test_add_func(TEST_PREFIX "irq/causes-by-bit", test_causes);
    g_test_add_func(TEST_PREFIX "reset/zero", test_reset_zero);
    g_test_add_func(TEST_PREFIX "reset/disarms", test_reset_disarms);
    g_test_add_func(TEST_PREFIX "reset/pf-forgets", test_pf_forgets);
    g_test_add_func(TEST_PREFIX "reset/error-info", test_error_info);
    g_test_add_func(TEST_PREFIX "reset/flr-asleep", test_flr_asleep);
    g_test_add_func(TEST_PREFIX "veb/modes-tell-nothing",
                   test_modes_tell_nothing);
    g_test_add_func(TEST_PREFIX "uplink/link-of-others", test_link_of_others);
    g_test_add_func(TEST_PREFIX "drop/link-down", test_link_down);
    g_test_add_func(TEST_PREFIX "property/not-first", test_not_first);
    g_test_add_func(TEST_PREFIX "sriov/serial-number", test_serial_number);
    g_test_add_func(TEST_PREFIX "isolation/no-access", test_no_access);
    g_test_add_func(TEST_PREFIX "error/tx-nothing-in-features",
                   test_nothing_in_features);
    g_test_add_func(TEST_PREFIX "error/second-descriptor",
                   test_second_descriptor);
    g_test_add_func(TEST_PREFIX "error/second-buffer", test_second_buffer);
    g_test_add_func(TEST_PREFIX "ring/high-memory", test_high_memory);
    g_test_add_func(TEST_PREFIX "drop/from-uplink-down",
                   test_from_uplink_down);
    g_test_add_func(TEST_PREFIX "property/limits", test_limits);
    g_test_add_func(TEST_PREFIX "doorbell/first-beyond", test_first_beyond);
    g_test_add_func(TEST_PREFIX "ring/enable-twice", test_enable_twice);
    g_test_add_func(TEST_PREFIX "ring/receive-again", test_receive_again);
    g_test_add_func(TEST_PREFIX "ring/completion-counts",
                   test_completion_counts);
    g_test_add_func(TEST_PREFIX "ring/long-burst", test_long_burst);
    g_test_add_func(TEST_PREFIX "ring/burst-across-end",
                   test_burst_across_end);
    g_test_add_func(TEST_PREFIX "ring/frame-limits", test_frame_limits);
}
