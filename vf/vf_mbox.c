// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan VF: requests to the PF and its events (datasheet, chapter "Mailbox").
 *
 * The PF's driver may be away: not loaded yet, reset, on the other side of a migration. Then
 * the VF's link is down and settings are only remembered (by the core); when the PF is back,
 * HELLO is said again and the core hands over all settings anew.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/timekeeping.h>

#include "vf.h"

/* Not faster than the PF listens: what it drops is missed only after a time-out */
static int bny_vf_ask(struct bny_vf_dev *vf, u16 opcode, const void *payload, size_t len,
		      void *reply)
{
	while (!bny_bucket_take(&vf->bucket, ktime_get_ns()))
		usleep_range(BNY_BUCKET_INTERVAL / NSEC_PER_USEC,
			     2 * BNY_BUCKET_INTERVAL / NSEC_PER_USEC);
	return bny_mbox_request(&vf->mbox, BNY_FUNC_PF, opcode, payload, len, reply);
}

/**
 * bny_vf_hello() - negotiate with the PF
 * @vf: VF
 * @reply: out: what the PF has to say
 *
 * Process context; waits for the PF.
 *
 * Return: 0, or a negative errno as bny_mbox_request() returns it.
 */
int bny_vf_hello(struct bny_vf_dev *vf, struct bny_mbx_hello_reply *reply)
{
	const struct bny_mbx_hello hello = {
		.version_min = cpu_to_le16(BNY_MBX_VERSION),
		.version_max = cpu_to_le16(BNY_MBX_VERSION),
	};

	return bny_vf_ask(vf, BNY_MBX_HELLO, &hello, sizeof(hello), reply);
}

/**
 * bny_vf_seek_pf() - look for the PF in the background
 * @vf: VF that isn't joined
 *
 * PF_READY usually comes first; it is lost if the PF's message found no room, or no driver.
 */
void bny_vf_seek_pf(struct bny_vf_dev *vf)
{
	vf->joined = false;
	bny_event(vf->bd, BNY_EVENT_RETRY);
}

/**
 * bny_vf_check_enabled() - has the PF forgotten us?
 * @vf: VF, whose link has changed
 *
 * A PF that is reset, or fails, needn't have said so; or the event found no room.
 */
void bny_vf_check_enabled(struct bny_vf_dev *vf)
{
	u32 status = bny_read(vf->bd, BNY_REG_STATUS);

	if (vf->joined && vf->up && READ_ONCE(vf->bd->regs) && !(status & BNY_STATUS_ENABLED))
		bny_vf_seek_pf(vf);
}

/* A request of a VF that has joined. Without a PF it isn't sent: that is no error. */
static int bny_vf_request(struct bny_vf_dev *vf, u16 opcode, const void *payload, size_t len)
{
	int err;

	if (!vf->joined)
		return 0;

	err = bny_vf_ask(vf, opcode, payload, len, NULL);
	if (err == -ENETDOWN || err == -ETIMEDOUT || err == -EAGAIN) {
		/* The PF has gone, or has forgotten us */
		bny_vf_seek_pf(vf);
		return 0;
	}
	return err;
}

/**
 * bny_vf_set_mac() - ask for a unicast address
 * @bd: VF
 * @addr: address, in place of the one before
 *
 * Return: 0; -EPERM if the host forbids it; or another errno for the PF's answer.
 */
int bny_vf_set_mac(struct bny_dev *bd, const u8 *addr)
{
	struct bny_mbx_mac msg = {};

	ether_addr_copy(msg.mac, addr);
	return bny_vf_request(bd->priv, BNY_MBX_SET_MAC, &msg, sizeof(msg));
}

static int bny_vf_set_modes(struct bny_vf_dev *vf, u32 modes)
{
	struct bny_mbx_rx_mode msg = { .flags = cpu_to_le32(modes) };
	int err;

	if (vf->sent && modes == vf->modes)
		return 0;

	err = bny_vf_request(vf, BNY_MBX_SET_RX_MODE, &msg, sizeof(msg));
	if (!err)
		vf->modes = modes;
	return err;
}

/* All frames are the host's to give. Without them the rest is still worth having. */
static int bny_vf_set_modes_or_less(struct bny_vf_dev *vf, u32 modes)
{
	const u32 trusted = BNY_MBX_RX_PROMISC | BNY_MBX_RX_ALL_VLANS;
	int err;

	if (!(modes & trusted))
		return bny_vf_set_modes(vf, modes);

	err = vf->promisc_refused ? -EPERM : bny_vf_set_modes(vf, modes);
	if (err != -EPERM)
		return err;

	if (!vf->promisc_refused)
		netdev_warn(vf->bd->netdev,
			    "%s refused: the host does not trust this VF\n",
			    modes & BNY_MBX_RX_PROMISC ? "promiscuous mode" :
							 "frames of all VLANs");
	vf->promisc_refused = true;
	if (modes & BNY_MBX_RX_PROMISC)
		modes |= BNY_MBX_RX_ALLMULTI;
	return bny_vf_set_modes(vf, modes & ~trusted);
}

/* A list of @len bytes, its count among them; @last: what the PF has, if it was sent */
static int bny_vf_send_list(struct bny_vf_dev *vf, u16 opcode, const void *list, size_t len,
			    void *last)
{
	int err;

	if (vf->sent && !memcmp(list, last, len))
		return 0;

	err = bny_vf_request(vf, opcode, list, len);
	if (!err)
		memcpy(last, list, len);
	return err;
}

static int bny_vf_set_multicast(struct bny_vf_dev *vf, const struct bny_rx_mode *mode)
{
	struct bny_mbx_multicast msg = { .count = cpu_to_le16(mode->mc_count) };

	if (mode->mc_count > vf->multicast_max)
		return -ENOSPC;
	if (mode->mc_count)
		memcpy(msg.mac, mode->mc, mode->mc_count * ETH_ALEN);
	return bny_vf_send_list(vf, BNY_MBX_SET_MULTICAST, &msg,
				offsetof(struct bny_mbx_multicast, mac[mode->mc_count]),
				&vf->multicast);
}

static int bny_vf_set_unicast(struct bny_vf_dev *vf, const struct bny_rx_mode *mode)
{
	struct bny_mbx_unicast msg = { .count = cpu_to_le16(mode->uc_count) };
	int err;

	if (mode->uc_count > vf->unicast_max)
		return -ENOSPC;
	if (mode->uc_count)
		memcpy(msg.mac, mode->uc, mode->uc_count * ETH_ALEN);
	err = bny_vf_send_list(vf, BNY_MBX_SET_UNICAST, &msg,
			       offsetof(struct bny_mbx_unicast, mac[mode->uc_count]),
			       &vf->unicast);
	if (err == -EPERM && !vf->unicast_refused)
		netdev_warn(vf->bd->netdev,
			    "further unicast addresses refused: the host has fixed this VF's address, or one is another function's\n");
	vf->unicast_refused = err == -EPERM;
	return err;
}

static int bny_vf_set_vlans(struct bny_vf_dev *vf, const struct bny_rx_mode *mode)
{
	struct bny_mbx_vlans msg = { .count = cpu_to_le16(mode->vlan_count) };
	unsigned int vid, i = 0;

	if (mode->vlan_count > vf->vlan_max)
		return -ENOSPC;
	for_each_set_bit(vid, mode->vlans, VLAN_N_VID)
		msg.vid[i++] = cpu_to_le16(vid);
	return bny_vf_send_list(vf, BNY_MBX_SET_VLANS, &msg,
				offsetof(struct bny_mbx_vlans, vid[mode->vlan_count]),
				&vf->vlans);
}

/* Rather too much than too little: instead of a list that the PF doesn't take */
static int bny_vf_all_instead(int err, u32 all, u32 *modes)
{
	if (err != -ENOSPC && err != -EPERM)
		return err;
	*modes |= all;
	return 0;
}

/*
 * Lists first, then modes, so that nothing is lost when a list takes a mode's place. One that isn't
 * taken stays with the PF as it was.
 */
static int bny_vf_send_rx_mode(struct bny_vf_dev *vf, const struct bny_rx_mode *mode)
{
	u32 modes = (mode->promisc ? BNY_MBX_RX_PROMISC : 0) |
		    (mode->allmulti ? BNY_MBX_RX_ALLMULTI : 0);
	int err;

	err = bny_vf_all_instead(bny_vf_set_unicast(vf, mode), BNY_MBX_RX_PROMISC, &modes);
	if (!err)
		err = bny_vf_all_instead(bny_vf_set_multicast(vf, mode), BNY_MBX_RX_ALLMULTI,
					 &modes);
	if (!err)
		err = bny_vf_all_instead(bny_vf_set_vlans(vf, mode), BNY_MBX_RX_ALL_VLANS, &modes);
	if (modes & BNY_MBX_RX_PROMISC)
		modes |= BNY_MBX_RX_ALL_VLANS;
	return err ?: bny_vf_set_modes_or_less(vf, modes);
}

/**
 * bny_vf_set_rx_mode() - ask for addresses, VLANs and modes, as far as the PF doesn't have them
 * @bd: VF
 * @mode: what to receive. Instead of more than the PF takes, or has room for, it is asked for all:
 *	further unicast addresses become PROMISC, groups ALLMULTI, VLANs ALL_VLANS
 *
 * Return: 0, or the errno for the PF's answer.
 */
int bny_vf_set_rx_mode(struct bny_dev *bd, const struct bny_rx_mode *mode)
{
	struct bny_vf_dev *vf = bd->priv;
	int err;

	err = bny_vf_send_rx_mode(vf, mode);
	vf->sent = !err && vf->joined;
	return err;
}

/**
 * bny_vf_set_up() - tell that the netdev was opened or stopped
 * @bd: VF
 * @up: opened
 *
 * Return: 0, or the errno for the PF's answer.
 */
int bny_vf_set_up(struct bny_dev *bd, bool up)
{
	const struct bny_mbx_up msg = { .up = cpu_to_le32(up) };
	struct bny_vf_dev *vf = bd->priv;
	int err;

	vf->up = false;
	err = bny_vf_request(vf, BNY_MBX_SET_UP, &msg, sizeof(msg));
	vf->up = up && !err && vf->joined;
	/* It may have been taken away before we looked at it */
	bny_vf_check_enabled(vf);
	return err;
}

static void bny_vf_pf_going(struct bny_vf_dev *vf)
{
	/* The device takes the link down; who waits for an answer need not any longer */
	bny_vf_seek_pf(vf);
	bny_mbox_cancel(&vf->mbox, -ENETDOWN);
}

static void bny_vf_event(struct bny_dev *bd, u16 peer, const struct bny_mbox_msg *msg,
			 const void *payload, size_t len)
{
	if (msg->opcode == BNY_MBX_PF_GOING)
		bny_vf_pf_going(bd->priv);
	else if (msg->opcode == BNY_MBX_PF_READY)
		bny_event(bd, BNY_EVENT_RESTORE);
}

const struct bny_mbox_ops bny_vf_mbox_ops = {
	.dir = BNY_MBOX_PF_TO_VF,
	.event = bny_vf_event,
};
