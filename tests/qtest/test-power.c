/*
 * Banyan qtests: power states (datasheet, chapter 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"

#define D0    0
#define D3HOT PCI_PM_CTRL_STATE_MASK

static Nic *start(Port *a, Port *b)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    port_start(a, &nic->vf[0]);
    port_start(b, &nic->vf[1]);
    return nic;
}

/* In D3hot nothing is received */
static void test_receive(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start(&a, &b);

    func_set_power(b.f, D3HOT);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter_from_pf(nic, b.f->index, BNY_CNT_RX_DROP_LINK),
                     ==, 1);
    nic_stop(nic);
}

/* ... nor sent: work that was noted before is not done */
static void test_send(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    tx_send(&a.tx, frame, sizeof(frame));
    func_set_power(a.f, D3HOT);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    assert_nothing_received(&b.rx);
    nic_stop(nic);
}

/* ... and no message goes out, that of a timer neither */
static void test_messages(void)
{
    enum { USECS = 1000 };
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start(&a, &b);

    func_enable_msix(b.f);
    reg_write(b.f, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    reg_write(b.f, BNY_REG_IRQ_ENABLE, BNY_IRQ_LINK);
    reg_write(b.f, BNY_REG_QP_MODERATION,
              FIELD_PREP(BNY_MODERATION_USECS, USECS));
    doorbell(b.f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    g_assert_false(func_got_message(b.f, BNY_ADMIN_VECTOR));

    func_set_power(b.f, D3HOT);
    qtest_clock_step(nic->qts, 10 * USECS * 1000);
    func_set_flags(nic, b.f->index, 0);
    g_assert_false(func_got_message(b.f, BNY_ADMIN_VECTOR));
    nic_stop(nic);
}

/* ... nor one that was on its way */
static void test_waiting_message(void)
{
    Port a, b;
    Nic *nic = start(&a, &b);

    func_enable_msix(b.f);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    reg_write(b.f, BNY_REG_IRQ_ENABLE, BNY_IRQ_LINK);
    func_set_power(b.f, D3HOT);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_false(func_got_message(b.f, BNY_ADMIN_VECTOR));
    nic_stop(nic);
}

/* Back in D0 it is as after an FLR, configuration space included */
static void check_awake(Func *f)
{
    unsigned msix = func_cap(f, PCI_CAP_ID_MSIX);
    uint32_t generation = reg_read(f, BNY_REG_GENERATION);

    func_enable_msix(f);
    func_set_power(f, D3HOT);
    func_set_power(f, D0);
    g_assert_cmphex(func_cfg_read(f, PCI_COMMAND, 2), ==, 0);
    g_assert_cmphex(func_cfg_read(f, msix + PCI_MSIX_FLAGS, 2) &
                    PCI_MSIX_FLAGS_ENABLE, ==, 0);
    func_setup_bars(f);
    g_assert_cmpuint(reg_read(f, BNY_REG_GENERATION), ==, generation + 1);
    g_assert_cmphex(reg_read(f, BNY_REG_TX_CTRL), ==, 0);
}

static void test_awake(void)
{
    Port a, b;
    Nic *nic = start(&a, &b);
    unsigned sriov = func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_SRIOV);

    check_awake(b.f);
    check_awake(&nic->pf);
    g_assert_cmphex(func_cfg_read(&nic->pf, sriov + PCI_SRIOV_CTRL, 2) &
                    PCI_SRIOV_CTRL_VFE, ==, 0);
    nic_stop(nic);
}

void add_power_tests(void)
{
    g_test_add_func(TEST_PREFIX "power/receive", test_receive);
    g_test_add_func(TEST_PREFIX "power/send", test_send);
    g_test_add_func(TEST_PREFIX "power/messages", test_messages);
    g_test_add_func(TEST_PREFIX "power/waiting-message",
                   test_waiting_message);
    g_test_add_func(TEST_PREFIX "power/awake", test_awake);
}
