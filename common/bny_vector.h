/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: interrupt vectors.
 */
#ifndef BNY_VECTOR_H
#define BNY_VECTOR_H

#include "bny_qp.h"

/**
 * struct bny_vector - MSI-X vector
 * @bd: the function
 * @qps: queue pairs that it serves, a list through &bny_qp.vector_next; %NULL while none runs
 * @irq: Linux interrupt number
 * @spread: it was given a CPU once; from then on its affinity is the user's
 * @name: in /proc/interrupts
 */
struct bny_vector {
	struct bny_dev *bd;
	struct bny_qp *qps;
	int irq;
	bool spread;
	char name[IFNAMSIZ + 16];
};

int bny_vectors_alloc(struct bny_dev *bd);
void bny_vectors_free(struct bny_dev *bd);
void bny_vectors_up(struct bny_dev *bd);
void bny_vectors_down(struct bny_dev *bd);
void bny_vectors_disconnect(struct bny_dev *bd);
void bny_vector_connect(struct bny_dev *bd, struct bny_qp *qp);
unsigned int bny_vector_of(struct bny_dev *bd, unsigned int qp);
int bny_vector_number(struct bny_dev *bd, unsigned int vector);
void bny_vector_causes_enable(struct bny_dev *bd);
void bny_vector_causes_disable(struct bny_dev *bd);

#endif /* BNY_VECTOR_H */
