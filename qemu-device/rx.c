/*
 * Banyan: receive (datasheet, sections 4 and 6)
 *
 * A burst opens the rings of its receivers; bny_rx_commit() closes them and
 * sends their interrupts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "net/eth.h"
#include "banyan.h"
#include "dma.h"
#include "frame.h"
#include "trace.h"

/* Place in a frame from which to copy on */
typedef struct BnyCursor {
    const struct iovec *iov;
    size_t off;
} BnyCursor;

static BnyRxBuf *bny_rx_buf(BnyQp *qp, unsigned i)
{
    return &qp->rx_cache[(uint16_t)(qp->rx.cons + i) % BNY_RX_CACHE];
}

static bool bny_rx_open(BnyQp *qp)
{
    if (qp->rx_open) {
        return true;
    }
    if (!bny_ring_open(qp, &qp->rx)) {
        return false;
    }
    qp->rx_open = true;
    qp->rx_packets = 0;
    QSLIST_INSERT_HEAD(&qp->func->ctrl->rx_open, qp, rx_next);
    return true;
}

/* Ends a burst: whoever got something hears of it */
void bny_rx_commit(BnyCtrl *ctrl)
{
    BnyQp *qp;

    while ((qp = QSLIST_FIRST(&ctrl->rx_open))) {
        QSLIST_REMOVE_HEAD(&ctrl->rx_open, rx_next);
        qp->rx_open = false;
        bny_intr_completed(qp, qp->rx_packets);
        bny_ring_close(qp, &qp->rx);
    }
}

static enum bny_error bny_rx_check_desc(const struct bny_rx_desc *desc)
{
    uint32_t len = le32_to_cpu(desc->len);

    if (!desc->addr) {
        return BNY_ERR_DESC_ADDR;
    }
    if (len < BNY_RX_BUF_LEN_MIN || len > BNY_RX_BUF_LEN_MAX) {
        return BNY_ERR_DESC_LEN;
    }
    if (desc->hdr_addr || desc->rsvd0 || desc->rsvd1) {
        return BNY_ERR_DESC_CMD;
    }
    return BNY_ERR_NONE;
}

/* Reads descriptors ahead. False: there are none, or an error is latched */
static bool bny_rx_fill(BnyQp *qp)
{
    struct bny_rx_desc desc[BNY_RX_CACHE];
    uint16_t index = qp->rx.cons + qp->rx_cached;
    unsigned n;

    if (qp->rx.prod == index &&
        (!bny_ring_prod(qp, &qp->rx) ||
         (qp->rx.prod == index && !bny_ring_wait(qp, &qp->rx)))) {
        return false;
    }
    n = MIN((uint16_t)(qp->rx.prod - index), BNY_RX_CACHE - qp->rx_cached);
    if (!bny_ring_read(qp, &qp->rx, index, desc, n)) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        enum bny_error error = bny_rx_check_desc(&desc[i]);
        BnyRxBuf *buf;

        if (error) {
            bny_qp_fail(qp, true, error, index + i);
            return false;
        }
        buf = bny_rx_buf(qp, qp->rx_cached++);
        buf->addr = le64_to_cpu(desc[i].addr);
        buf->len = le32_to_cpu(desc[i].len);
        buf->id = le16_to_cpu(desc[i].buf_id);
    }
    return true;
}

/* How many posted buffers hold @len bytes; 0: there are too few */
static unsigned bny_rx_bufs(BnyQp *qp, uint32_t len)
{
    uint32_t room = 0;
    unsigned n = 0;

    while (room < len) {
        if (n == BNY_RX_BUFS_MAX) {
            return 0;
        }
        if (n == qp->rx_cached && !bny_rx_fill(qp)) {
            return 0;
        }
        room += bny_rx_buf(qp, n++)->len;
    }
    return n;
}

static uint32_t bny_rx_hash(BnyFunc *f, BnyFrame *frame, uint8_t *type)
{
    uint32_t hash = 0;

    *type = 0;
    if (f->rss_ctrl & BNY_RSS_ENABLE) {
        bny_frame_parse(frame);
        *type = bny_rss_hash(&f->toeplitz,
                             FIELD_GET(BNY_RSS_TYPES, f->rss_ctrl),
                             &frame->pkt, frame->hdr, &hash);
    }
    if (*type && bny_fault(f->ctrl, WRONG_HASH)) {
        hash = ~hash;
    }
    return hash;
}

/* The queue pair for the frame, or NULL: none can receive */
static BnyQp *bny_rx_choose(BnyFunc *f, uint32_t hash, uint8_t type)
{
    unsigned entry = hash % BNY_RSS_TABLE_LEN;
    BnyQp *qp = &f->qp[0];

    if (type) {
        qp = &f->qp[extract32(f->rss_table[entry / 4], entry % 4 * 8, 8)];
        if (!bny_ring_runs(qp, &qp->rx)) {
            qp = &f->qp[0];
        }
    }
    return bny_ring_runs(qp, &qp->rx) ? qp : NULL;
}

/* Copies from the cursor into a buffer; once, and straight if it can */
static bool bny_rx_copy(BnyFunc *f, BnyCursor *cur, uint64_t addr, uint32_t len)
{
    while (len) {
        dma_addr_t room = len;
        dma_addr_t done = 0;
        uint8_t *ptr;

        if (cur->iov->iov_len - cur->off >= len) {
            const uint8_t *src = cur->iov->iov_base;

            src += cur->off;
            cur->off += len;
            return bny_dma_write(f, addr, src, len);
        }
        ptr = bny_dma_map(f, addr, &room, DMA_DIRECTION_FROM_DEVICE);
        if (!ptr) {
            return false;
        }
        while (done < room) {
            size_t n = MIN(cur->iov->iov_len - cur->off, room - done);

            memcpy(ptr + done, (uint8_t *)cur->iov->iov_base + cur->off, n);
            done += n;
            cur->off += n;
            if (cur->off == cur->iov->iov_len) {
                cur->iov++;
                cur->off = 0;
            }
        }
        bny_dma_unmap(f, ptr, room, DMA_DIRECTION_FROM_DEVICE, room);
        addr += room;
        len -= room;
    }
    return true;
}

/* Fault: inverts a byte that was delivered */
static void bny_rx_corrupt(BnyFunc *f, uint64_t addr)
{
    uint8_t byte;

    if (bny_dma_read(f, addr, &byte, sizeof(byte))) {
        byte = ~byte;
        bny_dma_write(f, addr, &byte, sizeof(byte));
    }
}

/* The fields that all completions of a packet have in common */
static uint32_t bny_rx_cqe_init(const BnyFunc *f, const BnyFrame *frame,
                                uint32_t hash, uint8_t type,
                                struct bny_rx_cqe *cqe)
{
    uint32_t features = f->features[0];
    uint32_t flags = FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_RX);

    memset(cqe, 0, sizeof(*cqe));
    cqe->pkt_len = cpu_to_le32(frame->len);
    if (type && (features & BNY_FEAT_RX_HASH)) {
        cqe->hash = cpu_to_le32(hash);
        flags |= BNY_RX_CQE_HASH | FIELD_PREP(BNY_RX_CQE_HASH_TYPE, type);
    }
    if (frame->csum) {
        cqe->l4_off = cpu_to_le16(frame->l4_off);
        cqe->csum_off = cpu_to_le16(frame->csum_off);
        flags |= BNY_RX_CQE_CSUM_PARTIAL;
    } else if (features & BNY_FEAT_RX_CSUM) {
        flags |= frame->verdict == BNY_CSUM_OK ? BNY_RX_CQE_CSUM_OK :
                 frame->verdict == BNY_CSUM_BAD ? BNY_RX_CQE_CSUM_BAD : 0;
    }
    if (frame->gso.type) {
        cqe->hdr_len = cpu_to_le16(frame->gso.hdr_len);
        cqe->mss = cpu_to_le16(frame->gso.mss);
        cqe->segs = cpu_to_le16(bny_frame_segs(frame));
        flags |= FIELD_PREP(BNY_RX_CQE_GSO, frame->gso.type);
    }
    return flags;
}

static void bny_rx_count(BnyFunc *f, const BnyFrame *frame, uint32_t flags)
{
    bny_count(f, BNY_CNT_RX_PACKETS);
    bny_count_add(f, BNY_CNT_RX_BYTES, frame->len);
    bny_count_add(f, BNY_CNT_COPIED_BYTES, frame->len);
    if (is_broadcast_ether_addr(frame->hdr)) {
        bny_count(f, BNY_CNT_RX_BROADCAST);
    } else if (is_multicast_ether_addr(frame->hdr)) {
        bny_count(f, BNY_CNT_RX_MULTICAST);
    }
    if (frame->gso.type) {
        bny_count(f, BNY_CNT_RX_GSO);
    }
    if (flags & BNY_RX_CQE_CSUM_BAD) {
        bny_count(f, BNY_CNT_RX_CSUM_BAD);
    }
}

/* Fills @n buffers and completes them. False: an error is latched */
static bool bny_rx_fill_bufs(BnyQp *qp, const BnyFrame *frame, unsigned n,
                             struct bny_rx_cqe *cqe, uint32_t flags)
{
    BnyCursor cur = { .iov = frame->iov };
    BnyFunc *f = qp->func;
    uint32_t left = frame->len;

    for (unsigned i = 0; i < n; i++) {
        BnyRxBuf *buf = bny_rx_buf(qp, i);
        uint32_t len = MIN(buf->len, left);

        if (!bny_rx_copy(f, &cur, buf->addr, len)) {
            bny_qp_fail(qp, true, BNY_ERR_DMA, qp->rx.cons + i);
            return false;
        }
        left -= len;
        if (!left && bny_fault(f->ctrl, CORRUPT_PAYLOAD)) {
            bny_rx_corrupt(f, buf->addr + len - 1);
        }
    }
    left = frame->len;
    for (unsigned i = 0; i < n; i++) {
        BnyRxBuf *buf = bny_rx_buf(qp, i);
        uint32_t len = MIN(buf->len, left);

        left -= len;
        cqe->len = cpu_to_le32(len);
        cqe->buf_id = cpu_to_le16(buf->id);
        if (!bny_fault(f->ctrl, DROP_RX_COMPLETIONS) &&
            !bny_cq_put(qp, &qp->rx, cqe,
                        flags | (left ? 0 : BNY_RX_CQE_EOP))) {
            return false;
        }
    }
    qp->rx.cons += n;
    qp->rx_cached -= n;
    return true;
}

/*
 * Gives a frame, which needs nothing done to it any more, to a function. If
 * it can't have it, returns false, with @lost drops counted.
 */
static bool bny_rx_put(BnyFunc *f, BnyFrame *frame, unsigned lost)
{
    struct bny_rx_cqe cqe;
    uint32_t flags;
    uint8_t type;
    uint32_t hash = bny_rx_hash(f, frame, &type);
    BnyQp *qp = bny_rx_choose(f, hash, type);
    unsigned n;

    bny_sched_count(f->ctrl, frame->len);
    if (!qp || !bny_rx_open(qp)) {
        bny_count_add(f, BNY_CNT_RX_DROP_LINK, lost);
        return false;
    }
    n = bny_rx_bufs(qp, frame->len);
    if (!n) {
        trace_bny_rx_no_buffers(f->index, qp->index, frame->len);
        bny_count_add(f, BNY_CNT_RX_DROP_BUFFERS, lost);
        return false;
    }
    flags = bny_rx_cqe_init(f, frame, hash, type, &cqe);
    if (!bny_rx_fill_bufs(qp, frame, n, &cqe, flags)) {
        bny_count_add(f, BNY_CNT_RX_DROP_LINK, lost);
        return false;
    }
    trace_bny_rx(f->index, qp->index, frame->len, n, flags);
    qp->rx_packets++;
    bny_rx_count(f, frame, flags);
    return true;
}

/* Makes the checksum on the way: it was left to a receiver who can't */
static void bny_rx_put_completed(BnyFunc *f, BnyFrame *frame)
{
    uint8_t hdr[BNY_PACKET_HDR_MAX];
    struct iovec first = frame->iov[0];
    BnyFrame done = *frame;

    if (!bny_frame_complete_csum(f->ctrl, frame, hdr)) {
        return;
    }
    done.csum = false;
    done.verdict = BNY_CSUM_OK;
    done.hdr = hdr;
    frame->iov[0].iov_base = hdr;
    bny_rx_put(f, &done, 1);
    frame->iov[0] = first;
}

/* A frame that is cut for a function */
typedef struct BnyRxCut {
    BnyFunc *func;
    unsigned left;          /* segments that are still to come */
} BnyRxCut;

/*
 * They all go to the same ring: if one finds no room, the rest isn't worth
 * the work
 */
static bool bny_rx_put_segment(void *opaque, BnyFrame *segment)
{
    BnyRxCut *cut = opaque;

    if (!bny_rx_put(cut->func, segment, cut->left)) {
        return false;
    }
    bny_count(cut->func, BNY_CNT_RX_SEGMENTED);
    cut->left--;
    return true;
}

static void bny_rx_put_cut(BnyFunc *f, BnyFrame *frame)
{
    BnyRxCut cut = { .func = f, .left = bny_frame_segs(frame) };

    bny_frame_segment(f->ctrl, frame,
                      f->features[0] & BNY_FEAT_RX_CSUM_PARTIAL,
                      bny_rx_put_segment, &cut);
}

/* Gives a frame to a function, in the form that its FEATURES ask for */
void bny_rx_deliver(BnyFunc *f, BnyFrame *frame)
{
    if (bny_frame_wire_len(frame) > f->max_frame) {
        bny_count(f, BNY_CNT_RX_DROP_LENGTH);
    } else if (frame->gso.type && !(f->features[0] & BNY_FEAT_RX_GSO)) {
        bny_rx_put_cut(f, frame);
    } else if (frame->csum && !(f->features[0] & BNY_FEAT_RX_CSUM_PARTIAL)) {
        bny_rx_put_completed(f, frame);
    } else {
        bny_rx_put(f, frame, 1);
    }
}
