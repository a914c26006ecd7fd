/*
 * Banyan: faults that the device can be told to have (property "fault")
 *
 * They exist to show that a test notices what it guards.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_FAULT_H
#define HW_NET_BANYAN_FAULT_H

#include "qom/object.h"

/* FAULT(NAME, "name", text) */
#define BNY_FAULTS(FAULT)                                                     \
    FAULT(DROP_TX_COMPLETIONS, "drop-tx-completions",                         \
          "transmit completions are not written")                             \
    FAULT(DROP_RX_COMPLETIONS, "drop-rx-completions",                         \
          "receive completions are not written")                              \
    FAULT(STALL_TX, "stall-tx", "transmit rings are not worked on")           \
    FAULT(LOSE_INTERRUPTS, "lose-interrupts", "queue vectors send nothing")   \
    FAULT(LOSE_ADMIN_INTERRUPTS, "lose-admin-interrupts",                     \
          "the administrative vector sends nothing")                          \
    FAULT(DROP_MAILBOX, "drop-mailbox", "messages are taken, but don't "      \
          "arrive")                                                           \
    FAULT(WRONG_CHECKSUM, "wrong-checksum",                                   \
          "checksums that the device completes are wrong")                    \
    FAULT(WRONG_HASH, "wrong-hash", "RSS hashes are wrong")                   \
    FAULT(CORRUPT_PAYLOAD, "corrupt-payload",                                 \
          "the last byte of each looped frame is inverted")                   \
    FAULT(MISFORWARD, "misforward",                                           \
          "the VEB sends unicast frames to every function")                   \
    FAULT(IGNORE_FLR, "ignore-flr", "an FLR leaves the function as it is")    \
    FAULT(KEEP_REGISTERS, "keep-registers",                                   \
          "a reset leaves the registers as they are")                         \
    FAULT(IGNORE_ERRORS, "ignore-errors",                                     \
          "bad descriptors are skipped, not latched")                         \
    FAULT(FAIL_TX, "fail-tx",                                                 \
          "the next frame that is sent latches INJECTED; once")               \
    FAULT(DROP_STATE, "drop-state",                                           \
          "the indices of the rings are not restored from saved state")

enum bny_fault {
#define BNY_FAULT_INDEX(NAME, ...) BNY_FAULT_##NAME,
    BNY_FAULTS(BNY_FAULT_INDEX)
#undef BNY_FAULT_INDEX
    BNY_FAULT_COUNT
};

#define bny_fault(ctrl, NAME) \
    (unlikely((ctrl)->faults & (1u << BNY_FAULT_##NAME)))

void bny_fault_add_property(ObjectClass *klass);

#endif /* HW_NET_BANYAN_FAULT_H */
