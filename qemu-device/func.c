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
#include "banyan.h"
#include "trace.h"

/* Configuration space; the extended capabilities come in this order */
#define BANYAN_CFG_PM      0x40
#define BANYAN_CFG_MSIX    0x50
#define BANYAN_CFG_EXP     0x60
#define BANYAN_CFG_AER     0x100
#define BANYAN_CFG_ARI     0x150

#define BANYAN_BAR_TYPE \
    (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

uint32_t banyan_func_status(const BanyanFunc *f)
{
    uint32_t val = BNY_STATUS_READY;

    if (f->error) {
        val |= BNY_STATUS_ERROR;
    }
    if (f->func_ctrl & BNY_FUNC_CTRL_ENABLE) {
        val |= BNY_STATUS_ENABLED;
    }
    return val;
}

uint32_t banyan_func_limits(const BanyanFunc *f)
{
    return FIELD_PREP(BNY_LIMITS_QUEUE_PAIRS, f->queue_pairs) |
           FIELD_PREP(BNY_LIMITS_VECTORS, f->vectors);
}

uint32_t banyan_func_link(const BanyanFunc *f)
{
    uint32_t val = FIELD_PREP(BNY_LINK_SPEED, BNY_LINK_SPEED_DEFAULT);

    if ((f->func_ctrl & BNY_FUNC_CTRL_ENABLE) && banyan_uplink_is_up(f->port)) {
        val |= BNY_LINK_UP;
    }
    return val;
}

/* FUNC_CTRL changes: the VEB follows, and the function hears of its link */
void banyan_func_set_ctrl(BanyanFunc *f, uint32_t val)
{
    uint32_t link = banyan_func_link(f);

    f->func_ctrl = val;
    banyan_veb_set_ctrl(&f->port->veb, f->index, val);
    if (banyan_func_link(f) != link) {
        banyan_irq_raise(f, BNY_IRQ_LINK);
    }
}

bool banyan_func_rings_enabled(const BanyanFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (banyan_ring_enabled(&f->qp[i].tx) ||
            banyan_ring_enabled(&f->qp[i].rx)) {
            return true;
        }
    }
    return false;
}

void banyan_func_fail(BanyanFunc *f, enum bny_error code, uint32_t info)
{
    if (f->error) {
        return;
    }
    f->error = FIELD_PREP(BNY_ERROR_CODE, code);
    f->error_info = info;
    banyan_count(f, BNY_CNT_ERRORS);
    trace_bny_error(f->index, code, info);
    qemu_log_mask(LOG_GUEST_ERROR,
                  "banyan: function %u stopped: error %u, info 0x%" PRIx32 "\n",
                  f->index, code, info);
    banyan_irq_raise(f, BNY_IRQ_ERROR);
}

/* An error of a ring; @index: of the entry that it was about */
void banyan_qp_fail(BanyanQp *qp, bool rx, enum bny_error code, uint16_t index)
{
    banyan_func_fail(qp->func, code,
                     FIELD_PREP(BNY_ERROR_INFO_QUEUE_PAIR, qp->index) |
                     (rx ? BNY_ERROR_INFO_RX : 0) |
                     FIELD_PREP(BNY_ERROR_INFO_INDEX, index));
}

/* After the machine has stood still, or was loaded: look at everything anew */
void banyan_func_resume(BanyanFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (banyan_ring_runs(&f->qp[i], &f->qp[i].tx)) {
            banyan_sched_kick(&f->qp[i]);
        }
        banyan_intr_resume(&f->qp[i]);
    }
}

/*
 * May BAR 0 and 2 be accessed? Not when the function is gone: a processor may
 * have found the region before, and waited for the lock. Nor may they be
 * written while a burst lasts: processors wait for its end, so it is another
 * device's DMA, or an interrupt message sent there.
 */
bool banyan_func_accepts(void *opaque, hwaddr addr, unsigned size,
                         bool is_write, MemTxAttrs attrs)
{
    BanyanFunc *f = opaque;

    return f->qp && !(is_write && f->port->bursts);
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
    banyan_intr_init(qp);
}

/**
 * banyan_func_init: BARs, capabilities and state of a function
 * @index: function index
 *
 * banyan_func_exit() undoes it, after a failure too.
 */
bool banyan_func_init(BanyanFunc *f, PCIDevice *pdev, BanyanPort *port,
                      unsigned index,
                      unsigned queue_pairs, unsigned vectors, Error **errp)
{
    bool vf = index != BNY_FUNC_PF;

    f->pdev = pdev;
    f->port = port;
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

    f->qp = g_new0(BanyanQp, queue_pairs);
    for (unsigned i = 0; i < queue_pairs; i++) {
        banyan_func_init_qp(f, i);
    }
    if (!banyan_func_init_caps(f, errp)) {
        return false;
    }
    port->func[index] = f;
    return true;
}

void banyan_func_exit(BanyanFunc *f)
{
    if (!f->qp) {
        return;
    }
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
        banyan_sched_cancel(&f->qp[i]);
        banyan_intr_exit(&f->qp[i]);
        g_free(f->qp[i].rx_cache);
    }
    g_clear_pointer(&f->qp, g_free);
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

    if (f->port->bursts) {
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
