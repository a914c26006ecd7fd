/*
 * Banyan qtests: FEATURES (datasheet, chapter 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

/* No feature beyond CAPS, in either word, whatever else is set */
static void test_subset(void)
{
    Nic *nic = nic_start(",vfs=0");
    Func *f = &nic->pf;

    for (unsigned i = 0; i < BNY_REG_COUNT_FEATURES; i++) {
        uint32_t caps = reg_read(f, BNY_REG_AT(CAPS, i));

        for (unsigned bit = 0; bit < 32; bit++) {
            uint32_t val = 1u << bit;

            if (i == 0 && val == BNY_FEAT_RX_GSO) {
                val |= BNY_FEAT_RX_CSUM_PARTIAL;
            }
            reg_write(f, BNY_REG_AT(FEATURES, i), val);
            if (caps & (1u << bit)) {
                assert_no_error(f);
                g_assert_cmphex(reg_read(f, BNY_REG_AT(FEATURES, i)), ==, val);
            } else {
                assert_error_info(f, BNY_ERR_REG_VALUE,
                                  BNY_REG_AT(FEATURES, i));
                g_assert_cmphex(reg_read(f, BNY_REG_AT(FEATURES, i)), ==, 0);
            }
            func_reset(f);
        }
    }
    nic_stop(nic);
}

void add_feature_tests(void)
{
    g_test_add_func(TEST_PREFIX "feature/subset", test_subset);
}
