/*
 * Banyan qtests: messages that hit the machine the device is in
 *
 * An MSI-X message may be aimed at anything that an address reaches: at the
 * slot's power, a bus's reset, another NIC that answers. The device is to be
 * through with its work when it leaves. (MALLOC_PERTURB_: memory that is
 * used after it was freed shows.)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "libqmp.h"
#include "standard-headers/linux/pci_regs.h"

#define ROOT_PORT       (4 << 3)
#define NATIVE_HOTPLUG  "-global ICH9-LPC.acpi-pci-hotplug-with-bridge-" \
                        "support=off"
#define OTHER_NIC       (6 << 3)
#define OTHER_BAR       0xd0100000ull

static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };

/* Messages of @f's vector 0 write @data to @addr */
static void aim(Func *f, uint64_t addr, uint32_t data)
{
    uint64_t entry = f->msix + BNY_MSIX_TABLE_OFFSET;

    func_enable_msix(f);
    qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_LOWER_ADDR, addr);
    qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_UPPER_ADDR, addr >> 32);
    qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_DATA, data);
}

static void aim_at_slot(Func *f)
{
    unsigned cap = cfg_read(f->nic, 0, ROOT_PORT, PCI_CAPABILITY_LIST, 1);

    while (cfg_read(f->nic, 0, ROOT_PORT, cap, 1) != PCI_CAP_ID_EXP) {
        cap = cfg_read(f->nic, 0, ROOT_PORT, cap + PCI_CAP_LIST_NEXT, 1);
    }
    aim(f, cfg_address(0, ROOT_PORT, cap + PCI_EXP_SLTCTL),
        PCI_EXP_SLTCTL_PWR_IND_OFF | PCI_EXP_SLTCTL_PWR_OFF);
}

static void raise_only(Func *f, uint32_t causes)
{
    reg_write(f, BNY_REG_IRQ_CAUSE, UINT32_MAX >> 28);
    reg_write(f, BNY_REG_IRQ_ENABLE, causes);
}

static Nic *start_three(Port *p, const char *args)
{
    Nic *nic;

    g_setenv("MALLOC_PERTURB_", "165", true);
    nic = nic_start_with(",vfs=3", args);
    nic_enable_vfs(nic, 3);
    for (unsigned i = 0; i < 3; i++) {
        port_start(&p[i], &nic->vf[i]);
    }
    return nic;
}

/* The device went, and the machine goes on */
static void assert_ejected(Nic *nic)
{
    nic_settle(nic);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), !=, BNY_MAGIC);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'query-status' }");
    nic_stop(nic);
}

static void send_to(Port *from, const uint8_t *dst)
{
    uint8_t frame[60];

    frame_build(frame, dst, from->mac, sizeof(frame), 0);
    tx_send(&from->tx, frame, sizeof(frame));
}

static void eject_sent(const char *args)
{
    Port p[3];
    Nic *nic = start_three(p, args);

    aim_at_slot(p[0].f);
    doorbell(p[0].f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    send_to(&p[0], p[1].mac);
    assert_ejected(nic);
}

static void test_sent(void)
{
    eject_sent("");
}

static void test_sent_native(void)
{
    eject_sent(NATIVE_HOTPLUG);
}

static void test_received(void)
{
    Port p[3];
    Nic *nic = start_three(p, "");

    aim_at_slot(p[1].f);
    doorbell(p[1].f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    send_to(&p[0], broadcast);
    assert_ejected(nic);
}

/* A receiver's error, while others are still to get the frame */
static void test_error(void)
{
    struct bny_rx_desc bad = { .len = cpu_to_le32(PORT_BUF_LEN) };
    Port p[3];
    Nic *nic = start_three(p, "");

    ring_disable(&p[1].rx);
    ring_start(&p[1].rx, p[1].f, 0, true, PORT_DEPTH);
    ring_write(&p[1].rx, p[1].rx.prod++, &bad);
    ring_kick(&p[1].rx);
    aim_at_slot(p[1].f);
    raise_only(p[1].f, BNY_IRQ_ERROR);
    send_to(&p[0], broadcast);
    assert_ejected(nic);
}

/* VFs hear that their links are down in the middle of the PF's reset */
static void test_reset_of_pf(void)
{
    Port p[3];
    Nic *nic = start_three(p, "");

    aim_at_slot(p[0].f);
    raise_only(p[0].f, BNY_IRQ_LINK);
    reg_write(&nic->pf, BNY_REG_RESET, BNY_RESET_START);
    assert_ejected(nic);
}

/* A delayed interrupt is due when the machine goes on */
static void test_resume(void)
{
    Port p[3];
    Nic *nic = start_three(p, "");

    aim_at_slot(p[0].f);
    reg_write(p[0].f, BNY_REG_QP_MODERATION, 0xffff);
    doorbell(p[0].f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    send_to(&p[0], p[1].mac);
    nic_settle(nic);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    reg_write(p[0].f, BNY_REG_QP_MODERATION, 0);
    nic_settle(nic);
    g_assert_cmpuint(counter(p[0].f, BNY_CNT_INTERRUPTS), ==, 0);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    assert_ejected(nic);
}

/* The bus is reset: the device is there, and as new */
static void test_bus_reset(void)
{
    Port p[3];
    Nic *nic = start_three(p, "");

    aim(p[0].f, cfg_address(0, ROOT_PORT, PCI_INTERRUPT_LINE),
        PCI_BRIDGE_CTL_BUS_RESET << 16);
    doorbell(p[0].f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    send_to(&p[0], p[1].mac);
    nic_settle(nic);
    cfg_write(nic, 0, ROOT_PORT, PCI_BRIDGE_CONTROL, 2, 0);
    g_assert_cmpuint(func_cfg_read(&nic->pf, PCI_VENDOR_ID, 2), ==,
                     BNY_PCI_VENDOR_ID);
    g_assert_cmphex(func_cfg_read(&nic->pf, PCI_COMMAND, 2) &
                    PCI_COMMAND_MASTER, ==, 0);
    nic_stop(nic);
}

/* The function's own configuration space: it stays as the driver has set it */
static void test_own_config(void)
{
    Port p[3];
    Nic *nic = start_three(p, "");

    aim(p[0].f, cfg_address(1, p[0].f->devfn, PCI_COMMAND), 0);
    doorbell(p[0].f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    send_to(&p[0], p[1].mac);
    nic_settle(nic);
    g_assert_cmpuint(counter(p[0].f, BNY_CNT_INTERRUPTS), ==, 1);
    g_assert_cmphex(func_cfg_read(p[0].f, PCI_COMMAND, 2) &
                    PCI_COMMAND_MASTER, !=, 0);
    nic_stop(nic);
}

/* Another NIC is told to send, and what it sends comes back here at once */
static void test_answer(void)
{
    enum { DESCS = 8, TCTL = 0x400, TDBAL = 0x3800, TDLEN = 0x3808,
           TDT = 0x3818, EN_PSP = 0xa, EOP_IFCS_RS = 0x0b000000 };
    uint8_t frame[60];
    uint64_t ring, buf;
    Port a, b;
    Nic *nic = nic_start_with(",vfs=2,netdev=n0",
                              "-netdev hubport,id=n0,hubid=0 "
                              "-netdev hubport,id=n1,hubid=0 "
                              "-device e1000,netdev=n1,addr=6,romfile=");

    nic_enable_vfs(nic, 2);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    cfg_write(nic, 0, OTHER_NIC, PCI_BASE_ADDRESS_0, 4, OTHER_BAR);
    cfg_write(nic, 0, OTHER_NIC, PCI_COMMAND, 2,
              PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    buf = nic_alloc(nic, sizeof(frame));
    ring = nic_alloc(nic, DESCS * 16);
    frame_build(frame, b.mac, host_mac, sizeof(frame), 7);
    qtest_memwrite(nic->qts, buf, frame, sizeof(frame));
    qtest_memset(nic->qts, ring, 0, DESCS * 16);
    qtest_writeq(nic->qts, ring, buf);
    qtest_writel(nic->qts, ring + 8, sizeof(frame) | EOP_IFCS_RS);
    qtest_writel(nic->qts, OTHER_BAR + TDBAL, ring);
    qtest_writel(nic->qts, OTHER_BAR + TDLEN, DESCS * 16);
    qtest_writel(nic->qts, OTHER_BAR + TCTL, EN_PSP);

    aim(b.f, OTHER_BAR + TDT, 1);
    doorbell(b.f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    send_to(&a, b.mac);
    nic_settle(nic);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_PACKETS), ==, 2);
    assert_no_error(b.f);
    nic_stop(nic);
}

void add_message_tests(void)
{
    g_test_add_func(TEST_PREFIX "message/eject/sent", test_sent);
    g_test_add_func(TEST_PREFIX "message/eject/sent-native",
                    test_sent_native);
    g_test_add_func(TEST_PREFIX "message/eject/received", test_received);
    g_test_add_func(TEST_PREFIX "message/eject/error", test_error);
    g_test_add_func(TEST_PREFIX "message/eject/reset-of-pf",
                    test_reset_of_pf);
    g_test_add_func(TEST_PREFIX "message/eject/resume", test_resume);
    g_test_add_func(TEST_PREFIX "message/bus-reset", test_bus_reset);
    g_test_add_func(TEST_PREFIX "message/own-config", test_own_config);
    g_test_add_func(TEST_PREFIX "message/answer", test_answer);
}
