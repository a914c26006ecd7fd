/*
 * Banyan: physical function (datasheet, section 2)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "hw/core/qdev-properties.h"
#include "hw/pci/pci.h"
#include "hw/pci/pcie.h"
#include "hw/pci/pcie_sriov.h"
#include "net/eth.h"
#include "qapi/error.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "system/runstate.h"
#include "system/system.h"
#include "control.h"
#include "egress.h"
#include "fault.h"
#include "func.h"
#include "intr.h"
#include "sched.h"
#include "uplink.h"
#include "vmstate.h"

/* Configuration space, behind what banyan_func_init() puts there */
#define BANYAN_CFG_DSN     0x160
#define BANYAN_CFG_SRIOV   0x180

/* System page sizes: bit n is 4 KiB << n */
#define BANYAN_PAGE_SIZES   (BIT(0) | BIT(1) | BIT(4))

QEMU_BUILD_BUG_ON(BNY_VF_BAR_REGS_SIZE < 64 * KiB ||
                  BNY_VF_BAR_DOORBELLS_SIZE < 64 * KiB ||
                  BNY_VF_BAR_MSIX_SIZE < 64 * KiB);

#define BANYAN_VF_BAR_TYPE \
    (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

static void banyan_write_config(PCIDevice *pdev, uint32_t addr, uint32_t val,
                                int len)
{
    banyan_func_write_config(&BANYAN(pdev)->func, addr, val, len);
}

static bool banyan_check_range(const char *name, uint32_t val, uint32_t min,
                               uint32_t max, Error **errp)
{
    if (val < min || val > max) {
        error_setg(errp, "property '%s' is %" PRIu32 "; it takes %" PRIu32
                   " to %" PRIu32, name, val, min, max);
        return false;
    }
    return true;
}

static bool banyan_check_properties(BanyanState *s, Error **errp)
{
    /* 0: one for each queue pair and the administrative one */
    if (!s->vectors) {
        s->vectors = MIN(s->queue_pairs, BNY_PF_QUEUE_PAIRS_MAX) + 1;
    }
    if (!s->vf_vectors) {
        s->vf_vectors = MIN(s->vf_queue_pairs, BNY_VF_QUEUE_PAIRS_MAX) + 1;
    }
    if (is_multicast_ether_addr(s->conf.macaddr.a)) {
        error_setg(errp, "property 'mac' is a group address; it takes that of "
                   "one station");
        return false;
    }
    return banyan_check_range("vfs", s->vfs, 0, BNY_VFS_MAX, errp) &&
           banyan_check_range("queue-pairs", s->queue_pairs, 1,
                              BNY_PF_QUEUE_PAIRS_MAX, errp) &&
           banyan_check_range("vectors", s->vectors, 1, BNY_PF_VECTORS_MAX,
                              errp) &&
           banyan_check_range("vf-queue-pairs", s->vf_queue_pairs, 1,
                              BNY_VF_QUEUE_PAIRS_MAX, errp) &&
           banyan_check_range("vf-vectors", s->vf_vectors, 1,
                              BNY_VF_VECTORS_MAX, errp);
}

/* EUI-64 of the MAC address, its first byte highest */
static uint64_t banyan_serial_number(const uint8_t *mac)
{
    return (uint64_t)ldl_be_p(mac) >> 8 << 40 | 0xfffeULL << 24 |
           (ldl_be_p(mac + 2) & 0xffffff);
}

/*
 * VF BARs don't grow with the system page size, which must not be larger than
 * the smallest of them. QEMU's core offers six sizes, whatever the BARs are.
 */
static void banyan_limit_page_sizes(PCIDevice *pdev)
{
    pci_set_long(pdev->config + BANYAN_CFG_SRIOV + PCI_SRIOV_SUP_PGSIZE,
                 BANYAN_PAGE_SIZES);
    pci_set_long(pdev->wmask + BANYAN_CFG_SRIOV + PCI_SRIOV_SYS_PGSIZE,
                 BANYAN_PAGE_SIZES);
}

static bool banyan_init_sriov(BanyanState *s, Error **errp)
{
    PCIDevice *pdev = PCI_DEVICE(s);
    int room = PCI_DEVFN_MAX - pdev->devfn - BNY_VF_OFFSET;
    bool done;

    if (!s->vfs) {
        return true;
    }
    if (PCI_FUNC(pdev->devfn)) {
        error_setg(errp, "property 'addr' names function %u; it takes 0, the "
                   "VFs have those behind it", PCI_FUNC(pdev->devfn));
        return false;
    }
    /* VFs beyond would be on the next bus, which QEMU doesn't offer */
    if (s->vfs > DIV_ROUND_UP(room, BNY_VF_STRIDE)) {
        error_setg(errp, "property 'vfs' is %u; behind 'addr' %02x the bus has "
                   "room for %d", s->vfs, PCI_SLOT(pdev->devfn),
                   DIV_ROUND_UP(room, BNY_VF_STRIDE));
        return false;
    }
    /* realizes all VFs: one new view of the memory, not several for each */
    memory_region_transaction_begin();
    done = pcie_sriov_pf_init(pdev, BANYAN_CFG_SRIOV, TYPE_BANYAN_VF,
                              BNY_PCI_DEVICE_ID_VF, s->vfs, s->vfs,
                              BNY_VF_OFFSET, BNY_VF_STRIDE, errp);
    memory_region_transaction_commit();
    if (!done) {
        pdev->exp.sriov_cap = 0;
        return false;
    }
    s->sriov_cap = pdev->exp.sriov_cap;
    banyan_limit_page_sizes(pdev);
    pcie_sriov_pf_init_vf_bar(pdev, BNY_BAR_REGS, BANYAN_VF_BAR_TYPE,
                              BNY_VF_BAR_REGS_SIZE);
    pcie_sriov_pf_init_vf_bar(pdev, BNY_BAR_DOORBELLS, BANYAN_VF_BAR_TYPE,
                              BNY_VF_BAR_DOORBELLS_SIZE);
    pcie_sriov_pf_init_vf_bar(pdev, BNY_BAR_MSIX, BANYAN_VF_BAR_TYPE,
                              BNY_VF_BAR_MSIX_SIZE);
    return true;
}

static void banyan_vm_state(void *opaque, bool running, RunState state)
{
    BanyanPort *port = opaque;

    if (!running) {
        return;
    }
    qemu_bh_schedule(port->bh);
    banyan_intr_resume(port);
    for (unsigned i = 0; i < port->funcs; i++) {
        if (port->func[i]) {
            banyan_func_resume(port->func[i]);
        }
    }
}

static void banyan_undo(BanyanState *s)
{
    PCIDevice *pdev = PCI_DEVICE(s);

    if (s->vm_state) {
        qemu_del_vm_change_state_handler(s->vm_state);
        s->vm_state = NULL;
    }
    banyan_uplink_exit(s->port);
    pdev->exp.sriov_cap = s->sriov_cap; /* loading may have failed */
    pcie_sriov_pf_exit(pdev);
    banyan_func_exit(&s->func);
    banyan_intr_exit(s->port);
    banyan_sched_exit(s->port);
    banyan_control_exit(s->port);
    banyan_egress_exit(s->port);
    g_clear_pointer(&s->port->veb_saved, g_free);
    s->port->gone = true;
}

static void banyan_realize(PCIDevice *pdev, Error **errp)
{
    BanyanState *s = BANYAN(pdev);
    BanyanPort *port = s->port;

    if (!banyan_check_properties(s, errp)) {
        return;
    }
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    memcpy(s->func.policy.mac, s->conf.macaddr.a, sizeof(s->func.policy.mac));

    port->owner = DEVICE(pdev);
    port->funcs = 1 + s->vfs;
    port->gone = false;
    QSLIST_INIT(&port->rx_open);
    banyan_sched_init(port);
    banyan_control_init(port);
    banyan_egress_init(port);
    banyan_intr_init(port);
    banyan_veb_init(&port->veb, port->funcs);
    if (!banyan_func_init(&s->func, pdev, port, BNY_FUNC_PF, s->queue_pairs,
                          s->vectors, errp)) {
        goto fail;
    }
    pcie_dev_ser_num_init(pdev, BANYAN_CFG_DSN,
                          banyan_serial_number(s->conf.macaddr.a));
    if (!banyan_init_sriov(s, errp)) {
        goto fail;
    }
    banyan_uplink_init(port, &s->conf, DEVICE(pdev));
    s->vm_state = qdev_add_vm_change_state_handler(DEVICE(pdev),
                                                   banyan_vm_state, NULL,
                                                   port);
    return;

fail:
    banyan_undo(s);
}

static void banyan_exit(PCIDevice *pdev)
{
    banyan_undo(BANYAN(pdev));
}

static void banyan_reset_hold(Object *obj, ResetType type)
{
    banyan_func_reset_hold(&BANYAN(obj)->func);
}

static const Property banyan_properties[] = {
    DEFINE_NIC_PROPERTIES(BanyanState, conf),
    DEFINE_PROP_UINT32("vfs", BanyanState, vfs, BANYAN_VFS_DEFAULT),
    DEFINE_PROP_UINT32("queue-pairs", BanyanState, queue_pairs,
                       BANYAN_PF_QUEUE_PAIRS_DEFAULT),
    DEFINE_PROP_UINT32("vectors", BanyanState, vectors, 0),
    DEFINE_PROP_UINT32("vf-queue-pairs", BanyanState, vf_queue_pairs,
                       BANYAN_VF_QUEUE_PAIRS_DEFAULT),
    DEFINE_PROP_UINT32("vf-vectors", BanyanState, vf_vectors, 0),
};

static void banyan_class_init(ObjectClass *klass, const void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    pc->realize = banyan_realize;
    pc->exit = banyan_exit;
    pc->config_write = banyan_write_config;
    pc->vendor_id = BNY_PCI_VENDOR_ID;
    pc->device_id = BNY_PCI_DEVICE_ID_PF;
    pc->revision = BNY_PCI_REVISION;
    pc->class_id = PCI_CLASS_NETWORK_ETHERNET;
    rc->phases.hold = banyan_reset_hold;
    dc->desc = "Banyan SR-IOV Ethernet controller";
    dc->vmsd = &vmstate_banyan;
    device_class_set_props(dc, banyan_properties);
    banyan_fault_add_property(klass);
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
}

static void banyan_instance_init(Object *obj)
{
    BanyanState *s = BANYAN(obj);

    s->port = BANYAN_PORT(object_new(TYPE_BANYAN_PORT));
    device_add_bootindex_property(obj, &s->conf.bootindex, "bootindex",
                                  "/ethernet-phy@0", DEVICE(obj));
}

static void banyan_instance_finalize(Object *obj)
{
    BanyanState *s = BANYAN(obj);

    banyan_func_finalize(&s->func);
    object_unref(s->port);
}

static const TypeInfo banyan_info = {
    .name = TYPE_BANYAN,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(BanyanState),
    .instance_init = banyan_instance_init,
    .instance_finalize = banyan_instance_finalize,
    .class_init = banyan_class_init,
    .interfaces = (const InterfaceInfo[]) {
        { INTERFACE_PCIE_DEVICE },
        { }
    },
};

static void banyan_register_types(void)
{
    type_register_static(&banyan_info);
}

type_init(banyan_register_types)
