// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan KUnit tests: the mailbox's table and checks (datasheet, chapter "Mailbox").
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/prandom.h>

#include "bny_mbox.h"

/* A message as it comes out of a mailbox; no byte more is allocated, so that KASAN sees those */
struct mbox_buf {
	struct bny_mbx_hdr *hdr;
	size_t len;
};

static struct mbox_buf mbox_build(struct kunit *test, u8 type, u16 opcode, const void *payload,
				  size_t len)
{
	struct mbox_buf buf = { .len = sizeof(struct bny_mbx_hdr) + len };

	buf.hdr = kunit_kzalloc(test, buf.len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buf.hdr);
	bny_mbox_fill_hdr(buf.hdr, type, opcode, len, 7, 0, 3);
	if (payload && len)
		memcpy(buf.hdr + 1, payload, len);
	return buf;
}

static u32 mbox_check(const struct mbox_buf *buf)
{
	const struct bny_mbox_msg *msg;

	return bny_mbox_check_incoming(BNY_MBOX_VF_TO_PF, buf->hdr, buf->len, &msg);
}

static u32 mbox_request(struct kunit *test, u16 opcode, const void *payload, size_t len)
{
	struct mbox_buf buf = mbox_build(test, BNY_MBX_REQUEST, opcode, payload, len);

	return mbox_check(&buf);
}

/* Every message of the table: the length rules */

static const void *mbox_msg_gen(struct kunit *test, const void *prev, char *desc)
{
	const struct bny_mbox_msg *msg = prev, *next;
	unsigned int i = 0;

	if (msg)
		while (bny_mbox_msg_at(i++) != msg)
			;
	next = bny_mbox_msg_at(i);
	if (next)
		strscpy(desc, next->name, KUNIT_PARAM_DESC_SIZE);
	return next;
}

static void mbox_table_is_sound(struct kunit *test)
{
	const struct bny_mbox_msg *msg = test->param_value;
	const size_t room = BNY_MBX_MSG_LEN_MAX - sizeof(struct bny_mbx_hdr);

	KUNIT_EXPECT_PTR_EQ_MSG(test, bny_mbox_msg_find(msg->opcode), msg, "opcode named twice");
	KUNIT_EXPECT_LE(test, msg->len_min, msg->len_max);
	KUNIT_EXPECT_LE(test, msg->len_max, room);
	KUNIT_EXPECT_LE(test, msg->reply_len, room);
	if (msg->type == BNY_MBX_EVENT)
		KUNIT_EXPECT_EQ(test, msg->reply_len, 0);
}

static void mbox_short_payload_is_refused(struct kunit *test)
{
	const struct bny_mbox_msg *msg = test->param_value;
	const struct bny_mbox_msg *found;
	struct mbox_buf buf;
	size_t len;

	for (len = 0; len < msg->len_min; len++) {
		buf = mbox_build(test, msg->type, msg->opcode, NULL, len);
		KUNIT_EXPECT_EQ(test, BNY_MBX_TOO_SHORT,
				bny_mbox_check_incoming(msg->dir, buf.hdr, buf.len, &found));
	}
}

static void mbox_long_payload_is_refused(struct kunit *test)
{
	const struct bny_mbox_msg *msg = test->param_value;
	const struct bny_mbox_msg *found;
	struct mbox_buf buf;

	buf = mbox_build(test, msg->type, msg->opcode, NULL, msg->len_max + 1);
	KUNIT_EXPECT_EQ(test, BNY_MBX_TOO_LONG,
			bny_mbox_check_incoming(msg->dir, buf.hdr, buf.len, &found));
}

static void mbox_wrong_direction_is_unknown(struct kunit *test)
{
	const struct bny_mbox_msg *msg = test->param_value;
	const struct bny_mbox_msg *found;
	struct mbox_buf buf;
	int dir = msg->dir == BNY_MBOX_VF_TO_PF ? BNY_MBOX_PF_TO_VF : BNY_MBOX_VF_TO_PF;

	buf = mbox_build(test, msg->type, msg->opcode, NULL, msg->len_min);
	KUNIT_EXPECT_EQ(test, BNY_MBX_UNKNOWN_OPCODE,
			bny_mbox_check_incoming(dir, buf.hdr, buf.len, &found));
	KUNIT_EXPECT_NULL(test, found);
}

static void mbox_wrong_type_is_unknown(struct kunit *test)
{
	const struct bny_mbox_msg *msg = test->param_value;
	const struct bny_mbox_msg *found;
	struct mbox_buf buf;
	u8 type = msg->type == BNY_MBX_REQUEST ? BNY_MBX_EVENT : BNY_MBX_REQUEST;

	buf = mbox_build(test, type, msg->opcode, NULL, msg->len_min);
	KUNIT_EXPECT_EQ(test, BNY_MBX_UNKNOWN_OPCODE,
			bny_mbox_check_incoming(msg->dir, buf.hdr, buf.len, &found));
}

/* Headers */

static void mbox_unknown_opcode_is_refused(struct kunit *test)
{
	static const u16 opcodes[] = { 0, BNY_MBX_SET_VLANS + 1, BNY_MBX_PF_READY + 1, 0xffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(opcodes); i++)
		KUNIT_EXPECT_EQ(test, BNY_MBX_UNKNOWN_OPCODE,
				mbox_request(test, opcodes[i], NULL, 0));
}

static void mbox_other_version_is_refused(struct kunit *test)
{
	struct bny_mbx_up up = {};
	struct mbox_buf buf = mbox_build(test, BNY_MBX_REQUEST, BNY_MBX_SET_UP, &up, sizeof(up));

	KUNIT_EXPECT_EQ(test, BNY_MBX_OK, mbox_check(&buf));
	buf.hdr->version = BNY_MBX_VERSION + 1;
	KUNIT_EXPECT_EQ(test, BNY_MBX_BAD_VERSION, mbox_check(&buf));
	buf.hdr->version = 0;
	KUNIT_EXPECT_EQ(test, BNY_MBX_BAD_VERSION, mbox_check(&buf));
}

static void mbox_header_length_must_match(struct kunit *test)
{
	struct bny_mbx_up up = {};
	struct mbox_buf buf = mbox_build(test, BNY_MBX_REQUEST, BNY_MBX_SET_UP, &up, sizeof(up));

	buf.hdr->len = cpu_to_le16(buf.len + 1);
	KUNIT_EXPECT_EQ(test, BNY_MBX_TOO_SHORT, mbox_check(&buf));
	buf.hdr->len = cpu_to_le16(0xffff);
	KUNIT_EXPECT_EQ(test, BNY_MBX_TOO_SHORT, mbox_check(&buf));
	buf.hdr->len = cpu_to_le16(buf.len - 1);
	KUNIT_EXPECT_EQ(test, BNY_MBX_TOO_LONG, mbox_check(&buf));
	buf.hdr->len = cpu_to_le16(sizeof(*buf.hdr) - 1);
	KUNIT_EXPECT_EQ(test, BNY_MBX_TOO_SHORT, mbox_check(&buf));
}

static void mbox_cut_header_is_refused(struct kunit *test)
{
	struct bny_mbx_hdr *hdr;
	size_t len;

	for (len = 0; len < sizeof(*hdr); len++) {
		const struct bny_mbox_msg *msg;

		hdr = kunit_kzalloc(test, len ?: 1, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, hdr);
		KUNIT_EXPECT_EQ(test, BNY_MBX_TOO_SHORT,
				bny_mbox_check_incoming(BNY_MBOX_VF_TO_PF, hdr, len, &msg));
	}
}

static void mbox_request_with_status_is_refused(struct kunit *test)
{
	struct bny_mbx_up up = {};
	struct mbox_buf buf = mbox_build(test, BNY_MBX_REQUEST, BNY_MBX_SET_UP, &up, sizeof(up));

	buf.hdr->status = cpu_to_le32(BNY_MBX_FAILED);
	KUNIT_EXPECT_EQ(test, BNY_MBX_OUT_OF_RANGE, mbox_check(&buf));
}

static void mbox_header_is_little_endian(struct kunit *test)
{
	static const u8 expected[] = {
		1, 2, 0x34, 0x12, 0x1c, 0, 0xcd, 0xab, 4, 3, 2, 1, 0x0d, 0x0c, 0x0b, 0x0a,
	};
	struct bny_mbx_hdr hdr;

	bny_mbox_fill_hdr(&hdr, BNY_MBX_RESPONSE, 0x1234, 12, 0xabcd, 0x01020304, 0x0a0b0c0d);
	KUNIT_EXPECT_MEMEQ(test, &hdr, expected, sizeof(expected));
}

/* Payloads */

struct mbox_payload_case {
	const char *name;
	u16 opcode;
	u16 len;
	u32 status;
	u8 payload[16];
};

static const struct mbox_payload_case mbox_payload_cases[] = {
	{ "hello", BNY_MBX_HELLO, 8, BNY_MBX_OK, { 1, 0, 1, 0 } },
	{ "hello, range around ours", BNY_MBX_HELLO, 8, BNY_MBX_OK, { 0, 0, 9, 0 } },
	{ "hello, too new", BNY_MBX_HELLO, 8, BNY_MBX_BAD_VERSION, { 2, 0, 3, 0 } },
	{ "hello, too old", BNY_MBX_HELLO, 8, BNY_MBX_BAD_VERSION, { 0, 0, 0, 0 } },
	{ "hello, range upside down", BNY_MBX_HELLO, 8, BNY_MBX_OUT_OF_RANGE, { 2, 0, 1, 0 } },
	{ "mac", BNY_MBX_SET_MAC, 8, BNY_MBX_OK, { 2, 0, 0, 0, 0, 1 } },
	{ "mac, zero", BNY_MBX_SET_MAC, 8, BNY_MBX_OUT_OF_RANGE, { } },
	{ "mac, group address", BNY_MBX_SET_MAC, 8, BNY_MBX_OUT_OF_RANGE, { 3, 0, 0, 0, 0, 1 } },
	{ "mac, reserved bytes", BNY_MBX_SET_MAC, 8, BNY_MBX_OUT_OF_RANGE,
	  { 2, 0, 0, 0, 0, 1, 0, 1 } },
	{ "rx mode, none", BNY_MBX_SET_RX_MODE, 8, BNY_MBX_OK, { } },
	{ "rx mode, all", BNY_MBX_SET_RX_MODE, 8, BNY_MBX_OK, { 7 } },
	{ "rx mode, unknown flag", BNY_MBX_SET_RX_MODE, 8, BNY_MBX_OUT_OF_RANGE, { 8 } },
	{ "rx mode, high flag", BNY_MBX_SET_RX_MODE, 8, BNY_MBX_OUT_OF_RANGE, { 0, 0, 0, 0x80 } },
	{ "rx mode, reserved", BNY_MBX_SET_RX_MODE, 8, BNY_MBX_OUT_OF_RANGE, { 0, 0, 0, 0, 1 } },
	{ "up", BNY_MBX_SET_UP, 8, BNY_MBX_OK, { 1 } },
	{ "down", BNY_MBX_SET_UP, 8, BNY_MBX_OK, { 0 } },
	{ "up, twice", BNY_MBX_SET_UP, 8, BNY_MBX_OUT_OF_RANGE, { 2 } },
	{ "up, reserved", BNY_MBX_SET_UP, 8, BNY_MBX_OUT_OF_RANGE, { 1, 0, 0, 0, 0, 0, 0, 1 } },
	{ "multicast, none", BNY_MBX_SET_MULTICAST, 2, BNY_MBX_OK, { 0, 0 } },
	{ "multicast, one", BNY_MBX_SET_MULTICAST, 8, BNY_MBX_OK, { 1, 0, 1, 0, 0x5e, 0, 0, 1 } },
	{ "multicast, unicast address", BNY_MBX_SET_MULTICAST, 8, BNY_MBX_OUT_OF_RANGE,
	  { 1, 0, 2, 0, 0x5e, 0, 0, 1 } },
	{ "multicast, count over the payload", BNY_MBX_SET_MULTICAST, 8, BNY_MBX_TOO_SHORT,
	  { 2, 0, 1, 0, 0x5e, 0, 0, 1 } },
	{ "multicast, last address cut", BNY_MBX_SET_MULTICAST, 7, BNY_MBX_TOO_SHORT,
	  { 1, 0, 1, 0, 0x5e, 0, 0 } },
	{ "multicast, payload over the count", BNY_MBX_SET_MULTICAST, 8, BNY_MBX_TOO_LONG,
	  { 0, 0, 1, 0, 0x5e, 0, 0, 1 } },
	{ "multicast, too many", BNY_MBX_SET_MULTICAST, 8, BNY_MBX_NO_RESOURCE,
	  { 65, 0, 1, 0, 0x5e, 0, 0, 1 } },
	{ "unicast, none", BNY_MBX_SET_UNICAST, 2, BNY_MBX_OK, { 0, 0 } },
	{ "unicast, one", BNY_MBX_SET_UNICAST, 8, BNY_MBX_OK, { 1, 0, 2, 0, 0, 0, 0, 1 } },
	{ "unicast, group address", BNY_MBX_SET_UNICAST, 8, BNY_MBX_OUT_OF_RANGE,
	  { 1, 0, 3, 0, 0, 0, 0, 1 } },
	{ "unicast, zero", BNY_MBX_SET_UNICAST, 8, BNY_MBX_OUT_OF_RANGE, { 1, 0 } },
	{ "unicast, last address cut", BNY_MBX_SET_UNICAST, 7, BNY_MBX_TOO_SHORT,
	  { 1, 0, 2, 0, 0, 0, 0 } },
	{ "unicast, payload over the count", BNY_MBX_SET_UNICAST, 8, BNY_MBX_TOO_LONG,
	  { 0, 0, 2, 0, 0, 0, 0, 1 } },
	{ "unicast, too many", BNY_MBX_SET_UNICAST, 8, BNY_MBX_NO_RESOURCE,
	  { 17, 0, 2, 0, 0, 0, 0, 1 } },
	{ "VLANs, none", BNY_MBX_SET_VLANS, 2, BNY_MBX_OK, { 0, 0 } },
	{ "VLANs, first and last", BNY_MBX_SET_VLANS, 6, BNY_MBX_OK, { 2, 0, 1, 0, 0xfe, 0x0f } },
	{ "VLANs, 0", BNY_MBX_SET_VLANS, 6, BNY_MBX_OUT_OF_RANGE, { 2, 0, 1, 0, 0, 0 } },
	{ "VLANs, 4095", BNY_MBX_SET_VLANS, 6, BNY_MBX_OUT_OF_RANGE, { 2, 0, 1, 0, 0xff, 0x0f } },
	{ "VLANs, far beyond", BNY_MBX_SET_VLANS, 6, BNY_MBX_OUT_OF_RANGE,
	  { 2, 0, 1, 0, 1, 0x80 } },
	{ "VLANs, last one cut", BNY_MBX_SET_VLANS, 5, BNY_MBX_TOO_SHORT, { 2, 0, 1, 0, 2 } },
	{ "VLANs, payload over the count", BNY_MBX_SET_VLANS, 6, BNY_MBX_TOO_LONG,
	  { 1, 0, 1, 0, 2, 0 } },
	{ "VLANs, too many", BNY_MBX_SET_VLANS, 4, BNY_MBX_NO_RESOURCE, { 65, 0, 1, 0 } },
	{ "multicast, far too many", BNY_MBX_SET_MULTICAST, 8, BNY_MBX_NO_RESOURCE,
	  { 0xff, 0xff, 1, 0, 0x5e, 0, 0, 1 } },
};

KUNIT_ARRAY_PARAM_DESC(mbox_payload, mbox_payload_cases, name);

static void mbox_payload_is_judged(struct kunit *test)
{
	const struct mbox_payload_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, c->status, mbox_request(test, c->opcode, c->payload, c->len));
}

static void mbox_full_multicast_list_passes(struct kunit *test)
{
	struct bny_mbx_multicast list = { .count = cpu_to_le16(BNY_MBX_MULTICAST_MAX) };
	unsigned int i;

	for (i = 0; i < BNY_MBX_MULTICAST_MAX; i++)
		list.mac[i][0] = 1;
	KUNIT_EXPECT_EQ(test, BNY_MBX_OK,
			mbox_request(test, BNY_MBX_SET_MULTICAST, &list, sizeof(list)));

	/* The last one counts too */
	list.mac[BNY_MBX_MULTICAST_MAX - 1][0] = 0;
	KUNIT_EXPECT_EQ(test, BNY_MBX_OUT_OF_RANGE,
			mbox_request(test, BNY_MBX_SET_MULTICAST, &list, sizeof(list)));
}

/* Not a mistake of the sender's, which can ask for ALLMULTI instead */
static void mbox_longer_multicast_list_finds_no_room(struct kunit *test)
{
	struct {
		struct bny_mbx_multicast list;
		u8 one_more[ETH_ALEN];
	} __packed msg = { .list.count = cpu_to_le16(BNY_MBX_MULTICAST_MAX + 1) };

	memset(msg.list.mac, 1, sizeof(msg.list.mac));
	memset(msg.one_more, 1, sizeof(msg.one_more));
	KUNIT_EXPECT_EQ(test, BNY_MBX_NO_RESOURCE,
			mbox_request(test, BNY_MBX_SET_MULTICAST, &msg, sizeof(msg)));
}

/* Whatever is in a message: nothing beyond it is read (KASAN), and OK means that it is whole */
static void mbox_noise_does_no_harm(struct kunit *test)
{
	const struct bny_mbox_msg *msg;
	struct rnd_state rnd;
	struct mbox_buf buf;
	unsigned int i;
	u32 status;

	prandom_seed_state(&rnd, 20260101);
	for (i = 0; i < 2000; i++) {
		size_t len = prandom_u32_state(&rnd) % (BNY_MBX_MSG_LEN_MAX - sizeof(*buf.hdr) + 1);

		buf = mbox_build(test, BNY_MBX_REQUEST, prandom_u32_state(&rnd) % 9, NULL, len);
		prandom_bytes_state(&rnd, buf.hdr + 1, len);
		status = bny_mbox_check_incoming(BNY_MBOX_VF_TO_PF, buf.hdr, buf.len, &msg);
		KUNIT_EXPECT_LE(test, status, BNY_MBX_FAILED);
		if (status == BNY_MBX_OK) {
			KUNIT_EXPECT_GE(test, len, msg->len_min);
			KUNIT_EXPECT_LE(test, len, msg->len_max);
		}
		kunit_kfree(test, buf.hdr);
	}
}

/* Responses */

#define MBOX_SEQ	0x1234
#define MBOX_GENERATION	5

static struct mbox_buf mbox_hello_reply(struct kunit *test)
{
	struct bny_mbx_hello_reply reply = { .version = cpu_to_le16(BNY_MBX_VERSION) };
	struct mbox_buf buf = mbox_build(test, BNY_MBX_RESPONSE, BNY_MBX_HELLO, &reply,
					 sizeof(reply));

	buf.hdr->seq = cpu_to_le16(MBOX_SEQ);
	buf.hdr->generation = cpu_to_le32(MBOX_GENERATION);
	return buf;
}

static int mbox_check_reply(const struct mbox_buf *buf)
{
	return bny_mbox_check_response(bny_mbox_msg_find(BNY_MBX_HELLO), MBOX_SEQ,
				       MBOX_GENERATION, buf->hdr, buf->len);
}

static void mbox_response_is_paired(struct kunit *test)
{
	struct mbox_buf buf = mbox_hello_reply(test);

	KUNIT_EXPECT_EQ(test, 0, mbox_check_reply(&buf));
	buf.hdr->generation = cpu_to_le32(MBOX_GENERATION + 1);
	KUNIT_EXPECT_EQ(test, 0, mbox_check_reply(&buf));
}

static void mbox_stale_response_is_dropped(struct kunit *test)
{
	struct mbox_buf buf = mbox_hello_reply(test);

	buf.hdr->seq = cpu_to_le16(MBOX_SEQ - 1);
	KUNIT_EXPECT_EQ(test, -ESTALE, mbox_check_reply(&buf));

	buf = mbox_hello_reply(test);
	buf.hdr->opcode = cpu_to_le16(BNY_MBX_SET_UP);
	KUNIT_EXPECT_EQ(test, -ESTALE, mbox_check_reply(&buf));

	buf = mbox_hello_reply(test);
	buf.hdr->generation = cpu_to_le32(MBOX_GENERATION - 1);
	KUNIT_EXPECT_EQ(test, -ESTALE, mbox_check_reply(&buf));
}

static void mbox_malformed_response_is_an_error(struct kunit *test)
{
	struct mbox_buf buf = mbox_hello_reply(test);

	buf.len--;
	KUNIT_EXPECT_EQ(test, -EPROTO, mbox_check_reply(&buf));
	buf.hdr->len = cpu_to_le16(buf.len);
	KUNIT_EXPECT_EQ_MSG(test, -EPROTO, mbox_check_reply(&buf), "shorter than the opcode's");
	buf.len = sizeof(*buf.hdr) - 1;
	KUNIT_EXPECT_EQ(test, -EPROTO, mbox_check_reply(&buf));
}

static void mbox_nack_needs_no_payload(struct kunit *test)
{
	struct mbox_buf buf = mbox_hello_reply(test);

	buf.len = sizeof(*buf.hdr);
	buf.hdr->len = cpu_to_le16(buf.len);
	buf.hdr->status = cpu_to_le32(BNY_MBX_NOT_ALLOWED);
	KUNIT_EXPECT_EQ(test, -EPERM, mbox_check_reply(&buf));
}

static void mbox_generations_wrap(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, bny_mbox_generation_stale(5, 5));
	KUNIT_EXPECT_FALSE(test, bny_mbox_generation_stale(6, 5));
	KUNIT_EXPECT_TRUE(test, bny_mbox_generation_stale(4, 5));
	KUNIT_EXPECT_FALSE(test, bny_mbox_generation_stale(0, U32_MAX));
	KUNIT_EXPECT_TRUE(test, bny_mbox_generation_stale(U32_MAX, 0));
}

static void mbox_statuses_are_told_apart(struct kunit *test)
{
	u32 a, b;

	KUNIT_EXPECT_EQ(test, 0, bny_mbox_status_to_errno(BNY_MBX_OK));
	for (a = BNY_MBX_OK + 1; a <= BNY_MBX_FAILED; a++) {
		KUNIT_EXPECT_LT(test, bny_mbox_status_to_errno(a), 0);
		KUNIT_EXPECT_NOT_NULL(test, bny_mbox_status_name(a));
		for (b = BNY_MBX_OK; b < a; b++)
			KUNIT_EXPECT_NE(test, bny_mbox_status_to_errno(a),
					bny_mbox_status_to_errno(b));
	}
	KUNIT_EXPECT_EQ(test, -EPROTO, bny_mbox_status_to_errno(BNY_MBX_FAILED + 1));
	KUNIT_EXPECT_EQ(test, -EPROTO, bny_mbox_status_to_errno(U32_MAX));
	KUNIT_EXPECT_STREQ(test, "unknown", bny_mbox_status_name(U32_MAX));
}

static struct kunit_case mbox_cases[] = {
	KUNIT_CASE_PARAM(mbox_table_is_sound, mbox_msg_gen),
	KUNIT_CASE_PARAM(mbox_short_payload_is_refused, mbox_msg_gen),
	KUNIT_CASE_PARAM(mbox_long_payload_is_refused, mbox_msg_gen),
	KUNIT_CASE_PARAM(mbox_wrong_direction_is_unknown, mbox_msg_gen),
	KUNIT_CASE_PARAM(mbox_wrong_type_is_unknown, mbox_msg_gen),
	KUNIT_CASE(mbox_unknown_opcode_is_refused),
	KUNIT_CASE(mbox_other_version_is_refused),
	KUNIT_CASE(mbox_header_length_must_match),
	KUNIT_CASE(mbox_cut_header_is_refused),
	KUNIT_CASE(mbox_request_with_status_is_refused),
	KUNIT_CASE(mbox_header_is_little_endian),
	KUNIT_CASE_PARAM(mbox_payload_is_judged, mbox_payload_gen_params),
	KUNIT_CASE(mbox_full_multicast_list_passes),
	KUNIT_CASE(mbox_longer_multicast_list_finds_no_room),
	KUNIT_CASE(mbox_noise_does_no_harm),
	KUNIT_CASE(mbox_response_is_paired),
	KUNIT_CASE(mbox_stale_response_is_dropped),
	KUNIT_CASE(mbox_malformed_response_is_an_error),
	KUNIT_CASE(mbox_nack_needs_no_payload),
	KUNIT_CASE(mbox_generations_wrap),
	KUNIT_CASE(mbox_statuses_are_told_apart),
	{ }
};

static struct kunit_suite mbox_suite = {
	.name = "banyan_mbox",
	.test_cases = mbox_cases,
};

kunit_test_suite(mbox_suite);

MODULE_DESCRIPTION("KUnit tests of the Banyan drivers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("BANYAN");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
