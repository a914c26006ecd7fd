/*
 * Banyan qtests: how much the device does in one go
 *
 * While it works no processor of the guest gets at it, so that the work in
 * one go has a limit. Trace events show it: what lies between two bny_burst
 * is one go.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "net/eth.h"

enum {
    HDR_LEN = 42,
    MSS = BNY_MSS_MIN,
    DEPTH = BNY_RING_DEPTH_MAX,
    BUFFERS = 4000,
    RECEIVERS = 2,
};

static char *trace_file;

static Nic *start(void)
{
    g_autofree char *args = NULL;
    g_autoptr(GError) err = NULL;
    int fd = g_file_open_tmp("banyan-trace-XXXXXX", &trace_file, &err);
    Nic *nic;

    g_assert_no_error(err);
    close(fd);
    args = g_strdup_printf("-D %s -trace bny_burst -trace bny_rx "
                           "-trace bny_rx_no_buffers", trace_file);
    nic = nic_start_with(",vfs=3", args);
    nic_enable_vfs(nic, 1 + RECEIVERS);
    return nic;
}

/* What was done at most in one go, and how often receivers had no buffers */
static unsigned finish(Nic *nic, unsigned *no_buffers)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) err = NULL;
    g_auto(GStrv) lines = NULL;
    unsigned now = 0, most = 0, goes = 0;

    nic_stop(nic);
    g_file_get_contents(trace_file, &text, NULL, &err);
    g_assert_no_error(err);
    unlink(trace_file);
    g_clear_pointer(&trace_file, g_free);
    lines = g_strsplit(text, "\n", 0);
    *no_buffers = 0;
    for (char **line = lines; *line; line++) {
        if (strstr(*line, "bny_burst ")) {
            most = MAX(most, now);
            now = 0;
            goes++;
        } else if (strstr(*line, "bny_rx ")) {
            now++;
        } else if (strstr(*line, "bny_rx_no_buffers ")) {
            now++;
            ++*no_buffers;
        }
    }
    g_assert_cmpuint(goes, >, 0);
    return MAX(most, now);
}

/* A broadcast UDP frame of @segments, @frames times */
static void send_frames(Port *p, unsigned segments, unsigned frames)
{
    static uint8_t frame[FRAME_MAX];
    static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
    size_t len = HDR_LEN + segments * MSS;
    struct ip_header *ip = (void *)(frame + ETH_HLEN);
    struct bny_tx_desc desc = {
        .addr = cpu_to_le64(nic_alloc(p->f->nic, len)),
        .len = cpu_to_le32(len),
        .cmd = cpu_to_le32(BNY_TX_CMD_EOP |
                           FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_UDP)),
        .l4_off = cpu_to_le16(34),
        .csum_off = cpu_to_le16(6),
        .hdr_len = cpu_to_le16(HDR_LEN),
        .mss = cpu_to_le16(MSS),
        .l3_off = ETH_HLEN,
    };

    frame_build(frame, broadcast, p->mac, len, 0);
    stw_be_p(frame + 2 * ETH_ALEN, ETH_P_IP);
    memset(ip, 0, sizeof(*ip));
    ip->ip_ver_len = 0x45;
    ip->ip_p = IP_PROTO_UDP;
    qtest_memwrite(p->f->nic->qts, le64_to_cpu(desc.addr), frame, len);
    while (frames--) {
        tx_desc(&p->tx, &desc);
    }
    ring_kick(&p->tx);
}

/* What is delivered counts, not what was sent: it is many times as much */
static void test_deliveries(void)
{
    enum { SEGMENTS = 100, FRAMES = BUFFERS / SEGMENTS, GO = 256 };
    Nic *nic = start();
    Port a, b[RECEIVERS];
    unsigned no_buffers;

    port_start_with(&a, &nic->vf[0], BNY_FEAT_TX_USO);
    for (unsigned i = 0; i < RECEIVERS; i++) {
        port_start(&b[i], &nic->vf[1 + i]);
        ring_disable(&b[i].rx);
        ring_start(&b[i].rx, b[i].f, 0, true, DEPTH);
        rx_post(&b[i].rx, BUFFERS, BNY_RX_BUF_LEN_MIN);
    }
    send_frames(&a, SEGMENTS, FRAMES);
    g_assert_true(tx_completed(&a.tx, FRAMES));
    for (unsigned i = 0; i < RECEIVERS; i++) {
        g_assert_cmpuint(counter(b[i].f, BNY_CNT_RX_SEGMENTED), ==,
                         FRAMES * SEGMENTS);
    }
    g_assert_cmpuint(finish(nic, &no_buffers), <=,
                     GO + RECEIVERS * SEGMENTS);
    g_assert_cmpuint(no_buffers, ==, 0);
}

/* A receiver without buffers costs nothing but a look; all drops count */
static void test_no_buffers(void)
{
    enum { SEGMENTS = 2000 };
    Nic *nic = start();
    unsigned no_buffers;
    Port a, b;

    port_start_with(&a, &nic->vf[0], BNY_FEAT_TX_USO);
    port_start(&b, &nic->vf[1]);
    send_frames(&a, SEGMENTS, 1);
    g_assert_true(tx_completed(&a.tx, 1));
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_PACKETS), ==, PORT_BUFFERS);
    g_assert_cmpuint(counter(b.f, BNY_CNT_RX_DROP_BUFFERS), ==,
                     SEGMENTS - PORT_BUFFERS);
    finish(nic, &no_buffers);
    g_assert_cmpuint(no_buffers, ==, 1);
}

void add_budget_tests(void)
{
    g_test_add_func(TEST_PREFIX "budget/deliveries", test_deliveries);
    g_test_add_func(TEST_PREFIX "budget/no-buffers", test_no_buffers);
}
