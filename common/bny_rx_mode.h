/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: addresses and modes that the netdev wants to receive.
 */
#ifndef BNY_RX_MODE_H
#define BNY_RX_MODE_H

#include "bny.h"

int bny_rx_mode_apply(struct bny_dev *bd);

#endif /* BNY_RX_MODE_H */
