/*
 * Banyan: commands of the control queue (datasheet, section 10)
 *
 * What may be asked, by whom, with how much payload: all of it comes from the
 * table in bny_ctrl.h. A handler is called when that is right. One of OUT
 * fills in the payload, one of IN finds it there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "command.h"
#include "dma.h"
#include "policy.h"
#include "rate.h"
#include "status.h"
#include "trace.h"

enum banyan_command_scope { ALL, PF };
enum banyan_command_direction { OUT, IN };

/**
 * BanyanCommandFn: carry out a command
 * @f: who asks
 * @about: the function that it is about
 * @payload: BNY_CTRL_PAYLOAD_MAX bytes, zeroes but for what was read
 * @len: bytes that were read
 */
typedef enum bny_ctrl_status BanyanCommandFn(BanyanFunc *f, BanyanFunc *about,
                                             void *payload, uint32_t len);

typedef struct BanyanCommandInfo {
    enum banyan_command_scope scope;
    enum banyan_command_direction direction;
    uint32_t len_min;
    uint32_t len_max;
    BanyanCommandFn *run;
} BanyanCommandInfo;

#define BANYAN_COMMAND_FN(NAME, ...) \
static BanyanCommandFn banyan_command_##NAME;
BNY_CTRL_COMMANDS(BANYAN_COMMAND_FN)
#undef BANYAN_COMMAND_FN

static const BanyanCommandInfo banyan_commands[] = {
#define BANYAN_COMMAND_INFO(NAME, opcode, scope, direction, len_min, len_max, \
                            text)                                             \
    [opcode] = { scope, direction, len_min, len_max, banyan_command_##NAME },
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

static enum bny_ctrl_status
banyan_command_GET_CAPABILITIES(BanyanFunc *f, BanyanFunc *about, void *payload,
                                uint32_t len)
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
    return BNY_CTRL_OK;
}

static enum bny_ctrl_status
banyan_command_GET_COUNTERS(BanyanFunc *f, BanyanFunc *about, void *payload,
                            uint32_t len)
{
    for (unsigned i = 0; i < BNY_CNT_COUNT; i++) {
        stq_le_p((uint64_t *)payload + i, about->counter[i]);
    }
    return BNY_CTRL_OK;
}

static enum bny_ctrl_status
banyan_command_GET_FUNCTION(BanyanFunc *f, BanyanFunc *about, void *payload,
                            uint32_t len)
{
    struct bny_ctrl_function *func = payload;

    func->status = cpu_to_le32(banyan_func_status(about));
    func->error = cpu_to_le32(about->error);
    func->error_info = cpu_to_le32(about->error_info);
    func->generation = cpu_to_le32(about->generation);
    func->limits = cpu_to_le32(banyan_func_limits(about));
    func->link = cpu_to_le32(banyan_func_link(about));
    func->features = cpu_to_le32(about->features[0]);
    return BNY_CTRL_OK;
}

static enum bny_ctrl_status
banyan_command_GET_POLICY(BanyanFunc *f, BanyanFunc *about, void *payload,
                          uint32_t len)
{
    struct bny_ctrl_policy *policy = payload;

    policy->flags = cpu_to_le32(about->policy.flags);
    memcpy(policy->mac, about->policy.mac, sizeof(policy->mac));
    policy->vlan_tci = cpu_to_le16(about->policy.vlan_tci);
    policy->vlan_tpid = cpu_to_le16(about->policy.vlan_tpid);
    policy->link = about->policy.link;
    policy->note = about->policy.note;
    return BNY_CTRL_OK;
}

static enum bny_ctrl_status
banyan_command_SET_POLICY(BanyanFunc *f, BanyanFunc *about, void *payload,
                          uint32_t len)
{
    const struct bny_ctrl_policy *in = payload;
    BanyanPolicy policy = {
        .flags = le32_to_cpu(in->flags),
        .vlan_tci = le16_to_cpu(in->vlan_tci),
        .vlan_tpid = le16_to_cpu(in->vlan_tpid),
        .link = in->link,
        .note = in->note,
    };

    memcpy(policy.mac, in->mac, sizeof(policy.mac));
    if (!buffer_is_zero(in->rsvd, sizeof(in->rsvd)) ||
        !banyan_policy_valid(about, &policy)) {
        return BNY_CTRL_BAD_VALUE;
    }
    banyan_policy_set(about, &policy);
    return BNY_CTRL_OK;
}

/* No VF's addresses take the room of another one's, or of the PF's */
QEMU_BUILD_BUG_ON(BNY_VEB_ENTRIES_MAX < (BNY_VFS_MAX + 1) *
                                        (1 + BNY_MBX_UNICAST_MAX +
                                         BNY_MBX_MULTICAST_MAX));

static bool banyan_address_valid(const struct bny_ctrl_address *address)
{
    return !buffer_is_zero(address->mac, sizeof(address->mac)) &&
           !address->rsvd &&
           (address->op == BNY_ADDRESS_ADD ||
            address->op == BNY_ADDRESS_REMOVE);
}

static enum bny_ctrl_status
banyan_command_SET_ADDRESSES(BanyanFunc *f, BanyanFunc *about, void *payload,
                             uint32_t len)
{
    const struct bny_ctrl_addresses *head = payload;
    const struct bny_ctrl_address *address = (const void *)(head + 1);
    unsigned count = le16_to_cpu(head->count);
    uint16_t flags = le16_to_cpu(head->flags);

    if (len != sizeof(*head) + count * sizeof(*address)) {
        return BNY_CTRL_BAD_LENGTH;
    }
    if ((flags & ~BNY_ADDRESSES_FLUSH) ||
        !buffer_is_zero(head->rsvd, sizeof(head->rsvd))) {
        return BNY_CTRL_BAD_VALUE;
    }
    for (unsigned i = 0; i < count; i++) {
        if (!banyan_address_valid(&address[i])) {
            return BNY_CTRL_BAD_VALUE;
        }
    }
    if (!banyan_veb_change(&f->port->veb, about->index,
                           flags & BNY_ADDRESSES_FLUSH, address, count)) {
        return BNY_CTRL_FULL;
    }
    trace_bny_addresses(about->index, flags & BNY_ADDRESSES_FLUSH, count,
                        banyan_veb_pairs(&f->port->veb));
    return BNY_CTRL_OK;
}

static enum bny_ctrl_status
banyan_command_SET_VLANS(BanyanFunc *f, BanyanFunc *about, void *payload,
                         uint32_t len)
{
    const struct bny_ctrl_vlans *in = payload;

    if (!banyan_vlans_valid(in->vlans)) {
        return BNY_CTRL_BAD_VALUE;
    }
    banyan_vlans_set(about, in->vlans);
    return BNY_CTRL_OK;
}

static enum bny_ctrl_status
banyan_command_GET_RATE(BanyanFunc *f, BanyanFunc *about, void *payload,
                        uint32_t len)
{
    struct bny_ctrl_rate *rate = payload;

    rate->min = cpu_to_le32(about->rate.min);
    rate->max = cpu_to_le32(about->rate.max);
    return BNY_CTRL_OK;
}

static enum bny_ctrl_status
banyan_command_SET_RATE(BanyanFunc *f, BanyanFunc *about, void *payload,
                        uint32_t len)
{
    const struct bny_ctrl_rate *in = payload;
    uint32_t min = le32_to_cpu(in->min);
    uint32_t max = le32_to_cpu(in->max);

    if (!buffer_is_zero(in->rsvd, sizeof(in->rsvd)) ||
        !banyan_rate_valid(about, min, max)) {
        return BNY_CTRL_BAD_VALUE;
    }
    banyan_rate_set(about, min, max);
    return BNY_CTRL_OK;
}

/* The payload that comes back: as much as there is room for */
static enum bny_ctrl_status
banyan_command_write(BanyanFunc *f, const BanyanCommandInfo *info,
                     BanyanFunc *about, uint64_t addr, uint32_t *len)
{
    uint64_t payload[BNY_CTRL_PAYLOAD_MAX / sizeof(uint64_t)] = { };
    enum bny_ctrl_status status;

    if (*len < info->len_min) {
        return BNY_CTRL_BAD_LENGTH;
    }
    *len = MIN(*len, info->len_max);
    status = info->run(f, about, payload, 0);
    if (status != BNY_CTRL_OK) {
        return status;
    }
    return addr && banyan_dma_write(f, addr, payload, *len) ?
           BNY_CTRL_OK : BNY_CTRL_BAD_ADDRESS;
}

static enum bny_ctrl_status
banyan_command_read(BanyanFunc *f, const BanyanCommandInfo *info,
                    BanyanFunc *about, uint64_t addr, uint32_t len)
{
    uint64_t payload[BNY_CTRL_PAYLOAD_MAX / sizeof(uint64_t)] = { };

    if (len < info->len_min || len > info->len_max) {
        return BNY_CTRL_BAD_LENGTH;
    }
    return addr && banyan_dma_read(f, addr, payload, len) ?
           info->run(f, about, payload, len) : BNY_CTRL_BAD_ADDRESS;
}

enum bny_ctrl_status
banyan_command_run(BanyanFunc *f, const struct bny_ctrl_command *command,
                   uint32_t *written)
{
    unsigned func = le16_to_cpu(command->func);
    uint64_t addr = le64_to_cpu(command->addr);
    uint32_t len = le32_to_cpu(command->len);
    const BanyanCommandInfo *info =
        banyan_command_find(le16_to_cpu(command->opcode));
    enum bny_ctrl_status status;

    *written = 0;
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
    if (info->direction == IN) {
        return banyan_command_read(f, info, f->port->func[func], addr, len);
    }
    status = banyan_command_write(f, info, f->port->func[func], addr, &len);
    if (status == BNY_CTRL_OK) {
        *written = len;
    }
    return status;
}
