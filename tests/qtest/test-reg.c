/*
 * Banyan qtests: the register file, swept by its table
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

typedef enum Access { RO, RW, W1C, WO } Access;
typedef enum Scope { ALL, PF } Scope;

typedef struct Reg {
    const char *name;
    uint32_t offset;
    uint32_t stride;
    uint32_t count;
    Access access;
    uint32_t reset;
    uint32_t writable;
    Scope scope;
} Reg;

static const Reg regs[] = {
#define ROW(name, offset, stride, count, access, reset, writable, scope, text) \
    { #name, offset, stride, count, access, reset, writable, scope },
    BNY_REGS(ROW)
#undef ROW
};

/* Instances that the function has, from what it says itself */
static unsigned instances(Func *f, const Reg *r)
{
    if (r->scope == PF && f->index != BNY_FUNC_PF) {
        return 0;
    }
    if (r->offset >= BNY_REG_QP_VECTOR && r->offset < BNY_REGS_PF_ONLY) {
        return FIELD_GET(BNY_LIMITS_QUEUE_PAIRS, reg_read(f, BNY_REG_LIMITS));
    }
    if (r->offset == BNY_REG_FUNC_RESET) {
        return f->nic->vfs + 1;
    }
    return r->count;
}

/* First, last, and one between: enough to see a wrong stride */
static unsigned sample(unsigned count, unsigned k)
{
    return k == 0 ? 0 : k == 1 ? count - 1 : count / 2;
}

/* The only instances of writable registers that have a rule of their own */
static bool has_rule(const Reg *r, unsigned i)
{
    return r->offset == BNY_REG_FEATURES || r->offset == BNY_REG_RSS_TABLE ||
           r->offset == BNY_REG_CTLQ_CTRL ||
           r->offset == BNY_REG_TX_CTRL || r->offset == BNY_REG_RX_CTRL;
}

typedef void Check(Func *f, const Reg *r, unsigned i, uint32_t offset);

static void sweep(Func *f, Check *check)
{
    for (size_t n = 0; n < ARRAY_SIZE(regs); n++) {
        unsigned count = instances(f, &regs[n]);

        for (unsigned k = 0; k < 3 && count; k++) {
            unsigned i = sample(count, k);

            g_test_message("function %u %s[%u]", f->index, regs[n].name, i);
            check(f, &regs[n], i, regs[n].offset + i * regs[n].stride);
        }
    }
}

static void sweep_all(Check *check)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    sweep(&nic->pf, check);
    sweep(&nic->vf[1], check);
    nic_stop(nic);
}

static void check_reset_value(Func *f, const Reg *r, unsigned i, uint32_t off)
{
    if (r->access != RO || r->reset) {
        g_assert_cmphex(reg_read(f, off), ==, r->reset);
    }
}

/* Enabling VFs has told the PF of their resets: it is reset after that */
static void test_reset_values(void)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    func_reset(&nic->pf);
    sweep(&nic->pf, check_reset_value);
    func_reset(&nic->vf[1]);
    sweep(&nic->vf[1], check_reset_value);
    nic_stop(nic);
}

static void check_read_only(Func *f, const Reg *r, unsigned i, uint32_t off)
{
    uint32_t value = reg_read(f, off);

    if (r->access != RO) {
        return;
    }
    reg_write(f, off, ~value);
    assert_error_info(f, BNY_ERR_REG_ACCESS, off);
    func_reset(f);
    if (r->offset != BNY_REG_GENERATION && r->offset != BNY_REG_COUNTER) {
        g_assert_cmphex(reg_read(f, off), ==, value);
    }
}

static void test_read_only(void)
{
    sweep_all(check_read_only);
}

static void check_holds(Func *f, const Reg *r, unsigned i, uint32_t off)
{
    static const uint32_t pattern[] = { 0x55555555, 0xaaaaaaaa, 0xffffffff, 0 };

    if (r->access != RW || has_rule(r, i)) {
        return;
    }
    for (unsigned k = 0; k < ARRAY_SIZE(pattern); k++) {
        reg_write(f, off, pattern[k] & r->writable);
        g_assert_cmphex(reg_read(f, off), ==, pattern[k] & r->writable);
    }
    assert_no_error(f);
}

static void test_holds(void)
{
    sweep_all(check_holds);
}

static void check_reset_restores(Func *f, const Reg *r, unsigned i,
                                 uint32_t off)
{
    if (r->access != RW || has_rule(r, i)) {
        return;
    }
    reg_write(f, off, r->writable & ~r->reset);
    func_reset(f);
    g_assert_cmphex(reg_read(f, off), ==, r->reset);
}

static void test_reset_restores(void)
{
    sweep_all(check_reset_restores);
}

static void check_write_only(Func *f, const Reg *r, unsigned i, uint32_t off)
{
    if (r->access == WO) {
        g_assert_cmphex(reg_read(f, off), ==, 0);
    }
}

static void test_write_only(void)
{
    sweep_all(check_write_only);
}

/* Each bit that a register hasn't is refused, and the value stays */
static void check_reserved_bits(Func *f, const Reg *r, unsigned i, uint32_t off)
{
    uint32_t value = reg_read(f, off);

    if (r->access == RO || has_rule(r, i)) {
        return;
    }
    for (unsigned bit = 0; bit < 32; bit++) {
        if (r->writable & BIT(bit)) {
            continue;
        }
        reg_write(f, off, BIT(bit));
        assert_error_info(f, BNY_ERR_REG_VALUE, off);
        /* the error has set a bit of IRQ_CAUSE */
        if (r->access != W1C) {
            g_assert_cmphex(reg_read(f, off), ==, value);
        }
        func_reset(f);
    }
}

static void test_reserved_bits(void)
{
    sweep_all(check_reserved_bits);
}

/* Offsets between registers, and instances behind the limits, aren't there */
static void check_hole(Func *f, uint32_t offset)
{
    g_test_message("function %u offset 0x%x", f->index, offset);
    g_assert_cmphex(reg_read(f, offset), ==, 0);
    reg_write(f, offset, 0);
    assert_error_info(f, BNY_ERR_REG_ACCESS, offset);
    func_reset(f);
}

static bool in_table(uint32_t offset)
{
    for (size_t n = 0; n < ARRAY_SIZE(regs); n++) {
        const Reg *r = &regs[n];

        if (offset >= r->offset && (offset - r->offset) % r->stride == 0 &&
            (offset - r->offset) / r->stride < r->count) {
            return true;
        }
    }
    return false;
}

static void test_holes(void)
{
    Nic *nic = nic_start(",vfs=2");
    unsigned holes = 0;

    nic_enable_vfs(nic, 2);
    for (size_t n = 0; n < ARRAY_SIZE(regs); n++) {
        const Reg *r = &regs[n];
        unsigned count = instances(&nic->pf, r);
        uint32_t end = r->offset + (r->count - 1) * r->stride + 4;

        if (count < r->count) {
            check_hole(&nic->pf, r->offset + count * r->stride);
            check_hole(&nic->pf, end - 4);
        }
        if (r->scope == PF && r->offset < BNY_VF_BAR_REGS_SIZE) {
            check_hole(&nic->vf[0], r->offset);
        }
        if (end < BNY_VF_BAR_REGS_SIZE && !in_table(end)) {
            check_hole(&nic->pf, end);
            check_hole(&nic->vf[0], end);
            holes++;
        }
    }
    g_assert_cmpuint(holes, >, 5);
    nic_stop(nic);
}

static void test_wide_access(void)
{
    Nic *nic = nic_start("");
    Func *pf = &nic->pf;

    g_assert_cmphex(qtest_readq(nic->qts, pf->regs + BNY_REG_MAGIC), ==,
                    reg_read(pf, BNY_REG_MAGIC) |
                    (uint64_t)reg_read(pf, BNY_REG_VERSION) << 32);
    qtest_writeq(nic->qts, pf->regs + BNY_REG_AT(MBX_TX_DATA, 2),
                 0x1122334455667788ull);
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(MBX_TX_DATA, 2)), ==, 0x55667788);
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(MBX_TX_DATA, 3)), ==, 0x11223344);
    assert_no_error(pf);
    nic_stop(nic);
}

static void test_identity(void)
{
    Nic *nic = nic_start(",vfs=3,queue-pairs=5,mac=52:54:00:12:34:56");
    Func *pf = &nic->pf;
    uint32_t limits;

    nic_enable_vfs(nic, 3);
    g_assert_cmphex(reg_read(pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
    g_assert_cmphex(reg_read(pf, BNY_REG_FUNCTION), ==, BNY_FUNC_PF);
    g_assert_cmphex(reg_read(&nic->vf[2], BNY_REG_FUNCTION), ==,
                    BNY_FUNCTION_IS_VF |
                    FIELD_PREP(BNY_FUNCTION_INDEX, BNY_FUNC_VF(2)));
    limits = reg_read(pf, BNY_REG_LIMITS);
    g_assert_cmpuint(FIELD_GET(BNY_LIMITS_QUEUE_PAIRS, limits), ==, 5);
    g_assert_cmphex(reg_read(pf, BNY_REG_MAC_LO), ==, 0x12005452);
    g_assert_cmphex(reg_read(pf, BNY_REG_MAC_HI), ==, 0x5634);
    nic_stop(nic);
}

/* A VF reads as its own what the PF wrote for it, and only that VF does */
static void test_mac_of_vf(void)
{
    static const uint8_t mac[6] = { 0x44, 0x33, 0x22, 0x11, 0x66, 0x55 };
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    func_set_mac(nic, BNY_FUNC_VF(1), mac);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_MAC_LO), ==, 0x11223344);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_MAC_HI), ==, 0x5566);
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_MAC_LO), ==, 0);
    func_reset(&nic->vf[1]);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_MAC_LO), ==, 0x11223344);
    nic_stop(nic);
}

static void test_features(void)
{
    Nic *nic = nic_start("");
    Func *pf = &nic->pf;
    uint32_t caps = reg_read(pf, BNY_REG_CAPS);

    reg_write(pf, BNY_REG_FEATURES, caps);
    assert_no_error(pf);
    g_assert_cmphex(reg_read(pf, BNY_REG_FEATURES), ==, caps);

    for (unsigned bit = 0; bit < 32; bit++) {
        if (caps & BIT(bit)) {
            continue;
        }
        reg_write(pf, BNY_REG_FEATURES, BIT(bit));
        assert_error_info(pf, BNY_ERR_REG_VALUE, BNY_REG_FEATURES);
        func_reset(pf);
    }
    reg_write(pf, BNY_REG_AT(FEATURES, 1), 1);
    assert_error_info(pf, BNY_ERR_REG_VALUE, BNY_REG_AT(FEATURES, 1));
    nic_stop(nic);
}

static void test_features_while_running(void)
{
    Nic *nic = nic_start("");
    Func *pf = &nic->pf;
    Ring tx;

    ring_start(&tx, pf, 0, false, BNY_RING_DEPTH_MIN);
    reg_write(pf, BNY_REG_FEATURES, BNY_FEAT_TX_CSUM);
    assert_error_info(pf, BNY_ERR_REG_VALUE, BNY_REG_FEATURES);
    nic_stop(nic);
}

static void test_gso_needs_partial(void)
{
    Nic *nic = nic_start("");

    reg_write(&nic->pf, BNY_REG_FEATURES, BNY_FEAT_RX_GSO);
    assert_error_info(&nic->pf, BNY_ERR_REG_VALUE, BNY_REG_FEATURES);
    nic_stop(nic);
}

static void test_rss_table(void)
{
    Nic *nic = nic_start(",queue-pairs=4");
    Func *pf = &nic->pf;

    reg_write(pf, BNY_REG_AT(RSS_TABLE, 31), 0x03020100);
    assert_no_error(pf);
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(RSS_TABLE, 31)), ==, 0x03020100);
    reg_write(pf, BNY_REG_AT(RSS_TABLE, 7), 0x00040000);
    assert_error_info(pf, BNY_ERR_REG_VALUE, BNY_REG_AT(RSS_TABLE, 7));
    nic_stop(nic);
}

/* Past the VF's BAR there is nothing of the PF to be had */
static void test_vf_cannot_reach_pf(void)
{
    Nic *nic = nic_start(",vfs=1");
    uint32_t generation = reg_read(&nic->pf, BNY_REG_GENERATION);

    nic_enable_vfs(nic, 1);
    reg_write(&nic->vf[0], BNY_REG_FUNC_RESET, BNY_RESET_START);
    reg_write(&nic->vf[0], BNY_REG_FUNC_RESET_EVENT, UINT32_MAX);
    g_assert_cmpuint(reg_read(&nic->pf, BNY_REG_GENERATION), ==, generation);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_FUNC_RESET_EVENT), ==, BIT(1));
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

void add_reg_tests(void)
{
    g_test_add_func(TEST_PREFIX "reg/identity", test_identity);
    g_test_add_func(TEST_PREFIX "reg/reset-values", test_reset_values);
    g_test_add_func(TEST_PREFIX "reg/read-only", test_read_only);
    g_test_add_func(TEST_PREFIX "reg/holds-what-was-written", test_holds);
    g_test_add_func(TEST_PREFIX "reg/reset-restores", test_reset_restores);
    g_test_add_func(TEST_PREFIX "reg/commands-read-as-zero", test_write_only);
    g_test_add_func(TEST_PREFIX "reg/reserved-bits", test_reserved_bits);
    g_test_add_func(TEST_PREFIX "reg/holes", test_holes);
    g_test_add_func(TEST_PREFIX "reg/wide-access", test_wide_access);
    g_test_add_func(TEST_PREFIX "reg/mac-of-vf", test_mac_of_vf);
    g_test_add_func(TEST_PREFIX "reg/features", test_features);
    g_test_add_func(TEST_PREFIX "reg/features-while-running",
                   test_features_while_running);
    g_test_add_func(TEST_PREFIX "reg/gso-needs-partial",
                    test_gso_needs_partial);
    g_test_add_func(TEST_PREFIX "reg/rss-table", test_rss_table);
    g_test_add_func(TEST_PREFIX "reg/vf-cannot-reach-pf",
                   test_vf_cannot_reach_pf);
}
