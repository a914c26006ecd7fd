/*
 * Banyan qtests: moderation that changes, messages that are masked (datasheet,
 * chapter 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"

#define US 1000

/* VF 1 is armed, and has received a frame */
static Nic *start(Port *a, Port *b, uint32_t moderation)
{
    uint8_t frame[60];
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    port_start(a, &nic->vf[0]);
    port_start(b, &nic->vf[1]);
    func_enable_msix(b->f);
    reg_write(b->f, BNY_REG_QP_MODERATION, moderation);
    doorbell(b->f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    frame_build(frame, b->mac, a->mac, sizeof(frame), 0);
    tx_send(&a->tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a->tx, 1));
    return nic;
}

/* A shorter time holds for what waits already */
static void test_shorter(void)
{
    Port a, b;
    Nic *nic = start(&a, &b, FIELD_PREP(BNY_MODERATION_USECS, 10000));

    g_assert_false(func_got_message(b.f, 0));
    reg_write(b.f, BNY_REG_QP_MODERATION,
              FIELD_PREP(BNY_MODERATION_USECS, 1000));
    g_assert_false(func_got_message(b.f, 0));
    qtest_clock_step(nic->qts, 1000 * US);
    g_assert_true(func_got_message(b.f, 0));
    qtest_clock_step(nic->qts, 20000 * US);
    g_assert_false(func_got_message(b.f, 0));
    nic_stop(nic);
}

static void test_none(void)
{
    Port a, b;
    Nic *nic = start(&a, &b, FIELD_PREP(BNY_MODERATION_USECS, 10000));

    reg_write(b.f, BNY_REG_QP_MODERATION, 0);
    g_assert_true(func_got_message(b.f, 0));
    nic_stop(nic);
}

/* What is masked isn't sent, so isn't counted */
static void test_masked(void)
{
    Port a, b;
    Nic *nic = start(&a, &b, FIELD_PREP(BNY_MODERATION_USECS, 10000));

    qtest_writel(nic->qts, b.f->msix + BNY_MSIX_TABLE_OFFSET +
                 PCI_MSIX_ENTRY_VECTOR_CTRL, PCI_MSIX_ENTRY_CTRL_MASKBIT);
    qtest_clock_step(nic->qts, 20000 * US);
    g_assert_false(func_got_message(b.f, 0));
    g_assert_cmpuint(counter(b.f, BNY_CNT_INTERRUPTS), ==, 0);
    nic_stop(nic);
}

void add_moderation_tests(void)
{
    g_test_add_func(TEST_PREFIX "irq/moderation-shorter", test_shorter);
    g_test_add_func(TEST_PREFIX "irq/moderation-none", test_none);
    g_test_add_func(TEST_PREFIX "irq/masked-uncounted", test_masked);
}
