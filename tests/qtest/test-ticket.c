/*
 * Banyan qtests: the ticket of a mailbox message (datasheet, chapter 8)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static void send_one(Func *f, unsigned to, uint32_t word)
{
    reg_write(f, BNY_REG_MBX_TX_DATA, word);
    reg_write(f, BNY_REG_MBX_TX,
              FIELD_PREP(BNY_MBX_LEN, sizeof(struct bny_mbx_hdr)) |
              FIELD_PREP(BNY_MBX_PEER, to));
    g_assert_cmpuint(reg_read(f, BNY_REG_MBX_TX_STATUS), ==, BNY_MBX_TX_OK);
}

static Nic *start(void)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    return nic;
}

/* Whoever answers for a message that is gone takes away no other one */
static void test_other_sender(void)
{
    Nic *nic = start();
    Func *pf = &nic->pf;
    uint32_t rx;

    send_one(&nic->vf[0], BNY_FUNC_PF, 1);
    send_one(&nic->vf[1], BNY_FUNC_PF, 2);
    rx = reg_read(pf, BNY_REG_MBX_RX);
    g_assert_cmpuint(FIELD_GET(BNY_MBX_PEER, rx), ==, BNY_FUNC_VF(0));

    func_reset(&nic->vf[0]);
    reg_write(pf, BNY_REG_IRQ_CAUSE, BNY_IRQ_MAILBOX);
    reg_write(pf, BNY_REG_MBX_RX_ACK, rx);
    assert_no_error(pf);
    g_assert_cmpuint(counter(pf, BNY_CNT_MBX_STALE), ==, 1);
    /* it is still there, and the PF is told to look */
    g_assert_cmphex(reg_read(pf, BNY_REG_IRQ_CAUSE) & BNY_IRQ_MAILBOX, !=, 0);
    rx = reg_read(pf, BNY_REG_MBX_RX);
    g_assert_cmpuint(FIELD_GET(BNY_MBX_PEER, rx), ==, BNY_FUNC_VF(1));
    g_assert_cmphex(reg_read(pf, BNY_REG_MBX_RX_DATA), ==, 2);
    reg_write(pf, BNY_REG_MBX_RX_ACK, rx);
    g_assert_cmphex(reg_read(pf, BNY_REG_MBX_RX), ==, 0);
    g_assert_cmpuint(counter(pf, BNY_CNT_MBX_STALE), ==, 1);
    nic_stop(nic);
}

/* A message from after the reset doesn't look like the one from before */
static void test_same_sender(void)
{
    Nic *nic = start();
    Func *pf = &nic->pf;
    uint32_t rx;

    send_one(&nic->vf[0], BNY_FUNC_PF, 1);
    rx = reg_read(pf, BNY_REG_MBX_RX);
    func_reset(&nic->vf[0]);
    send_one(&nic->vf[0], BNY_FUNC_PF, 2);
    g_assert_cmphex(reg_read(pf, BNY_REG_MBX_RX), !=, rx);
    g_assert_cmphex(reg_read(pf, BNY_REG_MBX_RX) & ~BNY_MBX_TICKET, ==,
                    rx & ~BNY_MBX_TICKET);
    reg_write(pf, BNY_REG_MBX_RX_ACK, rx);
    g_assert_cmphex(reg_read(pf, BNY_REG_MBX_RX_DATA), ==, 2);
    nic_stop(nic);
}

/* An acknowledgment that comes twice is good for one message */
static void test_twice(void)
{
    Nic *nic = start();
    Func *vf = &nic->vf[0];
    uint32_t rx;

    send_one(&nic->pf, vf->index, 1);
    send_one(&nic->pf, vf->index, 2);
    rx = reg_read(vf, BNY_REG_MBX_RX);
    reg_write(vf, BNY_REG_MBX_RX_ACK, rx);
    reg_write(vf, BNY_REG_MBX_RX_ACK, rx);
    g_assert_cmphex(reg_read(vf, BNY_REG_MBX_RX_DATA), ==, 2);
    g_assert_cmpuint(counter(vf, BNY_CNT_MBX_STALE), ==, 1);
    nic_stop(nic);
}

/* One that isn't of any message shown */
static void test_made_up(void)
{
    Nic *nic = start();
    Func *pf = &nic->pf;

    reg_write(pf, BNY_REG_MBX_RX_ACK, 0);
    reg_write(pf, BNY_REG_MBX_RX_ACK, 1);
    send_one(&nic->vf[0], BNY_FUNC_PF, 7);
    reg_write(pf, BNY_REG_MBX_RX_ACK, 0);
    reg_write(pf, BNY_REG_MBX_RX_ACK, 1);
    reg_write(pf, BNY_REG_MBX_RX_ACK, UINT32_MAX);
    g_assert_cmphex(reg_read(pf, BNY_REG_MBX_RX_DATA), ==, 7);
    g_assert_cmpuint(counter(pf, BNY_CNT_MBX_STALE), ==, 5);
    assert_no_error(pf);
    nic_stop(nic);
}

void add_ticket_tests(void)
{
    g_test_add_func(TEST_PREFIX "mailbox/ticket/other-sender",
                    test_other_sender);
    g_test_add_func(TEST_PREFIX "mailbox/ticket/same-sender",
                    test_same_sender);
    g_test_add_func(TEST_PREFIX "mailbox/ticket/twice", test_twice);
    g_test_add_func(TEST_PREFIX "mailbox/ticket/made-up", test_made_up);
}
