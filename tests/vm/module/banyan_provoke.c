// SPDX-License-Identifier: GPL-2.0-only
/*
 * For the VM tests: what a driver may meet, but no program can bring about. Loaded in the network
 * namespace of its netdev:
 *
 *   netdev=NAME from=MAC to=MAC	listen: when NAME's address has become FROM, make it TO
 *   netdev=NAME send=empty_fragment	send a packet, of which one fragment has no bytes
 *   netdev=NAME send=cut_fragment	send a packet for TSO that is an IPv4 fragment already
 */
#include <linux/etherdevice.h>
#include <linux/hex.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <net/ip.h>

/* tests/vm/cases_reconfigure.py knows these */
#define PROVOKE_HEAD	60
#define PROVOKE_PART	100

static char *netdev;
module_param(netdev, charp, 0444);
MODULE_PARM_DESC(netdev, "name of the network device");

static char *from;
module_param(from, charp, 0444);
MODULE_PARM_DESC(from, "address that isn't left to it");

static char *to;
module_param(to, charp, 0444);
MODULE_PARM_DESC(to, "address that it gets instead");

static char *send;
module_param(send, charp, 0444);
MODULE_PARM_DESC(send, "packet to send: empty_fragment, cut_fragment");

static unsigned int announced;
module_param(announced, uint, 0444);
MODULE_PARM_DESC(announced, "changes of the address that were announced");

static struct net *provoke_net;
static int provoke_ifindex;
static u8 provoke_from[ETH_ALEN];
static struct sockaddr_storage provoke_to;

static int provoke_event(struct notifier_block *nb, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (dev_net(dev) != provoke_net || dev->ifindex != provoke_ifindex)
		return NOTIFY_DONE;

	if (event == NETDEV_PRE_CHANGEADDR)
		announced++;
	if (event == NETDEV_CHANGEADDR && ether_addr_equal(dev->dev_addr, provoke_from))
		return notifier_from_errno(dev_set_mac_address(dev, &provoke_to, NULL));
	return NOTIFY_DONE;
}

static struct notifier_block provoke_listener = { .notifier_call = provoke_event };

static struct sk_buff *provoke_skb(struct net_device *dev, unsigned int len, u16 proto)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_put_zero(skb, len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	eth_broadcast_addr(eth_hdr(skb)->h_dest);
	ether_addr_copy(eth_hdr(skb)->h_source, dev->dev_addr);
	eth_hdr(skb)->h_proto = htons(proto);
	skb->protocol = htons(proto);
	skb->dev = dev;
	return skb;
}

static struct sk_buff *provoke_empty_fragment(struct net_device *dev)
{
	static const unsigned int parts[] = { PROVOKE_PART, 0, PROVOKE_PART };
	struct sk_buff *skb = provoke_skb(dev, PROVOKE_HEAD, ETH_P_802_EX1);
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int i;

	if (!page || !skb) {
		kfree_skb(skb);
		if (page)
			put_page(page);
		return NULL;
	}
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		memset(page_address(page) + i * PROVOKE_PART, i + 1, parts[i]);
		if (i)
			get_page(page);
		skb_add_rx_frag(skb, i, page, i * PROVOKE_PART, parts[i], parts[i]);
	}
	return skb;
}

static struct sk_buff *provoke_cut_fragment(struct net_device *dev)
{
	const unsigned int headers = ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr);
	const unsigned int mss = 1000, len = headers + 2 * mss;
	struct sk_buff *skb = provoke_skb(dev, len, ETH_P_IP);

	if (!skb)
		return NULL;
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct iphdr));
	ip_hdr(skb)->version = 4;
	ip_hdr(skb)->ihl = sizeof(struct iphdr) / 4;
	ip_hdr(skb)->tot_len = htons(len - ETH_HLEN);
	ip_hdr(skb)->frag_off = htons(IP_MF);
	ip_hdr(skb)->protocol = IPPROTO_TCP;
	tcp_hdr(skb)->doff = sizeof(struct tcphdr) / 4;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = mss;
	skb_shinfo(skb)->gso_segs = 2;
	return skb;
}

static int provoke_send(struct net_device *dev)
{
	struct sk_buff *skb;
	int err;

	if (!strcmp(send, "empty_fragment"))
		skb = provoke_empty_fragment(dev);
	else if (!strcmp(send, "cut_fragment"))
		skb = provoke_cut_fragment(dev);
	else
		return -EINVAL;
	if (!skb)
		return -ENOMEM;
	err = dev_queue_xmit(skb);
	return err > 0 ? net_xmit_errno(err) : err;
}

static int __init provoke_init(void)
{
	struct net_device *dev;
	int err;

	provoke_net = current->nsproxy->net_ns;
	dev = dev_get_by_name(provoke_net, netdev ?: "");
	if (!dev)
		return -ENODEV;
	provoke_ifindex = dev->ifindex;
	provoke_to.ss_family = dev->type;

	if (send)
		err = provoke_send(dev);
	else if (from && to && mac_pton(from, provoke_from) && mac_pton(to, provoke_to.__data))
		err = register_netdevice_notifier(&provoke_listener);
	else
		err = -EINVAL;
	dev_put(dev);
	return err;
}
module_init(provoke_init);

static void __exit provoke_exit(void)
{
	if (!send)
		unregister_netdevice_notifier(&provoke_listener);
}
module_exit(provoke_exit);

MODULE_DESCRIPTION("What a network driver may meet: for Banyan's tests");
MODULE_LICENSE("GPL");
