/*
 * Banyan: BAR 2, the doorbells (datasheet, sections 4 and 5)
 *
 * A write notes what is to be done and leaves it to the bottom half.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "counters.h"
#include "doorbell.h"
#include "error.h"
#include "line.h"
#include "moderation.h"
#include "port.h"
#include "queue.h"
#include "trace.h"

/* Is the index one that the driver may have produced up to? */
static bool banyan_doorbell_check(BanyanQp *qp, BanyanRing *r, uint32_t val)
{
    uint16_t index = FIELD_GET(BNY_DB_INDEX, val);

    if (!banyan_ring_runs(qp, r)) {
        return false;
    }
    if ((uint16_t)(index - r->cons) > r->depth) {
        banyan_qp_fail(qp, banyan_qp_is_rx(qp, r), BNY_ERR_DOORBELL, index);
        return false;
    }
    return true;
}

static void banyan_doorbell_write(void *opaque, hwaddr addr, uint64_t val,
                                  unsigned size)
{
    BanyanFunc *f = opaque;
    unsigned i = addr / BNY_DB_STRIDE;
    BanyanQp *qp;

    trace_bny_doorbell(f->index, i, addr % BNY_DB_STRIDE, val);
    if (i >= f->queue_pairs) {
        qemu_log_mask(LOG_GUEST_ERROR, "banyan: function %u: doorbell of "
                      "queue pair %u, there are %u\n", f->index, i,
                      f->queue_pairs);
        return;
    }
    qp = &f->qp[i];
    switch (addr % BNY_DB_STRIDE) {
    case BNY_DB_TX:
        banyan_count(f, BNY_CNT_DOORBELLS_TX);
        if (banyan_doorbell_check(qp, &qp->tx, val)) {
            banyan_line_kick(qp);
        }
        break;
    case BNY_DB_RX:
        banyan_count(f, BNY_CNT_DOORBELLS_RX);
        /* there is nothing to do: the next frame looks for buffers */
        banyan_doorbell_check(qp, &qp->rx, val);
        break;
    case BNY_DB_ARM:
        banyan_count(f, BNY_CNT_DOORBELLS_ARM);
        banyan_qp_intr_arm(qp, val & BNY_DB_ARM_ON);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "banyan: function %u: no doorbell at "
                      "0x%" HWADDR_PRIx "\n", f->index, addr);
        break;
    }
}

/* Doorbells are write-only */
static uint64_t banyan_doorbell_read(void *opaque, hwaddr addr, unsigned size)
{
    return 0;
}

const MemoryRegionOps banyan_doorbell_ops = {
    .read = banyan_doorbell_read,
    .write = banyan_doorbell_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {
        .min_access_size = 4,
        .max_access_size = 8,
        .accepts = banyan_func_accepts,
    },
    .impl = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};
