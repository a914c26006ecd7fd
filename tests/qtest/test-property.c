/*
 * Banyan qtests: properties, and the error that names what is wrong
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

typedef struct Refusal {
    const char *props;
    const char *message;
} Refusal;

static const Refusal refusals[] = {
    { "vfs=256", "property 'vfs' is 256; it takes 0 to 255" },
    { "vfs=-1", "Parameter 'vfs' expects uint32_t" },
    { "queue-pairs=0", "property 'queue-pairs' is 0; it takes 1 to 128" },
    { "queue-pairs=129", "property 'queue-pairs' is 129; it takes 1 to 128" },
    { "vf-queue-pairs=0", "property 'vf-queue-pairs' is 0; it takes 1 to 16" },
    { "vf-queue-pairs=17",
      "property 'vf-queue-pairs' is 17; it takes 1 to 16" },
    { "vectors=130", "property 'vectors' is 130; it takes 1 to 129" },
    { "vf-vectors=18", "property 'vf-vectors' is 18; it takes 1 to 17" },
    { "mac=nonsense", "Property 'banyan.mac' doesn't take value 'nonsense'" },
    { "netdev=none", "Property 'banyan.netdev' can't find value 'none'" },
    { "fault=no-such-fault",
      "property 'fault' doesn't know 'no-such-fault'; it takes these" },
    { "nonsense=1", "Property 'banyan.nonsense' not found" },
};

/* QEMU repeats the arguments, and behind them says what is wrong */
static void assert_refused(const char *args, const char *message)
{
    g_autofree char *wanted = g_strdup_printf("%s: %s", args, message);
    g_autofree char *said = NULL;

    g_assert_cmpint(qemu_try(args, &said), ==, 1);
    g_test_message("%s", said);
    g_assert_nonnull(strstr(said, wanted));
}

static void test_refused(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(refusals); i++) {
        g_autofree char *args = g_strconcat("-device banyan,bus=rp0,",
                                            refusals[i].props, NULL);

        assert_refused(args, refusals[i].message);
    }
}

static void test_accepted(void)
{
    static const char *const props[] = {
        ",vfs=0", ",vfs=1", ",vfs=255", ",queue-pairs=1", ",queue-pairs=128",
        ",vf-queue-pairs=1,vfs=1", ",vf-queue-pairs=16,vfs=1", ",vectors=1",
        ",vectors=129", ",vf-vectors=1,vfs=1", ",vf-vectors=17,vfs=1",
        ",mac=52:54:00:00:00:01",
    };

    for (unsigned i = 0; i < ARRAY_SIZE(props); i++) {
        Nic *nic = nic_start(props[i]);

        g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
        nic_stop(nic);
    }
}

/* All VFs are on the PF's bus */
static void test_no_room(void)
{
    assert_refused("-device banyan,bus=pcie.0,addr=10,vfs=128",
                   "property 'vfs' is 128; behind 'addr' 10 the bus has room "
                   "for 127");
}

/* A VF isn't a device of its own */
static void test_vf_alone(void)
{
    assert_refused("-device banyan-vf,bus=rp0",
                   "Parameter 'driver' expects a pluggable device type");
}

static void test_fewer_vectors(void)
{
    Nic *nic = nic_start(",queue-pairs=8,vectors=3,vfs=1,vf-vectors=1");

    nic_enable_vfs(nic, 1);
    g_assert_cmpuint(FIELD_GET(BNY_LIMITS_VECTORS,
                               reg_read(&nic->pf, BNY_REG_LIMITS)), ==, 3);
    g_assert_cmpuint(FIELD_GET(BNY_LIMITS_VECTORS,
                               reg_read(&nic->vf[0], BNY_REG_LIMITS)), ==, 1);
    nic_stop(nic);
}

/*
 * Hot-unplug with VFs up, frames that wait to be sent and an interrupt that
 * waits for its time: nothing is left behind that could be called later, and
 * the next device in the slot works.
 */
static void test_unplug(void)
{
    Nic *nic = nic_start_with(",vfs=4", "-global ICH9-LPC."
                              "acpi-pci-hotplug-with-bridge-support=off");
    uint8_t frame[60];
    Port a, b;

    nic_enable_vfs(nic, 4);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[3]);
    func_enable_msix(b.f);
    reg_write(b.f, BNY_REG_QP_MODERATION,
              FIELD_PREP(BNY_MODERATION_USECS, 60000));
    doorbell(b.f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    send_and_compare(&a, &b, sizeof(frame));
    nic_set_faults(nic, "stall-tx");
    frame_build(frame, b.mac, a.mac, sizeof(frame), 0);
    tx_send(&a.tx, frame, sizeof(frame));

    qtest_qmp_device_del_send(nic->qts, "nic");
    pci_slot_power(nic, false);
    qtest_qmp_eventwait(nic->qts, "DEVICE_DELETED");
    qtest_clock_step(nic->qts, 100 * 1000 * 1000);
    g_assert_false(func_got_message(b.f, 0));
    g_assert_cmphex(func_cfg_read(&nic->pf, 0, 4), ==, 0xffffffff);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), !=, BNY_MAGIC);
    g_assert_cmphex(reg_read(a.f, BNY_REG_MAGIC), !=, BNY_MAGIC);

    qtest_qmp_device_add(nic->qts, "banyan", "nic",
                         "{ 'bus': 'rp0', 'vfs': 4 }");
    pci_slot_power(nic, true);
    nic_attach(nic);
    nic_enable_vfs(nic, 4);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[3]);
    send_and_compare(&a, &b, sizeof(frame));
    nic_stop(nic);
}

void add_property_tests(void)
{
    g_test_add_func(TEST_PREFIX "property/refused", test_refused);
    g_test_add_func(TEST_PREFIX "property/accepted", test_accepted);
    g_test_add_func(TEST_PREFIX "property/no-room", test_no_room);
    g_test_add_func(TEST_PREFIX "property/vf-alone", test_vf_alone);
    g_test_add_func(TEST_PREFIX "property/fewer-vectors", test_fewer_vectors);
    g_test_add_func(TEST_PREFIX "property/unplug", test_unplug);
}
