/*
 * Banyan qtests: shares. Functions first, then their rings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "libqmp.h"

enum { PAIRS = 16 };

static void pair_start(Ring *tx, Func *f, unsigned qp, uint64_t ring,
                       uint16_t depth)
{
    *tx = (Ring) { .f = f, .qp = qp, .depth = depth, .base = ring };
    tx->cq = nic_alloc(f->nic, depth * BNY_ENTRY_SIZE);
    tx->shadow = nic_alloc(f->nic, BNY_SHADOW_ALIGN);
    qtest_memset(f->nic->qts, tx->shadow, 0, BNY_SHADOW_ALIGN);
    reg_write(f, BNY_REG_AT(TX_DEPTH, qp), depth);
    reg_write(f, BNY_REG_AT(TX_BASE_LO, qp), ring);
    reg_write(f, BNY_REG_AT(TX_CQ_LO, qp), tx->cq);
    reg_write(f, BNY_REG_AT(TX_SHADOW_LO, qp), tx->shadow);
    ring_enable(tx);
    assert_no_error(f);
}

/* A congested wire: a function has its share, whatever its rings' number */
static void test_rings(void)
{
    enum { LEN = 1000, DEPTH = 1024, TOTAL = 500 };
    unsigned seen[2] = { 0 };
    uint8_t frame[LEN], got[FRAME_MAX], mac[6];
    int sock;
    Nic *nic = host_start(",vfs=2,vf-queue-pairs=16", "", 1, &sock);
    Ring tx[1 + PAIRS];

    nic_enable_vfs(nic, 2);
    for (unsigned i = 0; i < 1 + PAIRS; i++) {
        Func *f = &nic->vf[i ? 1 : 0];

        if (i < 2) {
            func_up(f);
        }
        mac_of(f->index, mac);
        frame_build(frame, host_mac, mac, LEN, i);
        ring_start(&tx[i], f, i ? i - 1 : 0, false, DEPTH);
        for (unsigned k = 0; k < (i ? PORT_DEPTH : TOTAL); k++) {
            tx_put(&tx[i], frame, LEN, BNY_TX_CMD_EOP);
        }
    }
    for (unsigned i = 0; i < 1 + PAIRS; i++) {
        ring_kick(&tx[PAIRS - i]);
    }
    for (unsigned i = 0; i < TOTAL; i++) {
        nic_settle(nic);
        g_assert_cmpuint(host_receive(sock, got), ==, LEN);
        seen[lduw_be_p(got + 10) - BNY_FUNC_VF(0)]++;
    }
    g_test_message("FIGURE of %u frames: %u from one ring, %u from %u rings",
                   TOTAL, seen[0], seen[1], PAIRS);
    g_assert_cmpuint(seen[0], >=, TOTAL / 2 * 9 / 10);
    g_assert_cmpuint(seen[1], >=, TOTAL / 2 * 9 / 10);
    nic_stop(nic);
    close(sock);
}

/* Who sent a frame; the trace has them in their order */
typedef struct Sent {
    unsigned func;
    unsigned qp;
} Sent;

static char *trace_file;

static Nic *start_traced(const char *props)
{
    g_autofree char *args = NULL;
    int fd = g_file_open_tmp("banyan-trace-XXXXXX", &trace_file, NULL);

    close(fd);
    args = g_strdup_printf("-D %s -trace bny_tx", trace_file);
    return nic_start_with(props, args);
}

/* Ends @nic; all frames that were sent */
static GArray *finish(Nic *nic)
{
    GArray *all = g_array_new(false, false, sizeof(Sent));
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    nic_stop(nic);
    g_assert_true(g_file_get_contents(trace_file, &text, NULL, NULL));
    unlink(trace_file);
    g_clear_pointer(&trace_file, g_free);
    lines = g_strsplit(text, "\n", 0);
    for (char **line = lines; *line; line++) {
        const char *at = strstr(*line, "bny_tx func ");
        Sent sent;

        if (at) {
            g_assert_cmpint(sscanf(at, "bny_tx func %u qp %u", &sent.func,
                                   &sent.qp), ==, 2);
            g_array_append_val(all, sent);
        }
    }
    return all;
}

static Sent sender(const Ring *r)
{
    return (Sent) { .func = r->f->index, .qp = r->qp };
}

static bool is_from(const GArray *sent, unsigned i, Sent who)
{
    const Sent *s = &g_array_index(sent, Sent, i);

    g_assert_cmpuint(i, <, sent->len);
    return s->func == who.func && s->qp == who.qp;
}

/*
 * From the @first on: by how many frames one of two rings is ahead of the
 * other at most, as long as both have more of their @total to send
 */
static unsigned most_ahead(const GArray *sent, unsigned first, Sent a, Sent b,
                           unsigned total)
{
    unsigned most = 0, seen_a = 0, seen_b = 0;

    for (unsigned i = first; seen_a < total && seen_b < total; i++) {
        seen_a += is_from(sent, i, a);
        seen_b += is_from(sent, i, b);
        most = MAX(most, MAX(seen_a, seen_b) - MIN(seen_a, seen_b));
    }
    return most;
}

static void put_frames(Ring *tx, unsigned n)
{
    uint8_t frame[60], mac[6];

    mac_of(tx->f->index, mac);
    frame_build(frame, mac, mac, sizeof(frame), 0);
    while (n--) {
        tx_put(tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
}

/* Two rings have something to send at once, and send it */
static void send_both(Nic *nic, Ring *a, Ring *b)
{
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    ring_kick(a);
    ring_kick(b);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    g_assert_true(tx_completed(a, a->prod));
    g_assert_true(tx_completed(b, b->prod));
}

/* Short frames to nobody that a ring may send in its turn */
enum { TURN = 16 };

/* A function's rings have the same share of what it has */
static void test_pairs(void)
{
    enum { FRAMES = 200 };
    g_autoptr(GArray) sent = NULL;
    Nic *nic = start_traced(",vfs=1");
    Sent who[2];
    Ring tx[2];

    nic_enable_vfs(nic, 1);
    func_up(&nic->vf[0]);
    for (unsigned i = 0; i < 2; i++) {
        ring_start(&tx[i], &nic->vf[0], i, false, 4 * PORT_DEPTH);
        put_frames(&tx[i], FRAMES);
    }
    send_both(nic, &tx[0], &tx[1]);
    for (unsigned i = 0; i < 2; i++) {
        who[i] = sender(&tx[i]);
    }
    sent = finish(nic);
    g_assert_cmpuint(most_ahead(sent, 0, who[0], who[1], FRAMES), <=, TURN);
}

/*
 * Who has sent less than was guaranteed has most of the device, but not all;
 * who has sent as much has the same as others
 */
static void test_guaranteed(void)
{
    /* 20 ms of that, which is what is saved up, are 1000 frames of 60 bytes */
    enum { FRAMES = 2000, SMALL = 60, MIN = 24, SAVED = 1000 };
    struct bny_ctrl_rate rate = { .min = cpu_to_le32(MIN) };
    g_autoptr(GArray) sent = NULL;
    Nic *nic = start_traced(",vfs=2");
    unsigned i, seen[2] = { };
    Sent who[2];
    Ring tx[2];

    nic_enable_vfs(nic, 2);
    for (i = 0; i < 2; i++) {
        func_up(&nic->vf[i]);
        ring_start(&tx[i], &nic->vf[i], 0, false, 64 * PORT_DEPTH);
        put_frames(&tx[i], FRAMES);
    }
    g_assert_cmpuint(pf_command(nic, BNY_CTRL_SET_RATE, 2, &rate, sizeof(rate)),
                     ==, BNY_CTRL_OK);
    send_both(nic, &tx[0], &tx[1]);
    for (i = 0; i < 2; i++) {
        who[i] = sender(&tx[i]);
    }
    sent = finish(nic);
    for (i = 0; seen[1] < SAVED; i++) {
        seen[0] += is_from(sent, i, who[0]);
        seen[1] += is_from(sent, i, who[1]);
    }
    g_test_message("FIGURE when the 1000 frames of a guaranteed rate are sent: "
                   "%u of another function", seen[0]);
    g_assert_cmpuint(seen[0], >=, SAVED / 20);
    g_assert_cmpuint(seen[0], <=, SAVED / 3);
    g_assert_cmpuint(most_ahead(sent, i, who[0], who[1], SAVED / 2), <=,
                     2 * TURN);
}

/* Who was alone owes nothing for what nobody else wanted */
static void test_alone(void)
{
    enum { ALONE = 250, FRAMES = 100 };
    g_autoptr(GArray) sent = NULL;
    Nic *nic = start_traced(",vfs=2");
    Sent who[2];
    Ring tx[2];

    nic_enable_vfs(nic, 2);
    for (unsigned i = 0; i < 2; i++) {
        func_up(&nic->vf[i]);
        ring_start(&tx[i], &nic->vf[i], 0, false, 4 * PORT_DEPTH);
    }
    put_frames(&tx[0], ALONE);
    ring_kick(&tx[0]);
    g_assert_true(tx_completed(&tx[0], ALONE));
    for (unsigned i = 0; i < 2; i++) {
        put_frames(&tx[i], FRAMES);
    }
    send_both(nic, &tx[0], &tx[1]);
    for (unsigned i = 0; i < 2; i++) {
        who[i] = sender(&tx[i]);
    }
    sent = finish(nic);
    g_assert_cmpuint(most_ahead(sent, ALONE, who[0], who[1], FRAMES), <=,
                     TURN);
}

/* A frame that is worth two turns is paid for with two */
static void test_debt(void)
{
    enum { LARGE = 10, SMALL = 500, MSS = 1400, SEGMENTS = 46 };
    g_autoptr(GArray) sent = NULL;
    Nic *nic = start_traced(",vfs=3");
    unsigned seen = 0, small = 0, i;
    struct bny_tx_desc desc;
    Sent of_large, of_small;
    Port to, from;
    Ring tx;

    nic_enable_vfs(nic, 3);
    port_start_with(&from, &nic->vf[0], BNY_FEAT_TX_USO);
    port_start_with(&to, &nic->vf[1], BNY_FEAT_RX_GSO |
                                      BNY_FEAT_RX_CSUM_PARTIAL);
    ring_disable(&to.rx);
    ring_start(&to.rx, to.f, 0, true, PORT_DEPTH);
    rx_post(&to.rx, LARGE, BNY_RX_BUF_LEN_MAX);
    func_up(&nic->vf[2]);
    ring_start(&tx, &nic->vf[2], 0, false, 8 * PORT_DEPTH);
    desc = udp4_uso(&from, to.mac, SEGMENTS, MSS);
    for (i = 0; i < LARGE; i++) {
        tx_desc(&from.tx, &desc);
    }
    put_frames(&tx, SMALL);
    send_both(nic, &from.tx, &tx);
    g_assert_cmpuint(counter(to.f, BNY_CNT_RX_GSO), ==, LARGE);
    of_large = sender(&from.tx);
    of_small = sender(&tx);
    sent = finish(nic);
    for (i = 0; seen < LARGE; i++) {
        seen += is_from(sent, i, of_large);
        small += is_from(sent, i, of_small);
    }
    g_test_message("%u short frames beside %u large ones", small, LARGE);
    g_assert_cmpuint(small, >=, (LARGE - 1) * 2 * TURN * 9 / 10);
}

/*
 * All others have more to send than they may, on as many rings as they can: a
 * frame between two functions waits for a quantum of each.
 */
static void test_victim(void)
{
    /* a quantum, in the frames that are dropped for want of a ring */
    enum { SENDERS = 30, LEN = 1514, DEPTH = 1024, QUANTUM = 16 };
    g_autofree unsigned *seen = g_new0(unsigned, BNY_FUNCTIONS_MAX);
    g_autoptr(GArray) sent = NULL;
    uint8_t frame[LEN], mac[6];
    unsigned most = 0, total;
    uint64_t mem, ring;
    Nic *nic = start_traced(",vfs=33,vf-queue-pairs=16");
    Sent who;
    Port v, w;
    Ring tx;

    nic_enable_vfs(nic, SENDERS + 3);
    port_start(&v, &nic->vf[SENDERS + 1]);
    port_start(&w, &nic->vf[SENDERS + 2]);
    func_up(&nic->vf[0]);
    mac_of(nic->vf[0].index, mac);
    mem = nic_alloc(nic, LEN);
    frame_build(frame, mac, mac, LEN, 0);
    qtest_memwrite(nic->qts, mem, frame, LEN);
    ring = nic_alloc(nic, DEPTH * BNY_ENTRY_SIZE);
    for (unsigned i = 0; i < DEPTH; i++) {
        struct bny_tx_desc desc = {
            .addr = cpu_to_le64(mem),
            .len = cpu_to_le32(LEN),
            .cmd = cpu_to_le32(BNY_TX_CMD_EOP),
        };

        qtest_memwrite(nic->qts, ring + i * BNY_ENTRY_SIZE, &desc,
                       sizeof(desc));
    }
    for (unsigned i = 1; i <= SENDERS; i++) {
        func_up(&nic->vf[i]);
    }
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    for (unsigned i = 1; i <= SENDERS; i++) {
        for (unsigned q = 0; q < PAIRS; q++) {
            pair_start(&tx, &nic->vf[i], q, ring, DEPTH);
            tx.prod = DEPTH;
            ring_kick(&tx);
        }
    }
    frame_build(frame, w.mac, v.mac, 60, 0);
    tx_send(&v.tx, frame, 60);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    g_assert_true(tx_completed(&v.tx, 1));
    who = sender(&v.tx);
    sent = finish(nic);
    for (total = 0; !is_from(sent, total, who); total++) {
        unsigned *n = &seen[g_array_index(sent, Sent, total).func];

        most = MAX(most, ++*n);
    }
    g_test_message("FIGURE behind %u rings: %u frames, %u of a function",
                   SENDERS * PAIRS, total, most);
    g_assert_cmpuint(most, <=, QUANTUM);
}

void add_share_tests(void)
{
    g_test_add_func(TEST_PREFIX "share/rings", test_rings);
    g_test_add_func(TEST_PREFIX "share/pairs", test_pairs);
    g_test_add_func(TEST_PREFIX "share/guaranteed", test_guaranteed);
    g_test_add_func(TEST_PREFIX "share/alone", test_alone);
    g_test_add_func(TEST_PREFIX "share/debt", test_debt);
    g_test_add_func(TEST_PREFIX "share/victim", test_victim);
}
