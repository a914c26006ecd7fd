/*
 * Banyan: a function as a whole (datasheet, sections 2 and 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/range.h"
#include "hw/pci/msix.h"
#include "hw/pci/pci.h"
#include "hw/pci/pcie.h"
#include "qapi/error.h"
#include "control.h"
#include "doorbell.h"
#include "egress.h"
#include "fault.h"
#include "func.h"
#include "line.h"
#include "moderation.h"
#include "policy.h"
#include "port.h"
#include "queue.h"
#include "rate.h"
#include "regs.h"
#include "reset.h"
#include "trace.h"

/* Configuration space; the extended capabilities come in this order */
#define BANYAN_CFG_PM      0x40
#define BANYAN_CFG_MSIX    0x50
#define BANYAN_CFG_EXP     0x60
#define BANYAN_CFG_AER     0x100
#define BANYAN_CFG_ARI     0x150

#define BANYAN_BAR_TYPE \
    (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

/* After the machine has stood still, or was loaded: look at everything anew */
void banyan_func_resume(BanyanFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (banyan_ring_runs(&f->qp[i], &f->qp[i].tx)) {
            banyan_line_kick(&f->qp[i]);
        }
        banyan_qp_intr_resume(&f->qp[i]);
    }
    banyan_control_resume(f);
}

static bool banyan_func_init_caps(BanyanFunc *f, Error **errp)
{
    PCIDevice *pdev = f->pdev;
    int pm;

    pm = pci_pm_init(pdev, BANYAN_CFG_PM, errp);
    if (pm < 0) {
        return false;
    }
    pci_set_word(pdev->config + pm + PCI_PM_PMC, PCI_PM_CAP_VER_1_1);
    pci_set_word(pdev->wmask + pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);

    if (msix_init(pdev, f->vectors, &f->msix, BNY_BAR_MSIX,
                  BNY_MSIX_TABLE_OFFSET, &f->msix, BNY_BAR_MSIX,
                  BNY_MSIX_PBA_OFFSET, BANYAN_CFG_MSIX, errp) < 0) {
        return false;
    }
    for (unsigned i = 0; i < f->vectors; i++) {
        msix_vector_use(pdev, i);
    }

    if (pcie_endpoint_cap_init(pdev, BANYAN_CFG_EXP) < 0) {
        error_setg(errp, "banyan: no PCI Express capability");
        return false;
    }
    pcie_cap_deverr_init(pdev);
    pcie_cap_flr_init(pdev);
    if (pcie_aer_init(pdev, PCI_ERR_VER, BANYAN_CFG_AER, PCI_ERR_SIZEOF,
                      errp) < 0) {
        return false;
    }
    pcie_ari_init(pdev, BANYAN_CFG_ARI);
    return true;
}

static void banyan_func_init_qp(BanyanFunc *f, unsigned i)
{
    BanyanQp *qp = &f->qp[i];

    qp->func = f;
    qp->index = i;
    qp->rx_cache = g_new0(BanyanRxBuf, BANYAN_RX_CACHE);
    banyan_qp_intr_init(qp);
}

bool banyan_func_init(BanyanFunc *f, PCIDevice *pdev, BanyanPort *port,
                      unsigned index, unsigned queue_pairs, unsigned vectors,
                      Error **errp)
{
    bool vf = index != BNY_FUNC_PF;

    f->pdev = pdev;
    f->port = BANYAN_PORT(object_ref(port));
    f->index = index;
    f->queue_pairs = queue_pairs;
    f->vectors = vectors;

    memory_region_init_io(&f->regs, OBJECT(pdev), &banyan_regs_ops, f,
                          "banyan-regs",
                          vf ? BNY_VF_BAR_REGS_SIZE : BNY_PF_BAR_REGS_SIZE);
    pci_register_bar(pdev, BNY_BAR_REGS, BANYAN_BAR_TYPE, &f->regs);
    memory_region_init_io(&f->doorbells, OBJECT(pdev), &banyan_doorbell_ops, f,
                          "banyan-doorbells",
                          vf ? BNY_VF_BAR_DOORBELLS_SIZE :
                               BNY_PF_BAR_DOORBELLS_SIZE);
    pci_register_bar(pdev, BNY_BAR_DOORBELLS, BANYAN_BAR_TYPE, &f->doorbells);
    memory_region_init(&f->msix, OBJECT(pdev), "banyan-msix",
                       vf ? BNY_VF_BAR_MSIX_SIZE : BNY_PF_BAR_MSIX_SIZE);
    pci_register_bar(pdev, BNY_BAR_MSIX, BANYAN_BAR_TYPE, &f->msix);

    banyan_line_init(f);
    banyan_rate_init(f);
    banyan_egress_func_init(f);
    f->qp = g_new0(BanyanQp, queue_pairs);
    for (unsigned i = 0; i < queue_pairs; i++) {
        banyan_func_init_qp(f, i);
    }
    f->live = true;
    if (!banyan_func_init_caps(f, errp)) {
        return false;
    }
    port->func[index] = f;
    return true;
}

void banyan_func_exit(BanyanFunc *f)
{
    if (!f->live) {
        return;
    }
    f->live = false;
    f->port->func[f->index] = NULL;
    if (f->pdev->exp.aer_cap) {
        pcie_aer_exit(f->pdev);
    }
    if (f->pdev->exp.exp_cap) {
        pcie_cap_exit(f->pdev);
    }
    if (msix_present(f->pdev)) {
        msix_unuse_all_vectors(f->pdev);
        msix_uninit(f->pdev, &f->msix, &f->msix);
    }
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        banyan_line_cancel(&f->qp[i]);
        banyan_qp_intr_exit(&f->qp[i]);
    }
    banyan_rate_exit(f);
    banyan_control_reset(f);
    banyan_egress_drop(f);
}

void banyan_func_finalize(BanyanFunc *f)
{
    for (unsigned i = 0; f->qp && i < f->queue_pairs; i++) {
        g_free(f->qp[i].rx_cache);
    }
    g_free(f->qp);
    if (f->port) {
        object_unref(f->port);
    }
}

/* In D3hot a function does no DMA, hence sends no message either */
void banyan_func_update_power(BanyanFunc *f)
{
    f->asleep = pci_get_word(f->pdev->config + f->pdev->pm_cap + PCI_PM_CTRL) &
                PCI_PM_CTRL_STATE_MASK;
}

/* Reset of the device as a whole, by FLR or the bus: PCI puts it in D0 */
void banyan_func_reset_hold(BanyanFunc *f)
{
    f->asleep = false;
    banyan_reset_func(f);
    if (!banyan_func_is_vf(f)) {
        banyan_policy_forget(f->port);
    }
}

static void banyan_func_flr(BanyanFunc *f, uint32_t addr, uint32_t val, int len)
{
    if (banyan_fault(f->port, IGNORE_FLR)) {
        pci_word_test_and_clear_mask(f->pdev->config + f->pdev->exp.exp_cap +
                                     PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR);
    } else {
        pcie_cap_flr_write_config(f->pdev, addr, val, len);
    }
}

/*
 * Configuration writes: FLR, and D3hot to D0, reset the function.
 *
 * One write may map or unmap three BARs each of up to 255 VFs. As one
 * transaction that costs one new view of the memory, not one for each.
 */
void banyan_func_write_config(BanyanFunc *f, uint32_t addr, uint32_t val,
                              int len)
{
    bool asleep = f->asleep;

    if (banyan_port_at_work(f->port)) {
        qemu_log_mask(LOG_GUEST_ERROR, "banyan: function %u: configuration "
                      "written by a device\n", f->index);
        return;
    }
    memory_region_transaction_begin();
    pci_default_write_config(f->pdev, addr, val, len);
    pcie_aer_write_config(f->pdev, addr, val, len);
    banyan_func_update_power(f);
    if (asleep && !f->asleep) {
        pci_device_reset(f->pdev);
    }
    banyan_func_flr(f, addr, val, len);
    memory_region_transaction_commit();
}
