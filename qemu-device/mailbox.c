/*
 * Banyan: mailbox (datasheet, section 8)
 *
 * The messages between the PF and a VF wait in queues of the VF; the PF sees
 * those of all VFs in turn, one from each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/pci/pcie_sriov.h"
#include "counters.h"
#include "fault.h"
#include "intr.h"
#include "mailbox.h"
#include "trace.h"

/* The queue whose oldest message MBX_RX shows, or NULL: there is none */
static BanyanMbxQueue *banyan_mbx_current(BanyanFunc *f)
{
    unsigned sender = f->port->mbx_sender;
    BanyanMbxQueue *q = NULL;

    if (banyan_func_is_vf(f)) {
        q = &f->mbx_from_pf;
    } else if (sender) {
        q = &f->port->func[sender]->mbx_to_pf;
    }
    return q && q->count ? q : NULL;
}

/* Let the PF see the oldest message of the next VF that has one */
static void banyan_mbx_next_sender(BanyanPort *port)
{
    unsigned vfs = port->funcs - 1;
    unsigned last = port->mbx_sender;

    port->mbx_sender = 0;
    for (unsigned i = 0; i < vfs; i++) {
        unsigned index = (last + i) % vfs + 1;

        if (port->func[index]->mbx_to_pf.count) {
            port->mbx_sender = index;
            return;
        }
    }
}

/* The queue to @peer, or NULL if @f may not or cannot send to it */
static BanyanMbxQueue *banyan_mbx_route(BanyanFunc *f, unsigned peer)
{
    if (banyan_func_is_vf(f)) {
        return peer == BNY_FUNC_PF ? &f->mbx_to_pf : NULL;
    }
    if (peer == BNY_FUNC_PF || peer > pcie_sriov_num_vfs(f->pdev)) {
        return NULL;
    }
    return &f->port->func[peer]->mbx_from_pf;
}

static enum bny_mbx_tx_result banyan_mbx_enqueue(BanyanFunc *f, unsigned peer,
                                                 unsigned len)
{
    BanyanMbxQueue *q = banyan_mbx_route(f, peer);
    BanyanFunc *to;
    unsigned slot;

    if (!q) {
        return BNY_MBX_TX_NO_PEER;
    }
    to = f->port->func[peer];
    if (len < sizeof(struct bny_mbx_hdr) || len > BNY_MBX_MSG_LEN_MAX) {
        return BNY_MBX_TX_BAD_LENGTH;
    }
    if (q->count == BNY_MBX_QUEUE_DEPTH) {
        return BNY_MBX_TX_FULL;
    }
    if (banyan_fault(f->port, DROP_MAILBOX)) {
        return BNY_MBX_TX_OK;
    }
    slot = (q->head + q->count) % BNY_MBX_QUEUE_DEPTH;
    for (unsigned i = 0; i < DIV_ROUND_UP(len, 4); i++) {
        stl_le_p(q->data[slot] + i * 4, f->mbx_tx_data[i]);
    }
    memset(q->data[slot] + len, 0, BNY_MBX_MSG_LEN_MAX - len);
    q->len[slot] = len;
    q->count++;
    if (!banyan_func_is_vf(to) && !f->port->mbx_sender) {
        f->port->mbx_sender = f->index;
    }
    banyan_irq_raise(to, BNY_IRQ_MAILBOX);
    return BNY_MBX_TX_OK;
}

/* MBX_TX was written */
void banyan_mbx_send(BanyanFunc *f, uint32_t val)
{
    unsigned peer = FIELD_GET(BNY_MBX_PEER, val);
    unsigned len = FIELD_GET(BNY_MBX_LEN, val);
    enum bny_mbx_tx_result result = banyan_mbx_enqueue(f, peer, len);

    trace_bny_mbx_send(f->index, peer, len, result);
    f->mbx_tx_status = FIELD_PREP(BNY_MBX_TX_RESULT, result);
    banyan_count(f, result == BNY_MBX_TX_OK ? BNY_CNT_MBX_SENT :
                                           BNY_CNT_MBX_REFUSED);
}

uint32_t banyan_mbx_rx(BanyanFunc *f)
{
    const BanyanMbxQueue *q = banyan_mbx_current(f);
    unsigned sender = banyan_func_is_vf(f) ? BNY_FUNC_PF : f->port->mbx_sender;

    return q ? FIELD_PREP(BNY_MBX_LEN, q->len[q->head]) |
               FIELD_PREP(BNY_MBX_TICKET, q->ticket) |
               FIELD_PREP(BNY_MBX_PEER, sender) : 0;
}

uint32_t banyan_mbx_rx_data(BanyanFunc *f, unsigned word)
{
    const BanyanMbxQueue *q = banyan_mbx_current(f);

    return q ? ldl_le_p(q->data[q->head] + word * 4) : 0;
}

static void banyan_mbx_drop(BanyanMbxQueue *q, unsigned messages)
{
    q->head = (q->head + messages) % BNY_MBX_QUEUE_DEPTH;
    q->count -= messages;
    q->ticket += messages;
}

/*
 * MBX_RX_ACK was written: the next message, please. @val says which one was
 * read. A reset may have taken that away; the one shown now is to stay.
 */
void banyan_mbx_ack(BanyanFunc *f, uint32_t val)
{
    BanyanMbxQueue *q = banyan_mbx_current(f);
    bool stale = !q || val != banyan_mbx_rx(f);

    trace_bny_mbx_ack(f->index, val, stale);
    if (stale) {
        banyan_count(f, BNY_CNT_MBX_STALE);
    } else {
        banyan_mbx_drop(q, 1);
        if (!banyan_func_is_vf(f)) {
            banyan_mbx_next_sender(f->port);
        }
    }
    if (banyan_mbx_current(f)) {
        banyan_irq_raise(f, BNY_IRQ_MAILBOX);
    }
}

static void banyan_mbx_empty(BanyanMbxQueue *q)
{
    banyan_mbx_drop(q, q->count);
}

/*
 * A VF's reset empties its mailbox in both directions. The PF's drops what
 * waits for the PF, but not what it has told its VFs: that it goes, say.
 */
void banyan_mbx_reset(BanyanFunc *f)
{
    BanyanPort *port = f->port;

    if (banyan_func_is_vf(f)) {
        banyan_mbx_empty(&f->mbx_to_pf);
        banyan_mbx_empty(&f->mbx_from_pf);
        if (port->mbx_sender == f->index) {
            banyan_mbx_next_sender(port);
        }
        return;
    }
    for (unsigned i = 1; i < port->funcs; i++) {
        if (port->func[i]) {
            banyan_mbx_empty(&port->func[i]->mbx_to_pf);
        }
    }
    port->mbx_sender = 0;
}

static bool banyan_mbx_queue_valid(const BanyanMbxQueue *q)
{
    if (q->head >= BNY_MBX_QUEUE_DEPTH || q->count > BNY_MBX_QUEUE_DEPTH) {
        return false;
    }
    for (unsigned i = 0; i < BNY_MBX_QUEUE_DEPTH; i++) {
        if (q->len[i] > BNY_MBX_MSG_LEN_MAX) {
            return false;
        }
    }
    return true;
}

/* Can loaded state be believed? */
bool banyan_mbx_valid(const BanyanFunc *f)
{
    return banyan_mbx_queue_valid(&f->mbx_to_pf) &&
           banyan_mbx_queue_valid(&f->mbx_from_pf);
}
