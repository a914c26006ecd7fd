/*
 * Banyan: control queue (datasheet, section 10)
 *
 * A ring of commands that are carried out one at a time, in order. Functions
 * take turns, a command each, so that one's commands don't hold up another's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "system/runstate.h"
#include "command.h"
#include "control.h"
#include "counters.h"
#include "dma.h"
#include "error.h"
#include "intr.h"
#include "port.h"
#include "queue.h"
#include "trace.h"

/* Commands in one go. Each reads or writes BNY_CTRL_PAYLOAD_MAX at most */
#define BANYAN_COMMANDS_GO 64

static bool banyan_control_enabled(const BanyanControl *q)
{
    return q->ctrl & BNY_CTLQ_ENABLE;
}

static bool banyan_control_runs(const BanyanFunc *f)
{
    return banyan_control_enabled(&f->control) && banyan_func_runs(f);
}

static void banyan_control_fail(BanyanFunc *f, enum bny_error code,
                                uint16_t index)
{
    banyan_func_fail(f, code, BNY_ERROR_INFO_CONTROL |
                     FIELD_PREP(BNY_ERROR_INFO_INDEX, index));
}

static bool banyan_control_config_valid(const BanyanControl *q)
{
    return is_power_of_2(q->depth) && q->depth >= BNY_CTRL_DEPTH_MIN &&
           q->depth <= BNY_CTRL_DEPTH_MAX &&
           banyan_addr(q->base_lo, q->base_hi) &&
           banyan_addr(q->cq_lo, q->cq_hi) &&
           !((q->base_lo | q->cq_lo) & (BNY_RING_ALIGN - 1));
}

bool banyan_control_valid(const BanyanFunc *f)
{
    const BanyanControl *q = &f->control;

    return !(q->ctrl & ~BNY_CTLQ_ENABLE) &&
           (!banyan_control_enabled(q) ||
            (banyan_control_config_valid(q) &&
             (uint16_t)(q->prod - q->cons) <= q->depth));
}

bool banyan_control_configurable(BanyanFunc *f)
{
    if (banyan_control_enabled(&f->control)) {
        banyan_control_fail(f, BNY_ERR_RING_CONFIG, 0);
        return false;
    }
    return true;
}

/* If there are commands: it stands in the line, and that is looked at */
static void banyan_control_line_up(BanyanFunc *f)
{
    BanyanControl *q = &f->control;

    if (!banyan_control_runs(f) || q->prod == q->cons) {
        return;
    }
    if (!q->waits) {
        q->waits = true;
        QTAILQ_INSERT_TAIL(&f->port->control_line, f, control.next);
    }
    qemu_bh_schedule(f->port->control_bh);
}

void banyan_control_cancel(BanyanFunc *f)
{
    if (f->control.waits) {
        f->control.waits = false;
        QTAILQ_REMOVE(&f->port->control_line, f, control.next);
    }
}

void banyan_control_reset(BanyanFunc *f)
{
    banyan_control_cancel(f);
    f->control.ctrl = 0;
    f->control.cons = 0;
    f->control.prod = 0;
}

void banyan_control_set_ctrl(BanyanFunc *f, uint32_t val)
{
    BanyanControl *q = &f->control;

    if (val == q->ctrl) {
        return;
    }
    if ((val & BNY_CTLQ_ENABLE) && !banyan_control_config_valid(q)) {
        banyan_control_fail(f, BNY_ERR_RING_CONFIG, 0);
        return;
    }
    trace_bny_control_enable(f->index, val, q->depth);
    banyan_control_reset(f);
    q->ctrl = val;
}

void banyan_control_doorbell(BanyanFunc *f, uint16_t prod)
{
    BanyanControl *q = &f->control;

    if (!banyan_control_runs(f)) {
        return;
    }
    if ((uint16_t)(prod - q->cons) > q->depth) {
        banyan_control_fail(f, BNY_ERR_DOORBELL, prod);
        return;
    }
    q->prod = prod;
    banyan_control_line_up(f);
}

void banyan_control_resume(BanyanFunc *f)
{
    banyan_control_line_up(f);
}

/* Writes the completion of the command at cons. False: the error is latched */
static bool banyan_control_complete(BanyanFunc *f,
                                    const struct bny_ctrl_cqe *cqe)
{
    BanyanControl *q = &f->control;
    uint8_t *entry;

    entry = banyan_dma_map_whole(f, banyan_addr(q->cq_lo, q->cq_hi) +
                                 (q->cons & (q->depth - 1)) * sizeof(*cqe),
                                 sizeof(*cqe), DMA_DIRECTION_FROM_DEVICE);
    if (!entry) {
        banyan_control_fail(f, BNY_ERR_DMA, q->cons);
        return false;
    }
    banyan_cqe_write(entry, cqe, FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_CTRL),
                     q->cons, q->depth);
    banyan_dma_unmap(f, entry, sizeof(*cqe), DMA_DIRECTION_FROM_DEVICE,
                     sizeof(*cqe));
    return true;
}

/* Carries out the command at cons */
static void banyan_control_serve(BanyanFunc *f)
{
    BanyanControl *q = &f->control;
    struct bny_ctrl_command command;
    struct bny_ctrl_cqe cqe = { };
    enum bny_ctrl_status status;
    uint32_t len = 0;

    if (!banyan_dma_read(f, banyan_addr(q->base_lo, q->base_hi) +
                         (q->cons & (q->depth - 1)) * sizeof(command),
                         &command, sizeof(command))) {
        banyan_control_fail(f, BNY_ERR_DMA, q->cons);
        return;
    }
    status = banyan_command_run(f, &command, &len);
    trace_bny_control(f->index, q->cons, le16_to_cpu(command.opcode),
                      le16_to_cpu(command.func), status);
    cqe.index = cpu_to_le16(q->cons);
    cqe.seq = command.seq;
    cqe.opcode = command.opcode;
    cqe.status = cpu_to_le16(status);
    cqe.len = cpu_to_le32(len);
    banyan_count(f, BNY_CNT_CTRL_COMMANDS);
    if (status != BNY_CTRL_OK) {
        banyan_count(f, BNY_CNT_CTRL_REFUSED);
    }
    if (banyan_control_complete(f, &cqe)) {
        q->cons++;
        banyan_irq_raise(f, BNY_IRQ_CONTROL);
    }
}

static void banyan_control_bh(void *opaque)
{
    BanyanPort *port = opaque;
    BanyanFunc *f;

    if (!runstate_is_running()) {
        return; /* it is scheduled anew when the machine goes on */
    }
    banyan_port_enter(port);
    for (unsigned n = 0; n < BANYAN_COMMANDS_GO &&
                         (f = QTAILQ_FIRST(&port->control_line)); n++) {
        banyan_control_cancel(f);
        if (banyan_control_runs(f)) {
            banyan_control_serve(f);
            banyan_control_line_up(f);
        }
    }
    banyan_port_leave(port);
}

void banyan_control_init(BanyanPort *port)
{
    QTAILQ_INIT(&port->control_line);
    port->control_bh = qemu_bh_new_guarded(banyan_control_bh, port,
                                           &port->owner->mem_reentrancy_guard);
}

void banyan_control_exit(BanyanPort *port)
{
    g_clear_pointer(&port->control_bh, qemu_bh_delete);
}
