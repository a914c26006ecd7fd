/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: sets of queue pairs (datasheet, chapter "Queues").
 *
 * A struct bny_queues is a whole set. Changing a set means to allocate another one, swap, and free
 * the first: so whatever can fail fails while the old set still runs.
 */
#ifndef BNY_QUEUES_H
#define BNY_QUEUES_H

#include <linux/seqlock.h>

#include "bny_qp.h"

/**
 * struct bny_queues - a set of queue pairs
 * @config: what it was made for
 * @shadow_mem: all shadow doorbells, two a queue pair
 * @num: queue pairs in @qp
 * @qp: queue pairs, allocated one by one
 */
struct bny_queues {
	struct bny_config config;
	struct bny_mem shadow_mem;
	unsigned int num;
	struct bny_qp *qp[] __counted_by(num);
};

/**
 * struct bny_retired - statistics of rings that were freed
 * @lock: makes the move from a set of rings to here one step for readers
 * @xmit: transmit rings
 * @done: transmit rings
 * @rx: receive rings
 */
struct bny_retired {
	seqlock_t lock;
	struct bny_tx_xmit_stats xmit;
	struct bny_tx_done_stats done;
	struct bny_rx_stats rx;
};

void bny_queues_start(struct bny_dev *bd);
void bny_queues_stop(struct bny_dev *bd);
int bny_queues_open(struct bny_dev *bd);
void bny_queues_close(struct bny_dev *bd);
int bny_queues_change(struct bny_dev *bd, const struct bny_config *config);
void bny_queues_set_moderation(struct bny_dev *bd, u32 moderation);
void bny_queues_stats(struct bny_dev *bd, struct bny_tx_xmit_stats *xmit,
		      struct bny_tx_done_stats *done, struct bny_rx_stats *rx);

#endif /* BNY_QUEUES_H */
