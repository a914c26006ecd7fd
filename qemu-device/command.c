/*
 * Banyan: commands of the control queue (datasheet, section 10)
 *
 * What may be asked, by whom, with how much payload: all of it comes from the
 * table in bny_ctrl.h. A handler is called when that is right, and fills in
 * the payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "command.h"
#include "dma.h"
#include "status.h"

enum banyan_command_scope { ALL, PF };

/* @f asks, @about is the function that it is about, @payload is all zeroes */
typedef void BanyanCommandFn(const BanyanFunc *f, const BanyanFunc *about,
                             void *payload);

typedef struct BanyanCommandInfo {
    enum banyan_command_scope scope;
    uint32_t len_min;
    uint32_t len_max;
    BanyanCommandFn *run;
} BanyanCommandInfo;

static BanyanCommandFn banyan_command_GET_CAPABILITIES;
static BanyanCommandFn banyan_command_GET_COUNTERS;
static BanyanCommandFn banyan_command_GET_FUNCTION;

static const BanyanCommandInfo banyan_commands[] = {
#define BANYAN_COMMAND_INFO(NAME, opcode, scope, direction, len_min, len_max, \
                            text)                                             \
    [opcode] = { scope, len_min, len_max, banyan_command_##NAME },
    BNY_CTRL_COMMANDS(BANYAN_COMMAND_INFO)
#undef BANYAN_COMMAND_INFO
};

#define BANYAN_COMMAND_FITS(NAME, opcode, scope, direction, len_min, len_max, \
                            text)                                             \
    QEMU_BUILD_BUG_ON((len_max) > BNY_CTRL_PAYLOAD_MAX);
BNY_CTRL_COMMANDS(BANYAN_COMMAND_FITS)
#undef BANYAN_COMMAND_FITS

/* The command of that opcode, or NULL */
static const BanyanCommandInfo *banyan_command_find(unsigned opcode)
{
    return opcode < ARRAY_SIZE(banyan_commands) &&
           banyan_commands[opcode].run ? &banyan_commands[opcode] : NULL;
}

static bool banyan_command_allowed(const BanyanFunc *f,
                                   const BanyanCommandInfo *info)
{
    return info->scope == ALL || !banyan_func_is_vf(f);
}

static void banyan_command_GET_CAPABILITIES(const BanyanFunc *f,
                                            const BanyanFunc *about,
                                            void *payload)
{
    struct bny_ctrl_capabilities *caps = payload;
    bool vf = banyan_func_is_vf(about);
    uint64_t commands = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(banyan_commands); i++) {
        const BanyanCommandInfo *info = banyan_command_find(i);

        if (info && banyan_command_allowed(about, info)) {
            commands |= BIT_ULL(i);
        }
    }
    caps->commands = cpu_to_le64(commands);
    caps->functions = cpu_to_le32(vf ? 1 : f->port->funcs);
    if (!vf) {
        caps->entries_max = cpu_to_le32(BNY_VEB_ENTRIES_MAX);
        caps->entries = cpu_to_le32(banyan_veb_pairs(&f->port->veb));
    }
}

static void banyan_command_GET_COUNTERS(const BanyanFunc *f,
                                        const BanyanFunc *about, void *payload)
{
    for (unsigned i = 0; i < BNY_CNT_COUNT; i++) {
        stq_le_p((uint64_t *)payload + i, about->counter[i]);
    }
}

static void banyan_command_GET_FUNCTION(const BanyanFunc *f,
                                        const BanyanFunc *about, void *payload)
{
    struct bny_ctrl_function *func = payload;

    func->status = cpu_to_le32(banyan_func_status(about));
    func->error = cpu_to_le32(about->error);
    func->error_info = cpu_to_le32(about->error_info);
    func->generation = cpu_to_le32(about->generation);
    func->limits = cpu_to_le32(banyan_func_limits(about));
    func->link = cpu_to_le32(banyan_func_link(about));
    func->features = cpu_to_le32(about->features[0]);
}

enum bny_ctrl_status
banyan_command_run(BanyanFunc *f, const struct bny_ctrl_command *command,
                   uint32_t *len)
{
    uint64_t payload[BNY_CTRL_PAYLOAD_MAX / sizeof(uint64_t)] = { };
    unsigned func = le16_to_cpu(command->func);
    uint64_t addr = le64_to_cpu(command->addr);
    const BanyanCommandInfo *info =
        banyan_command_find(le16_to_cpu(command->opcode));
    uint32_t n;

    if (command->rsvd0 ||
        !buffer_is_zero(command->rsvd1, sizeof(command->rsvd1))) {
        return BNY_CTRL_NOT_ZERO;
    }
    if (!info) {
        return BNY_CTRL_UNKNOWN_OPCODE;
    }
    if (!banyan_command_allowed(f, info) ||
        (banyan_func_is_vf(f) && func != f->index)) {
        return BNY_CTRL_NOT_ALLOWED;
    }
    if (func >= f->port->funcs || !f->port->func[func]) {
        return BNY_CTRL_NO_FUNCTION;
    }
    n = MIN(le32_to_cpu(command->len), info->len_max);
    if (n < info->len_min) {
        return BNY_CTRL_BAD_LENGTH;
    }
    info->run(f, f->port->func[func], payload);
    if (!addr || !banyan_dma_write(f, addr, payload, n)) {
        return BNY_CTRL_BAD_ADDRESS;
    }
    *len = n;
    return BNY_CTRL_OK;
}
