// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: PCI function: probe, remove, error recovery, power (datasheet, chapter "PCI
 * Express").
 */
#include <linux/etherdevice.h>
#include <linux/module.h>

#include "bny_func.h"
#include "bny_hw.h"
#include "bny_netdev.h"
#include "bny_queues.h"
#include "bny_rss.h"
#include "bny_service.h"
#include "bny_stats.h"
#include "bny_vector.h"

static int bny_pci_init(struct pci_dev *pdev, const char *name)
{
	int err;

	err = pci_enable_device_mem(pdev);
	if (err) {
		dev_err(&pdev->dev, "can't enable the function: %pe\n", ERR_PTR(err));
		return err;
	}
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err) {
		dev_err(&pdev->dev, "no 64-bit DMA: %pe\n", ERR_PTR(err));
		goto disable_device;
	}
	err = pci_request_mem_regions(pdev, name);
	if (err) {
		dev_err(&pdev->dev, "BARs are taken: %pe\n", ERR_PTR(err));
		goto disable_device;
	}
	return 0;

disable_device:
	pci_disable_device(pdev);
	return err;
}

static void bny_pci_fini(struct pci_dev *pdev)
{
	pci_clear_master(pdev);
	pci_release_mem_regions(pdev);
	pci_disable_device(pdev);
}

static void bny_dev_free(struct bny_dev *bd)
{
	kfree(bd->drops);
	kfree(bd->retired);
	kfree(bd->rss);
	free_netdev(bd->netdev);
}

static struct bny_dev *bny_dev_alloc(struct pci_dev *pdev, const struct bny_func_ops *ops,
				     unsigned int queue_pairs)
{
	struct net_device *netdev;
	struct bny_dev *bd;

	netdev = alloc_etherdev_mqs(sizeof(*bd), queue_pairs, queue_pairs);
	if (!netdev)
		return NULL;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	bd = netdev_priv(netdev);
	bd->netdev = netdev;
	bd->pdev = pdev;
	bd->ops = ops;
	bny_service_init(bd);

	bd->rss = kzalloc_obj(*bd->rss);
	bd->retired = kzalloc_obj(*bd->retired);
	bd->drops = kzalloc_obj(*bd->drops);
	if (!bd->rss || !bd->retired || !bd->drops) {
		bny_dev_free(bd);
		return NULL;
	}
	seqlock_init(&bd->retired->lock);
	return bd;
}

/* Map the BARs, see what is there, allocate what stands for it */
static struct bny_dev *bny_dev_create(struct pci_dev *pdev, const struct bny_func_ops *ops)
{
	unsigned int queue_pairs;
	u8 __iomem *regs, *db;
	struct bny_dev *bd;
	int err = -ENOMEM;

	regs = pci_ioremap_bar(pdev, BNY_BAR_REGS);
	if (!regs)
		return ERR_PTR(-ENOMEM);
	db = pci_ioremap_bar(pdev, BNY_BAR_DOORBELLS);
	if (!db)
		goto unmap_regs;

	err = bny_hw_check(pdev, regs, &queue_pairs);
	if (err)
		goto unmap_db;
	bd = bny_dev_alloc(pdev, ops, queue_pairs);
	if (!bd) {
		err = -ENOMEM;
		goto unmap_db;
	}
	bd->regs = regs;
	bd->regs_map = regs;
	bd->db = db;
	return bd;

unmap_db:
	iounmap(db);
unmap_regs:
	iounmap(regs);
	return ERR_PTR(err);
}

static void bny_dev_destroy(struct bny_dev *bd)
{
	iounmap(bd->db);
	iounmap(bd->regs_map);
	bny_dev_free(bd);
}

/**
 * bny_probe() - bind a function
 * @pdev: PCI function
 * @ops: what its driver does in its own way
 *
 * On success the PCI device's drvdata is the &struct bny_dev.
 *
 * Return: 0 or -errno.
 */
int bny_probe(struct pci_dev *pdev, const struct bny_func_ops *ops)
{
	struct bny_dev *bd;
	int err;

	err = bny_pci_init(pdev, ops->name);
	if (err)
		return err;
	bd = bny_dev_create(pdev, ops);
	if (IS_ERR(bd)) {
		err = PTR_ERR(bd);
		goto fini_pci;
	}
	pci_set_drvdata(pdev, bd);

	err = ops->attach(bd);
	if (err)
		goto destroy_dev;
	/*
	 * Whatever was here before may have left the function in any state, with rings in memory
	 * that is somebody else's now
	 */
	err = bny_hw_reset(bd);
	if (err)
		goto detach;
	err = bny_vectors_alloc(bd);
	if (err)
		goto detach;
	err = bny_func_init(bd);
	if (err) {
		dev_err(&pdev->dev, "can't initialise the function: %pe\n", ERR_PTR(err));
		goto free_vectors;
	}
	bd->state = BNY_STATE_READY;

	err = bny_netdev_init(bd);
	if (err)
		goto fini_func;
	pci_save_state(pdev);
	err = register_netdev(bd->netdev);
	if (err) {
		dev_err(&pdev->dev, "can't register the network device: %pe\n", ERR_PTR(err));
		goto fini_func;
	}
	bny_service_enable(bd);
	return 0;

fini_func:
	bny_func_fini(bd);
free_vectors:
	bny_vector_causes_disable(bd);
	bny_vectors_free(bd);
detach:
	ops->detach(bd);
destroy_dev:
	pci_set_drvdata(pdev, NULL);
	bny_dev_destroy(bd);
fini_pci:
	bny_pci_fini(pdev);
	return err;
}
EXPORT_SYMBOL_NS_GPL(bny_probe, "BANYAN");

/**
 * bny_remove() - undo bny_probe(); the function may be gone
 * @pdev: PCI function
 */
void bny_remove(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	/* Every access to a function that was pulled out would time out */
	if (pci_dev_is_disconnected(pdev))
		bny_hw_vanished(bd);

	bny_service_disable(bd);
	unregister_netdev(bd->netdev);
	bny_func_fini(bd);
	bny_vectors_free(bd);
	bd->ops->detach(bd);
	pci_set_drvdata(pdev, NULL);
	bny_dev_destroy(bd);
	bny_pci_fini(pdev);
}
EXPORT_SYMBOL_NS_GPL(bny_remove, "BANYAN");

/**
 * bny_shutdown() - leave the function quiet for the next kernel
 * @pdev: PCI function
 */
void bny_shutdown(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	bny_service_disable(bd);
	bny_func_quiesce(bd, BNY_STATE_BROKEN);
	bny_func_fini(bd);
}
EXPORT_SYMBOL_NS_GPL(bny_shutdown, "BANYAN");

static pci_ers_result_t bny_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	netdev_err(bd->netdev, "PCI error, channel state %u\n", state);
	/* What is written to a frozen channel is lost, or stalls the CPU */
	if (state != pci_channel_io_normal)
		bny_hw_close(bd);
	bny_service_freeze(bd);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t bny_slot_reset(struct pci_dev *pdev)
{
	u32 magic;

	pci_restore_state(pdev);
	magic = readl(((struct bny_dev *)pci_get_drvdata(pdev))->regs_map + BNY_REG_MAGIC);
	return magic == BNY_MAGIC ? PCI_ERS_RESULT_RECOVERED : PCI_ERS_RESULT_DISCONNECT;
}

static void bny_error_resume(struct pci_dev *pdev)
{
	bny_service_thaw(pci_get_drvdata(pdev));
}

static void bny_reset_prepare(struct pci_dev *pdev)
{
	bny_service_freeze(pci_get_drvdata(pdev));
}

static void bny_reset_done(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	bny_service_thaw(bd);
	bny_service_flush(bd);
	if (bd->ops->flr_done)
		bd->ops->flr_done(bd);
}

const struct pci_error_handlers bny_err_handlers = {
	.error_detected	= bny_error_detected,
	.slot_reset	= bny_slot_reset,
	.resume		= bny_error_resume,
	.reset_prepare	= bny_reset_prepare,
	.reset_done	= bny_reset_done,
};
EXPORT_SYMBOL_NS_GPL(bny_err_handlers, "BANYAN");

static int bny_suspend(struct device *dev)
{
	bny_service_freeze(dev_get_drvdata(dev));
	return 0;
}

static int bny_resume(struct device *dev)
{
	bny_service_thaw(dev_get_drvdata(dev));
	return 0;
}

const struct dev_pm_ops bny_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(bny_suspend, bny_resume)
};
EXPORT_SYMBOL_NS_GPL(bny_pm_ops, "BANYAN");

MODULE_DESCRIPTION("Banyan SR-IOV Ethernet: core of the PF and VF drivers");
MODULE_LICENSE("GPL");
