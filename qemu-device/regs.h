/*
 * Banyan: BAR 0, the registers (datasheet, section 10)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_REGS_H
#define HW_NET_BANYAN_REGS_H

#include "banyan.h"

extern const MemoryRegionOps banyan_regs_ops;
void banyan_regs_reset(BanyanFunc *f);
bool banyan_features_valid(uint32_t i, uint32_t val);
void banyan_rss_update_key(BanyanFunc *f);

#endif /* HW_NET_BANYAN_REGS_H */
