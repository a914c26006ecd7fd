/*
 * Banyan SR-IOV Ethernet controller: state and the blocks' interfaces
 *
 * Every function, PF or VF, is a BanyanFunc with the same blocks. What the
 * functions share (VEB, uplink, policy of the PF) is the BanyanPort.
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

#define BANYAN_VFS_DEFAULT             63
#define BANYAN_PF_QUEUE_PAIRS_DEFAULT  8
#define BANYAN_VF_QUEUE_PAIRS_DEFAULT  4

/* Receive descriptors that are read ahead: as many as one packet may take */
#define BANYAN_RX_CACHE                BNY_RX_BUFS_MAX

/* What all functions of this model can do */
#define BANYAN_CAPS                                                        \
    (BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO | BNY_FEAT_TX_USO |             \
     BNY_FEAT_RX_CSUM | BNY_FEAT_RX_CSUM_PARTIAL | BNY_FEAT_RX_GSO |    \
     BNY_FEAT_RX_HASH)

typedef struct BanyanPort BanyanPort;
typedef struct BanyanFunc BanyanFunc;
typedef struct BanyanQp BanyanQp;

/* A posted receive buffer, read and checked */
typedef struct BanyanRxBuf {
    uint64_t addr;
    uint32_t len;
    uint16_t id;
} BanyanRxBuf;

/* Part of a completion ring that is mapped while a burst lasts */
typedef struct BanyanCqWindow {
    uint8_t *ptr;
    dma_addr_t len;
    uint16_t used;          /* entries written into it */
} BanyanCqWindow;

/*
 * BanyanRing: transmit or receive ring with its completion ring
 *
 * What stands before @prod is saved. The rest is derived, or empty outside
 * of a burst.
 */
typedef struct BanyanRing {
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
    BanyanCqWindow cq;
} BanyanRing;

/* In which line a queue pair stands (sched.c) */
typedef enum BanyanTxState {
    BANYAN_TX_IDLE,            /* in none */
    BANYAN_TX_READY,           /* there may be something to send */
    BANYAN_TX_HELD,            /* it waits for the uplink */
} BanyanTxState;

typedef QTAILQ_HEAD(, BanyanQp) BanyanQpLine;

/* BanyanQp: queue pair. @tx.ring, @rx.ring and @armed are saved */
struct BanyanQp {
    BanyanFunc *func;
    uint16_t index;
    bool armed;
    uint32_t vector;
    uint32_t moderation;
    BanyanRing tx;
    BanyanRing rx;

    /* transmit */
    BanyanTxState tx_state;
    QTAILQ_ENTRY(BanyanQp) tx_next;

    /* receive */
    BanyanRxBuf *rx_cache;     /* BANYAN_RX_CACHE descriptors from rx.cons on */
    uint16_t rx_cached;
    bool rx_open;           /* on the list of this burst's receivers */
    uint32_t rx_packets;    /* delivered in this burst */
    QSLIST_ENTRY(BanyanQp) rx_next;

    /* interrupt moderation */
    uint32_t unsignalled;   /* packets completed since the last message */
    int64_t first_ns;       /* when the first of them was */
    QEMUTimer timer;
};

/* Messages on their way to one receiver. @ticket: of the oldest one */
typedef struct BanyanMbxQueue {
    uint32_t ticket;
    uint32_t head;
    uint32_t count;
    uint32_t len[BNY_MBX_QUEUE_DEPTH];
    uint8_t data[BNY_MBX_QUEUE_DEPTH][BNY_MBX_MSG_LEN_MAX];
} BanyanMbxQueue;

/* BanyanFunc: what every function has */
struct BanyanFunc {
    PCIDevice *pdev;
    BanyanPort *port;
    uint16_t index;
    uint16_t queue_pairs;
    uint16_t vectors;
    BanyanQp *qp;

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
    BanyanToeplitz toeplitz;   /* derived from rss_key */

    /* mailbox; the queues of the PF are not used: it reads its VFs' */
    uint32_t mbx_tx_status;
    uint32_t mbx_tx_data[BNY_REG_COUNT_MBX_TX_DATA];
    BanyanMbxQueue mbx_to_pf;
    BanyanMbxQueue mbx_from_pf;

    /* policy, set by the PF */
    uint32_t func_ctrl;
    uint32_t func_mac_lo;
    uint32_t func_mac_hi;
};

/* BanyanPort: what the functions share */
struct BanyanPort {
    BanyanFunc *func[BNY_FUNCTIONS_MAX];
    uint32_t funcs;                 /* that exist, enabled or not */
    uint32_t faults;                /* BIT(BANYAN_FAULT_*) */

    /* registers of the PF alone */
    uint32_t func_reset_event[BNY_REG_COUNT_FUNC_RESET_EVENT];
    uint32_t veb_mac_lo;
    uint32_t veb_mac_hi;
    uint32_t veb_result;
    BanyanVeb veb;
    uint32_t mbx_sender;            /* whose message the PF sees; 0: none */

    /* for the saved state only; what was saved stays until the next time */
    BanyanVebEntry *veb_saved;
    uint32_t veb_saved_count;

    /* uplink */
    NICState *nic;
    bool has_vnet;
    bool has_uso;
    unsigned uplink_queued;         /* packets of a frame; see uplink.c */

    /* transmit */
    QEMUBH *bh;
    BanyanQpLine tx_ready;
    BanyanQpLine tx_held;
    unsigned bursts;                /* under way; one may be in another */
    unsigned work_frames;           /* done in this go: delivered, or sent */
    uint64_t work_bytes;

    QSLIST_HEAD(, BanyanQp) rx_open;   /* receivers of this burst */
};

struct BanyanState {
    PCIDevice parent_obj;

    BanyanFunc func;
    BanyanPort port;

    NICConf conf;
    uint32_t vfs;
    uint32_t queue_pairs;
    uint32_t vectors;
    uint32_t vf_queue_pairs;
    uint32_t vf_vectors;
    VMChangeStateEntry *vm_state;
    uint16_t sriov_cap;     /* offset; while state is loaded QEMU sees none */
};

struct BanyanVFState {
    PCIDevice parent_obj;

    BanyanFunc func;
};

extern const VMStateDescription vmstate_banyan;
extern const VMStateDescription vmstate_banyan_vf;

/* func.c: a function as a whole */
bool banyan_func_init(BanyanFunc *f, PCIDevice *pdev, BanyanPort *port,
                      unsigned index,
                      unsigned queue_pairs, unsigned vectors, Error **errp);
void banyan_func_exit(BanyanFunc *f);
void banyan_func_write_config(BanyanFunc *f, uint32_t addr, uint32_t val,
                              int len);
void banyan_func_reset_hold(BanyanFunc *f);
void banyan_func_update_power(BanyanFunc *f);
bool banyan_func_accepts(void *opaque, hwaddr addr, unsigned size,
                         bool is_write, MemTxAttrs attrs);
uint32_t banyan_func_status(const BanyanFunc *f);
uint32_t banyan_func_limits(const BanyanFunc *f);
uint32_t banyan_func_link(const BanyanFunc *f);
void banyan_func_set_ctrl(BanyanFunc *f, uint32_t val);
bool banyan_func_rings_enabled(const BanyanFunc *f);
void banyan_func_resume(BanyanFunc *f);

/*
 * Latch an error: all rings of the function stop. The first one counts.
 * @info: ERROR_INFO
 */
void banyan_func_fail(BanyanFunc *f, enum bny_error code, uint32_t info);
void banyan_qp_fail(BanyanQp *qp, bool rx, enum bny_error code, uint16_t index);

static inline bool banyan_func_is_vf(const BanyanFunc *f)
{
    return f->index != BNY_FUNC_PF;
}

/* counters.c */
uint32_t banyan_counter_read(const BanyanFunc *f, unsigned half);

static inline void banyan_count_add(BanyanFunc *f, enum bny_counter c,
                                    uint64_t n)
{
    f->counter[c] += n;
}

static inline void banyan_count(BanyanFunc *f, enum bny_counter c)
{
    f->counter[c]++;
}

/* regs.c */
extern const MemoryRegionOps banyan_regs_ops;
void banyan_regs_reset(BanyanFunc *f);
bool banyan_features_valid(uint32_t i, uint32_t val);
void banyan_rss_update_key(BanyanFunc *f);

/* doorbell.c */
extern const MemoryRegionOps banyan_doorbell_ops;

/* reset.c */
void banyan_reset_func(BanyanFunc *f);

/* mailbox.c */
void banyan_mbx_send(BanyanFunc *f, uint32_t val);
uint32_t banyan_mbx_rx(BanyanFunc *f);
uint32_t banyan_mbx_rx_data(BanyanFunc *f, unsigned word);
void banyan_mbx_ack(BanyanFunc *f, uint32_t val);
void banyan_mbx_reset(BanyanFunc *f);
bool banyan_mbx_valid(const BanyanFunc *f);

/* intr.c */
void banyan_irq_raise(BanyanFunc *f, uint32_t causes);
void banyan_irq_clear(BanyanFunc *f, uint32_t causes);
void banyan_irq_set_enable(BanyanFunc *f, uint32_t causes);
void banyan_intr_init(BanyanQp *qp);
void banyan_intr_exit(BanyanQp *qp);
void banyan_intr_reset(BanyanQp *qp);
void banyan_intr_arm(BanyanQp *qp, bool on);
void banyan_intr_set_moderation(BanyanQp *qp, uint32_t val);
void banyan_intr_completed(BanyanQp *qp, unsigned packets);
void banyan_intr_resume(BanyanQp *qp);

/* queue.c: what transmit and receive rings have in common */
static inline bool banyan_ring_enabled(const BanyanRing *r)
{
    return r->ctrl & BNY_RING_ENABLE;
}

static inline uint64_t banyan_addr(uint32_t lo, uint32_t hi)
{
    return (uint64_t)hi << 32 | lo;
}

static inline bool banyan_qp_is_rx(const BanyanQp *qp, const BanyanRing *r)
{
    return r == &qp->rx;
}

/*
 * May the device work on the ring? Not if the function doesn't exist: loaded
 * state may say so of a VF, and bring rings for it.
 */
static inline bool banyan_ring_runs(const BanyanQp *qp, const BanyanRing *r)
{
    return banyan_ring_enabled(r) && !qp->func->error && !qp->func->asleep &&
           qp->func->pdev->enabled;
}

bool banyan_ring_config_valid(const BanyanQp *qp, const BanyanRing *r);
void banyan_ring_set_ctrl(BanyanQp *qp, BanyanRing *r, uint32_t val);
void banyan_ring_reset(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_open(BanyanQp *qp, BanyanRing *r);
void banyan_ring_close(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_prod(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_wait(BanyanQp *qp, BanyanRing *r);
bool banyan_ring_read(BanyanQp *qp, BanyanRing *r, uint16_t index,
                      void *entries, unsigned n);
bool banyan_ring_unseen(BanyanQp *qp, BanyanRing *r);
bool banyan_cq_put(BanyanQp *qp, BanyanRing *r, const void *cqe,
                   uint32_t flags);

/* tx.c */
BanyanTxState banyan_tx_run(BanyanQp *qp);

/* sched.c: whose turn it is to send */
void banyan_sched_init(BanyanPort *port, DeviceState *dev);
void banyan_sched_exit(BanyanPort *port);
void banyan_sched_kick(BanyanQp *qp);
void banyan_sched_cancel(BanyanQp *qp);
void banyan_sched_resume(BanyanPort *port);
bool banyan_sched_may_go_on(const BanyanPort *port);

/* A frame of @len bytes has been handled: delivered, sent, or looked at */
static inline void banyan_sched_count(BanyanPort *port, uint32_t len)
{
    port->work_frames++;
    port->work_bytes += len;
}

/* uplink.c */
void banyan_uplink_init(BanyanPort *port, NICConf *conf, DeviceState *dev);
void banyan_uplink_exit(BanyanPort *port);
bool banyan_uplink_is_up(const BanyanPort *port);
bool banyan_uplink_has_peer(const BanyanPort *port);

#endif /* HW_NET_BANYAN_H */
