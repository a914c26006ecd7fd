/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: the register table (datasheet, chapter "Registers", which is
 * generated from it).
 *
 * BNY_REGS(REG) names every register of BAR 0 once, in the order of its offsets:
 *
 *   REG(name, offset, stride, count, access, reset, writable, scope, text)
 *
 * @name:     as in BNY_REG_<name>
 * @offset:   of its first instance, in bytes
 * @stride:   bytes from one instance to the next
 * @count:    instances that the architecture has; those behind a device's LIMITS read as zero
 * @access:   RO   the device's own value; a write latches BNY_ERR_REG_ACCESS
 *            RW   holds what was written
 *            W1C  the device sets bits, writing 1 clears them
 *            WO   a command; reads as zero
 * @reset:    value after a reset; where it is a property of the device (RO): 0
 * @writable: bits that a write may set; 1 elsewhere latches BNY_ERR_REG_VALUE
 * @scope:    ALL  in every function
 *            PF   in the PF alone
 */
#ifndef BNY_REG_TABLE_H
#define BNY_REG_TABLE_H

#define BNY_REGS(REG) \
	/* Identity and limits */ \
	REG(MAGIC,         0x0000, 4, 1, RO, 0x4e594e42, 0, ALL, "\"BNYN\"") \
	REG(VERSION,       0x0004, 4, 1, RO, 0x00020000, 0, ALL, "version of this interface") \
	REG(FUNCTION,      0x0008, 4, 1, RO, 0, 0, ALL, "which function this is") \
	REG(CAPS,          0x0010, 4, 2, RO, 0, 0, ALL, "BNY_FEAT_* that the function has") \
	REG(LIMITS,        0x0018, 4, 1, RO, 0, 0, ALL, "queue pairs and vectors") \
	REG(MAC_LO,        0x0020, 4, 1, RO, 0, 0, ALL, "permanent MAC address, bytes 0 to 3, byte 0 lowest") \
	REG(MAC_HI,        0x0024, 4, 1, RO, 0, 0, ALL, "permanent MAC address, bytes 4 and 5") \
	/* Control and state */ \
	REG(STATUS,        0x0040, 4, 1, RO, 0, 0, ALL, "state of the function") \
	REG(RESET,         0x0044, 4, 1, WO, 0, 0x1, ALL, "write 1: reset the function") \
	REG(GENERATION,    0x0048, 4, 1, RO, 0, 0, ALL, "resets of any kind since power-on") \
	REG(ERROR,         0x004c, 4, 1, RO, 0, 0, ALL, "the latched error; a reset clears it") \
	REG(ERROR_INFO,    0x0050, 4, 1, RO, 0, 0, ALL, "what the error was about") \
	REG(FEATURES,      0x0058, 4, 2, RW, 0, 0xffffffff, ALL, "BNY_FEAT_* in use, a subset of CAPS") \
	REG(MAX_FRAME,     0x0060, 4, 1, RW, 1518, 0xffff, ALL, "longest frame received, bytes without FCS") \
	REG(LINK,          0x0080, 4, 1, RO, 0, 0, ALL, "link state and speed") \
	/* Administrative interrupt, always vector 0 */ \
	REG(IRQ_CAUSE,     0x0100, 4, 1, W1C, 0, 0x1f, ALL, "why the administrative interrupt was sent") \
	REG(IRQ_ENABLE,    0x0104, 4, 1, RW, 0, 0x1f, ALL, "causes that send it") \
	/* Mailbox */ \
	REG(MBX_TX,        0x0200, 4, 1, WO, 0, 0xffff01ff, ALL, "send the message in MBX_TX_DATA") \
	REG(MBX_TX_STATUS, 0x0204, 4, 1, RO, 0, 0, ALL, "what became of the last one") \
	REG(MBX_RX,        0x0208, 4, 1, RO, 0, 0, ALL, "the message in MBX_RX_DATA") \
	REG(MBX_RX_ACK,    0x020c, 4, 1, WO, 0, 0xffffffff, ALL, "write what MBX_RX reads: next message") \
	/* Receive side scaling */ \
	REG(RSS_CTRL,      0x0500, 4, 1, RW, 0, 0x3f01, ALL, "enable and hash types") \
	REG(RSS_KEY,       0x0510, 4, 13, RW, 0, 0xffffffff, ALL, "Toeplitz key, byte 0 of the key lowest in the first") \
	REG(RSS_TABLE,     0x0580, 4, 32, RW, 0, 0x7f7f7f7f, ALL, "indirection table: 4 queue pairs each, entry 0 lowest") \
	/* Control queue */ \
	REG(CTLQ_CTRL,     0x0600, 4, 1, RW, 0, 0x1, ALL, "enable the control queue") \
	REG(CTLQ_DEPTH,    0x0604, 4, 1, RW, 0, 0xffff, ALL, "entries of the ring and of its completion ring") \
	REG(CTLQ_BASE_LO,  0x0608, 4, 1, RW, 0, 0xffffffc0, ALL, "ring of commands") \
	REG(CTLQ_BASE_HI,  0x060c, 4, 1, RW, 0, 0xffffffff, ALL, "") \
	REG(CTLQ_CQ_LO,    0x0610, 4, 1, RW, 0, 0xffffffc0, ALL, "completion ring") \
	REG(CTLQ_CQ_HI,    0x0614, 4, 1, RW, 0, 0xffffffff, ALL, "") \
	REG(CTLQ_DOORBELL, 0x0618, 4, 1, WO, 0, 0xffff, ALL, "producer index of the ring") \
	REG(CTLQ_INDEX,    0x061c, 4, 1, RO, 0, 0, ALL, "index behind the last command that is completed") \
	/* Counters: 64 bits each, an instance is one half, the low one first */ \
	REG(COUNTER,       0x0800, 4, 256, RO, 0, 0, ALL, "BNY_CNT_*") \
	/* The mailbox's windows */ \
	REG(MBX_TX_DATA,   0x1000, 4, 104, RW, 0, 0xffffffff, ALL, "message to send") \
	REG(MBX_RX_DATA,   0x1200, 4, 104, RO, 0, 0, ALL, "message received") \
	/* Queue pairs */ \
	REG(QP_VECTOR,     0x8000, 0x100, 128, RW, 0, 0xffff, ALL, "interrupt vector") \
	REG(QP_MODERATION, 0x8004, 0x100, 128, RW, 0, 0xffffffff, ALL, "interrupt moderation") \
	REG(TX_CTRL,       0x8040, 0x100, 128, RW, 0, 0x1, ALL, "enable the transmit ring") \
	REG(TX_DEPTH,      0x8044, 0x100, 128, RW, 0, 0xffff, ALL, "entries of the ring and of its completion ring") \
	REG(TX_BASE_LO,    0x8048, 0x100, 128, RW, 0, 0xffffffc0, ALL, "transmit ring") \
	REG(TX_BASE_HI,    0x804c, 0x100, 128, RW, 0, 0xffffffff, ALL, "") \
	REG(TX_CQ_LO,      0x8050, 0x100, 128, RW, 0, 0xffffffc0, ALL, "transmit completion ring") \
	REG(TX_CQ_HI,      0x8054, 0x100, 128, RW, 0, 0xffffffff, ALL, "") \
	REG(TX_SHADOW_LO,  0x8058, 0x100, 128, RW, 0, 0xffffffc0, ALL, "shadow doorbells") \
	REG(TX_SHADOW_HI,  0x805c, 0x100, 128, RW, 0, 0xffffffff, ALL, "") \
	REG(TX_INDEX,      0x8060, 0x100, 128, RO, 0, 0, ALL, "the device's consumer and completion indices") \
	REG(RX_CTRL,       0x8080, 0x100, 128, RW, 0, 0x1, ALL, "enable the receive ring") \
	REG(RX_DEPTH,      0x8084, 0x100, 128, RW, 0, 0xffff, ALL, "entries of the ring and of its completion ring") \
	REG(RX_BASE_LO,    0x8088, 0x100, 128, RW, 0, 0xffffffc0, ALL, "receive ring") \
	REG(RX_BASE_HI,    0x808c, 0x100, 128, RW, 0, 0xffffffff, ALL, "") \
	REG(RX_CQ_LO,      0x8090, 0x100, 128, RW, 0, 0xffffffc0, ALL, "receive completion ring") \
	REG(RX_CQ_HI,      0x8094, 0x100, 128, RW, 0, 0xffffffff, ALL, "") \
	REG(RX_SHADOW_LO,  0x8098, 0x100, 128, RW, 0, 0xffffffc0, ALL, "shadow doorbells") \
	REG(RX_SHADOW_HI,  0x809c, 0x100, 128, RW, 0, 0xffffffff, ALL, "") \
	REG(RX_INDEX,      0x80a0, 0x100, 128, RO, 0, 0, ALL, "the device's consumer and completion indices") \
	/* The PF alone: functions that were reset, one bit a function index */ \
	REG(FUNC_RESET_EVENT, 0x10000, 4, 8, W1C, 0, 0xffffffff, PF, "functions reset since the bit was cleared: bit b of FUNC_RESET_EVENT[n] is function 32 * n + b") \
	/* The PF alone: by function index */ \
	REG(FUNC_RESET,    0x11000, 4, 256, WO, 0, 0x1, PF, "write 1: reset the function")

#endif /* BNY_REG_TABLE_H */
