/*
 * Banyan: BAR 2, the doorbells (datasheet, sections 4 and 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_DOORBELL_H
#define HW_NET_BANYAN_DOORBELL_H

#include "banyan.h"

extern const MemoryRegionOps banyan_doorbell_ops;

#endif /* HW_NET_BANYAN_DOORBELL_H */
