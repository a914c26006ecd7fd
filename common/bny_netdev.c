// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: network device.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "bny_ethtool.h"
#include "bny_event.h"
#include "bny_hw.h"
#include "bny_netdev.h"
#include "bny_queues.h"
#include "bny_rss.h"
#include "bny_stats.h"
#include "bny_vector.h"

#define BNY_TX_DEPTH_DEFAULT	512
/* With buffers of a page, room for more than fifty coalesced packets: a TCP window of 3.5 MiB */
#define BNY_RX_DEPTH_DEFAULT	1024

#define BNY_FEAT_TX_ALL		(BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO | BNY_FEAT_TX_USO)

static int bny_open(struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);
	int err;

	err = bny_queues_open(bd);
	if (err)
		return err;
	bny_vectors_up(bd);
	/* Else the queues start when the function is ready, and the carrier says so */
	if (bd->state == BNY_STATE_READY)
		bny_queues_start(bd);
	bny_event(bd, BNY_EVENT_SETTINGS);
	return 0;
}

static int bny_stop(struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);

	bny_queues_stop(bd);
	bny_vectors_down(bd);
	bny_queues_close(bd);
	bny_event(bd, BNY_EVENT_SETTINGS);
	return 0;
}

static netdev_tx_t bny_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_queues *queues = rcu_dereference_bh(bd->queues);
	unsigned int queue = skb_get_queue_mapping(skb);

	/* Not every sender keeps to the number of queues, or hears in time that there are fewer */
	if (unlikely(!queues || queue >= queues->num)) {
		dev_core_stats_tx_dropped_inc(netdev);
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	return bny_tx_xmit(&queues->qp[queue]->tx, skb);
}

/* The other side is told later. If it refuses, the netdev gets the address before back */
static int bny_set_mac_address(struct net_device *netdev, void *addr)
{
	struct bny_dev *bd = netdev_priv(netdev);
	const struct sockaddr *sa = addr;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;

	netif_addr_lock_bh(netdev);
	eth_hw_addr_set(netdev, sa->sa_data);
	netif_addr_unlock_bh(netdev);
	bny_event(bd, BNY_EVENT_SETTINGS);
	return 0;
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
	bny_event(bd, BNY_EVENT_RX_MODE);
}

static unsigned long *bny_vlans_of(struct bny_dev *bd, __be16 proto)
{
	return proto == htons(ETH_P_8021AD) ? bd->stags : bd->ctags;
}

static bool bny_vlan_in_use(const struct bny_dev *bd, u16 vid)
{
	return test_bit(vid, bd->ctags) || test_bit(vid, bd->stags);
}

static unsigned int bny_vlans_in_use(const struct bny_dev *bd)
{
	unsigned int vid, count = 0;

	for_each_or_bit(vid, bd->ctags, bd->stags, VLAN_N_VID)
		count++;
	return count;
}

/* VID 0 is that of priority tags: their frames are in no VLAN */
static int bny_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct bny_dev *bd = netdev_priv(netdev);
	unsigned int max = READ_ONCE(bd->policy.vlan_max);

	if (!vid)
		return 0;
	if (!bny_vlan_in_use(bd, vid) && bny_vlans_in_use(bd) >= max) {
		netdev_err(netdev, "VLAN %u refused: %u are all that a VF may have that the host does not trust\n",
			   vid, max);
		return -ENOSPC;
	}
	set_bit(vid, bny_vlans_of(bd, proto));
	bny_event(bd, BNY_EVENT_RX_MODE);
	return 0;
}

static int bny_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct bny_dev *bd = netdev_priv(netdev);

	clear_bit(vid, bny_vlans_of(bd, proto));
	bny_event(bd, BNY_EVENT_RX_MODE);
	return 0;
}

/* Features of the device that go with those of the netdev: BNY_FEAT_*, a subset of CAPS */
static u32 bny_netdev_features(struct bny_dev *bd, netdev_features_t features)
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
	return bny_queues_change(bd, &config);
}

static void bny_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	struct bny_dev *bd = netdev_priv(netdev);

	netdev_err(netdev, "transmit queue %u hangs, resetting\n", txqueue);
	bny_event(bd, BNY_EVENT_RESET);
}

static int bny_set_vf_mac(struct net_device *netdev, int vf, u8 *mac)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->set_mac(bd, vf, mac) : -EOPNOTSUPP;
}

static int bny_set_vf_vlan(struct net_device *netdev, int vf, u16 vlan, u8 qos, __be16 proto)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->set_vlan(bd, vf, vlan, qos, proto) : -EOPNOTSUPP;
}

static int bny_set_vf_rate(struct net_device *netdev, int vf, int min, int max)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->set_rate(bd, vf, min, max) : -EOPNOTSUPP;
}

static int bny_set_vf_spoofchk(struct net_device *netdev, int vf, bool on)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->set_spoofchk(bd, vf, on) : -EOPNOTSUPP;
}

static int bny_set_vf_trust(struct net_device *netdev, int vf, bool trusted)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->set_trust(bd, vf, trusted) : -EOPNOTSUPP;
}

static int bny_set_vf_link_state(struct net_device *netdev, int vf, int state)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->set_link_state(bd, vf, state) : -EOPNOTSUPP;
}

static int bny_get_vf_config(struct net_device *netdev, int vf, struct ifla_vf_info *info)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->get_config(bd, vf, info) : -EOPNOTSUPP;
}

static int bny_get_vf_stats(struct net_device *netdev, int vf, struct ifla_vf_stats *stats)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->ops->vfs ? bd->ops->vfs->get_stats(bd, vf, stats) : -EOPNOTSUPP;
}

static const struct net_device_ops bny_netdev_ops = {
	.ndo_open		= bny_open,
	.ndo_stop		= bny_stop,
	.ndo_start_xmit		= bny_start_xmit,
	.ndo_features_check	= bny_features_check,
	.ndo_set_rx_mode	= bny_set_rx_mode,
	.ndo_set_mac_address	= bny_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_change_mtu		= bny_change_mtu,
	.ndo_tx_timeout		= bny_tx_timeout,
	.ndo_get_stats64	= bny_get_stats64,
	.ndo_set_features	= bny_set_features,
	.ndo_vlan_rx_add_vid	= bny_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid	= bny_vlan_rx_kill_vid,
	.ndo_set_vf_mac		= bny_set_vf_mac,
	.ndo_set_vf_vlan	= bny_set_vf_vlan,
	.ndo_set_vf_rate	= bny_set_vf_rate,
	.ndo_set_vf_spoofchk	= bny_set_vf_spoofchk,
	.ndo_set_vf_trust	= bny_set_vf_trust,
	.ndo_set_vf_link_state	= bny_set_vf_link_state,
	.ndo_get_vf_config	= bny_get_vf_config,
	.ndo_get_vf_stats	= bny_get_vf_stats,
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
 *
 * Return: 0 or -errno.
 */
int bny_netdev_init(struct bny_dev *bd)
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
	if (bd->ops->vlan_filter)
		netdev->features |= NETIF_F_HW_VLAN_CTAG_FILTER | NETIF_F_HW_VLAN_STAG_FILTER;
	netdev->priv_flags |= IFF_UNICAST_FLT;

	bd->config.queue_pairs = min_t(unsigned int, bd->queue_pairs_max,
				       netif_get_num_default_rss_queues());
	bd->config.tx_depth = BNY_TX_DEPTH_DEFAULT;
	bd->config.rx_depth = BNY_RX_DEPTH_DEFAULT;
	bd->config.rx_buf_len = BNY_RX_MEM_MIN;
	bd->config.features = bny_netdev_features(bd, netdev->features);
	bny_rss_init(bd);
	bny_stats_init(bd);

	netif_carrier_off(netdev);
	return netif_set_real_num_queues(netdev, bd->config.queue_pairs, bd->config.queue_pairs);
}
