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
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "bny_counters.h"
#include "bny_desc.h"
#include "bny_pci.h"
#include "bny_regs.h"

struct bny_dev;
struct bny_mbox;
struct bny_retired;
struct bny_rings;
struct bny_rss;
struct bny_vector;

/**
 * struct bny_rx_mode - addresses and modes that a function wants to receive
 * @promisc: all frames
 * @allmulti: all multicast frames
 * @uc_count: secondary unicast addresses in @uc
 * @mc_count: group addresses in @mc
 * @uc: secondary unicast addresses (the netdev's own is not among them)
 * @mc: group addresses
 */
struct bny_rx_mode {
	bool promisc;
	bool allmulti;
	unsigned int uc_count;
	unsigned int mc_count;
	u8 (*uc)[ETH_ALEN];
	u8 (*mc)[ETH_ALEN];
};

/**
 * struct bny_func_ops - what differs between PF and VF
 * @name: driver name, as in ethtool -i
 * @irq_causes: BNY_IRQ_* that @admin_irq wants. LINK and ERROR are handled by the core, wanted
 *	or not
 * @unicast_filter: @set_rx_mode takes secondary unicast addresses; else the stack asks for
 *	promiscuous mode when there are any
 * @attach: once in probe, before the first reset: allocate &bny_dev.mbox, &bny_dev.priv; see what
 *	an earlier driver has left in the registers
 * @detach: once in remove, last: interrupts and work have ended. Undoes @attach
 * @init: after each hardware reset, interrupt of @irq_causes enabled, no ring running. A VF says
 *	HELLO, the PF sets up its VEB and its policy. May lower the values in &bny_dev.policy, which
 *	the core has filled from the registers before
 * @fini: before the function is taken down for good (remove, shutdown). Registers may be gone
 * @set_mac: receive frames to this unicast address in place of the one before; also after @init
 * @set_rx_mode: replace addresses and modes; also after @init
 * @set_up: the netdev was opened (before its rings start) or stopped (after they have)
 * @admin_irq: handle these of @irq_causes, whose latches are cleared already
 * @reset_prepare: the function is about to be reset, or has been: fail requests in flight. May be
 *	%NULL
 * @reset_done: the function runs again, after @init and the settings. May be %NULL
 * @flr_done: the PCI core has reset the function, and it runs again, or needs another try; no lock
 *	is held but the PCI device's. May be %NULL
 * @get_vf_config: ndo_get_vf_config: the PF tells about a VF; called under the RTNL. %NULL in a VF
 *
 * All are called in process context. @init, @fini, @set_mac, @set_rx_mode, @set_up and @reset_done
 * hold &bny_dev.func_lock, some of them the RTNL too. @reset_prepare holds the RTNL alone, because
 * it cuts short those that wait under func_lock. @admin_irq holds no lock and is never run twice at
 * a time. It has to make progress while the others wait: it must not take RTNL, func_lock, nor
 * anything that is held while waiting for a peer's answer.
 */
struct bny_func_ops {
	const char *name;
	u32 irq_causes;
	bool unicast_filter;
	int (*attach)(struct bny_dev *bd);
	void (*detach)(struct bny_dev *bd);
	int (*init)(struct bny_dev *bd);
	void (*fini)(struct bny_dev *bd);
	int (*set_mac)(struct bny_dev *bd, const u8 *addr);
	int (*set_rx_mode)(struct bny_dev *bd, const struct bny_rx_mode *mode);
	int (*set_up)(struct bny_dev *bd, bool up);
	void (*admin_irq)(struct bny_dev *bd, u32 causes);
	void (*reset_prepare)(struct bny_dev *bd);
	void (*reset_done)(struct bny_dev *bd);
	void (*flr_done)(struct bny_dev *bd);
	int (*get_vf_config)(struct bny_dev *bd, int vf, struct ifla_vf_info *info);
};

/**
 * struct bny_policy - limits of a function: from its registers, lowered by its ops' init
 * @mac: permanent address, all zeroes if it has none
 * @max_mtu: largest MTU, bytes
 * @queue_pairs: queue pairs it may use
 */
struct bny_policy {
	u8 mac[ETH_ALEN];
	u16 max_mtu;
	u16 queue_pairs;
};

/**
 * enum bny_reset_kind - what bny_reset_schedule() is to do
 * @BNY_RESET_FUNC: the settings are lost on the other side (VF: the PF is back): init and restore
 *	them, rings keep running
 * @BNY_RESET_FULL: reset the function, then all of the above; rings start afresh
 */
enum bny_reset_kind {
	BNY_RESET_FUNC,
	BNY_RESET_FULL,
};

/**
 * enum bny_flag - bits of &bny_dev.flags
 * @BNY_FLAG_LINK: the link is to be looked at
 * @BNY_FLAG_RUNNING: rings are enabled in the device
 * @BNY_FLAG_QUIESCED: the function waits for bny_revive(); the netdev is detached
 * @BNY_FLAG_FROZEN: the function waits for bny_thaw()
 * @BNY_FLAG_RESET_FUNC: a reset of this kind is asked for
 * @BNY_FLAG_RESET_FULL: a reset of this kind is asked for
 * @BNY_FLAGS: how many there are
 */
enum bny_flag {
	BNY_FLAG_LINK,
	BNY_FLAG_RUNNING,
	BNY_FLAG_QUIESCED,
	BNY_FLAG_FROZEN,
	BNY_FLAG_RESET_FUNC,
	BNY_FLAG_RESET_FULL,
	BNY_FLAGS
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
 * @regs: BAR 0, %NULL once the function has vanished; go through bny_read() and bny_write()
 * @regs_map: BAR 0, as long as the driver is bound
 * @db: BAR 2, a page each queue pair
 * @rings: rings in use, %NULL while the netdev is down
 * @config: of @rings, or of those to come
 * @netdev: network device
 * @pdev: PCI function
 * @ops: PF or VF
 * @priv: what @ops keep
 * @mbox: mailbox transport (bny_mbox.h)
 * @rss: hash key and indirection table
 * @vectors: MSI-X vectors, @num_vectors of them; the first is the administrative one
 * @num_vectors: 1 and up; queue pairs share them if there are few
 * @num_vectors_up: of these, how many have their interrupt requested
 * @generation: GENERATION after the last reset that the driver has seen through
 * @caps: CAPS, first instance
 * @queue_pairs_max: LIMITS.queue_pairs and policy together
 * @moderation: QP_MODERATION of every queue pair
 * @link_speed: Mb/s, 0 while the link is down
 * @retired: statistics of rings that are no more
 * @missed_base: RX_DROP_BUFFERS when the driver came
 * @missed: frames dropped for want of buffers since then, when last read
 * @policy: limits of the function
 * @func_lock: serialises calls of @ops; taken inside the RTNL
 * @admin_work: handles causes of the administrative interrupt
 * @rx_mode_work: hands addresses and modes to @ops
 * @reset_work: resets and brings back the function
 * @reset_tries: resets in a row, each soon after the one before
 * @reset_last: when the last one was, jiffies
 * @flags: enum bny_flag
 */
struct bny_dev {
	u8 __iomem *regs;
	u8 __iomem *regs_map;
	u8 __iomem *db;
	struct bny_rings __rcu *rings;
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
	u32 generation;
	u32 caps;
	unsigned int queue_pairs_max;
	u32 moderation;
	u32 link_speed;
	struct bny_retired *retired;
	u64 missed_base;
	u64 missed;
	struct bny_policy policy;
	/* serialises calls of ops; taken inside the RTNL */
	struct mutex func_lock;
	struct work_struct admin_work;
	struct work_struct rx_mode_work;
	struct delayed_work reset_work;
	unsigned int reset_tries;
	unsigned long reset_last;
	DECLARE_BITMAP(flags, BNY_FLAGS);
};

/* bny_hw.c */
u32 bny_read(struct bny_dev *bd, u32 reg);
u64 bny_read64(struct bny_dev *bd, u32 reg);
void bny_write(struct bny_dev *bd, u32 reg, u32 val);
bool bny_present(struct bny_dev *bd);

/* bny_reset.c */
void bny_reset_schedule(struct bny_dev *bd, enum bny_reset_kind kind);

/* bny_pci.c */
extern const struct pci_error_handlers bny_err_handlers;
extern const struct dev_pm_ops bny_pm_ops;
int bny_probe(struct pci_dev *pdev, const struct bny_func_ops *ops);
void bny_remove(struct pci_dev *pdev);
void bny_shutdown(struct pci_dev *pdev);

#endif /* BNY_H */
