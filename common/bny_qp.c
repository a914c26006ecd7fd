// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: queue pairs (datasheet, chapters "Queues" and "Interrupts").
 */
#include <linux/slab.h>

#include "bny_hw.h"
#include "bny_qp.h"

/**
 * bny_qp_arm() - ask for an interrupt at the next completion
 * @qp: queue pair
 *
 * Completions that came since the last look, whether before this or not, send one at once: the
 * device compares its index with cq_cons.
 */
void bny_qp_arm(struct bny_qp *qp)
{
	/* writel() orders the stores of cq_cons before it */
	writel(BNY_DB_ARM_ON, qp->db + BNY_DB_ARM);
}

/* @budget: packets to receive at most; 0 from netpoll: transmit only */
static int bny_qp_poll(struct napi_struct *napi, int budget)
{
	struct bny_qp *qp = container_of(napi, struct bny_qp, napi);
	bool tx_all = bny_tx_poll(&qp->tx, budget);
	int received = 0;

	if (unlikely(!budget))
		return 0;

	received = bny_rx_poll(&qp->rx, budget);
	if (received >= budget || !tx_all)
		return budget;

	/* Delivery of the interrupt has disarmed it. Arm when the context can be scheduled again */
	if (napi_complete_done(napi, received))
		bny_qp_arm(qp);
	return received;
}

/**
 * bny_qp_alloc() - allocate a queue pair with everything that it needs to run
 * @bd: the function
 * @index: of the queue pair
 * @shadow: shadow doorbells of its transmit ring; those of its receive ring are behind
 * @shadow_dma: bus address of @shadow
 * @config: depths and buffer length
 *
 * Context: process, RTNL.
 * Return: the queue pair, or %NULL.
 */
struct bny_qp *bny_qp_alloc(struct bny_dev *bd, unsigned int index, struct bny_shadow *shadow,
			    dma_addr_t shadow_dma, const struct bny_config *config)
{
	struct bny_qp *qp;

	qp = kvzalloc_obj(*qp);
	if (!qp)
		return NULL;

	qp->bd = bd;
	qp->index = index;
	qp->db = bd->db + index * BNY_DB_STRIDE;

	qp->tx.db = qp->db;
	qp->tx.txq = netdev_get_tx_queue(bd->netdev, index);
	qp->tx.shadow = shadow;
	qp->tx.shadow_dma = shadow_dma;

	qp->rx.db = qp->db;
	qp->rx.index = index;
	qp->rx.napi = &qp->napi;
	qp->rx.shadow = shadow + 1;
	qp->rx.shadow_dma = shadow_dma + sizeof(*shadow);

	/* Leaves the context disabled, until bny_qp_start() */
	netif_napi_add(bd->netdev, &qp->napi, bny_qp_poll);

	if (bny_tx_ring_alloc(bd, &qp->tx, config->tx_depth))
		goto del_napi;
	if (bny_rx_ring_alloc(bd, &qp->rx, config))
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
 * bny_qp_release() - free what a queue pair holds
 * @qp: queue pair that isn't running
 *
 * Readers of statistics and of the NAPI context may still look at it: bny_qp_free() comes behind
 * synchronize_net().
 *
 * Context: process, RTNL.
 */
void bny_qp_release(struct bny_qp *qp)
{
	bny_rx_ring_free(&qp->rx);
	bny_tx_ring_free(qp->bd, &qp->tx);
	__netif_napi_del(&qp->napi);
}

/**
 * bny_qp_free() - free a released queue pair itself
 * @qp: queue pair
 */
void bny_qp_free(struct bny_qp *qp)
{
	kvfree(qp);
}

static void bny_qp_write_addr(struct bny_dev *bd, u32 reg_lo, u32 reg_hi, dma_addr_t addr)
{
	bny_write(bd, reg_lo, lower_32_bits(addr));
	bny_write(bd, reg_hi, upper_32_bits(addr));
}

/* Hand the rings to the device */
static void bny_qp_enable(struct bny_dev *bd, struct bny_qp *qp)
{
	const struct bny_tx_ring *tx = &qp->tx;
	const struct bny_rx_ring *rx = &qp->rx;
	unsigned int i = qp->index;

	bny_write(bd, BNY_REG_AT(QP_VECTOR, i), qp->vector);

	bny_write(bd, BNY_REG_AT(TX_DEPTH, i), tx->depth);
	bny_qp_write_addr(bd, BNY_REG_AT(TX_BASE_LO, i), BNY_REG_AT(TX_BASE_HI, i),
			  tx->desc_mem.dma);
	bny_qp_write_addr(bd, BNY_REG_AT(TX_CQ_LO, i), BNY_REG_AT(TX_CQ_HI, i),
			  tx->cq_mem.dma);
	bny_qp_write_addr(bd, BNY_REG_AT(TX_SHADOW_LO, i), BNY_REG_AT(TX_SHADOW_HI, i),
			  tx->shadow_dma);

	bny_write(bd, BNY_REG_AT(RX_DEPTH, i), rx->depth);
	bny_qp_write_addr(bd, BNY_REG_AT(RX_BASE_LO, i), BNY_REG_AT(RX_BASE_HI, i),
			  rx->desc_mem.dma);
	bny_qp_write_addr(bd, BNY_REG_AT(RX_CQ_LO, i), BNY_REG_AT(RX_CQ_HI, i),
			  rx->cq_mem.dma);
	bny_qp_write_addr(bd, BNY_REG_AT(RX_SHADOW_LO, i), BNY_REG_AT(RX_SHADOW_HI, i),
			  rx->shadow_dma);

	bny_write(bd, BNY_REG_AT(RX_CTRL, i), BNY_RING_ENABLE);
	bny_write(bd, BNY_REG_AT(TX_CTRL, i), BNY_RING_ENABLE);
}

/**
 * bny_qp_start() - let the device and NAPI use a queue pair
 * @qp: queue pair
 * @vector: its interrupt vector
 * @irq: Linux interrupt number of @vector
 *
 * Context: process, RTNL.
 */
void bny_qp_start(struct bny_qp *qp, unsigned int vector, int irq)
{
	struct net_device *netdev = qp->bd->netdev;

	qp->vector = vector;
	bny_tx_ring_reset(&qp->tx);
	bny_rx_ring_reset(&qp->rx);

	netif_napi_set_irq(&qp->napi, irq);
	napi_enable(&qp->napi);
	netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_RX, &qp->napi);
	netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_TX, &qp->napi);

	bny_qp_enable(qp->bd, qp);
	bny_rx_ring_start(&qp->rx);
}

/**
 * bny_qp_quiet() - end NAPI's use of a queue pair
 * @qp: running queue pair that no interrupt schedules any more
 *
 * Context: process, RTNL.
 */
void bny_qp_quiet(struct bny_qp *qp)
{
	struct net_device *netdev = qp->bd->netdev;

	napi_disable(&qp->napi);
	netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_RX, NULL);
	netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_TX, NULL);
}

/**
 * bny_qp_disable() - ask the device for the rings of a queue pair
 * @qp: queue pair. Its memory is ours again after bny_hw_stop_dma()
 */
void bny_qp_disable(struct bny_qp *qp)
{
	bny_write(qp->bd, BNY_REG_AT(TX_CTRL, qp->index), 0);
	bny_write(qp->bd, BNY_REG_AT(RX_CTRL, qp->index), 0);
}

/**
 * bny_qp_drain() - drop what the device leaves behind
 * @qp: queue pair that neither the device nor NAPI nor the stack uses
 */
void bny_qp_drain(struct bny_qp *qp)
{
	bny_tx_ring_drain(&qp->tx);
	bny_rx_ring_drain(&qp->rx);
}
