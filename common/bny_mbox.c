// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan mailbox: the transport (datasheet, chapter "Mailbox").
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/string.h>

#include "bny.h"
#include "bny_mbox.h"

/*
 * How often a request is offered to a peer whose queue is full, a millisecond apart or so. A
 * response isn't offered twice: who sends one request at a time has room for its answer, and
 * who doesn't must not keep the PF waiting.
 */
#define BNY_MBOX_TRIES_REQUEST	100
#define BNY_MBOX_TRIES_RESPONSE	1
/* An event's sender sees to the other tries, for all its receivers together */
#define BNY_MBOX_TRIES_EVENT	1

/* How long a request that waits sleeps between two looks into the mailbox */
#define BNY_MBOX_WAIT_MIN_US	50U
#define BNY_MBOX_WAIT_MAX_US	4000U

static int bny_mbox_tx_result(struct bny_dev *bd)
{
	u32 status = bny_read(bd, BNY_REG_MBX_TX_STATUS);

	switch (FIELD_GET(BNY_MBX_TX_RESULT, status)) {
	case BNY_MBX_TX_OK:
		return 0;
	case BNY_MBX_TX_FULL:
		return -EAGAIN;
	case BNY_MBX_TX_NO_PEER:
		return -ENXIO;
	case BNY_MBX_TX_BAD_LENGTH:
		return -EMSGSIZE;
	default:
		/* NONE: the function was reset under our hands, or taken out of them */
		return bny_present(bd) ? -EIO : -ENODEV;
	}
}

static int bny_mbox_tx_once(struct bny_mbox *mbox, u16 peer, const __le32 *buf, size_t len)
{
	struct bny_dev *bd = mbox->bd;
	unsigned int i;

	lockdep_assert_held(&mbox->tx_lock);

	for (i = 0; i < DIV_ROUND_UP(len, sizeof(*buf)); i++)
		bny_write(bd, BNY_REG_AT(MBX_TX_DATA, i), le32_to_cpu(buf[i]));
	bny_write(bd, BNY_REG_MBX_TX,
		  FIELD_PREP(BNY_MBX_LEN, len) | FIELD_PREP(BNY_MBX_PEER, peer));
	return bny_mbox_tx_result(bd);
}

/* @buf is whole words: the last one padded with zeroes */
static int bny_mbox_tx(struct bny_mbox *mbox, u16 peer, const __le32 *buf, size_t len,
		       unsigned int tries)
{
	int err;

	for (;;) {
		mutex_lock(&mbox->tx_lock);
		err = bny_mbox_tx_once(mbox, peer, buf, len);
		mutex_unlock(&mbox->tx_lock);

		if (err != -EAGAIN || !--tries)
			return err;
		usleep_range(500, 1500);
	}
}

/* Read the oldest message, of which MBX_RX has said @rx. Return: false if it has gone meanwhile */
static bool bny_mbox_rx_copy(struct bny_mbox *mbox, u32 rx)
{
	unsigned int i, words = DIV_ROUND_UP(FIELD_GET(BNY_MBX_LEN, rx), sizeof(__le32));

	for (i = 0; i < words; i++)
		mbox->rx_buf[i] = cpu_to_le32(bny_read(mbox->bd, BNY_REG_AT(MBX_RX_DATA, i)));
	/*
	 * A sender's reset takes its messages away, and the window shows another one: then what
	 * was read is of two. It mustn't be taken for the first one.
	 */
	return rx == bny_read(mbox->bd, BNY_REG_MBX_RX);
}

static void bny_mbox_respond(struct bny_mbox *mbox, u16 peer, const struct bny_mbx_hdr *request,
			     u32 status, size_t reply_len)
{
	struct bny_mbx_hdr *hdr = (struct bny_mbx_hdr *)mbox->tx_buf;

	lockdep_assert_held(&mbox->rx_lock);

	bny_mbox_fill_hdr(hdr, BNY_MBX_RESPONSE, le16_to_cpu(request->opcode), reply_len,
			  le16_to_cpu(request->seq), status, mbox->bd->generation);
	bny_mbox_tx(mbox, peer, mbox->tx_buf, sizeof(*hdr) + reply_len, BNY_MBOX_TRIES_RESPONSE);
}

static void bny_mbox_refused(struct bny_mbox *mbox, u16 peer, u16 opcode, u32 status)
{
	if (mbox->ops->bad)
		mbox->ops->bad(mbox->bd, peer, opcode, status);
}

static void bny_mbox_handle_request(struct bny_mbox *mbox, u16 peer, size_t len)
{
	const struct bny_mbx_hdr *hdr = (struct bny_mbx_hdr *)mbox->rx_buf;
	const struct bny_mbox_msg *msg = NULL;
	void *reply = (void *)mbox->tx_buf + sizeof(*hdr);
	size_t reply_len = 0;
	u32 status;

	memset(mbox->tx_buf, 0, sizeof(mbox->tx_buf));

	status = bny_mbox_check_incoming(mbox->ops->dir, hdr, len, &msg);
	if (status == BNY_MBX_OK)
		status = mbox->ops->request(mbox->bd, peer, msg, hdr, hdr + 1,
					    len - sizeof(*hdr), reply);
	if (status == BNY_MBX_OK)
		reply_len = msg->reply_len;
	else
		bny_mbox_refused(mbox, peer, le16_to_cpu(hdr->opcode), status);
	bny_mbox_respond(mbox, peer, hdr, status, reply_len);
}

static void bny_mbox_handle_event(struct bny_mbox *mbox, u16 peer, size_t len)
{
	const struct bny_mbx_hdr *hdr = (struct bny_mbx_hdr *)mbox->rx_buf;
	const struct bny_mbox_msg *msg = NULL;
	u32 status;

	status = bny_mbox_check_incoming(mbox->ops->dir, hdr, len, &msg);
	if (status == BNY_MBX_OK)
		mbox->ops->event(mbox->bd, peer, msg, hdr + 1, len - sizeof(*hdr));
	else
		bny_mbox_refused(mbox, peer, le16_to_cpu(hdr->opcode), status);
}

/* What a peer wrote before a reset is void, but for HELLO, which makes a new start */
static u32 bny_mbox_known_generation(struct bny_mbox *mbox, const struct bny_mbox_msg *msg,
				     const struct bny_mbx_hdr *hdr)
{
	return msg->open ? le32_to_cpu(hdr->generation) : mbox->peer_generation;
}

static void bny_mbox_handle_response(struct bny_mbox *mbox, u16 peer, size_t len)
{
	const struct bny_mbx_hdr *hdr = (struct bny_mbx_hdr *)mbox->rx_buf;
	const struct bny_mbox_msg *msg;
	int err = -ESTALE;

	spin_lock(&mbox->wait_lock);
	msg = mbox->wait_msg;
	if (msg && peer == mbox->wait_peer)
		err = bny_mbox_check_response(msg, mbox->wait_seq,
					      bny_mbox_known_generation(mbox, msg, hdr), hdr, len);
	/* Stale: its requester has given up, or was in another life of the function */
	if (err != -ESTALE) {
		if (!err)
			memcpy(mbox->wait_reply, hdr + 1, msg->reply_len);
		if (err != -EPROTO)
			mbox->peer_generation = le32_to_cpu(hdr->generation);
		mbox->wait_result = err;
		mbox->wait_msg = NULL;
		complete(&mbox->wait_done);
	}
	spin_unlock(&mbox->wait_lock);
}

static void bny_mbox_handle(struct bny_mbox *mbox, u16 peer, size_t len)
{
	const struct bny_mbx_hdr *hdr = (struct bny_mbx_hdr *)mbox->rx_buf;

	/* The device doesn't carry less than a header; there is nothing that could be answered */
	if (len < sizeof(*hdr))
		return bny_mbox_refused(mbox, peer, 0, BNY_MBX_TOO_SHORT);

	switch (hdr->type) {
	case BNY_MBX_RESPONSE:
		if (!mbox->ops->request) {
			bny_mbox_handle_response(mbox, peer, len);
			break;
		}
		/* Who takes requests sends none: it is refused, and counted, like a wrong event */
		fallthrough;
	case BNY_MBX_EVENT:
		bny_mbox_handle_event(mbox, peer, len);
		break;
	default:
		/* Even an unknown type gets its answer; only responses and events don't */
		bny_mbox_handle_request(mbox, peer, len);
	}
}

static bool bny_mbox_admit(struct bny_mbox *mbox, u16 peer)
{
	return !mbox->ops->admit || mbox->ops->admit(mbox->bd, peer);
}

/* Take the oldest message out of the mailbox and handle it. Return: its part of the budget */
static unsigned int bny_mbox_poll_one(struct bny_mbox *mbox)
{
	u32 rx = bny_read(mbox->bd, BNY_REG_MBX_RX);
	size_t len = FIELD_GET(BNY_MBX_LEN, rx);
	u16 peer = FIELD_GET(BNY_MBX_PEER, rx);
	bool admitted, whole;

	lockdep_assert_held(&mbox->rx_lock);

	/* A function that has vanished reads as all ones */
	if (!len || len > BNY_MBX_MSG_LEN_MAX)
		return BNY_MBOX_BUDGET;

	admitted = bny_mbox_admit(mbox, peer);
	whole = admitted && bny_mbox_rx_copy(mbox, rx);
	/*
	 * The device may show the next one, and will say so. If the message has been taken away in
	 * the meantime, the one that is shown instead stays.
	 */
	bny_write(mbox->bd, BNY_REG_MBX_RX_ACK, rx);
	if (whole)
		bny_mbox_handle(mbox, peer, len);
	return admitted ? 1 : BNY_MBOX_BUDGET / BNY_MBX_QUEUE_DEPTH;
}

/**
 * bny_mbox_poll() - handle the messages that have arrived
 * @mbox: mailbox
 *
 * For the work behind %BNY_IRQ_MAILBOX. Handles %BNY_MBOX_BUDGET messages at most: the device
 * raises the cause again for those that are left. Of messages that aren't admitted it takes as many
 * as a single peer can have waiting: then the caller may rest. Process context; takes
 * @mbox->rx_lock, never the locks of those who wait for a response.
 */
void bny_mbox_poll(struct bny_mbox *mbox)
{
	unsigned int done = 0;

	mutex_lock(&mbox->rx_lock);
	while (done < BNY_MBOX_BUDGET)
		done += bny_mbox_poll_one(mbox);
	mutex_unlock(&mbox->rx_lock);
}
EXPORT_SYMBOL_NS_GPL(bny_mbox_poll, "BANYAN");

static void bny_mbox_wait_begin(struct bny_mbox *mbox, const struct bny_mbox_msg *msg, u16 peer,
				u16 seq, void *reply)
{
	spin_lock(&mbox->wait_lock);
	reinit_completion(&mbox->wait_done);
	mbox->wait_msg = msg;
	mbox->wait_peer = peer;
	mbox->wait_seq = seq;
	mbox->wait_reply = reply;
	mbox->wait_result = -ETIMEDOUT;
	spin_unlock(&mbox->wait_lock);
}

/* From here on a response is stale. @err: unless there is a result already */
static int bny_mbox_wait_end(struct bny_mbox *mbox, int err)
{
	spin_lock(&mbox->wait_lock);
	if (!mbox->wait_msg)
		err = mbox->wait_result;
	mbox->wait_msg = NULL;
	spin_unlock(&mbox->wait_lock);
	return err;
}

/**
 * bny_mbox_cancel() - end the waiting of a request
 * @mbox: mailbox
 * @err: what bny_mbox_request() is to return
 *
 * For those who learn that no response will come. Process context.
 */
void bny_mbox_cancel(struct bny_mbox *mbox, int err)
{
	spin_lock(&mbox->wait_lock);
	if (mbox->wait_msg) {
		mbox->wait_msg = NULL;
		mbox->wait_result = err;
		complete(&mbox->wait_done);
	}
	spin_unlock(&mbox->wait_lock);
}
EXPORT_SYMBOL_NS_GPL(bny_mbox_cancel, "BANYAN");

/**
 * bny_mbox_close() - let no request wait
 * @mbox: mailbox
 *
 * Those that do end, and others fail at once, both with -ENETDOWN. Process context.
 */
void bny_mbox_close(struct bny_mbox *mbox)
{
	WRITE_ONCE(mbox->closed, true);
	bny_mbox_cancel(mbox, -ENETDOWN);
}

/**
 * bny_mbox_open() - undo bny_mbox_close()
 * @mbox: mailbox
 */
void bny_mbox_open(struct bny_mbox *mbox)
{
	WRITE_ONCE(mbox->closed, false);
}

/*
 * Wait for the response. Who waits may be the one who reads the mailbox otherwise, or interrupts
 * may not work yet: so look.
 */
static void bny_mbox_wait(struct bny_mbox *mbox)
{
	unsigned long end = jiffies + msecs_to_jiffies(BNY_MBOX_TIMEOUT_MS);
	unsigned int usecs = BNY_MBOX_WAIT_MIN_US;

	do {
		bny_mbox_poll(mbox);
		if (try_wait_for_completion(&mbox->wait_done) || READ_ONCE(mbox->closed))
			return;
		usleep_range(usecs, 2 * usecs);
		usecs = min(2 * usecs, BNY_MBOX_WAIT_MAX_US);
	} while (time_before(jiffies, end));
}

static void bny_mbox_build(struct bny_mbox *mbox, __le32 *buf, u8 type, u16 opcode, u16 seq,
			   const void *payload, size_t len)
{
	struct bny_mbx_hdr *hdr = (struct bny_mbx_hdr *)buf;

	bny_mbox_fill_hdr(hdr, type, opcode, len, seq, 0, mbox->bd->generation);
	memset(hdr + 1, 0, BNY_MBX_MSG_LEN_MAX - sizeof(*hdr));
	if (len)
		memcpy(hdr + 1, payload, len);
}

/**
 * bny_mbox_request() - ask a peer and wait for its answer
 * @mbox: mailbox
 * @peer: function index of the receiver
 * @opcode: enum bny_mbx_opcode
 * @payload: what the opcode carries
 * @len: its bytes
 * @reply: out: payload of the response, as long as the opcode's; untouched on error
 *
 * Process context; sleeps up to %BNY_MBOX_TIMEOUT_MS for the response, one request at a time, and
 * handles what comes meanwhile. The caller must not hold a lock that bny_mbox_poll() needs.
 *
 * Return: 0, -ETIMEDOUT, -ENODEV if the function has vanished, -EAGAIN if the peer's queue
 * stayed full, what bny_mbox_cancel() was given, or the errno for the response's status.
 */
int bny_mbox_request(struct bny_mbox *mbox, u16 peer, u16 opcode, const void *payload, size_t len,
		     void *reply)
{
	__le32 buf[BNY_MBX_MSG_LEN_MAX / sizeof(__le32)];
	const struct bny_mbox_msg *msg;
	u16 seq;
	int err;

	msg = bny_mbox_msg_find(opcode);
	if (WARN_ON_ONCE(!msg || len < msg->len_min || len > msg->len_max))
		return -EINVAL;

	mutex_lock(&mbox->req_lock);
	seq = ++mbox->seq;
	bny_mbox_build(mbox, buf, BNY_MBX_REQUEST, opcode, seq, payload, len);
	bny_mbox_wait_begin(mbox, msg, peer, seq, reply);

	err = -ENETDOWN;
	if (!READ_ONCE(mbox->closed))
		err = bny_mbox_tx(mbox, peer, buf, sizeof(struct bny_mbx_hdr) + len,
				  BNY_MBOX_TRIES_REQUEST);
	if (!err) {
		bny_mbox_wait(mbox);
		err = -ETIMEDOUT;
	}
	err = bny_mbox_wait_end(mbox, err);
	mutex_unlock(&mbox->req_lock);
	return err;
}
EXPORT_SYMBOL_NS_GPL(bny_mbox_request, "BANYAN");

/**
 * bny_mbox_event() - tell a peer something
 * @mbox: mailbox
 * @peer: function index of the receiver
 * @opcode: enum bny_mbx_opcode
 * @payload: what the opcode carries
 * @len: its bytes
 *
 * Process context.
 *
 * Return: 0 if it is in the peer's queue, -EAGAIN if that is full, -ENXIO if there is no
 * such peer, -ENODEV if the function has vanished.
 */
int bny_mbox_event(struct bny_mbox *mbox, u16 peer, u16 opcode, const void *payload, size_t len)
{
	__le32 buf[BNY_MBX_MSG_LEN_MAX / sizeof(__le32)];
	const struct bny_mbox_msg *msg;
	u16 seq;

	msg = bny_mbox_msg_find(opcode);
	if (WARN_ON_ONCE(!msg || len < msg->len_min || len > msg->len_max))
		return -EINVAL;

	mutex_lock(&mbox->req_lock);
	seq = ++mbox->seq;
	mutex_unlock(&mbox->req_lock);

	bny_mbox_build(mbox, buf, BNY_MBX_EVENT, opcode, seq, payload, len);
	return bny_mbox_tx(mbox, peer, buf, sizeof(struct bny_mbx_hdr) + len,
			   BNY_MBOX_TRIES_EVENT);
}
EXPORT_SYMBOL_NS_GPL(bny_mbox_event, "BANYAN");

/**
 * bny_mbox_init() - make a mailbox usable
 * @mbox: mailbox, zeroed
 * @bd: its function
 * @ops: what to do with messages
 */
void bny_mbox_init(struct bny_mbox *mbox, struct bny_dev *bd, const struct bny_mbox_ops *ops)
{
	mbox->bd = bd;
	mbox->ops = ops;
	mutex_init(&mbox->tx_lock);
	mutex_init(&mbox->rx_lock);
	mutex_init(&mbox->req_lock);
	spin_lock_init(&mbox->wait_lock);
	init_completion(&mbox->wait_done);
	/*
	 * The function may have had another driver a moment ago, on another kernel even: its
	 * late responses must not look like ours.
	 */
	mbox->seq = get_random_u16();
}
EXPORT_SYMBOL_NS_GPL(bny_mbox_init, "BANYAN");
