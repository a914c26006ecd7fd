/*
 * Banyan qtests: rings, as a driver works them (datasheet, chapter 4)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

/* Each lets QEMU do what it has to: far more than anything here takes */
#define STEPS_MAX       2000

#define RING_REG(r, name) \
    ((r)->rx ? BNY_REG_AT(RX_##name, (r)->qp) : BNY_REG_AT(TX_##name, (r)->qp))

static void write_address(Ring *r, uint32_t lo, uint64_t addr)
{
    reg_write(r->f, lo, addr);
    reg_write(r->f, lo + sizeof(uint32_t), addr >> 32);
}

/* Memory and registers, but not yet enabled */
void ring_config(Ring *r, Func *f, unsigned qp, bool rx, uint16_t depth)
{
    size_t size = depth * BNY_ENTRY_SIZE;

    *r = (Ring) { .f = f, .qp = qp, .rx = rx, .depth = depth };
    r->base = nic_alloc(f->nic, size);
    r->cq = nic_alloc(f->nic, size);
    r->shadow = nic_alloc(f->nic, BNY_SHADOW_ALIGN);
    qtest_memset(f->nic->qts, r->cq, 0, size);
    qtest_memset(f->nic->qts, r->shadow, 0, sizeof(struct bny_shadow));

    reg_write(f, RING_REG(r, DEPTH), depth);
    write_address(r, RING_REG(r, BASE_LO), r->base);
    write_address(r, RING_REG(r, CQ_LO), r->cq);
    write_address(r, RING_REG(r, SHADOW_LO), r->shadow);
}

void ring_enable(Ring *r)
{
    reg_write(r->f, RING_REG(r, CTRL), BNY_RING_ENABLE);
}

void ring_disable(Ring *r)
{
    reg_write(r->f, RING_REG(r, CTRL), 0);
}

void ring_start(Ring *r, Func *f, unsigned qp, bool rx, uint16_t depth)
{
    ring_config(r, f, qp, rx, depth);
    ring_enable(r);
    assert_no_error(f);
}

void ring_write(Ring *r, uint16_t index, const void *entry)
{
    qtest_memwrite(r->f->nic->qts,
                   r->base + (index & (r->depth - 1)) * BNY_ENTRY_SIZE,
                   entry, BNY_ENTRY_SIZE);
}

uint16_t ring_event(Ring *r)
{
    return qtest_readw(r->f->nic->qts,
                       r->shadow + offsetof(struct bny_shadow, event));
}

/* Store the producer index. True: the device wants a doorbell for it */
bool ring_publish(Ring *r)
{
    uint16_t old = r->posted;

    qtest_writew(r->f->nic->qts,
                 r->shadow + offsetof(struct bny_shadow, prod), r->prod);
    r->posted = r->prod;
    return (uint16_t)(r->prod - ring_event(r) - 1) < (uint16_t)(r->prod - old);
}

void ring_kick(Ring *r)
{
    if (ring_publish(r)) {
        doorbell(r->f, r->qp, r->rx ? BNY_DB_RX : BNY_DB_TX, r->prod);
    }
}

/* Tell the device how far completions were consumed */
void ring_ack(Ring *r)
{
    qtest_writew(r->f->nic->qts,
                 r->shadow + offsetof(struct bny_shadow, cq_cons), r->cons);
}

void tx_desc(Ring *r, const struct bny_tx_desc *desc)
{
    ring_write(r, r->prod++, desc);
}

/*
 * One buffer with @data, and what else @desc says of it. It isn't published
 * yet.
 */
void tx_put_desc(Ring *r, const void *data, size_t len, struct bny_tx_desc desc)
{
    uint64_t addr = nic_alloc(r->f->nic, len);

    qtest_memwrite(r->f->nic->qts, addr, data, len);
    desc.addr = cpu_to_le64(addr);
    desc.len = cpu_to_le32(len);
    tx_desc(r, &desc);
}

void tx_put(Ring *r, const void *data, size_t len, uint32_t cmd)
{
    tx_put_desc(r, data, len, (struct bny_tx_desc) {
        .cmd = cpu_to_le32(cmd),
    });
}

void tx_send(Ring *r, const void *data, size_t len)
{
    tx_put(r, data, len, BNY_TX_CMD_EOP);
    ring_kick(r);
}

/*
 * A ring of as many buffers as it takes. They are all the same one, and the
 * same for all such rings: its content isn't looked at
 */
void rx_start_sink(Ring *r, Func *f)
{
    struct bny_rx_desc desc[BNY_RING_DEPTH_MAX] = { };

    ring_config(r, f, 0, true, BNY_RING_DEPTH_MAX);
    if (!f->nic->sink) {
        uint64_t addr = nic_alloc(f->nic, BNY_RX_BUF_LEN_MIN);

        f->nic->sink = nic_alloc(f->nic, sizeof(desc));
        for (unsigned i = 0; i < BNY_RING_DEPTH_MAX; i++) {
            desc[i].addr = cpu_to_le64(addr);
            desc[i].len = cpu_to_le32(BNY_RX_BUF_LEN_MIN);
        }
        qtest_memwrite(f->nic->qts, f->nic->sink, desc, sizeof(desc));
    }
    r->base = f->nic->sink;
    write_address(r, RING_REG(r, BASE_LO), r->base);
    ring_enable(r);
    assert_no_error(f);
    r->prod = BNY_RING_DEPTH_MAX;
    ring_kick(r);
}

/* Post receive buffers; a buffer's name is the ring index it was posted at */
void rx_post(Ring *r, unsigned buffers, uint32_t len)
{
    for (unsigned i = 0; i < buffers; i++, r->prod++) {
        struct bny_rx_desc desc = {
            .addr = cpu_to_le64(nic_alloc(r->f->nic, len)),
            .len = cpu_to_le32(len),
            .buf_id = cpu_to_le16(r->prod),
        };

        ring_write(r, r->prod, &desc);
    }
    ring_kick(r);
}

/* The next completion, if it is there now; it isn't consumed */
bool cq_peek(Ring *r, void *cqe)
{
    bool phase = !(r->cons & r->depth);
    uint32_t flags;

    qtest_memread(r->f->nic->qts,
                  r->cq + (r->cons & (r->depth - 1)) * BNY_ENTRY_SIZE, cqe,
                  BNY_ENTRY_SIZE);
    flags = ldl_le_p((uint8_t *)cqe + offsetof(struct bny_rx_cqe, flags));
    return !!(flags & BNY_CQE_PHASE) == phase;
}

/* Wait for the next completion and consume it */
bool cq_next(Ring *r, void *cqe)
{
    for (unsigned i = 0; !cq_peek(r, cqe); i++) {
        if (i == STEPS_MAX) {
            return false;
        }
        qtest_clock_step(r->f->nic->qts, 10 * 1000);
    }
    r->cons++;
    ring_ack(r);
    return true;
}

/* Wait until all descriptors before @index are done */
bool tx_completed(Ring *r, uint16_t index)
{
    struct bny_tx_cqe cqe;

    while (cq_next(r, &cqe)) {
        g_assert_cmpuint(FIELD_GET(BNY_CQE_TYPE, le32_to_cpu(cqe.flags)), ==,
                         BNY_CQE_TX);
        if ((int16_t)(le16_to_cpu(cqe.index) - index) >= 0) {
            return true;
        }
    }
    return false;
}

void port_start_with(Port *p, Func *f, uint32_t features)
{
    p->f = f;
    mac_of(f->index, p->mac);
    reg_write(f, BNY_REG_FEATURES, features);
    reg_write(f, BNY_REG_MAX_FRAME, BNY_MTU_MAX + 22);
    func_up(f);
    ring_start(&p->rx, f, 0, true, PORT_DEPTH);
    ring_start(&p->tx, f, 0, false, PORT_DEPTH);
    rx_post(&p->rx, PORT_BUFFERS, PORT_BUF_LEN);
}

void port_start(Port *p, Func *f)
{
    port_start_with(p, f, 0);
}

/* Two VFs that take part */
Nic *start_pair_with(Port *a, Port *b, uint32_t a_features, uint32_t b_features)
{
    Nic *nic = nic_start(",vfs=2");

    nic_enable_vfs(nic, 2);
    port_start_with(a, &nic->vf[0], a_features);
    port_start_with(b, &nic->vf[1], b_features);
    return nic;
}

Nic *start_pair(Port *a, Port *b)
{
    return start_pair_with(a, b, 0, 0);
}
