/*
 * Banyan: BAR 0, the registers (datasheet, section 11)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_REGS_H
#define HW_NET_BANYAN_REGS_H

#include "banyan.h"

extern const MemoryRegionOps banyan_regs_ops;

/* Can instance @i of FEATURES have this value? */
bool banyan_features_valid(uint32_t i, uint32_t val);

#endif /* HW_NET_BANYAN_REGS_H */
