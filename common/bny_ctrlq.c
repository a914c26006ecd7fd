// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: control queue (datasheet, chapter "Control queue").
 *
 * The device answers by itself, within microseconds, so whoever asks waits for it. A command that
 * is late stays under way: until it is done nobody asks anything else.
 */
#include <linux/iopoll.h>

#include "bny_ctrl.h"
#include "bny_ctrlq.h"
#include "bny_event.h"

/* One is under way at a time, so the least that the device takes is enough */
#define BNY_CTRLQ_DEPTH		BNY_CTRL_DEPTH_MIN

#define BNY_CTRLQ_POLL_US	5
#define BNY_CTRLQ_TIMEOUT_US	(50 * USEC_PER_MSEC)

static const int bny_ctrlq_errno[] = {
	[BNY_CTRL_OK]			= 0,
	[BNY_CTRL_NOT_ZERO]		= -EINVAL,
	[BNY_CTRL_UNKNOWN_OPCODE]	= -EOPNOTSUPP,
	[BNY_CTRL_NOT_ALLOWED]		= -EPERM,
	[BNY_CTRL_NO_FUNCTION]		= -ENODEV,
	[BNY_CTRL_BAD_LENGTH]		= -EINVAL,
	[BNY_CTRL_BAD_ADDRESS]		= -EFAULT,
	[BNY_CTRL_BAD_VALUE]		= -EINVAL,
	[BNY_CTRL_FULL]			= -ENOSPC,
};

/**
 * bny_ctrlq_alloc() - allocate a control queue
 * @q: the queue
 * @bd: its function
 *
 * Return: 0 or -ENOMEM.
 */
int bny_ctrlq_alloc(struct bny_ctrlq *q, struct bny_dev *bd)
{
	int err;

	q->bd = bd;
	mutex_init(&q->lock);
	err = bny_mem_alloc(bd, &q->ring, BNY_CTRLQ_DEPTH * sizeof(struct bny_ctrl_command));
	if (err)
		return err;
	err = bny_mem_alloc(bd, &q->cq, BNY_CTRLQ_DEPTH * sizeof(struct bny_ctrl_cqe));
	if (err)
		goto err_free_ring;
	err = bny_mem_alloc(bd, &q->payload, BNY_CTRL_PAYLOAD_MAX);
	if (err)
		goto err_free_cq;
	return 0;

err_free_cq:
	bny_mem_free(bd, &q->cq);
err_free_ring:
	bny_mem_free(bd, &q->ring);
	return err;
}
EXPORT_SYMBOL_NS_GPL(bny_ctrlq_alloc, "BANYAN");

/**
 * bny_ctrlq_free() - undo bny_ctrlq_alloc()
 * @q: the queue; the device doesn't use it any more
 */
void bny_ctrlq_free(struct bny_ctrlq *q)
{
	bny_mem_free(q->bd, &q->payload);
	bny_mem_free(q->bd, &q->cq);
	bny_mem_free(q->bd, &q->ring);
	mutex_destroy(&q->lock);
}
EXPORT_SYMBOL_NS_GPL(bny_ctrlq_free, "BANYAN");

static void bny_ctrlq_write_addr(struct bny_dev *bd, u32 reg, dma_addr_t addr)
{
	bny_write(bd, reg, lower_32_bits(addr));
	bny_write(bd, reg + sizeof(u32), upper_32_bits(addr));
}

/**
 * bny_ctrlq_start() - enable the queue in the device
 * @q: the queue
 *
 * After each reset of the function. What was under way is no more.
 *
 * Context: process.
 */
void bny_ctrlq_start(struct bny_ctrlq *q)
{
	struct bny_dev *bd = q->bd;

	mutex_lock(&q->lock);
	bny_write(bd, BNY_REG_CTLQ_CTRL, 0);
	memset(q->cq.va, 0, q->cq.size);
	q->prod = 0;
	q->cons = 0;
	bny_write(bd, BNY_REG_CTLQ_DEPTH, BNY_CTRLQ_DEPTH);
	bny_ctrlq_write_addr(bd, BNY_REG_CTLQ_BASE_LO, q->ring.dma);
	bny_ctrlq_write_addr(bd, BNY_REG_CTLQ_CQ_LO, q->cq.dma);
	bny_write(bd, BNY_REG_CTLQ_CTRL, BNY_CTLQ_ENABLE);
	q->up = bny_present(bd);
	mutex_unlock(&q->lock);
}
EXPORT_SYMBOL_NS_GPL(bny_ctrlq_start, "BANYAN");

/**
 * bny_ctrlq_stop() - disable the queue in the device, and let nobody ask any more
 * @q: the queue; its function may be gone
 *
 * Context: process.
 */
void bny_ctrlq_stop(struct bny_ctrlq *q)
{
	mutex_lock(&q->lock);
	q->up = false;
	bny_write(q->bd, BNY_REG_CTLQ_CTRL, 0);
	mutex_unlock(&q->lock);
}
EXPORT_SYMBOL_NS_GPL(bny_ctrlq_stop, "BANYAN");

/* The completion that is next; only what stands behind its phase may be read then */
static struct bny_ctrl_cqe *bny_ctrlq_cqe(struct bny_ctrlq *q)
{
	struct bny_ctrl_cqe *cqe = q->cq.va;

	return &cqe[q->cons & (BNY_CTRLQ_DEPTH - 1)];
}

static bool bny_ctrlq_completed(struct bny_ctrlq *q)
{
	u32 flags = le32_to_cpu(READ_ONCE(bny_ctrlq_cqe(q)->flags));

	return bny_cqe_is_new(flags, q->cons, BNY_CTRLQ_DEPTH);
}

static void bny_ctrlq_give(struct bny_ctrlq *q, u16 opcode, u16 func, size_t len)
{
	struct bny_ctrl_command *command = q->ring.va;

	command += q->prod & (BNY_CTRLQ_DEPTH - 1);
	*command = (struct bny_ctrl_command) {
		.opcode = cpu_to_le16(opcode),
		.func = cpu_to_le16(func),
		.seq = cpu_to_le16(q->prod),
		.addr = cpu_to_le64(q->payload.dma),
		.len = cpu_to_le32(len),
	};
	q->prod++;
	/* writel() comes behind the command */
	bny_write(q->bd, BNY_REG_CTLQ_DOORBELL, FIELD_PREP(BNY_CTLQ_INDEX, q->prod));
}

/* What came of the command: bytes of payload, of @len at most */
static int bny_ctrlq_take(struct bny_ctrlq *q, size_t len)
{
	const struct bny_ctrl_cqe *cqe = bny_ctrlq_cqe(q);
	u16 status, seq;
	u32 written;

	/* The rest of the completion, and the payload, were written before its phase */
	dma_rmb();
	status = le16_to_cpu(cqe->status);
	seq = le16_to_cpu(cqe->seq);
	written = le32_to_cpu(cqe->len);
	if (seq != q->cons || written > len) {
		bny_event_broken(q->bd, "control queue: completion", q->cons);
		return -EIO;
	}
	q->cons++;
	if (status != BNY_CTRL_OK)
		return status < ARRAY_SIZE(bny_ctrlq_errno) ? bny_ctrlq_errno[status] : -EIO;
	return written;
}

/* One that was late before has the payload: it isn't touched until that is done */
static int bny_ctrlq_ready(struct bny_ctrlq *q)
{
	lockdep_assert_held(&q->lock);

	if (!q->up || !READ_ONCE(q->bd->regs))
		return -ENODEV;
	if (q->prod != q->cons) {
		if (!bny_ctrlq_completed(q))
			return -EBUSY;
		q->cons++;
	}
	return 0;
}

static int bny_ctrlq_run(struct bny_ctrlq *q, u16 opcode, u16 func, size_t len)
{
	bool completed;
	int err;

	bny_ctrlq_give(q, opcode, func, len);
	err = read_poll_timeout(bny_ctrlq_completed, completed, completed, BNY_CTRLQ_POLL_US,
				BNY_CTRLQ_TIMEOUT_US, false, q);
	return err ?: bny_ctrlq_take(q, len);
}

/**
 * bny_ctrlq_get() - ask the device for something
 * @q: the queue
 * @opcode: enum bny_ctrl_opcode, one whose payload the device writes
 * @func: function index that it is about
 * @buf: the payload, out; what is behind that of an older device is left as it was
 * @len: bytes of @buf, at most %BNY_CTRL_PAYLOAD_MAX
 *
 * Context: process, at most 50 ms.
 * Return: bytes that were written; -ENODEV if the queue isn't up, -EBUSY if an earlier command
 * isn't done, -ETIMEDOUT, or what the status says.
 */
int bny_ctrlq_get(struct bny_ctrlq *q, u16 opcode, u16 func, void *buf, size_t len)
{
	int ret;

	if (WARN_ON_ONCE(len > BNY_CTRL_PAYLOAD_MAX))
		return -EINVAL;
	mutex_lock(&q->lock);
	ret = bny_ctrlq_ready(q) ?: bny_ctrlq_run(q, opcode, func, len);
	if (ret > 0)
		memcpy(buf, q->payload.va, ret);
	mutex_unlock(&q->lock);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(bny_ctrlq_get, "BANYAN");

/**
 * bny_ctrlq_set() - tell the device something
 * @q: the queue
 * @opcode: enum bny_ctrl_opcode, one whose payload the device reads
 * @func: function index that it is about
 * @buf: the payload
 * @len: bytes of @buf, at most %BNY_CTRL_PAYLOAD_MAX
 *
 * Context: process, at most 50 ms.
 * Return: 0, or an error as of bny_ctrlq_get(); then nothing was changed, or, if it is -ETIMEDOUT,
 * may still be.
 */
int bny_ctrlq_set(struct bny_ctrlq *q, u16 opcode, u16 func, const void *buf, size_t len)
{
	int ret;

	if (WARN_ON_ONCE(len > BNY_CTRL_PAYLOAD_MAX))
		return -EINVAL;
	mutex_lock(&q->lock);
	ret = bny_ctrlq_ready(q);
	if (!ret) {
		memcpy(q->payload.va, buf, len);
		ret = bny_ctrlq_run(q, opcode, func, len);
	}
	mutex_unlock(&q->lock);
	return min(ret, 0);
}
EXPORT_SYMBOL_NS_GPL(bny_ctrlq_set, "BANYAN");
