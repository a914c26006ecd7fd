/*
 * Banyan: uplink, the network port (datasheet, section 7)
 *
 * A backend that takes virtio-net headers gets and gives frames with their
 * offload metadata; for any other they are segmented and checksummed here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "standard-headers/linux/virtio_net.h"
#include "system/runstate.h"
#include "counters.h"
#include "forward.h"
#include "intr.h"
#include "port.h"
#include "rx.h"
#include "sched.h"
#include "trace.h"
#include "uplink.h"

#define BANYAN_VNET_HDR_LEN sizeof(struct virtio_net_hdr)

bool banyan_uplink_is_up(const BanyanPort *port)
{
    return port->nic && !qemu_get_queue(port->nic)->link_down;
}

bool banyan_uplink_has_peer(const BanyanPort *port)
{
    return port->nic && qemu_get_queue(port->nic)->peer;
}

static void banyan_uplink_sent(NetClientState *nc, ssize_t len)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);

    if (!--port->uplink_queued) {
        banyan_sched_resume(port);
    }
}

static void banyan_uplink_send_iov(BanyanPort *port, const struct iovec *iov,
                                   unsigned cnt)
{
    banyan_sched_count(port, iov_size(iov, cnt));
    if (!qemu_sendv_packet_async(qemu_get_queue(port->nic), iov, cnt,
                                 banyan_uplink_sent)) {
        /*
         * The net layer has taken a copy. Senders wait until all are gone, so
         * they are of one frame: BNY_GSO_LEN_MAX / BNY_MSS_MIN at most.
         */
        port->uplink_queued++;
    }
}

static void banyan_uplink_send_vnet(BanyanPort *port, const BanyanFrame *frame)
{
    static const uint8_t gso_types[] = {
        [BNY_GSO_TCPV4] = VIRTIO_NET_HDR_GSO_TCPV4,
        [BNY_GSO_TCPV6] = VIRTIO_NET_HDR_GSO_TCPV6,
        [BNY_GSO_UDP] = VIRTIO_NET_HDR_GSO_UDP_L4,
    };
    struct iovec iov[BANYAN_SEGMENT_IOV_MAX + 1];
    struct virtio_net_hdr hdr = {
        .gso_type = VIRTIO_NET_HDR_GSO_NONE,
    };

    if (frame->csum) {
        hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
        hdr.csum_start = frame->l4_off;
        hdr.csum_offset = frame->csum_off;
    }
    if (frame->gso.type) {
        hdr.gso_type = gso_types[frame->gso.type];
        hdr.gso_size = frame->gso.mss;
        hdr.hdr_len = frame->gso.hdr_len;
    }
    iov[0].iov_base = &hdr;
    iov[0].iov_len = sizeof(hdr);
    memcpy(iov + 1, frame->iov, frame->iov_cnt * sizeof(*iov));
    banyan_uplink_send_iov(port, iov, frame->iov_cnt + 1);
}

/* For a backend that takes plain frames only */
static void banyan_uplink_send_plain(BanyanPort *port, BanyanFrame *frame)
{
    uint8_t hdr[BANYAN_PACKET_HDR_MAX];
    struct iovec first = frame->iov[0];

    if (frame->csum) {
        if (!banyan_frame_complete_csum(port, frame, hdr)) {
            return;
        }
        frame->iov[0].iov_base = hdr;
    }
    banyan_uplink_send_iov(port, frame->iov, frame->iov_cnt);
    frame->iov[0] = first;
}

static bool banyan_uplink_send_segment(void *opaque, BanyanFrame *segment)
{
    BanyanPort *port = opaque;

    if (port->has_vnet) {
        banyan_uplink_send_vnet(port, segment);
    } else {
        banyan_uplink_send_plain(port, segment);
    }
    return true;
}

void banyan_uplink_send(BanyanPort *port, BanyanFrame *frame)
{
    bool whole = port->has_vnet &&
                 (frame->gso.type != BNY_GSO_UDP || port->has_uso);

    trace_bny_uplink_send(frame->src, frame->len, frame->gso.type, whole);
    if (frame->gso.type && !whole) {
        banyan_frame_segment(port, frame, false, banyan_uplink_send_segment,
                             port);
    } else {
        banyan_uplink_send_segment(port, frame);
    }
}

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

static void banyan_uplink_verify(BanyanFrame *frame)
{
    if (frame->csum || frame->verdict != BANYAN_CSUM_UNKNOWN) {
        return;
    }
    banyan_frame_parse(frame);
    frame->verdict = banyan_csum_verify(&frame->pkt, frame->hdr, frame->iov,
                                        frame->iov_cnt);
}

/* The uplink has no counters of its own: they are the PF's */
static void banyan_uplink_drop(BanyanPort *port, enum bny_counter counter)
{
    banyan_count(port->func[BNY_FUNC_PF], counter);
}

/*
 * Not while work is under way: sending may have made somebody answer. Who is
 * turned away is let in when it is over.
 */
static bool banyan_uplink_can_receive(NetClientState *nc)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);

    port->wire_waits |= banyan_port_at_work(port);
    return runstate_is_running() && !banyan_port_at_work(port);
}

static ssize_t banyan_uplink_receive_iov(NetClientState *nc,
                                         const struct iovec *src, int src_cnt)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);
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
    BanyanVebDest dest;

    if (!banyan_uplink_can_receive(nc)) {
        return 0;
    }
    if (size < skip + BNY_FRAME_LEN_MIN || frame.len > BNY_GSO_LEN_MAX ||
        src_cnt > BANYAN_FRAME_IOV_MAX - 1) {
        banyan_uplink_drop(port, BNY_CNT_UPLINK_DROP_BAD);
        return size;
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
        banyan_uplink_drop(port, BNY_CNT_UPLINK_DROP_BAD);
        return size;
    }
    banyan_port_enter(port);
    if (banyan_forward_resolve(port, &frame, &dest)) {
        banyan_uplink_verify(&frame);
    } else if (banyan_func_set_is_empty(&dest.down)) {
        banyan_uplink_drop(port, BNY_CNT_UPLINK_DROP_NOBODY);
    }
    banyan_forward(port, &frame, &dest);
    banyan_rx_commit(port);
    banyan_port_leave(port);
    return size;
}

static void banyan_uplink_link_changed(NetClientState *nc)
{
    BanyanPort *port = qemu_get_nic_opaque(nc);

    trace_bny_uplink_link(!nc->link_down);
    for (unsigned i = 0; i < port->funcs; i++) {
        if (port->func[i] && banyan_veb_enabled(&port->veb, i)) {
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
        qemu_purge_queued_packets(qemu_get_queue(port->nic));
        qemu_del_nic(port->nic);
        port->nic = NULL;
    }
}
