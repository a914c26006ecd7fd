/*
 * Banyan qtests: control queues, as a driver works them (datasheet,
 * chapter 10)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

/* Memory and registers, but not yet enabled */
void control_config(Control *c, Func *f, uint16_t depth)
{
    size_t cq_size = depth * BNY_ENTRY_SIZE;

    *c = (Control) { .f = f, .depth = depth };
    c->base = nic_alloc(f->nic, depth * BNY_CTRL_COMMAND_SIZE);
    c->cq = nic_alloc(f->nic, cq_size);
    qtest_memset(f->nic->qts, c->cq, 0, cq_size);
    reg_write(f, BNY_REG_CTLQ_DEPTH, depth);
    reg_write(f, BNY_REG_CTLQ_BASE_LO, c->base);
    reg_write(f, BNY_REG_CTLQ_BASE_HI, c->base >> 32);
    reg_write(f, BNY_REG_CTLQ_CQ_LO, c->cq);
    reg_write(f, BNY_REG_CTLQ_CQ_HI, c->cq >> 32);
}

void control_start(Control *c, Func *f, uint16_t depth)
{
    control_config(c, f, depth);
    reg_write(f, BNY_REG_CTLQ_CTRL, BNY_CTLQ_ENABLE);
    assert_no_error(f);
}

void control_put(Control *c, const struct bny_ctrl_command *command)
{
    qtest_memwrite(c->f->nic->qts, c->base + (c->prod & (c->depth - 1)) *
                   sizeof(*command), command, sizeof(*command));
    c->prod++;
}

void control_kick(Control *c)
{
    reg_write(c->f, BNY_REG_CTLQ_DOORBELL, c->prod);
}

/* The completion that is next, once it is there */
bool control_next(Control *c, struct bny_ctrl_cqe *cqe)
{
    uint32_t phase = c->cons & c->depth ? 0 : BNY_CQE_PHASE;

    qtest_memread(c->f->nic->qts, c->cq + (c->cons & (c->depth - 1)) *
                  sizeof(*cqe), cqe, sizeof(*cqe));
    if ((le32_to_cpu(cqe->flags) & BNY_CQE_PHASE) != phase) {
        return false;
    }
    g_assert_cmphex(le32_to_cpu(cqe->flags), ==,
                    phase | FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_CTRL));
    g_assert_cmpuint(le16_to_cpu(cqe->index), ==, c->cons);
    c->cons++;
    return true;
}

/* One command and its completion */
enum bny_ctrl_status control_run(Control *c,
                                 const struct bny_ctrl_command *command,
                                 struct bny_ctrl_cqe *cqe)
{
    control_put(c, command);
    control_kick(c);
    nic_settle(c->f->nic);
    g_assert_true(control_next(c, cqe));
    g_assert_cmpuint(cqe->seq, ==, command->seq);
    g_assert_cmpuint(cqe->opcode, ==, command->opcode);
    return le16_to_cpu(cqe->status);
}
