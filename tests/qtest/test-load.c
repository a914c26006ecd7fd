/*
 * Banyan qtests: saved state that can't be is refused, whatever of it is wrong
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include <glib/gstdio.h>

#define PROPS       ",vfs=2,vf-queue-pairs=3"
#define PAIRS       3
#define FUNCTIONS   3

/* A number in the state, and one that it can't be */
typedef struct Edit {
    const char *what;
    int offset;         /* from where it is looked for */
    unsigned size;
    uint64_t value;
} Edit;

/* What the state is searched for: words as it has them, big-endian */
typedef struct Mark {
    uint32_t word[8];
    unsigned words;
} Mark;

static Mark mark_of(const uint32_t *words, unsigned n)
{
    Mark mark = { .words = n };

    for (unsigned i = 0; i < n; i++) {
        mark.word[i] = cpu_to_be32(words[i]);
    }
    return mark;
}

static void edit(const char *path, const Mark *mark, const Edit *e)
{
    state_edit(path, mark->word, mark->words * 4, e->offset, e->size, e->value);
}

/* Each edit alone is too much. Ends @nic */
static void assert_refuses(Nic *nic, Mark mark, const Edit *edits, unsigned n,
                           const char *message)
{
    g_autofree char *path = nic_save(nic);
    g_autofree char *state = NULL;
    size_t len;

    g_assert_true(g_file_get_contents(path, &state, &len, NULL));
    for (unsigned i = 0; i < n; i++) {
        g_test_message("%s", edits[i].what);
        g_assert_true(g_file_set_contents(path, state, len, NULL));
        edit(path, &mark, &edits[i]);
        assert_not_loaded(PROPS, path, message);
    }
    g_unlink(path);
    g_free(nic);
}

static Nic *start(void)
{
    Nic *nic = nic_start(PROPS);

    nic_enable_vfs(nic, 2);
    return nic;
}

/* As the state has a ring: control, depth, addresses */
static Mark ring_mark(const Ring *r)
{
    const uint32_t words[] = {
        BNY_RING_ENABLE, r->depth, r->base, r->base >> 32, r->cq, r->cq >> 32,
        r->shadow, r->shadow >> 32,
    };

    return mark_of(words, ARRAY_SIZE(words));
}

static void check_ring(bool rx)
{
    Nic *nic = start();
    Ring r;

    ring_start(&r, &nic->vf[0], 1, rx, BNY_RING_DEPTH_MIN);
    {
        const Edit edits[] = {
            { "unknown bits of its control", 0, 4, BNY_RING_ENABLE | 2 },
            { "a depth that is no power of two", 4, 4, 65 },
            { "too small a depth", 4, 4, BNY_RING_DEPTH_MIN / 2 },
            { "too large a depth", 4, 4, BNY_RING_DEPTH_MAX * 2 },
            { "a ring that isn't aligned", 8, 4, r.base + 32 },
            { "completions at 0", 16, 4, 0 },
            { "completions that aren't aligned", 16, 4, r.cq + 32 },
            { "shadow doorbells at 0", 24, 4, 0 },
            { "shadow doorbells that aren't aligned", 24, 4, r.shadow + 4 },
        };

        assert_refuses(nic, ring_mark(&r), edits, ARRAY_SIZE(edits),
                       "saved state of function 1 can't be");
    }
}

static void test_tx_ring(void)
{
    check_ring(false);
}

static void test_rx_ring(void)
{
    check_ring(true);
}

/* A vector that isn't there, which a ring has that runs */
static void test_vector(void)
{
    static const Edit edits[] = {
        { "the first that isn't there", -8, 4, PAIRS + 1 },
        { "one far away", -8, 4, 0x10000 },
    };
    Nic *nic = start();
    Ring r;

    ring_start(&r, &nic->vf[1], 2, false, BNY_RING_DEPTH_MIN);
    assert_refuses(nic, ring_mark(&r), edits, ARRAY_SIZE(edits),
                   "saved state of function 2 can't be");
}

/* A ring that isn't enabled may have anything in its registers */
static void test_disabled_ring(void)
{
    const Edit off = { "off", 0, 4, 0 }, depth = { "depth", 4, 4, 65 };
    Nic *nic = start();
    Mark mark;
    char *path;
    Ring r;

    ring_start(&r, &nic->vf[0], 1, false, BNY_RING_DEPTH_MIN);
    mark = ring_mark(&r);
    path = nic_save(nic);
    edit(path, &mark, &depth);
    mark.word[1] = cpu_to_be32(65);
    edit(path, &mark, &off);
    nic_load(nic, PROPS, path);
    g_assert_cmpuint(reg_read(&nic->vf[0], BNY_REG_AT(TX_DEPTH, 1)), ==, 65);
    assert_no_error(&nic->vf[0]);
    nic_stop(nic);
}

/* As the state has the control queue: control, depth, addresses, indices */
static void test_control(void)
{
    Nic *nic = start();
    Control c;

    control_start(&c, &nic->vf[0], BNY_CTRL_DEPTH_MIN);
    {
        const uint32_t words[] = {
            BNY_CTLQ_ENABLE, c.depth, c.base, c.base >> 32, c.cq, c.cq >> 32, 0
        };
        const Edit edits[] = {
            { "unknown bits of its control", 0, 4, BNY_CTLQ_ENABLE | 2 },
            { "a depth that is no power of two", 4, 4, 17 },
            { "too small a depth", 4, 4, BNY_CTRL_DEPTH_MIN / 2 },
            { "too large a depth", 4, 4, BNY_CTRL_DEPTH_MAX * 2 },
            { "a ring that isn't aligned", 8, 4, c.base + 32 },
            { "completions at 0", 16, 4, 0 },
            { "more commands than the ring has", 26, 2, c.depth + 1 },
        };

        assert_refuses(nic, mark_of(words, ARRAY_SIZE(words)), edits,
                       ARRAY_SIZE(edits), "saved state of function 1 can't be");
    }
}

static void test_table(void)
{
    static const uint32_t table[] = { 0x00010200, 0x02010002, 0x01020001 };
    static const Edit edits[] = {
        { "the first pair that isn't there", 0, 1, PAIRS },
        { "the last entry", 11, 1, PAIRS },
        { "one far away", 6, 1, 255 },
    };
    Nic *nic = start();

    for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
        reg_write(&nic->vf[0], BNY_REG_AT(RSS_TABLE, 7 + i), table[i]);
    }
    assert_refuses(nic, mark_of(table, ARRAY_SIZE(table)), edits,
                   ARRAY_SIZE(edits), "saved state of function 1 can't be");
}

static void test_features(void)
{
    static const uint32_t words[] = { BNY_FEAT_RX_HASH, 0, 9876 };
    static const Edit edits[] = {
        { "one that isn't there", 0, 4, BIT(31) },
        { "of the second word", 4, 4, 1 },
        { "one without what it needs", 0, 4, BNY_FEAT_RX_GSO },
    };
    Nic *nic = start();

    reg_write(&nic->vf[1], BNY_REG_FEATURES, words[0]);
    reg_write(&nic->vf[1], BNY_REG_MAX_FRAME, words[2]);
    assert_refuses(nic, mark_of(words, ARRAY_SIZE(words)), edits,
                   ARRAY_SIZE(edits), "saved state of function 2 can't be");
}

/* A queue has its lengths, and before them place and number of messages */
static void check_mailbox(bool to_pf)
{
    enum { LEN = -4 * BNY_MBX_QUEUE_DEPTH, COUNT = LEN - 4, HEAD = COUNT - 4 };
    static const uint32_t data[] = { 0x01020304, 0x15263748 };
    static const Edit edits[] = {
        { "a place that isn't there", HEAD, 4, BNY_MBX_QUEUE_DEPTH },
        { "too many messages", COUNT, 4, BNY_MBX_QUEUE_DEPTH + 1 },
        { "the first too long", LEN, 4, BNY_MBX_MSG_LEN_MAX + 1 },
        { "the last too long", -4, 4, UINT32_MAX },
    };
    Nic *nic = start();
    Func *from = to_pf ? &nic->vf[0] : &nic->pf;
    unsigned to = to_pf ? BNY_FUNC_PF : BNY_FUNC_VF(0);
    Mark mark = mark_of(data, ARRAY_SIZE(data));

    for (unsigned i = 0; i < ARRAY_SIZE(data); i++) {
        /* messages are bytes, and the window's words little-endian */
        reg_write(from, BNY_REG_AT(MBX_TX_DATA, i), bswap32(data[i]));
    }
    reg_write(from, BNY_REG_MBX_TX, FIELD_PREP(BNY_MBX_LEN, 16) |
              FIELD_PREP(BNY_MBX_PEER, to));
    assert_refuses(nic, mark, edits, ARRAY_SIZE(edits),
                   "saved state of function 1 can't be");
}

static void test_mailbox_to_pf(void)
{
    check_mailbox(true);
}

static void test_mailbox_to_vf(void)
{
    check_mailbox(false);
}

/* Before the pairs of the VEB: the sender that the PF sees, and their count */
static void test_port(void)
{
    enum { SENDER = -8, COUNT = -4, PAIR_FUNC = 6 };
    /* mac_of(77) for VF 0, and for VF 1 */
    static const uint32_t pairs[] = { 0x525400ba, 0x004d0001,
                                      0x525400ba, 0x004d0002 };
    static const Edit edits[] = {
        { "a message of nobody", SENDER, 4, FUNCTIONS },
        { "a message of nobody, far away", SENDER, 4, 0x10000 },
        { "an address of nobody", PAIR_FUNC, 2, FUNCTIONS },
        { "an address of nobody, far away", PAIR_FUNC, 2, 0xffff },
        { "a pair that is there twice", PAIR_FUNC, 2, BNY_FUNC_VF(1) },
    };
    static const Edit too_many[] = {
        { "more pairs than fit", COUNT, 4, BNY_VEB_ENTRIES_MAX + 1 },
        { "more pairs than memory", COUNT, 4, UINT32_MAX },
    };

    for (unsigned i = 0; i < 2; i++) {
        Nic *nic = start();
        uint8_t both[6];

        mac_of(77, both);
        for (unsigned vf = 0; vf < 2; vf++) {
            veb_add(nic, BNY_FUNC_VF(vf), both);
        }
        if (i) {
            assert_refuses(nic, mark_of(pairs, ARRAY_SIZE(pairs)), too_many,
                           ARRAY_SIZE(too_many), "VEB entries fit");
        } else {
            assert_refuses(nic, mark_of(pairs, ARRAY_SIZE(pairs)), edits,
                           ARRAY_SIZE(edits),
                           "saved state of the VEB or the mailbox can't be");
        }
    }
}

/* Flags, and the address behind them */
static void test_policy(void)
{
    static const uint8_t mac[6] = { 0x02, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5 };
    static const uint32_t words[] = { BNY_POLICY_ENABLE, 0x02a1b2c3 };
    static const Edit edits[] = {
        { "a flag that isn't there", 0, 4, BIT(31) },
        { "a group address", 4, 2, 0x03a1 },
        { "a port VLAN without a tag", 10, 2, 0x0064 },
        { "a link that cannot be", 14, 1, 3 },
        { "a rate over the link's", 16, 4, BNY_LINK_SPEED_DEFAULT + 1 },
        { "VLAN 0 on the list", 24, 1, 0x01 },
        { "VLAN 4095 on the list", 24 + 511, 1, 0x80 },
    };
    Nic *nic = start();

    func_set_flags(nic, BNY_FUNC_VF(1), BNY_POLICY_ENABLE);
    func_set_mac(nic, BNY_FUNC_VF(1), mac);
    assert_refuses(nic, mark_of(words, ARRAY_SIZE(words)), edits,
                   ARRAY_SIZE(edits), "saved state of function 2 can't be");
}

/* A frame that the wire has no room for is left off in the middle */
static void test_mark(void)
{
    enum { LEN = 1400, STAGE_MAX = 7 };
    static const char begin[] = "\x05\x16" "banyan/queue-pair/mark\0\0\0\1";
    static const Edit edits[] = {
        { "a stage that isn't there", 28, 4, STAGE_MAX + 1 },
        { "a stage far away", 28, 4, UINT32_MAX },
        { "a segment beyond all", 32, 4, UINT16_MAX + 1 },
        { "a function that isn't there", 36, 4, BNY_FUNCTIONS_MAX + 1 },
        { "a function far away", 36, 4, UINT32_MAX },
    };
    Mark mark = { .words = 7 };
    uint8_t frame[LEN];
    int sock;
    Nic *nic = host_start(PROPS, "", 1, &sock);
    Port a;

    nic_enable_vfs(nic, 2);
    port_start(&a, &nic->vf[0]);
    frame_build(frame, host_mac, a.mac, LEN, 0);
    for (unsigned i = 0; i < PORT_DEPTH; i++) {
        tx_put(&a.tx, frame, LEN, BNY_TX_CMD_EOP);
    }
    ring_kick(&a.tx);
    nic_settle(nic);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), <, PORT_DEPTH);
    QEMU_BUILD_BUG_ON(sizeof(begin) - 1 != 7 * 4);
    memcpy(mark.word, begin, sizeof(begin) - 1);
    assert_refuses(nic, mark, edits, ARRAY_SIZE(edits),
                   "saved state of function 1 can't be");
    close(sock);
}

/* Behind IRQ_ENABLE: vectors whose messages are still to be sent */
static void test_messages(void)
{
    enum { AT = 7 * 4, LAST = AT + (BNY_PF_VECTORS_MAX - 1) / 32 * 4 };
    static const uint32_t words[] = {
        9877, 3, 0, 0, BNY_IRQ_LINK, BNY_IRQ_MAILBOX | BNY_IRQ_FUNC_RESET, 0
    };
    static const Edit edits[] = {
        { "the first vector that isn't there", AT - 4, 4, BIT(PAIRS + 1) },
        { "one of the second word", AT, 4, 1 },
        { "the last one", LAST - 4, 4, BIT(31) },
    };
    Nic *nic = start();

    func_reset(&nic->vf[1]);
    func_up(&nic->vf[1]);
    reg_write(&nic->vf[1], BNY_REG_MAX_FRAME, words[0]);
    reg_write(&nic->vf[1], BNY_REG_IRQ_ENABLE, words[5]);
    g_assert_cmpuint(reg_read(&nic->vf[1], BNY_REG_GENERATION), ==, words[1]);
    g_assert_cmphex(reg_read(&nic->vf[1], BNY_REG_IRQ_CAUSE), ==, words[4]);
    assert_refuses(nic, mark_of(words, ARRAY_SIZE(words)), edits,
                   ARRAY_SIZE(edits), "saved state of function 2 can't be");
}

void add_load_tests(void)
{
    g_test_add_func(TEST_PREFIX "migration/refused/tx-ring", test_tx_ring);
    g_test_add_func(TEST_PREFIX "migration/refused/rx-ring", test_rx_ring);
    g_test_add_func(TEST_PREFIX "migration/refused/control-queue",
                   test_control);
    g_test_add_func(TEST_PREFIX "migration/refused/vector", test_vector);
    g_test_add_func(TEST_PREFIX "migration/disabled-ring", test_disabled_ring);
    g_test_add_func(TEST_PREFIX "migration/refused/table", test_table);
    g_test_add_func(TEST_PREFIX "migration/refused/features", test_features);
    g_test_add_func(TEST_PREFIX "migration/refused/mailbox-to-pf",
                   test_mailbox_to_pf);
    g_test_add_func(TEST_PREFIX "migration/refused/mailbox-to-vf",
                   test_mailbox_to_vf);
    g_test_add_func(TEST_PREFIX "migration/refused/policy", test_policy);
    g_test_add_func(TEST_PREFIX "migration/refused/port", test_port);
    g_test_add_func(TEST_PREFIX "migration/refused/mark", test_mark);
    g_test_add_func(TEST_PREFIX "migration/refused/messages", test_messages);
}
