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

/* Frames that each function has sent before @index did; the trace says it */
static unsigned sent_before(const char *file, unsigned index, unsigned *most)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autofree unsigned *sent = g_new0(unsigned, BNY_FUNCTIONS_MAX);
    unsigned total = 0;

    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", 0);
    *most = 0;
    for (char **line = lines; *line; line++) {
        char *at = strstr(*line, "bny_tx func ");
        unsigned func = at ? atoi(at + strlen("bny_tx func ")) : 0;

        if (at && func == index) {
            return total;
        }
        if (at) {
            sent[func]++;
            total++;
            *most = MAX(*most, sent[func]);
        }
    }
    g_assert_not_reached();
}

/*
 * All others have more to send than they may, on as many rings as they can: a
 * frame between two functions waits for a quantum of each.
 */
static void test_victim(void)
{
    /* a quantum, in the frames that are dropped for want of a ring */
    enum { SENDERS = 30, LEN = 1514, DEPTH = 1024, QUANTUM = 16 };
    g_autofree char *file = NULL;
    g_autofree char *args = NULL;
    uint8_t frame[LEN], mac[6];
    uint64_t mem, ring;
    unsigned most, total;
    Nic *nic;
    Port v, w;
    Ring tx;
    int fd = g_file_open_tmp("banyan-trace-XXXXXX", &file, NULL);

    close(fd);
    args = g_strdup_printf("-D %s -trace bny_tx", file);
    nic = nic_start_with(",vfs=33,vf-queue-pairs=16", args);
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
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    for (unsigned i = 1; i <= SENDERS; i++) {
        func_up(&nic->vf[i]);
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
    nic_stop(nic);
    total = sent_before(file, v.f->index, &most);
    unlink(file);
    g_test_message("FIGURE behind %u rings: %u frames, %u of a function",
                   SENDERS * PAIRS, total, most);
    g_assert_cmpuint(most, <=, QUANTUM);
}

void add_share_tests(void)
{
    g_test_add_func(TEST_PREFIX "share/rings", test_rings);
    g_test_add_func(TEST_PREFIX "share/victim", test_victim);
}
