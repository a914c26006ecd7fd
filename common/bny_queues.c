// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: sets of queue pairs: made, started, stopped, exchanged (datasheet, chapter
 * "Queues").
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "bny_hw.h"
#include "bny_queues.h"
#include "bny_rss.h"
#include "bny_vector.h"

/* The structures of statistics hold nothing but u64 */
#define BNY_STATS_ADD(to, from)	\
	bny_u64s_add((u64 *)(to), (const u64 *)&(from), sizeof(from) / sizeof(u64))

static void bny_u64s_add(u64 *to, const u64 *from, unsigned int num)
{
	while (num--)
		*to++ += *from++;
}

static void bny_queues_sum(struct bny_queues *queues, struct bny_tx_xmit_stats *xmit,
			   struct bny_tx_done_stats *done, struct bny_rx_stats *rx)
{
	struct bny_tx_xmit_stats qp_xmit;
	struct bny_tx_done_stats qp_done;
	struct bny_rx_stats qp_rx;
	unsigned int i;

	for (i = 0; i < queues->num; i++) {
		bny_tx_stats_read(&queues->qp[i]->tx, &qp_xmit, &qp_done);
		BNY_STATS_ADD(xmit, qp_xmit);
		BNY_STATS_ADD(done, qp_done);
		bny_rx_stats_read(&queues->qp[i]->rx, &qp_rx);
		BNY_STATS_ADD(rx, qp_rx);
	}
}

/**
 * bny_queues_stats() - statistics of all queues, those that are no more included
 * @bd: the function
 * @xmit: set to those of the xmit path
 * @done: set to those of transmit completions
 * @rx: set to those of receive rings
 *
 * Context: any.
 */
void bny_queues_stats(struct bny_dev *bd, struct bny_tx_xmit_stats *xmit,
		      struct bny_tx_done_stats *done, struct bny_rx_stats *rx)
{
	struct bny_queues *queues;
	unsigned int seq;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&bd->retired->lock);
		*xmit = bd->retired->xmit;
		*done = bd->retired->done;
		*rx = bd->retired->rx;
		queues = rcu_dereference(bd->queues);
		if (queues)
			bny_queues_sum(queues, xmit, done, rx);
	} while (read_seqretry(&bd->retired->lock, seq));
	rcu_read_unlock();
}

static void bny_queues_free(struct bny_dev *bd, struct bny_queues *queues)
{
	unsigned int i;

	if (!queues)
		return;

	for (i = 0; i < queues->num; i++)
		bny_qp_release(queues->qp[i]);
	/* Readers of statistics and of the NAPI contexts are under RCU */
	synchronize_net();
	for (i = 0; i < queues->num; i++)
		bny_qp_free(queues->qp[i]);
	bny_mem_free(bd, &queues->shadow_mem);
	kfree(queues);
}

static struct bny_queues *bny_queues_alloc(struct bny_dev *bd, const struct bny_config *config)
{
	unsigned int num = config->queue_pairs;
	struct bny_shadow *shadow;
	struct bny_queues *queues;

	/* A coalesced packet in the smallest buffers fits one skb: its head and its frags */
	BUILD_BUG_ON((MAX_SKB_FRAGS + 1) * BNY_RX_BUF_LEN(BNY_RX_MEM_MIN) < BNY_GSO_LEN_MAX);
	BUILD_BUG_ON(BNY_RX_BUF_LEN(BNY_RX_MEM_MIN) < BNY_RX_BUF_LEN_MIN);

	queues = kzalloc_flex(*queues, qp, num);
	if (!queues)
		return ERR_PTR(-ENOMEM);
	queues->config = *config;

	if (bny_mem_alloc(bd, &queues->shadow_mem, 2 * num * sizeof(*shadow))) {
		kfree(queues);
		return ERR_PTR(-ENOMEM);
	}
	shadow = queues->shadow_mem.va;

	while (queues->num < num) {
		unsigned int i = queues->num;
		struct bny_qp *qp;

		qp = bny_qp_alloc(bd, i, &shadow[2 * i],
				  queues->shadow_mem.dma + 2 * i * sizeof(*shadow), config);
		if (!qp) {
			bny_queues_free(bd, queues);
			return ERR_PTR(-ENOMEM);
		}
		queues->qp[queues->num++] = qp;
	}
	return queues;
}

static void bny_queues_write_moderation(struct bny_dev *bd)
{
	unsigned int i;

	for (i = 0; i < bd->config.queue_pairs; i++)
		bny_write(bd, BNY_REG_AT(QP_MODERATION, i), bd->moderation);
}

/**
 * bny_queues_set_moderation() - set when the interrupts of queue pairs come
 * @bd: the function
 * @moderation: QP_MODERATION of every queue pair
 *
 * Context: process, RTNL.
 */
void bny_queues_set_moderation(struct bny_dev *bd, u32 moderation)
{
	bd->moderation = moderation;
	bny_queues_write_moderation(bd);
}

/* Write all settings that a reset has undone, and those for new rings; none is enabled */
static void bny_queues_configure(struct bny_dev *bd)
{
	bny_write(bd, BNY_REG_FEATURES, bd->config.features);
	bny_hw_set_max_frame(bd, bd->netdev->mtu);
	bny_queues_write_moderation(bd);
	bny_rss_write(bd);
}

/**
 * bny_queues_start() - let the device, NAPI and the stack use &bny_dev.queues
 * @bd: the function
 *
 * Can't fail: a device that refuses a ring latches an error, and that brings a reset.
 *
 * Context: process, RTNL.
 */
void bny_queues_start(struct bny_dev *bd)
{
	struct bny_queues *queues = rtnl_dereference(bd->queues);
	unsigned int i;

	bny_queues_configure(bd);
	for (i = 0; i < queues->num; i++) {
		unsigned int vector = bny_vector_of(bd, i);

		bny_qp_start(queues->qp[i], vector, bny_vector_number(bd, vector));
	}

	bd->running = true;
	for (i = 0; i < queues->num; i++)
		bny_vector_connect(bd, queues->qp[i]);
	for (i = 0; i < queues->num; i++)
		bny_qp_arm(queues->qp[i]);
	netif_tx_wake_all_queues(bd->netdev);
}

/* The watchdog is to see a queue that the driver has stopped, not one that hangs */
static void bny_queues_stop_stack(struct net_device *netdev)
{
	unsigned int i;

	for (i = 0; i < netdev->num_tx_queues; i++)
		txq_trans_cond_update(netdev_get_tx_queue(netdev, i));
	netif_tx_disable(netdev);
}

/**
 * bny_queues_stop() - undo bny_queues_start()
 * @bd: the function; may be gone
 *
 * Context: process, RTNL.
 */
void bny_queues_stop(struct bny_dev *bd)
{
	struct bny_queues *queues = rtnl_dereference(bd->queues);
	unsigned int i;

	if (!bd->running)
		return;
	bd->running = false;

	bny_vectors_disconnect(bd);
	for (i = 0; i < queues->num; i++)
		bny_qp_quiet(queues->qp[i]);
	/* Only now: a completion wakes its queue */
	bny_queues_stop_stack(bd->netdev);

	for (i = 0; i < queues->num; i++)
		bny_qp_disable(queues->qp[i]);
	bny_hw_stop_dma(bd);
	for (i = 0; i < queues->num; i++)
		bny_qp_drain(queues->qp[i]);
}

/* Put a set in the place of another one. Its statistics move in the same step */
static struct bny_queues *bny_queues_swap(struct bny_dev *bd, struct bny_queues *queues)
{
	struct bny_queues *old = rtnl_dereference(bd->queues);
	struct bny_retired *retired = bd->retired;

	write_seqlock_bh(&retired->lock);
	if (old)
		bny_queues_sum(old, &retired->xmit, &retired->done, &retired->rx);
	rcu_assign_pointer(bd->queues, queues);
	write_sequnlock_bh(&retired->lock);
	return old;
}

/**
 * bny_queues_open() - allocate queues for a netdev that comes up; the stack may not use them yet
 * @bd: the function, without queues
 *
 * Context: process, RTNL.
 * Return: 0 or -errno.
 */
int bny_queues_open(struct bny_dev *bd)
{
	struct bny_queues *queues = bny_queues_alloc(bd, &bd->config);

	if (IS_ERR(queues))
		return PTR_ERR(queues);
	bny_queues_stop_stack(bd->netdev);
	bny_queues_swap(bd, queues);
	return 0;
}

/**
 * bny_queues_close() - undo bny_queues_open()
 * @bd: the function, its queues stopped
 *
 * Context: process, RTNL.
 */
void bny_queues_close(struct bny_dev *bd)
{
	bny_queues_free(bd, bny_queues_swap(bd, NULL));
}

/**
 * bny_queues_change() - change the queues: running ones, stopped ones, or those to come
 * @bd: the function
 * @config: what they are to be like
 *
 * The new set is complete before the old one is stopped, so a failure leaves the old one running.
 *
 * Context: process, RTNL.
 * Return: 0 or -errno.
 */
int bny_queues_change(struct bny_dev *bd, const struct bny_config *config)
{
	unsigned int was = bd->config.queue_pairs;
	struct net_device *netdev = bd->netdev;
	struct bny_queues *queues = NULL;
	bool running = bd->running;
	int err;

	if (netif_running(netdev)) {
		queues = bny_queues_alloc(bd, config);
		if (IS_ERR(queues))
			return PTR_ERR(queues);
	}
	bny_queues_stop(bd);

	err = netif_set_real_num_queues(netdev, config->queue_pairs, config->queue_pairs);
	if (!err) {
		bd->config = *config;
		queues = bny_queues_swap(bd, queues);
		if (was != config->queue_pairs)
			bny_rss_spread(bd, config->queue_pairs);
	}

	if (running)
		bny_queues_start(bd);
	bny_queues_free(bd, queues);
	return err;
}
