/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan mailbox: the same transport at both ends (datasheet, chapter "Mailbox").
 *
 * bny_mbox_codec.c knows the messages: one table, and pure functions that check what came in.
 * bny_mbox.c moves them through the mailbox registers, pairs requests with responses and calls
 * the handlers of the driver (PF or VF) that owns the function.
 */
#ifndef BNY_MBOX_H
#define BNY_MBOX_H

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "bny_mbx.h"

struct bny_dev;
struct bny_mbox;

/* A request waits this long for its response; a nested guest under emulation is slow */
#define BNY_MBOX_TIMEOUT_MS	2000
/* Messages taken from the mailbox in one go, before others get the CPU */
#define BNY_MBOX_BUDGET		64

/**
 * enum bny_mbox_dir - who may send a message of the table
 * @BNY_MBOX_VF_TO_PF: requests of a VF
 * @BNY_MBOX_PF_TO_VF: events of the PF
 */
enum bny_mbox_dir {
	BNY_MBOX_VF_TO_PF,
	BNY_MBOX_PF_TO_VF,
};

/**
 * struct bny_mbox_msg - format of one message
 * @opcode: enum bny_mbx_opcode
 * @type: %BNY_MBX_REQUEST or %BNY_MBX_EVENT
 * @dir: who sends it
 * @open: allowed before HELLO
 * @len_min: shortest payload, bytes
 * @len_max: longest payload; @len_min unless the payload counts its own entries
 * @reply_len: bytes of payload in a response whose status is %BNY_MBX_OK
 * @check: judges the payload (at least @len_min bytes, @len of them) by itself: counts, ranges,
 *	reserved fields; returns enum bny_mbx_status. NULL: nothing to judge
 * @name: for log lines
 */
struct bny_mbox_msg {
	u16 opcode;
	u8 type;
	u8 dir;
	bool open;
	u16 len_min;
	u16 len_max;
	u16 reply_len;
	u32 (*check)(const void *payload, size_t len);
	const char *name;
};

/* Codec: pure functions, no hardware */
const struct bny_mbox_msg *bny_mbox_msg_find(u16 opcode);
const struct bny_mbox_msg *bny_mbox_msg_at(unsigned int i);
u32 bny_mbox_check_incoming(enum bny_mbox_dir dir, const void *buf, size_t len,
			    const struct bny_mbox_msg **msg);
int bny_mbox_check_response(const struct bny_mbox_msg *msg, u16 seq, u32 known_generation,
			    const void *buf, size_t len);
void bny_mbox_fill_hdr(struct bny_mbx_hdr *hdr, u8 type, u16 opcode, size_t payload_len, u16 seq,
		       u32 status, u32 generation);
bool bny_mbox_generation_stale(u32 generation, u32 known);
int bny_mbox_status_to_errno(u32 status);
const char *bny_mbox_status_name(u32 status);

/**
 * struct bny_mbox_ops - what the owner of a mailbox does with messages
 * @dir: direction of the messages that it receives
 * @admit: may @peer be heard at all? Asked before its message is read; else that is dropped as it
 *	is, and nobody is told. NULL: always
 * @request: a request passed all checks of the codec. Fill @reply (zeroed, @msg->reply_len
 *	bytes), return enum bny_mbx_status. NULL where no requests are taken
 * @event: an event passed all checks. May not wait for a response of its own: defer that.
 *	NULL where no events are taken
 * @bad: a message from @peer was refused with @status; for counting and reporting. May be NULL
 *
 * All are called from bny_mbox_poll(): process context, one at a time.
 */
struct bny_mbox_ops {
	enum bny_mbox_dir dir;
	bool (*admit)(struct bny_dev *bd, u16 peer);
	u32 (*request)(struct bny_dev *bd, u16 peer, const struct bny_mbox_msg *msg,
		       const struct bny_mbx_hdr *hdr, const void *payload, size_t len,
		       void *reply);
	void (*event)(struct bny_dev *bd, u16 peer, const struct bny_mbox_msg *msg,
		      const void *payload, size_t len);
	void (*bad)(struct bny_dev *bd, u16 peer, u16 opcode, u32 status);
};

/**
 * struct bny_mbox - one function's mailbox
 * @bd: the function
 * @ops: of the driver
 * @tx_lock: guards MBX_TX and its window
 * @rx_lock: guards MBX_RX, its window and @rx_buf; held while handlers run
 * @req_lock: one request waits at a time
 * @wait_lock: guards the fields of the waiting request, below
 * @wait_msg: format of the request that waits, NULL: none does
 * @wait_seq: its sequence number
 * @wait_peer: who has to answer
 * @wait_reply: where the response's payload goes
 * @wait_result: 0 or errno
 * @wait_done: completed when @wait_result is set
 * @closed: requests fail
 * @seq: of the next request or event
 * @peer_generation: GENERATION of the PF in its last message that wasn't older (VF only)
 * @rx_buf: the message being handled
 * @tx_buf: the response being built
 */
struct bny_mbox {
	struct bny_dev *bd;
	const struct bny_mbox_ops *ops;
	/* guards MBX_TX and its window */
	struct mutex tx_lock;
	/* guards MBX_RX, its window, rx_buf and tx_buf */
	struct mutex rx_lock;
	/* one request waits at a time */
	struct mutex req_lock;

	/* guards the fields of the waiting request */
	spinlock_t wait_lock;
	const struct bny_mbox_msg *wait_msg;
	u16 wait_seq;
	u16 wait_peer;
	void *wait_reply;
	int wait_result;
	struct completion wait_done;
	bool closed;

	u16 seq;
	u32 peer_generation;
	__le32 rx_buf[BNY_MBX_MSG_LEN_MAX / sizeof(__le32)];
	__le32 tx_buf[BNY_MBX_MSG_LEN_MAX / sizeof(__le32)];
};

void bny_mbox_init(struct bny_mbox *mbox, struct bny_dev *bd, const struct bny_mbox_ops *ops);
void bny_mbox_poll(struct bny_mbox *mbox);
void bny_mbox_close(struct bny_mbox *mbox);
void bny_mbox_open(struct bny_mbox *mbox);
void bny_mbox_cancel(struct bny_mbox *mbox, int err);
int bny_mbox_request(struct bny_mbox *mbox, u16 peer, u16 opcode, const void *payload, size_t len,
		     void *reply);
int bny_mbox_event(struct bny_mbox *mbox, u16 peer, u16 opcode, const void *payload, size_t len);

#endif /* BNY_MBOX_H */
