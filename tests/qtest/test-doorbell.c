/*
 * Banyan qtests: doorbells and their shadow (datasheet, chapter 4, "Producing")
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static uint8_t frame[60];

/* A transmit ring whose frames go nowhere */
static Nic *start_tx(Ring *tx)
{
    Nic *nic = nic_start("");
    uint8_t mac[6];

    mac_of(9, mac);
    frame_build(frame, mac, mac, sizeof(frame), 0);
    func_up(&nic->pf);
    ring_start(tx, &nic->pf, 0, false, BNY_RING_DEPTH_MIN);
    return nic;
}

static void put(Ring *tx, unsigned n)
{
    while (n--) {
        tx_put(tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
}

static void test_first_entry(void)
{
    struct bny_tx_cqe cqe;
    Ring tx;
    Nic *nic = start_tx(&tx);

    g_assert_cmpuint(ring_event(&tx), ==, 0);
    put(&tx, 1);
    g_assert_true(ring_publish(&tx));
    nic_settle(nic);
    g_assert_false(cq_peek(&tx, &cqe));
    doorbell(&nic->pf, 0, BNY_DB_TX, tx.prod);
    g_assert_true(tx_completed(&tx, 1));
    nic_stop(nic);
}

/* A device that found the ring empty asks for a doorbell at the next entry */
static void test_idle_asks(void)
{
    Ring tx;
    Nic *nic = start_tx(&tx);

    for (unsigned i = 1; i < 5; i++) {
        put(&tx, i);
        g_assert_true(ring_publish(&tx));
        doorbell(&nic->pf, 0, BNY_DB_TX, tx.prod);
        g_assert_true(tx_completed(&tx, tx.prod));
        nic_settle(nic);
        g_assert_cmpuint(ring_event(&tx), ==, tx.prod);
    }
    nic_stop(nic);
}

static void test_burst(void)
{
    Ring tx;
    Nic *nic = start_tx(&tx);

    put(&tx, 32);
    ring_kick(&tx);
    g_assert_true(tx_completed(&tx, 32));
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_DOORBELLS_TX), ==, 1);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_TX_PACKETS), ==, 32);
    nic_stop(nic);
}

/* The index of a doorbell is a hint: what counts is the shadow's */
static void test_looks_at_shadow(void)
{
    Ring tx;
    Nic *nic = start_tx(&tx);

    put(&tx, 8);
    ring_publish(&tx);
    doorbell(&nic->pf, 0, BNY_DB_TX, 1);
    g_assert_true(tx_completed(&tx, 8));
    nic_stop(nic);
}

static void test_not_enabled(void)
{
    Nic *nic = nic_start("");

    for (unsigned i = 0; i < 8; i++) {
        doorbell(&nic->pf, i, BNY_DB_TX, 5);
        doorbell(&nic->pf, i, BNY_DB_RX, 5);
        doorbell(&nic->pf, i, BNY_DB_ARM, BNY_DB_ARM_ON);
    }
    nic_settle(nic);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

/* Pages and offsets without a doorbell take writes, and nothing comes of it */
static void test_nowhere(void)
{
    Nic *nic = nic_start(",queue-pairs=2,vfs=1");

    nic_enable_vfs(nic, 1);
    for (uint32_t i = 0; i < BNY_PF_BAR_DOORBELLS_SIZE; i += BNY_DB_STRIDE) {
        doorbell(&nic->pf, 0, i + BNY_DB_ARM + 4, 0xffffffff);
        doorbell(&nic->pf, 0, i + BNY_DB_STRIDE - 4, 0xffffffff);
    }
    doorbell(&nic->pf, BNY_PF_QUEUE_PAIRS_MAX - 1, BNY_DB_TX, 1);
    doorbell(&nic->vf[0], BNY_VF_QUEUE_PAIRS_MAX - 1, BNY_DB_RX, 1);
    nic_settle(nic);
    assert_no_error(&nic->pf);
    assert_no_error(&nic->vf[0]);
    nic_stop(nic);
}

static void test_read(void)
{
    Nic *nic = nic_start("");

    g_assert_cmphex(qtest_readl(nic->qts, nic->pf.doorbells + BNY_DB_TX), ==,
                    0);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

void add_doorbell_tests(void)
{
    g_test_add_func(TEST_PREFIX "doorbell/first-entry", test_first_entry);
    g_test_add_func(TEST_PREFIX "doorbell/idle-asks", test_idle_asks);
    g_test_add_func(TEST_PREFIX "doorbell/one-for-a-burst", test_burst);
    g_test_add_func(TEST_PREFIX "doorbell/looks-at-shadow",
                   test_looks_at_shadow);
    g_test_add_func(TEST_PREFIX "doorbell/not-enabled", test_not_enabled);
    g_test_add_func(TEST_PREFIX "doorbell/nowhere", test_nowhere);
    g_test_add_func(TEST_PREFIX "doorbell/read", test_read);
}
