/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan VF driver: what its files share.
 */
#ifndef BNY_VF_H
#define BNY_VF_H

#include "bny.h"
#include "bny_event.h"
#include "bny_mbox.h"
#include "bny_mbox_bucket.h"

/**
 * struct bny_vf_dev - the VF driver's part of a &struct bny_dev
 * @bd: the function
 * @mbox: its mailbox
 * @bucket: keeps its requests below what the PF drops
 * @joined: the PF has answered HELLO and hasn't gone since
 * @missing: it didn't answer, and the log says so
 * @up: the PF has enabled the function in the VEB, as was asked for
 * @multicast_max: group addresses that the PF takes
 * @unicast_max: further unicast addresses that the PF takes
 * @vlan_max: VLANs that the PF takes
 * @promisc_refused: the PF has refused promiscuous mode since HELLO: don't ask again
 * @unicast_refused: the PF has refused a unicast address since HELLO, and the log says so
 * @sent: the PF has @modes and the lists
 * @modes: of the last SET_RX_MODE
 * @multicast: the last SET_MULTICAST
 * @unicast: the last SET_UNICAST
 * @vlans: the last SET_VLANS
 */
struct bny_vf_dev {
	struct bny_dev *bd;
	struct bny_mbox mbox;
	struct bny_bucket bucket;
	bool joined;
	bool missing;
	bool up;
	unsigned int multicast_max;
	unsigned int unicast_max;
	unsigned int vlan_max;
	bool promisc_refused;
	bool unicast_refused;
	bool sent;
	u32 modes;
	struct bny_mbx_multicast multicast;
	struct bny_mbx_unicast unicast;
	struct bny_mbx_vlans vlans;
};

extern const struct bny_mbox_ops bny_vf_mbox_ops;

int bny_vf_hello(struct bny_vf_dev *vf, struct bny_mbx_hello_reply *reply);
void bny_vf_check_enabled(struct bny_vf_dev *vf);
void bny_vf_seek_pf(struct bny_vf_dev *vf);
int bny_vf_set_mac(struct bny_dev *bd, const u8 *addr);
int bny_vf_set_rx_mode(struct bny_dev *bd, const struct bny_rx_mode *mode);
int bny_vf_set_up(struct bny_dev *bd, bool up);

#endif /* BNY_VF_H */
