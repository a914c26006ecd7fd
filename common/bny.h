/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: what banyan_core, banyan (PF) and banyanvf (VF) share.
 *
 * banyan_core owns the PCI function, its interrupts, rings, netdev and ethtool face. What differs
 * between PF and VF goes through struct bny_func_ops, which is never called on the datapath.
 */
#ifndef BNY_H
#define BNY_H

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "bny_counters.h"
#include "bny_desc.h"
#include "bny_pci.h"
#include "bny_regs.h"

struct bny_dev;
struct bny_drops;
struct bny_mbox;
struct bny_queues;
struct bny_retired;
struct bny_rss;
struct bny_vector;

/**
 * struct bny_rx_mode - addresses and modes that a function wants to receive
 * @promisc: all frames
 * @allmulti: all multicast frames
 * @vlan_count: VLANs in @vlans
 * @vlans: the VLANs that it is in, whatever the TPID, a bit for each VLAN ID
 * @uc_count: secondary unicast addresses in @uc
 * @mc_count: group addresses in @mc
 * @uc: secondary unicast addresses (the netdev's own is not among them)
 * @mc: group addresses
 */
struct bny_rx_mode {
	bool promisc;
	bool allmulti;
	unsigned int vlan_count;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
	unsigned int uc_count;
	unsigned int mc_count;
	u8 (*uc)[ETH_ALEN];
	u8 (*mc)[ETH_ALEN];
};

/**
 * struct bny_vf_ops - the netdev operations of the PF that are about a VF, under the RTNL
 * @set_mac: ndo_set_vf_mac
 * @set_vlan: ndo_set_vf_vlan
 * @set_rate: ndo_set_vf_rate
 * @set_spoofchk: ndo_set_vf_spoofchk
 * @set_trust: ndo_set_vf_trust
 * @set_link_state: ndo_set_vf_link_state
 * @get_config: ndo_get_vf_config
 * @get_stats: ndo_get_vf_stats
 */
struct bny_vf_ops {
	int (*set_mac)(struct bny_dev *bd, int vf, const u8 *mac);
	int (*set_vlan)(struct bny_dev *bd, int vf, u16 vlan, u8 qos, __be16 proto);
	int (*set_rate)(struct bny_dev *bd, int vf, int min, int max);
	int (*set_spoofchk)(struct bny_dev *bd, int vf, bool on);
	int (*set_trust)(struct bny_dev *bd, int vf, bool trusted);
	int (*set_link_state)(struct bny_dev *bd, int vf, int state);
	int (*get_config)(struct bny_dev *bd, int vf, struct ifla_vf_info *info);
	int (*get_stats)(struct bny_dev *bd, int vf, struct ifla_vf_stats *stats);
};

/**
 * struct bny_func_ops - what differs between PF and VF
 * @name: driver name, as in ethtool -i
 * @irq_causes: BNY_IRQ_* that @admin_irq wants. LINK and ERROR are handled by the core, wanted
 *	or not
 * @vlan_filter: it gets frames only of the VLANs that @set_rx_mode asks for
 * @attach: once in probe, before the first reset: allocate &bny_dev.mbox, &bny_dev.priv; see what
 *	an earlier driver has left in the registers
 * @detach: once in remove, last: interrupts and work have ended. Undoes @attach
 * @init: after each hardware reset, interrupt of @irq_causes enabled, no ring running; and when the
 *	other side has lost the settings. A VF says HELLO, the PF sets up its VEB and its policy.
 *	May lower the values in &bny_dev.policy, which the core has filled from the registers
 *	before. All settings follow
 * @fini: before the function is taken down for good (remove, shutdown). Registers may be gone
 * @set_mac: receive frames to this unicast address in place of the one before; also after @init
 * @set_rx_mode: replace addresses and modes; also after @init
 * @set_up: the netdev was opened or stopped; also after @init
 * @admin_irq: handle these of @irq_causes, whose latches are cleared already
 * @reset_prepare: the function is about to be reset, or has been. May be %NULL
 * @flr_done: the PCI core has reset the function, and it runs again, or needs another try; no lock
 *	is held but the PCI device's. May be %NULL
 * @vfs: of the PF: what the host sets and asks of its VFs. %NULL in a VF
 *
 * All but those of @vfs are called in process context, without the RTNL or another lock of the
 * core, and one at a time: by the service work, or while that is disabled. So they may wait for the
 * other side, which must not wait for them.
 */
struct bny_func_ops {
	const char *name;
	u32 irq_causes;
	bool vlan_filter;
	int (*attach)(struct bny_dev *bd);
	void (*detach)(struct bny_dev *bd);
	int (*init)(struct bny_dev *bd);
	void (*fini)(struct bny_dev *bd);
	int (*set_mac)(struct bny_dev *bd, const u8 *addr);
	int (*set_rx_mode)(struct bny_dev *bd, const struct bny_rx_mode *mode);
	int (*set_up)(struct bny_dev *bd, bool up);
	void (*admin_irq)(struct bny_dev *bd, u32 causes);
	void (*reset_prepare)(struct bny_dev *bd);
	void (*flr_done)(struct bny_dev *bd);
	const struct bny_vf_ops *vfs;
};

/**
 * struct bny_policy - limits of a function: from its registers, lowered by its ops' init
 * @mac: permanent address, all zeroes if it has none
 * @max_mtu: largest MTU, bytes
 * @queue_pairs: queue pairs it may use
 * @vlan_max: VLANs it may be in
 */
struct bny_policy {
	u8 mac[ETH_ALEN];
	u16 max_mtu;
	u16 queue_pairs;
	u16 vlan_max;
};

/**
 * enum bny_state - what the function is up to
 * @BNY_STATE_BROKEN: it can't work: before it is initialised, or when it was found not to do what
 *	it should; rings are stopped, it isn't bus master, the service work tries to bring it back
 * @BNY_STATE_READY: it works; rings run if the netdev is up
 * @BNY_STATE_FROZEN: someone else resets it, or powers it down: rings are stopped, its registers
 *	aren't touched
 *
 * It has a carrier in BNY_STATE_READY alone.
 */
enum bny_state {
	BNY_STATE_BROKEN,
	BNY_STATE_READY,
	BNY_STATE_FROZEN,
};

/**
 * struct bny_told - settings that the other side (PF: the VEB, VF: the PF) was told last
 * @mac: unicast address, all zeroes: none
 * @up: the netdev is open
 */
struct bny_told {
	u8 mac[ETH_ALEN];
	bool up;
};

/**
 * struct bny_backoff - when the service work tries again what has failed
 * @waiting: it is to
 * @at: then, jiffies
 * @resets: resets in a row, each soon after the one before
 * @last: when the last one was, jiffies
 * @looks: how often it has looked for the other side in vain
 */
struct bny_backoff {
	bool waiting;
	unsigned long at;
	unsigned int resets;
	unsigned long last;
	unsigned int looks;
};

/**
 * struct bny_config - what ethtool sets; of the rings in use, or of the next ones
 * @queue_pairs: queue pairs
 * @tx_depth: descriptors of a transmit ring, a power of two
 * @rx_depth: descriptors of a receive ring, a power of two
 * @rx_buf_len: memory of a receive buffer, bytes: a power of two, at least a page
 * @features: BNY_FEAT_* to enable
 */
struct bny_config {
	unsigned int queue_pairs;
	unsigned int tx_depth;
	unsigned int rx_depth;
	unsigned int rx_buf_len;
	u32 features;
};

/**
 * struct bny_dev - one Banyan function; the netdev's private data and the PCI device's drvdata
 * @regs: BAR 0, %NULL while nobody may touch it; go through bny_read() and bny_write()
 * @regs_map: BAR 0, as long as the driver is bound
 * @db: BAR 2, a page each queue pair
 * @queues: queues in use, %NULL while the netdev is down; changed under the RTNL
 * @running: @queues are enabled in the device; under the RTNL
 * @config: of @queues, or of those to come
 * @netdev: network device
 * @pdev: PCI function
 * @ops: PF or VF
 * @priv: what @ops keep
 * @mbox: mailbox transport (bny_mbox.h)
 * @rss: hash key and indirection table
 * @vectors: MSI-X vectors, @num_vectors of them; the first is the administrative one
 * @num_vectors: 1 and up; queue pairs share them if there are few
 * @num_vectors_up: of these, how many have their interrupt requested
 * @state: changed under the RTNL, by whoever may call @ops
 * @generation: GENERATION after the last reset that the driver has seen through
 * @caps: CAPS, first instance
 * @queue_pairs_max: LIMITS.queue_pairs and policy together
 * @moderation: QP_MODERATION of every queue pair
 * @link_speed: Mb/s, 0 while the link is down
 * @retired: statistics of queues that are no more
 * @drops: what the device has dropped (bny_stats.c)
 * @policy: limits of the function
 * @told: settings that the other side has
 * @ctags: VLANs that the netdev is in with 802.1Q tags; changed under the RTNL
 * @stags: the same with 802.1ad's
 * @service: the one work of the function, which alone calls @ops while it is enabled
 * @backoff: when it tries again
 * @events: enum bny_event that it hasn't seen to yet
 */
struct bny_dev {
	u8 __iomem *regs;
	u8 __iomem *regs_map;
	u8 __iomem *db;
	struct bny_queues __rcu *queues;
	bool running;
	struct bny_config config;
	struct net_device *netdev;
	struct pci_dev *pdev;
	const struct bny_func_ops *ops;
	void *priv;
	struct bny_mbox *mbox;
	struct bny_rss *rss;
	struct bny_vector *vectors;
	unsigned int num_vectors;
	unsigned int num_vectors_up;
	enum bny_state state;
	u32 generation;
	u32 caps;
	unsigned int queue_pairs_max;
	u32 moderation;
	u32 link_speed;
	struct bny_retired *retired;
	struct bny_drops *drops;
	struct bny_policy policy;
	struct bny_told told;
	DECLARE_BITMAP(ctags, VLAN_N_VID);
	DECLARE_BITMAP(stags, VLAN_N_VID);
	struct delayed_work service;
	struct bny_backoff backoff;
	unsigned long events;
};

/* bny_hw.c */
u32 bny_read(struct bny_dev *bd, u32 reg);
u64 bny_read64(struct bny_dev *bd, u32 reg);
void bny_write(struct bny_dev *bd, u32 reg, u32 val);
bool bny_present(struct bny_dev *bd);

/* bny_pci.c */
extern const struct pci_error_handlers bny_err_handlers;
extern const struct dev_pm_ops bny_pm_ops;
int bny_probe(struct pci_dev *pdev, const struct bny_func_ops *ops);
void bny_remove(struct pci_dev *pdev);
void bny_shutdown(struct pci_dev *pdev);

#endif /* BNY_H */
