/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: control queue (datasheet, chapter "Control queue").
 */
#ifndef BNY_CTRLQ_H
#define BNY_CTRLQ_H

#include <linux/mutex.h>

#include "bny_dma.h"

/**
 * struct bny_ctrlq - control queue of a function
 * @bd: the function
 * @lock: guards all below: one command at a time
 * @ring: commands
 * @cq: completions
 * @payload: %BNY_CTRL_PAYLOAD_MAX bytes, of the command that is under way
 * @prod: index of the next command
 * @cons: index of the next completion
 * @up: it is enabled in the device
 */
struct bny_ctrlq {
	struct bny_dev *bd;
	/* guards all below */
	struct mutex lock;
	struct bny_mem ring;
	struct bny_mem cq;
	struct bny_mem payload;
	u16 prod;
	u16 cons;
	bool up;
};

int bny_ctrlq_alloc(struct bny_ctrlq *q, struct bny_dev *bd);
void bny_ctrlq_free(struct bny_ctrlq *q);
void bny_ctrlq_start(struct bny_ctrlq *q);
void bny_ctrlq_stop(struct bny_ctrlq *q);
int bny_ctrlq_get(struct bny_ctrlq *q, u16 opcode, u16 func, void *buf, size_t len);
int bny_ctrlq_set(struct bny_ctrlq *q, u16 opcode, u16 func, const void *buf, size_t len);

#endif /* BNY_CTRLQ_H */
