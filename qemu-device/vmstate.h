/*
 * Banyan: saved state
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_VMSTATE_H
#define HW_NET_BANYAN_VMSTATE_H

#include "banyan.h"

extern const VMStateDescription vmstate_banyan;
extern const VMStateDescription vmstate_banyan_vf;

#endif /* HW_NET_BANYAN_VMSTATE_H */
