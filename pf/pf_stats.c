// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: statistics of VFs, which the device counts, whatever the VF does (datasheet, chapters
 * "Counters" and "Control queue").
 */
#include "bny_ctrl.h"
#include "pf.h"

static u64 bny_vf_count(const __le64 *counters, enum bny_counter counter)
{
	return le64_to_cpu(counters[counter]);
}

static int bny_vf_read_stats(struct bny_pf *pf, u16 func, struct ifla_vf_stats *stats)
{
	__le64 c[BNY_CNT_COUNT] = {};
	int ret;

	ret = bny_ctrlq_get(&pf->ctrlq, BNY_CTRL_GET_COUNTERS, func, c, sizeof(c));
	if (ret < 0)
		return ret;

	stats->rx_packets = bny_vf_count(c, BNY_CNT_RX_PACKETS);
	stats->rx_bytes = bny_vf_count(c, BNY_CNT_RX_BYTES);
	stats->multicast = bny_vf_count(c, BNY_CNT_RX_MULTICAST);
	stats->broadcast = bny_vf_count(c, BNY_CNT_RX_BROADCAST);
	stats->rx_dropped = bny_vf_count(c, BNY_CNT_RX_DROP_BUFFERS) +
			    bny_vf_count(c, BNY_CNT_RX_DROP_LINK) +
			    bny_vf_count(c, BNY_CNT_RX_DROP_LENGTH);
	stats->tx_packets = bny_vf_count(c, BNY_CNT_TX_PACKETS);
	stats->tx_bytes = bny_vf_count(c, BNY_CNT_TX_BYTES);
	stats->tx_dropped = bny_vf_count(c, BNY_CNT_TX_DROP_LINK) +
			    bny_vf_count(c, BNY_CNT_TX_DROP_HEADERS) +
			    bny_vf_count(c, BNY_CNT_TX_DROP_NOBODY) +
			    bny_vf_count(c, BNY_CNT_TX_DROP_SPOOF) +
			    bny_vf_count(c, BNY_CNT_TX_DROP_VLAN);
	return 0;
}

/**
 * bny_vf_begin_stats() - count a VF's traffic from here on
 * @pf: PF
 * @vf_id: number of the VF
 * @vf: the VF, new. The device counts from power-on, other VFs of this number too
 *
 * Without an answer of the device it is counted from there on, as is a VF that was there before
 * this driver.
 */
void bny_vf_begin_stats(struct bny_pf *pf, unsigned int vf_id, struct bny_vf *vf)
{
	if (!bny_vf_read_stats(pf, BNY_FUNC_VF(vf_id), &vf->stats_base))
		vf->stats = vf->stats_base;
}

/**
 * bny_pf_get_vf_stats() - ndo_get_vf_stats: what "ip -s link show" counts of a VF
 * @bd: PF
 * @vf_id: number of the VF
 * @info: out. While the device can't be asked, what it said last
 *
 * Return: 0, -EINVAL if there is no such VF.
 */
int bny_pf_get_vf_stats(struct bny_dev *bd, int vf_id, struct ifla_vf_stats *info)
{
	struct bny_pf *pf = bd->priv;
	const struct ifla_vf_stats *base;
	struct bny_vf *vf;
	int err = -EINVAL;

	mutex_lock(&pf->lock);
	if (vf_id < 0 || vf_id >= pf->num_vfs)
		goto out_unlock;

	vf = &pf->vfs[vf_id];
	base = &vf->stats_base;
	bny_vf_read_stats(pf, BNY_FUNC_VF(vf_id), &vf->stats);
	info->rx_packets = vf->stats.rx_packets - base->rx_packets;
	info->rx_bytes = vf->stats.rx_bytes - base->rx_bytes;
	info->multicast = vf->stats.multicast - base->multicast;
	info->broadcast = vf->stats.broadcast - base->broadcast;
	info->rx_dropped = vf->stats.rx_dropped - base->rx_dropped;
	info->tx_packets = vf->stats.tx_packets - base->tx_packets;
	info->tx_bytes = vf->stats.tx_bytes - base->tx_bytes;
	info->tx_dropped = vf->stats.tx_dropped - base->tx_dropped;
	err = 0;

out_unlock:
	mutex_unlock(&pf->lock);
	return err;
}
