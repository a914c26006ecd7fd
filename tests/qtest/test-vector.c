/*
 * Banyan qtests: messages of many vectors and many functions, and of those
 * whose function is reset before they leave (datasheet, chapter 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static uint8_t frame[60];

static void send_message(Nic *nic, Func *to)
{
    reg_write(&nic->pf, BNY_REG_MBX_TX, FIELD_PREP(BNY_MBX_LEN, 16) |
              FIELD_PREP(BNY_MBX_PEER, to->index));
}

/* A completion that nobody has seen */
static void complete(Func *f, unsigned qp, unsigned vector)
{
    Ring tx;

    ring_config(&tx, f, qp, false, PORT_DEPTH);
    reg_write(f, BNY_REG_AT(QP_VECTOR, qp), vector);
    ring_enable(&tx);
    tx_send(&tx, frame, sizeof(frame));
    assert_no_error(f);
}

/* The message is the vector's, and no other one's */
static void test_vectors(void)
{
    enum { VECTORS = 101, QP = 70 };
    static const unsigned vectors[] = { 0, 31, 32, 63, 64, VECTORS - 1 };
    Nic *nic = nic_start(",queue-pairs=100");
    Func *pf = &nic->pf;

    func_enable_msix(pf);
    for (unsigned i = 0; i < ARRAY_SIZE(vectors); i++) {
        complete(pf, QP + i, vectors[i]);
        nic_settle(nic);
        doorbell(pf, QP + i, BNY_DB_ARM, BNY_DB_ARM_ON);
        nic_settle(nic);
        for (unsigned k = 0; k < VECTORS; k++) {
            g_assert_cmpuint(func_got_message(pf, k), ==, k == vectors[i]);
        }
    }
    g_assert_cmpuint(counter(pf, BNY_CNT_INTERRUPTS), ==,
                     ARRAY_SIZE(vectors));
    nic_stop(nic);
}

/* ... and its function's, however many there are */
static void test_functions(void)
{
    enum { VFS = 255 };
    static const unsigned vfs[] = { 0, 62, 63, 64, 127, VFS - 1 };
    Nic *nic = nic_start(",vfs=255,vf-queue-pairs=1");

    nic_enable_vfs(nic, VFS);
    for (unsigned i = 0; i < ARRAY_SIZE(vfs); i++) {
        func_enable_msix(&nic->vf[vfs[i]]);
        reg_write(&nic->vf[vfs[i]], BNY_REG_IRQ_ENABLE, BNY_IRQ_MAILBOX);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(vfs); i++) {
        send_message(nic, &nic->vf[vfs[i]]);
        nic_settle(nic);
        for (unsigned k = 0; k < ARRAY_SIZE(vfs); k++) {
            g_assert_cmpuint(func_got_message(&nic->vf[vfs[k]], 0), ==,
                             k == i);
        }
    }
    nic_stop(nic);
}

/* More at once than the device sends in one go, of each function several */
static void test_many(void)
{
    enum { VFS = 150 };
    Nic *nic = nic_start(",vfs=150,vf-queue-pairs=1");

    nic_enable_vfs(nic, VFS);
    func_enable_msix(&nic->pf);
    for (unsigned i = 0; i < VFS; i++) {
        func_enable_msix(&nic->vf[i]);
        complete(&nic->vf[i], 0, 1);
    }
    nic_settle(nic);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    reg_write(&nic->pf, BNY_REG_IRQ_ENABLE, BNY_IRQ_FUNC_RESET);
    for (unsigned i = 0; i < VFS; i++) {
        reg_write(&nic->vf[i], BNY_REG_IRQ_ENABLE, BNY_IRQ_MAILBOX);
        send_message(nic, &nic->vf[i]);
        doorbell(&nic->vf[i], 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    }
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_true(func_got_message(&nic->pf, 0));
    for (unsigned i = 0; i < VFS; i++) {
        g_assert_true(func_got_message(&nic->vf[i], 0));
        g_assert_true(func_got_message(&nic->vf[i], 1));
        g_assert_cmpuint(counter(&nic->vf[i], BNY_CNT_INTERRUPTS), ==, 2);
    }
    nic_stop(nic);
}

/* A function that was reset has nothing to tell */
static void test_reset(void)
{
    Nic *nic = nic_start(",vfs=1");
    Func *vf = &nic->vf[0];

    nic_enable_vfs(nic, 1);
    func_enable_msix(vf);
    reg_write(vf, BNY_REG_IRQ_ENABLE, BNY_IRQ_MAILBOX);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    send_message(nic, vf);
    func_reset(vf);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_false(func_got_message(vf, 0));
    g_assert_cmpuint(counter(vf, BNY_CNT_INTERRUPTS), ==, 0);
    nic_stop(nic);
}

void add_vector_tests(void)
{
    g_test_add_func(TEST_PREFIX "irq/vectors", test_vectors);
    g_test_add_func(TEST_PREFIX "irq/functions", test_functions);
    g_test_add_func(TEST_PREFIX "irq/many", test_many);
    g_test_add_func(TEST_PREFIX "reset/waiting-message", test_reset);
}
