/*
 * Banyan: faults that the device can be told to have (property "fault")
 *
 * They exist to show that a test notices what it guards.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_FAULT_H
#define HW_NET_BANYAN_FAULT_H

#include "banyan.h"

/**
 * enum banyan_fault - what is to go wrong
 * @BANYAN_FAULT_DROP_TX_COMPLETIONS: transmit completions are not written
 * @BANYAN_FAULT_DROP_RX_COMPLETIONS: receive completions are not written
 * @BANYAN_FAULT_STALL_TX: transmit rings are not worked on
 * @BANYAN_FAULT_LOSE_INTERRUPTS: queue vectors send nothing
 * @BANYAN_FAULT_LOSE_ADMIN_INTERRUPTS: the administrative vector sends nothing
 * @BANYAN_FAULT_DROP_MAILBOX: messages are taken, but don't arrive
 * @BANYAN_FAULT_WRONG_CHECKSUM: checksums that the device completes are wrong
 * @BANYAN_FAULT_WRONG_HASH: RSS hashes are wrong
 * @BANYAN_FAULT_CORRUPT_PAYLOAD: the last byte of what is delivered is inverted
 * @BANYAN_FAULT_MISFORWARD: the VEB sends unicast frames to every function
 * @BANYAN_FAULT_IGNORE_FLR: an FLR leaves the function as it is
 * @BANYAN_FAULT_KEEP_REGISTERS: a reset leaves the registers as they are
 * @BANYAN_FAULT_IGNORE_ERRORS: bad descriptors are skipped, not latched
 * @BANYAN_FAULT_FAIL_TX: the next frame that is sent latches INJECTED; once
 * @BANYAN_FAULT_DROP_STATE: loading saved state forgets the rings' indices
 * @BANYAN_FAULT_COUNT: how many there are
 *
 * Their names are in fault.c.
 */
enum banyan_fault {
    BANYAN_FAULT_DROP_TX_COMPLETIONS,
    BANYAN_FAULT_DROP_RX_COMPLETIONS,
    BANYAN_FAULT_STALL_TX,
    BANYAN_FAULT_LOSE_INTERRUPTS,
    BANYAN_FAULT_LOSE_ADMIN_INTERRUPTS,
    BANYAN_FAULT_DROP_MAILBOX,
    BANYAN_FAULT_WRONG_CHECKSUM,
    BANYAN_FAULT_WRONG_HASH,
    BANYAN_FAULT_CORRUPT_PAYLOAD,
    BANYAN_FAULT_MISFORWARD,
    BANYAN_FAULT_IGNORE_FLR,
    BANYAN_FAULT_KEEP_REGISTERS,
    BANYAN_FAULT_IGNORE_ERRORS,
    BANYAN_FAULT_FAIL_TX,
    BANYAN_FAULT_DROP_STATE,
    BANYAN_FAULT_COUNT
};

#define banyan_fault(port, NAME) \
    (unlikely((port)->faults & (1u << BANYAN_FAULT_##NAME)))

void banyan_fault_add_property(ObjectClass *klass);

#endif /* HW_NET_BANYAN_FAULT_H */
