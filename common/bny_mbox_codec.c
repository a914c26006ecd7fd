// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan mailbox: the messages and their checks (datasheet, chapter "Mailbox").
 *
 * Nothing here touches hardware or keeps state: KUnit tests it as it is. Whatever comes out of
 * a mailbox was written by the other side, which may be another kernel and hostile, so no byte
 * is used before it is known to be there.
 */
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "bny_ctrl.h"
#include "bny_mbox.h"

static u32 bny_mbox_check_hello(const void *payload, size_t len)
{
	const struct bny_mbx_hello *hello = payload;

	if (le16_to_cpu(hello->version_min) > le16_to_cpu(hello->version_max))
		return BNY_MBX_OUT_OF_RANGE;
	if (le16_to_cpu(hello->version_min) > BNY_MBX_VERSION ||
	    le16_to_cpu(hello->version_max) < BNY_MBX_VERSION)
		return BNY_MBX_BAD_VERSION;
	return BNY_MBX_OK;
}

static u32 bny_mbox_check_mac(const void *payload, size_t len)
{
	const struct bny_mbx_mac *mac = payload;

	if (!is_valid_ether_addr(mac->mac) || memchr_inv(mac->rsvd, 0, sizeof(mac->rsvd)))
		return BNY_MBX_OUT_OF_RANGE;
	return BNY_MBX_OK;
}

static u32 bny_mbox_check_rx_mode(const void *payload, size_t len)
{
	const struct bny_mbx_rx_mode *mode = payload;

	if (le32_to_cpu(mode->flags) & ~BNY_MBX_RX_FLAGS || mode->rsvd)
		return BNY_MBX_OUT_OF_RANGE;
	return BNY_MBX_OK;
}

/* A list of @count entries, @max at most, of @size bytes each, behind their number */
static u32 bny_mbox_check_list(size_t len, unsigned int count, unsigned int max, size_t size)
{
	size_t need = sizeof(__le16) + count * size;

	/* However many the sender has named of them: it has to ask for all */
	if (count > max)
		return BNY_MBX_NO_RESOURCE;
	if (len < need)
		return BNY_MBX_TOO_SHORT;
	if (len > need)
		return BNY_MBX_TOO_LONG;
	return BNY_MBX_OK;
}

static u32 bny_mbox_check_unicast(const void *payload, size_t len)
{
	const struct bny_mbx_unicast *list = payload;
	unsigned int count = le16_to_cpu(list->count);
	unsigned int i;
	u32 status;

	status = bny_mbox_check_list(len, count, BNY_MBX_UNICAST_MAX, ETH_ALEN);
	if (status != BNY_MBX_OK)
		return status;

	for (i = 0; i < count; i++)
		if (!is_valid_ether_addr(list->mac[i]))
			return BNY_MBX_OUT_OF_RANGE;
	return BNY_MBX_OK;
}

static u32 bny_mbox_check_vlans(const void *payload, size_t len)
{
	const struct bny_mbx_vlans *list = payload;
	unsigned int count = le16_to_cpu(list->count);
	unsigned int i;
	u32 status;

	status = bny_mbox_check_list(len, count, BNY_MBX_VLAN_MAX, sizeof(list->vid[0]));
	if (status != BNY_MBX_OK)
		return status;

	for (i = 0; i < count; i++)
		if (!list->vid[i] || le16_to_cpu(list->vid[i]) >= BNY_VLANS - 1)
			return BNY_MBX_OUT_OF_RANGE;
	return BNY_MBX_OK;
}

static u32 bny_mbox_check_multicast(const void *payload, size_t len)
{
	const struct bny_mbx_multicast *list = payload;
	unsigned int count = le16_to_cpu(list->count);
	unsigned int i;
	u32 status;

	status = bny_mbox_check_list(len, count, BNY_MBX_MULTICAST_MAX, ETH_ALEN);
	if (status != BNY_MBX_OK)
		return status;

	for (i = 0; i < count; i++)
		if (!is_multicast_ether_addr(list->mac[i]))
			return BNY_MBX_OUT_OF_RANGE;
	return BNY_MBX_OK;
}

static u32 bny_mbox_check_up(const void *payload, size_t len)
{
	const struct bny_mbx_up *up = payload;

	if (le32_to_cpu(up->up) > 1 || up->rsvd)
		return BNY_MBX_OUT_OF_RANGE;
	return BNY_MBX_OK;
}

static const struct bny_mbox_msg bny_mbox_msgs[] = {
	{
		.opcode = BNY_MBX_HELLO,
		.type = BNY_MBX_REQUEST,
		.dir = BNY_MBOX_VF_TO_PF,
		.open = true,
		.len_min = sizeof(struct bny_mbx_hello),
		.len_max = sizeof(struct bny_mbx_hello),
		.reply_len = sizeof(struct bny_mbx_hello_reply),
		.check = bny_mbox_check_hello,
		.name = "HELLO",
	}, {
		.opcode = BNY_MBX_SET_MAC,
		.type = BNY_MBX_REQUEST,
		.dir = BNY_MBOX_VF_TO_PF,
		.len_min = sizeof(struct bny_mbx_mac),
		.len_max = sizeof(struct bny_mbx_mac),
		.check = bny_mbox_check_mac,
		.name = "SET_MAC",
	}, {
		.opcode = BNY_MBX_SET_RX_MODE,
		.type = BNY_MBX_REQUEST,
		.dir = BNY_MBOX_VF_TO_PF,
		.len_min = sizeof(struct bny_mbx_rx_mode),
		.len_max = sizeof(struct bny_mbx_rx_mode),
		.check = bny_mbox_check_rx_mode,
		.name = "SET_RX_MODE",
	}, {
		.opcode = BNY_MBX_SET_MULTICAST,
		.type = BNY_MBX_REQUEST,
		.dir = BNY_MBOX_VF_TO_PF,
		.len_min = offsetof(struct bny_mbx_multicast, mac),
		.len_max = BNY_MBX_MSG_LEN_MAX - sizeof(struct bny_mbx_hdr),
		.check = bny_mbox_check_multicast,
		.name = "SET_MULTICAST",
	}, {
		.opcode = BNY_MBX_SET_UP,
		.type = BNY_MBX_REQUEST,
		.dir = BNY_MBOX_VF_TO_PF,
		.len_min = sizeof(struct bny_mbx_up),
		.len_max = sizeof(struct bny_mbx_up),
		.check = bny_mbox_check_up,
		.name = "SET_UP",
	}, {
		.opcode = BNY_MBX_SET_UNICAST,
		.type = BNY_MBX_REQUEST,
		.dir = BNY_MBOX_VF_TO_PF,
		.len_min = offsetof(struct bny_mbx_unicast, mac),
		.len_max = BNY_MBX_MSG_LEN_MAX - sizeof(struct bny_mbx_hdr),
		.check = bny_mbox_check_unicast,
		.name = "SET_UNICAST",
	}, {
		.opcode = BNY_MBX_SET_VLANS,
		.type = BNY_MBX_REQUEST,
		.dir = BNY_MBOX_VF_TO_PF,
		.len_min = offsetof(struct bny_mbx_vlans, vid),
		.len_max = BNY_MBX_MSG_LEN_MAX - sizeof(struct bny_mbx_hdr),
		.check = bny_mbox_check_vlans,
		.name = "SET_VLANS",
	}, {
		.opcode = BNY_MBX_PF_GOING,
		.type = BNY_MBX_EVENT,
		.dir = BNY_MBOX_PF_TO_VF,
		.open = true,
		.name = "PF_GOING",
	}, {
		.opcode = BNY_MBX_PF_READY,
		.type = BNY_MBX_EVENT,
		.dir = BNY_MBOX_PF_TO_VF,
		.open = true,
		.name = "PF_READY",
	},
};

/**
 * bny_mbox_msg_at() - walk the table of messages
 * @i: position
 *
 * Return: the message's format, NULL behind the last.
 */
const struct bny_mbox_msg *bny_mbox_msg_at(unsigned int i)
{
	return i < ARRAY_SIZE(bny_mbox_msgs) ? &bny_mbox_msgs[i] : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(bny_mbox_msg_at);

/**
 * bny_mbox_msg_find() - look up a message
 * @opcode: enum bny_mbx_opcode, or anything
 *
 * Return: the message's format, NULL for an unknown opcode.
 */
const struct bny_mbox_msg *bny_mbox_msg_find(u16 opcode)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bny_mbox_msgs); i++)
		if (bny_mbox_msgs[i].opcode == opcode)
			return &bny_mbox_msgs[i];
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(bny_mbox_msg_find);

/* A message has the length that its header says, and that the mailbox says */
static u32 bny_mbox_check_hdr(const struct bny_mbx_hdr *hdr, size_t len)
{
	if (len < sizeof(*hdr))
		return BNY_MBX_TOO_SHORT;
	if (hdr->version != BNY_MBX_VERSION)
		return BNY_MBX_BAD_VERSION;
	if (le16_to_cpu(hdr->len) > len || le16_to_cpu(hdr->len) < sizeof(*hdr))
		return BNY_MBX_TOO_SHORT;
	if (le16_to_cpu(hdr->len) < len)
		return BNY_MBX_TOO_LONG;
	return BNY_MBX_OK;
}

/**
 * bny_mbox_check_incoming() - judge a request or an event
 * @dir: the direction it came in
 * @buf: the message
 * @len: its bytes as the mailbox says, at most %BNY_MBX_MSG_LEN_MAX
 * @msg: out: its format; NULL unless the opcode is known
 *
 * Return: enum bny_mbx_status: %BNY_MBX_OK, or why it must be refused.
 */
u32 bny_mbox_check_incoming(enum bny_mbox_dir dir, const void *buf, size_t len,
			    const struct bny_mbox_msg **msg)
{
	const struct bny_mbx_hdr *hdr = buf;
	const struct bny_mbox_msg *m;
	size_t payload_len;
	u32 status;

	*msg = NULL;
	status = bny_mbox_check_hdr(hdr, len);
	if (status != BNY_MBX_OK)
		return status;

	m = bny_mbox_msg_find(le16_to_cpu(hdr->opcode));
	if (!m || m->type != hdr->type || m->dir != dir)
		return BNY_MBX_UNKNOWN_OPCODE;
	*msg = m;

	payload_len = len - sizeof(*hdr);
	if (payload_len < m->len_min)
		return BNY_MBX_TOO_SHORT;
	if (payload_len > m->len_max)
		return BNY_MBX_TOO_LONG;
	if (hdr->status)
		return BNY_MBX_OUT_OF_RANGE;
	return m->check ? m->check(hdr + 1, payload_len) : BNY_MBX_OK;
}
EXPORT_SYMBOL_IF_KUNIT(bny_mbox_check_incoming);

/**
 * bny_mbox_generation_stale() - was a message sent before a reset of its sender?
 * @generation: from the message's header
 * @known: newest generation seen from that sender
 *
 * Generations count up modulo 2^32.
 *
 * Return: true if @generation is older than @known.
 */
bool bny_mbox_generation_stale(u32 generation, u32 known)
{
	return (s32)(generation - known) < 0;
}
EXPORT_SYMBOL_IF_KUNIT(bny_mbox_generation_stale);

/**
 * bny_mbox_check_response() - judge a response against the request that waits for it
 * @msg: format of the request
 * @seq: its sequence number
 * @known_generation: newest generation seen from the sender of the response
 * @buf: the response
 * @len: its bytes as the mailbox says
 *
 * Return: 0 if the request was done and the payload is whole; -ESTALE if the response belongs
 * to another request or to the time before a reset; -EPROTO if it is malformed; the errno for
 * its status otherwise.
 */
int bny_mbox_check_response(const struct bny_mbox_msg *msg, u16 seq, u32 known_generation,
			    const void *buf, size_t len)
{
	const struct bny_mbx_hdr *hdr = buf;

	if (len < sizeof(*hdr))
		return -EPROTO;
	if (le16_to_cpu(hdr->seq) != seq || le16_to_cpu(hdr->opcode) != msg->opcode ||
	    bny_mbox_generation_stale(le32_to_cpu(hdr->generation), known_generation))
		return -ESTALE;
	if (bny_mbox_check_hdr(hdr, len) != BNY_MBX_OK)
		return -EPROTO;
	if (hdr->status)
		return bny_mbox_status_to_errno(le32_to_cpu(hdr->status));
	if (len - sizeof(*hdr) != msg->reply_len)
		return -EPROTO;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(bny_mbox_check_response);

/**
 * bny_mbox_fill_hdr() - write a message's header
 * @hdr: where to
 * @type: enum bny_mbx_type
 * @opcode: enum bny_mbx_opcode; in a NACK also an unknown one
 * @payload_len: bytes that follow the header
 * @seq: sequence number
 * @status: enum bny_mbx_status in a response, else 0
 * @generation: the sender's GENERATION
 */
void bny_mbox_fill_hdr(struct bny_mbx_hdr *hdr, u8 type, u16 opcode, size_t payload_len, u16 seq,
		       u32 status, u32 generation)
{
	*hdr = (struct bny_mbx_hdr) {
		.version = BNY_MBX_VERSION,
		.type = type,
		.opcode = cpu_to_le16(opcode),
		.len = cpu_to_le16(sizeof(*hdr) + payload_len),
		.seq = cpu_to_le16(seq),
		.status = cpu_to_le32(status),
		.generation = cpu_to_le32(generation),
	};
}
EXPORT_SYMBOL_IF_KUNIT(bny_mbox_fill_hdr);

static const struct {
	int err;
	const char *name;
} bny_mbox_statuses[] = {
	[BNY_MBX_OK] = { 0, "OK" },
	[BNY_MBX_BAD_VERSION] = { -EPROTONOSUPPORT, "BAD_VERSION" },
	[BNY_MBX_UNKNOWN_OPCODE] = { -EOPNOTSUPP, "UNKNOWN_OPCODE" },
	[BNY_MBX_TOO_SHORT] = { -EBADMSG, "TOO_SHORT" },
	[BNY_MBX_TOO_LONG] = { -EMSGSIZE, "TOO_LONG" },
	[BNY_MBX_OUT_OF_RANGE] = { -EINVAL, "OUT_OF_RANGE" },
	[BNY_MBX_NOT_ALLOWED] = { -EPERM, "NOT_ALLOWED" },
	[BNY_MBX_NO_RESOURCE] = { -ENOSPC, "NO_RESOURCE" },
	[BNY_MBX_NOT_READY] = { -ENETDOWN, "NOT_READY" },
	[BNY_MBX_FAILED] = { -EIO, "FAILED" },
};

/**
 * bny_mbox_status_to_errno() - what a response's status means to a caller
 * @status: enum bny_mbx_status, or anything
 *
 * Return: 0 or a negative errno, a different one for each status; -EPROTO for unknown ones.
 */
int bny_mbox_status_to_errno(u32 status)
{
	return status < ARRAY_SIZE(bny_mbox_statuses) ? bny_mbox_statuses[status].err : -EPROTO;
}
EXPORT_SYMBOL_IF_KUNIT(bny_mbox_status_to_errno);

/**
 * bny_mbox_status_name() - a status as the datasheet spells it
 * @status: enum bny_mbx_status, or anything
 *
 * Return: its name, never NULL.
 */
const char *bny_mbox_status_name(u32 status)
{
	return status < ARRAY_SIZE(bny_mbox_statuses) ? bny_mbox_statuses[status].name : "unknown";
}
EXPORT_SYMBOL_NS_GPL(bny_mbox_status_name, "BANYAN");
