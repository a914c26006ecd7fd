// SPDX-License-Identifier: GPL-2.0-only
/*
 * What docs/datasheet.md says in numbers, with the numbers of the headers: a phrase a line
 *
 * drivers.h has what the drivers and the device model alone know: their rates, times and sizes (datasheet.t).
 */
#include <stdint.h>
#include <stdio.h>

#include "bny_ctrl.h"
#include "bny_desc.h"
#include "bny_mbx.h"
#include "bny_pci.h"
#include "bny_regs.h"

/* The drivers, and the model, count times in these */
#define HZ		1000
#define USEC_PER_SEC	1000000
#define SCALE_MS	1000000
#include "drivers.h"

#define KIB(bytes) ((bytes) / 1024)
#define MSG(payload) (sizeof(struct bny_mbx_hdr) + sizeof(struct payload))

/* The example of chapter 6: as the text says how, not as the model does it */
static const uint8_t rss_key[] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};
static const uint8_t rss_input[] = {
	66, 9, 149, 187, 161, 142, 100, 80, 2794 >> 8, 2794 & 0xff, 1766 >> 8, 1766 & 0xff,
};

static uint32_t rss_hash(unsigned int len)
{
	uint32_t hash = 0;

	for (unsigned int i = 0; i < 8 * len; i++)
		for (unsigned int j = 0; j < 32 && rss_input[i / 8] << i % 8 & 0x80; j++)
			hash ^= (uint32_t)(rss_key[(i + j) / 8] >> (7 - (i + j) % 8) & 1) << (31 - j);
	return hash;
}

static void rss(void)
{
	static const struct {
		unsigned int type;
		const char *row;
	} types[] = {
		{ BNY_RSS_TYPE_IPV4, "BNY_RSS_TYPE_IPV4 | IPv4" },
		{ BNY_RSS_TYPE_TCPV4, "BNY_RSS_TYPE_TCPV4 | TCP over IPv4" },
		{ BNY_RSS_TYPE_UDPV4, "BNY_RSS_TYPE_UDPV4 | UDP over IPv4" },
		{ BNY_RSS_TYPE_IPV6, "BNY_RSS_TYPE_IPV6 | IPv6" },
		{ BNY_RSS_TYPE_TCPV6, "BNY_RSS_TYPE_TCPV6 | TCP over IPv6" },
		{ BNY_RSS_TYPE_UDPV6, "BNY_RSS_TYPE_UDPV6 | UDP over IPv6" },
	};
	uint32_t tcp = rss_hash(sizeof(rss_input)), ip = rss_hash(8);

	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		printf("| %d | %s |\n", __builtin_ctz(types[i].type), types[i].row);
	printf("a bit each in RSS_CTRL.TYPES (bits %d:%d)\n", 31 - __builtin_clz(BNY_RSS_TYPES),
	       __builtin_ctz(BNY_RSS_TYPES));
	printf("with the key ");
	for (unsigned int i = 0; i < sizeof(rss_key); i++)
		printf("%02x", rss_key[i]);
	printf(" (RSS_KEY[0] is %02x%02x%02x%02xh)\n", rss_key[3], rss_key[2], rss_key[1], rss_key[0]);
	printf("has the hash %08xh by its TCP type and %08xh by its IP type, so table entries %d and %d.\n",
	       tcp, ip, tcp % BNY_RSS_TABLE_LEN, ip % BNY_RSS_TABLE_LEN);
	printf("A packet's entry is its hash modulo %d.\n", BNY_RSS_TABLE_LEN);
}

static void mailbox(void)
{
	printf("A message is a header of %zu bytes\n", sizeof(struct bny_mbx_hdr));
	printf("| HELLO | %zu | %zu |\n", MSG(bny_mbx_hello), MSG(bny_mbx_hello_reply));
	printf("| SET_MAC | %zu | %zu |\n", MSG(bny_mbx_mac), sizeof(struct bny_mbx_hdr));
	printf("| SET_RX_MODE | %zu | %zu |\n", MSG(bny_mbx_rx_mode), sizeof(struct bny_mbx_hdr));
	printf("| SET_MULTICAST | %zu + 6 * count | %zu |\n",
	       sizeof(struct bny_mbx_hdr) + offsetof(struct bny_mbx_multicast, mac),
	       sizeof(struct bny_mbx_hdr));
	printf("| SET_UP | %zu | %zu |\n", MSG(bny_mbx_up), sizeof(struct bny_mbx_hdr));
	printf("| PF_GOING | %zu | none |\n", sizeof(struct bny_mbx_hdr));
	printf("| PF_READY | %zu | none |\n", sizeof(struct bny_mbx_hdr));
	printf("The header's version is %d in HELLO too\n", BNY_MBX_VERSION);
	printf("The response names the highest that both speak: %d in this version.\n", BNY_MBX_VERSION);
	printf("`multicast_max` of HELLO's response, %d at most\n", BNY_MBX_MULTICAST_MAX);
	printf("Responses and events share the %d places\n", BNY_MBX_QUEUE_DEPTH);
}

static void times(void)
{
	printf("| STATUS.READY after RESET | wait %d ms |\n", BNY_RESET_TIMEOUT_US / 1000);
	printf("| MBX_TX_STATUS is FULL | again each millisecond, %d times |\n",
	       BNY_MBOX_TRIES_REQUEST);
	printf("| response to a request | wait %d ms |\n", BNY_MBOX_TIMEOUT_MS);
	printf("| again after %d s, %d s, %d s ... %d s, or at PF_READY |\n", BNY_LOOK_DELAY_MIN / HZ,
	       2 * BNY_LOOK_DELAY_MIN / HZ, 4 * BNY_LOOK_DELAY_MIN / HZ,
	       BNY_LOOK_DELAY_MAX / HZ);
	printf("takes %d messages of a VF at once, then %d a second\n", BNY_VF_REQUEST_BURST,
	       BNY_VF_REQUEST_RATE);
}

static void limits(void)
{
	printf("| transmit descriptors read at once | %d |\n", BANYAN_TX_BATCH);
	printf("one for each batch of up to %d descriptors\n", BANYAN_TX_BATCH);
	printf("| receive descriptors read ahead | %d |\n", BANYAN_RX_CACHE);
	printf("checked when the device reads them, up to %d at once\n", BANYAN_RX_CACHE);
	printf("| bytes of a frame in which headers are looked for | %d |\n", BANYAN_PACKET_HDR_MAX);
	printf("a checksum field that ends behind byte %d or the frame\n", BANYAN_PACKET_HDR_MAX);
	printf("| frame without GSO; longest segment of one with GSO | %d bytes |\n",
	       BNY_FRAME_LEN_MAX);
	printf("| frame with GSO, of a function or the uplink | %d bytes |\n", BNY_GSO_LEN_MAX);
	printf("| bytes that a function has waiting for the uplink | %d KiB,\n", KIB(BANYAN_WIRE_BYTES));
	printf("| time for which the uplink may take nothing | %d ms |\n", BANYAN_WIRE_NS / SCALE_MS);
	printf("| QP_MODERATION | %d µs, %d packets |\n", (int)BNY_MODERATION_USECS,
	       (int)(BNY_MODERATION_FRAMES >> 16));
	printf("| MTU, in HELLO's response | %d |\n", BNY_MTU_MAX);
	printf("and from the PF to it | %d each |\n", BNY_MBX_QUEUE_DEPTH);
	printf("that the PF's driver takes | %d at once, %d a second |\n", BNY_VF_REQUEST_BURST,
	       BNY_VF_REQUEST_RATE);
	printf("the PF's driver rests %d to %d ms,\n", BNY_PF_REST_US / 1000, 2 * BNY_PF_REST_US / 1000);
	printf("| tries to give a VF PF_GOING or PF_READY | %d,\n", BNY_PF_TELL_TRIES);
	printf("(CAPS[0] is %xh)\n", (unsigned int)BANYAN_CAPS);
}

int main(void)
{
	printf("up to %d virtual functions\n", BNY_VFS_MAX);
	printf("| Vendor, device | %04xh, %04xh | %04xh, %04xh (VF Device ID\n", BNY_PCI_VENDOR_ID,
	       BNY_PCI_DEVICE_ID_PF, BNY_PCI_VENDOR_ID, BNY_PCI_DEVICE_ID_VF);
	printf("| Revision, class | %02xh, ", BNY_PCI_REVISION);
	printf("020000h | %02xh, 020000h |\n", BNY_PCI_REVISION);
	printf("| BAR 0: registers | %d KiB | %d KiB |\n", KIB(BNY_PF_BAR_REGS_SIZE),
	       KIB(BNY_VF_BAR_REGS_SIZE));
	printf("| BAR 2: doorbells | %d KiB | %d KiB |\n", KIB(BNY_PF_BAR_DOORBELLS_SIZE),
	       KIB(BNY_VF_BAR_DOORBELLS_SIZE));
	printf("| BAR 4: MSI-X table (%x), PBA (%xh) | %d KiB | %d KiB |\n", BNY_MSIX_TABLE_OFFSET,
	       BNY_MSIX_PBA_OFFSET, KIB(BNY_PF_BAR_MSIX_SIZE), KIB(BNY_VF_BAR_MSIX_SIZE));
	printf("All entries are %d bytes\n", BNY_ENTRY_SIZE);
	printf("powers of two from %d to %d.\n", BNY_RING_DEPTH_MIN, BNY_RING_DEPTH_MAX);
	printf("Rings and records are %d-byte aligned\n", BNY_RING_ALIGN);
	printf("ending with EOP, 1 to %d of them, each with 1 to %d bytes\n", BNY_TX_BUFS_MAX,
	       BNY_TX_BUF_LEN_MAX);
	printf("it is at most %d bytes (MTU_MAX, a header and two tags), with GSO at most %d\n",
	       BNY_FRAME_LEN_MAX, BNY_GSO_LEN_MAX);
	printf("one that has more than %d buffers latches\n", BNY_TX_BUFS_MAX);
	printf("a `hdr_len` of 0 or over %d\n", BNY_GSO_HDR_LEN_MAX);
	printf("an `mss` of less than %d bytes, or that would make segments longer than %d bytes\n",
	       BNY_MSS_MIN, BNY_FRAME_LEN_MAX);
	printf("and never shorter than %d (FRAME_LEN)\n", BNY_FRAME_LEN_MIN);
	printf("| FRAME_LEN | packet shorter than %d bytes\n", BNY_FRAME_LEN_MIN);
	printf("from the uplink, shorter than %d bytes, longer than %d,\n", BNY_FRAME_LEN_MIN,
	       BNY_GSO_LEN_MAX);
	printf("With RX_GSO packets have up to %d bytes: %d buffers of %d bytes hold any.\n",
	       BNY_GSO_LEN_MAX, BNY_RX_BUFS_MAX,
	       (BNY_GSO_LEN_MAX + BNY_RX_BUFS_MAX - 1) / BNY_RX_BUFS_MAX);
	printf("or it would take more than %d |\n", BNY_RX_BUFS_MAX);
	printf("A ring is one piece of DEPTH times %d bytes of bus addresses, a record %zu bytes\n",
	       BNY_ENTRY_SIZE, sizeof(struct bny_shadow));
	printf("its SPEED is always %d.\n", BNY_LINK_SPEED_DEFAULT);
	printf("has a length of %d to %d bytes\n", BNY_RX_BUF_LEN_MIN, BNY_RX_BUF_LEN_MAX);
	printf("in posting order, at most %d;\n", BNY_RX_BUFS_MAX);
	printf("the key is %d bytes\n", BNY_RSS_KEY_LEN);
	printf("the table has %d entries\n", BNY_RSS_TABLE_LEN);
	printf("(MAC address, function index) pairs, up to %d;\n", BNY_VEB_ENTRIES_MAX);
	printf("At most %d messages wait from one VF to the PF and %d from the PF to it\n",
	       BNY_MBX_QUEUE_DEPTH, BNY_MBX_QUEUE_DEPTH);
	printf("then ADD and REMOVE in their order, up to %d.\n", BNY_CTRL_ADDRESSES_MAX);
	printf("a ring of commands of %zu bytes\n", sizeof(struct bny_ctrl_command));
	printf("a ring of completions of %zu bytes (`bny_ctrl_cqe`), of the same depth, %d to %d,\n",
	       sizeof(struct bny_ctrl_cqe), BNY_CTRL_DEPTH_MIN, BNY_CTRL_DEPTH_MAX);
	printf("and CTLQ_CQ (aligned to %d bytes, not 0)\n", BNY_RING_ALIGN);
	rss();
	mailbox();
	times();
	limits();
	return 0;
}
