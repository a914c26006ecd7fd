// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: VFs come and go.
 */
#include <linux/etherdevice.h>
#include <linux/iommu.h>
#include <linux/slab.h>

#include "pf.h"

/* Make the state of @num_vfs VFs and publish it. @adopt: the device knows their policy */
static int bny_pf_add_vfs(struct bny_pf *pf, unsigned int num_vfs, bool adopt)
{
	struct bny_vf *vfs;
	unsigned int i;

	vfs = kvzalloc_objs(*vfs, num_vfs);
	if (!vfs)
		return -ENOMEM;

	for (i = 0; i < num_vfs; i++) {
		bny_vf_create(&vfs[i]);
		if (!adopt)
			eth_random_addr(vfs[i].policy.mac);
		bny_vf_begin_stats(pf, i, &vfs[i]);
	}

	mutex_lock(&pf->lock);
	pf->vfs = vfs;
	pf->num_vfs = num_vfs;
	mutex_unlock(&pf->lock);
	return 0;
}

/**
 * bny_pf_forget_vfs() - free the state of all VFs
 * @pf: PF
 *
 * The device must not forward for them any more. Takes @pf->lock.
 */
void bny_pf_forget_vfs(struct bny_pf *pf)
{
	struct bny_vf *vfs;

	mutex_lock(&pf->lock);
	vfs = pf->vfs;
	pf->vfs = NULL;
	pf->num_vfs = 0;
	mutex_unlock(&pf->lock);
	kvfree(vfs);
}

/* Take the VFs' policy out of the device, so that the next ones there find nothing of it */
static void bny_pf_clear_vfs(struct bny_pf *pf)
{
	static const struct bny_ctrl_policy none;
	unsigned int i;

	mutex_lock(&pf->lock);
	for (i = 0; i < pf->num_vfs; i++) {
		bny_vf_clear(pf, &pf->vfs[i]);
		bny_veb_set_policy(pf, BNY_FUNC_VF(i), &none);
		bny_veb_set_rate(pf, BNY_FUNC_VF(i), 0, 0);
	}
	mutex_unlock(&pf->lock);
}

/**
 * bny_pf_adopt_vfs() - take over VFs that an earlier PF driver left behind
 * @pf: PF, not reset yet
 *
 * They are in use by guests. The device keeps what the host has decided over the PF's reset:
 * bny_vf_restore() asks for it.
 *
 * Return: 0 or -ENOMEM.
 */
int bny_pf_adopt_vfs(struct bny_pf *pf)
{
	int num_vfs = pci_num_vf(pf->bd->pdev);
	int err;

	if (!num_vfs)
		return 0;

	err = bny_pf_add_vfs(pf, num_vfs, true);
	if (!err)
		pci_info(pf->bd->pdev, "took over %d VFs that were there already\n", num_vfs);
	return err;
}

static int bny_pf_enable_vfs(struct bny_pf *pf, unsigned int num_vfs)
{
	struct pci_dev *pdev = pf->bd->pdev;
	unsigned int i;
	int err;

	err = bny_pf_add_vfs(pf, num_vfs, false);
	if (err)
		return err;

	/* VF drivers bind, and say HELLO, before pci_enable_sriov() returns */
	mutex_lock(&pf->lock);
	for (i = 0; i < num_vfs && !err; i++)
		err = bny_vf_apply(pf, &pf->vfs[i]);
	mutex_unlock(&pf->lock);
	if (err) {
		pci_err(pdev, "cannot give VFs their addresses: %pe\n", ERR_PTR(err));
		goto err_forget_vfs;
	}

	err = pci_enable_sriov(pdev, num_vfs);
	if (err) {
		pci_err(pdev, "cannot enable %u VFs: %pe\n", num_vfs, ERR_PTR(err));
		goto err_forget_vfs;
	}
	pci_info(pdev, "%u VFs enabled\n", num_vfs);
	return num_vfs;

err_forget_vfs:
	bny_pf_clear_vfs(pf);
	bny_pf_forget_vfs(pf);
	return err;
}

/* A driver of ours, of which we know what it does. @vfdev's device lock is held */
static bool bny_vf_is_ours(struct pci_dev *vfdev)
{
	const struct pci_driver *driver = pci_dev_driver(vfdev);

	return driver && driver->err_handler == &bny_err_handlers;
}

/*
 * The IOMMU core knows whether anybody owns a device's memory accesses: a driver that does DMA
 * itself, or the user of one that lends it to userspace, such as vfio-pci. Of the former there is
 * banyanvf, which gives a VF back when it is asked to. (pci_vfs_assigned() sees Xen's guests only.)
 */
static bool bny_vf_in_use(struct pci_dev *vfdev)
{
	struct iommu_group *group;
	bool in_use;

	device_lock(&vfdev->dev);
	group = bny_vf_is_ours(vfdev) ? NULL : iommu_group_get(&vfdev->dev);
	in_use = group && iommu_group_dma_owner_claimed(group);
	iommu_group_put(group);
	device_unlock(&vfdev->dev);
	return in_use;
}

/* The PF's next VF behind @vfdev, whose reference is dropped; %NULL behind the last */
static struct pci_dev *bny_pf_next_vf(struct pci_dev *pdev, struct pci_dev *vfdev)
{
	do {
		vfdev = pci_get_device(BNY_PCI_VENDOR_ID, BNY_PCI_DEVICE_ID_VF, vfdev);
	} while (vfdev && !(vfdev->is_virtfn && pci_physfn(vfdev) == pdev));
	return vfdev;
}

/* How many VFs are in hands that they mustn't be taken from, at this moment */
static unsigned int bny_pf_vfs_in_use(struct pci_dev *pdev)
{
	unsigned int in_use = pci_vfs_assigned(pdev);
	struct pci_dev *vfdev = NULL;

	while ((vfdev = bny_pf_next_vf(pdev, vfdev)))
		in_use += bny_vf_in_use(vfdev);
	return in_use;
}

/* What the PCI core does for a function that it resets itself */
static void bny_vf_recover(struct pci_dev *vfdev)
{
	device_lock(&vfdev->dev);
	if (bny_vf_is_ours(vfdev)) {
		bny_err_handlers.reset_prepare(vfdev);
		pci_restore_state(vfdev);
		bny_err_handlers.reset_done(vfdev);
	}
	device_unlock(&vfdev->dev);
}

/**
 * bny_pf_recover_vfs() - bring VFs back after an FLR of the PF
 * @bd: PF. A VF that is back before it waits for PF_READY
 *
 * The FLR has cleared VF Enable. The kernel sets it again, but the VFs come up as after a reset of
 * their own, without bus mastering and MSI-X, and nobody tells their drivers. Ours we tell; the PCI
 * core has nothing by which others could be.
 */
void bny_pf_recover_vfs(struct bny_dev *bd)
{
	struct pci_dev *vfdev = NULL;

	while ((vfdev = bny_pf_next_vf(bd->pdev, vfdev)))
		bny_vf_recover(vfdev);
}

/**
 * bny_pf_disable_vfs() - remove all VFs
 * @pf: PF
 *
 * Waits until their drivers have let go. VFs that guests use aren't taken away from them, unless
 * the device is gone anyway.
 *
 * Return: 0, also without VFs; -EBUSY if guests use some.
 */
int bny_pf_disable_vfs(struct bny_pf *pf)
{
	struct pci_dev *pdev = pf->bd->pdev;
	unsigned int in_use;

	if (!pci_num_vf(pdev))
		return 0;

	in_use = bny_present(pf->bd) ? bny_pf_vfs_in_use(pdev) : 0;
	if (in_use) {
		pci_warn(pdev, "%u of %d VFs are used by guests: all VFs stay\n",
			 in_use, pci_num_vf(pdev));
		return -EBUSY;
	}

	/* The VFs' drivers say good-bye while this runs: their state has to outlive it */
	pci_disable_sriov(pdev);
	bny_pf_clear_vfs(pf);
	bny_pf_forget_vfs(pf);
	pci_info(pdev, "VFs disabled\n");
	return 0;
}

/**
 * bny_pf_link_vfs() - have the PF sleep after its VFs and wake up before them
 * @pdev: PF
 *
 * Waking up, it sets VF Enable again: what is written to a VF's configuration space before that is
 * lost, bus mastering and MSI-X for example. The links end with the VFs.
 */
void bny_pf_link_vfs(struct pci_dev *pdev)
{
	struct pci_dev *vfdev = NULL;

	while ((vfdev = bny_pf_next_vf(pdev, vfdev)))
		if (!device_link_add(&vfdev->dev, &pdev->dev, DL_FLAG_STATELESS))
			pci_warn(vfdev, "may not come back from suspend: no link to the PF\n");
}

/**
 * bny_pf_sriov_configure() - sriov_configure: sysfs' sriov_numvfs was written
 * @pdev: PF
 * @num_vfs: 0 to TotalVFs, 0 if there are VFs already: the PCI core has seen to that
 *
 * Return: number of VFs, or a negative errno.
 */
int bny_pf_sriov_configure(struct pci_dev *pdev, int num_vfs)
{
	struct bny_dev *bd = pci_get_drvdata(pdev);
	int ret;

	if (!num_vfs)
		return bny_pf_disable_vfs(bd->priv);
	ret = bny_pf_enable_vfs(bd->priv, num_vfs);
	bny_pf_link_vfs(pdev);
	return ret;
}
