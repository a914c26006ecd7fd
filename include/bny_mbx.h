/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: mailbox messages (datasheet, chapter "Mailbox").
 *
 * A message is a header and the payload that its opcode has. A request is answered by a response
 * with the same opcode and sequence number: what can't be done gets a status, and only what comes
 * too fast is dropped. Events ask for no answer. The device carries messages without looking into
 * them and tells the receiver truly who sent one.
 */
#ifndef BNY_MBX_H
#define BNY_MBX_H

#include "bny_types.h"

#define BNY_MBX_MSG_LEN_MAX	416	/* bytes of a message, header included */
#define BNY_MBX_VERSION		1	/* the only one */

/**
 * struct bny_mbx_hdr - starts every message
 * @version: %BNY_MBX_VERSION, in HELLO too
 * @type: enum bny_mbx_type
 * @opcode: enum bny_mbx_opcode
 * @len: bytes of the message, header included
 * @seq: chosen by the requester, repeated in the response; in an event of no meaning
 * @status: enum bny_mbx_status in a response, else zero
 * @generation: sender's GENERATION register: messages from before a reset can be told
 */
struct bny_mbx_hdr {
	__u8 version;
	__u8 type;
	__le16 opcode;
	__le16 len;
	__le16 seq;
	__le32 status;
	__le32 generation;
};

/**
 * enum bny_mbx_type - what a message is
 * @BNY_MBX_REQUEST: asks for a response
 * @BNY_MBX_RESPONSE: answers the request of the same opcode and sequence number
 * @BNY_MBX_EVENT: tells something, asks for no answer
 */
enum bny_mbx_type {
	BNY_MBX_REQUEST = 1,
	BNY_MBX_RESPONSE = 2,
	BNY_MBX_EVENT = 3,
};

/**
 * enum bny_mbx_status - a response's verdict
 * @BNY_MBX_OK: done
 * @BNY_MBX_BAD_VERSION: the header's version isn't spoken here
 * @BNY_MBX_UNKNOWN_OPCODE: no such request
 * @BNY_MBX_TOO_SHORT: shorter than the opcode's payload, or than its own counts say
 * @BNY_MBX_TOO_LONG: longer than the opcode's payload
 * @BNY_MBX_OUT_OF_RANGE: a value that can't be
 * @BNY_MBX_NOT_ALLOWED: the PF's policy forbids it
 * @BNY_MBX_NO_RESOURCE: a table is full, or a list longer than the PF takes
 * @BNY_MBX_NOT_READY: HELLO comes first, or the PF is resetting, or has vanished
 * @BNY_MBX_FAILED: the device refused it
 */
enum bny_mbx_status {
	BNY_MBX_OK = 0,
	BNY_MBX_BAD_VERSION = 1,
	BNY_MBX_UNKNOWN_OPCODE = 2,
	BNY_MBX_TOO_SHORT = 3,
	BNY_MBX_TOO_LONG = 4,
	BNY_MBX_OUT_OF_RANGE = 5,
	BNY_MBX_NOT_ALLOWED = 6,
	BNY_MBX_NO_RESOURCE = 7,
	BNY_MBX_NOT_READY = 8,
	BNY_MBX_FAILED = 9,
};

/**
 * enum bny_mbx_opcode - what a message is about
 * @BNY_MBX_HELLO: VF to PF, first of all: negotiate; bny_mbx_hello, bny_mbx_hello_reply
 * @BNY_MBX_SET_MAC: VF to PF: use this unicast address; bny_mbx_mac
 * @BNY_MBX_SET_RX_MODE: VF to PF: replaces the receive modes; bny_mbx_rx_mode
 * @BNY_MBX_SET_MULTICAST: VF to PF: replaces the group addresses; bny_mbx_multicast
 * @BNY_MBX_SET_UP: VF to PF: enable or disable the function in the VEB; bny_mbx_up
 * @BNY_MBX_SET_UNICAST: VF to PF: replaces the further unicast addresses; bny_mbx_unicast
 * @BNY_MBX_SET_VLANS: VF to PF: replaces the list of VLANs; bny_mbx_vlans
 * @BNY_MBX_PF_GOING: event, PF to VF: the PF goes away or resets; settings are gone
 * @BNY_MBX_PF_READY: event, PF to VF: the PF is (back) there, or its policy for the VF is another
 *	one: say HELLO, and ask anew
 */
enum bny_mbx_opcode {
	BNY_MBX_HELLO = 1,
	BNY_MBX_SET_MAC = 2,
	BNY_MBX_SET_RX_MODE = 3,
	BNY_MBX_SET_MULTICAST = 4,
	BNY_MBX_SET_UP = 5,
	BNY_MBX_SET_UNICAST = 6,
	BNY_MBX_SET_VLANS = 7,
	BNY_MBX_PF_GOING = 0x100,
	BNY_MBX_PF_READY = 0x101,
};

/**
 * struct bny_mbx_hello - payload of the %BNY_MBX_HELLO request
 * @version_min: lowest mailbox version that the VF speaks
 * @version_max: highest one
 * @features: a bit for each optional part that it knows; this version has none
 */
struct bny_mbx_hello {
	__le16 version_min;
	__le16 version_max;
	__le32 features;
};

/**
 * struct bny_mbx_hello_reply - payload of the %BNY_MBX_HELLO response
 * @version: the highest common one: used from here on
 * @max_mtu: largest MTU, bytes
 * @features: those that both know
 * @policy: BNY_MBX_POLICY_*
 * @mac: the VF's permanent address
 * @queue_pairs: how many it may use
 * @multicast_max: group addresses it may have
 * @unicast_max: further unicast addresses, beside that of SET_MAC, it may have
 * @vlan_max: VLANs that it may be in; for more it needs RX_ALL_VLANS
 * @rsvd: zero
 */
struct bny_mbx_hello_reply {
	__le16 version;
	__le16 max_mtu;
	__le32 features;
	__le32 policy;
	__u8 mac[6];
	__le16 queue_pairs;
	__le16 multicast_max;
	__le16 unicast_max;
	__le16 vlan_max;
	__u8 rsvd[2];
};

#define BNY_MBX_POLICY_TRUSTED	BIT(0)	/* RX_PROMISC, RX_ALL_VLANS and any address are allowed */
#define BNY_MBX_POLICY_MAC_SET	BIT(1)	/* the host chose the MAC: SET_MAC takes no other one */

/**
 * struct bny_mbx_mac - payload of the %BNY_MBX_SET_MAC request
 * @mac: unicast address, in place of the one before
 * @rsvd: zero
 */
struct bny_mbx_mac {
	__u8 mac[6];
	__u8 rsvd[2];
};

/**
 * struct bny_mbx_rx_mode - payload of the %BNY_MBX_SET_RX_MODE request
 * @flags: BNY_MBX_RX_*
 * @rsvd: zero
 */
struct bny_mbx_rx_mode {
	__le32 flags;
	__le32 rsvd;
};

#define BNY_MBX_RX_PROMISC	BIT(0)	/* every frame that passes the VEB; for trusted VFs */
#define BNY_MBX_RX_ALLMULTI	BIT(1)	/* every multicast frame; for every VF */
#define BNY_MBX_RX_ALL_VLANS	BIT(2)	/* frames of every VLAN; for trusted VFs */
#define BNY_MBX_RX_FLAGS	GENMASK(2, 0)	/* all of these */

/* SET_MULTICAST: as many addresses as fit one message; more: ask for ALLMULTI */
#define BNY_MBX_MULTICAST_MAX	64	/* group addresses in one message */

/**
 * struct bny_mbx_multicast - payload of the %BNY_MBX_SET_MULTICAST request
 * @count: addresses in @mac, 0 to %BNY_MBX_MULTICAST_MAX
 * @mac: group addresses, in place of those before; the message ends behind the last
 */
struct bny_mbx_multicast {
	__le16 count;
	__u8 mac[BNY_MBX_MULTICAST_MAX][6];
};

/* Further addresses than these: ask for RX_PROMISC, as a trusted VF may */
#define BNY_MBX_UNICAST_MAX	16	/* further unicast addresses of a VF */

/**
 * struct bny_mbx_unicast - payload of the %BNY_MBX_SET_UNICAST request
 * @count: addresses in @mac, 0 to %BNY_MBX_UNICAST_MAX
 * @mac: unicast addresses beside that of SET_MAC, in place of those before; the message ends
 *	behind the last
 */
struct bny_mbx_unicast {
	__le16 count;
	__u8 mac[BNY_MBX_UNICAST_MAX][6];
};

#define BNY_MBX_VLAN_MAX	64	/* VLANs of a VF */

/**
 * struct bny_mbx_vlans - payload of the %BNY_MBX_SET_VLANS request
 * @count: VLANs in @vid, 0 to %BNY_MBX_VLAN_MAX
 * @vid: VLAN IDs, 1 to 4094, whatever the TPID of the tag, in place of those before; the message
 *	ends behind the last
 */
struct bny_mbx_vlans {
	__le16 count;
	__le16 vid[BNY_MBX_VLAN_MAX];
};

/**
 * struct bny_mbx_up - payload of the %BNY_MBX_SET_UP request
 * @up: 1: enable, 0: disable
 * @rsvd: zero
 */
struct bny_mbx_up {
	__le32 up;
	__le32 rsvd;
};

static_assert(sizeof(struct bny_mbx_hdr) == 16, "mailbox header size");
static_assert(sizeof(struct bny_mbx_hello) == 8, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_hello_reply) == 28, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_mac) == 8, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_rx_mode) == 8, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_multicast) == 386, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_unicast) == 98, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_vlans) == 130, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_up) == 8, "mailbox payload size");
static_assert(sizeof(struct bny_mbx_hdr) + sizeof(struct bny_mbx_multicast) <=
	      BNY_MBX_MSG_LEN_MAX, "longest message fits the window");

#endif /* BNY_MBX_H */
