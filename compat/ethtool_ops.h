/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a kernel whose struct ethtool_ops has no get_rx_ring_count, and perhaps no get_rxfh_fields
 * nor set_rxfh_fields: it asks get_rxnfc and set_rxnfc instead. The structure around it has what
 * it lacks. Only bny_ethtool.c, which fills it in, is compiled with this; the kernel sees the
 * beginning.
 */
#ifndef BNY_COMPAT_ETHTOOL_OPS_H
#define BNY_COMPAT_ETHTOOL_OPS_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>

struct compat_ethtool_ops {
	struct ethtool_ops;
	u32 (*get_rx_ring_count)(struct net_device *netdev);
#ifdef BNY_COMPAT_ETHTOOL_H
	int (*get_rxfh_fields)(struct net_device *netdev, struct ethtool_rxfh_fields *fields);
	int (*set_rxfh_fields)(struct net_device *netdev, const struct ethtool_rxfh_fields *fields,
			       struct netlink_ext_ack *extack);
#endif
};

static int compat_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info, u32 *rules)
{
	const struct compat_ethtool_ops *ops = (const void *)netdev->ethtool_ops;
	struct ethtool_rxfh_fields fields = { .flow_type = info->flow_type };
	int err;

	switch (info->cmd) {
	case ETHTOOL_GRXRINGS:
		info->data = ops->get_rx_ring_count(netdev);
		return 0;
	case ETHTOOL_GRXFH:
		err = ops->get_rxfh_fields(netdev, &fields);
		info->data = fields.data;
		return err;
	default:
		return -EOPNOTSUPP;
	}
}

static int compat_set_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info)
{
	const struct compat_ethtool_ops *ops = (const void *)netdev->ethtool_ops;
	struct ethtool_rxfh_fields fields = { .flow_type = info->flow_type, .data = info->data };

	if (info->cmd != ETHTOOL_SRXFH)
		return -EOPNOTSUPP;
	return ops->set_rxfh_fields(netdev, &fields, NULL);
}

/* The table, and with its first new member, those of the kernel's own that stand for them all */
#define ethtool_ops	compat_ethtool_ops
#define get_rx_ring_count \
	get_rxnfc = compat_get_rxnfc, .set_rxnfc = compat_set_rxnfc, .get_rx_ring_count

#endif /* BNY_COMPAT_ETHTOOL_OPS_H */
