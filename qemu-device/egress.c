/*
 * Banyan: what goes to the wire (datasheet, section 7)
 *
 * A packet that the backend doesn't take at once, QEMU's net layer keeps: one
 * of ours, ever. Others wait in a queue of their function, which gets its turn
 * by deficit round robin, so that all have the same share of the wire. If it
 * takes nothing for too long, it counts as down until it does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "standard-headers/linux/virtio_net.h"
#include "counters.h"
#include "egress.h"
#include "rate.h"
#include "trace.h"
#include "work.h"

/* A function that has as much waiting as this has no room for more */
#define BANYAN_WIRE_BYTES   (32 * 1024)

/* What a function may send, in bytes, before others have their turn */
#define BANYAN_WIRE_QUANTUM 2048

/* How long a wire may take nothing */
#define BANYAN_WIRE_NS      (100 * SCALE_MS)

bool banyan_egress_is_up(const BanyanPort *port)
{
    return port->nic && !qemu_get_queue(port->nic)->link_down;
}

BanyanReach banyan_egress_reach(const BanyanPort *port)
{
    if (!banyan_egress_is_up(port) || port->wire_stuck) {
        return BANYAN_REACH_DOWN;
    }
    return qemu_get_queue(port->nic)->peer ? BANYAN_REACH_WIRE :
                                             BANYAN_REACH_NOBODY;
}

bool banyan_egress_has_room(const BanyanFunc *f)
{
    return f->wire_bytes < BANYAN_WIRE_BYTES;
}

bool banyan_egress_wants(const BanyanPort *port)
{
    return !port->wire_busy && !QTAILQ_EMPTY(&port->wire_line);
}

/* The backend has taken the packet that QEMU's net layer kept */
static void banyan_egress_sent(NetClientState *nc, ssize_t len)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);

    port->wire_busy = false;
    port->wire_stuck = false;
    timer_del(port->wire_timer);
    if (port->bh) {
        qemu_bh_schedule(port->bh);
    }
}

static void banyan_egress_send(BanyanPort *port, const struct iovec *iov,
                               unsigned cnt)
{
    banyan_work_done(port, iov_size(iov, cnt));
    if (!qemu_sendv_packet_async(qemu_get_queue(port->nic), iov, cnt,
                                 banyan_egress_sent)) {
        port->wire_busy = true;
        timer_mod_ns(port->wire_timer,
                     qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + BANYAN_WIRE_NS);
    }
}

static bool banyan_egress_put_iov(BanyanFunc *f, const struct iovec *iov,
                                  unsigned cnt)
{
    BanyanPort *port = f->port;
    BanyanWirePacket *packet;
    size_t len = iov_size(iov, cnt);

    if (!port->wire_busy && QTAILQ_EMPTY(&port->wire_line)) {
        banyan_egress_send(port, iov, cnt);
        return true;
    }
    if (!banyan_egress_has_room(f)) {
        return false;
    }
    banyan_work_done(port, len);
    packet = g_malloc(sizeof(*packet) + len);
    packet->len = len;
    iov_to_buf(iov, cnt, 0, packet->data, len);
    if (QSIMPLEQ_EMPTY(&f->wire_packets)) {
        QTAILQ_INSERT_TAIL(&port->wire_line, f, wire_next);
    }
    QSIMPLEQ_INSERT_TAIL(&f->wire_packets, packet, next);
    f->wire_bytes += len;
    return true;
}

BanyanForm banyan_egress_form(const BanyanPort *port, const BanyanFrame *frame)
{
    if (port->has_vnet) {
        return frame->gso.type == BNY_GSO_UDP && !port->has_uso ?
               BANYAN_FORM_COMPLETE : BANYAN_FORM_WHOLE;
    }
    return frame->gso.type || frame->csum ? BANYAN_FORM_COMPLETE :
                                            BANYAN_FORM_WHOLE;
}

static void banyan_egress_init_vnet(const BanyanFrame *frame,
                                    struct virtio_net_hdr *hdr)
{
    static const uint8_t gso_types[] = {
        [BNY_GSO_TCPV4] = VIRTIO_NET_HDR_GSO_TCPV4,
        [BNY_GSO_TCPV6] = VIRTIO_NET_HDR_GSO_TCPV6,
        [BNY_GSO_UDP] = VIRTIO_NET_HDR_GSO_UDP_L4,
    };

    *hdr = (struct virtio_net_hdr) { .gso_type = VIRTIO_NET_HDR_GSO_NONE };
    if (frame->csum) {
        hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
        hdr->csum_start = frame->l4_off;
        hdr->csum_offset = frame->csum_off;
    }
    if (frame->gso.type) {
        hdr->gso_type = gso_types[frame->gso.type];
        hdr->gso_size = frame->gso.mss;
        hdr->hdr_len = frame->gso.hdr_len;
    }
}

bool banyan_egress_put(BanyanFunc *f, const BanyanFrame *frame)
{
    struct iovec iov[BANYAN_SEGMENT_IOV_MAX + 1];
    struct virtio_net_hdr hdr;

    if (!f->port->has_vnet) {
        return banyan_egress_put_iov(f, frame->iov, frame->iov_cnt);
    }
    banyan_egress_init_vnet(frame, &hdr);
    iov[0].iov_base = &hdr;
    iov[0].iov_len = sizeof(hdr);
    memcpy(iov + 1, frame->iov, frame->iov_cnt * sizeof(*iov));
    return banyan_egress_put_iov(f, iov, frame->iov_cnt + 1);
}

/* The function's oldest packet. It leaves the line with its last one */
static BanyanWirePacket *banyan_egress_take(BanyanFunc *f)
{
    BanyanWirePacket *packet = QSIMPLEQ_FIRST(&f->wire_packets);

    QSIMPLEQ_REMOVE_HEAD(&f->wire_packets, next);
    f->wire_bytes -= packet->len;
    f->wire_credit -= packet->len;
    if (QSIMPLEQ_EMPTY(&f->wire_packets)) {
        QTAILQ_REMOVE(&f->port->wire_line, f, wire_next);
        f->wire_credit = MIN(f->wire_credit, 0);
    } else if (f->wire_credit <= 0) {
        QTAILQ_REMOVE(&f->port->wire_line, f, wire_next);
        QTAILQ_INSERT_TAIL(&f->port->wire_line, f, wire_next);
    }
    return packet;
}

/* Who is behind a guaranteed rate has every second turn, before the others */
static BanyanFunc *banyan_egress_next(BanyanPort *port)
{
    BanyanFunc *f;

    port->wire_odd = !port->wire_odd;
    if (port->guarantees && port->wire_odd) {
        QTAILQ_FOREACH(f, &port->wire_line, wire_next) {
            if (banyan_rate_is_behind(f)) {
                return f;
            }
        }
    }
    return QTAILQ_FIRST(&port->wire_line);
}

void banyan_egress_run(BanyanPort *port)
{
    while (banyan_work_left(port) && banyan_egress_wants(port)) {
        BanyanFunc *f = banyan_egress_next(port);
        BanyanWirePacket *packet;
        struct iovec iov;

        if (f->wire_credit <= 0) {
            f->wire_credit += BANYAN_WIRE_QUANTUM;
        }
        if (f->wire_credit <= 0) {
            QTAILQ_REMOVE(&port->wire_line, f, wire_next);
            QTAILQ_INSERT_TAIL(&port->wire_line, f, wire_next);
            continue;
        }
        packet = banyan_egress_take(f);
        iov = (struct iovec) { packet->data, packet->len };
        banyan_egress_send(port, &iov, 1);
        g_free(packet);
    }
}

unsigned banyan_egress_drop(BanyanFunc *f)
{
    unsigned n = 0;

    while (!QSIMPLEQ_EMPTY(&f->wire_packets)) {
        g_free(banyan_egress_take(f));
        n++;
    }
    return n;
}

static void banyan_egress_drop_queues(BanyanPort *port)
{
    BanyanFunc *f;

    while ((f = QTAILQ_FIRST(&port->wire_line))) {
        banyan_count_add(f, BNY_CNT_TX_DROP_LINK, banyan_egress_drop(f));
    }
    if (port->bh) {
        qemu_bh_schedule(port->bh);
    }
}

void banyan_egress_drop_all(BanyanPort *port)
{
    if (port->nic) {
        qemu_purge_queued_packets(qemu_get_queue(port->nic));
    }
    port->wire_busy = false;
    port->wire_stuck = false;
    timer_del(port->wire_timer);
    banyan_egress_drop_queues(port);
}

static void banyan_egress_timer(void *opaque)
{
    BanyanPort *port = opaque;

    trace_bny_wire_stuck();
    port->wire_stuck = true;
    banyan_egress_drop_queues(port);
}

void banyan_egress_func_init(BanyanFunc *f)
{
    QSIMPLEQ_INIT(&f->wire_packets);
}

void banyan_egress_init(BanyanPort *port)
{
    QTAILQ_INIT(&port->wire_line);
    port->wire_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, banyan_egress_timer,
                                    port);
}

void banyan_egress_exit(BanyanPort *port)
{
    g_clear_pointer(&port->wire_timer, timer_free);
}
