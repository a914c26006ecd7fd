/*
 * Banyan qtests: the host at the other end of the uplink, which is the test
 * itself: a socket, where frames go with their length before them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define PATIENCE_MS 60000

const uint8_t host_mac[6] = { 0x52, 0x54, 0x00, 0x01, 0x02, 0x03 };

/*
 * As nic_start_with(). @room: how many bytes may wait in the socket on their
 * way to the host, and no less than the kernel allows; 0: as many as usual
 */
Nic *host_start(const char *props, const char *args, int room, int *sock)
{
    g_autofree char *all_props = g_strdup_printf("%s,netdev=n0", props);
    g_autofree char *all_args = NULL;
    int pair[2];
    Nic *nic;

    g_assert_cmpint(socketpair(PF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
    if (room) {
        g_assert_cmpint(setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room,
                                   sizeof(room)), ==, 0);
    }
    all_args = g_strdup_printf("%s -netdev socket,id=n0,fd=%d", args, pair[1]);
    nic = nic_start_with(all_props, all_args);
    close(pair[1]);
    *sock = pair[0];
    return nic;
}

static bool wait_readable(int sock, int ms)
{
    GPollFD fd = { .fd = sock, .events = G_IO_IN };

    return g_poll(&fd, 1, ms) == 1;
}

static void read_all(int sock, void *data, size_t len)
{
    for (size_t done = 0; done < len; ) {
        ssize_t n;

        g_assert_true(wait_readable(sock, PATIENCE_MS));
        n = read(sock, (uint8_t *)data + done, len - done);
        g_assert_cmpint(n, >, 0);
        done += n;
    }
}

size_t host_receive(int sock, uint8_t *data)
{
    uint32_t len;

    read_all(sock, &len, sizeof(len));
    len = ntohl(len);
    g_assert_cmpuint(len, <=, FRAME_MAX);
    read_all(sock, data, len);
    return len;
}

void host_send(int sock, const uint8_t *data, size_t len)
{
    uint32_t header = htonl(len);

    g_assert_cmpint(write(sock, &header, sizeof(header)), ==, sizeof(header));
    g_assert_cmpint(write(sock, data, len), ==, len);
}

void assert_host_receives_nothing(Nic *nic, int sock)
{
    nic_settle(nic);
    g_assert_false(wait_readable(sock, 50));
}

/* Its link */
void uplink_set(Nic *nic, bool up)
{
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'set_link', 'arguments':"
                             " { 'name': 'nic', 'up': %i } }", up);
}
