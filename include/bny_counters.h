/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: per-function counters (datasheet, chapter "Counters").
 *
 * BNY_COUNTERS(CNT) names each counter once: CNT(NAME, name, text). Their order is their index:
 * append only. They are 64 bits wide, count from power-on and survive resets of the function.
 */
#ifndef BNY_COUNTERS_H
#define BNY_COUNTERS_H

#include "bny_types.h"

#define BNY_COUNTERS(CNT) \
	CNT(TX_PACKETS,      tx_packets,      "frames taken from transmit rings") \
	CNT(TX_BYTES,        tx_bytes,        "their bytes, without FCS") \
	CNT(TX_MULTICAST,    tx_multicast,    "of these, to group addresses other than broadcast") \
	CNT(TX_BROADCAST,    tx_broadcast,    "of these, to ff:ff:ff:ff:ff:ff") \
	CNT(TX_GSO,          tx_gso,          "of these, frames to be segmented") \
	CNT(TX_DROP_LINK,    tx_drop_link,    "dropped: link down or function not enabled") \
	CNT(TX_DROP_HEADERS, tx_drop_headers, "dropped: headers do not fit the offload asked for") \
	CNT(RX_PACKETS,      rx_packets,      "frames delivered to receive rings") \
	CNT(RX_BYTES,        rx_bytes,        "their bytes, without FCS") \
	CNT(RX_MULTICAST,    rx_multicast,    "of these, to group addresses other than broadcast") \
	CNT(RX_BROADCAST,    rx_broadcast,    "of these, to ff:ff:ff:ff:ff:ff") \
	CNT(RX_GSO,          rx_gso,          "of these, delivered as one coalesced packet") \
	CNT(RX_SEGMENTED,    rx_segmented,    "of these, cut by the device from larger ones") \
	CNT(RX_DROP_BUFFERS, rx_drop_buffers, "dropped: no receive buffers") \
	CNT(RX_DROP_LINK,    rx_drop_link,    "dropped: no enabled ring, or function not enabled") \
	CNT(RX_DROP_LENGTH,  rx_drop_length,  "dropped: longer than MAX_FRAME") \
	CNT(RX_CSUM_BAD,     rx_csum_bad,     "delivered with a wrong L4 checksum") \
	CNT(COPIED_BYTES,    copied_bytes,    "packet bytes that the device copied into its receive buffers") \
	CNT(INTERRUPTS,      interrupts,      "MSI-X messages sent") \
	CNT(REG_READS,       reg_reads,       "reads of BAR 0") \
	CNT(REG_WRITES,      reg_writes,      "writes of BAR 0") \
	CNT(DOORBELLS_TX,    doorbells_tx,    "transmit doorbells rung") \
	CNT(DOORBELLS_RX,    doorbells_rx,    "receive doorbells rung") \
	CNT(DOORBELLS_ARM,   doorbells_arm,   "interrupts armed") \
	CNT(MBX_SENT,        mbx_sent,        "mailbox messages sent") \
	CNT(MBX_REFUSED,     mbx_refused,     "mailbox messages not taken (MBX_TX_STATUS)") \
	CNT(ERRORS,          errors,          "errors that stopped the function") \
	CNT(DMA_ERRORS,      dma_errors,      "accesses to memory that failed") \
	CNT(RESETS,          resets,          "resets of any kind") \
	CNT(MBX_STALE,       mbx_stale,       "acknowledgments of a message that MBX_RX doesn't show") \
	CNT(TX_DROP_NOBODY,  tx_drop_nobody,  "dropped: for nobody but its sender, or for an uplink that goes nowhere") \
	CNT(UPLINK_DROP_BAD, uplink_drop_bad, "of the PF: from the uplink, dropped: its length or offload can't be") \
	CNT(UPLINK_DROP_NOBODY, uplink_drop_nobody, "of the PF: from the uplink, dropped: for nobody here") \
	CNT(CTRL_COMMANDS,   ctrl_commands,   "commands of the control queue completed") \
	CNT(CTRL_REFUSED,    ctrl_refused,    "of these, with another status than OK") \
	CNT(TX_DROP_SPOOF,   tx_drop_spoof,   "dropped: from a source address that the function does not have") \
	CNT(TX_DROP_VLAN,    tx_drop_vlan,    "dropped: tagged, and not of a VLAN that the function is in")

/* BNY_CNT_<NAME>: index of the counter */
enum bny_counter {
#define BNY_CNT_INDEX(NAME, ...) BNY_CNT_##NAME,
	BNY_COUNTERS(BNY_CNT_INDEX)
#undef BNY_CNT_INDEX
	BNY_CNT_COUNT
};

static_assert(BNY_CNT_COUNT <= 128, "counters fit the COUNTER block");

#endif /* BNY_COUNTERS_H */
