/*
 * Banyan: virtual function (datasheet, section 2)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/pci/pci.h"
#include "hw/pci/pcie_sriov.h"
#include "qemu/module.h"
#include "func.h"
#include "vmstate.h"

static void banyan_vf_write_config(PCIDevice *pdev, uint32_t addr,
                                   uint32_t val, int len)
{
    banyan_func_write_config(&BANYAN_VF(pdev)->func, addr, val, len);
}

/* VFs are realized by their PF, all of them, and enabled by SR-IOV later */
static void banyan_vf_realize(PCIDevice *pdev, Error **errp)
{
    BanyanVFState *s = BANYAN_VF(pdev);
    BanyanState *pf = BANYAN(pcie_sriov_get_pf(pdev));

    if (!banyan_func_init(&s->func, pdev, pf->port,
                          BNY_FUNC_VF(pcie_sriov_vf_number(pdev)),
                          pf->vf_queue_pairs, pf->vf_vectors, errp)) {
        banyan_func_exit(&s->func);
    }
}

static void banyan_vf_exit(PCIDevice *pdev)
{
    banyan_func_exit(&BANYAN_VF(pdev)->func);
}

static void banyan_vf_reset_hold(Object *obj, ResetType type)
{
    banyan_func_reset_hold(&BANYAN_VF(obj)->func);
}

static void banyan_vf_class_init(ObjectClass *klass, const void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    pc->realize = banyan_vf_realize;
    pc->exit = banyan_vf_exit;
    pc->config_write = banyan_vf_write_config;
    pc->vendor_id = BNY_PCI_VENDOR_ID;
    pc->device_id = BNY_PCI_DEVICE_ID_VF;
    pc->revision = BNY_PCI_REVISION;
    pc->class_id = PCI_CLASS_NETWORK_ETHERNET;
    rc->phases.hold = banyan_vf_reset_hold;
    dc->desc = "Banyan SR-IOV Ethernet controller, virtual function";
    dc->vmsd = &vmstate_banyan_vf;
    dc->user_creatable = false;
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
}

static void banyan_vf_instance_finalize(Object *obj)
{
    banyan_func_finalize(&BANYAN_VF(obj)->func);
}

static const TypeInfo banyan_vf_info = {
    .name = TYPE_BANYAN_VF,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(BanyanVFState),
    .instance_finalize = banyan_vf_instance_finalize,
    .class_init = banyan_vf_class_init,
    .interfaces = (const InterfaceInfo[]) {
        { INTERFACE_PCIE_DEVICE },
        { }
    },
};

static void banyan_vf_register_types(void)
{
    type_register_static(&banyan_vf_info);
}

type_init(banyan_vf_register_types)
