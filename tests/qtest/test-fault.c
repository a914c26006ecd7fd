/*
 * Banyan qtests: a device that is broken on purpose turns the test red that
 * guards what was broken. Each case runs another one of this program's, in a
 * process of its own, on a device with a fault.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

typedef struct Fault {
    const char *name;
    const char *guard;
} Fault;

static const Fault faults[] = {
    { "drop-tx-completions", "ring/frame" },
    { "drop-rx-completions", "ring/frame" },
    { "stall-tx", "doorbell/one-for-a-burst" },
    { "lose-interrupts", "irq/armed" },
    { "lose-admin-interrupts", "irq/admin" },
    { "drop-mailbox", "mailbox/to-pf" },
    { "wrong-checksum", "gso/checksum-completed" },
    { "wrong-hash", "rss/tcp4" },
    { "corrupt-payload", "ring/frame" },
    { "misforward", "veb/unicast" },
    { "ignore-flr", "reset/flr" },
    { "keep-registers", "reset/register" },
    { "ignore-errors", "error/tx-address-0" },
    { "fail-tx", "ring/frame" },
    { "drop-state", "migration/vfs-at-work" },
};

/* Does a test of this program fail with properties for its device? */
static bool goes_red(const char *path, const char *props)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    const char *argv[] = { self, "--tap", "-p", path, NULL };
    g_auto(GStrv) env = g_environ_setenv(g_get_environ(), "BANYAN_QTEST_PROPS",
                                         props, true);
    g_autofree char *messages = NULL;
    g_autoptr(GError) err = NULL;
    int status;

    g_spawn_sync(NULL, (char **)argv, env, G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                 NULL, NULL, &messages, &status, &err);
    g_assert_no_error(err);
    /* it is the test that is to complain, not QEMU that is to end */
    g_assert_null(strstr(messages, "kill_qemu()"));
    return status != 0;
}

static void test_fault(const void *data)
{
    const Fault *fault = data;
    g_autofree char *path = g_strconcat(TEST_PREFIX, fault->guard, NULL);
    g_autofree char *props = g_strconcat(",fault=", fault->name, NULL);

    g_assert_true(goes_red(path, props));
}

/* Faults can be switched while the device runs, and end */
static void test_switch(void)
{
    static Packet packet;
    struct bny_rx_cqe cqe;
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    nic_set_faults(nic, "stall-tx");
    tx_send(&a.tx, frame, sizeof(frame));
    nic_settle(nic);
    g_assert_false(cq_peek(&b.rx, &cqe));
    nic_set_faults(nic, "");
    doorbell(a.f, 0, BNY_DB_TX, a.tx.prod);
    g_assert_true(rx_packet(&b.rx, &packet));
    nic_stop(nic);
}

void add_fault_tests(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(faults); i++) {
        g_autofree char *path = g_strconcat(TEST_PREFIX "fault/",
                                            faults[i].name, NULL);

        g_test_add_data_func(path, &faults[i], test_fault);
    }
    g_test_add_func(TEST_PREFIX "fault/switch", test_switch);
}
