# SPDX-License-Identifier: GPL-2.0-only
"""A VF that misbehaves: the PF refuses, counts and lives on; the neighbours don't notice."""

import struct

from ksft import ksft_eq, ksft_in, ksft_true
from harness import (PF_BDF, Pool, create_vfs, netdev_of, num_vfs, ping, run, stats, vf_bdf, vf_hosts, wait_for,
                     write)

# include/bny_mbx.h: struct bny_mbx_hdr
REQUEST, RESPONSE, EVENT = 1, 2, 3
OK, FULL, NO_PEER, BAD_LENGTH = 1, 2, 3, 4


def message(opcode, payload=b"", version=1, kind=REQUEST, length=None, seq=0x4242):
    length = 16 + len(payload) if length is None else length
    return (struct.pack("<BBHHHII", version, kind, opcode, length, seq, 0, 0) + payload).hex()


def send(vf, hexbytes, peer=0):
    """Send as VF `vf`; MBX_TX_STATUS's result."""
    return int(run(f"poke {vf_bdf(vf)} send {peer} '{hexbytes}'"))


def bystanders(**kwargs):
    """Two VFs that talk and a third that will misbehave; a check that the two still do."""
    a, b, c = vf_hosts(3, **kwargs)
    ping(a, b)
    return a, b, c


def case_malformed_messages_are_refused_and_hurt_nobody():
    a, b, _ = bystanders()
    errors = stats(netdev_of(PF_BDF))["errors"]
    for bad in (message(0x7777),                        # unknown opcode
                message(1, b""),                        # HELLO without its payload
                message(1, bytes(200)),                 # HELLO with too much
                message(2, bytes(8)),                   # MAC address of zeroes
                message(2, bytes([1, 0, 0x5e, 0, 0, 1, 0, 0])),    # group address
                message(3, struct.pack("<II", 0xffffffff, 0)),     # unknown mode bits
                message(4, struct.pack("<H", 33)),      # count past the message
                message(4, struct.pack("<H", 0xffff)),
                message(5, struct.pack("<II", 7, 0)),
                message(1, bytes(8), version=9),
                message(1, bytes(8), kind=9),
                message(1, bytes(8), length=255),       # header says more than was sent
                message(1, bytes(8), length=3),
                message(0x100, kind=EVENT),             # the PF's own event, from a VF
                message(2, bytes(8), kind=RESPONSE)):   # an answer that nobody asked for
        wait_for("room in the VF's mailbox", lambda m=bad: send(2, m) == OK)
    ping(a, b)
    ksft_eq(stats(netdev_of(PF_BDF))["errors"], errors)


def case_a_vf_reaches_the_pf_only():
    bystanders()
    for peer in (1, 2, 200, 0xffff):
        ksft_eq(send(2, message(1, bytes(8)), peer=peer), NO_PEER)


def case_impossible_lengths_are_not_sent():
    bystanders()
    ksft_eq(send(2, "00" * 4), BAD_LENGTH)
    ksft_eq(send(2, ""), BAD_LENGTH)


def case_a_flood_of_messages_leaves_the_others_their_turn():
    a, b, _ = bystanders()
    for _ in range(200):
        send(2, message(0x7777))
    # The neighbour's own request still gets through
    b.ip(f"link set {b.netdev} address 02:aa:bb:cc:dd:01")
    a.ip(f"neigh flush dev {a.netdev}")
    ping(a, b)


def case_a_vf_cannot_take_the_pfs_mac():
    a, b, c = bystanders()
    pf_mac = run(f"cat /sys/class/net/{netdev_of(PF_BDF)}/address").strip()
    ksft_true(c.run(f"ip link set {c.netdev} address {pf_mac}", fail=False).ret != 0,
              "the PF's own address was given to a VF")
    ping(a, b)


def unicast_received(host):
    counted = host.stats()
    return counted["rx_packets"] - counted["rx_multicast"] - counted["rx_broadcast"]


def case_an_untrusted_vf_sees_nobody_elses_frames():
    a, b, c = bystanders()
    c.ip(f"link set {c.netdev} promisc on")
    before = unicast_received(c)
    ping(a, b, count=20)
    ksft_eq(unicast_received(c), before, "promiscuous mode isn't for untrusted VFs")


def case_pf_registers_do_not_exist_in_a_vf():
    Pool.take(1)
    run(f"poke {vf_bdf(0)} read MAGIC")
    ksft_in("behind the BAR's end", run(f"poke {vf_bdf(0)} read VEB_STATUS 2>&1 || true"))


def case_storm_of_errors_ends_in_a_quiet_vf_not_in_a_dead_host():
    a, b, _ = bystanders(make=create_vfs)
    for _ in range(30):
        run(f"poke {vf_bdf(2)} write RX_DEPTH 0 3")
        run(f"poke {vf_bdf(2)} doorbell rx 0 0xffff")
    ping(a, b)
    write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_numvfs", 0)
    ksft_eq(num_vfs(), 0)
