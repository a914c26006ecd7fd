// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: network device.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "bny_core.h"

#define BNY_FEAT_TX_ALL		(BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO | BNY_FEAT_TX_USO)

/* Tell the other side (PF: the VEB, VF: the PF) that the netdev was opened or stopped */
static int bny_func_set_up(struct bny_dev *bd, bool up)
{
	int err;

	mutex_lock(&bd->func_lock);
	err = bd->ops->set_up(bd, up);
	mutex_unlock(&bd->func_lock);
	return err;
}

static int bny_open(struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);
	int err;

	err = bny_rings_open(bd);
	if (err)
		return err;
	err = netif_set_real_num_queues(netdev, bd->config.queue_pairs, bd->config.queue_pairs);
	if (err)
		goto close_rings;
	err = bny_func_set_up(bd, true);
	if (err) {
		netdev_err(netdev, "can't come up: %pe\n", ERR_PTR(err));
		goto close_rings;
	}

	bny_irq_up(bd);
	bny_rings_start(bd);
	netif_tx_start_all_queues(netdev);
	bny_link_check(bd);
	return 0;

close_rings:
	bny_rings_close(bd);
	return err;
}

static int bny_stop(struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);

	bny_rings_stop(bd);
	bny_irq_down(bd);
	if (!test_bit(BNY_FLAG_QUIESCED, bd->flags))
		bny_func_set_up(bd, false);
	bny_rings_close(bd);
	return 0;
}

static int bny_set_mac_address(struct net_device *netdev, void *addr)
{
	struct bny_dev *bd = netdev_priv(netdev);
	const struct sockaddr *sa = addr;
	int err;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;

	mutex_lock(&bd->func_lock);
	err = bd->ops->set_mac(bd, sa->sa_data);
	mutex_unlock(&bd->func_lock);
	if (!err)
		eth_hw_addr_set(netdev, sa->sa_data);
	return err;
}

static int bny_change_mtu(struct net_device *netdev, int mtu)
{
	struct bny_dev *bd = netdev_priv(netdev);

	/* A packet spans as many buffers as it needs: the rings stay as they are */
	WRITE_ONCE(netdev->mtu, mtu);
	bny_hw_set_max_frame(bd, mtu);
	return 0;
}

static void bny_set_rx_mode(struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);

	/* Called under a spinlock; a VF has to ask the PF, which takes time */
	queue_work(system_unbound_wq, &bd->rx_mode_work);
}

static unsigned int bny_copy_addrs(u8 (*to)[ETH_ALEN], unsigned int max,
				   const struct netdev_hw_addr_list *list)
{
	const struct netdev_hw_addr *ha;
	unsigned int n = 0;

	netdev_hw_addr_list_for_each(ha, list) {
		if (n == max)
			break;
		ether_addr_copy(to[n++], ha->addr);
	}
	return n;
}

/**
 * bny_rx_mode_apply() - hand the netdev's addresses and modes to the function's ops
 * @bd: the function
 *
 * Context: process, &bny_dev.func_lock.
 * Return: 0 or -errno.
 */
int bny_rx_mode_apply(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;
	unsigned int uc_max, mc_max;
	struct bny_rx_mode mode;
	int err;

	/* A list that grows behind our back queues the work once more */
	uc_max = READ_ONCE(netdev->uc.count);
	mc_max = READ_ONCE(netdev->mc.count);
	mode.uc = kcalloc(uc_max + mc_max, ETH_ALEN, GFP_KERNEL);
	if (!mode.uc)
		return -ENOMEM;
	mode.mc = mode.uc + uc_max;

	netif_addr_lock_bh(netdev);
	mode.promisc = netdev->flags & IFF_PROMISC;
	mode.allmulti = netdev->flags & IFF_ALLMULTI;
	mode.uc_count = bny_copy_addrs(mode.uc, uc_max, &netdev->uc);
	mode.mc_count = bny_copy_addrs(mode.mc, mc_max, &netdev->mc);
	netif_addr_unlock_bh(netdev);

	err = bd->ops->set_rx_mode(bd, &mode);
	kfree(mode.uc);
	return err;
}

/**
 * bny_rx_mode_work() - &bny_dev.rx_mode_work
 * @work: the work
 */
void bny_rx_mode_work(struct work_struct *work)
{
	struct bny_dev *bd = container_of(work, struct bny_dev, rx_mode_work);
	int err = 0;

	mutex_lock(&bd->func_lock);
	/* While the function is down nothing can be set; bny_func_init() will */
	if (!test_bit(BNY_FLAG_QUIESCED, bd->flags))
		err = bny_rx_mode_apply(bd);
	mutex_unlock(&bd->func_lock);
	if (err && net_ratelimit())
		netdev_warn(bd->netdev, "receive mode not set: %pe\n", ERR_PTR(err));
}

/**
 * bny_netdev_features() - features of the device that go with those of the netdev
 * @bd: the function
 * @features: NETIF_F_*
 *
 * Return: BNY_FEAT_*, a subset of CAPS.
 */
u32 bny_netdev_features(struct bny_dev *bd, netdev_features_t features)
{
	/* What the stack doesn't use on transmit it doesn't ask for. RX_HASH is RSS as well */
	u32 want = BNY_FEAT_TX_ALL | BNY_FEAT_RX_HASH;

	if (features & NETIF_F_RXCSUM)
		want |= BNY_FEAT_RX_CSUM | BNY_FEAT_RX_CSUM_PARTIAL;
	if (features & NETIF_F_GRO_HW)
		want |= BNY_FEAT_RX_GSO;
	return want & bd->caps;
}

static int bny_set_features(struct net_device *netdev, netdev_features_t features)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_config config = bd->config;

	config.features = bny_netdev_features(bd, features);
	if (config.features == bd->config.features)
		return 0;
	/* FEATURES can change only while no ring is enabled */
	return bny_rings_change(bd, &config);
}

static void bny_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	struct bny_dev *bd = netdev_priv(netdev);

	netdev_err(netdev, "transmit queue %u hangs, resetting\n", txqueue);
	bny_reset_schedule(bd, BNY_RESET_FULL);
}

static int bny_get_vf_config(struct net_device *netdev, int vf, struct ifla_vf_info *info)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->get_vf_config ? bd->ops->get_vf_config(bd, vf, info) : -EOPNOTSUPP;
}

static const struct net_device_ops bny_netdev_ops = {
	.ndo_open		= bny_open,
	.ndo_stop		= bny_stop,
	.ndo_start_xmit		= bny_xmit,
	.ndo_features_check	= bny_features_check,
	.ndo_set_rx_mode	= bny_set_rx_mode,
	.ndo_set_mac_address	= bny_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_change_mtu		= bny_change_mtu,
	.ndo_tx_timeout		= bny_tx_timeout,
	.ndo_get_stats64	= bny_get_stats64,
	.ndo_set_features	= bny_set_features,
	.ndo_get_vf_config	= bny_get_vf_config,
};

static netdev_features_t bny_hw_features(u32 caps)
{
	netdev_features_t features = NETIF_F_SG;

	if (caps & BNY_FEAT_TX_CSUM)
		features |= NETIF_F_HW_CSUM;
	if (caps & BNY_FEAT_TX_TSO)
		features |= NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_TSO_ECN;
	if (caps & BNY_FEAT_TX_USO)
		features |= NETIF_F_GSO_UDP_L4;
	if (caps & BNY_FEAT_RX_CSUM)
		features |= NETIF_F_RXCSUM;
	if (caps & BNY_FEAT_RX_GSO && caps & BNY_FEAT_RX_CSUM_PARTIAL)
		features |= NETIF_F_GRO_HW;
	if (caps & BNY_FEAT_RX_HASH)
		features |= NETIF_F_RXHASH;
	return features;
}

/**
 * bny_netdev_init() - fill the netdev and the default configuration, before it is registered
 * @bd: the function, identified and initialised
 */
void bny_netdev_init(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;

	netdev->netdev_ops = &bny_netdev_ops;
	netdev->stat_ops = &bny_stat_ops;
	netdev->ethtool_ops = &bny_ethtool_ops;
	netdev->min_mtu = BNY_MTU_MIN;
	netdev->max_mtu = bd->policy.max_mtu;

	netdev->hw_features = bny_hw_features(bd->caps);
	netdev->features = netdev->hw_features | NETIF_F_HIGHDMA;
	netdev->vlan_features = netdev->features;
	netif_set_tso_max_size(netdev, BNY_TX_BUF_LEN_MAX);
	if (bd->ops->unicast_filter)
		netdev->priv_flags |= IFF_UNICAST_FLT;

	bd->config.queue_pairs = min_t(unsigned int, bd->queue_pairs_max,
				       netif_get_num_default_rss_queues());
	bd->config.tx_depth = BNY_TX_DEPTH_DEFAULT;
	bd->config.rx_depth = BNY_RX_DEPTH_DEFAULT;
	bd->config.rx_buf_len = BNY_RX_MEM_MIN;
	bd->config.features = bny_netdev_features(bd, netdev->features);
	bny_rss_init(bd);

	bd->missed_base = bny_read64(bd, BNY_REG_AT(COUNTER, 2 * BNY_CNT_RX_DROP_BUFFERS));
	netif_carrier_off(netdev);
}
