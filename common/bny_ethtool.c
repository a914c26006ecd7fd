// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: ethtool.
 */
#include <linux/ethtool.h>
#include <linux/linkmode.h>

#include "bny_ethtool.h"
#include "bny_queues.h"
#include "bny_rss.h"

#define BNY_COUNTER_ENTRY(NAME, name, ...) { BNY_CNT_##NAME, #name },

static const struct bny_counter_entry {
	u32 index;
	const char *name;
} bny_counters[] = {
	BNY_COUNTERS(BNY_COUNTER_ENTRY)
};

/* What ethtool -d shows: where each register lies, up to the PF's own blocks */
#define BNY_DUMP_ENTRY(name, ...) \
	{ BNY_REG_##name, BNY_REG_STRIDE_##name, BNY_REG_COUNT_##name },

static const struct bny_dump_entry {
	u32 offset;
	u32 stride;
	u32 count;
} bny_dump_regs[] = {
	BNY_REGS(BNY_DUMP_ENTRY)
};

/* Registers of a function that has vanished, is reset or asleep aren't to be touched */
static int bny_ethtool_begin(struct net_device *netdev)
{
	struct bny_dev *bd = netdev_priv(netdev);

	return READ_ONCE(bd->regs) ? 0 : -ENODEV;
}

static void bny_get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct bny_dev *bd = netdev_priv(netdev);
	u32 version = bny_read(bd, BNY_REG_VERSION);

	strscpy(info->driver, bd->ops->name, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(bd->pdev), sizeof(info->bus_info));
	snprintf(info->fw_version, sizeof(info->fw_version), "interface %lu.%lu",
		 FIELD_GET(BNY_VERSION_MAJOR, version), FIELD_GET(BNY_VERSION_MINOR, version));
}

/* The uplink is the PF's; a VF has a port of the switch, which is made of nothing */
static bool bny_has_port(const struct bny_dev *bd)
{
	return bd->ops->vfs;
}

/* As a port of this speed with a copper cable (IEEE 802.3, clauses 91 and 92) */
static void bny_get_port_modes(struct ethtool_link_ksettings *ks)
{
	linkmode_set_bit(ETHTOOL_LINK_MODE_100000baseCR4_Full_BIT, ks->link_modes.supported);
	linkmode_set_bit(ETHTOOL_LINK_MODE_FIBRE_BIT, ks->link_modes.supported);
	linkmode_set_bit(ETHTOOL_LINK_MODE_FEC_RS_BIT, ks->link_modes.supported);
	linkmode_copy(ks->link_modes.advertising, ks->link_modes.supported);
	ks->base.port = PORT_DA;
}

static int bny_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *ks)
{
	struct bny_dev *bd = netdev_priv(netdev);
	u32 speed = READ_ONCE(bd->link_speed);

	ethtool_link_ksettings_zero_link_mode(ks, supported);
	ethtool_link_ksettings_zero_link_mode(ks, advertising);
	ks->base.speed = speed ?: SPEED_UNKNOWN;
	ks->base.duplex = speed ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	ks->base.port = PORT_OTHER;
	ks->base.autoneg = AUTONEG_DISABLE;
	if (bny_has_port(bd))
		bny_get_port_modes(ks);
	return 0;
}

/* Nobody is asked to pause: a frame without a buffer is dropped */
static void bny_get_pauseparam(struct net_device *netdev, struct ethtool_pauseparam *pause)
{
	pause->autoneg = AUTONEG_DISABLE;
	pause->rx_pause = 0;
	pause->tx_pause = 0;
}

static int bny_get_fecparam(struct net_device *netdev, struct ethtool_fecparam *fec)
{
	struct bny_dev *bd = netdev_priv(netdev);

	if (!bny_has_port(bd))
		return -EOPNOTSUPP;
	fec->fec = ETHTOOL_FEC_RS;
	fec->active_fec = ETHTOOL_FEC_RS;
	return 0;
}

static void bny_get_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	struct bny_dev *bd = netdev_priv(netdev);

	ring->rx_max_pending = BNY_RING_DEPTH_MAX;
	ring->tx_max_pending = BNY_RING_DEPTH_MAX;
	ring->rx_pending = bd->config.rx_depth;
	ring->tx_pending = bd->config.tx_depth;
	kernel_ring->rx_buf_len = bd->config.rx_buf_len;
}

static int bny_depth(u32 pending, const char *ring, unsigned int *depth,
		     struct netlink_ext_ack *extack)
{
	if (pending < BNY_RING_DEPTH_MIN || pending > BNY_RING_DEPTH_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "%s ring of %u, allowed are %u to %u", ring, pending,
				   BNY_RING_DEPTH_MIN, BNY_RING_DEPTH_MAX);
		return -EINVAL;
	}
	/* The next power of two is what the user gets, and sees with -g */
	*depth = roundup_pow_of_two(pending);
	return 0;
}

static int bny_set_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			     struct kernel_ethtool_ringparam *kernel_ring,
			     struct netlink_ext_ack *extack)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_config config = bd->config;
	u32 len = kernel_ring->rx_buf_len;
	int err;

	err = bny_depth(ring->tx_pending, "transmit", &config.tx_depth, extack);
	if (err)
		return err;
	err = bny_depth(ring->rx_pending, "receive", &config.rx_depth, extack);
	if (err)
		return err;
	if (len && (len < BNY_RX_MEM_MIN || len > BNY_RX_MEM_MAX || !is_power_of_2(len))) {
		NL_SET_ERR_MSG_FMT(extack, "buffers of %u, allowed are powers of two, %lu to %u",
				   len, BNY_RX_MEM_MIN, BNY_RX_MEM_MAX);
		return -EINVAL;
	}
	if (len)
		config.rx_buf_len = len;

	return bny_queues_change(bd, &config);
}

static void bny_get_channels(struct net_device *netdev, struct ethtool_channels *channels)
{
	struct bny_dev *bd = netdev_priv(netdev);

	channels->max_combined = bd->queue_pairs_max;
	channels->combined_count = bd->config.queue_pairs;
}

static int bny_set_channels(struct net_device *netdev, struct ethtool_channels *channels)
{
	struct bny_dev *bd = netdev_priv(netdev);
	struct bny_config config = bd->config;

	/* The core has compared it with the maximum and with the indirection table */
	config.queue_pairs = channels->combined_count;
	return bny_queues_change(bd, &config);
}

static int bny_get_coalesce(struct net_device *netdev, struct ethtool_coalesce *coal,
			    struct kernel_ethtool_coalesce *kernel_coal,
			    struct netlink_ext_ack *extack)
{
	struct bny_dev *bd = netdev_priv(netdev);

	coal->rx_coalesce_usecs = FIELD_GET(BNY_MODERATION_USECS, bd->moderation);
	coal->rx_max_coalesced_frames = FIELD_GET(BNY_MODERATION_FRAMES, bd->moderation);
	return 0;
}

static int bny_set_coalesce(struct net_device *netdev, struct ethtool_coalesce *coal,
			    struct kernel_ethtool_coalesce *kernel_coal,
			    struct netlink_ext_ack *extack)
{
	struct bny_dev *bd = netdev_priv(netdev);

	if (!FIELD_FIT(BNY_MODERATION_USECS, coal->rx_coalesce_usecs) ||
	    !FIELD_FIT(BNY_MODERATION_FRAMES, coal->rx_max_coalesced_frames)) {
		NL_SET_ERR_MSG_FMT(extack, "at most %lu usecs and %lu frames",
				   FIELD_MAX(BNY_MODERATION_USECS),
				   FIELD_MAX(BNY_MODERATION_FRAMES));
		return -ERANGE;
	}
	if (coal->rx_max_coalesced_frames && !coal->rx_coalesce_usecs) {
		NL_SET_ERR_MSG(extack, "rx-frames cuts a wait short: give rx-usecs too");
		return -EINVAL;
	}
	bny_queues_set_moderation(bd, FIELD_PREP(BNY_MODERATION_USECS, coal->rx_coalesce_usecs) |
				  FIELD_PREP(BNY_MODERATION_FRAMES, coal->rx_max_coalesced_frames));
	return 0;
}

static int bny_get_sset_count(struct net_device *netdev, int sset)
{
	return sset == ETH_SS_STATS ? ARRAY_SIZE(bny_counters) : -EOPNOTSUPP;
}

static void bny_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(bny_counters); i++)
		ethtool_puts(&data, bny_counters[i].name);
}

static void bny_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data)
{
	struct bny_dev *bd = netdev_priv(netdev);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bny_counters); i++)
		data[i] = bny_read64(bd, BNY_REG_AT(COUNTER, 2 * bny_counters[i].index));
}

/* Register dump: an image of BAR 0 up to where the PF's own blocks begin */
static int bny_get_regs_len(struct net_device *netdev)
{
	return BNY_REGS_PF_ONLY;
}

static void bny_get_regs(struct net_device *netdev, struct ethtool_regs *regs, void *data)
{
	struct bny_dev *bd = netdev_priv(netdev);
	__le32 *image = data;
	unsigned int i, j;

	regs->version = bny_read(bd, BNY_REG_VERSION);

	for (i = 0; i < ARRAY_SIZE(bny_dump_regs); i++) {
		const struct bny_dump_entry *reg = &bny_dump_regs[i];
		u32 offset = reg->offset;

		if (offset >= BNY_REGS_PF_ONLY)
			break;
		for (j = 0; j < reg->count; j++, offset += reg->stride)
			image[offset / sizeof(*image)] = cpu_to_le32(bny_read(bd, offset));
	}
}

const struct ethtool_ops bny_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_USECS | ETHTOOL_COALESCE_RX_MAX_FRAMES,
	.supported_ring_params	= ETHTOOL_RING_USE_RX_BUF_LEN,
	.begin			= bny_ethtool_begin,
	.get_drvinfo		= bny_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= bny_get_link_ksettings,
	.get_pauseparam		= bny_get_pauseparam,
	.get_fecparam		= bny_get_fecparam,
	.get_ringparam		= bny_get_ringparam,
	.set_ringparam		= bny_set_ringparam,
	.get_channels		= bny_get_channels,
	.set_channels		= bny_set_channels,
	.get_coalesce		= bny_get_coalesce,
	.set_coalesce		= bny_set_coalesce,
	.get_sset_count		= bny_get_sset_count,
	.get_strings		= bny_get_strings,
	.get_ethtool_stats	= bny_get_ethtool_stats,
	.get_regs_len		= bny_get_regs_len,
	.get_regs		= bny_get_regs,
	.get_rx_ring_count	= bny_rss_get_rx_ring_count,
	.get_rxfh_key_size	= bny_rss_get_key_size,
	.get_rxfh_indir_size	= bny_rss_get_indir_size,
	.get_rxfh		= bny_rss_get,
	.set_rxfh		= bny_rss_set,
	.get_rxfh_fields	= bny_rss_get_fields,
	.set_rxfh_fields	= bny_rss_set_fields,
	.get_ts_info		= ethtool_op_get_ts_info,
};
