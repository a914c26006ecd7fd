// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: NAPI (datasheet, chapter "Interrupts").
 */
#include "bny_core.h"

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

/**
 * bny_napi_poll() - poll both rings of a queue pair
 * @napi: NAPI context
 * @budget: packets to receive at most; 0 from netpoll: transmit only
 *
 * Return: packets received, @budget to be polled again.
 */
int bny_napi_poll(struct napi_struct *napi, int budget)
{
	struct bny_qp *qp = container_of(napi, struct bny_qp, napi);
	bool tx_all = bny_tx_poll(&qp->tx, budget);
	int received = 0;

	if (unlikely(!budget))
		return 0;

	received = bny_rx_poll(qp, budget);
	if (received >= budget || !tx_all)
		return budget;

	/* Delivery of the interrupt has disarmed it. Arm when the context can be scheduled again */
	if (napi_complete_done(napi, received))
		bny_qp_arm(qp);
	return received;
}
