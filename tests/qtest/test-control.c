/*
 * Banyan qtests: control queue (datasheet, chapter 10)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define DEPTH       BNY_CTRL_DEPTH_MIN
#define NOT_MEMORY  0x7fffffff0000ull
#define GUARD       0xa5

/* The table of the header */
typedef struct Command {
    const char *name;
    uint16_t opcode;
    enum { ALL, PF } scope;
    enum { OUT, IN } direction;
    uint32_t len_min;
    uint32_t len_max;
} Command;

static const Command commands[] = {
#define COMMAND(NAME, opcode, scope, direction, len_min, len_max, text) \
    { #NAME, opcode, scope, direction, len_min, len_max },
    BNY_CTRL_COMMANDS(COMMAND)
#undef COMMAND
};

/* Memory that a payload goes to, with room for more than any */
static uint64_t payload;
static uint8_t got[BNY_CTRL_PAYLOAD_MAX + 64];

static Nic *start_nic(const char *props)
{
    Nic *nic = nic_start(props);

    payload = nic_alloc(nic, sizeof(got));
    return nic;
}

static Nic *start(Control *pf, Control *vf)
{
    Nic *nic = start_nic(",vfs=2");

    nic_enable_vfs(nic, 2);
    control_start(pf, &nic->pf, DEPTH);
    control_start(vf, &nic->vf[0], DEPTH);
    return nic;
}

static struct bny_ctrl_command command_of(unsigned opcode, unsigned func,
                                          uint32_t len)
{
    static uint16_t seq;

    return (struct bny_ctrl_command) {
        .opcode = cpu_to_le16(opcode), .func = cpu_to_le16(func),
        .seq = cpu_to_le16(0x8000 + seq++), .addr = cpu_to_le64(payload),
        .len = cpu_to_le32(len),
    };
}

/* What was written of the payload is in got, GUARD behind it. Its length */
static uint32_t get(Control *c, unsigned opcode, unsigned func, uint32_t len)
{
    struct bny_ctrl_command command = command_of(opcode, func, len);
    QTestState *qts = c->f->nic->qts;
    struct bny_ctrl_cqe cqe;

    qtest_memset(qts, payload, GUARD, sizeof(got));
    g_assert_cmpuint(control_run(c, &command, &cqe), ==, BNY_CTRL_OK);
    qtest_memread(qts, payload, got, sizeof(got));
    return le32_to_cpu(cqe.len);
}

static void assert_refused(Control *c, struct bny_ctrl_command command,
                           enum bny_ctrl_status status)
{
    uint64_t refused = counter(c->f, BNY_CNT_CTRL_REFUSED);
    QTestState *qts = c->f->nic->qts;
    struct bny_ctrl_cqe cqe;

    qtest_memset(qts, payload, GUARD, sizeof(got));
    g_assert_cmpuint(control_run(c, &command, &cqe), ==, status);
    g_assert_cmpuint(cqe.len, ==, 0);
    g_assert_cmpuint(counter(c->f, BNY_CNT_CTRL_REFUSED), ==, refused + 1);
    qtest_memread(qts, payload, got, sizeof(got));
    for (unsigned i = 0; i < sizeof(got); i++) {
        g_assert_cmphex(got[i], ==, GUARD);
    }
    assert_no_error(c->f);
}

static void test_capabilities(void)
{
    struct bny_ctrl_capabilities *caps = (void *)got;
    Control pf, vf;
    Nic *nic = start_nic(",vfs=2");
    uint64_t all = 0, vfs = 0;
    uint8_t mac[6];

    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
        all |= 1ull << commands[i].opcode;
        vfs |= commands[i].scope == ALL ? 1ull << commands[i].opcode : 0;
    }
    mac_of(77, mac);
    veb_add(nic, BNY_FUNC_VF(1), mac);
    nic_enable_vfs(nic, 2);
    control_start(&pf, &nic->pf, DEPTH);
    control_start(&vf, &nic->vf[0], DEPTH);
    g_assert_cmpuint(get(&pf, BNY_CTRL_GET_CAPABILITIES, BNY_FUNC_PF,
                         sizeof(*caps)), ==, sizeof(*caps));
    g_assert_cmphex(le64_to_cpu(caps->commands), ==, all);
    g_assert_cmpuint(le32_to_cpu(caps->functions), ==, 3);
    g_assert_cmpuint(le32_to_cpu(caps->entries_max), ==, BNY_VEB_ENTRIES_MAX);
    g_assert_cmpuint(le32_to_cpu(caps->entries), ==, 1);

    get(&vf, BNY_CTRL_GET_CAPABILITIES, BNY_FUNC_VF(0), sizeof(*caps));
    g_assert_cmphex(le64_to_cpu(caps->commands), ==, vfs);
    g_assert_cmphex(vfs, ==, BIT(BNY_CTRL_GET_CAPABILITIES) |
                             BIT(BNY_CTRL_GET_COUNTERS));
    g_assert_cmpuint(le32_to_cpu(caps->functions), ==, 1);
    g_assert_cmpuint(caps->entries_max, ==, 0);
    g_assert_cmpuint(caps->entries, ==, 0);

    /* what the PF is told of a VF is what the VF is told */
    get(&pf, BNY_CTRL_GET_CAPABILITIES, BNY_FUNC_VF(0), sizeof(*caps));
    g_assert_cmpuint(le32_to_cpu(caps->functions), ==, 1);
    nic_stop(nic);
}

/* All are those of the registers, but what reading the registers counts */
static void test_counters(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    for (unsigned who = 0; who < 2; who++) {
        g_assert_cmpuint(get(who ? &vf : &pf, BNY_CTRL_GET_COUNTERS,
                             BNY_FUNC_VF(0), sizeof(got)), ==,
                         BNY_CNT_COUNT * 8);
        for (unsigned i = 0; i < BNY_CNT_COUNT; i++) {
            if (i != BNY_CNT_REG_READS && i != BNY_CNT_CTRL_COMMANDS) {
                g_assert_cmpuint(ldq_le_p(got + i * 8), ==,
                                 counter(vf.f, i));
            }
        }
        g_assert_cmpuint(ldq_le_p(got + BNY_CNT_REG_WRITES * 8), >, 0);
        g_assert_cmpuint(ldq_le_p(got + BNY_CNT_REG_READS * 8), <=,
                         counter(vf.f, BNY_CNT_REG_READS));
    }
    g_assert_cmpuint(counter(vf.f, BNY_CNT_CTRL_COMMANDS), ==, 1);
    g_assert_cmpuint(counter(pf.f, BNY_CNT_CTRL_COMMANDS), ==, 1);
    nic_stop(nic);
}

static void test_function(void)
{
    const struct bny_ctrl_function *func = (void *)got;
    Nic *nic = start_nic(",vfs=2");
    Func *other = &nic->vf[1];
    Control pf;

    nic_enable_vfs(nic, 2);
    func_reset(other);
    reg_write(other, BNY_REG_FEATURES, BNY_FEAT_RX_HASH);
    func_up(other);
    control_start(&pf, &nic->pf, DEPTH);
    reg_write(other, BNY_REG_MAX_FRAME, 0x12345);
    g_assert_cmpuint(get(&pf, BNY_CTRL_GET_FUNCTION, BNY_FUNC_VF(1),
                         sizeof(got)), ==, sizeof(*func));
    g_assert_cmphex(le32_to_cpu(func->status), ==,
                    BNY_STATUS_READY | BNY_STATUS_ERROR | BNY_STATUS_ENABLED);
    g_assert_cmphex(le32_to_cpu(func->error), ==, BNY_ERR_REG_VALUE);
    g_assert_cmphex(le32_to_cpu(func->error_info), ==, BNY_REG_MAX_FRAME);
    g_assert_cmpuint(le32_to_cpu(func->generation), ==,
                     reg_read(other, BNY_REG_GENERATION));
    g_assert_cmphex(le32_to_cpu(func->limits), ==,
                    reg_read(other, BNY_REG_LIMITS));
    g_assert_cmphex(le32_to_cpu(func->link), ==,
                    reg_read(other, BNY_REG_LINK));
    g_assert_cmphex(le32_to_cpu(func->features), ==, BNY_FEAT_RX_HASH);
    nic_stop(nic);
}

/* Each command of the table with too little room, just enough, and too much */
static void test_lengths(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
        const Command *c = &commands[i];
        const uint32_t lens[] = {
            c->len_min, c->len_max - 1, c->len_max, c->len_max + 1, UINT32_MAX
        };

        g_test_message("%s", c->name);
        assert_refused(&pf, command_of(c->opcode, 0, 0), BNY_CTRL_BAD_LENGTH);
        assert_refused(&pf, command_of(c->opcode, 0, c->len_min - 1),
                       BNY_CTRL_BAD_LENGTH);
        if (c->direction == IN) {
            assert_refused(&pf, command_of(c->opcode, 0, c->len_max + 1),
                           BNY_CTRL_BAD_LENGTH);
            assert_refused(&pf, command_of(c->opcode, 0, UINT32_MAX),
                           BNY_CTRL_BAD_LENGTH);
            continue;
        }
        for (unsigned k = 0; k < ARRAY_SIZE(lens); k++) {
            uint32_t len = MIN(lens[k], c->len_max);

            g_assert_cmpuint(get(&pf, c->opcode, BNY_FUNC_VF(1), lens[k]), ==,
                             len);
            for (unsigned j = len; j < sizeof(got); j++) {
                g_assert_cmphex(got[j], ==, GUARD);
            }
        }
    }
    assert_no_error(&nic->pf);
    nic_stop(nic);
}

/* Every opcode by a VF: what is about it, and what isn't */
static void test_vf(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
        const Command *c = &commands[i];
        const unsigned others[] = { BNY_FUNC_PF, BNY_FUNC_VF(1), 3, 0xffff };

        for (unsigned k = 0; k < ARRAY_SIZE(others); k++) {
            assert_refused(&vf, command_of(c->opcode, others[k], c->len_max),
                           BNY_CTRL_NOT_ALLOWED);
        }
        if (c->scope == PF) {
            assert_refused(&vf, command_of(c->opcode, BNY_FUNC_VF(0),
                                           c->len_max), BNY_CTRL_NOT_ALLOWED);
        } else {
            get(&vf, c->opcode, BNY_FUNC_VF(0), c->len_max);
        }
    }
    nic_stop(nic);
}

static void test_unknown(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    for (unsigned opcode = 0; opcode < 70; opcode++) {
        bool known = false;

        for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
            known |= commands[i].opcode == opcode;
        }
        if (!known) {
            assert_refused(&pf, command_of(opcode, 0, 64),
                           BNY_CTRL_UNKNOWN_OPCODE);
            assert_refused(&vf, command_of(opcode, 1, 64),
                           BNY_CTRL_UNKNOWN_OPCODE);
        }
    }
    assert_refused(&pf, command_of(0xffff, 0, 64), BNY_CTRL_UNKNOWN_OPCODE);
    nic_stop(nic);
}

static void test_no_function(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
        assert_refused(&pf, command_of(commands[i].opcode, 3, 64),
                       BNY_CTRL_NO_FUNCTION);
        assert_refused(&pf, command_of(commands[i].opcode, 0xffff, 64),
                       BNY_CTRL_NO_FUNCTION);
    }
    nic_stop(nic);
}

/* Of several mistakes the first of the enumeration is told */
static void test_order_of_refusals(void)
{
    struct bny_ctrl_command command = command_of(0x1234, 3, 0);
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    command.addr = 0;
    command.rsvd1[43] = 1;
    assert_refused(&pf, command, BNY_CTRL_NOT_ZERO);
    command.rsvd1[43] = 0;
    command.rsvd0 = 1;
    assert_refused(&vf, command, BNY_CTRL_NOT_ZERO);
    command.rsvd0 = 0;
    assert_refused(&vf, command, BNY_CTRL_UNKNOWN_OPCODE);
    command.opcode = cpu_to_le16(BNY_CTRL_GET_FUNCTION);
    assert_refused(&vf, command, BNY_CTRL_NOT_ALLOWED);
    assert_refused(&pf, command, BNY_CTRL_NO_FUNCTION);
    command.func = 0;
    assert_refused(&pf, command, BNY_CTRL_BAD_LENGTH);
    command.len = cpu_to_le32(8);
    assert_refused(&pf, command, BNY_CTRL_BAD_ADDRESS);
    command.addr = cpu_to_le64(NOT_MEMORY);
    assert_refused(&pf, command, BNY_CTRL_BAD_ADDRESS);
    g_assert_cmpuint(counter(&nic->pf, BNY_CNT_DMA_ERRORS), ==, 1);
    get(&pf, BNY_CTRL_GET_FUNCTION, 0, 8);
    nic_stop(nic);
}

/* What goes to the device is looked at behind all else */
static void test_order_of_refusals_in(void)
{
    struct bny_ctrl_command command =
        command_of(BNY_CTRL_SET_POLICY, BNY_FUNC_PF, 0);
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    command.addr = 0;
    assert_refused(&pf, command, BNY_CTRL_BAD_LENGTH);
    command.len = cpu_to_le32(sizeof(struct bny_ctrl_policy));
    assert_refused(&pf, command, BNY_CTRL_BAD_ADDRESS);
    command.addr = cpu_to_le64(NOT_MEMORY);
    assert_refused(&pf, command, BNY_CTRL_BAD_ADDRESS);
    command.addr = cpu_to_le64(payload);
    assert_refused(&pf, command, BNY_CTRL_BAD_VALUE);
    nic_stop(nic);
}

/* The ring is gone round several times, and is full each time */
static void test_in_order(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);
    struct bny_ctrl_cqe cqe;

    for (unsigned round = 0; round < 5; round++) {
        uint16_t seq[DEPTH];

        for (unsigned i = 0; i < DEPTH; i++) {
            struct bny_ctrl_command command =
                command_of(BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8 + i);

            seq[i] = command.seq;
            control_put(&vf, &command);
        }
        control_kick(&vf);
        nic_settle(nic);
        for (unsigned i = 0; i < DEPTH; i++) {
            g_assert_true(control_next(&vf, &cqe));
            g_assert_cmphex(cqe.seq, ==, seq[i]);
            g_assert_cmpuint(le32_to_cpu(cqe.len), ==, 8 + i);
        }
        g_assert_false(control_next(&vf, &cqe));
        g_assert_cmpuint(reg_read(vf.f, BNY_REG_CTLQ_INDEX), ==, vf.prod);
    }
    nic_stop(nic);
}

/* It is told by a cause of its own, and only by that */
static void test_interrupt(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    func_enable_msix(vf.f);
    get(&vf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    g_assert_cmphex(reg_read(vf.f, BNY_REG_IRQ_CAUSE), ==, BNY_IRQ_CONTROL);
    g_assert_false(func_got_message(vf.f, BNY_ADMIN_VECTOR));
    reg_write(vf.f, BNY_REG_IRQ_CAUSE, BNY_IRQ_CONTROL);
    reg_write(vf.f, BNY_REG_IRQ_ENABLE, BNY_IRQ_CONTROL);
    g_assert_false(func_got_message(vf.f, BNY_ADMIN_VECTOR));
    assert_refused(&vf, command_of(0, BNY_FUNC_VF(0), 8),
                   BNY_CTRL_UNKNOWN_OPCODE);
    g_assert_true(func_got_message(vf.f, BNY_ADMIN_VECTOR));
    nic_stop(nic);
}

static uint32_t info(unsigned index)
{
    return BNY_ERROR_INFO_CONTROL | FIELD_PREP(BNY_ERROR_INFO_INDEX, index);
}

static void test_bad_queue(void)
{
    static const struct {
        const char *what;
        uint32_t reg;
        uint32_t value;
    } bad[] = {
        { "too small", BNY_REG_CTLQ_DEPTH, BNY_CTRL_DEPTH_MIN / 2 },
        { "too large", BNY_REG_CTLQ_DEPTH, BNY_CTRL_DEPTH_MAX * 2 },
        { "no power of two", BNY_REG_CTLQ_DEPTH, BNY_CTRL_DEPTH_MIN + 1 },
        { "no commands", BNY_REG_CTLQ_BASE_LO, 0 },
        { "no completions", BNY_REG_CTLQ_CQ_LO, 0 },
    };
    Nic *nic = start_nic("");
    Control c;

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
        g_test_message("%s", bad[i].what);
        control_config(&c, &nic->pf, DEPTH);
        reg_write(c.f, bad[i].reg, bad[i].value);
        reg_write(c.f, BNY_REG_CTLQ_CTRL, BNY_CTLQ_ENABLE);
        assert_error_info(c.f, BNY_ERR_RING_CONFIG, info(0));
        g_assert_cmphex(reg_read(c.f, BNY_REG_CTLQ_CTRL), ==, 0);
        func_reset(c.f);
    }
    control_start(&c, &nic->pf, BNY_CTRL_DEPTH_MAX);
    get(&c, BNY_CTRL_GET_COUNTERS, BNY_FUNC_PF, 8);
    nic_stop(nic);
}

/* Its registers are fixed while it is enabled */
static void test_fixed(void)
{
    static const uint32_t regs[] = {
        BNY_REG_CTLQ_DEPTH, BNY_REG_CTLQ_BASE_LO, BNY_REG_CTLQ_BASE_HI,
        BNY_REG_CTLQ_CQ_LO, BNY_REG_CTLQ_CQ_HI,
    };
    Nic *nic = start_nic("");
    Control c;

    for (unsigned i = 0; i < ARRAY_SIZE(regs); i++) {
        uint32_t value;

        control_start(&c, &nic->pf, DEPTH);
        value = reg_read(c.f, regs[i]);
        reg_write(c.f, regs[i], 64);
        assert_error_info(c.f, BNY_ERR_RING_CONFIG, info(0));
        g_assert_cmphex(reg_read(c.f, regs[i]), ==, value);
        func_reset(c.f);
    }
    /* disabled it takes another depth, and begins anew */
    control_start(&c, &nic->pf, DEPTH);
    get(&c, BNY_CTRL_GET_COUNTERS, BNY_FUNC_PF, 8);
    reg_write(c.f, BNY_REG_CTLQ_CTRL, 0);
    g_assert_cmphex(reg_read(c.f, BNY_REG_CTLQ_INDEX), ==, 0);
    control_start(&c, &nic->pf, 2 * DEPTH);
    get(&c, BNY_CTRL_GET_COUNTERS, BNY_FUNC_PF, 8);
    nic_stop(nic);
}

static void test_doorbell(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    get(&vf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    reg_write(vf.f, BNY_REG_CTLQ_DOORBELL, vf.prod + DEPTH + 1);
    assert_error_info(vf.f, BNY_ERR_DOORBELL, info(vf.prod + DEPTH + 1));
    g_assert_cmpuint(reg_read(vf.f, BNY_REG_CTLQ_INDEX), ==, 1);
    func_reset(vf.f);

    /* it isn't enabled: nobody listens */
    reg_write(vf.f, BNY_REG_CTLQ_DOORBELL, 1);
    nic_settle(nic);
    assert_no_error(vf.f);
    control_start(&vf, vf.f, DEPTH);
    get(&vf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    nic_stop(nic);
}

/* Rings that aren't memory stop the function, and no other one */
static void test_not_memory(void)
{
    static const uint32_t hi[] = {
        BNY_REG_CTLQ_BASE_HI, BNY_REG_CTLQ_CQ_HI
    };
    Control pf, vf;
    Nic *nic = start(&pf, &vf);

    for (unsigned i = 0; i < ARRAY_SIZE(hi); i++) {
        struct bny_ctrl_command command =
            command_of(BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);

        func_reset(vf.f);
        control_config(&vf, vf.f, DEPTH);
        control_put(&vf, &command);
        reg_write(vf.f, hi[i], NOT_MEMORY >> 32);
        reg_write(vf.f, BNY_REG_CTLQ_CTRL, BNY_CTLQ_ENABLE);
        control_kick(&vf);
        nic_settle(nic);
        assert_error_info(vf.f, BNY_ERR_DMA, info(0));
        /* it has stopped: it doesn't try again */
        control_kick(&vf);
        nic_settle(nic);
        g_assert_cmpuint(counter(vf.f, BNY_CNT_DMA_ERRORS), ==, i + 1);
        g_assert_cmpuint(reg_read(vf.f, BNY_REG_CTLQ_INDEX), ==, 0);
        get(&pf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    }
    nic_stop(nic);
}

/* Commands that were given before a reset aren't carried out after it */
static void test_reset(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);
    struct bny_ctrl_command command =
        command_of(BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    struct bny_ctrl_cqe cqe;

    get(&vf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    control_put(&vf, &command);
    control_kick(&vf);
    func_reset(vf.f);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_false(control_next(&vf, &cqe));
    g_assert_cmphex(reg_read(vf.f, BNY_REG_CTLQ_CTRL), ==, 0);
    g_assert_cmpuint(reg_read(vf.f, BNY_REG_CTLQ_INDEX), ==, 0);
    g_assert_cmpuint(counter(vf.f, BNY_CNT_CTRL_COMMANDS), ==, 1);
    control_start(&vf, vf.f, DEPTH);
    get(&vf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    nic_stop(nic);
}

/* A VF that has a thousand commands gets one before the PF gets its own */
static void test_turns(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);
    struct bny_ctrl_command command =
        command_of(BNY_CTRL_GET_CAPABILITIES, BNY_FUNC_VF(0), 8);
    struct bny_ctrl_cqe cqe;

    func_reset(vf.f);
    control_start(&vf, vf.f, BNY_CTRL_DEPTH_MAX);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    for (unsigned i = 0; i < BNY_CTRL_DEPTH_MAX; i++) {
        control_put(&vf, &command);
    }
    control_kick(&vf);
    command = command_of(BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), sizeof(got));
    control_put(&pf, &command);
    control_kick(&pf);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_true(control_next(&pf, &cqe));
    qtest_memread(nic->qts, payload, got, BNY_CNT_COUNT * 8);
    g_assert_cmpuint(ldq_le_p(got + BNY_CNT_CTRL_COMMANDS * 8), ==, 1);
    for (unsigned i = 0; i < 100 && counter(vf.f, BNY_CNT_CTRL_COMMANDS) <
                                    BNY_CTRL_DEPTH_MAX; i++) {
        nic_settle(nic);
    }
    g_assert_cmpuint(counter(vf.f, BNY_CNT_CTRL_COMMANDS), ==,
                     BNY_CTRL_DEPTH_MAX);
    nic_stop(nic);
}

/* What was given before the machine moved is carried out on the other side */
static void test_migration(void)
{
    Control pf, vf;
    Nic *nic = start(&pf, &vf);
    struct bny_ctrl_command command =
        command_of(BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 24);
    struct bny_ctrl_cqe cqe;

    for (unsigned i = 0; i < DEPTH + 3; i++) {
        get(&vf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    }
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    control_put(&vf, &command);
    control_kick(&vf);
    nic_load(nic, ",vfs=2", nic_save(nic));
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_true(control_next(&vf, &cqe));
    g_assert_cmpuint(le32_to_cpu(cqe.len), ==, 24);
    g_assert_cmphex(cqe.seq, ==, command.seq);
    get(&pf, BNY_CTRL_GET_COUNTERS, BNY_FUNC_VF(0), 8);
    nic_stop(nic);
}

void add_control_tests(void)
{
    g_test_add_func(TEST_PREFIX "control/capabilities", test_capabilities);
    g_test_add_func(TEST_PREFIX "control/counters", test_counters);
    g_test_add_func(TEST_PREFIX "control/function", test_function);
    g_test_add_func(TEST_PREFIX "control/lengths", test_lengths);
    g_test_add_func(TEST_PREFIX "control/vf", test_vf);
    g_test_add_func(TEST_PREFIX "control/unknown", test_unknown);
    g_test_add_func(TEST_PREFIX "control/no-function", test_no_function);
    g_test_add_func(TEST_PREFIX "control/order-of-refusals",
                    test_order_of_refusals);
    g_test_add_func(TEST_PREFIX "control/order-of-refusals-in",
                   test_order_of_refusals_in);
    g_test_add_func(TEST_PREFIX "control/in-order", test_in_order);
    g_test_add_func(TEST_PREFIX "control/interrupt", test_interrupt);
    g_test_add_func(TEST_PREFIX "control/bad-queue", test_bad_queue);
    g_test_add_func(TEST_PREFIX "control/fixed", test_fixed);
    g_test_add_func(TEST_PREFIX "control/doorbell", test_doorbell);
    g_test_add_func(TEST_PREFIX "control/not-memory", test_not_memory);
    g_test_add_func(TEST_PREFIX "control/reset", test_reset);
    g_test_add_func(TEST_PREFIX "control/turns", test_turns);
    g_test_add_func(TEST_PREFIX "control/migration", test_migration);
}
