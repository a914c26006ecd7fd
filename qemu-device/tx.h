/*
 * Banyan: transmit (datasheet, section 4)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_TX_H
#define HW_NET_BANYAN_TX_H

#include "banyan.h"

/* A burst. Returns in which line the pair is to stand now */
BanyanTxState banyan_tx_run(BanyanQp *qp);

#endif /* HW_NET_BANYAN_TX_H */
