/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: the service work.
 */
#ifndef BNY_SERVICE_H
#define BNY_SERVICE_H

#include "bny.h"

void bny_service_init(struct bny_dev *bd);
void bny_service_enable(struct bny_dev *bd);
void bny_service_disable(struct bny_dev *bd);
void bny_service_freeze(struct bny_dev *bd);
void bny_service_thaw(struct bny_dev *bd);
void bny_service_flush(struct bny_dev *bd);

#endif /* BNY_SERVICE_H */
