/*
 * Banyan: transmit (datasheet, section 4)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "counters.h"
#include "dma.h"
#include "error.h"
#include "fault.h"
#include "forward.h"
#include "line.h"
#include "moderation.h"
#include "policy.h"
#include "queue.h"
#include "rate.h"
#include "trace.h"
#include "tx.h"
#include "work.h"

/* Descriptors that are read at once; more than the longest packet has */
#define BANYAN_TX_BATCH    64

#define BANYAN_MAPS_MAX    (BANYAN_FRAME_IOV_MAX - 1)

QEMU_BUILD_BUG_ON(BANYAN_TX_BATCH <= BNY_TX_BUFS_MAX);

/* What a burst has got done */
typedef struct BanyanTxBurst {
    uint16_t cqe_packets;       /* since the last completion */
    uint32_t cqe_bytes;
    unsigned packets;           /* completed */
} BanyanTxBurst;

typedef enum BanyanTxResult {
    BANYAN_TX_DONE,
    BANYAN_TX_MORE,                /* go on with it in the next turn */
    BANYAN_TX_WAIT,                /* ... when the wire has room */
    BANYAN_TX_FAILED,              /* the error is latched */
} BanyanTxResult;

/* @len: bytes that the function has sent */
static void banyan_tx_count(BanyanFunc *f, const BanyanFrame *frame,
                            uint32_t len)
{
    banyan_count(f, BNY_CNT_TX_PACKETS);
    banyan_count_add(f, BNY_CNT_TX_BYTES, len);
    if (is_broadcast_ether_addr(frame->hdr)) {
        banyan_count(f, BNY_CNT_TX_BROADCAST);
    } else if (is_multicast_ether_addr(frame->hdr)) {
        banyan_count(f, BNY_CNT_TX_MULTICAST);
    }
    if (frame->gso.type) {
        banyan_count(f, BNY_CNT_TX_GSO);
    }
}

/*
 * Makes it the frame that goes on its way, with the tag of a port VLAN. False:
 * it may not, which is counted
 */
static bool banyan_tx_prepare(BanyanQp *qp, BanyanFrame *frame)
{
    BanyanFunc *f = qp->func;
    uint32_t wire_len = banyan_frame_wire_len(frame);

    if (!banyan_veb_enabled(&f->port->veb, f->index)) {
        banyan_count(f, BNY_CNT_TX_DROP_LINK);
        return false;
    }
    if (!banyan_policy_may_send(f, frame)) {
        return false;
    }
    banyan_policy_push_tag(f, frame);
    if (!banyan_frame_check_offload(frame) || wire_len > BNY_FRAME_LEN_MAX) {
        banyan_count(f, BNY_CNT_TX_DROP_HEADERS);
        trace_bny_tx_bad_headers(f->index, qp->index, frame->len);
        return false;
    }
    return true;
}

/* Sends a frame, or drops it, or leaves it off in the middle */
static BanyanTxResult banyan_tx_forward(BanyanQp *qp, BanyanFrame *frame)
{
    BanyanForwarded result = BANYAN_FORWARD_DONE;
    BanyanFunc *f = qp->func;
    uint32_t len = frame->len;

    if (banyan_tx_prepare(qp, frame)) {
        result = banyan_forward(f->port, frame, &qp->tx_mark);
    } else {
        qp->tx_mark = (BanyanMark) { };
    }
    switch (result) {
    case BANYAN_FORWARD_MORE:
        return BANYAN_TX_MORE;
    case BANYAN_FORWARD_WAIT:
        trace_bny_tx_hold(f->index, qp->index);
        return BANYAN_TX_WAIT;
    default:
        banyan_tx_count(f, frame, len);
        return BANYAN_TX_DONE;
    }
}

/* What each bit of a command needs in FEATURES */
static uint32_t banyan_tx_needs(uint32_t cmd)
{
    static const uint32_t gso_features[] = {
        [BNY_GSO_NONE] = 0,
        [BNY_GSO_TCPV4] = BNY_FEAT_TX_TSO,
        [BNY_GSO_TCPV6] = BNY_FEAT_TX_TSO,
        [BNY_GSO_UDP] = BNY_FEAT_TX_USO,
    };
    uint32_t gso = FIELD_GET(BNY_TX_CMD_GSO, cmd);
    uint32_t needs;

    if (gso >= ARRAY_SIZE(gso_features)) {
        return UINT32_MAX;
    }
    needs = gso_features[gso];
    if (cmd & BNY_TX_CMD_CSUM) {
        needs |= BNY_FEAT_TX_CSUM;
    }
    if (cmd & (BNY_TX_CMD_VLAN | BNY_TX_CMD_STAG)) {
        needs |= BNY_FEAT_TX_VLAN;
    }
    return needs;
}

/* Are the fields that no command uses zero, so that they can mean something? */
static bool banyan_tx_unused_zero(const struct bny_tx_desc *desc)
{
    uint32_t cmd = le32_to_cpu(desc->cmd);
    bool gso = cmd & BNY_TX_CMD_GSO;

    return !desc->rsvd0 && !desc->rsvd1 && !desc->outer_l3_off &&
           !desc->outer_l4_off &&
           (gso || !(desc->hdr_len || desc->mss || desc->l3_off)) &&
           (gso || (cmd & BNY_TX_CMD_CSUM) ||
            !(desc->l4_off || desc->csum_off)) &&
           ((cmd & BNY_TX_CMD_VLAN) || !desc->vlan_tci);
}

/* A packet's commands stand in its first descriptor */
static bool banyan_tx_cmd_valid(const BanyanFunc *f, bool first,
                                const struct bny_tx_desc *desc)
{
    uint32_t cmd = le32_to_cpu(desc->cmd);

    if ((cmd & BNY_TX_CMD_RSVD) || (!first && (cmd & ~BNY_TX_CMD_EOP)) ||
        !banyan_tx_unused_zero(desc)) {
        return false;
    }
    if ((cmd & BNY_TX_CMD_GSO) &&
        (!desc->hdr_len || !desc->mss ||
         le16_to_cpu(desc->hdr_len) > BNY_GSO_HDR_LEN_MAX)) {
        return false;
    }
    return !(banyan_tx_needs(cmd) & ~f->features[0]);
}

/* Checks a packet's descriptor; @first: its first one */
static enum bny_error banyan_tx_check_desc(const BanyanFunc *f, bool first,
                                           const struct bny_tx_desc *desc)
{
    uint32_t len = le32_to_cpu(desc->len);

    if (!desc->addr) {
        return BNY_ERR_DESC_ADDR;
    }
    if (!len || len > BNY_TX_BUF_LEN_MAX) {
        return BNY_ERR_DESC_LEN;
    }
    return banyan_tx_cmd_valid(f, first, desc) ? BNY_ERR_NONE :
                                                 BNY_ERR_DESC_CMD;
}

static void banyan_tx_init_offload(BanyanFrame *frame,
                                   const struct bny_tx_desc *desc)
{
    uint32_t cmd = le32_to_cpu(desc->cmd);

    frame->gso.type = FIELD_GET(BNY_TX_CMD_GSO, cmd);
    frame->csum = (cmd & BNY_TX_CMD_CSUM) || frame->gso.type;
    frame->l4_off = le16_to_cpu(desc->l4_off);
    frame->csum_off = le16_to_cpu(desc->csum_off);
    if (frame->gso.type) {
        frame->gso.l3_off = desc->l3_off;
        frame->gso.l4_off = frame->l4_off;
        frame->gso.csum_off = frame->csum_off;
        frame->gso.hdr_len = le16_to_cpu(desc->hdr_len);
        frame->gso.mss = le16_to_cpu(desc->mss);
    }
}

static bool banyan_tx_len_valid(const BanyanFrame *frame)
{
    return frame->len >= BNY_FRAME_LEN_MIN &&
           frame->len <= (frame->gso.type ? BNY_GSO_LEN_MAX :
                                            BNY_FRAME_LEN_MAX);
}

/* What became of a frame whose bytes are at hand */
static BanyanTxResult banyan_tx_frame(BanyanQp *qp, BanyanFrame *frame,
                                      BanyanTxBurst *burst)
{
    BanyanPort *port = qp->func->port;
    unsigned before = port->work;
    uint32_t len = frame->len;
    BanyanTxResult result = banyan_tx_forward(qp, frame);

    if (port->work == before) {
        banyan_work_done(port, 0); /* nobody got it */
    }
    if (result != BANYAN_TX_DONE) {
        return result;
    }
    trace_bny_tx(qp->func->index, qp->index, len, frame->gso.type);
    banyan_rate_charge(qp->func, banyan_frame_wire_bytes(frame));
    burst->cqe_packets++;
    burst->cqe_bytes += len;
    return BANYAN_TX_DONE;
}

static BanyanTxResult banyan_tx_dma_failed(BanyanQp *qp)
{
    banyan_qp_fail(qp, false, BNY_ERR_DMA, qp->tx.cons);
    return BANYAN_TX_FAILED;
}

/* A frame that isn't longer than its headers may be is copied whole */
static BanyanTxResult banyan_tx_short(BanyanQp *qp, BanyanFrame *frame,
                                      const struct bny_tx_desc *desc,
                                      unsigned n, BanyanTxBurst *burst)
{
    struct iovec iov = { .iov_base = frame->hdr };

    for (unsigned i = 0; i < n; i++) {
        uint32_t len = le32_to_cpu(desc[i].len);

        if (!banyan_dma_read(qp->func, le64_to_cpu(desc[i].addr),
                             frame->hdr + iov.iov_len, len)) {
            return banyan_tx_dma_failed(qp);
        }
        iov.iov_len += len;
    }
    frame->hdr_len = iov.iov_len;
    frame->iov = &iov;
    frame->iov_cnt = 1;
    return banyan_tx_frame(qp, frame, burst);
}

/* A longer one is mapped. Only its headers are copied */
static BanyanTxResult banyan_tx_long(BanyanQp *qp, BanyanFrame *frame,
                                     const struct bny_tx_desc *desc, unsigned n,
                                     BanyanTxBurst *burst)
{
    struct iovec maps[BANYAN_MAPS_MAX];
    struct iovec iov[BANYAN_FRAME_IOV_MAX];
    BanyanFunc *f = qp->func;
    BanyanTxResult result;
    unsigned cnt = 0;
    bool mapped = true;

    for (unsigned i = 0; mapped && i < n; i++) {
        mapped = banyan_dma_map_iov(f, le64_to_cpu(desc[i].addr),
                                    le32_to_cpu(desc[i].len), maps, &cnt,
                                    BANYAN_MAPS_MAX);
    }
    if (mapped) {
        frame->hdr_len = iov_to_buf(maps, cnt, 0, frame->hdr,
                                    BANYAN_PACKET_HDR_MAX);
        frame->iov = iov;
        iov[0].iov_base = frame->hdr;
        iov[0].iov_len = frame->hdr_len;
        frame->iov_cnt = 1 + iov_copy(iov + 1, BANYAN_MAPS_MAX, maps, cnt,
                                      frame->hdr_len,
                                      frame->len - frame->hdr_len);
        result = banyan_tx_frame(qp, frame, burst);
    } else {
        result = banyan_tx_dma_failed(qp);
    }
    banyan_dma_unmap_iov(f, maps, cnt);
    return result;
}

/* Handles one packet of @n checked descriptors */
static BanyanTxResult banyan_tx_packet(BanyanQp *qp,
                                       const struct bny_tx_desc *desc,
                                       unsigned n, BanyanTxBurst *burst)
{
    uint8_t hdr[BANYAN_PACKET_TAGGED_HDR_MAX];
    BanyanFrame frame = {
        .src = qp->func->index,
        .hdr = hdr,
    };

    for (unsigned i = 0; i < n; i++) {
        frame.len += le32_to_cpu(desc[i].len);
    }
    banyan_tx_init_offload(&frame, desc);
    if (!banyan_tx_len_valid(&frame)) {
        banyan_qp_fail(qp, false, BNY_ERR_FRAME_LEN, qp->tx.cons);
        return BANYAN_TX_FAILED;
    }
    if (frame.len <= BANYAN_PACKET_HDR_MAX) {
        return banyan_tx_short(qp, &frame, desc, n, burst);
    }
    return banyan_tx_long(qp, &frame, desc, n, burst);
}

/*
 * Finds the packet that starts at @desc[0]. Returns its descriptors, 0 if it
 * isn't whole yet, or -1 with the error latched.
 */
static int banyan_tx_find_packet(BanyanQp *qp, const struct bny_tx_desc *desc,
                                 unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        enum bny_error error = banyan_tx_check_desc(qp->func, !i, &desc[i]);

        if (i == BNY_TX_BUFS_MAX) {
            error = BNY_ERR_DESC_CHAIN;
        }
        if (error && !banyan_fault(qp->func->port, IGNORE_ERRORS)) {
            banyan_qp_fail(qp, false, error, qp->tx.cons + i);
            return -1;
        }
        if (error) {
            qp->tx.cons += i + 1;
            return -1;
        }
        if (le32_to_cpu(desc[i].cmd) & BNY_TX_CMD_EOP) {
            return i + 1;
        }
    }
    return 0;
}

static bool banyan_tx_complete(BanyanQp *qp, BanyanTxBurst *burst)
{
    struct bny_tx_cqe cqe = {
        .index = cpu_to_le16(qp->tx.cons),
        .packets = cpu_to_le16(burst->cqe_packets),
        .bytes = cpu_to_le32(burst->cqe_bytes),
    };

    if (!burst->cqe_packets ||
        banyan_fault(qp->func->port, DROP_TX_COMPLETIONS)) {
        return true;
    }
    if (!banyan_cq_put(qp, &qp->tx, &cqe,
                       FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_TX))) {
        return false;
    }
    burst->packets += burst->cqe_packets;
    burst->cqe_packets = 0;
    burst->cqe_bytes = 0;
    return true;
}

static bool banyan_tx_may_go_on(const BanyanQp *qp)
{
    return banyan_work_left(qp->func->port) && !banyan_line_is_paused(qp->func);
}

/* Reads the next descriptors and sends the packets among them */
static BanyanTxResult banyan_tx_batch(BanyanQp *qp, BanyanTxBurst *burst,
                                      bool *progress)
{
    struct bny_tx_desc desc[BANYAN_TX_BATCH];
    unsigned n = MIN((uint16_t)(qp->tx.prod - qp->tx.cons), BANYAN_TX_BATCH);
    BanyanTxResult result = BANYAN_TX_DONE;
    unsigned i = 0;

    if (!banyan_ring_read(qp, &qp->tx, qp->tx.cons, desc, n)) {
        return BANYAN_TX_FAILED;
    }
    while (i < n && result == BANYAN_TX_DONE && banyan_tx_may_go_on(qp)) {
        int bufs = banyan_tx_find_packet(qp, desc + i, n - i);

        if (bufs <= 0) {
            result = bufs < 0 ? BANYAN_TX_FAILED : BANYAN_TX_DONE;
            break;
        }
        result = banyan_tx_packet(qp, desc + i, bufs, burst);
        if (result == BANYAN_TX_DONE) {
            i += bufs;
            qp->tx.cons += bufs;
        }
    }
    *progress = i > 0;
    return banyan_tx_complete(qp, burst) ? result : BANYAN_TX_FAILED;
}

/* Works on an open ring. Returns in which line it is to stand now */
static BanyanTxState banyan_tx_work(BanyanQp *qp, BanyanTxBurst *burst)
{
    while (banyan_tx_may_go_on(qp)) {
        BanyanTxResult result = BANYAN_TX_DONE;
        bool progress = false;

        if (!banyan_ring_prod(qp, &qp->tx)) {
            return BANYAN_TX_IDLE;
        }
        if (qp->tx.prod != qp->tx.cons) {
            result = banyan_tx_batch(qp, burst, &progress);
        }
        if (result == BANYAN_TX_MORE) {
            return BANYAN_TX_READY;
        }
        if (result != BANYAN_TX_DONE) {
            return result == BANYAN_TX_WAIT ? BANYAN_TX_HELD : BANYAN_TX_IDLE;
        }
        if (progress) {
            continue;
        }
        /* empty, or a packet of which only a part is there */
        if (!banyan_ring_wait(qp, &qp->tx)) {
            return BANYAN_TX_IDLE;
        }
        banyan_work_done(qp->func->port, 0); /* it may go on like that */
    }
    return BANYAN_TX_READY;
}

/* A burst on a transmit ring. Returns in which line it is to stand now */
BanyanTxState banyan_tx_run(BanyanQp *qp)
{
    BanyanPort *port = qp->func->port;
    BanyanTxBurst burst = { };
    BanyanTxState state;

    if (!banyan_ring_runs(qp, &qp->tx) || banyan_fault(port, STALL_TX)) {
        return BANYAN_TX_IDLE;
    }
    if (banyan_fault(port, FAIL_TX)) {
        port->faults &= ~BIT(BANYAN_FAULT_FAIL_TX);
        banyan_qp_fail(qp, false, BNY_ERR_INJECTED, qp->tx.cons);
        return BANYAN_TX_IDLE;
    }
    if (!banyan_ring_open(qp, &qp->tx)) {
        return BANYAN_TX_IDLE;
    }
    banyan_work_done(port, 0);
    state = banyan_tx_work(qp, &burst);
    banyan_qp_intr_completed(qp, burst.packets);
    banyan_ring_close(qp, &qp->tx);
    trace_bny_tx_burst(qp->func->index, qp->index, burst.packets);
    return state;
}
