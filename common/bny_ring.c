// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: sets of rings: made, started, stopped, exchanged (datasheet, chapter "Queues").
 */
#include <linux/dma-mapping.h>
#include <linux/rtnetlink.h>
#include <net/page_pool/helpers.h>

#include "bny_core.h"

/**
 * bny_mem_alloc() - allocate coherent memory, zeroed
 * @bd: the function
 * @mem: filled in
 * @size: bytes
 *
 * The DMA API aligns to whole pages, which is more than %BNY_RING_ALIGN.
 *
 * Return: 0 or -ENOMEM.
 */
int bny_mem_alloc(struct bny_dev *bd, struct bny_mem *mem, size_t size)
{
	mem->size = size;
	mem->va = dma_alloc_coherent(&bd->pdev->dev, size, &mem->dma, GFP_KERNEL);
	return mem->va ? 0 : -ENOMEM;
}

/**
 * bny_mem_free() - undo bny_mem_alloc()
 * @bd: the function
 * @mem: memory
 */
void bny_mem_free(struct bny_dev *bd, struct bny_mem *mem)
{
	dma_free_coherent(&bd->pdev->dev, mem->size, mem->va, mem->dma);
	mem->va = NULL;
}

/**
 * bny_ring_broken() - the device wrote what can't be: stop trusting it, reset it
 * @bd: the function
 * @what: field
 * @value: what stands there
 */
void bny_ring_broken(struct bny_dev *bd, const char *what, u32 value)
{
	if (net_ratelimit())
		netdev_err(bd->netdev, "%s %u is impossible, resetting\n", what, value);
	bny_reset_schedule(bd, BNY_RESET_FULL);
}

/**
 * bny_shadow_publish() - show the device new entries of a ring
 * @shadow: shadow doorbells of the ring
 * @db: doorbell of the ring
 * @old: producer index published before
 * @new: producer index now; all entries before it are filled
 */
void bny_shadow_publish(struct bny_shadow *shadow, u8 __iomem *db, u16 old, u16 new)
{
	/* The device reads entries after it has read prod: write them before */
	dma_wmb();
	WRITE_ONCE(shadow->prod, cpu_to_le16(new));

	/* The device stores event, then looks at prod once more before it sleeps. We store prod,
	 * then load event. With a full barrier on both sides, one sees what the other stored. Even
	 * on one CPU the device is another observer, so smp_mb() would be too little.
	 */
	mb();
	if (bny_doorbell_needed(le16_to_cpu(READ_ONCE(shadow->event)), new, old))
		writel(FIELD_PREP(BNY_DB_INDEX, new), db);
}

static void bny_qp_init(struct bny_dev *bd, struct bny_rings *rings, struct bny_qp *qp)
{
	struct bny_shadow *shadow = rings->shadow_mem.va;
	dma_addr_t dma = rings->shadow_mem.dma;
	unsigned int i = 2 * qp->index;

	qp->bd = bd;
	qp->db = bd->db + qp->index * BNY_DB_STRIDE;

	qp->tx.db = qp->db;
	qp->tx.txq = netdev_get_tx_queue(bd->netdev, qp->index);
	qp->tx.shadow = &shadow[i];
	qp->tx.shadow_dma = dma + i * sizeof(*shadow);

	qp->rx.db = qp->db;
	qp->rx.shadow = &shadow[i + 1];
	qp->rx.shadow_dma = dma + (i + 1) * sizeof(*shadow);

	/* Leaves the context disabled, until bny_rings_start() */
	netif_napi_add(bd->netdev, &qp->napi, bny_napi_poll);
}

static struct bny_qp *bny_qp_alloc(struct bny_dev *bd, struct bny_rings *rings, unsigned int index)
{
	struct bny_qp *qp;

	qp = kvzalloc_obj(*qp);
	if (!qp)
		return NULL;
	qp->index = index;
	bny_qp_init(bd, rings, qp);

	if (bny_tx_ring_alloc(bd, &qp->tx, rings->config.tx_depth))
		goto del_napi;
	if (bny_rx_ring_alloc(qp, &rings->config))
		goto free_tx;
	return qp;

free_tx:
	bny_tx_ring_free(bd, &qp->tx);
del_napi:
	netif_napi_del(&qp->napi);
	kvfree(qp);
	return NULL;
}

/**
 * bny_rings_free() - free a set of rings
 * @bd: the function
 * @rings: set that isn't running; %NULL is allowed
 *
 * Context: process, RTNL.
 */
void bny_rings_free(struct bny_dev *bd, struct bny_rings *rings)
{
	unsigned int i;

	if (!rings)
		return;

	for (i = 0; i < rings->num; i++) {
		bny_rx_ring_free(bd, &rings->qp[i]->rx);
		bny_tx_ring_free(bd, &rings->qp[i]->tx);
		__netif_napi_del(&rings->qp[i]->napi);
	}
	/* Readers of statistics and of the NAPI contexts are under RCU */
	synchronize_net();
	for (i = 0; i < rings->num; i++)
		kvfree(rings->qp[i]);
	bny_mem_free(bd, &rings->shadow_mem);
	kfree(rings);
}

/**
 * bny_rings_alloc() - allocate a set of rings with everything that they need to run
 * @bd: the function
 * @config: what they are to be like
 *
 * Context: process, RTNL.
 * Return: the set, or an ERR_PTR.
 */
struct bny_rings *bny_rings_alloc(struct bny_dev *bd, const struct bny_config *config)
{
	unsigned int num = config->queue_pairs;
	struct bny_rings *rings;

	/* A coalesced packet in the smallest buffers fits one skb: its head and its frags */
	BUILD_BUG_ON((MAX_SKB_FRAGS + 1) * BNY_RX_BUF_LEN(BNY_RX_MEM_MIN) < BNY_GSO_LEN_MAX);
	BUILD_BUG_ON(BNY_RX_BUF_LEN(BNY_RX_MEM_MIN) < BNY_RX_BUF_LEN_MIN);

	rings = kzalloc_flex(*rings, qp, num);
	if (!rings)
		return ERR_PTR(-ENOMEM);
	rings->config = *config;

	if (bny_mem_alloc(bd, &rings->shadow_mem, 2 * num * sizeof(struct bny_shadow))) {
		kfree(rings);
		return ERR_PTR(-ENOMEM);
	}

	while (rings->num < num) {
		struct bny_qp *qp = bny_qp_alloc(bd, rings, rings->num);

		if (!qp) {
			bny_rings_free(bd, rings);
			return ERR_PTR(-ENOMEM);
		}
		rings->qp[rings->num++] = qp;
	}
	return rings;
}

static void bny_qp_start(struct bny_dev *bd, struct bny_qp *qp)
{
	qp->vector = bny_irq_vector(bd, qp->index);
	bny_tx_ring_reset(&qp->tx);
	bny_rx_ring_reset(&qp->rx);

	netif_napi_set_irq(&qp->napi, bd->vectors[qp->vector].irq);
	napi_enable(&qp->napi);
	netif_queue_set_napi(bd->netdev, qp->index, NETDEV_QUEUE_TYPE_RX, &qp->napi);
	netif_queue_set_napi(bd->netdev, qp->index, NETDEV_QUEUE_TYPE_TX, &qp->napi);

	bny_hw_qp_enable(bd, qp);
	bny_rx_ring_start(qp);
}

/**
 * bny_rings_start() - let the device and NAPI use &bny_dev.rings
 * @bd: the function; its stack queues are stopped, and started by the caller
 *
 * Can't fail: a device that refuses a ring latches an error, and that brings a reset.
 *
 * Context: process, RTNL.
 */
void bny_rings_start(struct bny_dev *bd)
{
	struct bny_rings *rings = rtnl_dereference(bd->rings);
	unsigned int i;

	bny_hw_configure(bd);
	for (i = 0; i < rings->num; i++)
		bny_qp_start(bd, rings->qp[i]);

	set_bit(BNY_FLAG_RUNNING, bd->flags);
	bny_irq_connect(bd, rings);
	for (i = 0; i < rings->num; i++)
		bny_qp_arm(rings->qp[i]);
}

/**
 * bny_rings_stop() - undo bny_rings_start(), and stop the stack's queues
 * @bd: the function; may be gone
 *
 * Context: process, RTNL.
 */
void bny_rings_stop(struct bny_dev *bd)
{
	struct bny_rings *rings = rtnl_dereference(bd->rings);
	unsigned int i;

	if (!test_and_clear_bit(BNY_FLAG_RUNNING, bd->flags))
		return;

	bny_irq_disconnect(bd);
	for (i = 0; i < rings->num; i++) {
		napi_disable(&rings->qp[i]->napi);
		netif_queue_set_napi(bd->netdev, i, NETDEV_QUEUE_TYPE_RX, NULL);
		netif_queue_set_napi(bd->netdev, i, NETDEV_QUEUE_TYPE_TX, NULL);
	}
	/* Only now: a completion wakes its queue */
	netif_tx_disable(bd->netdev);

	for (i = 0; i < rings->num; i++)
		bny_hw_qp_disable(bd, i);
	for (i = 0; i < rings->num; i++) {
		bny_tx_ring_drain(&rings->qp[i]->tx);
		bny_rx_ring_drain(&rings->qp[i]->rx);
	}
}

/* Put a set in the place of another one. Its statistics move in the same step */
static struct bny_rings *bny_rings_swap(struct bny_dev *bd, struct bny_rings *rings)
{
	struct bny_rings *old = rtnl_dereference(bd->rings);

	write_seqlock_bh(&bd->retired->lock);
	if (old)
		bny_stats_retire(bd, old);
	rcu_assign_pointer(bd->rings, rings);
	write_sequnlock_bh(&bd->retired->lock);
	return old;
}

/**
 * bny_rings_open() - allocate rings for a netdev that comes up
 * @bd: the function, without rings
 *
 * Context: process, RTNL.
 * Return: 0 or -errno.
 */
int bny_rings_open(struct bny_dev *bd)
{
	struct bny_rings *rings = bny_rings_alloc(bd, &bd->config);

	if (IS_ERR(rings))
		return PTR_ERR(rings);
	bny_rings_swap(bd, rings);
	return 0;
}

/**
 * bny_rings_close() - undo bny_rings_open()
 * @bd: the function, its rings stopped
 *
 * Context: process, RTNL.
 */
void bny_rings_close(struct bny_dev *bd)
{
	bny_rings_free(bd, bny_rings_swap(bd, NULL));
}

/**
 * bny_rings_change() - change the rings: while they run, while they are stopped, or before they are
 * @bd: the function
 * @config: what they are to be like
 *
 * The new set is complete before the old one is stopped, so a failure leaves the old one running.
 *
 * Context: process, RTNL.
 * Return: 0 or -errno.
 */
int bny_rings_change(struct bny_dev *bd, const struct bny_config *config)
{
	bool running = test_bit(BNY_FLAG_RUNNING, bd->flags);
	unsigned int was = bd->config.queue_pairs;
	struct net_device *netdev = bd->netdev;
	struct bny_rings *rings = NULL;
	int err;

	if (netif_running(netdev)) {
		rings = bny_rings_alloc(bd, config);
		if (IS_ERR(rings))
			return PTR_ERR(rings);
	}
	if (running) {
		/* Detached, so that the watchdog doesn't take the stopped queues for hung ones */
		netif_device_detach(netdev);
		bny_rings_stop(bd);
	}

	err = netif_set_real_num_queues(netdev, config->queue_pairs, config->queue_pairs);
	if (!err) {
		bd->config = *config;
		rings = bny_rings_swap(bd, rings);
		if (was != config->queue_pairs)
			bny_rss_spread(bd, config->queue_pairs);
	}

	if (running) {
		bny_rings_start(bd);
		netif_device_attach(netdev);
	}
	bny_rings_free(bd, rings);
	return err;
}
