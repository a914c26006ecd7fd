/*
 * Banyan qtests: rates, how much a function may send (datasheet, chapter 7)
 *
 * Time passes only where a test lets it. Guarantees are in test-share.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define LEN 1000
#define DEPTH 4096
/* 10 bytes a microsecond */
#define RATE 80
#define BYTES_PER_MS 10000
/* What a function may be ahead: 20 ms, and a frame; or behind: what it rests */
#define BURST (20 * BYTES_PER_MS)
#define US 1000

static enum bny_ctrl_status try_rate(Nic *nic, unsigned func,
                                     struct bny_ctrl_rate rate)
{
    return pf_command(nic, BNY_CTRL_SET_RATE, func, &rate, sizeof(rate));
}

static enum bny_ctrl_status set_rate(Nic *nic, unsigned func, uint32_t min,
                                     uint32_t max)
{
    return try_rate(nic, func, (struct bny_ctrl_rate) {
        .min = cpu_to_le32(min), .max = cpu_to_le32(max),
    });
}

static void assert_rate(Nic *nic, unsigned func, uint32_t min, uint32_t max)
{
    struct bny_ctrl_rate rate = { };

    g_assert_cmpuint(pf_command(nic, BNY_CTRL_GET_RATE, func, &rate,
                                sizeof(rate)), ==, BNY_CTRL_OK);
    g_assert_cmpuint(le32_to_cpu(rate.min), ==, min);
    g_assert_cmpuint(le32_to_cpu(rate.max), ==, max);
}

/* A ring with @n frames for nobody, which aren't sent yet */
static void fill_ring(Ring *tx, Func *f, unsigned n)
{
    uint8_t frame[LEN], mac[6];

    func_up(f);
    mac_of(f->index, mac);
    frame_build(frame, mac, mac, sizeof(frame), 0);
    ring_start(tx, f, 0, false, DEPTH);
    while (n--) {
        tx_put(tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
}

static void pass_ms(Nic *nic, unsigned ms)
{
    for (unsigned i = 0; i < 10 * ms; i++) {
        qtest_clock_step(nic->qts, 100 * US);
        reg_read(&nic->pf, BNY_REG_MAGIC);
    }
}

static uint64_t sent(Func *f)
{
    return counter(f, BNY_CNT_TX_BYTES);
}

static void test_max(void)
{
    Nic *nic = nic_start(",vfs=2");
    Ring tx, other;
    uint64_t before;

    nic_enable_vfs(nic, 2);
    fill_ring(&tx, &nic->vf[0], 2000);
    fill_ring(&other, &nic->vf[1], 1000);
    g_assert_cmpuint(set_rate(nic, 1, 0, RATE), ==, BNY_CTRL_OK);
    ring_kick(&tx);
    ring_kick(&other);
    pass_ms(nic, 1);
    g_assert_cmpuint(sent(tx.f), >=, BURST);
    g_assert_cmpuint(sent(tx.f), <=, BURST + 2 * BYTES_PER_MS);
    g_assert_cmpuint(sent(other.f), ==, 1000 * LEN);
    before = sent(tx.f);
    pass_ms(nic, 100);
    g_assert_cmpuint(sent(tx.f) - before, >=, 99 * BYTES_PER_MS);
    g_assert_cmpuint(sent(tx.f) - before, <=, 101 * BYTES_PER_MS);

    /* another rate holds at once, and so does none */
    g_assert_cmpuint(set_rate(nic, 1, 0, RATE / 10), ==, BNY_CTRL_OK);
    pass_ms(nic, 1);
    before = sent(tx.f);
    pass_ms(nic, 50);
    g_assert_cmpuint(sent(tx.f) - before, >=, 4 * BYTES_PER_MS);
    g_assert_cmpuint(sent(tx.f) - before, <=, 6 * BYTES_PER_MS);
    g_assert_cmpuint(set_rate(nic, 1, 0, 0), ==, BNY_CTRL_OK);
    pass_ms(nic, 1);
    g_assert_cmpuint(sent(tx.f), ==, 2000 * LEN);
    nic_stop(nic);
}

/* What wasn't sent isn't saved up for longer than 20 ms */
static void test_burst(void)
{
    Nic *nic = nic_start(",vfs=1");
    Ring tx;

    nic_enable_vfs(nic, 1);
    fill_ring(&tx, &nic->vf[0], 1000);
    g_assert_cmpuint(set_rate(nic, 1, 0, RATE), ==, BNY_CTRL_OK);
    pass_ms(nic, 60);
    ring_kick(&tx);
    pass_ms(nic, 1);
    g_assert_cmpuint(sent(tx.f), >=, BURST);
    g_assert_cmpuint(sent(tx.f), <=, BURST + 2 * BYTES_PER_MS);
    nic_stop(nic);
}

/* Each segment counts with its headers */
static void test_segments(void)
{
    enum { SEGS = 40, MSS = 958, FRAMES = 20, BYTES = SEGS * LEN };
    uint8_t nobody[6];
    struct bny_tx_desc desc;
    Nic *nic = nic_start(",vfs=1");
    uint64_t packets;
    Port a;

    nic_enable_vfs(nic, 1);
    port_start_with(&a, &nic->vf[0], BNY_FEAT_TX_USO);
    mac_of(200, nobody);
    desc = udp4_uso(&a, nobody, SEGS, MSS);
    g_assert_cmpuint(set_rate(nic, 1, 0, RATE), ==, BNY_CTRL_OK);
    for (unsigned i = 0; i < FRAMES; i++) {
        tx_desc(&a.tx, &desc);
    }
    ring_kick(&a.tx);
    pass_ms(nic, 1);
    /* five of them, or one more for what has come meanwhile */
    packets = counter(a.f, BNY_CNT_TX_PACKETS);
    g_assert_cmpuint(packets, >=, BURST / BYTES);
    g_assert_cmpuint(packets, <=, BURST / BYTES + 1);
    pass_ms(nic, 10 * BYTES / BYTES_PER_MS);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS) - packets, >=, 9);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS) - packets, <=, 11);

    /* who waits for the third of a second waits no longer under another rate */
    pass_ms(nic, 60);
    g_assert_true(tx_completed(&a.tx, a.tx.prod));
    g_assert_cmpuint(set_rate(nic, 1, 0, 1), ==, BNY_CTRL_OK);
    tx_desc(&a.tx, &desc);
    tx_desc(&a.tx, &desc);
    ring_kick(&a.tx);
    pass_ms(nic, 100);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), ==, FRAMES + 1);
    g_assert_cmpuint(set_rate(nic, 1, 0, 0), ==, BNY_CTRL_OK);
    pass_ms(nic, 1);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), ==, FRAMES + 2);

    /* nor does anybody after a reset */
    g_assert_cmpuint(set_rate(nic, 1, 0, 1), ==, BNY_CTRL_OK);
    tx_desc(&a.tx, &desc);
    ring_kick(&a.tx);
    pass_ms(nic, 1);
    func_reset(a.f);
    pass_ms(nic, 400);
    assert_no_error(a.f);
    nic_stop(nic);
}

static void test_bad_value(void)
{
    struct bny_ctrl_rate rate = { };
    Nic *nic = nic_start(",vfs=3");

    nic_enable_vfs(nic, 3);
    g_assert_cmpuint(set_rate(nic, 1, 10, 20), ==, BNY_CTRL_OK);
    g_assert_cmpuint(set_rate(nic, 1, 20, 10), ==, BNY_CTRL_BAD_VALUE);
    g_assert_cmpuint(set_rate(nic, 1, 0, 100001), ==, BNY_CTRL_BAD_VALUE);
    g_assert_cmpuint(set_rate(nic, 1, 100001, 0), ==, BNY_CTRL_BAD_VALUE);
    g_assert_cmpuint(set_rate(nic, 1, UINT32_MAX, 0), ==, BNY_CTRL_BAD_VALUE);
    for (unsigned i = 0; i < sizeof(rate.rsvd); i++) {
        rate = (struct bny_ctrl_rate) { };
        rate.rsvd[i] = 1;
        g_assert_cmpuint(try_rate(nic, 1, rate), ==, BNY_CTRL_BAD_VALUE);
    }
    assert_rate(nic, 1, 10, 20);
    /* not more than there is, all together */
    g_assert_cmpuint(set_rate(nic, 2, 60000, 60000), ==, BNY_CTRL_OK);
    g_assert_cmpuint(set_rate(nic, 3, 39991, 0), ==, BNY_CTRL_BAD_VALUE);
    g_assert_cmpuint(set_rate(nic, 3, 39990, 0), ==, BNY_CTRL_OK);
    g_assert_cmpuint(set_rate(nic, 2, 60001, 0), ==, BNY_CTRL_BAD_VALUE);
    g_assert_cmpuint(set_rate(nic, 2, 100, 0), ==, BNY_CTRL_OK);
    assert_rate(nic, 2, 100, 0);
    nic_stop(nic);
}

/* A rate outlives resets, but for one of the PF's configuration space */
static void test_resets(void)
{
    Nic *nic = nic_start(",vfs=1");
    Ring tx;

    nic_enable_vfs(nic, 1);
    g_assert_cmpuint(set_rate(nic, 1, 0, RATE), ==, BNY_CTRL_OK);
    func_reset(&nic->vf[0]);
    assert_rate(nic, 1, 0, RATE);
    fill_ring(&tx, &nic->vf[0], 1000);
    ring_kick(&tx);
    pass_ms(nic, 1);
    g_assert_cmpuint(sent(tx.f), <, 1000 * LEN);
    func_reset(&nic->pf);
    assert_rate(nic, 1, 0, RATE);
    func_flr(&nic->pf);
    func_bus_master(&nic->pf, true);
    assert_rate(nic, 1, 0, 0);
    nic_stop(nic);
}

/* It comes along, and who waited for it goes on */
static void test_migration(void)
{
    Nic *nic = nic_start(",vfs=1");
    uint64_t before;
    Ring tx;

    nic_enable_vfs(nic, 1);
    g_assert_cmpuint(set_rate(nic, 1, 5, RATE), ==, BNY_CTRL_OK);
    fill_ring(&tx, &nic->vf[0], 1000);
    ring_kick(&tx);
    pass_ms(nic, 1);
    nic_move(nic, ",vfs=1");
    assert_rate(nic, 1, 5, RATE);
    pass_ms(nic, 30);
    before = sent(tx.f);
    g_assert_cmpuint(before, <, 1000 * LEN);
    pass_ms(nic, 10);
    g_assert_cmpuint(sent(tx.f) - before, >=, 9 * BYTES_PER_MS);
    g_assert_cmpuint(sent(tx.f) - before, <=, 11 * BYTES_PER_MS);
    nic_stop(nic);
}

void add_rate_tests(void)
{
    g_test_add_func(TEST_PREFIX "rate/max", test_max);
    g_test_add_func(TEST_PREFIX "rate/burst", test_burst);
    g_test_add_func(TEST_PREFIX "rate/segments", test_segments);
    g_test_add_func(TEST_PREFIX "rate/bad-value", test_bad_value);
    g_test_add_func(TEST_PREFIX "rate/resets", test_resets);
    g_test_add_func(TEST_PREFIX "rate/migration", test_migration);
}
