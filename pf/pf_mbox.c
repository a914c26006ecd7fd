// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: requests of the VFs (datasheet, chapter "Mailbox").
 *
 * A VF may belong to a guest that means harm. The codec has checked each message by itself; here
 * it is checked against what the VF may do, and a VF that asks for too much or too often is
 * counted and reported.
 */
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/timekeeping.h>

#include "pf.h"

/* How often an event is offered to VFs whose queues are full, a millisecond apart or so */
#define BNY_PF_TELL_TRIES	5

static struct bny_vf *bny_pf_peer(struct bny_pf *pf, u16 peer)
{
	lockdep_assert_held(&pf->lock);

	if (peer < BNY_FUNC_VF(0) || peer >= BNY_FUNC_VF(pf->num_vfs))
		return NULL;
	return &pf->vfs[peer - BNY_FUNC_VF(0)];
}

static u32 bny_pf_hello(struct bny_pf *pf, struct bny_vf *vf, const struct bny_mbx_hdr *hdr,
			const void *payload, void *reply)
{
	struct bny_mbx_hello_reply *out = reply;
	struct bny_ctrl_function state;
	int err;

	err = bny_vf_state(pf, vf, &state);
	if (err)
		return bny_policy_veb_status(err);

	/* It was reset meanwhile, whether the device has told us or not */
	if (le32_to_cpu(hdr->generation) != vf->generation)
		bny_vf_clear(pf, vf);
	bny_vf_join(pf, vf, le32_to_cpu(hdr->generation), le32_to_cpu(state.generation));

	out->version = cpu_to_le16(BNY_MBX_VERSION);
	out->max_mtu = cpu_to_le16(BNY_MTU_MAX);
	out->policy = cpu_to_le32(bny_policy_flags(&vf->policy));
	ether_addr_copy(out->mac, vf->policy.mac);
	out->queue_pairs = cpu_to_le16(FIELD_GET(BNY_LIMITS_QUEUE_PAIRS,
						 le32_to_cpu(state.limits)));
	out->multicast_max = cpu_to_le16(BNY_MBX_MULTICAST_MAX);
	out->unicast_max = cpu_to_le16(BNY_MBX_UNICAST_MAX);
	out->vlan_max = cpu_to_le16(BNY_MBX_VLAN_MAX);
	return BNY_MBX_OK;
}

static u32 bny_pf_set_vf_mac(struct bny_pf *pf, struct bny_vf *vf, const struct bny_mbx_hdr *hdr,
			     const void *payload, void *reply)
{
	const struct bny_mbx_mac *msg = payload;
	u32 status;

	status = bny_policy_mac(&vf->policy, msg->mac, bny_vf_mac_taken(pf, vf, msg->mac));
	if (status != BNY_MBX_OK)
		return status;
	return bny_policy_veb_status(bny_vf_set_addrs(pf, vf, msg->mac, vf->addrs[1],
						      vf->uc_count));
}

static u32 bny_pf_set_vf_unicast(struct bny_pf *pf, struct bny_vf *vf,
				 const struct bny_mbx_hdr *hdr, const void *payload, void *reply)
{
	const struct bny_mbx_unicast *msg = payload;
	unsigned int i, count = le16_to_cpu(msg->count);
	u32 status;

	for (i = 0; i < count; i++) {
		status = bny_policy_mac(&vf->policy, msg->mac[i],
					bny_vf_mac_taken(pf, vf, msg->mac[i]));
		if (status != BNY_MBX_OK)
			return status;
	}
	return bny_policy_veb_status(bny_vf_set_addrs(pf, vf, vf->addrs[0], msg->mac[0], count));
}

static u32 bny_pf_set_vf_vlans(struct bny_pf *pf, struct bny_vf *vf, const struct bny_mbx_hdr *hdr,
			       const void *payload, void *reply)
{
	const struct bny_mbx_vlans *msg = payload;
	unsigned int i, count = le16_to_cpu(msg->count);
	struct bny_ctrl_vlans vlans = {};
	u32 status;

	for (i = 0; i < count; i++) {
		u16 vid = le16_to_cpu(msg->vid[i]);

		vlans.vlans[vid / BITS_PER_BYTE] |= BIT(vid % BITS_PER_BYTE);
	}
	status = bny_policy_veb_status(bny_veb_set_vlans(pf, bny_vf_func(pf, vf), &vlans));
	if (status == BNY_MBX_OK) {
		vf->vlans = vlans;
		vf->vlan_count = count;
	}
	return status;
}

static u32 bny_pf_set_vf_rx_mode(struct bny_pf *pf, struct bny_vf *vf,
				 const struct bny_mbx_hdr *hdr, const void *payload, void *reply)
{
	const struct bny_mbx_rx_mode *msg = payload;
	u32 flags = le32_to_cpu(msg->flags);
	u32 status;

	status = bny_policy_rx_mode(&vf->policy, flags);
	if (status != BNY_MBX_OK)
		return status;

	vf->rx_flags = flags;
	return bny_policy_veb_status(bny_vf_apply(pf, vf));
}

static u32 bny_pf_set_vf_multicast(struct bny_pf *pf, struct bny_vf *vf,
				   const struct bny_mbx_hdr *hdr, const void *payload, void *reply)
{
	const struct bny_mbx_multicast *msg = payload;
	unsigned int count = le16_to_cpu(msg->count);
	u32 status;

	status = bny_policy_veb_status(bny_veb_replace(pf, bny_vf_func(pf, vf), vf->mc[0],
						       vf->mc_count, msg->mac[0], count));
	if (status == BNY_MBX_OK) {
		memcpy(vf->mc, msg->mac, count * ETH_ALEN);
		vf->mc_count = count;
	}
	return status;
}

static u32 bny_pf_set_vf_up(struct bny_pf *pf, struct bny_vf *vf, const struct bny_mbx_hdr *hdr,
			    const void *payload, void *reply)
{
	const struct bny_mbx_up *msg = payload;

	vf->up = le32_to_cpu(msg->up);
	return bny_policy_veb_status(bny_vf_apply(pf, vf));
}

/* Handlers run with pf->lock held, on messages that the codec found good */
static const struct {
	u16 opcode;
	u32 (*handle)(struct bny_pf *pf, struct bny_vf *vf, const struct bny_mbx_hdr *hdr,
		      const void *payload, void *reply);
} bny_pf_handlers[] = {
	{ BNY_MBX_HELLO, bny_pf_hello },
	{ BNY_MBX_SET_MAC, bny_pf_set_vf_mac },
	{ BNY_MBX_SET_RX_MODE, bny_pf_set_vf_rx_mode },
	{ BNY_MBX_SET_MULTICAST, bny_pf_set_vf_multicast },
	{ BNY_MBX_SET_UP, bny_pf_set_vf_up },
	{ BNY_MBX_SET_UNICAST, bny_pf_set_vf_unicast },
	{ BNY_MBX_SET_VLANS, bny_pf_set_vf_vlans },
};

static u32 bny_pf_dispatch(struct bny_pf *pf, struct bny_vf *vf, const struct bny_mbox_msg *msg,
			   const struct bny_mbx_hdr *hdr, const void *payload, void *reply)
{
	unsigned int i;

	if (!msg->open && (!vf->hello || le32_to_cpu(hdr->generation) != vf->generation))
		return BNY_MBX_NOT_READY;

	for (i = 0; i < ARRAY_SIZE(bny_pf_handlers); i++)
		if (bny_pf_handlers[i].opcode == msg->opcode)
			return bny_pf_handlers[i].handle(pf, vf, hdr, payload, reply);
	return BNY_MBX_UNKNOWN_OPCODE;
}

/* What comes too fast is dropped unread: an answer, or a look at it, is what a flood is after */
static bool bny_pf_admit(struct bny_dev *bd, u16 peer)
{
	struct bny_pf *pf = bd->priv;
	bool admitted = false;
	struct bny_vf *vf;

	mutex_lock(&pf->lock);
	vf = bny_pf_peer(pf, peer);
	if (vf) {
		admitted = bny_vf_take_token(pf, vf);
		vf->refused += !admitted;
	}
	mutex_unlock(&pf->lock);
	return admitted;
}

static u32 bny_pf_request(struct bny_dev *bd, u16 peer, const struct bny_mbox_msg *msg,
			  const struct bny_mbx_hdr *hdr, const void *payload, size_t len,
			  void *reply)
{
	u32 status = BNY_MBX_NOT_READY;
	struct bny_pf *pf = bd->priv;
	struct bny_vf *vf;

	mutex_lock(&pf->lock);
	vf = bny_pf_peer(pf, peer);
	if (vf && pf->ready) {
		/* The message may come from behind a reset that we haven't heard of yet */
		bny_vf_check_resets(pf);
		status = bny_pf_dispatch(pf, vf, msg, hdr, payload, reply);
	}
	mutex_unlock(&pf->lock);
	return status;
}

/* Refusals that a well-behaved VF meets too: the log needn't know */
static bool bny_pf_harmless(u32 status)
{
	return status == BNY_MBX_NOT_READY || status == BNY_MBX_NO_RESOURCE ||
	       status == BNY_MBX_FAILED;
}

static void bny_pf_log_bad(struct bny_pf *pf, const struct bny_vf *vf, u16 opcode, u32 status)
{
	unsigned int vf_id = bny_vf_func(pf, vf) - BNY_FUNC_VF(0);

	pci_warn(pf->bd->pdev, "VF %u: mailbox request %#x refused: %s (%llu so far)\n", vf_id,
		 opcode, bny_mbox_status_name(status), vf->refused);
	if (status == BNY_MBX_NOT_ALLOWED)
		pci_warn(pf->bd->pdev, "VF %u: \"ip link set %s vf %u trust on\" would allow it\n",
			 vf_id, netdev_name(pf->bd->netdev), vf_id);
}

static void bny_pf_bad(struct bny_dev *bd, u16 peer, u16 opcode, u32 status)
{
	struct bny_pf *pf = bd->priv;
	struct bny_vf *vf;

	mutex_lock(&pf->lock);
	vf = bny_pf_peer(pf, peer);
	if (vf) {
		vf->refused++;
		if (!bny_pf_harmless(status) && __ratelimit(&vf->log))
			bny_pf_log_bad(pf, vf, opcode, status);
	}
	mutex_unlock(&pf->lock);
}

const struct bny_mbox_ops bny_pf_mbox_ops = {
	.dir = BNY_MBOX_VF_TO_PF,
	.admit = bny_pf_admit,
	.request = bny_pf_request,
	.bad = bny_pf_bad,
};

/* Of the VFs in @left, those stay there that couldn't be told */
static void bny_pf_tell(struct bny_pf *pf, unsigned long *left, u16 opcode)
{
	unsigned int i, tries = BNY_PF_TELL_TRIES;

	for (;;) {
		for_each_set_bit(i, left, BNY_VFS_MAX)
			if (bny_mbox_event(&pf->mbox, BNY_FUNC_VF(i), opcode, NULL, 0) != -EAGAIN)
				__clear_bit(i, left);
		if (bitmap_empty(left, BNY_VFS_MAX) || !--tries)
			break;
		usleep_range(500, 1500);
	}
}

/**
 * bny_pf_tell_vf() - send an event to a VF
 * @pf: PF
 * @vf_id: number of the VF
 * @opcode: %BNY_MBX_PF_READY: its policy is another one
 *
 * Context: process, at most 10 ms.
 */
void bny_pf_tell_vf(struct bny_pf *pf, unsigned int vf_id, u16 opcode)
{
	DECLARE_BITMAP(left, BNY_VFS_MAX);

	bitmap_zero(left, BNY_VFS_MAX);
	__set_bit(vf_id, left);
	bny_pf_tell(pf, left, opcode);
}

/**
 * bny_pf_tell_vfs() - send an event to all VFs
 * @pf: PF
 * @opcode: %BNY_MBX_PF_GOING or %BNY_MBX_PF_READY
 *
 * A VF that can't take it has no driver, or one that doesn't read its mailbox: all of those are
 * waited for together. Process context; takes @pf->lock for a moment.
 */
void bny_pf_tell_vfs(struct bny_pf *pf, u16 opcode)
{
	DECLARE_BITMAP(left, BNY_VFS_MAX);
	unsigned int num_vfs;

	mutex_lock(&pf->lock);
	num_vfs = pf->num_vfs;
	mutex_unlock(&pf->lock);

	bitmap_zero(left, BNY_VFS_MAX);
	bitmap_set(left, 0, num_vfs);
	bny_pf_tell(pf, left, opcode);
}
