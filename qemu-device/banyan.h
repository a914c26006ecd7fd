/*
 * Banyan SR-IOV Ethernet controller: state and the blocks' interfaces
 *
 * Every function, PF or VF, is a BnyFunc with the same blocks. What the
 * functions share (VEB, uplink, policy of the PF) is the BnyCtrl, which lives
 * in the PF.
 *
 * Everything runs under the big QEMU lock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_H
#define HW_NET_BANYAN_H

#include "qemu/timer.h"
#include "hw/pci/pci_device.h"
#include "net/net.h"
#include "qom/object.h"

#include "include/bny_counters.h"
#include "include/bny_desc.h"
#include "include/bny_mbx.h"
#include "include/bny_pci.h"
#include "include/bny_regs.h"
#include "fault.h"
#include "toeplitz.h"
#include "veb.h"

#define TYPE_BANYAN "banyan"
OBJECT_DECLARE_SIMPLE_TYPE(BanyanState, BANYAN)

#define TYPE_BANYAN_VF "banyan-vf"
OBJECT_DECLARE_SIMPLE_TYPE(BanyanVFState, BANYAN_VF)

#define BNY_VFS_DEFAULT             63
#define BNY_PF_QUEUE_PAIRS_DEFAULT  8
#define BNY_VF_QUEUE_PAIRS_DEFAULT  4

/* Receive descriptors that are read ahead: as many as one packet may take */
#define BNY_RX_CACHE                BNY_RX_BUFS_MAX

/* What all functions of this model can do */
#define BNY_CAPS                                                        \
    (BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO | BNY_FEAT_TX_USO |             \
     BNY_FEAT_RX_CSUM | BNY_FEAT_RX_CSUM_PARTIAL | BNY_FEAT_RX_GSO |    \
     BNY_FEAT_RX_HASH)

typedef struct BnyCtrl BnyCtrl;
typedef struct BnyFunc BnyFunc;
typedef struct BnyQp BnyQp;

/* A posted receive buffer, read and checked */
typedef struct BnyRxBuf {
    uint64_t addr;
    uint32_t len;
    uint16_t id;
} BnyRxBuf;

/* Part of a completion ring that is mapped while a burst lasts */
typedef struct BnyCqWindow {
    uint8_t *ptr;
    dma_addr_t len;
    uint16_t used;          /* entries written into it */
} BnyCqWindow;

/*
 * BnyRing: transmit or receive ring with its completion ring
 *
 * What stands before @prod is saved. The rest is derived, or empty outside
 * of a burst.
 */
typedef struct BnyRing {
    uint32_t ctrl;
    uint32_t depth;
    uint32_t base_lo, base_hi;
    uint32_t cq_lo, cq_hi;
    uint32_t shadow_lo, shadow_hi;
    uint16_t cons;          /* consumer index */
    uint16_t cq_prod;       /* completion index */

    uint16_t prod;          /* producer index as last seen */
    uint16_t cq_cons;       /* the driver's consumer index as last seen */
    struct bny_shadow *shadow;
    BnyCqWindow cq;
} BnyRing;

/* In which line a queue pair stands (sched.c) */
typedef enum BnyTxState {
    BNY_TX_IDLE,            /* in none */
    BNY_TX_READY,           /* there may be something to send */
    BNY_TX_HELD,            /* it waits for the uplink */
} BnyTxState;

typedef QTAILQ_HEAD(, BnyQp) BnyQpLine;

/* BnyQp: queue pair. @tx.ring, @rx.ring and @armed are saved */
struct BnyQp {
    BnyFunc *func;
    uint16_t index;
    bool armed;
    uint32_t vector;
    uint32_t moderation;
    BnyRing tx;
    BnyRing rx;

    /* transmit */
    BnyTxState tx_state;
    QTAILQ_ENTRY(BnyQp) tx_next;

    /* receive */
    BnyRxBuf *rx_cache;     /* BNY_RX_CACHE descriptors from rx.cons on */
    uint16_t rx_cached;
    bool rx_open;           /* on the list of this burst's receivers */
    uint32_t rx_packets;    /* delivered in this burst */
    QSLIST_ENTRY(BnyQp) rx_next;

    /* interrupt moderation */
    uint32_t unsignalled;   /* packets completed since the last message */
    int64_t first_ns;       /* when the first of them was */
    QEMUTimer timer;
};

/* Messages on their way to one receiver. @ticket: of the oldest one */
typedef struct BnyMbxQueue {
    uint32_t ticket;
    uint32_t head;
    uint32_t count;
    uint32_t len[BNY_MBX_QUEUE_DEPTH];
    uint8_t data[BNY_MBX_QUEUE_DEPTH][BNY_MBX_MSG_LEN_MAX];
} BnyMbxQueue;

/* BnyFunc: what every function has */
struct BnyFunc {
    PCIDevice *pdev;
    BnyCtrl *ctrl;
    uint16_t index;
    uint16_t queue_pairs;
    uint16_t vectors;
    BnyQp *qp;

    MemoryRegion regs;
    MemoryRegion doorbells;
    MemoryRegion msix;
    bool asleep;            /* in D3hot; derived from configuration space */

    /* registers */
    uint32_t features[BNY_REG_COUNT_FEATURES];
    uint32_t max_frame;
    uint32_t generation;
    uint32_t error;
    uint32_t error_info;
    uint32_t irq_cause;
    uint32_t irq_enable;
    uint32_t rss_ctrl;
    uint32_t rss_key[BNY_REG_COUNT_RSS_KEY];
    uint32_t rss_table[BNY_REG_COUNT_RSS_TABLE];
    uint64_t counter[BNY_CNT_COUNT];
    BnyToeplitz toeplitz;   /* derived from rss_key */

    /* mailbox; the queues of the PF are not used: it reads its VFs' */
    uint32_t mbx_tx_status;
    uint32_t mbx_tx_data[BNY_REG_COUNT_MBX_TX_DATA];
    BnyMbxQueue mbx_to_pf;
    BnyMbxQueue mbx_from_pf;

    /* policy, set by the PF */
    uint32_t func_ctrl;
    uint32_t func_mac_lo;
    uint32_t func_mac_hi;
};

/* BnyCtrl: what the functions share */
struct BnyCtrl {
    BnyFunc *func[BNY_FUNCTIONS_MAX];
    uint32_t funcs;                 /* that exist, enabled or not */
    uint32_t faults;                /* BIT(BNY_FAULT_*) */

    /* registers of the PF alone */
    uint32_t func_reset_event[BNY_REG_COUNT_FUNC_RESET_EVENT];
    uint32_t veb_mac_lo;
    uint32_t veb_mac_hi;
    uint32_t veb_result;
    BnyVeb veb;
    uint32_t mbx_sender;            /* whose message the PF sees; 0: none */

    /* for the saved state only; what was saved stays until the next time */
    BnyVebEntry *veb_saved;
    uint32_t veb_saved_count;

    /* uplink */
    NICState *nic;
    bool has_vnet;
    bool has_uso;
    unsigned uplink_queued;         /* packets of a frame; see uplink.c */

    /* transmit */
    QEMUBH *bh;
    BnyQpLine tx_ready;
    BnyQpLine tx_held;
    unsigned bursts;                /* under way; one may be in another */
    unsigned work_frames;           /* done in this go: delivered, or sent */
    uint64_t work_bytes;

    QSLIST_HEAD(, BnyQp) rx_open;   /* receivers of this burst */
};

struct BanyanState {
    PCIDevice parent_obj;

    BnyFunc func;
    BnyCtrl ctrl;

    NICConf conf;
    uint32_t vfs;
    uint32_t queue_pairs;
    uint32_t vectors;
    uint32_t vf_queue_pairs;
    uint32_t vf_vectors;
    VMChangeStateEntry *vm_state;
};

struct BanyanVFState {
    PCIDevice parent_obj;

    BnyFunc func;
};

extern const VMStateDescription vmstate_banyan;
extern const VMStateDescription vmstate_banyan_vf;

/* func.c: a function as a whole */
bool bny_func_init(BnyFunc *f, PCIDevice *pdev, BnyCtrl *ctrl, unsigned index,
                   unsigned queue_pairs, unsigned vectors, Error **errp);
void bny_func_exit(BnyFunc *f);
void bny_func_write_config(BnyFunc *f, uint32_t addr, uint32_t val, int len);
void bny_func_reset_hold(BnyFunc *f);
void bny_func_update_power(BnyFunc *f);
bool bny_func_accepts(void *opaque, hwaddr addr, unsigned size, bool is_write,
                      MemTxAttrs attrs);
uint32_t bny_func_status(const BnyFunc *f);
uint32_t bny_func_limits(const BnyFunc *f);
uint32_t bny_func_link(const BnyFunc *f);
void bny_func_set_ctrl(BnyFunc *f, uint32_t val);
bool bny_func_rings_enabled(const BnyFunc *f);
void bny_func_resume(BnyFunc *f);

/*
 * Latch an error: all rings of the function stop. The first one counts.
 * @info: ERROR_INFO
 */
void bny_func_fail(BnyFunc *f, enum bny_error code, uint32_t info);
void bny_qp_fail(BnyQp *qp, bool rx, enum bny_error code, uint16_t index);

static inline bool bny_func_is_vf(const BnyFunc *f)
{
    return f->index != BNY_FUNC_PF;
}

/* counters.c */
uint32_t bny_counter_read(const BnyFunc *f, unsigned half);

static inline void bny_count_add(BnyFunc *f, enum bny_counter c, uint64_t n)
{
    f->counter[c] += n;
}

static inline void bny_count(BnyFunc *f, enum bny_counter c)
{
    f->counter[c]++;
}

/* regs.c */
extern const MemoryRegionOps bny_regs_ops;
void bny_regs_reset(BnyFunc *f);
bool bny_features_valid(uint32_t i, uint32_t val);
void bny_rss_update_key(BnyFunc *f);

/* doorbell.c */
extern const MemoryRegionOps bny_doorbell_ops;

/* reset.c */
void bny_reset_func(BnyFunc *f);

/* mailbox.c */
void bny_mbx_send(BnyFunc *f, uint32_t val);
uint32_t bny_mbx_rx(BnyFunc *f);
uint32_t bny_mbx_rx_data(BnyFunc *f, unsigned word);
void bny_mbx_ack(BnyFunc *f, uint32_t val);
void bny_mbx_reset(BnyFunc *f);
bool bny_mbx_valid(const BnyFunc *f);

/* intr.c */
void bny_irq_raise(BnyFunc *f, uint32_t causes);
void bny_irq_clear(BnyFunc *f, uint32_t causes);
void bny_irq_set_enable(BnyFunc *f, uint32_t causes);
void bny_intr_init(BnyQp *qp);
void bny_intr_exit(BnyQp *qp);
void bny_intr_reset(BnyQp *qp);
void bny_intr_arm(BnyQp *qp, bool on);
void bny_intr_set_moderation(BnyQp *qp, uint32_t val);
void bny_intr_completed(BnyQp *qp, unsigned packets);
void bny_intr_resume(BnyQp *qp);

/* queue.c: what transmit and receive rings have in common */
static inline bool bny_ring_enabled(const BnyRing *r)
{
    return r->ctrl & BNY_RING_ENABLE;
}

static inline uint64_t bny_addr(uint32_t lo, uint32_t hi)
{
    return (uint64_t)hi << 32 | lo;
}

static inline bool bny_qp_is_rx(const BnyQp *qp, const BnyRing *r)
{
    return r == &qp->rx;
}

/* May the device work on the ring? */
static inline bool bny_ring_runs(const BnyQp *qp, const BnyRing *r)
{
    return bny_ring_enabled(r) && !qp->func->error && !qp->func->asleep;
}

bool bny_ring_config_valid(const BnyQp *qp, const BnyRing *r);
void bny_ring_set_ctrl(BnyQp *qp, BnyRing *r, uint32_t val);
void bny_ring_reset(BnyQp *qp, BnyRing *r);
bool bny_ring_open(BnyQp *qp, BnyRing *r);
void bny_ring_close(BnyQp *qp, BnyRing *r);
bool bny_ring_prod(BnyQp *qp, BnyRing *r);
bool bny_ring_wait(BnyQp *qp, BnyRing *r);
bool bny_ring_read(BnyQp *qp, BnyRing *r, uint16_t index, void *entries,
                   unsigned n);
bool bny_ring_unseen(BnyQp *qp, BnyRing *r);
bool bny_cq_put(BnyQp *qp, BnyRing *r, const void *cqe, uint32_t flags);

/* tx.c */
BnyTxState bny_tx_run(BnyQp *qp);

/* sched.c: whose turn it is to send */
void bny_sched_init(BnyCtrl *ctrl, DeviceState *dev);
void bny_sched_exit(BnyCtrl *ctrl);
void bny_sched_kick(BnyQp *qp);
void bny_sched_cancel(BnyQp *qp);
void bny_sched_resume(BnyCtrl *ctrl);
bool bny_sched_may_go_on(const BnyCtrl *ctrl);

/* A frame of @len bytes has been handled: delivered, sent, or looked at */
static inline void bny_sched_count(BnyCtrl *ctrl, uint32_t len)
{
    ctrl->work_frames++;
    ctrl->work_bytes += len;
}

/* uplink.c */
void bny_uplink_init(BnyCtrl *ctrl, NICConf *conf, DeviceState *dev);
void bny_uplink_exit(BnyCtrl *ctrl);
bool bny_uplink_is_up(const BnyCtrl *ctrl);
bool bny_uplink_has_peer(const BnyCtrl *ctrl);

#endif /* HW_NET_BANYAN_H */
