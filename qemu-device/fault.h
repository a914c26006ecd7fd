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

/**
 * enum bny_fault - what is to go wrong
 * @BNY_FAULT_DROP_TX_COMPLETIONS: transmit completions are not written
 * @BNY_FAULT_DROP_RX_COMPLETIONS: receive completions are not written
 * @BNY_FAULT_STALL_TX: transmit rings are not worked on
 * @BNY_FAULT_LOSE_INTERRUPTS: queue vectors send nothing
 * @BNY_FAULT_LOSE_ADMIN_INTERRUPTS: the administrative vector sends nothing
 * @BNY_FAULT_DROP_MAILBOX: messages are taken, but don't arrive
 * @BNY_FAULT_WRONG_CHECKSUM: checksums that the device completes are wrong
 * @BNY_FAULT_WRONG_HASH: RSS hashes are wrong
 * @BNY_FAULT_CORRUPT_PAYLOAD: the last byte of what is delivered is inverted
 * @BNY_FAULT_MISFORWARD: the VEB sends unicast frames to every function
 * @BNY_FAULT_IGNORE_FLR: an FLR leaves the function as it is
 * @BNY_FAULT_KEEP_REGISTERS: a reset leaves the registers as they are
 * @BNY_FAULT_IGNORE_ERRORS: bad descriptors are skipped, not latched
 * @BNY_FAULT_FAIL_TX: the next frame that is sent latches INJECTED; once
 * @BNY_FAULT_DROP_STATE: loading saved state forgets the indices of the rings
 * @BNY_FAULT_COUNT: how many there are
 *
 * Their names are in fault.c.
 */
enum bny_fault {
    BNY_FAULT_DROP_TX_COMPLETIONS,
    BNY_FAULT_DROP_RX_COMPLETIONS,
    BNY_FAULT_STALL_TX,
    BNY_FAULT_LOSE_INTERRUPTS,
    BNY_FAULT_LOSE_ADMIN_INTERRUPTS,
    BNY_FAULT_DROP_MAILBOX,
    BNY_FAULT_WRONG_CHECKSUM,
    BNY_FAULT_WRONG_HASH,
    BNY_FAULT_CORRUPT_PAYLOAD,
    BNY_FAULT_MISFORWARD,
    BNY_FAULT_IGNORE_FLR,
    BNY_FAULT_KEEP_REGISTERS,
    BNY_FAULT_IGNORE_ERRORS,
    BNY_FAULT_FAIL_TX,
    BNY_FAULT_DROP_STATE,
    BNY_FAULT_COUNT
};

#define bny_fault(ctrl, NAME) \
    (unlikely((ctrl)->faults & (1u << BNY_FAULT_##NAME)))

void bny_fault_add_property(ObjectClass *klass);

#endif /* HW_NET_BANYAN_FAULT_H */
