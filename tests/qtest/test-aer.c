/*
 * Banyan qtests: PCI Express errors that the monitor injects
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"

#define ROOT_PORT (4 << 3)
#define ENABLES   (PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | \
                   PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE)

static unsigned root_port_exp(Nic *nic)
{
    unsigned cap = cfg_read(nic, 0, ROOT_PORT, PCI_CAPABILITY_LIST, 1);

    while (cfg_read(nic, 0, ROOT_PORT, cap, 1) != PCI_CAP_ID_EXP) {
        cap = cfg_read(nic, 0, ROOT_PORT, cap + PCI_CAP_LIST_NEXT, 1);
    }
    return cap;
}

static unsigned root_port_aer(Nic *nic)
{
    unsigned cap = PCI_CFG_SPACE_SIZE;
    uint32_t header;

    do {
        header = cfg_read(nic, 0, ROOT_PORT, cap, 4);
        if (PCI_EXT_CAP_ID(header) == PCI_EXT_CAP_ID_ERR) {
            return cap;
        }
        cap = PCI_EXT_CAP_NEXT(header);
    } while (cap);
    g_assert_not_reached();
}

/* An error that is enabled is noted, and reported to the root port */
static void test_reported(void)
{
    Nic *nic = nic_start(",vfs=0");
    Func *f = &nic->pf;
    unsigned exp = func_cap(f, PCI_CAP_ID_EXP);
    unsigned aer = func_ext_cap(f, PCI_EXT_CAP_ID_ERR);
    unsigned root = root_port_aer(nic);
    g_autofree char *reply = NULL;

    /* the root port lets messages through */
    cfg_write(nic, 0, ROOT_PORT, PCI_BRIDGE_CONTROL, 2, PCI_BRIDGE_CTL_SERR);
    cfg_write(nic, 0, ROOT_PORT, root_port_exp(nic) + PCI_EXP_DEVCTL, 2,
              ENABLES);
    func_cfg_write(f, exp + PCI_EXP_DEVCTL, 2, ENABLES);
    g_assert_cmphex(func_cfg_read(f, exp + PCI_EXP_DEVCTL, 2) & ENABLES, ==,
                    ENABLES);
    g_assert_cmphex(func_cfg_read(f, aer + PCI_ERR_UNCOR_STATUS, 4), ==, 0);
    reply = qtest_hmp(nic->qts, "pcie_aer_inject_error nic COMP_ABORT");
    g_test_message("%s", reply);
    g_assert_cmphex(func_cfg_read(f, aer + PCI_ERR_UNCOR_STATUS, 4), ==,
                    PCI_ERR_UNC_COMP_ABORT);
    g_assert_cmphex(func_cfg_read(f, exp + PCI_EXP_DEVSTA, 2) &
                    PCI_EXP_DEVSTA_NFED, !=, 0);
    g_assert_cmphex(cfg_read(nic, 0, ROOT_PORT, root + PCI_ERR_ROOT_STATUS, 4) &
                    PCI_ERR_ROOT_UNCOR_RCV, !=, 0);

    /* and goes by writing 1 */
    func_cfg_write(f, aer + PCI_ERR_UNCOR_STATUS, 4, PCI_ERR_UNC_COMP_ABORT);
    func_cfg_write(f, exp + PCI_EXP_DEVSTA, 2, PCI_EXP_DEVSTA_NFED);
    g_assert_cmphex(func_cfg_read(f, aer + PCI_ERR_UNCOR_STATUS, 4), ==, 0);
    g_assert_cmphex(func_cfg_read(f, exp + PCI_EXP_DEVSTA, 2) &
                    PCI_EXP_DEVSTA_NFED, ==, 0);
    nic_stop(nic);
}

void add_aer_tests(void)
{
    g_test_add_func(TEST_PREFIX "aer/reported", test_reported);
}
