// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan: driver of the physical function.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/devlink.h>

#include "pf.h"

/* Between two looks at VFs that ask too often */
#define BNY_PF_REST_US		4000

/* The PF's own policy */
static int bny_pf_apply(struct bny_pf *pf)
{
	struct bny_ctrl_policy policy = {};

	lockdep_assert_held(&pf->lock);

	policy.flags = cpu_to_le32(pf->rx_flags | BNY_POLICY_ALL_VLANS |
				   (pf->up ? BNY_POLICY_ENABLE : 0));
	ether_addr_copy(policy.mac, pf->mac);
	return bny_veb_set_policy(pf, BNY_FUNC_PF, &policy);
}

static int bny_pf_attach(struct bny_dev *bd)
{
	struct bny_pf *pf;
	int err;

	pf = kzalloc_obj(*pf);
	if (!pf)
		return -ENOMEM;

	/* One slot for the netdev's address, all zeroes until there is one */
	pf->addrs = kzalloc_obj(*pf->addrs);
	if (!pf->addrs) {
		err = -ENOMEM;
		goto err_free_pf;
	}

	pf->bd = bd;
	mutex_init(&pf->lock);
	bny_mbox_init(&pf->mbox, bd, &bny_pf_mbox_ops);
	bd->priv = pf;
	bd->mbox = &pf->mbox;

	err = bny_ctrlq_alloc(&pf->ctrlq, bd);
	if (err)
		goto err_free_addrs;
	err = bny_pf_adopt_vfs(pf);
	if (err)
		goto err_free_ctrlq;
	err = bny_devlink_create(pf);
	if (err)
		goto err_forget_vfs;
	return 0;

err_forget_vfs:
	bny_pf_forget_vfs(pf);
err_free_ctrlq:
	bny_ctrlq_free(&pf->ctrlq);
err_free_addrs:
	bd->mbox = NULL;
	bd->priv = NULL;
	kfree(pf->addrs);
err_free_pf:
	kfree(pf);
	return err;
}

static void bny_pf_detach(struct bny_dev *bd)
{
	struct bny_pf *pf = bd->priv;

	bny_devlink_destroy(pf);
	bny_pf_forget_vfs(pf);
	bd->mbox = NULL;
	bd->priv = NULL;
	bny_ctrlq_free(&pf->ctrlq);
	kfree(pf->addrs);
	kfree(pf);
}

/*
 * The reset has emptied the VEB and everybody's policy. The VFs' is put back at once, from what we
 * know; the PF's own comes with the core's calls.
 */
static int bny_pf_init(struct bny_dev *bd)
{
	struct bny_pf *pf = bd->priv;
	unsigned int i;

	bny_ctrlq_start(&pf->ctrlq);

	mutex_lock(&pf->lock);
	pf->up = false;
	pf->rx_flags = 0;
	pf->addr_count = 0;
	/* What identifies the function has read its permanent address */
	ether_addr_copy(pf->mac, bd->policy.mac);

	bny_vf_check_resets(pf);
	for (i = 0; i < pf->num_vfs; i++)
		bny_vf_restore(pf, &pf->vfs[i]);
	pf->ready = true;
	mutex_unlock(&pf->lock);

	bny_pf_tell_vfs(pf, BNY_MBX_PF_READY);
	return bny_present(bd) ? 0 : -ENODEV;
}

static void bny_pf_stop_serving(struct bny_dev *bd)
{
	struct bny_pf *pf = bd->priv;

	mutex_lock(&pf->lock);
	/* The PF's reset forgets which VFs were reset before it */
	bny_vf_check_resets(pf);
	pf->ready = false;
	mutex_unlock(&pf->lock);
	bny_pf_tell_vfs(pf, BNY_MBX_PF_GOING);
}

static void bny_pf_reset_prepare(struct bny_dev *bd)
{
	struct bny_pf *pf = bd->priv;

	bny_pf_stop_serving(bd);
	bny_ctrlq_stop(&pf->ctrlq);
}

static void bny_pf_fini(struct bny_dev *bd)
{
	struct bny_pf *pf = bd->priv;
	unsigned int i;

	bny_pf_stop_serving(bd);

	mutex_lock(&pf->lock);
	pf->up = false;
	bny_pf_apply(pf);
	/* VFs that stay: nobody answers for them from here on */
	for (i = 0; i < pf->num_vfs; i++)
		bny_vf_clear(pf, &pf->vfs[i]);
	mutex_unlock(&pf->lock);
	bny_ctrlq_stop(&pf->ctrlq);
}

/* Replace the PF's own addresses by @addrs, which belong to @pf from here on, error or not */
static int bny_pf_set_addrs(struct bny_pf *pf, u8 (*addrs)[ETH_ALEN], unsigned int count)
{
	int err;

	lockdep_assert_held(&pf->lock);

	err = bny_veb_replace(pf, BNY_FUNC_PF, pf->addrs[0], pf->addr_count, addrs[0], count);
	if (err) {
		kfree(addrs);
		return err;
	}
	kfree(pf->addrs);
	pf->addrs = addrs;
	pf->addr_count = count;
	return 0;
}

static int bny_pf_set_mac(struct bny_dev *bd, const u8 *addr)
{
	unsigned int count;
	struct bny_pf *pf = bd->priv;
	u8 (*addrs)[ETH_ALEN];
	int err = -ENOMEM;

	mutex_lock(&pf->lock);
	count = max(pf->addr_count, 1);
	addrs = kmemdup_array(pf->addrs, count, sizeof(*addrs), GFP_KERNEL);
	if (addrs) {
		ether_addr_copy(addrs[0], addr);
		err = bny_pf_set_addrs(pf, addrs, count);
	}
	mutex_unlock(&pf->lock);
	return err;
}

/* The lists of @mode, behind the netdev's own address */
static int bny_pf_set_lists(struct bny_pf *pf, const struct bny_rx_mode *mode)
{
	unsigned int count = 1 + mode->uc_count + mode->mc_count;
	u8 (*addrs)[ETH_ALEN];

	addrs = kzalloc_objs(*addrs, count);
	if (!addrs)
		return -ENOMEM;
	ether_addr_copy(addrs[0], pf->addrs[0]);
	if (mode->uc_count)
		memcpy(addrs[1], mode->uc, mode->uc_count * ETH_ALEN);
	if (mode->mc_count)
		memcpy(addrs[1 + mode->uc_count], mode->mc, mode->mc_count * ETH_ALEN);
	return bny_pf_set_addrs(pf, addrs, count);
}

static int bny_pf_set_rx_mode(struct bny_dev *bd, const struct bny_rx_mode *mode)
{
	struct bny_pf *pf = bd->priv;
	int err;

	mutex_lock(&pf->lock);
	pf->rx_flags = (mode->promisc ? BNY_POLICY_PROMISC : 0) |
		       (mode->allmulti ? BNY_POLICY_ALLMULTI : 0);
	err = bny_pf_set_lists(pf, mode);
	if (err == -ENOSPC || err == -ENOMEM) {
		/* Rather too much than too little */
		pf->rx_flags |= BNY_POLICY_PROMISC | BNY_POLICY_ALLMULTI;
		err = 0;
	}
	err = bny_pf_apply(pf) ?: err;
	mutex_unlock(&pf->lock);
	return err;
}

static int bny_pf_set_up(struct bny_dev *bd, bool up)
{
	struct bny_pf *pf = bd->priv;
	int err;

	mutex_lock(&pf->lock);
	pf->up = up;
	err = bny_pf_apply(pf);
	mutex_unlock(&pf->lock);
	return err;
}

/*
 * A VF that floods us costs no more than a look now and then: its messages are for later, and so
 * are the other ones', which take turns with it
 */
static void bny_pf_rest(struct bny_pf *pf)
{
	bool flooded;

	mutex_lock(&pf->lock);
	flooded = pf->flooded;
	pf->flooded = false;
	mutex_unlock(&pf->lock);

	if (flooded)
		usleep_range(BNY_PF_REST_US, 2 * BNY_PF_REST_US);
}

static void bny_pf_admin_irq(struct bny_dev *bd, u32 causes)
{
	struct bny_pf *pf = bd->priv;

	if (causes & BNY_IRQ_FUNC_RESET) {
		mutex_lock(&pf->lock);
		bny_vf_check_resets(pf);
		mutex_unlock(&pf->lock);
	}
	if (causes & BNY_IRQ_MAILBOX)
		bny_mbox_poll(&pf->mbox);
	bny_pf_rest(pf);
}

static const struct bny_vf_ops bny_pf_vf_ops = {
	.set_mac = bny_host_set_mac,
	.set_vlan = bny_host_set_vlan,
	.set_rate = bny_host_set_rate,
	.set_spoofchk = bny_host_set_spoofchk,
	.set_trust = bny_host_set_trust,
	.set_link_state = bny_host_set_link_state,
	.get_config = bny_host_get_config,
	.get_stats = bny_pf_get_vf_stats,
};

static const struct bny_func_ops bny_pf_ops = {
	.name = "banyan",
	.irq_causes = BNY_IRQ_MAILBOX | BNY_IRQ_FUNC_RESET,
	.attach = bny_pf_attach,
	.detach = bny_pf_detach,
	.init = bny_pf_init,
	.fini = bny_pf_fini,
	.set_mac = bny_pf_set_mac,
	.set_rx_mode = bny_pf_set_rx_mode,
	.set_up = bny_pf_set_up,
	.admin_irq = bny_pf_admin_irq,
	.reset_prepare = bny_pf_reset_prepare,
	.flr_done = bny_pf_recover_vfs,
	.vfs = &bny_pf_vf_ops,
};

static struct bny_pf *bny_pf_of(struct pci_dev *pdev)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);

	return bd->priv;
}

static int bny_pf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	err = bny_probe(pdev, &bny_pf_ops);
	if (err)
		return err;
	bny_pf_link_vfs(pdev);
	devlink_register(bny_pf_of(pdev)->devlink);
	return 0;
}

static void bny_pf_remove(struct pci_dev *pdev)
{
	struct bny_pf *pf = bny_pf_of(pdev);

	devlink_unregister(pf->devlink);
	bny_pf_disable_vfs(pf);
	bny_remove(pdev);
}

static const struct pci_device_id bny_pf_ids[] = {
	{ PCI_DEVICE(BNY_PCI_VENDOR_ID, BNY_PCI_DEVICE_ID_PF) },
	{ }
};
MODULE_DEVICE_TABLE(pci, bny_pf_ids);

static struct pci_driver bny_pf_driver = {
	.name = "banyan",
	.id_table = bny_pf_ids,
	.probe = bny_pf_probe,
	.remove = bny_pf_remove,
	.shutdown = bny_shutdown,
	.sriov_configure = bny_pf_sriov_configure,
	.err_handler = &bny_err_handlers,
	.driver.pm = pm_sleep_ptr(&bny_pm_ops),
};
module_pci_driver(bny_pf_driver);

MODULE_DESCRIPTION("Banyan SR-IOV Ethernet controller: physical function");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("BANYAN");
