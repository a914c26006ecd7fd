/*
 * Banyan: uplink, the network port (datasheet, section 7)
 *
 * A backend that takes virtio-net headers gets and gives frames with their
 * offload metadata; for any other they are segmented and checksummed here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "standard-headers/linux/virtio_net.h"
#include "system/runstate.h"
#include "counters.h"
#include "egress.h"
#include "forward.h"
#include "intr.h"
#include "port.h"
#include "rx.h"
#include "trace.h"
#include "uplink.h"
#include "work.h"

#define BANYAN_VNET_HDR_LEN sizeof(struct virtio_net_hdr)

/* What the backend's header says. Returns false if it can't be */
static bool banyan_uplink_init_offload(BanyanFrame *frame,
                                       const struct virtio_net_hdr *hdr)
{
    frame->csum = hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
    frame->l4_off = hdr->csum_start;
    frame->csum_off = hdr->csum_offset;
    if (hdr->flags & VIRTIO_NET_HDR_F_DATA_VALID) {
        frame->verdict = BANYAN_CSUM_OK;
    }
    switch (hdr->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
    case VIRTIO_NET_HDR_GSO_NONE:
        return banyan_frame_check_offload(frame);
    case VIRTIO_NET_HDR_GSO_TCPV4:
        frame->gso.type = BNY_GSO_TCPV4;
        break;
    case VIRTIO_NET_HDR_GSO_TCPV6:
        frame->gso.type = BNY_GSO_TCPV6;
        break;
    case VIRTIO_NET_HDR_GSO_UDP_L4:
        frame->gso.type = BNY_GSO_UDP;
        break;
    default:
        return false;
    }
    banyan_frame_parse(frame);
    frame->gso.l3_off = frame->pkt.l3_off;
    frame->gso.l4_off = frame->l4_off;
    frame->gso.csum_off = frame->csum_off;
    frame->gso.hdr_len = frame->pkt.hdr_len;
    frame->gso.mss = hdr->gso_size;
    return frame->csum && banyan_frame_check_offload(frame);
}

/* The uplink has no counters of its own: they are the PF's */
static void banyan_uplink_drop_bad(BanyanPort *port)
{
    if (port->func[BNY_FUNC_PF]) {
        banyan_count(port->func[BNY_FUNC_PF], BNY_CNT_UPLINK_DROP_BAD);
    }
}

/* Forwards a packet from the mark on. False: it was left off in the middle */
static bool banyan_uplink_forward(BanyanPort *port, const struct iovec *src,
                                  unsigned src_cnt, BanyanMark *mark)
{
    size_t size = iov_size(src, src_cnt);
    size_t skip = port->has_vnet ? BANYAN_VNET_HDR_LEN : 0;
    struct iovec iov[BANYAN_FRAME_IOV_MAX];
    uint8_t hdr[BANYAN_PACKET_HDR_MAX];
    struct virtio_net_hdr vnet = { };
    BanyanFrame frame = {
        .src = BNY_FUNC_UPLINK,
        .len = size - skip,
        .iov = iov,
        .hdr = hdr,
    };

    if (size < skip + BNY_FRAME_LEN_MIN || frame.len > BNY_GSO_LEN_MAX ||
        src_cnt > BANYAN_FRAME_IOV_MAX - 1) {
        banyan_uplink_drop_bad(port);
        return true;
    }
    iov_to_buf(src, src_cnt, 0, &vnet, skip);
    frame.hdr_len = iov_to_buf(src, src_cnt, skip, hdr, sizeof(hdr));
    iov[0].iov_base = hdr;
    iov[0].iov_len = frame.hdr_len;
    frame.iov_cnt = 1 + iov_copy(iov + 1, BANYAN_FRAME_IOV_MAX - 1, src,
                                 src_cnt, skip + frame.hdr_len,
                                 frame.len - frame.hdr_len);
    trace_bny_uplink_receive(frame.len, vnet.flags, vnet.gso_type);
    if (port->has_vnet && !banyan_uplink_init_offload(&frame, &vnet)) {
        banyan_uplink_drop_bad(port);
        return true;
    }
    return banyan_forward(port, &frame, mark) == BANYAN_FORWARD_DONE;
}

/*
 * Not while work is under way: sending may have made somebody answer. Nor
 * when there was enough of it since the last go. Who is turned away is let in
 * when it is over.
 */
static bool banyan_uplink_can_receive(NetClientState *nc)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);
    bool wait = banyan_port_at_work(port) || port->wire_in ||
                port->wire_work >= BANYAN_WORK_WIRE;

    port->wire_waits |= wait;
    return runstate_is_running() && !wait;
}

/* What is left of it when the work for the wire is done, for now */
static void banyan_uplink_leave_off(BanyanPort *port, const struct iovec *src,
                                    unsigned src_cnt)
{
    size_t len = iov_size(src, src_cnt);

    port->wire_in = g_malloc(sizeof(*port->wire_in) + len);
    port->wire_in->len = len;
    iov_to_buf(src, src_cnt, 0, port->wire_in->data, len);
}

static ssize_t banyan_uplink_receive_iov(NetClientState *nc,
                                         const struct iovec *src, int src_cnt)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);

    if (!banyan_uplink_can_receive(nc)) {
        return 0;
    }
    banyan_port_enter(port);
    port->work = port->wire_work;
    port->work_limit = BANYAN_WORK_WIRE;
    if (!banyan_uplink_forward(port, src, src_cnt, &port->wire_mark)) {
        banyan_uplink_leave_off(port, src, src_cnt);
    }
    banyan_work_done(port, 0);
    port->wire_work = port->work;
    banyan_rx_commit(port);
    qemu_bh_schedule(port->bh);
    banyan_port_leave(port);
    return iov_size(src, src_cnt);
}

void banyan_uplink_go_on(BanyanPort *port)
{
    struct iovec iov;

    if (port->wire_in) {
        iov = (struct iovec) { port->wire_in->data, port->wire_in->len };
        if (banyan_uplink_forward(port, &iov, 1, &port->wire_mark)) {
            g_clear_pointer(&port->wire_in, g_free);
        }
    }
}

static void banyan_uplink_link_changed(NetClientState *nc)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);

    trace_bny_uplink_link(!nc->link_down);
    if (nc->link_down) {
        banyan_egress_drop_all(port);
    }
    for (unsigned i = 0; i < port->funcs; i++) {
        if (port->func[i] && banyan_veb_enabled(&port->veb, i) &&
            port->func[i]->policy.link == BNY_POLICY_LINK_AUTO) {
            banyan_irq_raise(port->func[i], BNY_IRQ_LINK);
        }
    }
}

static NetClientInfo banyan_uplink_info = {
    .type = NET_CLIENT_DRIVER_NIC,
    .size = sizeof(NICState),
    .can_receive = banyan_uplink_can_receive,
    .receive_iov = banyan_uplink_receive_iov,
    .link_status_changed = banyan_uplink_link_changed,
};

/* Frames go to the backend's first queue, and come from any */
static void banyan_uplink_init_vnet(BanyanPort *port, int queues)
{
    NetClientState *peer = qemu_get_queue(port->nic)->peer;
    NetOffloads offloads = { .csum = true, .tso4 = true, .tso6 = true,
                             .ecn = true };

    if (!peer || !qemu_has_vnet_hdr(peer)) {
        return;
    }
    port->has_vnet = true;
    port->has_uso = qemu_has_uso(peer);
    offloads.uso4 = offloads.uso6 = port->has_uso;
    for (int i = 0; i < queues; i++) {
        peer = qemu_get_subqueue(port->nic, i)->peer;
        qemu_set_vnet_hdr_len(peer, BANYAN_VNET_HDR_LEN);
        qemu_set_offload(peer, &offloads);
    }
}

void banyan_uplink_let_in(BanyanPort *port)
{
    if (port->nic) {
        qemu_flush_queued_packets(qemu_get_queue(port->nic));
    }
}

void banyan_uplink_init(BanyanPort *port, NICConf *conf, DeviceState *dev)
{
    port->nic = qemu_new_nic(&banyan_uplink_info, conf,
                             object_get_typename(OBJECT(dev)), dev->id,
                             &dev->mem_reentrancy_guard, port);
    qemu_format_nic_info_str(qemu_get_queue(port->nic), conf->macaddr.a);
    banyan_uplink_init_vnet(port, conf->peers.queues);
}

void banyan_uplink_exit(BanyanPort *port)
{
    if (port->nic) {
        /* what waits for the backend would come back to a NIC that is gone */
        banyan_egress_drop_all(port);
        qemu_del_nic(port->nic);
        port->nic = NULL;
    }
    g_clear_pointer(&port->wire_in, g_free);
}
