/*
 * Banyan: receive (datasheet, sections 4 and 6)
 *
 * The rings of receivers are opened as they are needed; banyan_rx_commit()
 * closes them, and whoever got something hears of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "dma.h"
#include "error.h"
#include "fault.h"
#include "moderation.h"
#include "queue.h"
#include "rx.h"
#include "trace.h"
#include "work.h"

/* Place in a frame from which to copy on */
typedef struct BanyanCursor {
    const struct iovec *iov;
    size_t off;
} BanyanCursor;

static BanyanRxBuf *banyan_rx_buf(BanyanQp *qp, unsigned i)
{
    return &qp->rx_cache[(uint16_t)(qp->rx.cons + i) % BANYAN_RX_CACHE];
}

static bool banyan_rx_open(BanyanQp *qp)
{
    if (qp->rx_open) {
        return true;
    }
    if (!banyan_ring_open(qp, &qp->rx)) {
        return false;
    }
    banyan_work_done(qp->func->port, 0);
    object_ref(qp->func->pdev);
    qp->rx_open = true;
    qp->rx_packets = 0;
    QSLIST_INSERT_HEAD(&qp->func->port->rx_open, qp, rx_next);
    return true;
}

void banyan_rx_commit(BanyanPort *port)
{
    BanyanQp *qp;

    while ((qp = QSLIST_FIRST(&port->rx_open))) {
        QSLIST_REMOVE_HEAD(&port->rx_open, rx_next);
        qp->rx_open = false;
        banyan_qp_intr_completed(qp, qp->rx_packets);
        banyan_ring_close(qp, &qp->rx);
        object_unref(qp->func->pdev);
    }
}

static enum bny_error banyan_rx_check_desc(const struct bny_rx_desc *desc)
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
static bool banyan_rx_fill(BanyanQp *qp)
{
    struct bny_rx_desc desc[BANYAN_RX_CACHE];
    uint16_t index = qp->rx.cons + qp->rx_cached;
    unsigned n;

    if (qp->rx.prod == index &&
        (!banyan_ring_prod(qp, &qp->rx) ||
         (qp->rx.prod == index && !banyan_ring_wait(qp, &qp->rx)))) {
        return false;
    }
    n = MIN((uint16_t)(qp->rx.prod - index), BANYAN_RX_CACHE - qp->rx_cached);
    if (!banyan_ring_read(qp, &qp->rx, index, desc, n)) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        enum bny_error error = banyan_rx_check_desc(&desc[i]);
        BanyanRxBuf *buf;

        if (error) {
            banyan_qp_fail(qp, true, error, index + i);
            return false;
        }
        buf = banyan_rx_buf(qp, qp->rx_cached++);
        buf->addr = le64_to_cpu(desc[i].addr);
        buf->len = le32_to_cpu(desc[i].len);
        buf->id = le16_to_cpu(desc[i].buf_id);
    }
    return true;
}

/* How many posted buffers hold @len bytes; 0: there are too few */
static unsigned banyan_rx_bufs(BanyanQp *qp, uint32_t len)
{
    uint32_t room = 0;
    unsigned n = 0;

    while (room < len) {
        if (n == BNY_RX_BUFS_MAX) {
            return 0;
        }
        if (n == qp->rx_cached && !banyan_rx_fill(qp)) {
            return 0;
        }
        room += banyan_rx_buf(qp, n++)->len;
    }
    return n;
}

static uint32_t banyan_rx_hash(BanyanFunc *f, BanyanFrame *frame, uint8_t *type)
{
    uint32_t hash = 0;

    *type = 0;
    if (f->rss_ctrl & BNY_RSS_ENABLE) {
        banyan_frame_parse(frame);
        *type = banyan_rss_hash(&f->toeplitz,
                             FIELD_GET(BNY_RSS_TYPES, f->rss_ctrl),
                             &frame->pkt, frame->hdr, &hash);
    }
    if (*type && banyan_fault(f->port, WRONG_HASH)) {
        hash = ~hash;
    }
    return hash;
}

/* The queue pair for the frame, or NULL: none can receive */
static BanyanQp *banyan_rx_choose(BanyanFunc *f, uint32_t hash, uint8_t type)
{
    unsigned entry = hash % BNY_RSS_TABLE_LEN;
    BanyanQp *qp = &f->qp[0];

    if (type) {
        qp = &f->qp[extract32(f->rss_table[entry / 4], entry % 4 * 8, 8)];
        if (!banyan_ring_runs(qp, &qp->rx)) {
            qp = &f->qp[0];
        }
    }
    return banyan_ring_runs(qp, &qp->rx) ? qp : NULL;
}

/* Copies from the cursor into a buffer; once, and straight if it can */
static bool banyan_rx_copy(BanyanFunc *f, BanyanCursor *cur, uint64_t addr,
                           uint32_t len)
{
    while (len) {
        dma_addr_t room = len;
        dma_addr_t done = 0;
        uint8_t *ptr;

        if (cur->iov->iov_len - cur->off >= len) {
            const uint8_t *src = cur->iov->iov_base;

            src += cur->off;
            cur->off += len;
            return banyan_dma_write(f, addr, src, len);
        }
        ptr = banyan_dma_map(f, addr, &room, DMA_DIRECTION_FROM_DEVICE);
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
        banyan_dma_unmap(f, ptr, room, DMA_DIRECTION_FROM_DEVICE, room);
        addr += room;
        len -= room;
    }
    return true;
}

/* Fault: inverts a byte that was delivered */
static void banyan_rx_corrupt(BanyanFunc *f, uint64_t addr)
{
    uint8_t byte;

    if (banyan_dma_read(f, addr, &byte, sizeof(byte))) {
        byte = ~byte;
        banyan_dma_write(f, addr, &byte, sizeof(byte));
    }
}

/* The fields that all completions of a packet have in common */
static uint32_t banyan_rx_cqe_init(const BanyanFunc *f,
                                   const BanyanFrame *frame,
                                   uint32_t hash, uint8_t type,
                                   struct bny_rx_cqe *cqe)
{
    BanyanCsum verdict = banyan_rx_verdict(f, frame);
    uint32_t flags = FIELD_PREP(BNY_CQE_TYPE, BNY_CQE_RX);

    memset(cqe, 0, sizeof(*cqe));
    cqe->pkt_len = cpu_to_le32(frame->len);
    if (type && (f->features[0] & BNY_FEAT_RX_HASH)) {
        cqe->hash = cpu_to_le32(hash);
        flags |= BNY_RX_CQE_HASH | FIELD_PREP(BNY_RX_CQE_HASH_TYPE, type);
    }
    if (frame->csum) {
        cqe->l4_off = cpu_to_le16(frame->l4_off);
        cqe->csum_off = cpu_to_le16(frame->csum_off);
        flags |= BNY_RX_CQE_CSUM_PARTIAL;
    }
    if (verdict != BANYAN_CSUM_UNKNOWN) {
        flags |= verdict == BANYAN_CSUM_OK ? BNY_RX_CQE_CSUM_OK :
                                             BNY_RX_CQE_CSUM_BAD;
    }
    if (frame->gso.type) {
        cqe->hdr_len = cpu_to_le16(frame->gso.hdr_len);
        cqe->mss = cpu_to_le16(frame->gso.mss);
        cqe->segs = cpu_to_le16(banyan_frame_segs(frame));
        flags |= FIELD_PREP(BNY_RX_CQE_GSO, frame->gso.type);
    }
    return flags;
}

/* Fills @n buffers and completes them. False: an error is latched */
static bool banyan_rx_fill_bufs(BanyanQp *qp, const BanyanFrame *frame,
                                unsigned n,
                                struct bny_rx_cqe *cqe, uint32_t flags)
{
    BanyanCursor cur = { .iov = frame->iov };
    BanyanFunc *f = qp->func;
    uint32_t left = frame->len;

    for (unsigned i = 0; i < n; i++) {
        BanyanRxBuf *buf = banyan_rx_buf(qp, i);
        uint32_t len = MIN(buf->len, left);

        if (!banyan_rx_copy(f, &cur, buf->addr, len)) {
            banyan_qp_fail(qp, true, BNY_ERR_DMA, qp->rx.cons + i);
            return false;
        }
        left -= len;
        if (!left && banyan_fault(f->port, CORRUPT_PAYLOAD)) {
            banyan_rx_corrupt(f, buf->addr + len - 1);
        }
    }
    left = frame->len;
    for (unsigned i = 0; i < n; i++) {
        BanyanRxBuf *buf = banyan_rx_buf(qp, i);
        uint32_t len = MIN(buf->len, left);

        left -= len;
        cqe->len = cpu_to_le32(len);
        cqe->buf_id = cpu_to_le16(buf->id);
        if (!banyan_fault(f->port, DROP_RX_COMPLETIONS) &&
            !banyan_cq_put(qp, &qp->rx, cqe,
                           flags | (left ? 0 : BNY_RX_CQE_EOP))) {
            return false;
        }
    }
    qp->rx.cons += n;
    qp->rx_cached -= n;
    return true;
}

enum bny_counter banyan_rx_deliver(BanyanFunc *f, BanyanFrame *frame)
{
    struct bny_rx_cqe cqe;
    uint32_t flags;
    uint8_t type;
    uint32_t hash = banyan_rx_hash(f, frame, &type);
    BanyanQp *qp = banyan_rx_choose(f, hash, type);
    unsigned n;

    if (!qp || !banyan_rx_open(qp)) {
        return BNY_CNT_RX_DROP_LINK;
    }
    n = banyan_rx_bufs(qp, frame->len);
    if (!n) {
        trace_bny_rx_no_buffers(f->index, qp->index, frame->len);
        return BNY_CNT_RX_DROP_BUFFERS;
    }
    flags = banyan_rx_cqe_init(f, frame, hash, type, &cqe);
    if (!banyan_rx_fill_bufs(qp, frame, n, &cqe, flags)) {
        return BNY_CNT_RX_DROP_LINK;
    }
    trace_bny_rx(f->index, qp->index, frame->len, n, flags);
    qp->rx_packets++;
    return BNY_CNT_RX_PACKETS;
}

BanyanForm banyan_rx_form(const BanyanFunc *f, const BanyanFrame *frame)
{
    bool partial = f->features[0] & BNY_FEAT_RX_CSUM_PARTIAL;

    if (frame->gso.type) {
        return f->features[0] & BNY_FEAT_RX_GSO ? BANYAN_FORM_WHOLE :
               partial ? BANYAN_FORM_PARTIAL : BANYAN_FORM_COMPLETE;
    }
    return frame->csum && !partial ? BANYAN_FORM_COMPLETE : BANYAN_FORM_WHOLE;
}

BanyanCsum banyan_rx_verdict(const BanyanFunc *f, const BanyanFrame *frame)
{
    return frame->csum || !(f->features[0] & BNY_FEAT_RX_CSUM) ?
           BANYAN_CSUM_UNKNOWN : frame->verdict;
}
