// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan KUnit tests: what receive completions say about a packet, and who said it first is a
 * neighbour (datasheet, chapter "Queues").
 */
#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "bny_rx.h"

#define RX_LEN		4000	/* bytes in the packet's head */
#define RX_V4		(ETH_HLEN + sizeof(struct iphdr))
#define RX_V6		(ETH_HLEN + sizeof(struct ipv6hdr))
#define RX_TCP		sizeof(struct tcphdr)
#define RX_UDP		sizeof(struct udphdr)
#define RX_CSUM_TCP	offsetof(struct tcphdr, check)
#define RX_CSUM_UDP	offsetof(struct udphdr, check)
#define RX_PARTIAL	BNY_RX_CQE_CSUM_PARTIAL
#define RX_GSO(type)	(BNY_RX_CQE_CSUM_PARTIAL | FIELD_PREP_CONST(BNY_RX_CQE_GSO, type))

struct rx_case {
	const char *name;
	u32 flags;
	u16 l4_off;
	u16 csum_off;
	u16 hdr_len;
	u16 mss;
	u16 segs;
	bool good;
};

static const struct rx_case rx_csum_cases[] = {
	{ "nothing", 0, 0, 0, 0, 0, 0, true },
	{ "verified", BNY_RX_CQE_CSUM_OK, 0, 0, 0, 0, 0, true },
	{ "wrong", BNY_RX_CQE_CSUM_BAD, 0, 0, 0, 0, 0, true },
	{ "TCP", RX_PARTIAL, RX_V4, RX_CSUM_TCP, 0, 0, 0, true },
	{ "UDP, IPv6", RX_PARTIAL, RX_V6, RX_CSUM_UDP, 0, 0, 0, true },
	{ "in the Ethernet header", RX_PARTIAL, 0, 0, 0, 0, 0, false },
	{ "in the IP header", RX_PARTIAL, RX_V4 - 1, RX_CSUM_TCP, 0, 0, 0, false },
	{ "at the end", RX_PARTIAL, RX_LEN - 2, 0, 0, 0, 0, true },
	{ "across the end", RX_PARTIAL, RX_LEN - 1, 0, 0, 0, 0, false },
	{ "behind the end", RX_PARTIAL, RX_V4, RX_LEN, 0, 0, 0, false },
	{ "far behind the end", RX_PARTIAL, U16_MAX, U16_MAX, 0, 0, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(rx_csum, rx_csum_cases, name);

#define RX_SEGS(hdr_len, mss)	DIV_ROUND_UP(RX_LEN - (hdr_len), mss)

static const struct rx_case rx_gso_cases[] = {
	{ "TCP", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP, 1000,
	  RX_SEGS(RX_V4 + RX_TCP, 1000), true },
	{ "TCP with options", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP + 12, 1000,
	  RX_SEGS(RX_V4 + RX_TCP + 12, 1000), true },
	{ "TCP, IPv6", RX_GSO(BNY_GSO_TCPV6), RX_V6, RX_CSUM_TCP, RX_V6 + RX_TCP, 1000,
	  RX_SEGS(RX_V6 + RX_TCP, 1000), true },
	{ "UDP", RX_GSO(BNY_GSO_UDP), RX_V4, RX_CSUM_UDP, RX_V4 + RX_UDP, 1000,
	  RX_SEGS(RX_V4 + RX_UDP, 1000), true },
	{ "one segment", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP, RX_LEN, 1,
	  true },
	{ "no checksum to make", FIELD_PREP_CONST(BNY_RX_CQE_GSO, BNY_GSO_TCPV4), RX_V4,
	  RX_CSUM_TCP, RX_V4 + RX_TCP, 1000, RX_SEGS(RX_V4 + RX_TCP, 1000), false },
	{ "unknown type", RX_GSO(BNY_GSO_UDP + 1), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP, 1000,
	  RX_SEGS(RX_V4 + RX_TCP, 1000), false },
	{ "UDP's checksum in TCP", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_UDP, RX_V4 + RX_TCP, 1000,
	  RX_SEGS(RX_V4 + RX_TCP, 1000), false },
	{ "no room for IPv6", RX_GSO(BNY_GSO_TCPV6), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP, 1000,
	  RX_SEGS(RX_V4 + RX_TCP, 1000), false },
	{ "no room for TCP", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP - 1, 1000,
	  RX_SEGS(RX_V4 + RX_TCP - 1, 1000), false },
	{ "headers alone", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_LEN, 1000, 1, false },
	{ "headers behind the end", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, U16_MAX, 1000, 1,
	  false },
	{ "no mss", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP, 0, 4, false },
	{ "no segments", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP, 1000, 0,
	  false },
	{ "too many segments", RX_GSO(BNY_GSO_TCPV4), RX_V4, RX_CSUM_TCP, RX_V4 + RX_TCP, 1000,
	  U16_MAX, false },
	{ "too many datagrams", RX_GSO(BNY_GSO_UDP), RX_V4, RX_CSUM_UDP, RX_V4 + RX_UDP, 1,
	  RX_SEGS(RX_V4 + RX_UDP, 1), false },
};

KUNIT_ARRAY_PARAM_DESC(rx_gso, rx_gso_cases, name);

static void rx_free_skb(void *skb)
{
	kfree_skb(skb);
}

/* A packet as bny_rx_build() leaves it: data at the MAC header, nothing known yet */
static struct sk_buff *rx_skb(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + RX_LEN, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, rx_free_skb, skb));

	skb_reserve(skb, NET_SKB_PAD);
	memset(skb_put(skb, RX_LEN), 0, RX_LEN);
	return skb;
}

static bool rx_offload(struct sk_buff *skb, const struct rx_case *c)
{
	const struct bny_rx_cqe cqe = {
		.l4_off = cpu_to_le16(c->l4_off),
		.csum_off = cpu_to_le16(c->csum_off),
		.hdr_len = cpu_to_le16(c->hdr_len),
		.mss = cpu_to_le16(c->mss),
		.segs = cpu_to_le16(c->segs),
	};

	return bny_rx_offload(skb, &cqe, c->flags);
}

static unsigned int rx_ip_summed(u32 flags)
{
	if (flags & BNY_RX_CQE_CSUM_PARTIAL)
		return CHECKSUM_PARTIAL;
	return flags & BNY_RX_CQE_CSUM_OK ? CHECKSUM_UNNECESSARY : CHECKSUM_NONE;
}

static void rx_csum_is_checked(struct kunit *test)
{
	const struct rx_case *c = test->param_value;
	struct sk_buff *skb = rx_skb(test);

	KUNIT_EXPECT_EQ(test, c->good, rx_offload(skb, c));
	if (!c->good)
		return;

	KUNIT_EXPECT_EQ(test, rx_ip_summed(c->flags), (unsigned int)skb->ip_summed);
	if (c->flags & BNY_RX_CQE_CSUM_PARTIAL) {
		KUNIT_EXPECT_EQ(test, c->l4_off, skb_checksum_start_offset(skb));
		KUNIT_EXPECT_EQ(test, c->csum_off, skb->csum_offset);
	}
}

static void rx_gso_is_checked(struct kunit *test)
{
	const struct rx_case *c = test->param_value;
	struct sk_buff *skb = rx_skb(test);

	KUNIT_EXPECT_EQ(test, c->good, rx_offload(skb, c));
	if (!c->good || c->segs == 1) {
		KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
		return;
	}
	KUNIT_EXPECT_EQ(test, c->mss, skb_shinfo(skb)->gso_size);
	KUNIT_EXPECT_EQ(test, c->segs, skb_shinfo(skb)->gso_segs);
	KUNIT_EXPECT_TRUE_MSG(test, skb_shinfo(skb)->gso_type & SKB_GSO_DODGY,
			      "a neighbour's headers are believed");
}

static struct kunit_case rx_cases[] = {
	KUNIT_CASE_PARAM(rx_csum_is_checked, rx_csum_gen_params),
	KUNIT_CASE_PARAM(rx_gso_is_checked, rx_gso_gen_params),
	{ }
};

static struct kunit_suite rx_suite = {
	.name = "banyan_rx",
	.test_cases = rx_cases,
};

kunit_test_suite(rx_suite);
