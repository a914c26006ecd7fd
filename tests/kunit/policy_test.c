// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan KUnit tests: what the PF lets a VF have.
 */
#include <kunit/test.h>

#include "bny_mbox_bucket.h"
#include "pf_policy.h"

struct policy_mac_case {
	const char *name;
	bool mac_set;
	bool trusted;
	bool own;
	bool taken;
	u32 status;
};

static const struct policy_mac_case policy_mac_cases[] = {
	{ "free address", false, false, false, false, BNY_MBX_OK },
	{ "its own address", false, false, true, false, BNY_MBX_OK },
	{ "taken address", false, false, false, true, BNY_MBX_NOT_ALLOWED },
	{ "taken address, trusted", false, true, false, true, BNY_MBX_OK },
	{ "host's choice", true, false, true, false, BNY_MBX_OK },
	{ "not the host's choice", true, false, false, false, BNY_MBX_NOT_ALLOWED },
	{ "not the host's choice, trusted", true, true, false, false, BNY_MBX_OK },
	{ "host's choice, taken", true, false, true, true, BNY_MBX_OK },
	{ "taken, not the host's choice", true, false, false, true, BNY_MBX_NOT_ALLOWED },
};

KUNIT_ARRAY_PARAM_DESC(policy_mac, policy_mac_cases, name);

static void policy_mac(struct kunit *test)
{
	static const u8 other[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
	const struct policy_mac_case *c = test->param_value;
	const struct bny_vf_policy policy = {
		.mac = { 2, 0, 0, 0, 0, 1 },
		.mac_set = c->mac_set,
		.trusted = c->trusted,
	};

	KUNIT_EXPECT_EQ(test, c->status,
			bny_policy_mac(&policy, c->own ? policy.mac : other, c->taken));
}

static void policy_only_given_addresses_are_kept_from_the_uplink(struct kunit *test)
{
	static const u8 other[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
	struct bny_vf_policy policy = { .mac = { 2, 0, 0, 0, 0, 1 } };

	KUNIT_EXPECT_FALSE(test, bny_policy_uplink_too(&policy, policy.mac));
	KUNIT_EXPECT_TRUE(test, bny_policy_uplink_too(&policy, other));
	policy.trusted = true;
	KUNIT_EXPECT_FALSE(test, bny_policy_uplink_too(&policy, other));
}

static void policy_promisc_needs_trust(struct kunit *test)
{
	struct bny_vf_policy policy = {};

	KUNIT_EXPECT_EQ(test, BNY_MBX_OK, bny_policy_rx_mode(&policy, 0));
	KUNIT_EXPECT_EQ(test, BNY_MBX_OK, bny_policy_rx_mode(&policy, BNY_MBX_RX_ALLMULTI));
	KUNIT_EXPECT_EQ(test, BNY_MBX_NOT_ALLOWED,
			bny_policy_rx_mode(&policy, BNY_MBX_RX_PROMISC));
	KUNIT_EXPECT_EQ(test, BNY_MBX_NOT_ALLOWED,
			bny_policy_rx_mode(&policy, BNY_MBX_RX_PROMISC | BNY_MBX_RX_ALLMULTI));

	policy.trusted = true;
	KUNIT_EXPECT_EQ(test, BNY_MBX_OK, bny_policy_rx_mode(&policy, BNY_MBX_RX_PROMISC));
}

static void policy_all_vlans_need_trust(struct kunit *test)
{
	struct bny_vf_policy policy = {};

	KUNIT_EXPECT_EQ(test, BNY_MBX_NOT_ALLOWED,
			bny_policy_rx_mode(&policy, BNY_MBX_RX_ALL_VLANS));
	policy.trusted = true;
	KUNIT_EXPECT_EQ(test, BNY_MBX_OK, bny_policy_rx_mode(&policy, BNY_MBX_RX_ALL_VLANS));
}

/* Are policies that differ in it the same? May a VF ask for the same under both? */
static void policy_differences(struct kunit *test)
{
	struct bny_vf_policy a = {}, b;

#define DIFFERS(field, value, rights)						\
	do {									\
		b = a;								\
		b.field = value;						\
		KUNIT_EXPECT_FALSE(test, bny_policy_equal(&a, &b));		\
		KUNIT_EXPECT_EQ(test, rights, bny_policy_same_rights(&a, &b));	\
	} while (0)

	bny_policy_of_new_vf(&a);
	KUNIT_EXPECT_TRUE(test, bny_policy_equal(&a, &a));
	DIFFERS(mac[5], 1, false);
	DIFFERS(mac_set, true, false);
	DIFFERS(trusted, true, false);
	DIFFERS(spoofchk, false, true);
	DIFFERS(vlan, 5, true);
	DIFFERS(qos, 5, true);
	DIFFERS(vlan_proto, htons(ETH_P_8021AD), true);
	DIFFERS(link_state, IFLA_VF_LINK_STATE_DISABLE, true);
	DIFFERS(min_rate, 1, true);
	DIFFERS(max_rate, 1, true);
}

/* A new VF: its addresses checked, no port VLAN, the uplink's link */
static void policy_of_a_new_vf_at_the_device(struct kunit *test)
{
	const struct bny_ctrl_policy want = {
		.flags = cpu_to_le32(BNY_POLICY_ENABLE | BNY_POLICY_CHECK_MAC |
				     BNY_POLICY_CHECK_VLAN),
		.mac = { 2, 0, 0, 0, 0, 1 },
		.link = BNY_POLICY_LINK_AUTO,
	};
	struct bny_ctrl_policy out;
	struct bny_vf_policy policy;

	bny_policy_of_new_vf(&policy);
	ether_addr_copy(policy.mac, want.mac);
	bny_policy_to_device(&policy, BNY_POLICY_ENABLE, &out);
	KUNIT_EXPECT_MEMEQ(test, &out, &want, sizeof(out));
}

/* What a driver leaves in the device, the next one finds there */
static void policy_back_from_the_device(struct kunit *test)
{
	struct bny_vf_policy policies[] = {
		{ .spoofchk = true, .vlan_proto = htons(ETH_P_8021Q) },
		{ .mac_set = true, .vlan = 0xabc, .qos = 7, .vlan_proto = htons(ETH_P_8021AD) },
		{ .trusted = true, .vlan = 1, .vlan_proto = htons(ETH_P_8021Q),
		  .link_state = IFLA_VF_LINK_STATE_ENABLE },
		{ .spoofchk = true, .mac_set = true, .trusted = true,
		  .vlan_proto = htons(ETH_P_8021Q), .link_state = IFLA_VF_LINK_STATE_DISABLE },
	};
	struct bny_ctrl_policy device;
	struct bny_vf_policy back;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		policies[i].mac[5] = i + 1;
		bny_policy_to_device(&policies[i], BNY_POLICY_ENABLE, &device);
		bny_policy_from_device(&device, &back);
		KUNIT_EXPECT_TRUE(test, bny_policy_equal(&policies[i], &back));
	}

	device.link = 0xff;
	bny_policy_from_device(&device, &back);
	KUNIT_EXPECT_EQ(test, IFLA_VF_LINK_STATE_AUTO, back.link_state);
}

static void policy_at_the_device(struct kunit *test)
{
	const struct bny_vf_policy policy = {
		.mac = { 2, 0, 0, 0, 0, 1 },
		.mac_set = true,
		.vlan = 0xabc,
		.qos = 5,
		.vlan_proto = htons(ETH_P_8021AD),
		.link_state = IFLA_VF_LINK_STATE_ENABLE,
	};
	const struct bny_ctrl_policy want = {
		.mac = { 2, 0, 0, 0, 0, 1 },
		.vlan_tci = cpu_to_le16(0xaabc),
		.vlan_tpid = cpu_to_le16(0x88a8),
		.link = BNY_POLICY_LINK_UP,
		.note = BNY_NOTE_MAC_SET,
	};
	struct bny_ctrl_policy out;

	bny_policy_to_device(&policy, 0, &out);
	KUNIT_EXPECT_MEMEQ(test, &out, &want, sizeof(out));
}

static void policy_every_error_of_the_veb_is_told(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, BNY_MBX_OK, bny_policy_veb_status(0));
	KUNIT_EXPECT_EQ(test, BNY_MBX_NO_RESOURCE, bny_policy_veb_status(-ENOSPC));
	KUNIT_EXPECT_EQ(test, BNY_MBX_NOT_READY, bny_policy_veb_status(-EIO));
	KUNIT_EXPECT_EQ(test, BNY_MBX_NOT_READY, bny_policy_veb_status(-ENODEV));
	KUNIT_EXPECT_EQ(test, BNY_MBX_FAILED, bny_policy_veb_status(-EINVAL));
	KUNIT_EXPECT_EQ(test, BNY_MBX_FAILED, bny_policy_veb_status(-ENXIO));
	KUNIT_EXPECT_EQ(test, BNY_MBX_FAILED, bny_policy_veb_status(-ENOENT));
}

static void policy_flags(struct kunit *test)
{
	struct bny_vf_policy policy = {};

	KUNIT_EXPECT_EQ(test, 0, bny_policy_flags(&policy));
	policy.trusted = true;
	KUNIT_EXPECT_EQ(test, BNY_MBX_POLICY_TRUSTED, bny_policy_flags(&policy));
	policy.mac_set = true;
	KUNIT_EXPECT_EQ(test, BNY_MBX_POLICY_TRUSTED, bny_policy_flags(&policy));
	policy.trusted = false;
	KUNIT_EXPECT_EQ(test, BNY_MBX_POLICY_MAC_SET, bny_policy_flags(&policy));
}

/* Far from 0, as a clock is */
#define BUCKET_START	(1000 * (u64)NSEC_PER_SEC)

static unsigned int bucket_drain(struct bny_bucket *bucket, u64 now)
{
	unsigned int taken = 0;

	while (taken < 10 * BNY_VF_REQUEST_BURST && bny_bucket_take(bucket, now))
		taken++;
	return taken;
}

static void bucket_gives_its_burst(struct kunit *test)
{
	struct bny_bucket bucket;

	bny_bucket_init(&bucket, BNY_VF_REQUEST_BURST, BUCKET_START);
	KUNIT_EXPECT_EQ(test, BNY_VF_REQUEST_BURST, bucket_drain(&bucket, BUCKET_START));
}

static void bucket_fills_at_its_rate(struct kunit *test)
{
	struct bny_bucket bucket;

	bny_bucket_init(&bucket, BNY_VF_REQUEST_BURST, BUCKET_START);
	bucket_drain(&bucket, BUCKET_START);
	KUNIT_EXPECT_FALSE(test, bny_bucket_take(&bucket, BUCKET_START + BNY_BUCKET_INTERVAL - 1));
	KUNIT_EXPECT_TRUE(test, bny_bucket_take(&bucket, BUCKET_START + BNY_BUCKET_INTERVAL));
	KUNIT_EXPECT_FALSE(test, bny_bucket_take(&bucket, BUCKET_START + BNY_BUCKET_INTERVAL));
	KUNIT_EXPECT_EQ(test, 7, bucket_drain(&bucket, BUCKET_START + 8 * BNY_BUCKET_INTERVAL));
}

/* Asking all the time must not keep a VF from ever getting a token, nor get it more */
static void bucket_counts_parts_of_an_interval(struct kunit *test)
{
	struct bny_bucket bucket;
	unsigned int taken = 0;
	u64 step;

	bny_bucket_init(&bucket, BNY_VF_REQUEST_BURST, BUCKET_START);
	bucket_drain(&bucket, BUCKET_START);
	for (step = 1; step <= 7 * BNY_VF_REQUEST_RATE; step++)
		taken += bny_bucket_take(&bucket, BUCKET_START + step * BNY_BUCKET_INTERVAL / 7);
	KUNIT_EXPECT_EQ(test, BNY_VF_REQUEST_RATE, taken);
}

static void bucket_holds_no_more_than_its_burst(struct kunit *test)
{
	const u64 year = 365ULL * 24 * 3600 * NSEC_PER_SEC;
	struct bny_bucket bucket;

	bny_bucket_init(&bucket, BNY_VF_REQUEST_BURST, BUCKET_START);
	KUNIT_EXPECT_EQ(test, BNY_VF_REQUEST_BURST, bucket_drain(&bucket, BUCKET_START + year));
	KUNIT_EXPECT_EQ(test, BNY_VF_REQUEST_BURST,
			bucket_drain(&bucket, BUCKET_START + 100 * year));
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(policy_mac, policy_mac_gen_params),
	KUNIT_CASE(policy_only_given_addresses_are_kept_from_the_uplink),
	KUNIT_CASE(policy_promisc_needs_trust),
	KUNIT_CASE(policy_all_vlans_need_trust),
	KUNIT_CASE(policy_differences),
	KUNIT_CASE(policy_of_a_new_vf_at_the_device),
	KUNIT_CASE(policy_at_the_device),
	KUNIT_CASE(policy_back_from_the_device),
	KUNIT_CASE(policy_every_error_of_the_veb_is_told),
	KUNIT_CASE(policy_flags),
	KUNIT_CASE(bucket_gives_its_burst),
	KUNIT_CASE(bucket_fills_at_its_rate),
	KUNIT_CASE(bucket_counts_parts_of_an_interval),
	KUNIT_CASE(bucket_holds_no_more_than_its_burst),
	{ }
};

static struct kunit_suite policy_suite = {
	.name = "banyan_policy",
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
