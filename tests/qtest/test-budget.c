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
#include <sys/ioctl.h>

enum {
    MSS = BNY_MSS_MIN,
    DEPTH = BNY_RING_DEPTH_MAX,
    BUFFERS = 4000,
    RECEIVERS = 2,
};

static char *trace_file;

static Nic *start_traced(void)
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
    static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
    struct bny_tx_desc desc = udp4_uso(p, broadcast, segments, MSS);

    while (frames--) {
        tx_desc(&p->tx, &desc);
    }
    ring_kick(&p->tx);
}

/* Each receiver gets all, though the frame is left off many times */
static void test_deliveries(void)
{
    enum { SEGMENTS = 100, FRAMES = BUFFERS / SEGMENTS, GO = 256 };
    Nic *nic = start_traced();
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
    g_assert_cmpuint(finish(nic, &no_buffers), <=, GO);
    g_assert_cmpuint(no_buffers, ==, 0);
}

/* A receiver without buffers costs nothing but a look; all drops count */
static void test_no_buffers(void)
{
    enum { SEGMENTS = 2000 };
    Nic *nic = start_traced();
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

/* Units of work in one go, at most: for the wire's frames, and the rest */
static void assert_bursts(int64_t us)
{
    enum { GO = 512, WIRE = 128, ONE = 2 + FRAME_MAX / 1024 };
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    unsigned goes = 0, most_wire = 0, most_work = 0;

    g_assert_true(g_file_get_contents(trace_file, &text, NULL, NULL));
    unlink(trace_file);
    g_clear_pointer(&trace_file, g_free);
    lines = g_strsplit(text, "\n", 0);
    for (char **line = lines; *line; line++) {
        const char *at = strstr(*line, "bny_burst wire ");
        unsigned wire, work;

        if (at) {
            g_assert_cmpint(sscanf(at, "bny_burst wire %u work %u", &wire,
                                   &work), ==, 2);
            most_wire = MAX(most_wire, wire);
            most_work = MAX(most_work, work);
            goes++;
        }
    }
    g_assert_cmpuint(goes, >, 1);
    g_test_message("FIGURE at most %u and %u units of work in one go, of %u in "
                   "%.1f ms", most_wire, most_work, goes, us / 1000.0);
    g_assert_cmpuint(most_wire, <=, WIRE + ONE);
    g_assert_cmpuint(most_work, <=, GO + ONE);
}

static char *trace_args(void)
{
    int fd = g_file_open_tmp("banyan-trace-XXXXXX", &trace_file, NULL);

    close(fd);
    return g_strdup_printf("-D %s -trace bny_burst", trace_file);
}

/* As much work as one frame can make */
static void test_broadcast(void)
{
    enum { VFS = 255, SEGMENTS = 2046 };
    g_autofree char *args = trace_args();
    Nic *nic = nic_start_with(",vfs=255", args);
    int64_t start;
    Ring rx;
    Port a;

    nic_enable_vfs(nic, VFS);
    port_start_with(&a, &nic->vf[0], BNY_FEAT_TX_USO);
    for (unsigned i = 1; i < VFS; i++) {
        func_up(&nic->vf[i]);
        rx_start_sink(&rx, &nic->vf[i]);
    }
    start = g_get_monotonic_time();
    send_frames(&a, SEGMENTS, 1);
    g_assert_true(tx_completed(&a.tx, 1));
    start = g_get_monotonic_time() - start;
    for (unsigned i = 1; i < VFS; i++) {
        g_assert_cmpuint(counter(&nic->vf[i], BNY_CNT_RX_PACKETS), ==,
                         SEGMENTS);
    }
    nic_stop(nic);
    assert_bursts(start);
}

/*
 * The wire doesn't take all of the time either, though one frame of it makes
 * more work than is done in a go
 */
static void test_wire(void)
{
    enum { VFS = 150, FRAMES = 200 };
    static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
    g_autofree char *args = trace_args();
    uint8_t frame[60];
    int64_t start;
    Ring rx;
    int sock;
    Nic *nic = host_start(",vfs=150", args, 0, &sock);

    nic_enable_vfs(nic, VFS);
    for (unsigned i = 0; i < VFS; i++) {
        func_up(&nic->vf[i]);
        rx_start_sink(&rx, &nic->vf[i]);
    }
    frame_build(frame, broadcast, host_mac, sizeof(frame), 0);
    start = g_get_monotonic_time();
    for (unsigned i = 0; i < FRAMES; i++) {
        host_send(sock, frame, sizeof(frame));
    }
    while (counter(&nic->vf[0], BNY_CNT_RX_PACKETS) < FRAMES) {
        nic_settle(nic);
    }
    nic_settle(nic);
    start = g_get_monotonic_time() - start;
    for (unsigned i = 0; i < VFS; i++) {
        g_assert_cmpuint(counter(&nic->vf[i], BNY_CNT_RX_PACKETS), ==, FRAMES);
    }
    nic_stop(nic);
    close(sock);
    assert_bursts(start);
}

/* A frame that comes in the middle of another one, which was left off, waits */
static void test_wire_behind(void)
{
    enum { VFS = 255, FRAMES = 40, LEN = 9000, LOOKS = 1000 };
    static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
    static uint8_t frame[LEN];
    Ring rx;
    int sock;
    Nic *nic = host_start(",vfs=255", "", 0, &sock);

    nic_enable_vfs(nic, VFS);
    for (unsigned i = 0; i < VFS; i++) {
        func_up(&nic->vf[i]);
        reg_write(&nic->vf[i], BNY_REG_MAX_FRAME, LEN);
        rx_start_sink(&rx, &nic->vf[i]);
    }
    frame_build(frame, broadcast, host_mac, LEN, 0);
    for (unsigned i = 0; i < FRAMES; i++) {
        host_send(sock, frame, LEN);
        /* the first VF has it many goes before the last one has */
        for (unsigned k = 0; k < LOOKS &&
             counter(&nic->vf[0], BNY_CNT_RX_PACKETS) <= i; k++) {
        }
    }
    for (unsigned k = 0; k < LOOKS &&
         counter(&nic->vf[VFS - 1], BNY_CNT_RX_PACKETS) < FRAMES; k++) {
    }
    nic_settle(nic);
    for (unsigned i = 0; i < VFS; i++) {
        g_assert_cmpuint(counter(&nic->vf[i], BNY_CNT_RX_PACKETS), ==, FRAMES);
    }
    nic_stop(nic);
    close(sock);
}

/* Frames from the wire in one go, at most */
static unsigned most_received(void)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    unsigned most = 0, now = 0;

    g_assert_true(g_file_get_contents(trace_file, &text, NULL, NULL));
    unlink(trace_file);
    g_clear_pointer(&trace_file, g_free);
    lines = g_strsplit(text, "\n", 0);
    for (char **line = lines; *line; line++) {
        if (strstr(*line, "bny_burst ")) {
            now = 0;
        } else if (strstr(*line, "bny_uplink_receive ")) {
            most = MAX(most, ++now);
        }
    }
    g_assert_cmpuint(most, >, 0);
    return most;
}

/* Many short frames: for a function, or for nobody, which costs something */
static void check_wire_frames(bool nobody)
{
    enum { FRAMES = 800, LEN = 60, WIRE = 128, ONE = 2 };
    g_autofree uint8_t *data = g_malloc(FRAMES * (4 + LEN));
    g_autofree char *args = NULL;
    enum bny_counter c = nobody ? BNY_CNT_UPLINK_DROP_NOBODY :
                                  BNY_CNT_RX_PACKETS;
    uint8_t mac[6];
    Func *f;
    Ring rx;
    int sock;
    Nic *nic;

    g_free(trace_args());
    args = g_strdup_printf("-D %s -trace bny_burst -trace bny_uplink_receive",
                           trace_file);
    nic = host_start(",vfs=1", args, 0, &sock);
    nic_enable_vfs(nic, 1);
    func_up(&nic->vf[0]);
    rx_start_sink(&rx, &nic->vf[0]);
    f = nobody ? &nic->pf : &nic->vf[0];
    mac_of(nobody ? 99 : f->index, mac);
    for (unsigned i = 0; i < FRAMES; i++) {
        uint8_t *at = data + i * (4 + LEN);

        stl_be_p(at, LEN);
        frame_build(at + 4, mac, host_mac, LEN, 0);
    }
    g_assert_cmpint(write(sock, data, FRAMES * (4 + LEN)), ==,
                    FRAMES * (4 + LEN));
    while (counter(f, c) < FRAMES) {
        nic_settle(nic);
    }
    nic_stop(nic);
    close(sock);
    g_assert_cmpuint(most_received(), <=, WIRE / ONE);
}

static void test_wire_frames(void)
{
    check_wire_frames(false);
}

static void test_wire_nobody(void)
{
    check_wire_frames(true);
}

/* Until no more goes into the host's socket: what waits for the wire is full */
static void settle_full(Nic *nic, int sock)
{
    int before, now = 0;

    do {
        before = now;
        nic_settle(nic);
        g_assert_cmpint(ioctl(sock, FIONREAD, &now), ==, 0);
    } while (now != before);
    g_assert_cmpint(now, >, 0);
}

/* Sending to the wire is work, and so is what has waited for it */
static void test_to_wire(void)
{
    enum { SEGMENTS = 2000, ROOM = 1 << 20 };
    static uint8_t got[FRAME_MAX];
    g_autofree char *args = trace_args();
    int sock;
    Nic *nic = host_start(",vfs=1", args, ROOM, &sock);
    int64_t start = g_get_monotonic_time();
    struct bny_tx_desc desc;
    Port a;

    nic_enable_vfs(nic, 1);
    port_start_with(&a, &nic->vf[0], BNY_FEAT_TX_USO);
    desc = udp4_uso(&a, host_mac, SEGMENTS, MSS);
    for (unsigned i = 0; i < PORT_DEPTH; i++) {
        tx_desc(&a.tx, &desc);
    }
    ring_kick(&a.tx);
    settle_full(nic, sock);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), <, PORT_DEPTH);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    while (recv(sock, got, sizeof(got), MSG_DONTWAIT) > 0) {
    }
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    nic_stop(nic);
    close(sock);
    assert_bursts(g_get_monotonic_time() - start);
}

/* A frame that is left off often isn't counted each time */
static void test_once(void)
{
    enum { VFS = 6, SEGMENTS = 2000, SOME = 10 };
    static const uint8_t group[6] = { 0x33, 0x33, 0, 0, 0, 1 };
    enum { SINK = 1, DOWN, SHORT, NONE, FEW };
    Nic *nic = nic_start(",vfs=6");
    Func *vf = nic->vf;
    struct bny_tx_desc desc;
    Port a;
    Ring rx;

    nic_enable_vfs(nic, VFS);
    port_start_with(&a, &vf[0], BNY_FEAT_TX_USO);
    for (unsigned i = 1; i < VFS; i++) {
        if (i != DOWN) {
            func_up(&vf[i]);
        }
        veb_add(nic, vf[i].index, group);
    }
    rx_start_sink(&rx, &vf[SINK]);
    reg_write(&vf[SHORT], BNY_REG_MAX_FRAME, UDP4_HDR_LEN + MSS - 1);
    rx_start_sink(&rx, &vf[SHORT]);
    ring_start(&rx, &vf[NONE], 0, true, PORT_DEPTH);
    ring_start(&rx, &vf[FEW], 0, true, PORT_DEPTH);
    rx_post(&rx, SOME, BNY_RX_BUF_LEN_MIN);
    desc = udp4_uso(&a, group, SEGMENTS, MSS);
    tx_desc(&a.tx, &desc);
    ring_kick(&a.tx);
    g_assert_true(tx_completed(&a.tx, 1));
    g_assert_cmpuint(counter(&vf[SINK], BNY_CNT_RX_PACKETS), ==, SEGMENTS);
    g_assert_cmpuint(counter(&vf[DOWN], BNY_CNT_RX_DROP_LINK), ==, 1);
    g_assert_cmpuint(counter(&vf[SHORT], BNY_CNT_RX_DROP_LENGTH), ==, 1);
    g_assert_cmpuint(counter(&vf[NONE], BNY_CNT_RX_DROP_BUFFERS), ==,
                     SEGMENTS);
    g_assert_cmpuint(counter(&vf[FEW], BNY_CNT_RX_PACKETS), ==, SOME);
    g_assert_cmpuint(counter(&vf[FEW], BNY_CNT_RX_DROP_BUFFERS), ==,
                     SEGMENTS - SOME);
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_DROP_NOBODY), ==, 0);
    nic_stop(nic);
}

/* Wherever a frame's work ends with a go: nobody gets it twice */
static void test_whole(void)
{
    enum { FROM = 60, VFS = 100, FRAMES = 3 };
    static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
    Nic *nic = nic_start(",vfs=100");
    uint8_t frame[60];
    Port a;
    Ring rx;

    nic_enable_vfs(nic, VFS);
    port_start(&a, &nic->vf[0]);
    frame_build(frame, broadcast, a.mac, sizeof(frame), 0);
    for (unsigned i = 1; i < VFS; i++) {
        func_up(&nic->vf[i]);
        rx_start_sink(&rx, &nic->vf[i]);
        for (unsigned k = 0; i >= FROM && k < FRAMES; k++) {
            tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
        }
        if (i >= FROM) {
            ring_kick(&a.tx);
            g_assert_true(tx_completed(&a.tx, a.tx.prod));
        }
    }
    for (unsigned i = 1; i < VFS; i++) {
        g_assert_cmpuint(counter(&nic->vf[i], BNY_CNT_RX_PACKETS), ==,
                         FRAMES * (VFS - MAX(i, FROM)));
    }
    nic_stop(nic);
}

void add_budget_tests(void)
{
    g_test_add_func(TEST_PREFIX "budget/wire-frames", test_wire_frames);
    g_test_add_func(TEST_PREFIX "budget/wire-nobody", test_wire_nobody);
    g_test_add_func(TEST_PREFIX "budget/to-wire", test_to_wire);
    g_test_add_func(TEST_PREFIX "budget/once", test_once);
    g_test_add_func(TEST_PREFIX "budget/whole", test_whole);
    g_test_add_func(TEST_PREFIX "budget/broadcast", test_broadcast);
    g_test_add_func(TEST_PREFIX "budget/wire", test_wire);
    g_test_add_func(TEST_PREFIX "budget/wire-behind", test_wire_behind);
    g_test_add_func(TEST_PREFIX "budget/deliveries", test_deliveries);
    g_test_add_func(TEST_PREFIX "budget/no-buffers", test_no_buffers);
}
