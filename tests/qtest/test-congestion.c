/*
 * Banyan qtests: an uplink that is slower than its senders
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "libqmp.h"
#include "net/eth.h"
#include "qobject/qdict.h"
#include "standard-headers/linux/pci_regs.h"

/* A UDP frame over IPv4 that makes as many packets as one can */
enum {
    MSS = BNY_MSS_MIN,
    SEGMENTS = 2000,
    SEGMENT_LEN = UDP4_HDR_LEN + MSS,
    /* packets in the socket's buffer, which is as small as it gets */
    SLACK = 256,
    /* ... and in the model */
    WAITING = 32 * 1024 / SEGMENT_LEN + 1,
};

static void send_udp_frames(Port *p, const uint8_t dst[6], unsigned n)
{
    struct bny_tx_desc desc = udp4_uso(p, dst, SEGMENTS, MSS);

    while (n--) {
        tx_desc(&p->tx, &desc);
    }
    ring_kick(&p->tx);
}

/*
 * What waits for the wire in QEMU's memory is a fixed amount, however many
 * packets frames make
 */
static void test_bounded(void)
{
    enum { STEP = 64, FRAMES = 3 };
    uint8_t got[FRAME_MAX];
    int sock;
    Nic *nic = host_start(",vfs=1", "", 1, &sock);
    Port a;

    nic_enable_vfs(nic, 1);
    port_start_with(&a, &nic->vf[0], BNY_FEAT_TX_USO);
    send_udp_frames(&a, host_mac, PORT_DEPTH);
    for (unsigned seen = 0; seen < FRAMES * SEGMENTS; seen += STEP) {
        uint64_t taken;

        for (unsigned i = 0; i < STEP; i++) {
            g_assert_cmpuint(host_receive(sock, got), ==, SEGMENT_LEN);
        }
        nic_settle(nic);
        taken = counter(a.f, BNY_CNT_TX_PACKETS);
        g_assert_cmpuint(taken, >=, seen / SEGMENTS);
        g_assert_cmpuint(taken * SEGMENTS, <=, seen + STEP + SLACK + WAITING);
    }
    nic_stop(nic);
    close(sock);
}

/*
 * The slot is switched off while packets wait for the uplink: they mustn't
 * come back to a device that is gone. (MALLOC_PERTURB_: that shows.)
 */
static void test_unplug(void)
{
    enum { ROOT_PORT = 4 << 3, BYTES = 64 * 1024 };
    uint8_t got[4096];
    int sock;
    Port a;
    Nic *nic;
    unsigned cap;

    g_setenv("MALLOC_PERTURB_", "165", true);
    nic = host_start(",vfs=1", "-global ICH9-LPC."
                     "acpi-pci-hotplug-with-bridge-support=off", 1, &sock);
    nic_enable_vfs(nic, 1);
    port_start_with(&a, &nic->vf[0], BNY_FEAT_TX_USO);
    send_udp_frames(&a, host_mac, 1);
    nic_settle(nic);

    cap = cfg_read(nic, 0, ROOT_PORT, PCI_CAPABILITY_LIST, 1);
    while (cfg_read(nic, 0, ROOT_PORT, cap, 1) != PCI_CAP_ID_EXP) {
        cap = cfg_read(nic, 0, ROOT_PORT, cap + PCI_CAP_LIST_NEXT, 1);
    }
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'device_del',"
                             " 'arguments': { 'id': 'nic' } }");
    cfg_write(nic, 0, ROOT_PORT, cap + PCI_EXP_SLTCTL, 2,
              PCI_EXP_SLTCTL_PWR_IND_OFF | PCI_EXP_SLTCTL_PWR_OFF);
    qtest_qmp_eventwait(nic->qts, "DEVICE_DELETED");

    /* the backend can go on */
    for (unsigned seen = 0; seen < BYTES; ) {
        GPollFD fd = { .fd = sock, .events = G_IO_IN };
        ssize_t n = g_poll(&fd, 1, 100) ? read(sock, got, sizeof(got)) : 0;

        g_assert_cmpint(n, >=, 0);
        if (!n) {
            break;
        }
        seen += n;
    }
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'query-status' }");
    nic_stop(nic);
    close(sock);
}

/* Which of the senders, all with the same prefix, is it from? */
static unsigned sender_of(const uint8_t *frame)
{
    return lduw_be_p(frame + ETH_ALEN + 4);
}

/* Senders that all have more than the uplink takes share it */
static void test_fair(void)
{
    enum { PORTS = 4, LEN = 1000, TOTAL = PORTS * PORT_DEPTH };
    unsigned seen[PORTS] = { 0 };
    uint8_t frame[LEN], got[FRAME_MAX];
    Port port[PORTS];
    int sock;
    Nic *nic = host_start(",vfs=3", "", 1, &sock);

    nic_enable_vfs(nic, PORTS - 1);
    for (unsigned i = 0; i < PORTS; i++) {
        port_start(&port[i], i ? &nic->vf[i - 1] : &nic->pf);
        frame_build(frame, host_mac, port[i].mac, LEN, i);
        for (unsigned k = 0; k < PORT_DEPTH; k++) {
            tx_put(&port[i].tx, frame, LEN, BNY_TX_CMD_EOP);
        }
    }
    for (unsigned i = 0; i < PORTS; i++) {
        ring_kick(&port[i].tx);
    }
    for (unsigned i = 0; i < TOTAL / 2; i++) {
        /* a host that keeps up with one sender would leave none waiting */
        nic_settle(nic);
        g_assert_cmpuint(host_receive(sock, got), ==, LEN);
        g_assert_cmpuint(sender_of(got), <, PORTS);
        seen[sender_of(got)]++;
    }
    for (unsigned i = 0; i < PORTS; i++) {
        g_test_message("function %u: %u frames", i, seen[i]);
        g_assert_cmpuint(seen[i], >=, TOTAL / 2 / PORTS / 2);
    }
    nic_stop(nic);
    close(sock);
}

void add_congestion_tests(void)
{
    g_test_add_func(TEST_PREFIX "congestion/unplug", test_unplug);
    g_test_add_func(TEST_PREFIX "congestion/fair", test_fair);
    g_test_add_func(TEST_PREFIX "congestion/bounded", test_bounded);
}
