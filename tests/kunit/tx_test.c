// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan KUnit tests: offload fields of transmit descriptors (datasheet, chapter "Queues").
 */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "bny_tx.h"

#define TX_PAYLOAD	4000
#define TX_MSS		1400
#define TX_SEGS		3

struct tx_case {
	const char *name;
	unsigned int l2_len;
	unsigned int l3_len;
	unsigned int l4_len;
	unsigned int csum_off;
	unsigned int gso_type;
	bool csum;
	u32 cmd;
};

#define TX_CMD_GSO(type)	(BNY_TX_CMD_CSUM | FIELD_PREP_CONST(BNY_TX_CMD_GSO, type))
#define TX_CSUM_TCP		offsetof(struct tcphdr, check)
#define TX_CSUM_UDP		offsetof(struct udphdr, check)

static const struct tx_case tx_cases[] = {
	{ "nothing to do", ETH_HLEN, 20, 20, 0, 0, false, 0 },
	{ "TCP checksum", ETH_HLEN, 20, 20, TX_CSUM_TCP, 0, true, BNY_TX_CMD_CSUM },
	{ "UDP checksum, IPv6", ETH_HLEN, 40, 8, TX_CSUM_UDP, 0, true, BNY_TX_CMD_CSUM },
	{ "checksum behind a tag", VLAN_ETH_HLEN, 20, 20, TX_CSUM_TCP, 0, true, BNY_TX_CMD_CSUM },
	{ "TSO", ETH_HLEN, 20, 20, TX_CSUM_TCP, SKB_GSO_TCPV4, true,
	  TX_CMD_GSO(BNY_GSO_TCPV4) },
	{ "TSO, TCP options", ETH_HLEN, 20, 32, TX_CSUM_TCP, SKB_GSO_TCPV4, true,
	  TX_CMD_GSO(BNY_GSO_TCPV4) },
	{ "TSO, ECN", ETH_HLEN, 20, 20, TX_CSUM_TCP, SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN, true,
	  TX_CMD_GSO(BNY_GSO_TCPV4) },
	{ "TSO, IPv6, behind a tag", VLAN_ETH_HLEN, 40, 32, TX_CSUM_TCP, SKB_GSO_TCPV6, true,
	  TX_CMD_GSO(BNY_GSO_TCPV6) },
	{ "USO", ETH_HLEN, 20, 8, TX_CSUM_UDP, SKB_GSO_UDP_L4, true, TX_CMD_GSO(BNY_GSO_UDP) },
	{ "USO, IPv6", ETH_HLEN, 40, 8, TX_CSUM_UDP, SKB_GSO_UDP_L4, true,
	  TX_CMD_GSO(BNY_GSO_UDP) },
};

KUNIT_ARRAY_PARAM_DESC(tx, tx_cases, name);

static unsigned int tx_hdr_len(const struct tx_case *c)
{
	return c->l2_len + c->l3_len + c->l4_len;
}

static void tx_free_skb(void *skb)
{
	kfree_skb(skb);
}

/* A packet as the stack hands it over: data at the MAC header, checksum left to be done */
static struct sk_buff *tx_skb(struct kunit *test, const struct tx_case *c)
{
	unsigned int len = tx_hdr_len(c) + TX_PAYLOAD;
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, tx_free_skb, skb));

	skb_reserve(skb, NET_SKB_PAD);
	memset(skb_put(skb, len), 0, len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, c->l2_len);
	skb_set_transport_header(skb, c->l2_len + c->l3_len);
	ip_hdr(skb)->version = c->l3_len < sizeof(struct ipv6hdr) ? 4 : 6;
	tcp_hdr(skb)->doff = c->l4_len / 4;

	if (c->csum) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_transport_header(skb) - skb->head;
		skb->csum_offset = c->csum_off;
	}
	if (c->gso_type) {
		skb_shinfo(skb)->gso_type = c->gso_type;
		skb_shinfo(skb)->gso_size = TX_MSS;
		skb_shinfo(skb)->gso_segs = TX_SEGS;
	}
	return skb;
}

static void tx_offload_fields(struct kunit *test)
{
	const struct tx_case *c = test->param_value;
	struct sk_buff *skb = tx_skb(test, c);
	struct bny_tx_desc desc = {};
	struct bny_tx_buf buf = {};

	bny_tx_offload(skb, &desc, &buf);

	KUNIT_EXPECT_EQ(test, c->cmd, le32_to_cpu(desc.cmd));
	KUNIT_EXPECT_EQ(test, c->csum ? c->l2_len + c->l3_len : 0, le16_to_cpu(desc.l4_off));
	KUNIT_EXPECT_EQ(test, c->csum ? c->csum_off : 0, le16_to_cpu(desc.csum_off));
	KUNIT_EXPECT_EQ(test, c->gso_type ? tx_hdr_len(c) : 0, le16_to_cpu(desc.hdr_len));
	KUNIT_EXPECT_EQ(test, c->gso_type ? TX_MSS : 0, le16_to_cpu(desc.mss));
	KUNIT_EXPECT_EQ(test, c->gso_type ? c->l2_len : 0, desc.l3_off);
	KUNIT_EXPECT_EQ(test, 0, desc.outer_l3_off);
	KUNIT_EXPECT_EQ(test, 0, desc.outer_l4_off);
	KUNIT_EXPECT_EQ(test, 0, le16_to_cpu(desc.vlan_tci));
}

static void tx_wire_counts(struct kunit *test)
{
	const struct tx_case *c = test->param_value;
	struct sk_buff *skb = tx_skb(test, c);
	unsigned int segs = c->gso_type ? TX_SEGS : 1;
	struct bny_tx_desc desc = {};
	struct bny_tx_buf buf = {};

	bny_tx_offload(skb, &desc, &buf);

	KUNIT_EXPECT_EQ(test, segs, buf.segs);
	KUNIT_EXPECT_EQ(test, segs * tx_hdr_len(c) + TX_PAYLOAD, buf.bytes);
}

struct tx_features_case {
	struct tx_case packet;
	bool checksum;
	bool segment;
};

#define TX_DEEP	(BNY_GSO_HDR_LEN_MAX - ETH_HLEN - TX_CSUM_TCP - 2)	/* bytes of IP headers */

static const struct tx_features_case tx_features_cases[] = {
	{ { "TSO", ETH_HLEN, 20, 32, TX_CSUM_TCP, SKB_GSO_TCPV4, true }, true, true },
	{ { "TSO, IPv6", ETH_HLEN, 40, 32, TX_CSUM_TCP, SKB_GSO_TCPV6, true }, true, true },
	{ { "TSO, no checksum to make", ETH_HLEN, 20, 32, TX_CSUM_TCP, SKB_GSO_TCPV4, false },
	  true, false },
	{ { "TSO, routing header", ETH_HLEN, 64, 32, TX_CSUM_TCP, SKB_GSO_TCPV6, true },
	  true, false },
	{ { "TSO, too many headers", ETH_HLEN, TX_DEEP, 32, TX_CSUM_TCP, SKB_GSO_TCPV6, true },
	  true, false },
	{ { "checksum, as deep as can be", ETH_HLEN, TX_DEEP, 20, TX_CSUM_TCP, 0, true },
	  true, true },
	{ { "checksum, too deep", ETH_HLEN, TX_DEEP + 1, 20, TX_CSUM_TCP, 0, true },
	  false, false },
	{ { "no checksum, deep", ETH_HLEN, TX_DEEP + 1, 20, TX_CSUM_TCP, 0, false }, true, true },
};

KUNIT_ARRAY_PARAM_DESC(tx_features, tx_features_cases, packet.name);

static void tx_features(struct kunit *test)
{
	const struct tx_features_case *c = test->param_value;
	netdev_features_t features = NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO6;

	features = bny_features_check(tx_skb(test, &c->packet), NULL, features);

	KUNIT_EXPECT_EQ(test, c->checksum, !!(features & NETIF_F_HW_CSUM));
	KUNIT_EXPECT_EQ(test, c->segment, !!(features & NETIF_F_GSO_MASK));
}

static struct kunit_case tx_kunit_cases[] = {
	KUNIT_CASE_PARAM(tx_offload_fields, tx_gen_params),
	KUNIT_CASE_PARAM(tx_wire_counts, tx_gen_params),
	KUNIT_CASE_PARAM(tx_features, tx_features_gen_params),
	{ }
};

static struct kunit_suite tx_suite = {
	.name = "banyan_tx",
	.test_cases = tx_kunit_cases,
};

kunit_test_suite(tx_suite);
