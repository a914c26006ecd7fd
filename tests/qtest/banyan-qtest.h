/*
 * Banyan qtests: what the test files share
 *
 * No guest runs: the tests themselves are the driver. They set up the PCI
 * hierarchy through the memory-mapped configuration space (libqos knows port
 * I/O only, which has no extended configuration space, hence no SR-IOV).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BANYAN_QTEST_H
#define BANYAN_QTEST_H

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"

#include "bny_counters.h"
#include "bny_ctrl.h"
#include "bny_desc.h"
#include "bny_mbx.h"
#include "bny_pci.h"
#include "bny_regs.h"

#define TEST_PREFIX "/banyan/"

typedef struct Nic Nic;

/**
 * Func: a function of the device
 * @index: function index
 * @devfn: on the bus behind the root port
 * @regs: BAR 0; @doorbells: BAR 2; @msix: BAR 4
 * @messages: where its MSI-X messages are written, a word a vector
 */
typedef struct Func {
    Nic *nic;
    unsigned index;
    unsigned devfn;
    uint64_t regs;
    uint64_t doorbells;
    uint64_t msix;
    uint64_t messages;
} Func;

struct Nic {
    QTestState *qts;
    uint64_t heap;
    uint64_t sink;          /* descriptors of rx_start_sink() */
    unsigned vfs;
    Func pf;
    Func vf[BNY_VFS_MAX];
};

/**
 * Ring: a transmit or receive ring, as a driver sees it
 * @prod: producer index of the ring
 * @cons: consumer index of the completion ring
 * @posted: what was last published
 */
typedef struct Ring {
    Func *f;
    unsigned qp;
    bool rx;
    uint16_t depth;
    uint16_t prod;
    uint16_t cons;
    uint16_t posted;
    uint64_t base;
    uint64_t cq;
    uint64_t shadow;
} Ring;

/* harness.c: the device */
const char *machine_args(void);
void harness_exit(void);
Nic *nic_start(const char *props);
Nic *nic_start_with(const char *props, const char *args);
void nic_attach(Nic *nic);
void nic_stop(Nic *nic);
void nic_settle(Nic *nic);
uint64_t nic_alloc(Nic *nic, size_t size);
void nic_enable_vfs(Nic *nic, unsigned vfs);
void nic_disable_vfs(Nic *nic);
void nic_set_faults(Nic *nic, const char *faults);
int qemu_try(const char *args, char **message);

/* pci.c: configuration space */
uint64_t cfg_address(unsigned bus, unsigned devfn, unsigned offset);
uint32_t cfg_read(Nic *nic, unsigned bus, unsigned devfn, unsigned offset,
                  unsigned size);
void cfg_write(Nic *nic, unsigned bus, unsigned devfn, unsigned offset,
               unsigned size, uint32_t value);
void pci_setup_bridge(Nic *nic);
void pci_slot_power(Nic *nic, bool on);
unsigned func_cap(Func *f, uint8_t id);
unsigned func_ext_cap(Func *f, uint16_t id);
uint32_t func_cfg_read(Func *f, unsigned offset, unsigned size);
void func_cfg_write(Func *f, unsigned offset, unsigned size, uint32_t value);
void func_setup_bars(Func *f);
void func_bus_master(Func *f, bool on);
void func_flr(Func *f);
void func_set_power(Func *f, unsigned state);
void func_enable_msix(Func *f);
bool func_got_message(Func *f, unsigned vector);

/* harness.c: registers */
uint32_t reg_read(Func *f, uint32_t offset);
void reg_write(Func *f, uint32_t offset, uint32_t value);
void doorbell(Func *f, unsigned qp, unsigned which, uint32_t value);
uint64_t counter(Func *f, enum bny_counter c);
void func_reset(Func *f);
void assert_no_error(Func *f);
void assert_error(Func *f, enum bny_error error);
void assert_error_info(Func *f, enum bny_error error, uint32_t info);

/* policy.c: what the PF sets, and asks */
void mac_of(unsigned index, uint8_t mac[6]);
enum bny_ctrl_status pf_command(Nic *nic, unsigned opcode, unsigned func,
                                void *payload, size_t len);
uint64_t counter_from_pf(Nic *nic, unsigned func, enum bny_counter c);
struct bny_ctrl_function func_from_pf(Nic *nic, unsigned func);
struct bny_ctrl_policy func_policy(Nic *nic, unsigned func);
void func_set_policy(Nic *nic, unsigned func,
                     const struct bny_ctrl_policy *policy);
void func_set_flags(Nic *nic, unsigned func, uint32_t flags);
void func_set_mac(Nic *nic, unsigned func, const uint8_t mac[6]);
enum bny_ctrl_status veb_change(Nic *nic, unsigned func, uint16_t flags,
                                const struct bny_ctrl_address *changes,
                                unsigned count);
void veb_add(Nic *nic, unsigned func, const uint8_t mac[6]);
void veb_remove(Nic *nic, unsigned func, const uint8_t mac[6]);
void veb_flush(Nic *nic, unsigned func);
unsigned veb_entries(Nic *nic);
void func_up(Func *f);

/* ring.c */
void ring_config(Ring *r, Func *f, unsigned qp, bool rx, uint16_t depth);
void ring_enable(Ring *r);
void ring_disable(Ring *r);
void ring_start(Ring *r, Func *f, unsigned qp, bool rx, uint16_t depth);
void ring_write(Ring *r, uint16_t index, const void *entry);
bool ring_publish(Ring *r);
void ring_kick(Ring *r);
void ring_ack(Ring *r);
uint16_t ring_event(Ring *r);

void tx_put_desc(Ring *r, const void *data, size_t len,
                 struct bny_tx_desc desc);
void tx_put(Ring *r, const void *data, size_t len, uint32_t cmd);
void tx_desc(Ring *r, const struct bny_tx_desc *desc);
void tx_send(Ring *r, const void *data, size_t len);
bool tx_completed(Ring *r, uint16_t index);
void rx_post(Ring *r, unsigned buffers, uint32_t len);
void rx_start_sink(Ring *r, Func *f);

/**
 * Port: a function that takes part: both rings of queue pair 0 run, and the
 * VEB knows mac_of() it
 */
typedef struct Port {
    Func *f;
    Ring tx;
    Ring rx;
    uint8_t mac[6];
} Port;

#define PORT_DEPTH      64
#define PORT_BUFFERS    48
#define PORT_BUF_LEN    2048

void port_start(Port *p, Func *f);
void port_start_with(Port *p, Func *f, uint32_t features);
Nic *start_pair(Port *a, Port *b);
Nic *start_pair_with(Port *a, Port *b, uint32_t a_features,
                     uint32_t b_features);

bool cq_peek(Ring *r, void *cqe);
bool cq_next(Ring *r, void *cqe);

/* control.c */

/**
 * Control: a control queue, as a driver sees it
 * @prod: producer index of the ring
 * @cons: index of the completion that is next
 */
typedef struct Control {
    Func *f;
    uint16_t depth;
    uint16_t prod;
    uint16_t cons;
    uint64_t base;
    uint64_t cq;
} Control;

void control_config(Control *c, Func *f, uint16_t depth);
void control_start(Control *c, Func *f, uint16_t depth);
void control_put(Control *c, const struct bny_ctrl_command *command);
void control_kick(Control *c);
bool control_next(Control *c, struct bny_ctrl_cqe *cqe);
enum bny_ctrl_status control_run(Control *c,
                                 const struct bny_ctrl_command *command,
                                 struct bny_ctrl_cqe *cqe);

/* packet.c: frames */
#define FRAME_MAX 65550

/**
 * Packet: what a receive ring delivered
 * @cqe: completion of its first buffer
 */
typedef struct Packet {
    uint8_t data[FRAME_MAX];
    size_t len;
    unsigned buffers;
    struct bny_rx_cqe cqe;
} Packet;

bool rx_packet(Ring *r, Packet *packet);
void assert_nothing_received(Ring *r);
unsigned send_and_compare(Port *a, Port *b, size_t len);
size_t frame_build(uint8_t *frame, const uint8_t dst[6], const uint8_t src[6],
                   size_t len, uint8_t fill);
size_t tcp4_build(uint8_t *frame, const uint8_t dst[6], const uint8_t src[6],
                  size_t payload);
struct bny_tx_desc tcp4_tso(uint16_t mss);
struct bny_tx_desc udp4_uso(Port *p, const uint8_t dst[6], unsigned segments,
                            uint16_t mss);
uint16_t sum_fold(uint32_t sum);
uint32_t sum_bytes(const uint8_t *data, size_t len, uint32_t sum);
bool tcp4_checksum_ok(const uint8_t *frame, size_t len);
bool ip4_checksum_ok(const uint8_t *frame);

/* Of the frames that udp4_uso() makes */
#define UDP4_HDR_LEN    42

/* Of the frames that tcp4_build() makes */
#define TCP4_HDR_LEN    54
#define TCP4_L3_OFF     14
#define TCP4_L4_OFF     34
#define TCP4_CSUM_OFF   16
#define TCP4_ID_OFF     18
#define TCP4_SEQ_OFF    38
#define TCP4_FLAGS_OFF  47
#define TCP4_PSH        0x08

static inline uint32_t rx_flags(const Packet *p)
{
    return le32_to_cpu(p->cqe.flags);
}

/* host.c: the other end of the uplink */
extern const uint8_t host_mac[6];
Nic *host_start(const char *props, const char *args, int room, int *sock);
size_t host_receive(int sock, uint8_t *data);
void host_send(int sock, const uint8_t *data, size_t len);
void assert_host_receives_nothing(Nic *nic, int sock);
void uplink_set(Nic *nic, bool up);

/* migrate.c */
char *nic_save(Nic *nic);
char *nic_save_with(Nic *nic, void (*meanwhile)(Nic *nic, void *opaque),
                    void *opaque);
void nic_load(Nic *nic, const char *props, char *path);
void nic_move(Nic *nic, const char *props);
void assert_not_loaded(const char *props, const char *path,
                       const char *message);
void state_edit(const char *path, const void *mark, size_t len, int offset,
                unsigned size, uint64_t value);

/* Each file adds its cases */
void add_aer_tests(void);
void add_budget_tests(void);
void add_congestion_tests(void);
void add_control_tests(void);
void add_counter_tests(void);
void add_doorbell_tests(void);
void add_drop_tests(void);
void add_error_tests(void);
void add_fault_tests(void);
void add_feature_tests(void);
void add_gso_kind_tests(void);
void add_gso_tests(void);
void add_hostile_tests(void);
void add_irq_tests(void);
void add_load_tests(void);
void add_mac_tests(void);
void add_mailbox_tests(void);
void add_memory_tests(void);
void add_message_tests(void);
void add_migration_tests(void);
void add_moderation_tests(void);
void add_multiqueue_tests(void);
void add_offload_tests(void);
void add_policy_tests(void);
void add_power_tests(void);
void add_property_tests(void);
void add_rate_tests(void);
void add_reentry_tests(void);
void add_reg_tests(void);
void add_reset_tests(void);
void add_restore_tests(void);
void add_ring_tests(void);
void add_rss_tests(void);
void add_rule_tests(void);
void add_share_tests(void);
void add_sriov_tests(void);
void add_ticket_tests(void);
void add_told_tests(void);
void add_uplink_tests(void);
void add_veb_tests(void);
void add_vector_tests(void);
void add_vlan_tests(void);
void add_wire_tests(void);

#endif /* BANYAN_QTEST_H */
