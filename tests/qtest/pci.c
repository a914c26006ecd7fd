/*
 * Banyan qtests: PCI configuration space
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"
#include "hw/pci-host/q35.h"
#include "hw/pci/pci.h"

#define ECAM            MCH_HOST_BRIDGE_PCIEXBAR_DEFAULT
#define ROOT_PORT       PCI_DEVFN(4, 0)
#define BUS             1

/* Behind the root port; 16 MiB for each of the VFs' BARs */
#define WINDOW          0xc0000000ull
#define WINDOW_SIZE     0x10000000ull
#define VF_WINDOW       0x01000000ull

uint64_t cfg_address(unsigned bus, unsigned devfn, unsigned offset)
{
    return ECAM + (bus << 20 | devfn << 12 | offset);
}

uint32_t cfg_read(Nic *nic, unsigned bus, unsigned devfn, unsigned offset,
                  unsigned size)
{
    uint64_t addr = cfg_address(bus, devfn, offset);

    switch (size) {
    case 1:
        return qtest_readb(nic->qts, addr);
    case 2:
        return qtest_readw(nic->qts, addr);
    default:
        return qtest_readl(nic->qts, addr);
    }
}

void cfg_write(Nic *nic, unsigned bus, unsigned devfn, unsigned offset,
               unsigned size, uint32_t value)
{
    uint64_t addr = cfg_address(bus, devfn, offset);

    switch (size) {
    case 1:
        qtest_writeb(nic->qts, addr, value);
        break;
    case 2:
        qtest_writew(nic->qts, addr, value);
        break;
    default:
        qtest_writel(nic->qts, addr, value);
        break;
    }
}

uint32_t func_cfg_read(Func *f, unsigned offset, unsigned size)
{
    return cfg_read(f->nic, BUS, f->devfn, offset, size);
}

void func_cfg_write(Func *f, unsigned offset, unsigned size, uint32_t value)
{
    cfg_write(f->nic, BUS, f->devfn, offset, size, value);
}

/* Let the host bridge decode configuration space, the root port the window */
void pci_setup_bridge(Nic *nic)
{
    qtest_outl(nic->qts, MCH_HOST_BRIDGE_CONFIG_ADDR,
               1u << 31 | MCH_HOST_BRIDGE_PCIEXBAR);
    qtest_outl(nic->qts, MCH_HOST_BRIDGE_CONFIG_DATA,
               ECAM | MCH_HOST_BRIDGE_PCIEXBAREN);

    cfg_write(nic, 0, ROOT_PORT, PCI_PRIMARY_BUS, 4, BUS << 16 | BUS << 8);
    cfg_write(nic, 0, ROOT_PORT, PCI_MEMORY_BASE, 4, 0x0000fff0);
    cfg_write(nic, 0, ROOT_PORT, PCI_PREF_MEMORY_BASE, 2, WINDOW >> 16);
    cfg_write(nic, 0, ROOT_PORT, PCI_PREF_MEMORY_LIMIT, 2,
              (WINDOW + WINDOW_SIZE - 1) >> 16);
    cfg_write(nic, 0, ROOT_PORT, PCI_PREF_BASE_UPPER32, 4, 0);
    cfg_write(nic, 0, ROOT_PORT, PCI_PREF_LIMIT_UPPER32, 4, 0);
    cfg_write(nic, 0, ROOT_PORT, PCI_COMMAND, 2,
              PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static unsigned cfg_cap(Nic *nic, unsigned bus, unsigned devfn, uint8_t id)
{
    unsigned cap = cfg_read(nic, bus, devfn, PCI_CAPABILITY_LIST, 1);

    while (cap && cfg_read(nic, bus, devfn, cap, 1) != id) {
        cap = cfg_read(nic, bus, devfn, cap + PCI_CAP_LIST_NEXT, 1);
    }
    return cap;
}

/* Of the slot below the root port: off is how a driver lets a device go */
void pci_slot_power(Nic *nic, bool on)
{
    unsigned cap = cfg_cap(nic, 0, ROOT_PORT, PCI_CAP_ID_EXP);

    cfg_write(nic, 0, ROOT_PORT, cap + PCI_EXP_SLTCTL, 2,
              on ? PCI_EXP_SLTCTL_PWR_ON | PCI_EXP_SLTCTL_PWR_IND_ON :
                   PCI_EXP_SLTCTL_PWR_OFF | PCI_EXP_SLTCTL_PWR_IND_OFF);
}

unsigned func_cap(Func *f, uint8_t id)
{
    return cfg_cap(f->nic, BUS, f->devfn, id);
}

unsigned func_ext_cap(Func *f, uint16_t id)
{
    unsigned cap = PCI_CONFIG_SPACE_SIZE;
    uint32_t header;

    do {
        header = func_cfg_read(f, cap, 4);
        if (PCI_EXT_CAP_ID(header) == id) {
            return cap;
        }
        cap = PCI_EXT_CAP_NEXT(header);
    } while (cap);
    return 0;
}

static void setup_pf_bars(Func *f)
{
    static const uint64_t size[] = {
        BNY_PF_BAR_REGS_SIZE, BNY_PF_BAR_DOORBELLS_SIZE, BNY_PF_BAR_MSIX_SIZE
    };
    uint64_t *const where[] = { &f->regs, &f->doorbells, &f->msix };
    unsigned sriov = func_ext_cap(f, PCI_EXT_CAP_ID_SRIOV);
    uint64_t next = WINDOW;

    for (unsigned i = 0; i < ARRAY_SIZE(size); i++) {
        next = ROUND_UP(next, size[i]);
        *where[i] = next;
        func_cfg_write(f, PCI_BASE_ADDRESS_0 + i * 8, 4, next);
        func_cfg_write(f, PCI_BASE_ADDRESS_0 + i * 8 + 4, 4, next >> 32);
        next += size[i];
    }
    for (unsigned i = 0; sriov && i < ARRAY_SIZE(size); i++) {
        next = WINDOW + VF_WINDOW * (i + 1);
        func_cfg_write(f, sriov + PCI_SRIOV_BAR + i * 8, 4, next);
        func_cfg_write(f, sriov + PCI_SRIOV_BAR + i * 8 + 4, 4, next >> 32);
    }
    func_cfg_write(f, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
}

/*
 * A VF's BARs follow from its number. QEMU maps them only if the VF's own
 * command register says so, too, which Linux sees to.
 */
void func_setup_bars(Func *f)
{
    unsigned vf = f->index - 1;

    if (f->index == BNY_FUNC_PF) {
        setup_pf_bars(f);
        return;
    }
    f->regs = WINDOW + VF_WINDOW + vf * BNY_VF_BAR_REGS_SIZE;
    f->doorbells = WINDOW + VF_WINDOW * 2 + vf * BNY_VF_BAR_DOORBELLS_SIZE;
    f->msix = WINDOW + VF_WINDOW * 3 + vf * BNY_VF_BAR_MSIX_SIZE;
    func_cfg_write(f, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
}

void func_bus_master(Func *f, bool on)
{
    uint16_t command = func_cfg_read(f, PCI_COMMAND, 2);

    func_cfg_write(f, PCI_COMMAND, 2, on ? command | PCI_COMMAND_MASTER :
                                           command & ~PCI_COMMAND_MASTER);
}

void func_flr(Func *f)
{
    unsigned cap = func_cap(f, PCI_CAP_ID_EXP);

    g_assert_cmpuint(func_cfg_read(f, cap + PCI_EXP_DEVCAP, 4) &
                     PCI_EXP_DEVCAP_FLR, !=, 0);
    func_cfg_write(f, cap + PCI_EXP_DEVCTL, 2,
                   func_cfg_read(f, cap + PCI_EXP_DEVCTL, 2) |
                   PCI_EXP_DEVCTL_BCR_FLR);
    func_setup_bars(f);
}

/* D0 to D3hot */
void func_set_power(Func *f, unsigned state)
{
    unsigned cap = func_cap(f, PCI_CAP_ID_PM);

    g_assert_cmpuint(cap, !=, 0);
    func_cfg_write(f, cap + PCI_PM_CTRL, 2, state);
}

/* Every vector writes 1 to a word of its own */
void func_enable_msix(Func *f)
{
    unsigned cap = func_cap(f, PCI_CAP_ID_MSIX);
    uint16_t flags = func_cfg_read(f, cap + PCI_MSIX_FLAGS, 2);
    unsigned vectors = (flags & PCI_MSIX_FLAGS_QSIZE) + 1;

    f->messages = nic_alloc(f->nic, vectors * sizeof(uint32_t));
    for (unsigned i = 0; i < vectors; i++) {
        uint64_t entry = f->msix + BNY_MSIX_TABLE_OFFSET +
                         i * PCI_MSIX_ENTRY_SIZE;

        qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_LOWER_ADDR,
                     f->messages + i * sizeof(uint32_t));
        qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_UPPER_ADDR, 0);
        qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_DATA, 1);
        qtest_writel(f->nic->qts, entry + PCI_MSIX_ENTRY_VECTOR_CTRL, 0);
    }
    func_cfg_write(f, cap + PCI_MSIX_FLAGS, 2, flags | PCI_MSIX_FLAGS_ENABLE);
}

/* Has the vector sent its message since it was last asked? */
bool func_got_message(Func *f, unsigned vector)
{
    uint64_t addr = f->messages + vector * sizeof(uint32_t);

    if (!qtest_readl(f->nic->qts, addr)) {
        return false;
    }
    qtest_writel(f->nic->qts, addr, 0);
    return true;
}
