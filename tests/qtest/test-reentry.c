/*
 * Banyan qtests: interrupt messages that go to the device itself
 *
 * No processor runs while the device works on its rings, but DMA of other
 * devices, and its own messages, may reach its registers. They mustn't
 * change what it works on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"

/* The function's messages write 1 to @addr */
static void aim(Func *f, uint64_t addr)
{
    uint64_t entry = f->msix + BNY_MSIX_TABLE_OFFSET;

    func_enable_msix(f);
    qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_LOWER_ADDR, addr);
    qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_UPPER_ADDR, addr >> 32);
}

static void test_reset(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = nic_start(",vfs=2");
    Func *targets[] = { &nic->pf, &nic->vf[0], &nic->vf[1] };

    nic_enable_vfs(nic, 2);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    for (unsigned i = 0; i < ARRAY_SIZE(targets); i++) {
        uint32_t generation = reg_read(targets[i], BNY_REG_GENERATION);
        uint64_t sent = counter(a.f, BNY_CNT_INTERRUPTS);

        aim(a.f, targets[i]->regs + BNY_REG_RESET);
        doorbell(a.f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
        tx_send(&a.tx, frame, sizeof(frame));
        nic_settle(nic);
        g_assert_cmpuint(counter(a.f, BNY_CNT_INTERRUPTS), ==, sent + 1);
        g_assert_cmpuint(reg_read(targets[i], BNY_REG_GENERATION), ==,
                         generation);
        g_assert_true(tx_completed(&a.tx, a.tx.prod));
    }
    /* once it is over, registers can be written */
    func_reset(b.f);
    nic_stop(nic);
}

void add_reentry_tests(void)
{
    g_test_add_func(TEST_PREFIX "reentry/reset", test_reset);
}
