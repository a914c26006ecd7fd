/*
 * Banyan qtests: interrupts and their moderation (datasheet, chapter 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"

#define VECTOR 1
#define US 1000ll

static Packet packet;
static uint8_t frame[60];

/* VF 0 sends to VF 1, whose queue pair 0 has a vector of its own */
static Nic *start_vectors(Port *a, Port *b, uint32_t moderation)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    for (unsigned i = 0; i < 2; i++) {
        func_enable_msix(&nic->vf[i]);
        reg_write(&nic->vf[i], BNY_REG_QP_VECTOR, VECTOR);
        reg_write(&nic->vf[i], BNY_REG_QP_MODERATION, moderation);
    }
    port_start(a, &nic->vf[0]);
    port_start(b, &nic->vf[1]);
    frame_build(frame, b->mac, a->mac, sizeof(frame), 0);
    return nic;
}

static void arm(Port *p)
{
    doorbell(p->f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
}

/* Send and wait until it has arrived, without letting time pass */
static void send_now(Port *a, Port *b, unsigned n)
{
    uint16_t rx = FIELD_GET(BNY_INDEX_CQ, reg_read(b->f, BNY_REG_RX_INDEX));

    for (unsigned i = 0; i < n; i++) {
        tx_put(&a->tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
    ring_kick(&a->tx);
    for (unsigned i = 0; i < 1000; i++) {
        if (FIELD_GET(BNY_INDEX_CQ, reg_read(b->f, BNY_REG_RX_INDEX)) ==
            (uint16_t)(rx + n)) {
            return;
        }
    }
    g_assert_not_reached();
}

static void test_armed(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, 0);

    arm(&b);
    g_assert_false(func_got_message(b.f, VECTOR));
    send_now(&a, &b, 1);
    g_assert_true(func_got_message(b.f, VECTOR));
    g_assert_cmpuint(counter(b.f, BNY_CNT_INTERRUPTS), ==, 1);
    g_assert_false(func_got_message(b.f, 0));
    nic_stop(nic);
}

static void test_not_armed(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, 0);

    send_now(&a, &b, 1);
    nic_settle(nic);
    g_assert_false(func_got_message(b.f, VECTOR));
    nic_stop(nic);
}

/* One message, then silence until it is armed anew */
static void test_disarmed_by_message(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, 0);

    arm(&b);
    send_now(&a, &b, 1);
    send_now(&a, &b, 5);
    nic_settle(nic);
    g_assert_true(func_got_message(b.f, VECTOR));
    g_assert_cmpuint(counter(b.f, BNY_CNT_INTERRUPTS), ==, 1);
    for (unsigned i = 0; i < 6; i++) {
        g_assert_true(rx_packet(&b.rx, &packet));
    }
    arm(&b);
    nic_settle(nic);
    g_assert_false(func_got_message(b.f, VECTOR));
    send_now(&a, &b, 1);
    g_assert_true(func_got_message(b.f, VECTOR));
    nic_stop(nic);
}

/* Completions that came before arming aren't lost */
static void test_unseen_at_arming(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, 0);

    send_now(&a, &b, 1);
    arm(&b);
    g_assert_true(func_got_message(b.f, VECTOR));
    nic_stop(nic);
}

static void test_disarm(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, 0);

    arm(&b);
    doorbell(b.f, 0, BNY_DB_ARM, 0);
    send_now(&a, &b, 1);
    nic_settle(nic);
    g_assert_false(func_got_message(b.f, VECTOR));
    nic_stop(nic);
}

static void test_transmit_completion(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, 0);

    arm(&a);
    send_now(&a, &b, 1);
    g_assert_true(tx_completed(&a.tx, 1));
    g_assert_true(func_got_message(a.f, VECTOR));
    nic_stop(nic);
}

/* From the first packet on, whatever comes behind it */
static void test_moderation_time(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, FIELD_PREP(BNY_MODERATION_USECS, 50));

    arm(&b);
    send_now(&a, &b, 3);
    g_assert_false(func_got_message(b.f, VECTOR));
    qtest_clock_step(nic->qts, 30 * US);
    send_now(&a, &b, 1);
    qtest_clock_step(nic->qts, 19 * US);
    g_assert_false(func_got_message(b.f, VECTOR));
    qtest_clock_step(nic->qts, 2 * US);
    g_assert_true(func_got_message(b.f, VECTOR));
    g_assert_cmpuint(counter(b.f, BNY_CNT_INTERRUPTS), ==, 1);
    nic_stop(nic);
}

static void test_moderation_frames(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, FIELD_PREP(BNY_MODERATION_USECS, 1000) |
                                  FIELD_PREP(BNY_MODERATION_FRAMES, 8));

    arm(&b);
    send_now(&a, &b, 7);
    g_assert_false(func_got_message(b.f, VECTOR));
    send_now(&a, &b, 1);
    g_assert_true(func_got_message(b.f, VECTOR));
    nic_stop(nic);
}

/* Completions that are consumed while the message waits need none */
static void test_moderation_seen(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, FIELD_PREP(BNY_MODERATION_USECS, 10000));
    struct bny_rx_cqe cqe;

    arm(&b);
    send_now(&a, &b, 1);
    g_assert_true(cq_next(&b.rx, &cqe));
    qtest_clock_step(nic->qts, 20000 * US);
    g_assert_false(func_got_message(b.f, VECTOR));
    nic_stop(nic);
}

/* A masked vector keeps its message until it is unmasked */
static void test_masked(void)
{
    Port a, b;
    Nic *nic = start_vectors(&a, &b, 0);
    uint64_t control = b.f->msix + BNY_MSIX_TABLE_OFFSET +
                       VECTOR * PCI_MSIX_ENTRY_SIZE +
                       PCI_MSIX_ENTRY_VECTOR_CTRL;

    qtest_writel(nic->qts, control, PCI_MSIX_ENTRY_CTRL_MASKBIT);
    arm(&b);
    send_now(&a, &b, 1);
    g_assert_false(func_got_message(b.f, VECTOR));
    g_assert_cmphex(qtest_readl(nic->qts, b.f->msix + BNY_MSIX_PBA_OFFSET) &
                    BIT(VECTOR), !=, 0);
    qtest_writel(nic->qts, control, 0);
    g_assert_true(func_got_message(b.f, VECTOR));
    nic_stop(nic);
}

static void test_shared_vector(void)
{
    Nic *nic = nic_start(",queue-pairs=2");
    Ring tx[2];

    func_enable_msix(&nic->pf);
    func_up(&nic->pf);
    for (unsigned i = 0; i < 2; i++) {
        reg_write(&nic->pf, BNY_REG_AT(QP_VECTOR, i), BNY_ADMIN_VECTOR);
        ring_start(&tx[i], &nic->pf, i, false, BNY_RING_DEPTH_MIN);
        doorbell(&nic->pf, i, BNY_DB_ARM, BNY_DB_ARM_ON);
        tx_send(&tx[i], frame, sizeof(frame));
        g_assert_true(tx_completed(&tx[i], 1));
        g_assert_true(func_got_message(&nic->pf, BNY_ADMIN_VECTOR));
    }
    nic_stop(nic);
}

/* A cause that is enabled sends the message, by either register */
static void test_admin(void)
{
    Nic *nic = nic_start(",vfs=1");
    Func *vf = &nic->vf[0];

    nic_enable_vfs(nic, 1);
    func_enable_msix(vf);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==, BNY_IRQ_LINK);
    g_assert_false(func_got_message(vf, BNY_ADMIN_VECTOR));

    reg_write(vf, BNY_REG_IRQ_ENABLE, BNY_IRQ_LINK);
    g_assert_true(func_got_message(vf, BNY_ADMIN_VECTOR));

    /* latched until it is cleared: no second message */
    func_set_flags(nic, vf->index, 0);
    g_assert_false(func_got_message(vf, BNY_ADMIN_VECTOR));
    reg_write(vf, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==, 0);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
    g_assert_true(func_got_message(vf, BNY_ADMIN_VECTOR));
    nic_stop(nic);
}

/* What doesn't reach the bus isn't sent, so isn't counted */
static void test_lost(void)
{
    Nic *nic = nic_start(",vfs=1");
    Func *vf = &nic->vf[0];

    nic_enable_vfs(nic, 1);
    func_enable_msix(vf);
    reg_write(vf, BNY_REG_IRQ_ENABLE, BNY_IRQ_LINK);
    func_bus_master(vf, false);
    func_set_flags(nic, vf->index, BNY_POLICY_ENABLE);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_CAUSE), ==, BNY_IRQ_LINK);
    g_assert_cmpuint(counter(vf, BNY_CNT_INTERRUPTS), ==, 0);

    func_bus_master(vf, true);
    g_assert_false(func_got_message(vf, BNY_ADMIN_VECTOR));
    reg_write(vf, BNY_REG_IRQ_CAUSE, BNY_IRQ_LINK);
    func_set_flags(nic, vf->index, 0);
    g_assert_true(func_got_message(vf, BNY_ADMIN_VECTOR));
    g_assert_cmpuint(counter(vf, BNY_CNT_INTERRUPTS), ==, 1);
    nic_stop(nic);
}

static void test_error_cause(void)
{
    Nic *nic = nic_start("");

    func_enable_msix(&nic->pf);
    reg_write(&nic->pf, BNY_REG_IRQ_ENABLE, BNY_IRQ_ERROR);
    reg_write(&nic->pf, BNY_REG_MAGIC, 0);
    g_assert_true(func_got_message(&nic->pf, BNY_ADMIN_VECTOR));
    nic_stop(nic);
}

void add_irq_tests(void)
{
    g_test_add_func(TEST_PREFIX "irq/armed", test_armed);
    g_test_add_func(TEST_PREFIX "irq/not-armed", test_not_armed);
    g_test_add_func(TEST_PREFIX "irq/disarmed-by-message",
                   test_disarmed_by_message);
    g_test_add_func(TEST_PREFIX "irq/unseen-at-arming", test_unseen_at_arming);
    g_test_add_func(TEST_PREFIX "irq/disarm", test_disarm);
    g_test_add_func(TEST_PREFIX "irq/transmit-completion",
                   test_transmit_completion);
    g_test_add_func(TEST_PREFIX "irq/moderation-time", test_moderation_time);
    g_test_add_func(TEST_PREFIX "irq/moderation-frames",
                   test_moderation_frames);
    g_test_add_func(TEST_PREFIX "irq/moderation-seen", test_moderation_seen);
    g_test_add_func(TEST_PREFIX "irq/masked", test_masked);
    g_test_add_func(TEST_PREFIX "irq/shared-vector", test_shared_vector);
    g_test_add_func(TEST_PREFIX "irq/admin", test_admin);
    g_test_add_func(TEST_PREFIX "irq/lost-uncounted", test_lost);
    g_test_add_func(TEST_PREFIX "irq/error-cause", test_error_cause);
}
