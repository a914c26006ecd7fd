// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: devlink: what the device is, and its port.
 */
#include <linux/pci.h>
#include <linux/unaligned.h>
#include <net/devlink.h>

#include "pf.h"

/**
 * struct bny_devlink - private data of the devlink instance
 * @bd: the PF
 * @port: its network port, which is the netdev's
 */
struct bny_devlink {
	struct bny_dev *bd;
	struct devlink_port port;
};

static int bny_devlink_put_serial(struct pci_dev *pdev, struct devlink_info_req *req)
{
	/* EUI-64, as 00-11-22-33-44-55-66-77 (PCIe 6.0, 7.9.3) */
	char text[3 * sizeof(u64)];
	u8 serial[sizeof(u64)];

	put_unaligned_be64(pci_get_dsn(pdev), serial);
	snprintf(text, sizeof(text), "%*phD", (int)sizeof(serial), serial);
	return devlink_info_serial_number_put(req, text);
}

static int bny_devlink_info_get(struct devlink *devlink, struct devlink_info_req *req,
				struct netlink_ext_ack *extack)
{
	struct bny_devlink *dl = devlink_priv(devlink);
	struct pci_dev *pdev = dl->bd->pdev;
	u32 version = bny_read(dl->bd, BNY_REG_VERSION);
	char text[32];
	int err;

	err = bny_devlink_put_serial(pdev, req);
	if (err)
		return err;

	snprintf(text, sizeof(text), "%04x:%04x", pdev->vendor, pdev->device);
	err = devlink_info_version_fixed_put(req, DEVLINK_INFO_VERSION_GENERIC_BOARD_ID, text);
	if (err)
		return err;

	snprintf(text, sizeof(text), "%u", pdev->revision);
	err = devlink_info_version_fixed_put(req, DEVLINK_INFO_VERSION_GENERIC_BOARD_REV, text);
	if (err)
		return err;

	if (!bny_present(dl->bd)) {
		NL_SET_ERR_MSG(extack, "The device does not answer");
		return -ENODEV;
	}
	snprintf(text, sizeof(text), "%lu.%lu", FIELD_GET(BNY_VERSION_MAJOR, version),
		 FIELD_GET(BNY_VERSION_MINOR, version));
	return devlink_info_version_running_put(req, DEVLINK_INFO_VERSION_GENERIC_FW, text);
}

static int bny_devlink_eswitch_mode_get(struct devlink *devlink, u16 *mode)
{
	*mode = DEVLINK_ESWITCH_MODE_LEGACY;
	return 0;
}

/* Programs write back what they found */
static int bny_devlink_eswitch_mode_set(struct devlink *devlink, u16 mode,
					struct netlink_ext_ack *extack)
{
	if (mode == DEVLINK_ESWITCH_MODE_LEGACY)
		return 0;
	NL_SET_ERR_MSG(extack, "The switch has no other mode than legacy");
	return -EOPNOTSUPP;
}

static const struct devlink_ops bny_devlink_ops = {
	.info_get = bny_devlink_info_get,
	.eswitch_mode_get = bny_devlink_eswitch_mode_get,
	.eswitch_mode_set = bny_devlink_eswitch_mode_set,
};

/**
 * bny_devlink_create() - make the devlink instance and its port, before the netdev is registered
 * @pf: PF
 *
 * The port gives the netdev its phys_port_name.
 *
 * Return: 0 or -errno.
 */
int bny_devlink_create(struct bny_pf *pf)
{
	struct devlink_port_attrs attrs = { .flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL };
	struct bny_dev *bd = pf->bd;
	struct devlink *devlink;
	struct bny_devlink *dl;
	int err;

	devlink = devlink_alloc(&bny_devlink_ops, sizeof(*dl), &bd->pdev->dev);
	if (!devlink)
		return -ENOMEM;

	dl = devlink_priv(devlink);
	dl->bd = bd;
	devlink_port_attrs_set(&dl->port, &attrs);
	err = devlink_port_register(devlink, &dl->port, 0);
	if (err) {
		devlink_free(devlink);
		return err;
	}
	SET_NETDEV_DEVLINK_PORT(bd->netdev, &dl->port);
	pf->devlink = devlink;
	return 0;
}

/**
 * bny_devlink_destroy() - undo bny_devlink_create(), after the netdev was unregistered
 * @pf: PF
 */
void bny_devlink_destroy(struct bny_pf *pf)
{
	struct bny_devlink *dl = devlink_priv(pf->devlink);

	devlink_port_unregister(&dl->port);
	devlink_free(pf->devlink);
}
