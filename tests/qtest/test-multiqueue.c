/*
 * Banyan qtests: a backend with several queues
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

#define QUEUES 2

static Packet packet;

/* A queue of a tap interface, which the first one makes; -1: not allowed */
static int tap_open(const char *name)
{
    struct ifreq ifr = {
        .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE,
    };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

    g_strlcpy(ifr.ifr_name, name, sizeof(ifr.ifr_name));
    if (fd >= 0 && ioctl(fd, TUNSETIFF, &ifr) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* A socket that sends on the interface, which it brings up */
static int host_open(const char *name)
{
    struct ifreq ifr = { .ifr_flags = IFF_UP | IFF_RUNNING };
    struct sockaddr_ll addr = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_ALL),
        .sll_ifindex = if_nametoindex(name),
    };
    int sock = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

    g_assert_cmpint(sock, >=, 0);
    g_strlcpy(ifr.ifr_name, name, sizeof(ifr.ifr_name));
    g_assert_cmpint(ioctl(sock, SIOCSIFFLAGS, &ifr), ==, 0);
    g_assert_cmpint(bind(sock, (struct sockaddr *)&addr, sizeof(addr)), ==, 0);
    return sock;
}

/* Frames from all queues arrive as they were, headers of the backend or not */
static void test_receive(void)
{
    enum { FLOWS = 16 };
    static uint8_t frame[FRAME_MAX];
    g_autofree char *args = NULL;
    int tap[QUEUES], sock;
    Nic *nic;
    Port a;

    if (unshare(CLONE_NEWNET) < 0) {
        g_test_skip("no network namespace: that takes root");
        return;
    }
    for (unsigned i = 0; i < QUEUES; i++) {
        tap[i] = tap_open("banyan-qtest");
        if (tap[i] < 0) {
            g_test_skip("no tap interface with several queues");
            return;
        }
    }
    sock = host_open("banyan-qtest");
    args = g_strdup_printf("-netdev tap,id=n0,vhost=off,fds=%d:%d", tap[0],
                           tap[1]);
    nic = nic_start_with(",vfs=1,netdev=n0", args);
    nic_enable_vfs(nic, 1);
    port_start(&a, &nic->vf[0]);

    /* the kernel chooses the queue by the flow */
    for (unsigned i = 0; i < FLOWS; i++) {
        size_t len = tcp4_build(frame, a.mac, host_mac, 100 + i);

        stw_be_p(frame + TCP4_L4_OFF, 1000 + i);
        g_assert_cmpint(send(sock, frame, len, 0), ==, len);
        do {
            g_assert_true(rx_packet(&a.rx, &packet));
            /* the kernel has something to say of its own */
        } while (memcmp(packet.data, a.mac, sizeof(a.mac)));
        g_assert_cmpmem(packet.data, packet.len, frame, len);
    }
    nic_stop(nic);
    close(sock);
}

void add_multiqueue_tests(void)
{
    g_test_add_func(TEST_PREFIX "uplink/multiqueue", test_receive);
}
