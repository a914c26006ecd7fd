// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan: driver of a virtual function.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "vf.h"

static int bny_vf_attach(struct bny_dev *bd)
{
	struct bny_vf_dev *vf;

	vf = kzalloc_obj(*vf);
	if (!vf)
		return -ENOMEM;

	vf->bd = bd;
	/* The PF's bucket may not be full, and our resets take from it too */
	bny_bucket_init(&vf->bucket, BNY_VF_REQUEST_BURST / 2, ktime_get_ns());
	vf->multicast_max = BNY_MBX_MULTICAST_MAX;
	bny_mbox_init(&vf->mbox, bd, &bny_vf_mbox_ops);
	bd->priv = vf;
	bd->mbox = &vf->mbox;
	return 0;
}

static void bny_vf_detach(struct bny_dev *bd)
{
	struct bny_vf_dev *vf = bd->priv;

	bd->mbox = NULL;
	bd->priv = NULL;
	kfree(vf);
}

/* The PF's word about our limits, as far as it makes sense */
static void bny_vf_apply_reply(struct bny_vf_dev *vf, const struct bny_mbx_hello_reply *reply)
{
	struct bny_policy *policy = &vf->bd->policy;

	if (is_valid_ether_addr(reply->mac))
		ether_addr_copy(policy->mac, reply->mac);
	policy->max_mtu = clamp(le16_to_cpu(reply->max_mtu), BNY_MTU_MIN, policy->max_mtu);
	policy->queue_pairs = clamp(le16_to_cpu(reply->queue_pairs), 1, policy->queue_pairs);
	vf->multicast_max = min(le16_to_cpu(reply->multicast_max), BNY_MBX_MULTICAST_MAX);
	vf->unicast_max = min(le16_to_cpu(reply->unicast_max), BNY_MBX_UNICAST_MAX);
	vf->vlan_max = min(le16_to_cpu(reply->vlan_max), BNY_MBX_VLAN_MAX);
	if (!(le32_to_cpu(reply->policy) & BNY_MBX_POLICY_TRUSTED))
		policy->vlan_max = vf->vlan_max;
}

/*
 * A VF without a PF is no error: the VF's netdev exists, with its link down, and waits. A PF that
 * answers but doesn't want us is one.
 */
static int bny_vf_init(struct bny_dev *bd)
{
	struct bny_mbx_hello_reply reply;
	struct bny_vf_dev *vf = bd->priv;
	int err;

	err = bny_vf_hello(vf, &reply);
	switch (err) {
	case 0:
		bny_vf_apply_reply(vf, &reply);
		vf->promisc_refused = false;
		vf->unicast_refused = false;
		vf->sent = false;
		/* Not asked for in this life, or about to be asked for again */
		vf->up = false;
		vf->joined = true;
		vf->missing = false;
		return 0;
	case -ETIMEDOUT:
	case -ENETDOWN:
	case -EAGAIN:
		if (!vf->missing)
			pci_info(bd->pdev,
				 "the PF does not answer; waiting for it with the link down\n");
		vf->missing = true;
		bny_vf_seek_pf(vf);
		return 0;
	default:
		pci_err(bd->pdev, "the PF refuses HELLO: %pe\n", ERR_PTR(err));
		return err;
	}
}

static void bny_vf_leave(struct bny_dev *bd)
{
	struct bny_vf_dev *vf = bd->priv;

	vf->joined = false;
}

static void bny_vf_admin_irq(struct bny_dev *bd, u32 causes)
{
	if (causes & BNY_IRQ_MAILBOX)
		bny_mbox_poll(bd->mbox);
	if (causes & BNY_IRQ_LINK)
		bny_vf_check_enabled(bd->priv);
}

static const struct bny_func_ops bny_vf_ops = {
	.name = "banyanvf",
	.irq_causes = BNY_IRQ_MAILBOX | BNY_IRQ_LINK,
	.vlan_filter = true,
	.attach = bny_vf_attach,
	.detach = bny_vf_detach,
	.init = bny_vf_init,
	.fini = bny_vf_leave,
	.set_mac = bny_vf_set_mac,
	.set_rx_mode = bny_vf_set_rx_mode,
	.set_up = bny_vf_set_up,
	.admin_irq = bny_vf_admin_irq,
	.reset_prepare = bny_vf_leave,
};

static int bny_vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return bny_probe(pdev, &bny_vf_ops);
}

static const struct pci_device_id bny_vf_ids[] = {
	{ PCI_DEVICE(BNY_PCI_VENDOR_ID, BNY_PCI_DEVICE_ID_VF) },
	{ }
};
MODULE_DEVICE_TABLE(pci, bny_vf_ids);

static struct pci_driver bny_vf_driver = {
	.name = "banyanvf",
	.id_table = bny_vf_ids,
	.probe = bny_vf_probe,
	.remove = bny_remove,
	.shutdown = bny_shutdown,
	.err_handler = &bny_err_handlers,
	.driver.pm = pm_sleep_ptr(&bny_pm_ops),
};
module_pci_driver(bny_vf_driver);

MODULE_DESCRIPTION("Banyan SR-IOV Ethernet controller: virtual function");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("BANYAN");
