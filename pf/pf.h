/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan PF driver: what its files share.
 */
#ifndef BNY_PF_H
#define BNY_PF_H

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>

#include "bny.h"
#include "bny_ctrl.h"
#include "bny_ctrlq.h"
#include "bny_mbox.h"
#include "bny_mbox_bucket.h"
#include "pf_policy.h"

/**
 * struct bny_vf - what the PF knows about one VF; guarded by &bny_pf.lock
 * @policy: the host's decisions; they outlive resets of the VF and of the PF
 * @bucket: limits its messages and resets
 * @generation: of the VF, from its HELLO
 * @resets: its GENERATION at its HELLO, as the device says
 * @hello: it has said HELLO since its last reset; the fields below are what it asked for since
 * @up: its netdev is open
 * @rx_flags: BNY_MBX_RX_*
 * @addrs: unicast addresses in use, those of SET_UNICAST behind that of SET_MAC, which is all
 *	zeroes if there is none yet
 * @uc_count: addresses of SET_UNICAST
 * @uplink_too: it wasn't given one of these: the wire keeps its frames
 * @vlan_count: VLANs in @vlans
 * @vlans: that it is in
 * @mc_count: group addresses in @mc
 * @mc: group addresses
 * @stats: as read last
 * @stats_base: what was counted when the VF was made
 * @refused: its messages that were refused or dropped
 * @log: limits the log lines about it
 */
struct bny_vf {
	struct bny_vf_policy policy;
	struct bny_bucket bucket;
	u32 generation;
	u32 resets;
	bool hello;
	bool up;
	u32 rx_flags;
	u8 addrs[1 + BNY_MBX_UNICAST_MAX][ETH_ALEN];
	unsigned int uc_count;
	bool uplink_too;
	unsigned int vlan_count;
	struct bny_ctrl_vlans vlans;
	unsigned int mc_count;
	u8 mc[BNY_MBX_MULTICAST_MAX][ETH_ALEN];
	struct ifla_vf_stats stats;
	struct ifla_vf_stats stats_base;
	u64 refused;
	struct ratelimit_state log;
};

/**
 * struct bny_veb_list - payload of %BNY_CTRL_SET_ADDRESSES
 * @head: how many changes
 * @changes: that many
 */
struct bny_veb_list {
	struct bny_ctrl_addresses head;
	struct bny_ctrl_address changes[BNY_CTRL_ADDRESSES_MAX];
};

/**
 * struct bny_pf - the PF driver's part of a &struct bny_dev
 * @bd: the function
 * @mbox: its mailbox
 * @ctrlq: its control queue
 * @devlink: its devlink instance
 * @lock: guards all below, and what the device has been told of it. Taken inside the RTNL; never
 *	held while waiting for a VF
 * @list: payload of the command that is being given
 * @flooded: a VF has asked too often: the work that serves VFs takes a rest
 * @ready: the function isn't in reset: VFs may be served
 * @mac: the PF's permanent address
 * @up: the PF's own netdev is open
 * @rx_flags: the PF's own modes, BNY_POLICY_*
 * @addr_count: addresses in @addrs
 * @addrs: the PF's own addresses in the VEB; the netdev's is the first
 * @num_vfs: VFs in @vfs
 * @vfs: state of each VF, %NULL without VFs
 */
struct bny_pf {
	struct bny_dev *bd;
	struct bny_mbox mbox;
	struct bny_ctrlq ctrlq;
	struct devlink *devlink;
	/* guards all below; see above */
	struct mutex lock;
	struct bny_veb_list list;
	bool flooded;
	bool ready;
	u8 mac[ETH_ALEN];
	bool up;
	u32 rx_flags;
	unsigned int addr_count;
	u8 (*addrs)[ETH_ALEN];
	unsigned int num_vfs;
	struct bny_vf *vfs;
};

static inline u16 bny_vf_func(const struct bny_pf *pf, const struct bny_vf *vf)
{
	return BNY_FUNC_VF(vf - pf->vfs);
}

/* pf_veb.c */
int bny_veb_set_policy(struct bny_pf *pf, u16 func, const struct bny_ctrl_policy *policy);
int bny_veb_set_vlans(struct bny_pf *pf, u16 func, const struct bny_ctrl_vlans *vlans);
int bny_veb_set_rate(struct bny_pf *pf, u16 func, u32 min, u32 max);
int bny_veb_replace(struct bny_pf *pf, u16 func, const u8 *old, unsigned int old_count,
		    const u8 *new, unsigned int new_count);
void bny_veb_flush(struct bny_pf *pf, u16 func);

/* pf_vf.c */
void bny_vf_create(struct bny_vf *vf);
bool bny_vf_take_token(struct bny_pf *pf, struct bny_vf *vf);
int bny_vf_apply(struct bny_pf *pf, struct bny_vf *vf);
int bny_vf_apply_rate(struct bny_pf *pf, struct bny_vf *vf);
int bny_vf_state(struct bny_pf *pf, const struct bny_vf *vf, struct bny_ctrl_function *state);
int bny_vf_set_addrs(struct bny_pf *pf, struct bny_vf *vf, const u8 *mac, const u8 *uc,
		     unsigned int uc_count);
void bny_vf_join(struct bny_pf *pf, struct bny_vf *vf, u32 generation, u32 resets);
void bny_vf_restore(struct bny_pf *pf, struct bny_vf *vf);
void bny_vf_clear(struct bny_pf *pf, struct bny_vf *vf);
void bny_vf_check_resets(struct bny_pf *pf);
bool bny_vf_mac_taken(struct bny_pf *pf, const struct bny_vf *vf, const u8 *mac);

/* pf_devlink.c */
int bny_devlink_create(struct bny_pf *pf);
void bny_devlink_destroy(struct bny_pf *pf);

/* pf_host.c */
int bny_host_set_mac(struct bny_dev *bd, int vf_id, const u8 *mac);
int bny_host_set_trust(struct bny_dev *bd, int vf_id, bool trusted);
int bny_host_set_vlan(struct bny_dev *bd, int vf_id, u16 vlan, u8 qos, __be16 proto);
int bny_host_set_rate(struct bny_dev *bd, int vf_id, int min, int max);
int bny_host_set_spoofchk(struct bny_dev *bd, int vf_id, bool on);
int bny_host_set_link_state(struct bny_dev *bd, int vf_id, int state);
int bny_host_get_config(struct bny_dev *bd, int vf_id, struct ifla_vf_info *info);

/* pf_mbox.c */
extern const struct bny_mbox_ops bny_pf_mbox_ops;
void bny_pf_tell_vf(struct bny_pf *pf, unsigned int vf_id, u16 opcode);
void bny_pf_tell_vfs(struct bny_pf *pf, u16 opcode);

/* pf_stats.c */
void bny_vf_begin_stats(struct bny_pf *pf, unsigned int vf_id, struct bny_vf *vf);
int bny_pf_get_vf_stats(struct bny_dev *bd, int vf_id, struct ifla_vf_stats *info);

/* pf_sriov.c */
int bny_pf_adopt_vfs(struct bny_pf *pf);
void bny_pf_forget_vfs(struct bny_pf *pf);
int bny_pf_disable_vfs(struct bny_pf *pf);
void bny_pf_recover_vfs(struct bny_dev *bd);
void bny_pf_link_vfs(struct pci_dev *pdev);
int bny_pf_sriov_configure(struct pci_dev *pdev, int num_vfs);

#endif /* BNY_PF_H */
