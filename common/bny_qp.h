/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: queue pairs (datasheet, chapters "Queues" and "Interrupts").
 */
#ifndef BNY_QP_H
#define BNY_QP_H

#include "bny_rx.h"
#include "bny_tx.h"

/**
 * struct bny_qp - queue pair: two rings, a NAPI context, a share in an interrupt vector
 * @napi: polls both rings
 * @db: doorbell page
 * @bd: the function
 * @vector_next: next queue pair of the same vector
 * @vector: interrupt vector
 * @index: of the queue pair
 * @tx: transmit ring
 * @rx: receive ring
 */
struct bny_qp {
	struct napi_struct napi;
	u8 __iomem *db;
	struct bny_dev *bd;
	struct bny_qp *vector_next;
	u16 vector;
	u16 index;
	struct bny_tx_ring tx;
	struct bny_rx_ring rx;
};

struct bny_qp *bny_qp_alloc(struct bny_dev *bd, unsigned int index, struct bny_shadow *shadow,
			    dma_addr_t shadow_dma, const struct bny_config *config);
void bny_qp_release(struct bny_qp *qp);
void bny_qp_free(struct bny_qp *qp);
void bny_qp_start(struct bny_qp *qp, unsigned int vector, int irq);
void bny_qp_quiet(struct bny_qp *qp);
void bny_qp_disable(struct bny_qp *qp);
void bny_qp_drain(struct bny_qp *qp);
void bny_qp_arm(struct bny_qp *qp);

#endif /* BNY_QP_H */
