/*
 * Banyan SR-IOV Ethernet controller: the types that all files share
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
#include "include/bny_ctrl.h"
#include "include/bny_desc.h"
#include "include/bny_mbx.h"
#include "include/bny_pci.h"
#include "include/bny_regs.h"
#include "toeplitz.h"
#include "veb.h"

#define TYPE_BANYAN "banyan"
OBJECT_DECLARE_SIMPLE_TYPE(BanyanState, BANYAN)

#define TYPE_BANYAN_VF "banyan-vf"
OBJECT_DECLARE_SIMPLE_TYPE(BanyanVFState, BANYAN_VF)

#define TYPE_BANYAN_PORT "banyan-port"
OBJECT_DECLARE_SIMPLE_TYPE(BanyanPort, BANYAN_PORT)

#define BANYAN_VFS_DEFAULT             63
#define BANYAN_PF_QUEUE_PAIRS_DEFAULT  8
#define BANYAN_VF_QUEUE_PAIRS_DEFAULT  4

/* Receive descriptors that are read ahead: as many as one packet may take */
#define BANYAN_RX_CACHE                BNY_RX_BUFS_MAX

#define BANYAN_MESSAGE_WORDS        DIV_ROUND_UP(BNY_PF_VECTORS_MAX, 32)

/* What all functions of this model can do */
#define BANYAN_CAPS                                                        \
    (BNY_FEAT_TX_CSUM | BNY_FEAT_TX_TSO | BNY_FEAT_TX_USO |             \
     BNY_FEAT_RX_CSUM | BNY_FEAT_RX_CSUM_PARTIAL | BNY_FEAT_RX_GSO |    \
     BNY_FEAT_RX_HASH)

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
    BANYAN_TX_HELD,            /* it waits for the wire */
} BanyanTxState;

typedef QTAILQ_HEAD(, BanyanQp) BanyanQpLine;

/*
 * How far a frame has come that was left off in the middle. What it is, and
 * where it goes, is found anew when it goes on.
 */
typedef struct BanyanMark {
    uint32_t stage;         /* enum banyan_stage */
    uint32_t segment;       /* the first that isn't all done */
    uint32_t func;          /* the first that hasn't got that one */
    BanyanFuncSet lost;     /* who has had no room for one, and gets no more */
} BanyanMark;

/* A packet that waits for the wire */
typedef struct BanyanWirePacket {
    QSIMPLEQ_ENTRY(BanyanWirePacket) next;
    uint32_t len;
    uint8_t data[];
} BanyanWirePacket;

/* BanyanQp: queue pair. Its rings, @armed and @tx_mark are saved */
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
    int tx_credit;          /* work that it may have done, before others */
    BanyanMark tx_mark;     /* of the frame at tx.cons */

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

/* BanyanControl: control queue. What stands before @waits is saved */
typedef struct BanyanControl {
    uint32_t ctrl;
    uint32_t depth;
    uint32_t base_lo, base_hi;
    uint32_t cq_lo, cq_hi;
    uint16_t cons;          /* the command that is next; all before are done */
    uint16_t prod;          /* from the doorbell */

    bool waits;             /* in the line of those that have commands */
    QTAILQ_ENTRY(BanyanFunc) next;
} BanyanControl;

/* BanyanPolicy: what the PF has set for a function; see policy.h */
typedef struct BanyanPolicy {
    uint32_t flags;         /* BNY_POLICY_* */
    uint8_t mac[6];         /* permanent address; the PF's is a property */
    uint16_t vlan_tci;      /* port VLAN's tag */
    uint16_t vlan_tpid;     /* 0: none */
    uint8_t link;           /* enum bny_policy_link */
    uint8_t note;           /* of the driver's, for the next one */
} BanyanPolicy;

/* BanyanBucket: of credit; see rate.c */
typedef struct BanyanBucket {
    int64_t credit;
    int64_t filled_ns;      /* up to here */
} BanyanBucket;

/* BanyanRate: what a function may send; @min and @max are saved */
typedef struct BanyanRate {
    uint32_t min;           /* guaranteed to it, Mb/s */
    uint32_t max;           /* Mb/s; 0: no limit */
    BanyanBucket of_min;
    BanyanBucket of_max;
    QEMUTimer timer;        /* when it may go on: it is ahead of its limit */
} BanyanRate;

/* BanyanFunc: what every function has */
struct BanyanFunc {
    PCIDevice *pdev;
    BanyanPort *port;
    uint16_t index;
    uint16_t queue_pairs;
    uint16_t vectors;
    bool live;              /* between banyan_func_init() and _exit() */
    BanyanQp *qp;

    MemoryRegion regs;
    MemoryRegion doorbells;
    MemoryRegion msix;
    bool asleep;            /* in D3hot; derived from configuration space */

    /* transmit: its place among the functions, and its pairs' lines */
    bool tx_waits;
    bool tx_paused;
    QTAILQ_ENTRY(BanyanFunc) tx_next;
    int tx_credit;
    BanyanQpLine tx_ready;
    BanyanQpLine tx_held;

    /* what it has sent and the wire hasn't taken yet */
    QSIMPLEQ_HEAD(, BanyanWirePacket) wire_packets;
    QTAILQ_ENTRY(BanyanFunc) wire_next;
    uint32_t wire_bytes;
    int wire_credit;

    /* registers */
    uint32_t features[BNY_REG_COUNT_FEATURES];
    uint32_t max_frame;
    uint32_t generation;
    uint32_t error;
    uint32_t error_info;
    uint32_t irq_cause;
    uint32_t irq_enable;
    uint32_t messages[BANYAN_MESSAGE_WORDS];    /* vectors to be sent */
    uint32_t rss_ctrl;
    uint32_t rss_key[BNY_REG_COUNT_RSS_KEY];
    uint32_t rss_table[BNY_REG_COUNT_RSS_TABLE];
    uint64_t counter[BNY_CNT_COUNT];
    BanyanToeplitz toeplitz;   /* derived from rss_key */

    BanyanControl control;

    /* mailbox; the queues of the PF are not used: it reads its VFs' */
    uint32_t mbx_tx_status;
    uint32_t mbx_tx_data[BNY_REG_COUNT_MBX_TX_DATA];
    BanyanMbxQueue mbx_to_pf;
    BanyanMbxQueue mbx_from_pf;

    BanyanPolicy policy;
    BanyanRate rate;
    uint8_t vlans[BNY_VLANS / 8];   /* as in struct bny_ctrl_vlans */
};

/* BanyanPort: what the functions share */
struct BanyanPort {
    Object parent_obj;

    DeviceState *owner;             /* its guard covers the work */
    unsigned at_work;               /* work under way; see port.h */
    bool gone;
    BanyanFunc *func[BNY_FUNCTIONS_MAX];
    uint32_t funcs;                 /* that exist, enabled or not */
    uint32_t faults;                /* BIT(BANYAN_FAULT_*) */

    /* registers of the PF alone */
    uint32_t func_reset_event[BNY_REG_COUNT_FUNC_RESET_EVENT];
    BanyanVeb veb;
    uint32_t mbx_sender;            /* whose message the PF sees; 0: none */

    /* for the saved state only; what was saved stays until the next time */
    BanyanVebEntry *veb_saved;
    uint32_t veb_saved_count;

    /* interrupts */
    QEMUBH *intr_bh;
    BanyanFuncSet messages;         /* who may have some to send */

    /* control queues */
    QEMUBH *control_bh;
    QTAILQ_HEAD(, BanyanFunc) control_line;

    /* uplink */
    NICState *nic;
    bool has_vnet;
    bool has_uso;
    bool wire_waits;                /* with a frame, until work is over */
    unsigned wire_work;             /* done for the wire since the last go */
    BanyanWirePacket *wire_in;      /* frame from it, left off ... */
    BanyanMark wire_mark;           /* ... here */

    /* what goes to the wire; see egress.c */
    bool wire_busy;                 /* QEMU's net layer has a packet of ours */
    bool wire_stuck;                /* it hasn't taken any for too long */
    bool wire_odd;                  /* whose turn it is; see there */
    QEMUTimer *wire_timer;
    QTAILQ_HEAD(, BanyanFunc) wire_line;

    /* transmit */
    QEMUBH *bh;
    QTAILQ_HEAD(, BanyanFunc) tx_line;
    uint64_t guarantees;            /* rates of all functions, Mb/s */
    unsigned work;                  /* done in this go; see work.h */
    unsigned work_limit;            /* where to leave off */

    QSLIST_HEAD(, BanyanQp) rx_open;   /* receivers of this burst */
};

struct BanyanState {
    PCIDevice parent_obj;

    BanyanFunc func;
    BanyanPort *port;

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

static inline bool banyan_func_is_vf(const BanyanFunc *f)
{
    return f->index != BNY_FUNC_PF;
}

#endif /* HW_NET_BANYAN_H */
