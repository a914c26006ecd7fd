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
 * @irq_causes: BNY_IRQ_* that @admin_irq wants, beyond LINK and ERROR, which the core handles
 * @attach: once in probe, before the first reset: allocate &bny_dev.mbox, &bny_dev.priv
 * @detach: once in remove, last: interrupts and work have ended. Undoes @attach
 * @init: after each hardware reset, interrupt of @irq_causes enabled, no ring running. A VF says
 *	HELLO, the PF sets up its VEB and its policy. May lower the values in &bny_dev.policy, which
 *	the core has filled from the registers before
 * @fini: before the function is taken down for good (remove, shutdown). Registers may be gone
 * @set_mac: receive frames to this unicast address in place of the one before; also after @init
 * @set_rx_mode: replace addresses and modes; also after @init
 * @set_up: the netdev was opened (before its rings start) or stopped (after they have)
 * @admin_irq: handle these of @irq_causes, whose latches are cleared already
 * @reset_prepare: the function is about to be reset, or has been: fail requests in flight
 * @reset_done: the function runs again, after @init and the settings; may be NULL
 *
 * All are called in process context. @init, @fini, @set_mac, @set_rx_mode, @set_up and the reset
 * pair hold &bny_dev.func_lock, some of them the RTNL too. @admin_irq holds no lock and is never
 * run twice at a time. It has to make progress while the others wait: it must not take RTNL,
 * func_lock, nor anything that is held while waiting for a peer's answer.
 */
struct bny_func_ops {
	const char *name;
	u32 irq_causes;
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
 * @BNY_FLAG_DOWN: the function is in reset or gone: no ring may start
 * @BNY_FLAG_RESET_FUNC: a reset of this kind is asked for
 * @BNY_FLAG_RESET_FULL: a reset of this kind is asked for
 * @BNY_FLAG_UP: the netdev is open and its rings are to run
 * @BNY_FLAG_REMOVING: bny_remove() has begun: schedule nothing
 * @BNY_FLAG_FAILED: resets were given up; the netdev is detached
 * @BNY_FLAGS: how many there are
 */
enum bny_flag {
	BNY_FLAG_DOWN,
	BNY_FLAG_RESET_FUNC,
	BNY_FLAG_RESET_FULL,
	BNY_FLAG_UP,
	BNY_FLAG_REMOVING,
	BNY_FLAG_FAILED,
	BNY_FLAGS
};

/**
 * struct bny_dev - one Banyan function; the netdev's private data and the PCI device's drvdata
 * @regs: BAR 0, %NULL once the function has vanished; go through bny_read() and bny_write()
 * @db: BAR 2, a page each queue pair
 * @rings: rings in use, %NULL while the netdev is down
 * @netdev: network device
 * @pdev: PCI function
 * @ops: PF or VF
 * @priv: what @ops keep
 * @mbox: mailbox transport (bny_mbox.h)
 * @rss: hash key and indirection table
 * @vectors: MSI-X vectors, @num_vectors of them; the first is the administrative one
 * @num_vectors: 1 and up; queue pairs share them if there are few
 * @func_index: of this function inside the device
 * @generation: GENERATION after the last reset that the driver has seen through
 * @caps: CAPS, first instance
 * @features: FEATURES in use
 * @queue_pairs_max: LIMITS, vectors and policy together
 * @policy: limits of the function
 * @func_lock: serialises calls of @ops; taken inside the RTNL
 * @wq: runs the work below
 * @admin_work: handles causes of the administrative interrupt
 * @rx_mode_work: hands addresses and modes to @ops
 * @reset_work: resets and brings back the function
 * @reset_tries: resets in a row that didn't help
 * @flags: enum bny_flag
 */
struct bny_dev {
	u8 __iomem *regs;
	u8 __iomem *db;
	struct bny_rings *rings;
	struct net_device *netdev;
	struct pci_dev *pdev;
	const struct bny_func_ops *ops;
	void *priv;
	struct bny_mbox *mbox;
	struct bny_rss *rss;
	struct bny_vector *vectors;
	unsigned int num_vectors;
	u16 func_index;
	u32 generation;
	u32 caps;
	u32 features;
	unsigned int queue_pairs_max;
	struct bny_policy policy;
	/* serialises calls of ops; taken inside the RTNL */
	struct mutex func_lock;
	struct workqueue_struct *wq;
	struct work_struct admin_work;
	struct work_struct rx_mode_work;
	struct delayed_work reset_work;
	unsigned int reset_tries;
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
