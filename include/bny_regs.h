/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: registers and their fields (datasheet, chapter "Registers").
 *
 * Registers are 32 bits wide and are read and written whole; an aligned 8-byte access is two
 * registers, the low one first. No read has a side effect.
 */
#ifndef BNY_REGS_H
#define BNY_REGS_H

#include "bny_reg_table.h"
#include "bny_types.h"

/* BNY_REG_<name>: offset of its first instance, in BAR 0 */
enum bny_reg_offset {
#define BNY_REG_OFFSET(name, offset, ...) BNY_REG_##name = (offset),
	BNY_REGS(BNY_REG_OFFSET)
#undef BNY_REG_OFFSET
};

enum bny_reg_stride {
#define BNY_REG_STRIDE(name, offset, stride, ...) BNY_REG_STRIDE_##name = (stride),
	BNY_REGS(BNY_REG_STRIDE)
#undef BNY_REG_STRIDE
};

enum bny_reg_count {
#define BNY_REG_COUNT(name, offset, stride, count, ...) BNY_REG_COUNT_##name = (count),
	BNY_REGS(BNY_REG_COUNT)
#undef BNY_REG_COUNT
};

/* Offset of instance @i of register @name */
#define BNY_REG_AT(name, i)	(BNY_REG_##name + (i) * BNY_REG_STRIDE_##name)

/* Everything from here on is the PF's alone; the blocks before it are every function's */
#define BNY_REGS_PF_ONLY	0x10000

#define BNY_MAGIC		0x4e594e42

/* VERSION */
#define BNY_VERSION_MAJOR	GENMASK(31, 16)	/* another one: incompatible */
#define BNY_VERSION_MINOR	GENMASK(15, 0)	/* a higher one: additions */

/* FUNCTION */
#define BNY_FUNCTION_INDEX	GENMASK(15, 0)
#define BNY_FUNCTION_IS_VF	BIT(16)

/* LIMITS */
#define BNY_LIMITS_QUEUE_PAIRS	GENMASK(15, 0)
#define BNY_LIMITS_VECTORS	GENMASK(31, 16)

/* STATUS */
#define BNY_STATUS_READY	BIT(0)	/* reset is over */
#define BNY_STATUS_ERROR	BIT(1)	/* an error is latched; all queues have stopped */
#define BNY_STATUS_ENABLED	BIT(2)	/* the PF has enabled the function (BNY_POLICY_ENABLE) */

#define BNY_RESET_START		BIT(0)

/* ERROR */
#define BNY_ERROR_CODE		GENMASK(7, 0)	/* enum bny_error */

/* ERROR_INFO: for REG_ACCESS and REG_VALUE the register's offset; for a queue error these */
#define BNY_ERROR_INFO_QUEUE_PAIR	GENMASK(7, 0)
#define BNY_ERROR_INFO_RX		BIT(8)
#define BNY_ERROR_INFO_CONTROL		BIT(9)	/* control queue; QUEUE_PAIR and RX are zero */
#define BNY_ERROR_INFO_INDEX		GENMASK(31, 16)	/* ring index of the entry */

/* CAPS and FEATURES, first instance */
#define BNY_FEAT_TX_CSUM	BIT(0)	/* BNY_TX_CMD_CSUM */
#define BNY_FEAT_TX_TSO		BIT(1)	/* BNY_GSO_TCPV4 and BNY_GSO_TCPV6 */
#define BNY_FEAT_TX_USO		BIT(2)	/* BNY_GSO_UDP */
#define BNY_FEAT_TX_VLAN	BIT(3)	/* BNY_TX_CMD_VLAN and BNY_TX_CMD_STAG */
#define BNY_FEAT_RX_CSUM	BIT(8)	/* BNY_RX_CQE_CSUM_OK and CSUM_BAD are reported */
#define BNY_FEAT_RX_CSUM_PARTIAL BIT(9)	/* BNY_RX_CQE_CSUM_PARTIAL may be reported */
#define BNY_FEAT_RX_GSO		BIT(10)	/* coalesced packets may be received; needs CSUM_PARTIAL */
#define BNY_FEAT_RX_HASH	BIT(11)	/* RSS block, hashes in completions */
#define BNY_FEAT_RX_VLAN	BIT(12)	/* tags are stripped into completions */

/* LINK */
#define BNY_LINK_UP		BIT(31)
#define BNY_LINK_SPEED		GENMASK(23, 0)	/* Mb/s */

/* IRQ_CAUSE, IRQ_ENABLE */
#define BNY_IRQ_MAILBOX		BIT(0)	/* MBX_RX has become valid */
#define BNY_IRQ_LINK		BIT(1)	/* LINK has changed */
#define BNY_IRQ_ERROR		BIT(2)	/* ERROR has been latched */
#define BNY_IRQ_FUNC_RESET	BIT(3)	/* a bit of FUNC_RESET_EVENT has been set (PF) */
#define BNY_IRQ_CONTROL		BIT(4)	/* a command of the control queue was completed */

#define BNY_ADMIN_VECTOR	0

/* MBX_TX, MBX_RX, MBX_RX_ACK */
#define BNY_MBX_LEN		GENMASK(8, 0)	/* bytes, 0 in MBX_RX: no message */
#define BNY_MBX_TICKET		GENMASK(15, 9)	/* tells a sender's messages apart (not in MBX_TX) */
#define BNY_MBX_PEER		GENMASK(31, 16)	/* function index of the receiver, of the sender */

/* MBX_TX_STATUS */
#define BNY_MBX_TX_RESULT	GENMASK(3, 0)	/* enum bny_mbx_tx_result */

/**
 * enum bny_mbx_tx_result - what became of a message handed to MBX_TX
 * @BNY_MBX_TX_NONE: nothing was sent since the last reset
 * @BNY_MBX_TX_OK: it is in the receiver's queue
 * @BNY_MBX_TX_FULL: %BNY_MBX_QUEUE_DEPTH messages to this receiver wait; send it again later
 * @BNY_MBX_TX_NO_PEER: there is no such function, or it isn't allowed (a VF reaches the PF only)
 * @BNY_MBX_TX_BAD_LENGTH: shorter than a header or longer than the window
 */
enum bny_mbx_tx_result {
	BNY_MBX_TX_NONE = 0,
	BNY_MBX_TX_OK = 1,
	BNY_MBX_TX_FULL = 2,
	BNY_MBX_TX_NO_PEER = 3,
	BNY_MBX_TX_BAD_LENGTH = 4,
};

#define BNY_MBX_QUEUE_DEPTH	4	/* messages from one VF to the PF, and from the PF to it */

/* RSS_CTRL */
#define BNY_RSS_ENABLE		BIT(0)
#define BNY_RSS_TYPES		GENMASK(13, 8)	/* BNY_RSS_TYPE_*, shifted */

/* Hash types (Microsoft, "RSS hashing types"): in RSS_CTRL and in receive completions */
#define BNY_RSS_TYPE_IPV4	BIT(0)	/* addresses */
#define BNY_RSS_TYPE_TCPV4	BIT(1)	/* addresses and ports */
#define BNY_RSS_TYPE_UDPV4	BIT(2)	/* addresses and ports */
#define BNY_RSS_TYPE_IPV6	BIT(3)	/* addresses */
#define BNY_RSS_TYPE_TCPV6	BIT(4)	/* addresses and ports */
#define BNY_RSS_TYPE_UDPV6	BIT(5)	/* addresses and ports */

#define BNY_RSS_KEY_LEN		(BNY_REG_COUNT_RSS_KEY * 4)	/* bytes of the key */
#define BNY_RSS_TABLE_LEN	(BNY_REG_COUNT_RSS_TABLE * 4)	/* entries, one byte each */

/* QP_MODERATION: the interrupt waits for either */
#define BNY_MODERATION_USECS	GENMASK(15, 0)	/* since the first unsignalled completion; 0: no waiting */
#define BNY_MODERATION_FRAMES	GENMASK(31, 16)	/* completed packets; 0: no limit */

/* TX_CTRL, RX_CTRL */
#define BNY_RING_ENABLE		BIT(0)

/* TX_INDEX, RX_INDEX */
#define BNY_INDEX_RING		GENMASK(15, 0)
#define BNY_INDEX_CQ		GENMASK(31, 16)

/* CTLQ_CTRL */
#define BNY_CTLQ_ENABLE		BIT(0)

/* CTLQ_DOORBELL, CTLQ_INDEX */
#define BNY_CTLQ_INDEX		GENMASK(15, 0)

#define BNY_LINK_SPEED_DEFAULT	100000	/* Mb/s, of every link */

/**
 * enum bny_error - why a function stopped
 * @BNY_ERR_NONE: it did not
 * @BNY_ERR_REG_ACCESS: write to a register that is read-only or isn't there
 * @BNY_ERR_REG_VALUE: value that the register can't take
 * @BNY_ERR_RING_CONFIG: ring enabled with a depth, an address or a vector that can't be, or
 *	its registers written while it is enabled
 * @BNY_ERR_DOORBELL: doorbell or shadow doorbell past the ring, or reserved bytes of the latter
 *	that aren't zero
 * @BNY_ERR_DESC_ADDR: descriptor with address 0
 * @BNY_ERR_DESC_LEN: descriptor with a length of 0 or out of range
 * @BNY_ERR_DESC_CHAIN: packet of too many buffers
 * @BNY_ERR_DESC_CMD: command that is reserved, isn't in FEATURES or contradicts itself
 * @BNY_ERR_FRAME_LEN: frame shorter than an Ethernet header or longer than can be sent
 * @BNY_ERR_CQ_OVERRUN: completion ring full: the driver's cq_cons is wrong
 * @BNY_ERR_DMA: an access to memory failed (IOMMU fault, not RAM)
 * @BNY_ERR_INJECTED: the device was told to fail (property of the model)
 */
enum bny_error {
	BNY_ERR_NONE = 0,
	BNY_ERR_REG_ACCESS = 1,
	BNY_ERR_REG_VALUE = 2,
	BNY_ERR_RING_CONFIG = 3,
	BNY_ERR_DOORBELL = 4,
	BNY_ERR_DESC_ADDR = 5,
	BNY_ERR_DESC_LEN = 6,
	BNY_ERR_DESC_CHAIN = 7,
	BNY_ERR_DESC_CMD = 8,
	BNY_ERR_FRAME_LEN = 9,
	BNY_ERR_CQ_OVERRUN = 10,
	BNY_ERR_DMA = 11,
	BNY_ERR_INJECTED = 12,
};

/*
 * Doorbells, BAR 2: one page for each queue pair. 32 bits, write-only.
 */
#define BNY_DB_STRIDE		0x1000
#define BNY_DB_TX		0x00	/* producer index of the transmit ring */
#define BNY_DB_RX		0x04	/* producer index of the receive ring */
#define BNY_DB_ARM		0x08	/* 1: interrupt at the next completion; 0: don't */

#define BNY_DB_INDEX		GENMASK(15, 0)
#define BNY_DB_ARM_ON		BIT(0)

#endif /* BNY_REGS_H */
