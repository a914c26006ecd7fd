/*
 * Banyan: errors that stop a function (datasheet, section 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_ERROR_H
#define HW_NET_BANYAN_ERROR_H

#include "banyan.h"

/*
 * Latch an error: all rings of the function stop. The first one counts.
 * @info: ERROR_INFO
 */
void banyan_func_fail(BanyanFunc *f, enum bny_error code, uint32_t info);

/* An error of a ring; @index: of the entry that it was about */
void banyan_qp_fail(BanyanQp *qp, bool rx, enum bny_error code, uint16_t index);

#endif /* HW_NET_BANYAN_ERROR_H */
