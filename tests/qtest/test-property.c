/*
 * Banyan qtests: properties, and the error that names what is wrong
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

typedef struct Refusal {
    const char *props;
    const char *name;           /* must be in the message */
    const char *range;          /* and this, too */
} Refusal;

static const Refusal refusals[] = {
    { "vfs=256", "vfs", "0 to 255" },
    { "vfs=-1", "vfs", "" },
    { "queue-pairs=0", "queue-pairs", "1 to 128" },
    { "queue-pairs=129", "queue-pairs", "1 to 128" },
    { "vf-queue-pairs=0", "vf-queue-pairs", "1 to 16" },
    { "vf-queue-pairs=17", "vf-queue-pairs", "1 to 16" },
    { "vectors=130", "vectors", "1 to 129" },
    { "vf-vectors=18", "vf-vectors", "1 to 17" },
    { "mac=nonsense", "mac", "" },
    { "netdev=none", "netdev", "" },
    { "fault=no-such-fault", "fault", "no-such-fault" },
    { "nonsense=1", "nonsense", "" },
};

static void test_refused(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(refusals); i++) {
        const Refusal *r = &refusals[i];
        g_autofree char *args = g_strconcat("-device banyan,bus=rp0,", r->props,
                                            NULL);
        g_autofree char *message = NULL;

        g_assert_cmpint(qemu_try(args, 0, &message), !=, 0);
        g_test_message("%s: %s", r->props, message);
        g_assert_nonnull(strstr(message, r->name));
        g_assert_nonnull(strstr(message, r->range));
    }
}

static void test_accepted(void)
{
    g_autofree char *message = NULL;
    static const char *const props[] = {
        ",vfs=0", ",vfs=1", ",vfs=255", ",queue-pairs=1", ",queue-pairs=128",
        ",vf-queue-pairs=1,vfs=1", ",vf-queue-pairs=16,vfs=1", ",vectors=1",
        ",vectors=129", ",vf-vectors=1,vfs=1", ",vf-vectors=17,vfs=1",
        ",mac=52:54:00:00:00:01",
    };

    /* what test_refused() takes for a refusal isn't one of everything */
    g_assert_cmpint(qemu_try("-device banyan,bus=rp0", 0, &message), ==, 0);
    for (unsigned i = 0; i < ARRAY_SIZE(props); i++) {
        Nic *nic = nic_start(props[i]);

        g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
        nic_stop(nic);
    }
}

/* A VF isn't a device of its own */
static void test_vf_alone(void)
{
    g_autofree char *message = NULL;

    g_assert_cmpint(qemu_try("-device banyan-vf,bus=rp0", 0, &message), !=, 0);
    g_assert_nonnull(strstr(message, "banyan-vf"));
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

/* Hot-unplug with VFs up leaves nothing behind that could be called later */
static void test_unplug(void)
{
    Nic *nic = nic_start(",vfs=4");

    nic_enable_vfs(nic, 4);
    qtest_qmp_device_del_send(nic->qts, "nic");
    nic_settle(nic);
    g_assert_cmphex(reg_read(&nic->vf[0], BNY_REG_MAGIC), ==, BNY_MAGIC);
    nic_stop(nic);
}

void add_property_tests(void)
{
    g_test_add_func(TEST_PREFIX "property/refused", test_refused);
    g_test_add_func(TEST_PREFIX "property/accepted", test_accepted);
    g_test_add_func(TEST_PREFIX "property/vf-alone", test_vf_alone);
    g_test_add_func(TEST_PREFIX "property/fewer-vectors", test_fewer_vectors);
    g_test_add_func(TEST_PREFIX "property/unplug", test_unplug);
}
