/*
 * Banyan: interrupts of queue pairs, and their moderation (datasheet,
 * section 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_MODERATION_H
#define HW_NET_BANYAN_MODERATION_H

#include "banyan.h"

void banyan_qp_intr_init(BanyanQp *qp);
void banyan_qp_intr_exit(BanyanQp *qp);
void banyan_qp_intr_reset(BanyanQp *qp);
void banyan_qp_intr_arm(BanyanQp *qp, bool on);
void banyan_qp_intr_set_moderation(BanyanQp *qp, uint32_t val);
void banyan_qp_intr_completed(BanyanQp *qp, unsigned packets);
void banyan_qp_intr_resume(BanyanQp *qp);

#endif /* HW_NET_BANYAN_MODERATION_H */
