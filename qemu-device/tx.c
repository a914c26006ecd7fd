/*
 * Banyan: transmit (datasheet, section 4)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "banyan.h"
#include "dma.h"
#include "frame.h"
#include "trace.h"

/* Descriptors that are read at once; more than the longest packet has */
#define BNY_TX_BATCH    64

#define BNY_MAPS_MAX    (BNY_FRAME_IOV_MAX - 1)

QEMU_BUILD_BUG_ON(BNY_TX_BATCH <= BNY_TX_BUFS_MAX);

/* What a burst has got done */
typedef struct BnyTxBurst {
    uint16_t cqe_packets;       /* since the last completion */
    uint32_t cqe_bytes;
    unsigned packets;           /* completed */
} BnyTxBurst;

typedef enum BnyTxResult {
    BNY_TX_DONE,
    BNY_TX_WAIT,                /* the uplink isn't ready: try again */
    BNY_TX_FAILED,              /* the error is latched */
} BnyTxResult;

static void bny_tx_count(BnyFunc *f, const BnyFrame *frame)
{
    bny_count(f, BNY_CNT_TX_PACKETS);
    bny_count_add(f, BNY_CNT_TX_BYTES, frame->len);
    if (is_broadcast_ether_addr(frame->hdr)) {
        bny_count(f, BNY_CNT_TX_BROADCAST);
    } else if (is_multicast_ether_addr(frame->hdr)) {
        bny_count(f, BNY_CNT_TX_MULTICAST);
    }
    if (frame->gso.type) {
        bny_count(f, BNY_CNT_TX_GSO);
    }
}

/* Is there somebody who gets it? The uplink may be down, or go nowhere */
static void bny_tx_check_dest(BnyFunc *f, BnyVebDest *dest)
{
    bool down = dest->uplink && !bny_uplink_is_up(f->ctrl);

    dest->uplink = dest->uplink && !down && bny_uplink_has_peer(f->ctrl);
    if (dest->uplink || !bny_func_set_is_empty(&dest->funcs)) {
        return;
    }
    if (down) {
        bny_count(f, BNY_CNT_TX_DROP_LINK);
    } else if (bny_func_set_is_empty(&dest->down)) {
        bny_count(f, BNY_CNT_TX_DROP_NOBODY);
    }
}

/* Sends a frame, or drops it. Returns false if it has to wait */
static bool bny_tx_forward(BnyQp *qp, BnyFrame *frame)
{
    BnyFunc *f = qp->func;
    BnyVebDest dest;

    if (!bny_veb_enabled(&f->ctrl->veb, f->index)) {
        bny_tx_count(f, frame);
        bny_count(f, BNY_CNT_TX_DROP_LINK);
        return true;
    }
    if (!bny_frame_check_offload(frame) ||
        bny_frame_wire_len(frame) > BNY_FRAME_LEN_MAX) {
        bny_tx_count(f, frame);
        bny_count(f, BNY_CNT_TX_DROP_HEADERS);
        trace_bny_tx_bad_headers(f->index, qp->index, frame->len);
        return true;
    }
    bny_forward_resolve(f->ctrl, frame, &dest);
    if (dest.uplink && f->ctrl->uplink_queued) {
        trace_bny_tx_hold(f->index, qp->index);
        return false;
    }
    bny_tx_count(f, frame);
    bny_tx_check_dest(f, &dest);
    bny_forward(f->ctrl, frame, &dest);
    return true;
}

static bool bny_tx_cmd_valid(const BnyFunc *f, const struct bny_tx_desc *desc)
{
    static const uint32_t gso_features[] = {
        [BNY_GSO_NONE] = 0,
        [BNY_GSO_TCPV4] = BNY_FEAT_TX_TSO,
        [BNY_GSO_TCPV6] = BNY_FEAT_TX_TSO,
        [BNY_GSO_UDP] = BNY_FEAT_TX_USO,
    };
    uint32_t cmd = le32_to_cpu(desc->cmd);
    uint32_t gso = FIELD_GET(BNY_TX_CMD_GSO, cmd);
    uint32_t needed = 0;

    if (gso >= ARRAY_SIZE(gso_features) || desc->rsvd0 || desc->rsvd1 ||
        desc->outer_l3_off || desc->outer_l4_off) {
        return false;
    }
    if (gso && (!desc->hdr_len || !desc->mss ||
                le16_to_cpu(desc->hdr_len) > BNY_GSO_HDR_LEN_MAX)) {
        return false;
    }
    needed |= gso_features[gso];
    if (cmd & BNY_TX_CMD_CSUM) {
        needed |= BNY_FEAT_TX_CSUM;
    }
    if (cmd & (BNY_TX_CMD_VLAN | BNY_TX_CMD_STAG)) {
        needed |= BNY_FEAT_TX_VLAN;
    }
    return !(needed & ~f->features[0]);
}

/* Checks a packet's descriptor; @first: its first one */
static enum bny_error bny_tx_check_desc(const BnyFunc *f, bool first,
                                        const struct bny_tx_desc *desc)
{
    uint32_t len = le32_to_cpu(desc->len);

    if (!desc->addr) {
        return BNY_ERR_DESC_ADDR;
    }
    if (!len || len > BNY_TX_BUF_LEN_MAX) {
        return BNY_ERR_DESC_LEN;
    }
    if ((le32_to_cpu(desc->cmd) & BNY_TX_CMD_RSVD) ||
        (first && !bny_tx_cmd_valid(f, desc))) {
        return BNY_ERR_DESC_CMD;
    }
    return BNY_ERR_NONE;
}

static void bny_tx_init_offload(BnyFrame *frame, const struct bny_tx_desc *desc)
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

static bool bny_tx_len_valid(const BnyFrame *frame)
{
    return frame->len >= BNY_FRAME_LEN_MIN &&
           frame->len <= (frame->gso.type ? BNY_GSO_LEN_MAX :
                                            BNY_FRAME_LEN_MAX);
}

/* What became of a frame whose bytes are at hand */
static BnyTxResult bny_tx_frame(BnyQp *qp, BnyFrame *frame, BnyTxBurst *burst)
{
    BnyCtrl *ctrl = qp->func->ctrl;
    unsigned before = ctrl->work_frames;

    if (!bny_tx_forward(qp, frame)) {
        return BNY_TX_WAIT;
    }
    trace_bny_tx(qp->func->index, qp->index, frame->len, frame->gso.type);
    if (ctrl->work_frames == before) {
        bny_sched_count(ctrl, frame->len); /* nobody got it */
    }
    burst->cqe_packets++;
    burst->cqe_bytes += frame->len;
    return BNY_TX_DONE;
}

static BnyTxResult bny_tx_dma_failed(BnyQp *qp)
{
    bny_qp_fail(qp, false, BNY_ERR_DMA, qp->tx.cons);
    return BNY_TX_FAILED;
}

/* A frame that isn't longer than its headers may be is copied whole */
static BnyTxResult bny_tx_short(BnyQp *qp, BnyFrame *frame,
                                const struct bny_tx_desc *desc, unsigned n,
                                BnyTxBurst *burst)
{
    struct iovec iov = { .iov_base = frame->hdr };

    for (unsigned i = 0; i < n; i++) {
        uint32_t len = le32_to_cpu(desc[i].len);

        if (!bny_dma_read(qp->func, le64_to_cpu(desc[i].addr),
                          frame->hdr + iov.iov_len, len)) {
            return bny_tx_dma_failed(qp);
        }
        iov.iov_len += len;
    }
    frame->hdr_len = iov.iov_len;
    frame->iov = &iov;
    frame->iov_cnt = 1;
    return bny_tx_frame(qp, frame, burst);
}

/* A longer one is mapped. Only its headers are copied */
static BnyTxResult bny_tx_long(BnyQp *qp, BnyFrame *frame,
                               const struct bny_tx_desc *desc, unsigned n,
                               BnyTxBurst *burst)
{
    struct iovec maps[BNY_MAPS_MAX];
    struct iovec iov[BNY_FRAME_IOV_MAX];
    BnyFunc *f = qp->func;
    BnyTxResult result;
    unsigned cnt = 0;
    bool mapped = true;

    for (unsigned i = 0; mapped && i < n; i++) {
        mapped = bny_dma_map_iov(f, le64_to_cpu(desc[i].addr),
                                 le32_to_cpu(desc[i].len), maps, &cnt,
                                 BNY_MAPS_MAX);
    }
    if (mapped) {
        frame->hdr_len = iov_to_buf(maps, cnt, 0, frame->hdr,
                                    BNY_PACKET_HDR_MAX);
        frame->iov = iov;
        iov[0].iov_base = frame->hdr;
        iov[0].iov_len = frame->hdr_len;
        frame->iov_cnt = 1 + iov_copy(iov + 1, BNY_MAPS_MAX, maps, cnt,
                                      frame->hdr_len,
                                      frame->len - frame->hdr_len);
        result = bny_tx_frame(qp, frame, burst);
    } else {
        result = bny_tx_dma_failed(qp);
    }
    bny_dma_unmap_iov(f, maps, cnt);
    return result;
}

/* Handles one packet of @n checked descriptors */
static BnyTxResult bny_tx_packet(BnyQp *qp, const struct bny_tx_desc *desc,
                                 unsigned n, BnyTxBurst *burst)
{
    uint8_t hdr[BNY_PACKET_HDR_MAX];
    BnyFrame frame = {
        .src = qp->func->index,
        .hdr = hdr,
    };

    for (unsigned i = 0; i < n; i++) {
        frame.len += le32_to_cpu(desc[i].len);
    }
    bny_tx_init_offload(&frame, desc);
    if (!bny_tx_len_valid(&frame)) {
        bny_qp_fail(qp, false, BNY_ERR_FRAME_LEN, qp->tx.cons);
        return BNY_TX_FAILED;
    }
    if (frame.len <= sizeof(hdr)) {
        return bny_tx_short(qp, &frame, desc, n, burst);
    }
    return bny_tx_long(qp, &frame, desc, n, burst);
}

/*
 * Finds the packet that starts at @desc[0]. Returns its descriptors, 0 if it
 * isn't whole yet, or -1 with the error latched.
 */
static int bny_tx_find_packet(BnyQp *qp, const struct bny_tx_desc *desc,
                              unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        enum bny_error error = bny_tx_check_desc(qp->func, !i, &desc[i]);

        if (i == BNY_TX_BUFS_MAX) {
            error = BNY_ERR_DESC_CHAIN;
        }
        if (error && !bny_fault(qp->func->ctrl, IGNORE_ERRORS)) {
            bny_qp_fail(qp, false, error, qp->tx.cons + i);
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

static bool bny_tx_complete(BnyQp *qp, BnyTxBurst *burst)
{
    struct bny_tx_cqe cqe = {
        .index = cpu_to_le16(qp->tx.cons),
        .packets = cpu_to_le16(burst->cqe_packets),
        .bytes = cpu_to_le32(burst->cqe_bytes),
    };

    if (!burst->cqe_packets ||
        bny_fault(qp->func->ctrl, DROP_TX_COMPLETIONS)) {
        return true;
    }
    if (!bny_cq_put(qp, &qp->tx, &cqe,
                    FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_TX))) {
        return false;
    }
    burst->packets += burst->cqe_packets;
    burst->cqe_packets = 0;
    burst->cqe_bytes = 0;
    return true;
}

/* Reads the next descriptors and sends the packets among them */
static BnyTxResult bny_tx_batch(BnyQp *qp, BnyTxBurst *burst, bool *progress)
{
    struct bny_tx_desc desc[BNY_TX_BATCH];
    unsigned n = MIN((uint16_t)(qp->tx.prod - qp->tx.cons), BNY_TX_BATCH);
    BnyTxResult result = BNY_TX_DONE;
    unsigned i = 0;

    if (!bny_ring_read(qp, &qp->tx, qp->tx.cons, desc, n)) {
        return BNY_TX_FAILED;
    }
    while (i < n && result == BNY_TX_DONE &&
           bny_sched_may_go_on(qp->func->ctrl)) {
        int bufs = bny_tx_find_packet(qp, desc + i, n - i);

        if (bufs <= 0) {
            result = bufs < 0 ? BNY_TX_FAILED : BNY_TX_DONE;
            break;
        }
        result = bny_tx_packet(qp, desc + i, bufs, burst);
        if (result == BNY_TX_DONE) {
            i += bufs;
            qp->tx.cons += bufs;
        }
    }
    *progress = i > 0;
    return bny_tx_complete(qp, burst) ? result : BNY_TX_FAILED;
}

/* Works on an open ring. Returns in which line it is to stand now */
static BnyTxState bny_tx_work(BnyQp *qp, BnyTxBurst *burst)
{
    while (bny_sched_may_go_on(qp->func->ctrl)) {
        BnyTxResult result = BNY_TX_DONE;
        bool progress = false;

        if (!bny_ring_prod(qp, &qp->tx)) {
            return BNY_TX_IDLE;
        }
        if (qp->tx.prod != qp->tx.cons) {
            result = bny_tx_batch(qp, burst, &progress);
        }
        if (result != BNY_TX_DONE) {
            return result == BNY_TX_WAIT ? BNY_TX_HELD : BNY_TX_IDLE;
        }
        if (progress) {
            continue;
        }
        /* empty, or a packet of which only a part is there */
        if (!bny_ring_wait(qp, &qp->tx)) {
            return BNY_TX_IDLE;
        }
        bny_sched_count(qp->func->ctrl, 0); /* it may go on like that */
    }
    return BNY_TX_READY;
}

/* A burst on a transmit ring. Returns in which line it is to stand now */
BnyTxState bny_tx_run(BnyQp *qp)
{
    BnyCtrl *ctrl = qp->func->ctrl;
    BnyTxBurst burst = { };
    BnyTxState state;

    if (!bny_ring_runs(qp, &qp->tx) || bny_fault(ctrl, STALL_TX)) {
        return BNY_TX_IDLE;
    }
    if (bny_fault(ctrl, FAIL_TX)) {
        ctrl->faults &= ~BIT(BNY_FAULT_FAIL_TX);
        bny_qp_fail(qp, false, BNY_ERR_INJECTED, qp->tx.cons);
        return BNY_TX_IDLE;
    }
    if (!bny_ring_open(qp, &qp->tx)) {
        return BNY_TX_IDLE;
    }
    state = bny_tx_work(qp, &burst);
    bny_rx_commit(ctrl);
    bny_intr_completed(qp, burst.packets);
    bny_ring_close(qp, &qp->tx);
    trace_bny_tx_burst(qp->func->index, qp->index, burst.packets);
    return state;
}
