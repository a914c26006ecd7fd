/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: the control queue (datasheet, chapter "Control queue").
 *
 * A ring of commands and a ring of completions of the same depth, in the function's memory.
 * Command i is at base + (i & (depth - 1)) * BNY_CTRL_COMMAND_SIZE, its completion at
 * completion base + (i & (depth - 1)) * BNY_ENTRY_SIZE. Indices run freely modulo 2^16. Commands
 * are carried out and completed one at a time and in order.
 */
#ifndef BNY_CTRL_H
#define BNY_CTRL_H

#include "bny_counters.h"
#include "bny_desc.h"
#include "bny_types.h"

#define BNY_CTRL_COMMAND_SIZE	64	/* bytes of a command */
#define BNY_CTRL_DEPTH_MIN	16	/* commands */
#define BNY_CTRL_DEPTH_MAX	1024	/* commands */
#define BNY_CTRL_PAYLOAD_MAX	4096	/* bytes of a command's payload */

/**
 * struct bny_ctrl_command - what the driver asks for
 * @opcode: enum bny_ctrl_opcode
 * @func: function index that the command is about; a VF's own in all that a VF may ask
 * @seq: chosen by the driver, repeated in the completion
 * @rsvd0: zero
 * @addr: bus address of the payload
 * @len: bytes of the payload; of one that the device writes: room for it
 * @rsvd1: zero
 */
struct bny_ctrl_command {
	__le16 opcode;
	__le16 func;
	__le16 seq;
	__le16 rsvd0;
	__le64 addr;
	__le32 len;
	__u8 rsvd1[44];
};

/**
 * struct bny_ctrl_cqe - what became of a command
 * @index: the command's ring index
 * @seq: from the command
 * @opcode: from the command
 * @status: enum bny_ctrl_status; unless it is %BNY_CTRL_OK, nothing was changed
 * @len: bytes of payload that the device wrote
 * @rsvd: zero
 * @flags: BNY_CQE_*
 */
struct bny_ctrl_cqe {
	__le16 index;
	__le16 seq;
	__le16 opcode;
	__le16 status;
	__le32 len;
	__u8 rsvd[16];
	__le32 flags;
};

/**
 * enum bny_ctrl_status - a completion's verdict
 * @BNY_CTRL_OK: done
 * @BNY_CTRL_NOT_ZERO: a reserved field of the command isn't zero
 * @BNY_CTRL_UNKNOWN_OPCODE: no such command
 * @BNY_CTRL_NOT_ALLOWED: the PF's alone, or about another function
 * @BNY_CTRL_NO_FUNCTION: there is no function of this index
 * @BNY_CTRL_BAD_LENGTH: less room for the payload than the opcode asks for; or a payload for the
 *	device that is shorter or longer than its own, or than its own count says
 * @BNY_CTRL_BAD_ADDRESS: the payload isn't in memory that the function reaches
 * @BNY_CTRL_BAD_VALUE: a value in the payload that can't be, or a reserved field that isn't zero
 * @BNY_CTRL_FULL: a table has no room for all of it
 *
 * Where several are true, it is the first in this order.
 */
enum bny_ctrl_status {
	BNY_CTRL_OK = 0,
	BNY_CTRL_NOT_ZERO = 1,
	BNY_CTRL_UNKNOWN_OPCODE = 2,
	BNY_CTRL_NOT_ALLOWED = 3,
	BNY_CTRL_NO_FUNCTION = 4,
	BNY_CTRL_BAD_LENGTH = 5,
	BNY_CTRL_BAD_ADDRESS = 6,
	BNY_CTRL_BAD_VALUE = 7,
	BNY_CTRL_FULL = 8,
};

/*
 * BNY_CTRL_COMMANDS(CMD) names every command once:
 *
 *   CMD(NAME, opcode, scope, direction, len_min, len_max, text)
 *
 * @scope:     ALL  any function, about itself; the PF about any
 *             PF   the PF alone
 * @direction: OUT  the device writes the payload: len_max bytes, or as many as there is room for,
 *                  len_min or more
 *             IN   the device reads the payload: len_min to len_max bytes
 */
#define BNY_CTRL_COMMANDS(CMD) \
	CMD(GET_CAPABILITIES, 1, ALL, OUT, 8, sizeof(struct bny_ctrl_capabilities), "commands and table sizes of the device") \
	CMD(GET_COUNTERS, 2, ALL, OUT, 8, BNY_CNT_COUNT * 8, "all counters of the function, BNY_CNT_* in the order of their index, 64 bits each") \
	CMD(GET_FUNCTION, 3, PF, OUT, 8, sizeof(struct bny_ctrl_function), "state of the function") \
	CMD(GET_POLICY, 4, PF, OUT, 8, sizeof(struct bny_ctrl_policy), "what the function may do") \
	CMD(SET_POLICY, 5, PF, IN, sizeof(struct bny_ctrl_policy), sizeof(struct bny_ctrl_policy), "set what the function may do, all of it at once") \
	CMD(SET_ADDRESSES, 6, PF, IN, sizeof(struct bny_ctrl_addresses), BNY_CTRL_PAYLOAD_MAX, "change the addresses whose frames the function gets, all or none") \
	CMD(SET_VLANS, 7, PF, IN, sizeof(struct bny_ctrl_vlans), sizeof(struct bny_ctrl_vlans), "replace the list of VLANs that the function is in") \
	CMD(GET_RATE, 8, PF, OUT, 8, sizeof(struct bny_ctrl_rate), "how much the function may send") \
	CMD(SET_RATE, 9, PF, IN, sizeof(struct bny_ctrl_rate), sizeof(struct bny_ctrl_rate), "set how much the function may send")

/* BNY_CTRL_<NAME>: opcode of the command */
enum bny_ctrl_opcode {
#define BNY_CTRL_OPCODE(NAME, opcode, ...) BNY_CTRL_##NAME = (opcode),
	BNY_CTRL_COMMANDS(BNY_CTRL_OPCODE)
#undef BNY_CTRL_OPCODE
};

/**
 * struct bny_ctrl_capabilities - payload of %BNY_CTRL_GET_CAPABILITIES
 * @commands: bit o: the function may give the command of opcode o
 * @functions: of the device, VFs that aren't enabled included; of a VF: 1
 * @entries_max: (MAC address, function) pairs that the forwarding table holds; of a VF: 0
 * @entries: pairs in use; of a VF: 0
 * @rsvd: zero
 */
struct bny_ctrl_capabilities {
	__le64 commands;
	__le32 functions;
	__le32 entries_max;
	__le32 entries;
	__u8 rsvd[44];
};

/**
 * struct bny_ctrl_function - payload of %BNY_CTRL_GET_FUNCTION
 * @status: its STATUS register
 * @error: its ERROR register
 * @error_info: its ERROR_INFO register
 * @generation: its GENERATION register
 * @limits: its LIMITS register
 * @link: its LINK register
 * @features: the first instance of its FEATURES register
 * @rsvd: zero
 */
struct bny_ctrl_function {
	__le32 status;
	__le32 error;
	__le32 error_info;
	__le32 generation;
	__le32 limits;
	__le32 link;
	__le32 features;
	__u8 rsvd[36];
};

/**
 * struct bny_ctrl_policy - payload of %BNY_CTRL_GET_POLICY and %BNY_CTRL_SET_POLICY
 * @flags: BNY_POLICY_*
 * @mac: permanent MAC address, what the function reads as its MAC_LO and MAC_HI; all zeroes: none.
 *	The PF's own is a property of the device: it can't be set to another
 * @vlan_tci: port VLAN: VLAN ID, 1 to 4094, and priority, of the tag that the device puts before
 *	what the function sends, and takes from what it gets. The PF can't have one
 * @vlan_tpid: 0x8100 or 0x88a8; 0: no port VLAN, and @vlan_tci is 0, too
 * @link: enum bny_policy_link
 * @note: of the PF's driver for the one after it; without meaning to the device
 * @rsvd: zero
 *
 * A reset of the PF by its RESET register leaves @mac, the port VLAN, @link, @note and, of @flags,
 * %BNY_POLICY_KEPT as they are.
 */
struct bny_ctrl_policy {
	__le32 flags;
	__u8 mac[6];
	__le16 vlan_tci;
	__le16 vlan_tpid;
	__u8 link;
	__u8 note;
	__u8 rsvd[48];
};

#define BNY_POLICY_ENABLE	BIT(0)	/* the VEB forwards from and to it; else its link is down */
#define BNY_POLICY_PROMISC	BIT(1)	/* it gets every frame that passes the VEB */
#define BNY_POLICY_ALLMULTI	BIT(2)	/* it gets every multicast frame */
#define BNY_POLICY_UPLINK_TOO	BIT(3)	/* its unicast addresses keep no frame from the uplink */
#define BNY_POLICY_CHECK_MAC	BIT(4)	/* it may send from addresses that it has in the table only */
#define BNY_POLICY_CHECK_VLAN	BIT(5)	/* it may send into VLANs only that it is in */
#define BNY_POLICY_ALL_VLANS	BIT(6)	/* it is in every VLAN */
#define BNY_POLICY_FLAGS	GENMASK(6, 0)	/* all of these */
#define BNY_POLICY_KEPT		GENMASK(5, 4)	/* those that outlive a reset of the PF by RESET */

/**
 * enum bny_policy_link - link of an enabled function
 * @BNY_POLICY_LINK_AUTO: the uplink's
 * @BNY_POLICY_LINK_UP: up, whatever the uplink's is
 * @BNY_POLICY_LINK_DOWN: down: it neither sends nor receives
 */
enum bny_policy_link {
	BNY_POLICY_LINK_AUTO = 0,
	BNY_POLICY_LINK_UP = 1,
	BNY_POLICY_LINK_DOWN = 2,
};

#define BNY_VLAN_TCI_VID	GENMASK(11, 0)	/* VLAN ID */
#define BNY_VLAN_TCI_PCP	GENMASK(15, 13)	/* priority; bit 12 is zero */

/**
 * struct bny_ctrl_addresses - head of %BNY_CTRL_SET_ADDRESSES' payload
 * @count: &struct bny_ctrl_address behind it, 0 to %BNY_CTRL_ADDRESSES_MAX
 * @flags: BNY_ADDRESSES_*
 * @rsvd: zero
 */
struct bny_ctrl_addresses {
	__le16 count;
	__le16 flags;
	__u8 rsvd[4];
};

#define BNY_ADDRESSES_FLUSH	BIT(0)	/* first remove all that the function has */

/**
 * struct bny_ctrl_address - a change of one address, carried out in their order
 * @mac: unicast or group address, not all zeroes
 * @op: enum bny_address_op
 * @rsvd: zero
 */
struct bny_ctrl_address {
	__u8 mac[6];
	__u8 op;
	__u8 rsvd;
};

/**
 * enum bny_address_op - what becomes of an address
 * @BNY_ADDRESS_ADD: frames to it go to the function, too; no error if they do already
 * @BNY_ADDRESS_REMOVE: they no longer do; no error if they didn't
 */
enum bny_address_op {
	BNY_ADDRESS_ADD = 1,
	BNY_ADDRESS_REMOVE = 2,
};

#define BNY_CTRL_ADDRESSES_MAX	511	/* changes in one command */

#define BNY_VLANS		4096	/* VLAN IDs; 0 and 4095 name no VLAN (IEEE 802.1Q, 9.6) */

/**
 * struct bny_ctrl_vlans - payload of %BNY_CTRL_SET_VLANS
 * @vlans: bit v % 8 of byte v / 8: the function is in VLAN v, whatever the TPID of the tag; those
 *	of 0 and 4095 are zero. While it has a port VLAN the list doesn't matter
 */
struct bny_ctrl_vlans {
	__u8 vlans[BNY_VLANS / 8];
};

/**
 * struct bny_ctrl_rate - payload of %BNY_CTRL_GET_RATE and %BNY_CTRL_SET_RATE
 * @min: Mb/s that it can send whatever others do; all of these together are %BNY_LINK_SPEED_DEFAULT
 *	at most
 * @max: Mb/s that it can't send more than, @min to %BNY_LINK_SPEED_DEFAULT; 0: no limit
 * @rsvd: zero
 *
 * Of frames as they are on a wire, without FCS, dropped or not.
 */
struct bny_ctrl_rate {
	__le32 min;
	__le32 max;
	__u8 rsvd[56];
};

#define BNY_VEB_ENTRIES_MAX	32768	/* (MAC address, function) pairs in the forwarding table */

static_assert(sizeof(struct bny_ctrl_command) == BNY_CTRL_COMMAND_SIZE, "command size");
static_assert(sizeof(struct bny_ctrl_cqe) == BNY_ENTRY_SIZE, "completion size");
static_assert(offsetof(struct bny_ctrl_cqe, flags) == 28, "completion layout");
static_assert(sizeof(struct bny_ctrl_capabilities) == 64, "payload size");
static_assert(sizeof(struct bny_ctrl_function) == 64, "payload size");
static_assert(sizeof(struct bny_ctrl_policy) == 64, "payload size");
static_assert(sizeof(struct bny_ctrl_rate) == 64, "payload size");
static_assert(sizeof(struct bny_ctrl_vlans) == 512, "payload size");
static_assert(sizeof(struct bny_ctrl_addresses) == 8, "payload size");
static_assert(sizeof(struct bny_ctrl_address) == 8, "payload size");
static_assert(sizeof(struct bny_ctrl_addresses) + BNY_CTRL_ADDRESSES_MAX *
	      sizeof(struct bny_ctrl_address) <= BNY_CTRL_PAYLOAD_MAX, "longest list fits");

#endif /* BNY_CTRL_H */
