/*
 * Banyan qtests: the property "mac"
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

static void test_group(void)
{
    g_autofree char *message = NULL;

    g_assert_cmpint(qemu_try("-device banyan,bus=rp0,mac=01:00:5e:00:00:01",
                             &message), !=, 0);
    g_assert_nonnull(strstr(message, "property 'mac'"));
}

void add_mac_tests(void)
{
    g_test_add_func(TEST_PREFIX "property/group-mac", test_group);
}
