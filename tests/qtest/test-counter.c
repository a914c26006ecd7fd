/*
 * Banyan qtests: counters (datasheet, chapter 9)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static Packet packet;

static void send_to(Port *a, Port *b, const uint8_t *dst, size_t len)
{
    uint8_t frame[1500];

    frame_build(frame, dst, a->mac, len, 0);
    tx_send(&a->tx, frame, len);
    g_assert_true(rx_packet(&b->rx, &packet));
}

static void test_traffic(void)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    static const uint8_t group[6] = { 0x33, 0x33, 0, 0, 0, 1 };
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    veb_add(nic, b.f->index, group);
    send_to(&a, &b, b.mac, 100);
    send_to(&a, &b, b.mac, 200);
    send_to(&a, &b, group, 300);
    send_to(&a, &b, broadcast, 400);

    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), ==, 4);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_BYTES), ==, 1000);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_MULTICAST), ==, 1);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_BROADCAST), ==, 1);
    g_assert_cmpuint(counter(a.f, BNY_CNT_RX_PACKETS), ==, 0);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_PACKETS), ==, 4);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_BYTES), ==, 1000);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_MULTICAST), ==, 1);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_BROADCAST), ==, 1);
    g_assert_cmpuint(counter(b.f, BNY_CNT_COPIED_BYTES), ==, 1000);
    nic_stop(nic);
}

/* The PF reads all functions' counters, whatever they do */
static void test_from_pf(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    send_to(&a, &b, b.mac, 100);
    g_assert_cmpuint(counter_from_pf(nic, a.f->index, BNY_CNT_TX_PACKETS), ==,
                     1);
    g_assert_cmpuint(counter_from_pf(nic, b.f->index, BNY_CNT_RX_BYTES), ==,
                     100);
    g_assert_cmpuint(counter_from_pf(nic, b.f->index, BNY_CNT_TX_BYTES), ==, 0);
    func_flr(b.f);
    g_assert_cmpuint(counter_from_pf(nic, b.f->index, BNY_CNT_RX_BYTES), ==,
                     100);
    func_reset(&nic->pf);
    g_assert_cmpuint(counter_from_pf(nic, BNY_FUNC_PF, BNY_CNT_RESETS), ==,
                     counter(&nic->pf, BNY_CNT_RESETS));
    nic_stop(nic);
}

static void test_accesses(void)
{
    Nic *nic = nic_start("");
    Func *pf = &nic->pf;
    uint64_t reads = counter(pf, BNY_CNT_REG_READS);
    uint64_t writes = counter(pf, BNY_CNT_REG_WRITES);

    for (unsigned i = 0; i < 10; i++) {
        reg_read(pf, BNY_REG_MAGIC);
    }
    for (unsigned i = 0; i < 7; i++) {
        reg_write(pf, BNY_REG_MAX_FRAME, 1518);
    }
    /* two reads for each counter between: its own halves, and the other's */
    g_assert_cmpuint(counter(pf, BNY_CNT_REG_WRITES) - writes, ==, 7);
    g_assert_cmpuint(counter(pf, BNY_CNT_REG_READS) - reads, <=, 10 + 6);
    g_assert_cmpuint(counter(pf, BNY_CNT_REG_READS) - reads, >=, 10 + 4);
    nic_stop(nic);
}

static void test_doorbells(void)
{
    Nic *nic = nic_start("");
    Func *pf = &nic->pf;
    Ring tx, rx;

    ring_start(&tx, pf, 0, false, 64);
    ring_start(&rx, pf, 0, true, 64);
    for (unsigned i = 0; i < 3; i++) {
        doorbell(pf, 0, BNY_DB_TX, 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        doorbell(pf, 0, BNY_DB_RX, 0);
    }
    for (unsigned i = 0; i < 5; i++) {
        doorbell(pf, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    }
    g_assert_cmpuint(counter(pf, BNY_CNT_DOORBELLS_TX), ==, 3);
    g_assert_cmpuint(counter(pf, BNY_CNT_DOORBELLS_RX), ==, 4);
    g_assert_cmpuint(counter(pf, BNY_CNT_DOORBELLS_ARM), ==, 5);
    nic_stop(nic);
}

/* Those that aren't there read as zero, whatever may be in their place */
static void test_unused(void)
{
    Nic *nic = nic_start("");

    for (unsigned i = 0; i < BNY_REG_COUNT_RSS_KEY; i++) {
        reg_write(&nic->pf, BNY_REG_AT(RSS_KEY, i), UINT32_MAX);
    }
    for (unsigned i = 2 * BNY_CNT_COUNT; i < BNY_REG_COUNT_COUNTER; i++) {
        g_assert_cmphex(reg_read(&nic->pf, BNY_REG_AT(COUNTER, i)), ==, 0);
    }
    nic_stop(nic);
}

void add_counter_tests(void)
{
    g_test_add_func(TEST_PREFIX "counter/traffic", test_traffic);
    g_test_add_func(TEST_PREFIX "counter/from-pf", test_from_pf);
    g_test_add_func(TEST_PREFIX "counter/accesses", test_accesses);
    g_test_add_func(TEST_PREFIX "counter/doorbells", test_doorbells);
    g_test_add_func(TEST_PREFIX "counter/unused", test_unused);
}
