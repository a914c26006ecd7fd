/*
 * Banyan qtests: what saved state brings along, down to the last register, and
 * what the device writes while it is on its way
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define US      1000
#define VFS     ",vfs=40"

static Packet packet;

/* A register that holds a value, and what it is to be on the other side */
typedef struct Kept {
    Func *f;
    uint32_t offset;
    uint32_t value;
} Kept;

static void send_message(Func *from, unsigned to, uint32_t word)
{
    reg_write(from, BNY_REG_MBX_TX_DATA, word);
    reg_write(from, BNY_REG_MBX_TX, FIELD_PREP(BNY_MBX_LEN, 16) |
              FIELD_PREP(BNY_MBX_PEER, to));
}

/* Registers of all kinds, those that nothing else shows */
static void test_registers(void)
{
    Nic *nic = nic_start(VFS);
    Func *pf = &nic->pf, *vf = &nic->vf[0];
    static const uint8_t mac[6] = { 0x10, 0x11, 0x12, 0x13, 0x21, 0x43 };
    uint32_t ticket;

    nic_enable_vfs(nic, 40);
    reg_write(pf, BNY_REG_AT(FUNC_RESET_EVENT, 0), UINT32_MAX);
    reg_write(pf, BNY_REG_AT(FUNC_RESET_EVENT, 1), UINT32_MAX);
    func_reset(&nic->vf[34]);
    func_reset(&nic->vf[3]);

    send_message(pf, vf->index, 1);
    reg_write(vf, BNY_REG_MBX_RX_ACK, reg_read(vf, BNY_REG_MBX_RX));
    send_message(pf, vf->index, 2);
    send_message(vf, BNY_FUNC_VF(7), 3);
    reg_write(vf, BNY_REG_IRQ_CAUSE, UINT32_MAX & BNY_IRQ_MAILBOX);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
    func_set_mac(nic, vf->index, mac);
    reg_write(vf, BNY_REG_AT(TX_BASE_HI, 1), 0x11);
    reg_write(vf, BNY_REG_AT(TX_CQ_HI, 1), 0x22);
    reg_write(vf, BNY_REG_AT(TX_SHADOW_HI, 1), 0x33);
    ticket = reg_read(vf, BNY_REG_MBX_RX);
    g_assert_cmphex(ticket & BNY_MBX_TICKET, !=, 0);

    {
        const Kept kept[] = {
            { pf, BNY_REG_AT(FUNC_RESET_EVENT, 0), BIT(4) },
            { pf, BNY_REG_AT(FUNC_RESET_EVENT, 1), BIT(35 - 32) },
            { pf, BNY_REG_IRQ_CAUSE, BNY_IRQ_FUNC_RESET },
            { vf, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK },
            { vf, BNY_REG_MAC_LO, 0x13121110 },
            { vf, BNY_REG_MAC_HI, 0x4321 },
            { vf, BNY_REG_MBX_RX, ticket },
            { vf, BNY_REG_MBX_TX_STATUS,
              FIELD_PREP(BNY_MBX_TX_RESULT, BNY_MBX_TX_NO_PEER) },
            { vf, BNY_REG_MBX_TX_DATA, 3 },
            { vf, BNY_REG_AT(TX_BASE_HI, 1), 0x11 },
            { vf, BNY_REG_AT(TX_CQ_HI, 1), 0x22 },
            { vf, BNY_REG_AT(TX_SHADOW_HI, 1), 0x33 },
        };

        for (unsigned side = 0; side < 2; side++) {
            for (unsigned i = 0; i < ARRAY_SIZE(kept); i++) {
                g_test_message("function %u, register 0x%x", kept[i].f->index,
                               kept[i].offset);
                g_assert_cmphex(reg_read(kept[i].f, kept[i].offset), ==,
                                kept[i].value);
            }
            if (!side) {
                nic_move(nic, VFS);
            }
        }
    }
    nic_stop(nic);
}

/* Spreading goes on as before, from its key on */
static void test_rss(void)
{
    enum { PAIR = 2 };
    uint8_t frame[TCP4_HDR_LEN];
    Port a, b;
    Nic *nic = start_pair_with(&a, &b, 0, BNY_FEAT_RX_HASH);
    uint32_t hash;
    Ring rx;

    for (unsigned i = 0; i < BNY_REG_COUNT_RSS_KEY; i++) {
        reg_write(b.f, BNY_REG_AT(RSS_KEY, i), 0x9e3779b9 * (i + 1));
    }
    for (unsigned i = 0; i < BNY_REG_COUNT_RSS_TABLE; i++) {
        reg_write(b.f, BNY_REG_AT(RSS_TABLE, i), PAIR * 0x01010101);
    }
    reg_write(b.f, BNY_REG_RSS_CTRL, BNY_RSS_ENABLE |
              FIELD_PREP(BNY_RSS_TYPES, BNY_RSS_TYPE_TCPV4));
    ring_start(&rx, b.f, PAIR, true, PORT_DEPTH);
    rx_post(&rx, 8, PORT_BUF_LEN);
    tcp4_build(frame, b.mac, a.mac, 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&rx, &packet));
    hash = le32_to_cpu(packet.cqe.hash);
    g_assert_cmphex(hash, !=, 0);

    nic_move(nic, ",vfs=2");
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&rx, &packet));
    g_assert_cmphex(rx_flags(&packet) & BNY_RX_CQE_HASH, !=, 0);
    g_assert_cmphex(le32_to_cpu(packet.cqe.hash), ==, hash);
    nic_stop(nic);
}

/* Who gets what by its mode goes on to get it */
static void test_modes(void)
{
    static const uint8_t group[6] = { 0x33, 0x33, 0, 0, 0, 1 };
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    func_set_flags(nic, b.f->index, BNY_POLICY_ENABLE | BNY_POLICY_ALLMULTI);
    nic_move(nic, ",vfs=2");
    frame_build(frame, group, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    nic_stop(nic);
}

/* A counter has 64 bits; this one isn't reached by counting */
static void test_large_counter(void)
{
    static const uint32_t table[] = { 0x00010203, 0x03020100 };
    const uint64_t value = 0xfedcba9876543210;
    Nic *nic = nic_start(",vfs=1");
    Func *vf = &nic->vf[0];
    uint32_t mark[ARRAY_SIZE(table)];
    char *path;

    nic_enable_vfs(nic, 1);
    for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
        reg_write(vf, BNY_REG_AT(RSS_TABLE, BNY_REG_COUNT_RSS_TABLE -
                                            ARRAY_SIZE(table) + i), table[i]);
        mark[i] = cpu_to_be32(table[i]);
    }
    path = nic_save(nic);
    /* counters stand behind the table */
    state_edit(path, mark, sizeof(mark),
               sizeof(mark) + 8 * BNY_CNT_TX_BYTES, 8, value);
    nic_load(nic, ",vfs=1", path);
    g_assert_cmphex(counter(vf, BNY_CNT_TX_BYTES), ==, value);
    g_assert_cmphex(counter_from_pf(nic, vf->index, BNY_CNT_TX_BYTES), ==,
                    value);
    g_assert_cmphex(counter(vf, BNY_CNT_TX_PACKETS), ==, 0);
    nic_stop(nic);
}

typedef struct Traffic {
    Port a, b;
    uint8_t frame[2][1500];
} Traffic;

static const size_t frame_len[] = { 60, 1500 };

/*
 * In one burst, a frame for each buffer and one without, for which the device
 * asks. The receiver's driver doesn't look: only the device writes its memory.
 */
static void send_meanwhile(Nic *nic, void *opaque)
{
    static const unsigned which[] = { 0, 1, 0 };
    Traffic *t = opaque;

    for (unsigned i = 0; i < ARRAY_SIZE(which); i++) {
        tx_put(&t->a.tx, t->frame[which[i]], frame_len[which[i]],
               BNY_TX_CMD_EOP);
    }
    ring_kick(&t->a.tx);
    g_assert_true(tx_completed(&t->a.tx, ARRAY_SIZE(which)));
    g_assert_cmpuint(ring_event(&t->b.rx), ==, 2);
}

/* What the device writes while memory is being moved arrives, too */
static void test_under_traffic(void)
{
    Traffic t;
    Nic *nic = start_pair(&t.a, &t.b);
    struct bny_tx_cqe cqe;
    char *path;

    for (unsigned i = 0; i < 2; i++) {
        frame_build(t.frame[i], t.b.mac, t.a.mac, frame_len[i], 1 + i);
    }
    ring_disable(&t.b.rx);
    ring_start(&t.b.rx, t.b.f, 0, true, PORT_DEPTH);
    rx_post(&t.b.rx, 2, PORT_BUF_LEN);
    path = nic_save_with(nic, send_meanwhile, &t);
    nic_load(nic, ",vfs=2", path);

    g_assert_cmpuint(ring_event(&t.b.rx), ==, 2);
    t.a.tx.cons = 0;
    g_assert_true(cq_peek(&t.a.tx, &cqe));
    g_assert_cmpuint(le16_to_cpu(cqe.index), ==, 3);
    for (unsigned i = 0; i < 2; i++) {
        g_assert_true(rx_packet(&t.b.rx, &packet));
        g_assert_cmpmem(packet.data, packet.len, t.frame[i], frame_len[i]);
    }
    nic_stop(nic);
}

/* An interrupt that waits for its time comes on the other side */
static void test_waiting_interrupt(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    func_enable_msix(b.f);
    reg_write(b.f, BNY_REG_QP_MODERATION,
              FIELD_PREP(BNY_MODERATION_USECS, 60000));
    doorbell(b.f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    g_assert_false(func_got_message(b.f, 0));
    nic_move(nic, ",vfs=2");
    g_assert_false(func_got_message(b.f, 0));
    qtest_clock_step(nic->qts, 60000 * US + US);
    g_assert_true(func_got_message(b.f, 0));
    nic_stop(nic);
}

/* A message that hadn't left yet leaves there */
static void test_waiting_message(void)
{
    Nic *nic = nic_start(",vfs=2");
    Func *vf = &nic->vf[1];

    nic_enable_vfs(nic, 2);
    func_enable_msix(vf);
    reg_write(vf, BNY_REG_IRQ_ENABLE, BNY_IRQ_MAILBOX);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    send_message(&nic->pf, vf->index, 1);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==, BNY_IRQ_MAILBOX);
    g_assert_false(func_got_message(vf, 0));
    nic_load(nic, ",vfs=2", nic_save(nic));
    g_assert_false(func_got_message(vf, 0));
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_true(func_got_message(vf, 0));
    nic_stop(nic);
}

/*
 * A completion ring that was full is full on the other side, too. Completions
 * that the driver has consumed, as it says itself, make room there.
 */
static void check_full(bool rx, bool consumed)
{
    struct bny_rx_cqe cqe;
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    Ring *r = rx ? &b.rx : &a.tx;

    rx_post(&b.rx, PORT_DEPTH - PORT_BUFFERS, PORT_BUF_LEN);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    for (unsigned i = 0; i < PORT_DEPTH; i++) {
        tx_send(&a.tx, frame, sizeof(frame));
        if (rx) {
            g_assert_true(tx_completed(&a.tx, a.tx.prod));
        }
        nic_settle(nic);
    }
    if (consumed) {
        r->cons = PORT_DEPTH;
        ring_ack(r);
    }
    nic_move(nic, ",vfs=2");
    rx_post(&b.rx, 1, PORT_BUF_LEN);
    tx_send(&a.tx, frame, sizeof(frame));
    nic_settle(nic);
    if (consumed) {
        assert_no_error(r->f);
        g_assert_true(cq_peek(r, &cqe));
    } else {
        assert_error_info(r->f, BNY_ERR_CQ_OVERRUN,
                          (rx ? BNY_ERROR_INFO_RX : 0) |
                          FIELD_PREP(BNY_ERROR_INFO_INDEX, PORT_DEPTH));
    }
    nic_stop(nic);
}

static void test_full(void)
{
    check_full(false, false);
    check_full(true, false);
}

static void test_consumed(void)
{
    check_full(false, true);
    check_full(true, true);
}

void add_restore_tests(void)
{
    g_test_add_func(TEST_PREFIX "migration/registers", test_registers);
    g_test_add_func(TEST_PREFIX "migration/rss", test_rss);
    g_test_add_func(TEST_PREFIX "migration/modes", test_modes);
    g_test_add_func(TEST_PREFIX "migration/large-counter", test_large_counter);
    g_test_add_func(TEST_PREFIX "migration/under-traffic", test_under_traffic);
    g_test_add_func(TEST_PREFIX "migration/waiting-interrupt",
                   test_waiting_interrupt);
    g_test_add_func(TEST_PREFIX "migration/waiting-message",
                   test_waiting_message);
    g_test_add_func(TEST_PREFIX "migration/full-completions", test_full);
    g_test_add_func(TEST_PREFIX "migration/consumed-completions",
                   test_consumed);
}
