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
#include "banyan.h"
#include "frame.h"
#include "trace.h"

#define BNY_VNET_HDR_LEN sizeof(struct virtio_net_hdr)

bool bny_uplink_is_up(const BnyCtrl *ctrl)
{
    return ctrl->nic && !qemu_get_queue(ctrl->nic)->link_down;
}

bool bny_uplink_has_peer(const BnyCtrl *ctrl)
{
    return ctrl->nic && qemu_get_queue(ctrl->nic)->peer;
}

static void bny_uplink_sent(NetClientState *nc, ssize_t len)
{
    BnyCtrl *ctrl = qemu_get_nic_opaque(nc);

    if (!--ctrl->uplink_queued) {
        bny_sched_resume(ctrl);
    }
}

static void bny_uplink_send_iov(BnyCtrl *ctrl, const struct iovec *iov,
                                unsigned cnt)
{
    bny_sched_count(ctrl, iov_size(iov, cnt));
    if (!qemu_sendv_packet_async(qemu_get_queue(ctrl->nic), iov, cnt,
                                 bny_uplink_sent)) {
        /*
         * The net layer has taken a copy. Senders wait until all are gone, so
         * they are of one frame: BNY_GSO_LEN_MAX / BNY_MSS_MIN at most.
         */
        ctrl->uplink_queued++;
    }
}

static void bny_uplink_send_vnet(BnyCtrl *ctrl, const BnyFrame *frame)
{
    static const uint8_t gso_types[] = {
        [BNY_GSO_TCPV4] = VIRTIO_NET_HDR_GSO_TCPV4,
        [BNY_GSO_TCPV6] = VIRTIO_NET_HDR_GSO_TCPV6,
        [BNY_GSO_UDP] = VIRTIO_NET_HDR_GSO_UDP_L4,
    };
    struct iovec iov[BNY_SEGMENT_IOV_MAX + 1];
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
    bny_uplink_send_iov(ctrl, iov, frame->iov_cnt + 1);
}

/* For a backend that takes plain frames only */
static void bny_uplink_send_plain(BnyCtrl *ctrl, BnyFrame *frame)
{
    uint8_t hdr[BNY_PACKET_HDR_MAX];
    struct iovec first = frame->iov[0];

    if (frame->csum) {
        if (!bny_frame_complete_csum(ctrl, frame, hdr)) {
            return;
        }
        frame->iov[0].iov_base = hdr;
    }
    bny_uplink_send_iov(ctrl, frame->iov, frame->iov_cnt);
    frame->iov[0] = first;
}

static bool bny_uplink_send_segment(void *opaque, BnyFrame *segment)
{
    BnyCtrl *ctrl = opaque;

    if (ctrl->has_vnet) {
        bny_uplink_send_vnet(ctrl, segment);
    } else {
        bny_uplink_send_plain(ctrl, segment);
    }
    return true;
}

void bny_uplink_send(BnyCtrl *ctrl, BnyFrame *frame)
{
    bool whole = ctrl->has_vnet &&
                 (frame->gso.type != BNY_GSO_UDP || ctrl->has_uso);

    trace_bny_uplink_send(frame->src, frame->len, frame->gso.type, whole);
    if (frame->gso.type && !whole) {
        bny_frame_segment(ctrl, frame, false, bny_uplink_send_segment, ctrl);
    } else {
        bny_uplink_send_segment(ctrl, frame);
    }
}

/* What the backend's header says. Returns false if it can't be */
static bool bny_uplink_init_offload(BnyFrame *frame,
                                    const struct virtio_net_hdr *hdr)
{
    frame->csum = hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
    frame->l4_off = hdr->csum_start;
    frame->csum_off = hdr->csum_offset;
    if (hdr->flags & VIRTIO_NET_HDR_F_DATA_VALID) {
        frame->verdict = BNY_CSUM_OK;
    }
    switch (hdr->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
    case VIRTIO_NET_HDR_GSO_NONE:
        return bny_frame_check_offload(frame);
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
    bny_frame_parse(frame);
    frame->gso.l3_off = frame->pkt.l3_off;
    frame->gso.l4_off = frame->l4_off;
    frame->gso.csum_off = frame->csum_off;
    frame->gso.hdr_len = frame->pkt.hdr_len;
    frame->gso.mss = hdr->gso_size;
    return frame->csum && bny_frame_check_offload(frame);
}

static void bny_uplink_verify(BnyFrame *frame)
{
    if (frame->csum || frame->verdict != BNY_CSUM_UNKNOWN) {
        return;
    }
    bny_frame_parse(frame);
    frame->verdict = bny_csum_verify(&frame->pkt, frame->hdr, frame->iov,
                                     frame->iov_cnt);
}

/* The uplink has no counters of its own: they are the PF's */
static void bny_uplink_drop(BnyCtrl *ctrl, enum bny_counter counter)
{
    bny_count(ctrl->func[BNY_FUNC_PF], counter);
}

static ssize_t bny_uplink_receive_iov(NetClientState *nc,
                                      const struct iovec *src, int src_cnt)
{
    BnyCtrl *ctrl = qemu_get_nic_opaque(nc);
    size_t size = iov_size(src, src_cnt);
    size_t skip = ctrl->has_vnet ? BNY_VNET_HDR_LEN : 0;
    struct iovec iov[BNY_FRAME_IOV_MAX];
    uint8_t hdr[BNY_PACKET_HDR_MAX];
    struct virtio_net_hdr vnet = { };
    BnyFrame frame = {
        .src = BNY_FUNC_UPLINK,
        .len = size - skip,
        .iov = iov,
        .hdr = hdr,
    };
    BnyVebDest dest;

    if (size < skip + BNY_FRAME_LEN_MIN || frame.len > BNY_GSO_LEN_MAX ||
        src_cnt > BNY_FRAME_IOV_MAX - 1) {
        bny_uplink_drop(ctrl, BNY_CNT_UPLINK_DROP_BAD);
        return size;
    }
    iov_to_buf(src, src_cnt, 0, &vnet, skip);
    frame.hdr_len = iov_to_buf(src, src_cnt, skip, hdr, sizeof(hdr));
    iov[0].iov_base = hdr;
    iov[0].iov_len = frame.hdr_len;
    frame.iov_cnt = 1 + iov_copy(iov + 1, BNY_FRAME_IOV_MAX - 1, src, src_cnt,
                                 skip + frame.hdr_len,
                                 frame.len - frame.hdr_len);
    trace_bny_uplink_receive(frame.len, vnet.flags, vnet.gso_type);
    if (ctrl->has_vnet && !bny_uplink_init_offload(&frame, &vnet)) {
        bny_uplink_drop(ctrl, BNY_CNT_UPLINK_DROP_BAD);
        return size;
    }
    ctrl->bursts++;
    if (bny_forward_resolve(ctrl, &frame, &dest)) {
        bny_uplink_verify(&frame);
    } else if (bny_func_set_is_empty(&dest.down)) {
        bny_uplink_drop(ctrl, BNY_CNT_UPLINK_DROP_NOBODY);
    }
    bny_forward(ctrl, &frame, &dest);
    bny_rx_commit(ctrl);
    ctrl->bursts--;
    return size;
}

static bool bny_uplink_can_receive(NetClientState *nc)
{
    return runstate_is_running();
}

static void bny_uplink_link_changed(NetClientState *nc)
{
    BnyCtrl *ctrl = qemu_get_nic_opaque(nc);

    trace_bny_uplink_link(!nc->link_down);
    for (unsigned i = 0; i < ctrl->funcs; i++) {
        if (bny_veb_enabled(&ctrl->veb, i)) {
            bny_irq_raise(ctrl->func[i], BNY_IRQ_LINK);
        }
    }
}

static NetClientInfo bny_uplink_info = {
    .type = NET_CLIENT_DRIVER_NIC,
    .size = sizeof(NICState),
    .can_receive = bny_uplink_can_receive,
    .receive_iov = bny_uplink_receive_iov,
    .link_status_changed = bny_uplink_link_changed,
};

/* Frames go to the backend's first queue, and come from any */
static void bny_uplink_init_vnet(BnyCtrl *ctrl, int queues)
{
    NetClientState *peer = qemu_get_queue(ctrl->nic)->peer;
    NetOffloads offloads = { .csum = true, .tso4 = true, .tso6 = true,
                             .ecn = true };

    if (!peer || !qemu_has_vnet_hdr(peer)) {
        return;
    }
    ctrl->has_vnet = true;
    ctrl->has_uso = qemu_has_uso(peer);
    offloads.uso4 = offloads.uso6 = ctrl->has_uso;
    for (int i = 0; i < queues; i++) {
        peer = qemu_get_subqueue(ctrl->nic, i)->peer;
        qemu_set_vnet_hdr_len(peer, BNY_VNET_HDR_LEN);
        qemu_set_offload(peer, &offloads);
    }
}

void bny_uplink_init(BnyCtrl *ctrl, NICConf *conf, DeviceState *dev)
{
    ctrl->nic = qemu_new_nic(&bny_uplink_info, conf,
                             object_get_typename(OBJECT(dev)), dev->id,
                             &dev->mem_reentrancy_guard, ctrl);
    qemu_format_nic_info_str(qemu_get_queue(ctrl->nic), conf->macaddr.a);
    bny_uplink_init_vnet(ctrl, conf->peers.queues);
}

void bny_uplink_exit(BnyCtrl *ctrl)
{
    if (ctrl->nic) {
        /* what waits for the backend would come back to a NIC that is gone */
        qemu_purge_queued_packets(qemu_get_queue(ctrl->nic));
        qemu_del_nic(ctrl->nic);
        ctrl->nic = NULL;
    }
}
