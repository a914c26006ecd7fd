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
#define BNY_CFG_PM      0x40
#define BNY_CFG_MSIX    0x50
#define BNY_CFG_EXP     0x60
#define BNY_CFG_AER     0x100
#define BNY_CFG_ARI     0x150

#define BNY_BAR_TYPE \
    (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

uint32_t bny_func_status(const BnyFunc *f)
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

uint32_t bny_func_limits(const BnyFunc *f)
{
    return FIELD_PREP(BNY_LIMITS_QUEUE_PAIRS, f->queue_pairs) |
           FIELD_PREP(BNY_LIMITS_VECTORS, f->vectors);
}

uint32_t bny_func_link(const BnyFunc *f)
{
    uint32_t val = FIELD_PREP(BNY_LINK_SPEED, BNY_LINK_SPEED_DEFAULT);

    if ((f->func_ctrl & BNY_FUNC_CTRL_ENABLE) && bny_uplink_is_up(f->ctrl)) {
        val |= BNY_LINK_UP;
    }
    return val;
}

/* FUNC_CTRL changes: the VEB follows, and the function hears of its link */
void bny_func_set_ctrl(BnyFunc *f, uint32_t val)
{
    uint32_t link = bny_func_link(f);

    f->func_ctrl = val;
    bny_veb_set_ctrl(&f->ctrl->veb, f->index, val);
    if (bny_func_link(f) != link) {
        bny_irq_raise(f, BNY_IRQ_LINK);
    }
}

bool bny_func_rings_enabled(const BnyFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (bny_ring_enabled(&f->qp[i].tx) || bny_ring_enabled(&f->qp[i].rx)) {
            return true;
        }
    }
    return false;
}

void bny_func_fail(BnyFunc *f, enum bny_error code, uint32_t info)
{
    if (f->error) {
        return;
    }
    f->error = FIELD_PREP(BNY_ERROR_CODE, code);
    f->error_info = info;
    bny_count(f, BNY_CNT_ERRORS);
    trace_bny_error(f->index, code, info);
    qemu_log_mask(LOG_GUEST_ERROR,
                  "banyan: function %u stopped: error %u, info 0x%" PRIx32 "\n",
                  f->index, code, info);
    bny_irq_raise(f, BNY_IRQ_ERROR);
}

/* An error of a ring; @index: of the entry that it was about */
void bny_qp_fail(BnyQp *qp, bool rx, enum bny_error code, uint16_t index)
{
    bny_func_fail(qp->func, code,
                  FIELD_PREP(BNY_ERROR_INFO_QUEUE_PAIR, qp->index) |
                  (rx ? BNY_ERROR_INFO_RX : 0) |
                  FIELD_PREP(BNY_ERROR_INFO_INDEX, index));
}

/* After the machine has stood still, or was loaded: look at everything anew */
void bny_func_resume(BnyFunc *f)
{
    for (unsigned i = 0; i < f->queue_pairs; i++) {
        if (bny_ring_runs(&f->qp[i], &f->qp[i].tx)) {
            bny_sched_kick(&f->qp[i]);
        }
        bny_intr_resume(&f->qp[i]);
    }
}

/*
 * May BAR 0 and 2 be accessed? Not when the function is gone: a processor may
 * have found the region before, and waited for the lock. Nor may they be
 * written while a burst lasts: processors wait for its end, so it is another
 * device's DMA, or an interrupt message sent there.
 */
bool bny_func_accepts(void *opaque, hwaddr addr, unsigned size, bool is_write,
                      MemTxAttrs attrs)
{
    BnyFunc *f = opaque;

    return f->qp && !(is_write && f->ctrl->bursts);
}

static bool bny_func_init_caps(BnyFunc *f, Error **errp)
{
    PCIDevice *pdev = f->pdev;
    int pm;

    pm = pci_pm_init(pdev, BNY_CFG_PM, errp);
    if (pm < 0) {
        return false;
    }
    pci_set_word(pdev->config + pm + PCI_PM_PMC, PCI_PM_CAP_VER_1_1);
    pci_set_word(pdev->wmask + pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);

    if (msix_init(pdev, f->vectors, &f->msix, BNY_BAR_MSIX,
                  BNY_MSIX_TABLE_OFFSET, &f->msix, BNY_BAR_MSIX,
                  BNY_MSIX_PBA_OFFSET, BNY_CFG_MSIX, errp) < 0) {
        return false;
    }
    for (unsigned i = 0; i < f->vectors; i++) {
        msix_vector_use(pdev, i);
    }

    if (pcie_endpoint_cap_init(pdev, BNY_CFG_EXP) < 0) {
        error_setg(errp, "banyan: no PCI Express capability");
        return false;
    }
    pcie_cap_deverr_init(pdev);
    pcie_cap_flr_init(pdev);
    if (pcie_aer_init(pdev, PCI_ERR_VER, BNY_CFG_AER, PCI_ERR_SIZEOF,
                      errp) < 0) {
        return false;
    }
    pcie_ari_init(pdev, BNY_CFG_ARI);
    return true;
}

static void bny_func_init_qp(BnyFunc *f, unsigned i)
{
    BnyQp *qp = &f->qp[i];

    qp->func = f;
    qp->index = i;
    qp->rx_cache = g_new0(BnyRxBuf, BNY_RX_CACHE);
    bny_intr_init(qp);
}

/**
 * bny_func_init: BARs, capabilities and state of a function
 * @index: function index
 *
 * bny_func_exit() undoes it, after a failure too.
 */
bool bny_func_init(BnyFunc *f, PCIDevice *pdev, BnyCtrl *ctrl, unsigned index,
                   unsigned queue_pairs, unsigned vectors, Error **errp)
{
    bool vf = index != BNY_FUNC_PF;

    f->pdev = pdev;
    f->ctrl = ctrl;
    f->index = index;
    f->queue_pairs = queue_pairs;
    f->vectors = vectors;

    memory_region_init_io(&f->regs, OBJECT(pdev), &bny_regs_ops, f,
                          "banyan-regs",
                          vf ? BNY_VF_BAR_REGS_SIZE : BNY_PF_BAR_REGS_SIZE);
    pci_register_bar(pdev, BNY_BAR_REGS, BNY_BAR_TYPE, &f->regs);
    memory_region_init_io(&f->doorbells, OBJECT(pdev), &bny_doorbell_ops, f,
                          "banyan-doorbells",
                          vf ? BNY_VF_BAR_DOORBELLS_SIZE :
                               BNY_PF_BAR_DOORBELLS_SIZE);
    pci_register_bar(pdev, BNY_BAR_DOORBELLS, BNY_BAR_TYPE, &f->doorbells);
    memory_region_init(&f->msix, OBJECT(pdev), "banyan-msix",
                       vf ? BNY_VF_BAR_MSIX_SIZE : BNY_PF_BAR_MSIX_SIZE);
    pci_register_bar(pdev, BNY_BAR_MSIX, BNY_BAR_TYPE, &f->msix);

    f->qp = g_new0(BnyQp, queue_pairs);
    for (unsigned i = 0; i < queue_pairs; i++) {
        bny_func_init_qp(f, i);
    }
    if (!bny_func_init_caps(f, errp)) {
        return false;
    }
    ctrl->func[index] = f;
    return true;
}

void bny_func_exit(BnyFunc *f)
{
    if (!f->qp) {
        return;
    }
    f->ctrl->func[f->index] = NULL;
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
        bny_sched_cancel(&f->qp[i]);
        bny_intr_exit(&f->qp[i]);
        g_free(f->qp[i].rx_cache);
    }
    g_clear_pointer(&f->qp, g_free);
}

/* In D3hot a function does no DMA, hence sends no message either */
void bny_func_update_power(BnyFunc *f)
{
    f->asleep = pci_get_word(f->pdev->config + f->pdev->pm_cap + PCI_PM_CTRL) &
                PCI_PM_CTRL_STATE_MASK;
}

/* Reset of the device as a whole, by FLR or the bus: PCI puts it in D0 */
void bny_func_reset_hold(BnyFunc *f)
{
    f->asleep = false;
    bny_reset_func(f);
}

static void bny_func_flr(BnyFunc *f, uint32_t addr, uint32_t val, int len)
{
    if (bny_fault(f->ctrl, IGNORE_FLR)) {
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
void bny_func_write_config(BnyFunc *f, uint32_t addr, uint32_t val, int len)
{
    bool asleep = f->asleep;

    if (f->ctrl->bursts) {
        qemu_log_mask(LOG_GUEST_ERROR, "banyan: function %u: configuration "
                      "written by a device\n", f->index);
        return;
    }
    memory_region_transaction_begin();
    pci_default_write_config(f->pdev, addr, val, len);
    pcie_aer_write_config(f->pdev, addr, val, len);
    bny_func_update_power(f);
    if (asleep && !f->asleep) {
        pci_device_reset(f->pdev);
    }
    bny_func_flr(f, addr, val, len);
    memory_region_transaction_commit();
}
