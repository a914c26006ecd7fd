/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: what the files of banyan_core share among themselves.
 */
#ifndef BNY_CORE_H
#define BNY_CORE_H

#include <linux/ethtool.h>
#include <linux/seqlock.h>
#include <linux/unaligned.h>
#include <net/netdev_queues.h>

#include "bny.h"
#include "bny_ring.h"

#define BNY_TX_DEPTH_DEFAULT	512
/* With buffers of a page, room for more than fifty coalesced packets: a TCP window of 3.5 MiB */
#define BNY_RX_DEPTH_DEFAULT	1024

/**
 * struct bny_vector - MSI-X vector
 * @bd: the function
 * @qps: queue pairs that it serves, a list through &bny_qp.vector_next; %NULL while none runs
 * @irq: Linux interrupt number
 * @name: in /proc/interrupts
 */
struct bny_vector {
	struct bny_dev *bd;
	struct bny_qp *qps;
	int irq;
	char name[IFNAMSIZ + 16];
};

/**
 * struct bny_retired - statistics of rings that were freed
 * @lock: makes the move from a set of rings to here one step for readers
 * @xmit: transmit rings
 * @done: transmit rings
 * @rx: receive rings
 */
struct bny_retired {
	seqlock_t lock;
	struct bny_tx_xmit_stats xmit;
	struct bny_tx_done_stats done;
	struct bny_rx_stats rx;
};

/**
 * struct bny_rss - receive side scaling, as set by ethtool
 * @key: Toeplitz key
 * @table: indirection table
 * @types: BNY_RSS_TYPE_* that are hashed as such. Ports are in the hash of those that have some;
 *	where such a type is off, the addresses alone are
 */
struct bny_rss {
	u8 key[BNY_RSS_KEY_LEN];
	u8 table[BNY_RSS_TABLE_LEN];
	u8 types;
};

static_assert(sizeof(((struct bny_rss *)NULL)->key) % sizeof(u32) == 0);

/* bny_hw.c */
int bny_hw_check(struct pci_dev *pdev, u8 __iomem *regs, unsigned int *queue_pairs);
int bny_hw_reset(struct bny_dev *bd);
void bny_hw_identify(struct bny_dev *bd);
void bny_hw_set_max_frame(struct bny_dev *bd, unsigned int mtu);
void bny_hw_set_moderation(struct bny_dev *bd);
void bny_hw_configure(struct bny_dev *bd);
void bny_hw_qp_enable(struct bny_dev *bd, struct bny_qp *qp);
void bny_hw_qp_disable(struct bny_dev *bd, unsigned int index);
void bny_vanish(struct bny_dev *bd);
bool bny_reappear(struct bny_dev *bd);

/* bny_irq.c */
int bny_irq_alloc(struct bny_dev *bd);
void bny_irq_free(struct bny_dev *bd);
void bny_irq_up(struct bny_dev *bd);
void bny_irq_down(struct bny_dev *bd);
void bny_irq_connect(struct bny_dev *bd, struct bny_rings *rings);
void bny_irq_disconnect(struct bny_dev *bd);
void bny_irq_causes_enable(struct bny_dev *bd);
void bny_irq_causes_disable(struct bny_dev *bd);
unsigned int bny_irq_vector(struct bny_dev *bd, unsigned int qp);
void bny_link_check(struct bny_dev *bd);

/* bny_netdev.c */
u32 bny_netdev_features(struct bny_dev *bd, netdev_features_t features);
void bny_netdev_init(struct bny_dev *bd);
int bny_rx_mode_apply(struct bny_dev *bd);
void bny_rx_mode_work(struct work_struct *work);

/* bny_reset.c */
int bny_func_init(struct bny_dev *bd);
void bny_freeze(struct bny_dev *bd);
int bny_thaw(struct bny_dev *bd);
void bny_reset_init(struct bny_dev *bd);
void bny_error_report(struct bny_dev *bd);

/* bny_rss.c */
void bny_rss_init(struct bny_dev *bd);
void bny_rss_spread(struct bny_dev *bd, unsigned int queue_pairs);
void bny_rss_write(struct bny_dev *bd);
u32 bny_rss_get_key_size(struct net_device *netdev);
u32 bny_rss_get_indir_size(struct net_device *netdev);
int bny_rss_get(struct net_device *netdev, struct ethtool_rxfh_param *rxfh);
int bny_rss_set(struct net_device *netdev, struct ethtool_rxfh_param *rxfh,
		struct netlink_ext_ack *extack);
u32 bny_rss_get_rx_ring_count(struct net_device *netdev);
int bny_rss_get_fields(struct net_device *netdev, struct ethtool_rxfh_fields *fields);
int bny_rss_set_fields(struct net_device *netdev, const struct ethtool_rxfh_fields *fields,
		       struct netlink_ext_ack *extack);

/* bny_stats.c */
extern const struct netdev_stat_ops bny_stat_ops;
void bny_stats_retire(struct bny_dev *bd, struct bny_rings *rings);
void bny_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats);

/* bny_ethtool.c */
extern const struct ethtool_ops bny_ethtool_ops;

#endif /* BNY_CORE_H */
