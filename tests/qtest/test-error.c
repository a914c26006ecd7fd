/*
 * Banyan qtests: what a driver must not do latches an error, is counted, and
 * ends with a reset; nothing else happens (datasheet, chapter 3, "Errors")
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

#define QP      1
#define DEPTH   BNY_RING_DEPTH_MIN

static Packet packet;
static uint8_t frame[60];

static uint32_t ring_info(bool rx, uint16_t index)
{
    return FIELD_PREP(BNY_ERROR_INFO_QUEUE_PAIR, QP) |
           (rx ? BNY_ERROR_INFO_RX : 0) |
           FIELD_PREP(BNY_ERROR_INFO_INDEX, index);
}

/* VF 0 is the one that errs; VF 1 sends to it and must not suffer */
static Nic *start(Port *other)
{
    Nic *nic = nic_start(",vfs=2");
    Func *vf = &nic->vf[0];

    nic_enable_vfs(nic, 2);
    port_start(other, &nic->vf[1]);
    func_up(vf);
    reg_write(vf, BNY_REG_FEATURES, BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO);
    frame_build(frame, other->mac, other->mac, sizeof(frame), 0);
    return nic;
}

/*
 * Latched once, counted once as the @nth error; the other VF and the PF live
 * on; reset heals
 */
static void recover(Nic *nic, Port *other, enum bny_error error, unsigned nth)
{
    Func *vf = &nic->vf[0];
    Ring tx;

    assert_error(vf, error);
    g_assert_cmpuint(counter(vf, BNY_CNT_ERRORS), ==, nth);
    assert_no_error(&nic->pf);
    assert_no_error(other->f);

    /* the first error is the one that is told */
    reg_write(vf, BNY_REG_MAGIC, 0);
    assert_error(vf, error);
    g_assert_cmpuint(counter(vf, BNY_CNT_ERRORS), ==, nth);

    func_reset(vf);
    assert_no_error(vf);
    ring_start(&tx, vf, QP, false, DEPTH);
    tx_send(&tx, frame, sizeof(frame));
    g_assert_true(rx_packet(&other->rx, &packet));
    g_assert_true(tx_completed(&tx, 1));
    ring_disable(&tx);
}

static void finish(Nic *nic, Port *other, enum bny_error error)
{
    recover(nic, other, error, 1);
    nic_stop(nic);
}

/* One transmit descriptor, and what it latches */
typedef struct TxCase {
    const char *name;
    enum bny_error error;
    struct bny_tx_desc desc;
} TxCase;

#define ADDR        const_le64(0x00200000)
#define EOP         BNY_TX_CMD_EOP
#define TSO(hdr_len_, mss_) \
    { .addr = ADDR, .len = const_le32(600), \
      .cmd = const_le32(EOP | FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_TCPV4)), \
      .l4_off = const_le16(TCP4_L4_OFF), \
      .csum_off = const_le16(TCP4_CSUM_OFF), \
      .hdr_len = const_le16(hdr_len_), .mss = const_le16(mss_), \
      .l3_off = TCP4_L3_OFF }

static const TxCase tx_cases[] = {
    { "tx-address-0", BNY_ERR_DESC_ADDR,
      { .len = const_le32(60), .cmd = const_le32(EOP) } },
    { "tx-length-0", BNY_ERR_DESC_LEN,
      { .addr = ADDR, .cmd = const_le32(EOP) } },
    { "tx-length-over-maximum", BNY_ERR_DESC_LEN,
      { .addr = ADDR, .len = const_le32(BNY_TX_BUF_LEN_MAX + 1),
        .cmd = const_le32(EOP) } },
    { "tx-length-all-ones", BNY_ERR_DESC_LEN,
      { .addr = ADDR, .len = const_le32(0xffffffff),
        .cmd = const_le32(EOP) } },
    { "tx-frame-too-short", BNY_ERR_FRAME_LEN,
      { .addr = ADDR, .len = const_le32(BNY_FRAME_LEN_MIN - 1),
        .cmd = const_le32(EOP) } },
    { "tx-frame-too-long", BNY_ERR_FRAME_LEN,
      { .addr = ADDR, .len = const_le32(BNY_MTU_MAX + 23),
        .cmd = const_le32(EOP) } },
    { "tx-reserved-command", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60),
        .cmd = const_le32(EOP | BIT(31)) } },
    { "tx-reserved-timestamp", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60),
        .cmd = const_le32(EOP | BNY_TX_CMD_TSTAMP) } },
    { "tx-command-not-in-features", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60),
        .cmd = const_le32(EOP | BNY_TX_CMD_VLAN) } },
    { "tx-uso-not-in-features", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(600),
        .cmd = const_le32(EOP | FIELD_PREP(BNY_TX_CMD_GSO, BNY_GSO_UDP)),
        .hdr_len = const_le16(42), .mss = const_le16(100) } },
    { "tx-unknown-gso", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(600),
        .cmd = const_le32(EOP | BNY_TX_CMD_GSO),
        .hdr_len = const_le16(42), .mss = const_le16(100) } },
    { "tx-first-unknown-gso", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(600),
        .cmd = const_le32(EOP | FIELD_PREP(BNY_TX_CMD_GSO,
                                           BNY_GSO_UDP + 1)),
        .hdr_len = const_le16(42), .mss = const_le16(100) } },
    { "tx-gso-mss-0", BNY_ERR_DESC_CMD, TSO(TCP4_HDR_LEN, 0) },
    { "tx-gso-headers-0", BNY_ERR_DESC_CMD, TSO(0, 100) },
    { "tx-gso-headers-over-maximum", BNY_ERR_DESC_CMD,
      TSO(BNY_GSO_HDR_LEN_MAX + 1, 100) },
    { "tx-reserved-fields", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .rsvd0 = 1 } },
    { "tx-reserved-word", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .rsvd1 = const_le16(0x8000) } },
    { "tx-tunnel-network", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .outer_l3_off = 1 } },
    { "tx-tunnel-transport", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .outer_l4_off = 1 } },
    { "tx-unused-checksum", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .l4_off = const_le16(34) } },
    { "tx-unused-checksum-field", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .csum_off = const_le16(6) } },
    { "tx-unused-headers", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60),
        .cmd = const_le32(EOP | BNY_TX_CMD_CSUM),
        .l4_off = const_le16(34), .hdr_len = const_le16(42) } },
    { "tx-unused-mss", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .mss = const_le16(100) } },
    { "tx-unused-l3", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .l3_off = 14 } },
    { "tx-unused-tag", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(60), .cmd = const_le32(EOP),
        .vlan_tci = const_le16(1) } },
    { "tx-address-not-memory", BNY_ERR_DMA,
      { .addr = const_le64(0x7fffffff0000), .len = const_le32(60),
        .cmd = const_le32(EOP) } },
    { "tx-address-wraps", BNY_ERR_DMA,
      { .addr = const_le64(0xfffffffffffffff0), .len = const_le32(60),
        .cmd = const_le32(EOP) } },
};

static void test_tx_case(const void *data)
{
    const TxCase *c = data;
    struct bny_tx_cqe cqe;
    Port other;
    Nic *nic = start(&other);
    Ring tx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    tx_put(&tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    tx_desc(&tx, &c->desc);
    tx_put(&tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    ring_kick(&tx);
    g_assert_true(rx_packet(&other.rx, &packet));
    nic_settle(nic);
    assert_error_info(&nic->vf[0], c->error, ring_info(false, 1));
    assert_nothing_received(&other.rx);
    while (cq_peek(&tx, &cqe)) {
        g_assert_cmpuint(le16_to_cpu(cqe.index), ==, 1);
        tx.cons++;
    }
    finish(nic, &other, c->error);
}

/* A frame for @to's queue pair QP: all hashes lead there */
static void send_to_qp(Port *from, Func *to)
{
    uint8_t tcp[TCP4_HDR_LEN], mac[6];
    size_t len;

    for (unsigned i = 0; i < BNY_REG_COUNT_RSS_TABLE; i++) {
        reg_write(to, BNY_REG_AT(RSS_TABLE, i), QP * 0x01010101);
    }
    reg_write(to, BNY_REG_RSS_CTRL, BNY_RSS_ENABLE |
              FIELD_PREP(BNY_RSS_TYPES, BNY_RSS_TYPE_IPV4));
    mac_of(to->index, mac);
    len = tcp4_build(tcp, mac, from->mac, 0);
    tx_send(&from->tx, tcp, len);
    g_assert_true(tx_completed(&from->tx, from->tx.prod));
}

/* One receive descriptor, and what it latches when a frame comes */
typedef struct RxCase {
    const char *name;
    enum bny_error error;
    struct bny_rx_desc desc;
} RxCase;

static const RxCase rx_cases[] = {
    { "rx-address-0", BNY_ERR_DESC_ADDR, { .len = const_le32(2048) } },
    { "rx-length-0", BNY_ERR_DESC_LEN, { .addr = ADDR } },
    { "rx-length-under-minimum", BNY_ERR_DESC_LEN,
      { .addr = ADDR, .len = const_le32(BNY_RX_BUF_LEN_MIN - 1) } },
    { "rx-length-over-maximum", BNY_ERR_DESC_LEN,
      { .addr = ADDR, .len = const_le32(BNY_RX_BUF_LEN_MAX + 1) } },
    { "rx-header-split", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .hdr_addr = ADDR, .len = const_le32(2048) } },
    { "rx-reserved-field", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(2048),
        .rsvd0 = const_le16(0x8000) } },
    { "rx-reserved-word", BNY_ERR_DESC_CMD,
      { .addr = ADDR, .len = const_le32(2048),
        .rsvd1 = const_le64(1ull << 63) } },
    { "rx-address-not-memory", BNY_ERR_DMA,
      { .addr = const_le64(0x7fffffff0000), .len = const_le32(2048) } },
};

static void test_rx_case(const void *data)
{
    const RxCase *c = data;
    Port other;
    Nic *nic = start(&other);
    Ring rx;

    ring_start(&rx, &nic->vf[0], QP, true, DEPTH);
    ring_write(&rx, rx.prod++, &c->desc);
    ring_kick(&rx);
    send_to_qp(&other, &nic->vf[0]);
    nic_settle(nic);
    assert_error_info(&nic->vf[0], c->error, ring_info(true, 0));
    finish(nic, &other, c->error);
}

static void test_chain_without_end(void)
{
    Port other;
    Nic *nic = start(&other);
    Ring tx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    for (unsigned i = 0; i < DEPTH; i++) {
        tx_put(&tx, frame, 32, 0);
    }
    ring_kick(&tx);
    nic_settle(nic);
    finish(nic, &other, BNY_ERR_DESC_CHAIN);
}

static void test_chain_too_long(void)
{
    Port other;
    Nic *nic = start(&other);
    Ring tx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    for (unsigned i = 0; i <= BNY_TX_BUFS_MAX; i++) {
        tx_put(&tx, frame, 32, i == BNY_TX_BUFS_MAX ? BNY_TX_CMD_EOP : 0);
    }
    ring_kick(&tx);
    nic_settle(nic);
    finish(nic, &other, BNY_ERR_DESC_CHAIN);
}

/* A frame whose buffers are fine, but not all together */
static void test_sum_too_long(void)
{
    static uint8_t data[BNY_MTU_MAX];
    Port other;
    Nic *nic = start(&other);
    Ring tx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    tx_put(&tx, data, sizeof(data), 0);
    tx_put(&tx, data, 23, BNY_TX_CMD_EOP);
    ring_kick(&tx);
    nic_settle(nic);
    finish(nic, &other, BNY_ERR_FRAME_LEN);
}

static void test_gso_sum_too_long(void)
{
    static uint8_t data[BNY_GSO_LEN_MAX];
    Port other;
    Nic *nic = start(&other);
    Ring tx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    tx_put_desc(&tx, data, BNY_TX_BUF_LEN_MAX, tcp4_tso(1448));
    tx_put(&tx, data, BNY_GSO_LEN_MAX - BNY_TX_BUF_LEN_MAX + 1,
           BNY_TX_CMD_EOP);
    ring_kick(&tx);
    nic_settle(nic);
    finish(nic, &other, BNY_ERR_FRAME_LEN);
}

static void test_depths(void)
{
    static const uint32_t bad[] = { 0, 1, 32, 63, 65, 100, 4095, 4097, 8192,
                                    0xffff };
    Port other;
    Nic *nic = start(&other);

    for (unsigned i = 0; i < 2 * ARRAY_SIZE(bad); i++) {
        bool rx = i & 1;
        Ring r;

        g_test_message("%s depth %u", rx ? "rx" : "tx", bad[i / 2]);
        ring_config(&r, &nic->vf[0], QP, rx, DEPTH);
        reg_write(&nic->vf[0], rx ? BNY_REG_AT(RX_DEPTH, QP) :
                                    BNY_REG_AT(TX_DEPTH, QP), bad[i / 2]);
        ring_enable(&r);
        assert_error_info(&nic->vf[0], BNY_ERR_RING_CONFIG, ring_info(rx, 0));
        recover(nic, &other, BNY_ERR_RING_CONFIG, i + 1);
    }
    nic_stop(nic);
}

/* Enabled with an address of 0, of each kind */
static void test_ring_addresses(void)
{
    static const uint32_t lo[] = {
        BNY_REG_AT(TX_BASE_LO, QP), BNY_REG_AT(TX_CQ_LO, QP),
        BNY_REG_AT(TX_SHADOW_LO, QP), BNY_REG_AT(RX_BASE_LO, QP),
        BNY_REG_AT(RX_CQ_LO, QP), BNY_REG_AT(RX_SHADOW_LO, QP),
    };
    Port other;
    Nic *nic = start(&other);

    for (unsigned i = 0; i < ARRAY_SIZE(lo); i++) {
        bool rx = i >= 3;
        Ring r;

        ring_config(&r, &nic->vf[0], QP, rx, DEPTH);
        reg_write(&nic->vf[0], lo[i], 0);
        ring_enable(&r);
        assert_error_info(&nic->vf[0], BNY_ERR_RING_CONFIG, ring_info(rx, 0));
        recover(nic, &other, BNY_ERR_RING_CONFIG, i + 1);
    }
    nic_stop(nic);
}

/* Address bits that alignment forbids can't even be written */
static void test_ring_alignment(void)
{
    Port other;
    Nic *nic = start(&other);

    reg_write(&nic->vf[0], BNY_REG_AT(TX_BASE_LO, QP), 0x100020);
    assert_error_info(&nic->vf[0], BNY_ERR_REG_VALUE,
                      BNY_REG_AT(TX_BASE_LO, QP));
    finish(nic, &other, BNY_ERR_REG_VALUE);
}

static void test_vector(void)
{
    Port other;
    Nic *nic = start(&other);
    unsigned vectors = FIELD_GET(BNY_LIMITS_VECTORS,
                                 reg_read(&nic->vf[0], BNY_REG_LIMITS));
    Ring r;

    ring_config(&r, &nic->vf[0], QP, false, DEPTH);
    reg_write(&nic->vf[0], BNY_REG_AT(QP_VECTOR, QP), vectors);
    assert_no_error(&nic->vf[0]);
    ring_enable(&r);
    assert_error_info(&nic->vf[0], BNY_ERR_RING_CONFIG, ring_info(false, 0));
    finish(nic, &other, BNY_ERR_RING_CONFIG);
}

/* The registers of a ring that runs are not to be touched */
static void test_config_while_enabled(void)
{
    static const uint32_t regs[] = {
        BNY_REG_AT(TX_DEPTH, QP), BNY_REG_AT(TX_BASE_LO, QP),
        BNY_REG_AT(TX_BASE_HI, QP), BNY_REG_AT(TX_CQ_LO, QP),
        BNY_REG_AT(TX_CQ_HI, QP), BNY_REG_AT(TX_SHADOW_LO, QP),
        BNY_REG_AT(TX_SHADOW_HI, QP), BNY_REG_AT(QP_VECTOR, QP),
        BNY_REG_AT(RX_DEPTH, QP), BNY_REG_AT(RX_BASE_LO, QP),
        BNY_REG_AT(RX_BASE_HI, QP), BNY_REG_AT(RX_CQ_LO, QP),
        BNY_REG_AT(RX_CQ_HI, QP), BNY_REG_AT(RX_SHADOW_LO, QP),
        BNY_REG_AT(RX_SHADOW_HI, QP), BNY_REG_AT(QP_VECTOR, QP),
    };
    Port other;
    Nic *nic = start(&other);
    Func *vf = &nic->vf[0];

    for (unsigned i = 0; i < ARRAY_SIZE(regs); i++) {
        uint32_t value;
        Ring r;

        ring_start(&r, vf, QP, i >= ARRAY_SIZE(regs) / 2, DEPTH);
        value = reg_read(vf, regs[i]);
        reg_write(vf, regs[i], 0);
        g_assert_cmphex(reg_read(vf, regs[i]), ==, value);
        recover(nic, &other, BNY_ERR_RING_CONFIG, i + 1);
    }
    nic_stop(nic);
}

/* Registers of the other ring may be */
static void test_config_of_other_ring(void)
{
    Port other;
    Nic *nic = start(&other);
    Ring tx, rx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    ring_config(&rx, &nic->vf[0], QP, true, 2 * DEPTH);
    ring_enable(&rx);
    assert_no_error(&nic->vf[0]);
    nic_stop(nic);
}

static void check_doorbell(bool rx, uint16_t prod, bool shadow)
{
    Port other;
    Nic *nic = start(&other);
    Ring r;

    ring_start(&r, &nic->vf[0], QP, rx, DEPTH);
    r.prod = shadow ? prod : 0;
    ring_publish(&r);
    doorbell(r.f, QP, rx ? BNY_DB_RX : BNY_DB_TX, shadow ? 1 : prod);
    if (rx && shadow) {
        /* a receive ring is looked at when there is something to receive */
        send_to_qp(&other, r.f);
    }
    nic_settle(nic);
    finish(nic, &other, BNY_ERR_DOORBELL);
}

static void test_doorbell_tx(void)
{
    check_doorbell(false, DEPTH + 1, false);
    check_doorbell(false, 0xffff, false);
}

static void test_doorbell_rx(void)
{
    check_doorbell(true, DEPTH + 1, false);
}

static void test_shadow_tx(void)
{
    check_doorbell(false, DEPTH + 1, true);
    check_doorbell(false, 0x8000, true);
}

static void test_shadow_rx(void)
{
    check_doorbell(true, DEPTH + 1, true);
}

/* As far ahead as the ring is deep is not too far */
static void test_doorbell_full_ring(void)
{
    Port other;
    Nic *nic = start(&other);
    Ring tx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    for (unsigned i = 0; i < DEPTH; i++) {
        tx_put(&tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
    }
    ring_kick(&tx);
    g_assert_true(tx_completed(&tx, DEPTH));
    assert_no_error(&nic->vf[0]);
    nic_stop(nic);
}

/* What the driver leaves of its half of the shadow record is zero */
static void check_shadow_reserved(bool rx)
{
    static const unsigned at[] = {
        0, 13, sizeof_field(struct bny_shadow, rsvd0) - 1,
    };
    Port other;
    Nic *nic = start(&other);

    for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
        Ring r;

        ring_start(&r, &nic->vf[0], QP, rx, DEPTH);
        qtest_writeb(nic->qts, r.shadow + at[i] +
                     offsetof(struct bny_shadow, rsvd0), 0x80);
        r.prod = 1;
        ring_kick(&r);
        if (rx) {
            send_to_qp(&other, r.f);
        }
        nic_settle(nic);
        assert_error_info(r.f, BNY_ERR_DOORBELL, ring_info(rx, r.prod));
        recover(nic, &other, BNY_ERR_DOORBELL, i + 1);
    }
    nic_stop(nic);
}

static void test_shadow_reserved_tx(void)
{
    check_shadow_reserved(false);
}

static void test_shadow_reserved_rx(void)
{
    check_shadow_reserved(true);
}

/* The driver never says that it has seen completions */
static void test_cq_overrun(void)
{
    Port other;
    Nic *nic = start(&other);
    Ring tx;

    ring_start(&tx, &nic->vf[0], QP, false, DEPTH);
    for (unsigned i = 0; i <= DEPTH; i++) {
        tx_send(&tx, frame, sizeof(frame));
        nic_settle(nic);
    }
    finish(nic, &other, BNY_ERR_CQ_OVERRUN);
}

/* Rings in what isn't memory */
static void test_ring_not_memory(void)
{
    static const uint32_t hi[] = {
        BNY_REG_AT(TX_BASE_HI, QP), BNY_REG_AT(TX_CQ_HI, QP),
        BNY_REG_AT(TX_SHADOW_HI, QP),
    };
    Port other;
    Nic *nic = start(&other);

    for (unsigned i = 0; i < ARRAY_SIZE(hi); i++) {
        Ring tx;

        ring_config(&tx, &nic->vf[0], QP, false, DEPTH);
        reg_write(&nic->vf[0], hi[i], 0x7fff);
        ring_enable(&tx);
        tx_send(&tx, frame, sizeof(frame));
        doorbell(&nic->vf[0], QP, BNY_DB_TX, 1);
        nic_settle(nic);
        g_assert_cmpuint(counter(&nic->vf[0], BNY_CNT_DMA_ERRORS), ==, i + 1);
        recover(nic, &other, BNY_ERR_DMA, i + 1);
    }
    nic_stop(nic);
}

/* A latched error stops all rings of the function, the good ones too */
static void test_stops_all(void)
{
    struct bny_tx_cqe cqe;
    Port other;
    Nic *nic = start(&other);
    Func *vf = &nic->vf[0];
    Ring good, rx;
    uint8_t mac[6];

    ring_start(&good, vf, 0, false, DEPTH);
    ring_start(&rx, vf, 0, true, DEPTH);
    rx_post(&rx, 8, 2048);
    reg_write(vf, BNY_REG_MAGIC, 0);
    tx_send(&good, frame, sizeof(frame));
    doorbell(vf, 0, BNY_DB_TX, 1);
    assert_nothing_received(&other.rx);
    g_assert_false(cq_peek(&good, &cqe));

    mac_of(vf->index, mac);
    frame_build(frame, mac, other.mac, sizeof(frame), 0);
    tx_send(&other.tx, frame, sizeof(frame));
    g_assert_true(tx_completed(&other.tx, 1));
    assert_nothing_received(&rx);
    /* registers still read and write */
    reg_write(vf, BNY_REG_IRQ_ENABLE, BNY_IRQ_ERROR);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_ENABLE), ==, BNY_IRQ_ERROR);
    frame_build(frame, other.mac, other.mac, sizeof(frame), 0);
    finish(nic, &other, BNY_ERR_REG_ACCESS);
}

static void add_case(const char *name, const void *data,
                     void (*test)(const void *))
{
    g_autofree char *path = g_strdup_printf(TEST_PREFIX "error/%s", name);

    g_test_add_data_func(path, data, test);
}

void add_error_tests(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(tx_cases); i++) {
        add_case(tx_cases[i].name, &tx_cases[i], test_tx_case);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(rx_cases); i++) {
        add_case(rx_cases[i].name, &rx_cases[i], test_rx_case);
    }
    g_test_add_func(TEST_PREFIX "error/chain-without-end",
                   test_chain_without_end);
    g_test_add_func(TEST_PREFIX "error/chain-too-long", test_chain_too_long);
    g_test_add_func(TEST_PREFIX "error/sum-too-long", test_sum_too_long);
    g_test_add_func(TEST_PREFIX "error/gso-sum-too-long",
                    test_gso_sum_too_long);
    g_test_add_func(TEST_PREFIX "error/depths", test_depths);
    g_test_add_func(TEST_PREFIX "error/ring-addresses", test_ring_addresses);
    g_test_add_func(TEST_PREFIX "error/ring-alignment", test_ring_alignment);
    g_test_add_func(TEST_PREFIX "error/vector", test_vector);
    g_test_add_func(TEST_PREFIX "error/config-while-enabled",
                   test_config_while_enabled);
    g_test_add_func(TEST_PREFIX "error/config-of-other-ring",
                   test_config_of_other_ring);
    g_test_add_func(TEST_PREFIX "error/doorbell-tx", test_doorbell_tx);
    g_test_add_func(TEST_PREFIX "error/doorbell-rx", test_doorbell_rx);
    g_test_add_func(TEST_PREFIX "error/shadow-tx", test_shadow_tx);
    g_test_add_func(TEST_PREFIX "error/shadow-rx", test_shadow_rx);
    g_test_add_func(TEST_PREFIX "error/shadow-reserved-tx",
                   test_shadow_reserved_tx);
    g_test_add_func(TEST_PREFIX "error/shadow-reserved-rx",
                   test_shadow_reserved_rx);
    g_test_add_func(TEST_PREFIX "error/full-ring-is-none",
                   test_doorbell_full_ring);
    g_test_add_func(TEST_PREFIX "error/cq-overrun", test_cq_overrun);
    g_test_add_func(TEST_PREFIX "error/ring-not-memory", test_ring_not_memory);
    g_test_add_func(TEST_PREFIX "error/stops-all", test_stops_all);
}
