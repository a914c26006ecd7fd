/*
 * Banyan qtests: resets and the generation count (datasheet, chapter 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"

#define SCRATCH 0x5a5a5a5a

static Packet packet;

/* A function that has been reset has forgotten its rings and its registers */
static void assert_was_reset(Func *f, uint32_t generation)
{
    g_assert_cmpuint(reg_read(f, BNY_REG_GENERATION), ==, generation + 1);
    g_assert_cmphex(reg_read(f, BNY_REG_AT(MBX_TX_DATA, 5)), ==, 0);
    g_assert_cmphex(reg_read(f, BNY_REG_TX_CTRL), ==, 0);
    g_assert_cmphex(reg_read(f, BNY_REG_RX_CTRL), ==, 0);
    g_assert_cmphex(reg_read(f, BNY_REG_TX_DEPTH), ==, 0);
    g_assert_cmpuint(reg_read(f, BNY_REG_MAX_FRAME), ==, 1518);
    g_assert_cmphex(reg_read(f, BNY_REG_STATUS) & BNY_STATUS_READY, !=, 0);
    assert_no_error(f);
}

typedef void Reset(Func *f);

static void reset_by_pf(Func *f)
{
    reg_write(&f->nic->pf, BNY_REG_AT(FUNC_RESET, f->index), BNY_RESET_START);
}

static void reset_by_power(Func *f)
{
    func_set_power(f, PCI_PM_CTRL_STATE_MASK);
    func_set_power(f, 0);
    func_setup_bars(f);
}

static void check_vf_reset(Reset *reset)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    uint32_t generation = reg_read(a.f, BNY_REG_GENERATION);
    uint32_t other = reg_read(b.f, BNY_REG_GENERATION);

    reg_write(a.f, BNY_REG_AT(MBX_TX_DATA, 5), SCRATCH);
    reset(a.f);
    assert_was_reset(a.f, generation);
    g_assert_cmpuint(reg_read(b.f, BNY_REG_GENERATION), ==, other);
    g_assert_cmphex(reg_read(b.f, BNY_REG_TX_CTRL), ==, BNY_RING_ENABLE);

    /* policy is the PF's and stays, and the PF is told */
    g_assert_cmphex(reg_read(a.f, BNY_REG_STATUS) & BNY_STATUS_ENABLED, !=, 0);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_FUNC_RESET_EVENT) &
                    BIT(a.f->index), !=, 0);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_IRQ_CAUSE) &
                    BNY_IRQ_FUNC_RESET, !=, 0);
    nic_stop(nic);
}

static void test_register(void)
{
    check_vf_reset(func_reset);
}

static void test_flr(void)
{
    check_vf_reset(func_flr);
}

static void test_by_pf(void)
{
    check_vf_reset(reset_by_pf);
}

static void test_by_power(void)
{
    check_vf_reset(reset_by_power);
}

static void test_event_cleared(void)
{
    Nic *nic = nic_start(",vfs=40");
    Func *pf = &nic->pf;

    nic_enable_vfs(nic, 40);
    for (unsigned i = 0; i < BNY_REG_COUNT_FUNC_RESET_EVENT; i++) {
        reg_write(pf, BNY_REG_AT(FUNC_RESET_EVENT, i), 0xffffffff);
        g_assert_cmphex(reg_read(pf, BNY_REG_AT(FUNC_RESET_EVENT, i)), ==, 0);
    }
    func_flr(&nic->vf[34]);
    func_flr(&nic->vf[36]);
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(FUNC_RESET_EVENT, 0)), ==, 0);
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(FUNC_RESET_EVENT, 1)), ==,
                    BIT(35 - 32) | BIT(37 - 32));
    reg_write(pf, BNY_REG_AT(FUNC_RESET_EVENT, 1), BIT(35 - 32));
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(FUNC_RESET_EVENT, 1)), ==,
                    BIT(37 - 32));
    nic_stop(nic);
}

/* Work in flight is dropped: no completion comes after the reset */
static void test_in_flight(void)
{
    struct bny_tx_cqe cqe;
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    nic_set_faults(nic, "stall-tx");
    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    nic_settle(nic);
    func_reset(a.f);
    nic_set_faults(nic, "");
    nic_settle(nic);
    g_assert_false(cq_peek(&a.tx, &cqe));
    g_assert_cmphex(reg_read(a.f, BNY_REG_TX_INDEX), ==, 0);

    /* and a doorbell of before means nothing now */
    doorbell(a.f, 0, BNY_DB_TX, 1);
    nic_settle(nic);
    g_assert_false(cq_peek(&a.tx, &cqe));
    assert_no_error(a.f);
    nic_stop(nic);
}

/* A function that was reset while others send to it: nothing is written */
static void test_receiver_reset(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    func_reset(b.f);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    assert_nothing_received(&b.rx);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_LINK), >=, 1);

    ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
    rx_post(&b.rx, 4, PORT_BUF_LEN);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    nic_stop(nic);
}

/* It works again afterwards, like new */
static void test_work_again(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    func_flr(a.f);
    func_bus_master(a.f, true);
    ring_start(&a.tx, a.f, 0, false, PORT_DEPTH);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_true(tx_completed(&a.tx, 1));
    nic_stop(nic);
}

/* A reset of the PF takes its policy away, but not the VFs' rings */
static void test_pf(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    uint32_t generation = reg_read(&nic->pf, BNY_REG_GENERATION);
    uint32_t vf_generation = reg_read(a.f, BNY_REG_GENERATION);

    func_set_mac(nic, a.f->index, a.mac);
    g_assert_cmphex(reg_read(a.f, BNY_REG_MAC_LO), !=, 0);
    reg_write(a.f, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    func_reset(&nic->pf);
    g_assert_cmpuint(reg_read(&nic->pf, BNY_REG_GENERATION), ==,
                     generation + 1);
    g_assert_cmpuint(reg_read(a.f, BNY_REG_GENERATION), ==, vf_generation);
    g_assert_cmphex(reg_read(a.f, BNY_REG_STATUS) & BNY_STATUS_ENABLED, ==, 0);
    g_assert_cmphex(reg_read(a.f, BNY_REG_LINK) & BNY_LINK_UP, ==, 0);
    g_assert_cmphex(reg_read(a.f, BNY_REG_IRQ_CAUSE) & BNY_IRQ_LINK, !=, 0);
    g_assert_cmphex(reg_read(a.f, BNY_REG_MAC_LO), ==,
                    (uint32_t)ldl_le_p(a.mac));
    g_assert_cmphex(reg_read(a.f, BNY_REG_MAC_HI), ==, lduw_le_p(a.mac + 4));
    g_assert_cmpuint(veb_entries(nic), ==, 0);
    g_assert_cmphex(reg_read(a.f, BNY_REG_TX_CTRL), ==, BNY_RING_ENABLE);

    func_up(a.f);
    func_up(b.f);
    {
        uint8_t frame[60];

        frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
        tx_send(&a.tx, frame, sizeof(frame));
        g_assert_true(rx_packet(&b.rx, &packet));
    }
    nic_stop(nic);
}

static void test_pf_flr(void)
{
    Nic *nic = nic_start(",vfs=2");
    unsigned cap = func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_SRIOV);

    nic_enable_vfs(nic, 2);
    func_flr(&nic->pf);
    g_assert_cmphex(func_cfg_read(&nic->pf, cap + PCI_SRIOV_CTRL, 2) &
                    PCI_SRIOV_CTRL_VFE, ==, 0);
    func_bus_master(&nic->pf, true);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_MAGIC), !=, BNY_MAGIC);
    nic->vfs = 0;

    nic_enable_vfs(nic, 2);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_MAGIC), ==, BNY_MAGIC);
    nic_stop(nic);
}

/* An FLR is a PCI reset: MSI-X is off afterwards; a register reset isn't */
static void test_msix(void)
{
    Nic *nic = nic_start(",vfs=1");
    Func *vf = &nic->vf[0];
    unsigned cap;

    nic_enable_vfs(nic, 1);
    func_enable_msix(vf);
    cap = func_cap(vf, PCI_CAP_ID_MSIX);
    func_reset(vf);
    g_assert_cmphex(func_cfg_read(vf, cap + PCI_MSIX_FLAGS, 2) &
                    PCI_MSIX_FLAGS_ENABLE, !=, 0);
    g_assert_cmphex(qtest_readl(nic->qts, vf->msix + BNY_MSIX_TABLE_OFFSET), ==,
                    vf->messages);
    func_flr(vf);
    g_assert_cmphex(func_cfg_read(vf, cap + PCI_MSIX_FLAGS, 2) &
                    PCI_MSIX_FLAGS_ENABLE, ==, 0);
    nic_stop(nic);
}

static void test_counters_survive(void)
{
    Nic *nic = nic_start("");
    uint64_t resets = counter(&nic->pf, BNY_CNT_RESETS);
    uint64_t writes = counter(&nic->pf, BNY_CNT_REG_WRITES);

    func_reset(&nic->pf);
    func_reset(&nic->pf);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_RESETS), ==, resets + 2);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_REG_WRITES), >=, writes + 2);
    nic_stop(nic);
}

void add_reset_tests(void)
{
    g_test_add_func(TEST_PREFIX "reset/register", test_register);
    g_test_add_func(TEST_PREFIX "reset/flr", test_flr);
    g_test_add_func(TEST_PREFIX "reset/by-pf", test_by_pf);
    g_test_add_func(TEST_PREFIX "reset/by-power", test_by_power);
    g_test_add_func(TEST_PREFIX "reset/event-cleared", test_event_cleared);
    g_test_add_func(TEST_PREFIX "reset/in-flight", test_in_flight);
    g_test_add_func(TEST_PREFIX "reset/receiver", test_receiver_reset);
    g_test_add_func(TEST_PREFIX "reset/work-again", test_work_again);
    g_test_add_func(TEST_PREFIX "reset/pf", test_pf);
    g_test_add_func(TEST_PREFIX "reset/pf-flr", test_pf_flr);
    g_test_add_func(TEST_PREFIX "reset/msix", test_msix);
    g_test_add_func(TEST_PREFIX "reset/counters-survive",
                   test_counters_survive);
}
