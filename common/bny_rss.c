// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: receive side scaling (datasheet, chapter "Receive side scaling").
 */
#include <linux/unaligned.h>

#include "bny_rss.h"

#define BNY_RSS_TYPES_ALL	(BNY_RSS_TYPE_IPV4 | BNY_RSS_TYPE_TCPV4 | BNY_RSS_TYPE_UDPV4 | \
				 BNY_RSS_TYPE_IPV6 | BNY_RSS_TYPE_TCPV6 | BNY_RSS_TYPE_UDPV6)

#define BNY_RXH_ADDRESSES	(RXH_IP_SRC | RXH_IP_DST)
#define BNY_RXH_PORTS		(RXH_L4_B_0_1 | RXH_L4_B_2_3)

/**
 * bny_rss_spread() - fill the indirection table evenly, unless the user has set it
 * @bd: the function
 * @queue_pairs: in use
 */
void bny_rss_spread(struct bny_dev *bd, unsigned int queue_pairs)
{
	unsigned int i;

	if (netif_is_rxfh_configured(bd->netdev))
		return;
	for (i = 0; i < BNY_RSS_TABLE_LEN; i++)
		bd->rss->table[i] = ethtool_rxfh_indir_default(i, queue_pairs);
}

/**
 * bny_rss_init() - choose key, table and hash types
 * @bd: the function
 */
void bny_rss_init(struct bny_dev *bd)
{
	netdev_rss_key_fill(bd->rss->key, sizeof(bd->rss->key));
	bd->rss->types = BNY_RSS_TYPES_ALL;
	bny_rss_spread(bd, bd->config.queue_pairs);
}

/**
 * bny_rss_write() - write key, table and hash types to the device
 * @bd: the function
 */
void bny_rss_write(struct bny_dev *bd)
{
	const struct bny_rss *rss = bd->rss;
	unsigned int i;

	if (!(bd->config.features & BNY_FEAT_RX_HASH))
		return;

	for (i = 0; i < BNY_REG_COUNT_RSS_KEY; i++)
		bny_write(bd, BNY_REG_AT(RSS_KEY, i),
			  get_unaligned_le32(&rss->key[i * sizeof(u32)]));
	for (i = 0; i < BNY_REG_COUNT_RSS_TABLE; i++)
		bny_write(bd, BNY_REG_AT(RSS_TABLE, i),
			  get_unaligned_le32(&rss->table[i * sizeof(u32)]));
	bny_write(bd, BNY_REG_RSS_CTRL,
		  BNY_RSS_ENABLE | FIELD_PREP(BNY_RSS_TYPES, rss->types));
}

/**
 * bny_rss_get_key_size() - ethtool's get_rxfh_key_size
 * @netdev: network device
 *
 * Return: bytes of the key.
 */
u32 bny_rss_get_key_size(struct net_device *netdev)
{
	return BNY_RSS_KEY_LEN;
}

/**
 * bny_rss_get_indir_size() - ethtool's get_rxfh_indir_size
 * @netdev: network device
 *
 * Return: entries of the indirection table.
 */
u32 bny_rss_get_indir_size(struct net_device *netdev)
{
	return BNY_RSS_TABLE_LEN;
}

/**
 * bny_rss_get() - ethtool's get_rxfh
 * @netdev: network device
 * @rxfh: filled in
 *
 * Return: 0.
 */
int bny_rss_get(struct net_device *netdev, struct ethtool_rxfh_param *rxfh)
{
	struct bny_dev *bd = netdev_priv(netdev);
	unsigned int i;

	rxfh->hfunc = ETH_RSS_HASH_TOP;
	if (rxfh->key)
		memcpy(rxfh->key, bd->rss->key, sizeof(bd->rss->key));
	if (rxfh->indir)
		for (i = 0; i < BNY_RSS_TABLE_LEN; i++)
			rxfh->indir[i] = bd->rss->table[i];
	return 0;
}

/**
 * bny_rss_set() - ethtool's set_rxfh
 * @netdev: network device
 * @rxfh: key, table or both
 * @extack: for the reason of a refusal
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int bny_rss_set(struct net_device *netdev, struct ethtool_rxfh_param *rxfh,
		struct netlink_ext_ack *extack)
{
	struct bny_dev *bd = netdev_priv(netdev);
	unsigned int i;

	if (!(bd->config.features & BNY_FEAT_RX_HASH) ||
	    (rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE && rxfh->hfunc != ETH_RSS_HASH_TOP)) {
		NL_SET_ERR_MSG(extack, "the device has the Toeplitz hash only, or none");
		return -EOPNOTSUPP;
	}

	if (rxfh->key)
		memcpy(bd->rss->key, rxfh->key, sizeof(bd->rss->key));
	if (rxfh->indir)
		for (i = 0; i < BNY_RSS_TABLE_LEN; i++)
			bd->rss->table[i] = rxfh->indir[i];
	bny_rss_write(bd);
	return 0;
}

/* The hash type of a flow that has ports, 0: of another that is hashed, or -EINVAL */
static int bny_rss_flow_type(u32 flow_type)
{
	switch (flow_type) {
	case TCP_V4_FLOW:
		return BNY_RSS_TYPE_TCPV4;
	case UDP_V4_FLOW:
		return BNY_RSS_TYPE_UDPV4;
	case TCP_V6_FLOW:
		return BNY_RSS_TYPE_TCPV6;
	case UDP_V6_FLOW:
		return BNY_RSS_TYPE_UDPV6;
	case SCTP_V4_FLOW:
	case AH_ESP_V4_FLOW:
	case AH_V4_FLOW:
	case ESP_V4_FLOW:
	case IPV4_FLOW:
	case SCTP_V6_FLOW:
	case AH_ESP_V6_FLOW:
	case AH_V6_FLOW:
	case ESP_V6_FLOW:
	case IPV6_FLOW:
		return 0;
	default:
		return -EINVAL;
	}
}

/**
 * bny_rss_get_rx_ring_count() - ethtool's get_rx_ring_count
 * @netdev: network device
 *
 * Return: queues that the indirection table may name.
 */
u32 bny_rss_get_rx_ring_count(struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return bd->config.queue_pairs;
}

/**
 * bny_rss_get_fields() - ethtool's get_rxfh_fields: what of a flow is hashed
 * @netdev: network device
 * @fields: question and answer
 *
 * Return: 0, or -EINVAL for a flow type that isn't known.
 */
int bny_rss_get_fields(struct net_device *netdev, struct ethtool_rxfh_fields *fields)
{
	struct bny_dev *bd = netdev_priv(netdev);
	int type = bny_rss_flow_type(fields->flow_type);

	if (type < 0)
		return type;
	fields->data = BNY_RXH_ADDRESSES;
	if (type & bd->rss->types)
		fields->data |= BNY_RXH_PORTS;
	return 0;
}

/**
 * bny_rss_set_fields() - ethtool's set_rxfh_fields: hash a flow with its ports or without
 * @netdev: network device
 * @fields: flow type and what to hash of it
 * @extack: for the reason of a refusal
 *
 * Return: 0, -EINVAL for a flow type that isn't known, -EOPNOTSUPP for other fields.
 */
int bny_rss_set_fields(struct net_device *netdev, const struct ethtool_rxfh_fields *fields,
		       struct netlink_ext_ack *extack)
{
	bool ports = fields->data == (BNY_RXH_ADDRESSES | BNY_RXH_PORTS);
	struct bny_dev *bd = netdev_priv(netdev);
	int type = bny_rss_flow_type(fields->flow_type);

	if (type < 0)
		return type;
	if (!(bd->config.features & BNY_FEAT_RX_HASH) || (ports && !type) ||
	    (!ports && fields->data != BNY_RXH_ADDRESSES)) {
		NL_SET_ERR_MSG(extack, "only addresses are hashed, and TCP's and UDP's ports");
		return -EOPNOTSUPP;
	}
	if (ports)
		bd->rss->types |= type;
	else
		bd->rss->types &= ~type;
	bny_rss_write(bd);
	return 0;
}
