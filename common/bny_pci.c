// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: PCI function: probe, remove, error recovery, power (datasheet, chapter "PCI
 * Express").
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "bny_core.h"

static int bny_pci_init(struct pci_dev *pdev)
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
	err = pci_request_mem_regions(pdev, KBUILD_MODNAME);
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
	mutex_init(&bd->func_lock);
	INIT_WORK(&bd->rx_mode_work, bny_rx_mode_work);
	bny_reset_init(bd);

	bd->rss = kzalloc_obj(*bd->rss);
	bd->retired = kzalloc_obj(*bd->retired);
	if (!bd->rss || !bd->retired) {
		kfree(bd->retired);
		kfree(bd->rss);
		free_netdev(netdev);
		return NULL;
	}
	seqlock_init(&bd->retired->lock);
	return bd;
}

static void bny_dev_free(struct bny_dev *bd)
{
	kfree(bd->retired);
	kfree(bd->rss);
	free_netdev(bd->netdev);
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

/* Take the function down for good: it does no DMA and sends no interrupt from here on */
static void bny_func_fini(struct bny_dev *bd)
{
	mutex_lock(&bd->func_lock);
	bd->ops->fini(bd);
	bny_irq_causes_disable(bd);
	/* VFs that stay keep their addresses in the device, which a reset would forget */
	if (!pci_num_vf(bd->pdev))
		bny_write(bd, BNY_REG_RESET, BNY_RESET_START);
	bny_read(bd, BNY_REG_STATUS);
	mutex_unlock(&bd->func_lock);
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

	err = bny_pci_init(pdev);
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
	pci_set_master(pdev);
	err = bny_irq_alloc(bd);
	if (err)
		goto detach;
	err = bny_func_init(bd);
	if (err) {
		dev_err(&pdev->dev, "can't initialise the function: %pe\n", ERR_PTR(err));
		goto free_irq;
	}

	bny_netdev_init(bd);
	err = register_netdev(bd->netdev);
	if (err) {
		dev_err(&pdev->dev, "can't register the network device: %pe\n", ERR_PTR(err));
		goto fini_func;
	}
	pci_save_state(pdev);
	bny_link_check(bd);
	return 0;

fini_func:
	bny_func_fini(bd);
free_irq:
	bny_irq_causes_disable(bd);
	disable_delayed_work_sync(&bd->reset_work);
	bny_irq_free(bd);
detach:
	ops->detach(bd);
destroy_dev:
	pci_set_drvdata(pdev, NULL);
	bny_dev_destroy(bd);
fini_pci:
	bny_pci_fini(pdev);
	return err;
}
EXPORT_SYMBOL_GPL(bny_probe);

/**
 * bny_remove() - undo bny_probe(); the function may be gone
 * @pdev: PCI function
 */
void bny_remove(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	/* Every access to a function that was pulled out would time out */
	if (pci_dev_is_disconnected(pdev))
		bny_vanish(bd);

	disable_delayed_work_sync(&bd->reset_work);
	unregister_netdev(bd->netdev);
	disable_work_sync(&bd->rx_mode_work);
	bny_func_fini(bd);
	bny_irq_free(bd);
	bd->ops->detach(bd);
	pci_set_drvdata(pdev, NULL);
	bny_dev_destroy(bd);
	bny_pci_fini(pdev);
}
EXPORT_SYMBOL_GPL(bny_remove);

/**
 * bny_shutdown() - leave the function quiet for the next kernel
 * @pdev: PCI function
 */
void bny_shutdown(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	bny_freeze(bd);
	bny_func_fini(bd);
	pci_clear_master(pdev);
}
EXPORT_SYMBOL_GPL(bny_shutdown);

static pci_ers_result_t bny_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	netdev_err(bd->netdev, "PCI error, channel state %u\n", state);
	if (state == pci_channel_io_perm_failure)
		bny_vanish(bd);
	bny_freeze(bd);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t bny_slot_reset(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	pci_restore_state(pdev);
	return bny_reappear(bd) ? PCI_ERS_RESULT_RECOVERED : PCI_ERS_RESULT_DISCONNECT;
}

static void bny_error_resume(struct pci_dev *pdev)
{
	bny_thaw(pci_get_drvdata(pdev));
}

static void bny_reset_prepare(struct pci_dev *pdev)
{
	bny_freeze(pci_get_drvdata(pdev));
}

static void bny_reset_done(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	bny_thaw(bd);
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
EXPORT_SYMBOL_GPL(bny_err_handlers);

static int bny_suspend(struct device *dev)
{
	bny_freeze(dev_get_drvdata(dev));
	return 0;
}

static int bny_resume(struct device *dev)
{
	return bny_thaw(dev_get_drvdata(dev));
}

EXPORT_GPL_SIMPLE_DEV_PM_OPS(bny_pm_ops, bny_suspend, bny_resume);

MODULE_DESCRIPTION("Banyan SR-IOV Ethernet: core of the PF and VF drivers");
MODULE_LICENSE("GPL");
