/*
 * Banyan qtests: mailbox transport (datasheet, chapter 8)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define WORDS (BNY_MBX_MSG_LEN_MAX / 4)

static Nic *start(void)
{
    Nic *nic = nic_start(",vfs=3");

    nic_enable_vfs(nic, 3);
    return nic;
}

/* A message whose words tell it from others */
static enum bny_mbx_tx_result send_len(Func *f, unsigned to, unsigned len,
                                       uint32_t seed)
{
    for (unsigned i = 0; i < MIN(DIV_ROUND_UP(len, 4), WORDS); i++) {
        reg_write(f, BNY_REG_AT(MBX_TX_DATA, i), seed + i);
    }
    reg_write(f, BNY_REG_MBX_TX,
              FIELD_PREP(BNY_MBX_LEN, len) | FIELD_PREP(BNY_MBX_PEER, to));
    return FIELD_GET(BNY_MBX_TX_RESULT, reg_read(f, BNY_REG_MBX_TX_STATUS));
}

static enum bny_mbx_tx_result send_one(Func *f, unsigned to, uint32_t seed)
{
    return send_len(f, to, sizeof(struct bny_mbx_hdr), seed);
}

static void assert_message(Func *f, unsigned from, unsigned len, uint32_t seed)
{
    g_assert_cmphex(reg_read(f, BNY_REG_MBX_RX) & ~BNY_MBX_TICKET, ==,
                    FIELD_PREP(BNY_MBX_LEN, len) |
                    FIELD_PREP(BNY_MBX_PEER, from));
    for (unsigned i = 0; i < len / 4; i++) {
        g_assert_cmphex(reg_read(f, BNY_REG_AT(MBX_RX_DATA, i)), ==, seed + i);
    }
    for (unsigned i = DIV_ROUND_UP(len, 4); i < WORDS; i++) {
        g_assert_cmphex(reg_read(f, BNY_REG_AT(MBX_RX_DATA, i)), ==, 0);
    }
}

static void ack(Func *f)
{
    reg_write(f, BNY_REG_MBX_RX_ACK, reg_read(f, BNY_REG_MBX_RX));
}

static void assert_empty(Func *f)
{
    g_assert_cmphex(reg_read(f, BNY_REG_MBX_RX), ==, 0);
}

static void test_to_pf(void)
{
    Nic *nic = start();

    g_assert_cmpuint(send_one(&nic->vf[1], BNY_FUNC_PF, 100), ==,
                     BNY_MBX_TX_OK);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_IRQ_CAUSE) & BNY_IRQ_MAILBOX,
                    !=, 0);
    assert_message(&nic->pf, BNY_FUNC_VF(1), 16, 100);
    ack(&nic->pf);
    assert_empty(&nic->pf);
    assert_empty(&nic->vf[0]);
    nic_stop(nic);
}

static void test_to_vf(void)
{
    Nic *nic = start();

    g_assert_cmpuint(send_one(&nic->pf, BNY_FUNC_VF(2), 200), ==,
                     BNY_MBX_TX_OK);
    g_assert_cmphex(reg_read(&nic->vf[2], BNY_REG_IRQ_CAUSE) & BNY_IRQ_MAILBOX,
                    !=, 0);
    assert_message(&nic->vf[2], BNY_FUNC_PF, 16, 200);
    assert_empty(&nic->vf[0]);
    assert_empty(&nic->vf[1]);
    ack(&nic->vf[2]);
    assert_empty(&nic->vf[2]);
    nic_stop(nic);
}

static void test_lengths(void)
{
    Nic *nic = start();
    Func *vf = &nic->vf[0];

    for (unsigned len = sizeof(struct bny_mbx_hdr); len <= BNY_MBX_MSG_LEN_MAX;
         len += 4) {
        g_assert_cmpuint(send_len(vf, BNY_FUNC_PF, len, len), ==,
                         BNY_MBX_TX_OK);
        assert_message(&nic->pf, vf->index, len, len);
        ack(&nic->pf);
    }
    nic_stop(nic);
}

/* Bytes behind the message don't come along */
static void test_odd_length(void)
{
    Nic *nic = start();

    g_assert_cmpuint(send_len(&nic->vf[0], BNY_FUNC_PF, 17, 0xffffff00), ==,
                     BNY_MBX_TX_OK);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_AT(MBX_RX_DATA, 3)), ==,
                    0xffffff03);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_AT(MBX_RX_DATA, 4)), ==, 0x04);
    nic_stop(nic);
}

static void test_bad_lengths(void)
{
    static const unsigned bad[] = {
        0, 1, sizeof(struct bny_mbx_hdr) - 1, BNY_MBX_MSG_LEN_MAX + 1, 511
    };
    Nic *nic = start();

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
        g_assert_cmpuint(send_len(&nic->vf[0], BNY_FUNC_PF, bad[i], 0), ==,
                         BNY_MBX_TX_BAD_LENGTH);
        g_assert_cmpuint(send_len(&nic->pf, BNY_FUNC_VF(0), bad[i], 0), ==,
                         BNY_MBX_TX_BAD_LENGTH);
    }
    assert_empty(&nic->pf);
    assert_empty(&nic->vf[0]);
    g_assert_cmpuint(counter(&nic->vf[0], BNY_CNT_MBX_REFUSED), ==,
                     ARRAY_SIZE(bad));
    assert_no_error(&nic->vf[0]);
    nic_stop(nic);
}

static void test_no_peer(void)
{
    Nic *nic = nic_start(",vfs=3");

    nic_enable_vfs(nic, 2);
    g_assert_cmpuint(send_one(&nic->vf[0], BNY_FUNC_VF(1), 0), ==,
                     BNY_MBX_TX_NO_PEER);
    g_assert_cmpuint(send_one(&nic->vf[0], BNY_FUNC_VF(0), 0), ==,
                     BNY_MBX_TX_NO_PEER);
    g_assert_cmpuint(send_one(&nic->pf, BNY_FUNC_PF, 0), ==,
                     BNY_MBX_TX_NO_PEER);
    g_assert_cmpuint(send_one(&nic->pf, BNY_FUNC_VF(2), 0), ==,
                     BNY_MBX_TX_NO_PEER);
    g_assert_cmpuint(send_one(&nic->pf, 4, 0), ==, BNY_MBX_TX_NO_PEER);
    g_assert_cmpuint(send_one(&nic->pf, 0xffff, 0), ==, BNY_MBX_TX_NO_PEER);
    assert_empty(&nic->vf[1]);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_MBX_REFUSED), ==, 4);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

static void test_full(void)
{
    Nic *nic = start();
    Func *vf = &nic->vf[0];

    for (unsigned i = 0; i < BNY_MBX_QUEUE_DEPTH; i++) {
        g_assert_cmpuint(send_one(vf, BNY_FUNC_PF, i * 100), ==, BNY_MBX_TX_OK);
    }
    g_assert_cmpuint(send_one(vf, BNY_FUNC_PF, 9), ==, BNY_MBX_TX_FULL);
    /* others have queues of their own */
    g_assert_cmpuint(send_one(&nic->vf[1], BNY_FUNC_PF, 9), ==, BNY_MBX_TX_OK);

    assert_message(&nic->pf, vf->index, 16, 0);
    ack(&nic->pf);
    g_assert_cmpuint(send_one(vf, BNY_FUNC_PF, 400), ==, BNY_MBX_TX_OK);
    g_assert_cmpuint(counter(vf, BNY_CNT_MBX_SENT), ==,
                     BNY_MBX_QUEUE_DEPTH + 1);
    nic_stop(nic);
}

/* The PF gets its VFs' messages in turn: no VF keeps others waiting */
static void test_in_turn(void)
{
    static const unsigned order[] = { 1, 2, 3, 1, 2, 3, 1, 1 };
    unsigned seen[4] = { 0 };
    Nic *nic = start();

    for (unsigned i = 0; i < 4; i++) {
        g_assert_cmpuint(send_one(&nic->vf[0], 0, 1000 + i * 100), ==,
                         BNY_MBX_TX_OK);
    }
    for (unsigned i = 0; i < 2; i++) {
        g_assert_cmpuint(send_one(&nic->vf[1], 0, 2000 + i * 100), ==,
                         BNY_MBX_TX_OK);
        g_assert_cmpuint(send_one(&nic->vf[2], 0, 3000 + i * 100), ==,
                         BNY_MBX_TX_OK);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(order); i++) {
        unsigned from = order[i];

        assert_message(&nic->pf, from, 16, from * 1000 + seen[from]++ * 100);
        ack(&nic->pf);
    }
    assert_empty(&nic->pf);
    nic_stop(nic);
}

/* An acknowledgment that brings another message raises the cause again */
static void test_raised_again(void)
{
    Nic *nic = start();
    Func *pf = &nic->pf;

    func_enable_msix(pf);
    reg_write(pf, BNY_REG_IRQ_ENABLE, BNY_IRQ_MAILBOX);
    send_one(&nic->vf[0], BNY_FUNC_PF, 1);
    g_assert_true(func_got_message(pf, BNY_ADMIN_VECTOR));
    send_one(&nic->vf[0], BNY_FUNC_PF, 2);
    reg_write(pf, BNY_REG_IRQ_CAUSE, BNY_IRQ_MAILBOX);
    g_assert_false(func_got_message(pf, BNY_ADMIN_VECTOR));
    ack(pf);
    g_assert_true(func_got_message(pf, BNY_ADMIN_VECTOR));
    reg_write(pf, BNY_REG_IRQ_CAUSE, BNY_IRQ_MAILBOX);
    ack(pf);
    g_assert_false(func_got_message(pf, BNY_ADMIN_VECTOR));
    nic_stop(nic);
}

static void test_ack_of_nothing(void)
{
    Nic *nic = start();

    ack(&nic->pf);
    ack(&nic->vf[0]);
    assert_no_error(&nic->pf);
    g_assert_cmpuint(send_one(&nic->vf[0], BNY_FUNC_PF, 5), ==, BNY_MBX_TX_OK);
    assert_message(&nic->pf, BNY_FUNC_VF(0), 16, 5);
    nic_stop(nic);
}

/* A reset empties a VF's mailbox in both directions; others keep theirs */
static void test_vf_reset(void)
{
    Nic *nic = start();

    send_one(&nic->vf[0], BNY_FUNC_PF, 1);
    send_one(&nic->vf[1], BNY_FUNC_PF, 2);
    send_one(&nic->pf, BNY_FUNC_VF(0), 3);
    send_one(&nic->pf, BNY_FUNC_VF(1), 4);
    func_reset(&nic->vf[0]);
    assert_empty(&nic->vf[0]);
    assert_message(&nic->vf[1], BNY_FUNC_PF, 16, 4);
    assert_message(&nic->pf, BNY_FUNC_VF(1), 16, 2);
    ack(&nic->pf);
    assert_empty(&nic->pf);
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_MBX_TX_STATUS), ==,
                    BNY_MBX_TX_NONE);
    nic_stop(nic);
}

/* What the PF has told its VFs outlives its reset; what waits for it is lost */
static void test_pf_reset(void)
{
    Nic *nic = start();

    send_one(&nic->vf[0], BNY_FUNC_PF, 1);
    send_one(&nic->vf[1], BNY_FUNC_PF, 2);
    send_one(&nic->pf, BNY_FUNC_VF(0), 3);
    func_reset(&nic->pf);
    assert_empty(&nic->pf);
    assert_message(&nic->vf[0], BNY_FUNC_PF, 16, 3);
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_IRQ_CAUSE) & BNY_IRQ_MAILBOX,
                    !=, 0);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MBX_TX_STATUS), ==,
                    BNY_MBX_TX_NONE);

    /* and both directions go on */
    g_assert_cmpuint(send_one(&nic->vf[1], BNY_FUNC_PF, 4), ==, BNY_MBX_TX_OK);
    assert_message(&nic->pf, BNY_FUNC_VF(1), 16, 4);
    ack(&nic->vf[0]);
    assert_empty(&nic->vf[0]);
    g_assert_cmpuint(send_one(&nic->pf, BNY_FUNC_VF(0), 5), ==, BNY_MBX_TX_OK);
    assert_message(&nic->vf[0], BNY_FUNC_PF, 16, 5);
    nic_stop(nic);
}

/* The device carries what it can't know: the receiver's driver judges it */
static void test_unknown_opcode(void)
{
    const struct bny_mbx_hdr hdr = {
        .version = BNY_MBX_VERSION + 1,
        .type = 0xff,
        .opcode = const_le16(0xffff),
        .len = const_le16(0xffff),
    };
    uint32_t first = ldl_le_p(&hdr);
    Nic *nic = start();

    g_assert_cmpuint(send_one(&nic->vf[0], BNY_FUNC_PF, first), ==,
                     BNY_MBX_TX_OK);
    assert_message(&nic->pf, BNY_FUNC_VF(0), sizeof(hdr), first);
    g_assert_cmpuint(send_one(&nic->pf, BNY_FUNC_VF(0), first), ==,
                     BNY_MBX_TX_OK);
    assert_message(&nic->vf[0], BNY_FUNC_PF, sizeof(hdr), first);
    assert_no_error(&nic->vf[0]);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

static void test_reserved_bits(void)
{
    Nic *nic = start();

    reg_write(&nic->vf[0], BNY_REG_MBX_TX, 0x200 | 16);
    assert_error_info(&nic->vf[0], BNY_ERR_REG_VALUE, BNY_REG_MBX_TX);
    assert_empty(&nic->pf);
    nic_stop(nic);
}

void add_mailbox_tests(void)
{
    g_test_add_func(TEST_PREFIX "mailbox/to-pf", test_to_pf);
    g_test_add_func(TEST_PREFIX "mailbox/to-vf", test_to_vf);
    g_test_add_func(TEST_PREFIX "mailbox/lengths", test_lengths);
    g_test_add_func(TEST_PREFIX "mailbox/odd-length", test_odd_length);
    g_test_add_func(TEST_PREFIX "mailbox/bad-lengths", test_bad_lengths);
    g_test_add_func(TEST_PREFIX "mailbox/no-peer", test_no_peer);
    g_test_add_func(TEST_PREFIX "mailbox/full", test_full);
    g_test_add_func(TEST_PREFIX "mailbox/in-turn", test_in_turn);
    g_test_add_func(TEST_PREFIX "mailbox/raised-again", test_raised_again);
    g_test_add_func(TEST_PREFIX "mailbox/ack-of-nothing", test_ack_of_nothing);
    g_test_add_func(TEST_PREFIX "mailbox/vf-reset", test_vf_reset);
    g_test_add_func(TEST_PREFIX "mailbox/pf-reset", test_pf_reset);
    g_test_add_func(TEST_PREFIX "mailbox/unknown-opcode", test_unknown_opcode);
    g_test_add_func(TEST_PREFIX "mailbox/reserved-bits", test_reserved_bits);
}
