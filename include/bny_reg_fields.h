/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: the fields of the registers, as a table. The masks are those of
 * bny_regs.h; this says which register each belongs to, for tools and documents that show fields.
 *
 *   FIELD(register, field, mask, text)
 *
 * Where a register has several instances 4 bytes apart, the fields are the first one's.
 */
#ifndef BNY_REG_FIELDS_H
#define BNY_REG_FIELDS_H

#define BNY_FEATURE_FIELDS(FIELD, reg) \
	FIELD(reg, TX_CSUM,         BNY_FEAT_TX_CSUM,         "BNY_TX_CMD_CSUM") \
	FIELD(reg, TX_TSO,          BNY_FEAT_TX_TSO,          "BNY_GSO_TCPV4 and BNY_GSO_TCPV6") \
	FIELD(reg, TX_USO,          BNY_FEAT_TX_USO,          "BNY_GSO_UDP") \
	FIELD(reg, TX_VLAN,         BNY_FEAT_TX_VLAN,         "BNY_TX_CMD_VLAN and BNY_TX_CMD_STAG") \
	FIELD(reg, RX_CSUM,         BNY_FEAT_RX_CSUM,         "CSUM_OK and CSUM_BAD are reported") \
	FIELD(reg, RX_CSUM_PARTIAL, BNY_FEAT_RX_CSUM_PARTIAL, "CSUM_PARTIAL may be reported") \
	FIELD(reg, RX_GSO,          BNY_FEAT_RX_GSO,          "coalesced packets may be received; needs RX_CSUM_PARTIAL") \
	FIELD(reg, RX_HASH,         BNY_FEAT_RX_HASH,         "RSS block, hashes in completions") \
	FIELD(reg, RX_VLAN,         BNY_FEAT_RX_VLAN,         "tags are stripped into completions")

#define BNY_IRQ_FIELDS(FIELD, reg) \
	FIELD(reg, MAILBOX,    BNY_IRQ_MAILBOX,    "MBX_RX has become valid") \
	FIELD(reg, LINK,       BNY_IRQ_LINK,       "LINK has changed") \
	FIELD(reg, ERROR,      BNY_IRQ_ERROR,      "ERROR has been latched") \
	FIELD(reg, FUNC_RESET, BNY_IRQ_FUNC_RESET, "a bit of FUNC_RESET_EVENT has been set (PF)") \
	FIELD(reg, CONTROL,    BNY_IRQ_CONTROL,    "a command of the control queue was completed")

#define BNY_REG_FIELDS(FIELD) \
	FIELD(VERSION,       MAJOR,       BNY_VERSION_MAJOR,         "another one is incompatible") \
	FIELD(VERSION,       MINOR,       BNY_VERSION_MINOR,         "a higher one has additions") \
	FIELD(FUNCTION,      INDEX,       BNY_FUNCTION_INDEX,        "function index") \
	FIELD(FUNCTION,      IS_VF,       BNY_FUNCTION_IS_VF,        "it is a VF") \
	BNY_FEATURE_FIELDS(FIELD, CAPS) \
	FIELD(LIMITS,        QUEUE_PAIRS, BNY_LIMITS_QUEUE_PAIRS,    "queue pairs") \
	FIELD(LIMITS,        VECTORS,     BNY_LIMITS_VECTORS,        "MSI-X vectors") \
	FIELD(STATUS,        READY,       BNY_STATUS_READY,          "reset is over") \
	FIELD(STATUS,        ERROR,       BNY_STATUS_ERROR,          "an error is latched; all queues have stopped") \
	FIELD(STATUS,        ENABLED,     BNY_STATUS_ENABLED,        "the PF has enabled the function (BNY_POLICY_ENABLE)") \
	FIELD(RESET,         START,       BNY_RESET_START,           "reset the function") \
	FIELD(ERROR,         CODE,        BNY_ERROR_CODE,            "enum bny_error") \
	FIELD(ERROR_INFO,    QUEUE_PAIR,  BNY_ERROR_INFO_QUEUE_PAIR, "queue pair; of a register error all bits are its offset (datasheet, 3.2)") \
	FIELD(ERROR_INFO,    RX,          BNY_ERROR_INFO_RX,         "receive ring, else transmit ring") \
	FIELD(ERROR_INFO,    CONTROL,     BNY_ERROR_INFO_CONTROL,    "control queue; QUEUE_PAIR and RX are zero") \
	FIELD(ERROR_INFO,    INDEX,       BNY_ERROR_INFO_INDEX,      "ring index of the entry") \
	BNY_FEATURE_FIELDS(FIELD, FEATURES) \
	FIELD(LINK,          UP,          BNY_LINK_UP,               "link is up") \
	FIELD(LINK,          SPEED,       BNY_LINK_SPEED,            "Mb/s") \
	BNY_IRQ_FIELDS(FIELD, IRQ_CAUSE) \
	BNY_IRQ_FIELDS(FIELD, IRQ_ENABLE) \
	FIELD(MBX_TX,        LEN,         BNY_MBX_LEN,               "bytes of the message") \
	FIELD(MBX_TX,        PEER,        BNY_MBX_PEER,              "function index of the receiver") \
	FIELD(MBX_TX_STATUS, RESULT,      BNY_MBX_TX_RESULT,         "enum bny_mbx_tx_result") \
	FIELD(MBX_RX,        LEN,         BNY_MBX_LEN,               "bytes of the message, 0: no message") \
	FIELD(MBX_RX,        TICKET,      BNY_MBX_TICKET,            "tells the sender's messages apart") \
	FIELD(MBX_RX,        PEER,        BNY_MBX_PEER,              "function index of the sender") \
	FIELD(MBX_RX_ACK,    LEN,         BNY_MBX_LEN,               "from MBX_RX") \
	FIELD(MBX_RX_ACK,    TICKET,      BNY_MBX_TICKET,            "from MBX_RX") \
	FIELD(MBX_RX_ACK,    PEER,        BNY_MBX_PEER,              "from MBX_RX") \
	FIELD(RSS_CTRL,      ENABLE,      BNY_RSS_ENABLE,            "spread over the table") \
	FIELD(RSS_CTRL,      TYPES,       BNY_RSS_TYPES,             "BNY_RSS_TYPE_*, a bit each") \
	FIELD(QP_MODERATION, USECS,       BNY_MODERATION_USECS,      "since the first unsignalled completion; 0: none") \
	FIELD(QP_MODERATION, FRAMES,      BNY_MODERATION_FRAMES,     "completed packets; 0: no limit") \
	FIELD(TX_CTRL,       ENABLE,      BNY_RING_ENABLE,           "the ring runs") \
	FIELD(TX_INDEX,      RING,        BNY_INDEX_RING,            "consumer index of the ring") \
	FIELD(TX_INDEX,      CQ,          BNY_INDEX_CQ,              "producer index of the completion ring") \
	FIELD(RX_CTRL,       ENABLE,      BNY_RING_ENABLE,           "the ring runs") \
	FIELD(RX_INDEX,      RING,        BNY_INDEX_RING,            "consumer index of the ring") \
	FIELD(RX_INDEX,      CQ,          BNY_INDEX_CQ,              "producer index of the completion ring") \
	FIELD(CTLQ_CTRL,     ENABLE,      BNY_CTLQ_ENABLE,           "the queue runs") \
	FIELD(CTLQ_DOORBELL, INDEX,       BNY_CTLQ_INDEX,            "producer index") \
	FIELD(CTLQ_INDEX,    INDEX,       BNY_CTLQ_INDEX,            "consumer and completion index") \
	FIELD(FUNC_RESET,    START,       BNY_RESET_START,           "reset the function")

#endif /* BNY_REG_FIELDS_H */
