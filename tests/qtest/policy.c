/*
 * Banyan qtests: what the PF sets, and asks, by its control queue (datasheet,
 * chapters 7 and 10)
 *
 * The queue is there for one command at a time, so that tests may reset the
 * PF, or have a queue of their own, in between.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

void mac_of(unsigned index, uint8_t mac[6])
{
    static const uint8_t prefix[4] = { 0x52, 0x54, 0x00, 0xba };

    memcpy(mac, prefix, sizeof(prefix));
    stw_be_p(mac + sizeof(prefix), index);
}

/*
 * No time passes meanwhile. @payload goes to the device; what comes back of it
 * is in there.
 */
enum bny_ctrl_status pf_command(Nic *nic, unsigned opcode, unsigned func,
                                void *payload, size_t len)
{
    struct bny_ctrl_command command = {
        .opcode = cpu_to_le16(opcode), .func = cpu_to_le16(func),
        .len = cpu_to_le32(len),
    };
    uint32_t causes = reg_read(&nic->pf, BNY_REG_IRQ_CAUSE);
    uint64_t heap = nic->heap, addr;
    struct bny_ctrl_cqe cqe;
    Control c;

    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_CTLQ_CTRL), ==, 0);
    addr = nic_alloc(nic, BNY_CTRL_PAYLOAD_MAX);
    command.addr = cpu_to_le64(addr);
    qtest_memwrite(nic->qts, addr, payload, len);
    control_start(&c, &nic->pf, BNY_CTRL_DEPTH_MIN);
    control_put(&c, &command);
    control_kick(&c);
    for (unsigned i = 0; !control_next(&c, &cqe); i++) {
        g_assert_cmpuint(i, <, 1000);
    }
    reg_write(&nic->pf, BNY_REG_CTLQ_CTRL, 0);
    reg_write(&nic->pf, BNY_REG_IRQ_CAUSE, BNY_IRQ_CONTROL & ~causes);
    qtest_memread(nic->qts, addr, payload, len);
    nic->heap = heap;
    return le16_to_cpu(cqe.status);
}

static void pf_command_ok(Nic *nic, unsigned opcode, unsigned func,
                          void *payload, size_t len)
{
    g_assert_cmpuint(pf_command(nic, opcode, func, payload, len), ==,
                     BNY_CTRL_OK);
}

uint64_t counter_from_pf(Nic *nic, unsigned func, enum bny_counter c)
{
    uint64_t counters[BNY_CNT_COUNT];

    pf_command_ok(nic, BNY_CTRL_GET_COUNTERS, func, counters, sizeof(counters));
    return le64_to_cpu(counters[c]);
}

struct bny_ctrl_function func_from_pf(Nic *nic, unsigned func)
{
    struct bny_ctrl_function state = { };

    pf_command_ok(nic, BNY_CTRL_GET_FUNCTION, func, &state, sizeof(state));
    return state;
}

struct bny_ctrl_policy func_policy(Nic *nic, unsigned func)
{
    struct bny_ctrl_policy policy = { };

    pf_command_ok(nic, BNY_CTRL_GET_POLICY, func, &policy, sizeof(policy));
    return policy;
}

void func_set_policy(Nic *nic, unsigned func,
                     const struct bny_ctrl_policy *policy)
{
    struct bny_ctrl_policy payload = *policy;

    pf_command_ok(nic, BNY_CTRL_SET_POLICY, func, &payload, sizeof(payload));
}

/* BNY_POLICY_*; the rest of its policy stays */
void func_set_flags(Nic *nic, unsigned func, uint32_t flags)
{
    struct bny_ctrl_policy policy = func_policy(nic, func);

    policy.flags = cpu_to_le32(flags);
    func_set_policy(nic, func, &policy);
}

void func_set_mac(Nic *nic, unsigned func, const uint8_t mac[6])
{
    struct bny_ctrl_policy policy = func_policy(nic, func);

    memcpy(policy.mac, mac, sizeof(policy.mac));
    func_set_policy(nic, func, &policy);
}

/* @flags: BNY_ADDRESSES_* */
enum bny_ctrl_status veb_change(Nic *nic, unsigned func, uint16_t flags,
                                const struct bny_ctrl_address *changes,
                                unsigned count)
{
    g_autofree uint8_t *payload = g_malloc0(BNY_CTRL_PAYLOAD_MAX);
    const struct bny_ctrl_addresses head = {
        .count = cpu_to_le16(count), .flags = cpu_to_le16(flags),
    };

    memcpy(payload, &head, sizeof(head));
    memcpy(payload + sizeof(head), changes, count * sizeof(*changes));
    return pf_command(nic, BNY_CTRL_SET_ADDRESSES, func, payload,
                      sizeof(head) + count * sizeof(*changes));
}

static void veb_change_one(Nic *nic, unsigned func, const uint8_t mac[6],
                           enum bny_address_op op)
{
    struct bny_ctrl_address change = { .op = op };

    memcpy(change.mac, mac, sizeof(change.mac));
    g_assert_cmpuint(veb_change(nic, func, 0, &change, 1), ==, BNY_CTRL_OK);
}

void veb_add(Nic *nic, unsigned func, const uint8_t mac[6])
{
    veb_change_one(nic, func, mac, BNY_ADDRESS_ADD);
}

void veb_remove(Nic *nic, unsigned func, const uint8_t mac[6])
{
    veb_change_one(nic, func, mac, BNY_ADDRESS_REMOVE);
}

void veb_flush(Nic *nic, unsigned func)
{
    g_assert_cmpuint(veb_change(nic, func, BNY_ADDRESSES_FLUSH, NULL, 0), ==,
                     BNY_CTRL_OK);
}

/* (MAC address, function) pairs in use */
unsigned veb_entries(Nic *nic)
{
    struct bny_ctrl_capabilities caps;

    pf_command_ok(nic, BNY_CTRL_GET_CAPABILITIES, BNY_FUNC_PF, &caps,
                  sizeof(caps));
    return le32_to_cpu(caps.entries);
}

/* The PF lets a function take part, with the MAC address that mac_of() says */
void func_up(Func *f)
{
    uint8_t mac[6];

    mac_of(f->index, mac);
    func_set_flags(f->nic, f->index, BNY_POLICY_ENABLE);
    veb_add(f->nic, f->index, mac);
}
