/*
 * Banyan: errors that stop a function (datasheet, section 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "counters.h"
#include "error.h"
#include "intr.h"
#include "trace.h"

void banyan_func_fail(BanyanFunc *f, enum bny_error code, uint32_t info)
{
    if (f->error) {
        return;
    }
    f->error = FIELD_PREP(BNY_ERROR_CODE, code);
    f->error_info = info;
    banyan_count(f, BNY_CNT_ERRORS);
    trace_bny_error(f->index, code, info);
    qemu_log_mask(LOG_GUEST_ERROR,
                  "banyan: function %u stopped: error %u, info 0x%" PRIx32 "\n",
                  f->index, code, info);
    banyan_irq_raise(f, BNY_IRQ_ERROR);
}

void banyan_qp_fail(BanyanQp *qp, bool rx, enum bny_error code, uint16_t index)
{
    banyan_func_fail(qp->func, code,
                     FIELD_PREP(BNY_ERROR_INFO_QUEUE_PAIR, qp->index) |
                     (rx ? BNY_ERROR_INFO_RX : 0) |
                     FIELD_PREP(BNY_ERROR_INFO_INDEX, index));
}
