/*
 * Banyan qtests: SR-IOV, and what keeps functions apart (datasheet, chapter 2)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"

static Packet packet;

static void test_identity(void)
{
    Nic *nic = nic_start(",vfs=2");
    Func *pf = &nic->pf;

    g_assert_cmphex(func_cfg_read(pf, PCI_VENDOR_ID, 2), ==, BNY_PCI_VENDOR_ID);
    g_assert_cmphex(func_cfg_read(pf, PCI_DEVICE_ID, 2), ==,
                    BNY_PCI_DEVICE_ID_PF);
    g_assert_cmphex(func_cfg_read(pf, PCI_REVISION_ID, 4), ==,
                    0x02000000 | BNY_PCI_REVISION);
    nic_enable_vfs(nic, 2);
    g_assert_cmphex(func_cfg_read(&nic->vf[1], PCI_REVISION_ID, 4), ==,
                    0x02000000 | BNY_PCI_REVISION);
    nic_stop(nic);
}

static void test_capabilities(void)
{
    Nic *nic = nic_start(",vfs=1");
    Func *both[] = { &nic->pf, &nic->vf[0] };

    nic_enable_vfs(nic, 1);
    for (unsigned i = 0; i < ARRAY_SIZE(both); i++) {
        unsigned exp = func_cap(both[i], PCI_CAP_ID_EXP);

        g_assert_cmpuint(exp, !=, 0);
        g_assert_cmphex(func_cfg_read(both[i], exp + PCI_EXP_DEVCAP, 4) &
                        PCI_EXP_DEVCAP_FLR, !=, 0);
        g_assert_cmpuint(func_cap(both[i], PCI_CAP_ID_MSIX), !=, 0);
        g_assert_cmpuint(func_cap(both[i], PCI_CAP_ID_PM), !=, 0);
        g_assert_cmpuint(func_ext_cap(both[i], PCI_EXT_CAP_ID_ERR), !=, 0);
        g_assert_cmpuint(func_ext_cap(both[i], PCI_EXT_CAP_ID_ARI), !=, 0);
        /* INTx doesn't exist */
        g_assert_cmpuint(func_cfg_read(both[i], PCI_INTERRUPT_PIN, 1), ==, 0);
    }
    g_assert_cmpuint(func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_DSN), !=, 0);
    nic_stop(nic);
}

static void assert_sriov(Nic *nic, unsigned total)
{
    Func *pf = &nic->pf;
    unsigned cap = func_ext_cap(pf, PCI_EXT_CAP_ID_SRIOV);

    g_assert_cmpuint(cap, !=, 0);
    g_assert_cmpuint(func_cfg_read(pf, cap + PCI_SRIOV_TOTAL_VF, 2), ==, total);
    g_assert_cmpuint(func_cfg_read(pf, cap + PCI_SRIOV_INITIAL_VF, 2), ==,
                     total);
    g_assert_cmpuint(func_cfg_read(pf, cap + PCI_SRIOV_VF_OFFSET, 2), ==,
                     BNY_VF_OFFSET);
    g_assert_cmpuint(func_cfg_read(pf, cap + PCI_SRIOV_VF_STRIDE, 2), ==,
                     BNY_VF_STRIDE);
    g_assert_cmphex(func_cfg_read(pf, cap + PCI_SRIOV_VF_DID, 2), ==,
                    BNY_PCI_DEVICE_ID_VF);
    g_assert_cmphex(func_cfg_read(pf, cap + PCI_SRIOV_SUP_PGSIZE, 4) & 1, !=,
                    0);
}

static void test_capability(void)
{
    static const unsigned totals[] = { 1, 7, 64, 255 };
    Nic *nic = nic_start("");

    assert_sriov(nic, 63);
    nic_stop(nic);
    for (unsigned i = 0; i < ARRAY_SIZE(totals); i++) {
        g_autofree char *props = g_strdup_printf(",vfs=%u", totals[i]);

        nic = nic_start(props);
        assert_sriov(nic, totals[i]);
        nic_stop(nic);
    }
}

static void test_no_vfs(void)
{
    Nic *nic = nic_start(",vfs=0");

    g_assert_cmpuint(func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_SRIOV), ==, 0);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
    nic_stop(nic);
}

/* VF BARs are as large as the system page size asks, and in their place */
/*
 * A VF's BARs lie one behind the other, each a multiple of the system page
 * size, whichever of those that are offered is set
 */
static void test_page_sizes(void)
{
    static const uint32_t bar_sizes[] = {
        BNY_VF_BAR_REGS_SIZE, BNY_VF_BAR_DOORBELLS_SIZE, BNY_VF_BAR_MSIX_SIZE,
    };
    Nic *nic = nic_start(",vfs=2");
    Func *pf = &nic->pf;
    unsigned cap = func_ext_cap(pf, PCI_EXT_CAP_ID_SRIOV);
    uint32_t offered = func_cfg_read(pf, cap + PCI_SRIOV_SUP_PGSIZE, 4);

    g_assert_cmphex(offered & 1, !=, 0);
    for (unsigned i = 0; i < 32; i++) {
        func_cfg_write(pf, cap + PCI_SRIOV_SYS_PGSIZE, 4, BIT(i));
        g_assert_cmphex(func_cfg_read(pf, cap + PCI_SRIOV_SYS_PGSIZE, 4), ==,
                        offered & BIT(i));
        for (unsigned k = 0; offered & BIT(i) && k < ARRAY_SIZE(bar_sizes);
             k++) {
            g_assert_cmphex(bar_sizes[k] % (4096ull << i), ==, 0);
        }
    }
    nic_stop(nic);
}

static void test_vf_bars(void)
{
    Nic *nic = nic_start(",vfs=4");
    Func *pf = &nic->pf;
    unsigned cap = func_ext_cap(pf, PCI_EXT_CAP_ID_SRIOV);
    uint64_t size;

    func_cfg_write(pf, cap + PCI_SRIOV_BAR, 4, 0xffffffff);
    func_cfg_write(pf, cap + PCI_SRIOV_BAR + 4, 4, 0xffffffff);
    size = func_cfg_read(pf, cap + PCI_SRIOV_BAR, 4) &
           PCI_BASE_ADDRESS_MEM_MASK;
    size |= (uint64_t)func_cfg_read(pf, cap + PCI_SRIOV_BAR + 4, 4) << 32;
    g_assert_cmphex(~size + 1, ==, BNY_VF_BAR_REGS_SIZE);
    func_setup_bars(pf);

    nic_enable_vfs(nic, 4);
    for (unsigned i = 0; i < 4; i++) {
        g_assert_cmpuint(FIELD_GET(BNY_FUNCTION_INDEX,
                                   reg_read(&nic->vf[i], BNY_REG_FUNCTION)),
                         ==, BNY_FUNC_VF(i));
    }
    nic_stop(nic);
}

static void test_enable(void)
{
    Nic *nic = nic_start(",vfs=8");
    Func beyond;

    nic_enable_vfs(nic, 3);
    for (unsigned i = 0; i < 3; i++) {
        g_assert_cmphex(reg_read(&nic->vf[i], BNY_REG_MAGIC), ==, BNY_MAGIC);
        /* a VF's IDs are all ones in its own configuration space */
        g_assert_cmphex(func_cfg_read(&nic->vf[i], PCI_VENDOR_ID, 4), ==,
                        0xffffffff);
        g_assert_cmpuint(func_cap(&nic->vf[i], PCI_CAP_ID_EXP), !=, 0);
    }
    beyond = (Func) { .nic = nic, .index = 4, .devfn = 4 };
    func_setup_bars(&beyond);
    g_assert_cmphex(reg_read(&beyond, BNY_REG_MAGIC), !=, BNY_MAGIC);
    nic_stop(nic);
}

static void test_most(void)
{
    Nic *nic = nic_start(",vfs=255");
    Port a, b;

    nic_enable_vfs(nic, BNY_VFS_MAX);
    for (unsigned i = 0; i < BNY_VFS_MAX; i++) {
        g_assert_cmpuint(FIELD_GET(BNY_FUNCTION_INDEX,
                                   reg_read(&nic->vf[i], BNY_REG_FUNCTION)),
                         ==, BNY_FUNC_VF(i));
    }
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[BNY_VFS_MAX - 1]);
    {
        uint8_t frame[64];

        frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
        tx_send(&a.tx, frame, sizeof(frame));
        g_assert_true(rx_packet(&b.rx, &packet));
    }
    nic_stop(nic);
}

/* More VFs than there are: none come */
static void test_too_many(void)
{
    Nic *nic = nic_start(",vfs=2");
    Func *pf = &nic->pf;
    unsigned cap = func_ext_cap(pf, PCI_EXT_CAP_ID_SRIOV);
    Func third = { .nic = nic, .index = 3, .devfn = 3 };

    func_cfg_write(pf, cap + PCI_SRIOV_NUM_VF, 2, 3);
    func_cfg_write(pf, cap + PCI_SRIOV_CTRL, 2,
                   PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE);
    func_setup_bars(&third);
    g_assert_cmphex(reg_read(&third, BNY_REG_MAGIC), !=, BNY_MAGIC);
    g_assert_cmphex(reg_read(pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
    nic_stop(nic);
}

static void test_disable(void)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_MAGIC), ==, BNY_MAGIC);
    nic_disable_vfs(nic);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_MAGIC), !=, BNY_MAGIC);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
    nic_stop(nic);
}

/* VFs that come back know nothing of their life before, rings least of all */
static void test_enable_again(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    nic_disable_vfs(nic);
    nic_enable_vfs(nic, 2);
    for (unsigned i = 0; i < 2; i++) {
        g_assert_cmphex(reg_read(&nic->vf[i], BNY_REG_TX_CTRL), ==, 0);
        g_assert_cmphex(reg_read(&nic->vf[i], BNY_REG_RX_CTRL), ==, 0);
        g_assert_cmphex(reg_read(&nic->vf[i], BNY_REG_TX_BASE_LO), ==, 0);
        assert_no_error(&nic->vf[i]);
    }
    nic_stop(nic);
}

/* In the middle of work, too: what was to be sent goes with its sender */
static void test_disable_under_load(void)
{
    struct bny_tx_cqe cqe;
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    for (unsigned i = 0; i < 60; i++) {
        tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
    /* the device comes to it when the machine runs again, and not before */
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    ring_kick(&a.tx);
    nic_disable_vfs(nic);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    assert_nothing_received(&b.rx);
    g_assert_false(cq_peek(&a.tx, &cqe));
    g_assert_cmpuint(counter_from_pf(nic, BNY_FUNC_VF(0), BNY_CNT_TX_PACKETS),
                     ==, 0);
    g_assert_cmpuint(counter_from_pf(nic, BNY_FUNC_VF(0), BNY_CNT_ERRORS), ==,
                     0);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

/* What one VF does wrong stops that VF alone */
static void test_error_stays(void)
{
    uint8_t frame[60];
    Nic *nic = nic_start(",vfs=3");
    Port a, b, bad;

    nic_enable_vfs(nic, 3);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    port_start(&bad, &nic->vf[2]);
    reg_write(bad.f, BNY_REG_MAGIC, 1);
    assert_error(bad.f, BNY_ERR_REG_ACCESS);
    assert_no_error(a.f);
    assert_no_error(&nic->pf);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&b.rx, &packet));
    /* nor does a frame to it */
    frame_build(frame, bad.mac, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 2));
    assert_nothing_received(&bad.rx);
    nic_stop(nic);
}

/* A function does DMA as itself: without bus mastering it can't */
static void test_own_dma(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 1);

    func_bus_master(b.f, false);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    nic_settle(nic);
    assert_error(b.f, BNY_ERR_DMA);
    g_assert_cmpuint(counter(b.f, BNY_CNT_DMA_ERRORS), >=, 1);
    assert_no_error(a.f);

    /* it was VF 1 that couldn't, and VF 0 still can */
    frame_build(frame, a.mac, a.mac, sizeof(frame), 1);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 2));
    nic_stop(nic);
}

/* Only memory is reached, never another device's BAR */
static void test_ram_only(void)
{
    Nic *nic = nic_start(",vfs=2");
    struct bny_tx_desc desc = {
        .addr = cpu_to_le64(nic->pf.regs + BNY_REG_AT(RSS_KEY, 0)),
        .len = cpu_to_le32(60),
        .cmd = cpu_to_le32(BNY_TX_CMD_EOP),
    };
    Port a;

    nic_enable_vfs(nic, 2);
    port_start(&a, &nic->vf[0]);
    tx_desc(&a.tx, &desc);
    ring_kick(&a.tx);
    nic_settle(nic);
    assert_error(a.f, BNY_ERR_DMA);
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

/* A BAR that is made of RAM is a BAR all the same, to read and to write */
static void test_frame_buffer(void)
{
    enum { VGA = 7 << 3 };
    const uint64_t vram = 0xd8000000;
    const uint32_t pattern = 0x11223344;
    struct bny_tx_desc send = {
        .addr = cpu_to_le64(vram),
        .len = cpu_to_le32(60),
        .cmd = cpu_to_le32(BNY_TX_CMD_EOP),
    };
    struct bny_rx_desc receive = {
        .addr = cpu_to_le64(vram),
        .len = cpu_to_le32(PORT_BUF_LEN),
    };
    uint8_t frame[60];
    Port a, b;
    Nic *nic = nic_start_with(",vfs=2", "-device VGA,addr=7,romfile=");

    cfg_write(nic, 0, VGA, PCI_BASE_ADDRESS_0, 4, vram);
    cfg_write(nic, 0, VGA, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    qtest_writel(nic->qts, vram, pattern);
    g_assert_cmphex(qtest_readl(nic->qts, vram), ==, pattern);

    nic_enable_vfs(nic, 2);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    ring_disable(&b.rx);
    ring_start(&b.rx, b.f, 0, true, PORT_DEPTH);
    ring_write(&b.rx, b.rx.prod++, &receive);
    ring_kick(&b.rx);
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    assert_error(b.f, BNY_ERR_DMA);
    g_assert_cmphex(qtest_readl(nic->qts, vram), ==, pattern);

    tx_desc(&a.tx, &send);
    ring_kick(&a.tx);
    nic_settle(nic);
    assert_error(a.f, BNY_ERR_DMA);
    nic_stop(nic);
}

void add_sriov_tests(void)
{
    g_test_add_func(TEST_PREFIX "sriov/identity", test_identity);
    g_test_add_func(TEST_PREFIX "sriov/capabilities", test_capabilities);
    g_test_add_func(TEST_PREFIX "sriov/capability", test_capability);
    g_test_add_func(TEST_PREFIX "sriov/no-vfs", test_no_vfs);
    g_test_add_func(TEST_PREFIX "sriov/vf-bars", test_vf_bars);
    g_test_add_func(TEST_PREFIX "sriov/page-sizes", test_page_sizes);
    g_test_add_func(TEST_PREFIX "sriov/enable", test_enable);
    g_test_add_func(TEST_PREFIX "sriov/most", test_most);
    g_test_add_func(TEST_PREFIX "sriov/too-many", test_too_many);
    g_test_add_func(TEST_PREFIX "sriov/disable", test_disable);
    g_test_add_func(TEST_PREFIX "sriov/enable-again", test_enable_again);
    g_test_add_func(TEST_PREFIX "sriov/disable-under-load",
                   test_disable_under_load);
    g_test_add_func(TEST_PREFIX "isolation/error-stays", test_error_stays);
    g_test_add_func(TEST_PREFIX "isolation/own-dma", test_own_dma);
    g_test_add_func(TEST_PREFIX "isolation/ram-only", test_ram_only);
    g_test_add_func(TEST_PREFIX "isolation/frame-buffer", test_frame_buffer);
}
