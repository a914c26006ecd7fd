/*
 * Banyan: mailbox (datasheet, section 8)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_MAILBOX_H
#define HW_NET_BANYAN_MAILBOX_H

#include "banyan.h"

void banyan_mbx_send(BanyanFunc *f, uint32_t val);
uint32_t banyan_mbx_rx(BanyanFunc *f);
uint32_t banyan_mbx_rx_data(BanyanFunc *f, unsigned word);
void banyan_mbx_ack(BanyanFunc *f, uint32_t val);
void banyan_mbx_reset(BanyanFunc *f);
bool banyan_mbx_valid(const BanyanFunc *f);

#endif /* HW_NET_BANYAN_MAILBOX_H */
