/*
 * Banyan qtests: a machine with the device, its registers and its policy
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "libqmp.h"
#include "qobject/qdict.h"
#include "standard-headers/linux/pci_regs.h"

/* Guest memory that tests hand out; the machine has 256 MiB */
#define HEAP_START      0x01000000ull
#define HEAP_END        0x10000000ull
#define HEAP_ALIGN      4096

#define VF_ARI_CTRL     (PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE | \
                         PCI_SRIOV_CTRL_ARI)

static char *firmware;

/* No processor runs, but a PC wants firmware: 64 KiB of nothing */
static void firmware_create(void)
{
    static const char nothing[64 * 1024];
    g_autoptr(GError) err = NULL;
    int fd = g_file_open_tmp("banyan-qtest-XXXXXX", &firmware, &err);

    g_assert_no_error(err);
    g_assert_cmpint(write(fd, nothing, sizeof(nothing)), ==, sizeof(nothing));
    close(fd);
}

void harness_exit(void)
{
    if (firmware) {
        unlink(firmware);
        g_clear_pointer(&firmware, g_free);
    }
}

/* What every QEMU here is started with: a PC with an empty root port */
const char *machine_args(void)
{
    static char *args;

    if (!args) {
        firmware_create();
        args = g_strdup_printf("-machine q35 -m 256M -nodefaults -bios %s "
                               "-global apic-common.vapic=off "
                               "-device pcie-root-port,id=rp0,bus=pcie.0,"
                               "addr=4", firmware);
    }
    return args;
}

/*
 * A machine with a Banyan behind a root port. @props are added to the
 * device's properties (",vfs=2"), @args to QEMU's command line. What the
 * environment's BANYAN_QTEST_PROPS adds is how a fault gets into a test that
 * knows nothing of it (test-fault.c).
 */
Nic *nic_start_with(const char *props, const char *args)
{
    const char *extra = g_getenv("BANYAN_QTEST_PROPS");
    Nic *nic = g_new0(Nic, 1);

    nic->qts = qtest_initf("%s %s -device banyan,id=nic,bus=rp0%s%s",
                           machine_args(), args, props, extra ? extra : "");
    nic_attach(nic);
    return nic;
}

Nic *nic_start(const char *props)
{
    return nic_start_with(props, "");
}

/* Find the device on a machine that was just started */
void nic_attach(Nic *nic)
{
    nic->heap = HEAP_START;
    nic->pf = (Func) { .nic = nic, .index = BNY_FUNC_PF };
    pci_setup_bridge(nic);
    func_setup_bars(&nic->pf);
    func_bus_master(&nic->pf, true);
}

void nic_stop(Nic *nic)
{
    qtest_quit(nic->qts);
    g_free(nic);
}

/* Let bottom halves and timers run: enough for whatever the device may do */
void nic_settle(Nic *nic)
{
    for (unsigned i = 0; i < 8; i++) {
        qtest_clock_step(nic->qts, 500 * 1000);
    }
}

uint64_t nic_alloc(Nic *nic, size_t size)
{
    uint64_t addr = nic->heap;

    nic->heap += ROUND_UP(size, HEAP_ALIGN);
    g_assert_cmpuint(nic->heap, <=, HEAP_END);
    return addr;
}

void nic_enable_vfs(Nic *nic, unsigned vfs)
{
    unsigned cap = func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_SRIOV);

    g_assert_cmpuint(cap, !=, 0);
    func_cfg_write(&nic->pf, cap + PCI_SRIOV_NUM_VF, 2, vfs);
    func_cfg_write(&nic->pf, cap + PCI_SRIOV_CTRL, 2, VF_ARI_CTRL);
    nic->vfs = vfs;
    for (unsigned i = 0; i < vfs; i++) {
        nic->vf[i] = (Func) {
            .nic = nic,
            .index = BNY_FUNC_VF(i),
            .devfn = BNY_VF_OFFSET + i * BNY_VF_STRIDE,
        };
        func_setup_bars(&nic->vf[i]);
        func_bus_master(&nic->vf[i], true);
    }
}

void nic_disable_vfs(Nic *nic)
{
    unsigned cap = func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_SRIOV);

    func_cfg_write(&nic->pf, cap + PCI_SRIOV_CTRL, 2, 0);
    nic->vfs = 0;
}

void nic_set_faults(Nic *nic, const char *faults)
{
    qtest_qmp_assert_success(nic->qts,
                             "{ 'execute': 'qom-set', 'arguments': {"
                             "  'path': '/machine/peripheral/nic',"
                             "  'property': 'fault', 'value': %s } }", faults);
}

/* Exit status of a QEMU that is to refuse @args, and what it says on stderr */
int qemu_try(const char *args, char **message)
{
    g_autofree char *command = g_strdup_printf(
        "exec timeout 60 %s %s -display none -accel qtest -S %s",
        g_getenv("QTEST_QEMU_BINARY"), machine_args(), args);
    char *argv[] = { (char *)"/bin/sh", (char *)"-c", command, NULL };
    g_autoptr(GError) err = NULL;
    int status;

    g_spawn_sync(NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                 NULL, message, &status, &err);
    g_assert_no_error(err);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

uint32_t reg_read(Func *f, uint32_t offset)
{
    return qtest_readl(f->nic->qts, f->regs + offset);
}

void reg_write(Func *f, uint32_t offset, uint32_t value)
{
    qtest_writel(f->nic->qts, f->regs + offset, value);
}

void doorbell(Func *f, unsigned qp, unsigned which, uint32_t value)
{
    qtest_writel(f->nic->qts, f->doorbells + qp * BNY_DB_STRIDE + which,
                 value);
}

/* COUNTER is read by halves, the low one first */
uint64_t counter(Func *f, enum bny_counter c)
{
    return reg_read(f, BNY_REG_AT(COUNTER, 2 * c)) |
           (uint64_t)reg_read(f, BNY_REG_AT(COUNTER, 2 * c + 1)) << 32;
}

void func_reset(Func *f)
{
    reg_write(f, BNY_REG_RESET, BNY_RESET_START);
    g_assert_cmphex(reg_read(f, BNY_REG_STATUS) &
                    (BNY_STATUS_READY | BNY_STATUS_ERROR), ==,
                    BNY_STATUS_READY);
}

void assert_no_error(Func *f)
{
    g_assert_cmpuint(reg_read(f, BNY_REG_ERROR), ==, BNY_ERR_NONE);
    g_assert_cmphex(reg_read(f, BNY_REG_STATUS) & BNY_STATUS_ERROR, ==, 0);
}

/* The error shows in every place where it should */
void assert_error(Func *f, enum bny_error error)
{
    g_assert_cmpuint(FIELD_GET(BNY_ERROR_CODE, reg_read(f, BNY_REG_ERROR)),
                     ==, error);
    g_assert_cmphex(reg_read(f, BNY_REG_STATUS) & BNY_STATUS_ERROR, !=, 0);
    g_assert_cmphex(reg_read(f, BNY_REG_IRQ_CAUSE) & BNY_IRQ_ERROR, !=, 0);
}

void assert_error_info(Func *f, enum bny_error error, uint32_t info)
{
    assert_error(f, error);
    g_assert_cmphex(reg_read(f, BNY_REG_ERROR_INFO), ==, info);
}
