# SPDX-License-Identifier: GPL-2.0-only
"""A VF that misbehaves: the PF refuses, counts and lives on; the neighbours don't notice."""

import json
import struct
import time

from ksft import defer, ksft_eq, ksft_ge, ksft_true
from harness import (Kmsg, PF_BDF, Pool, UPLINK, UPLINK_GUEST, background, bind, netdev_of, ping, poke, run, stats,
                     unbind, unicast_received, vf_bdf, vf_hosts, wait_for)

# include/bny_mbx.h: enum bny_mbx_type, enum bny_mbx_opcode, enum bny_mbx_status, enum bny_mbx_tx_result
REQUEST, RESPONSE, EVENT = 1, 2, 3
HELLO, SET_MAC, SET_RX_MODE, SET_MULTICAST, SET_UP, SET_UNICAST, SET_VLANS, PF_GOING = 1, 2, 3, 4, 5, 6, 7, 0x100
DONE, BAD_VERSION, UNKNOWN_OPCODE, TOO_SHORT, TOO_LONG, OUT_OF_RANGE = 0, 1, 2, 3, 4, 5
NOT_ALLOWED, NO_RESOURCE, NOT_READY = 6, 7, 8
TAKEN, NO_PEER, BAD_LENGTH = 1, 3, 4
# linux/sockios.h
SIOCSIFHWADDR = 0x8924
# common/bny_mbox_bucket.h
BURST, RATE = 64, 100
HELLO_V1 = struct.pack("<HHI", 1, 1, 0)


def message(opcode, payload=b"", version=1, kind=REQUEST, length=None, generation=0):
    """include/bny_mbx.h: struct bny_mbx_hdr, and what it announces; hexadecimal."""
    length = 16 + len(payload) if length is None else length
    return (struct.pack("<BBHHHII", version, kind, opcode, length, 0x4242, 0, generation) + payload).hex()


def answers(vf, messages):
    """What the PF answers a VF that has no driver: the status of each message's response."""
    said = poke(vf_bdf(vf), *(f"call 0 {text}" for text in messages))
    return [struct.unpack_from("<I", bytes.fromhex(line), 8)[0] for line in said.splitlines()]


def bystanders():
    """Two VFs that talk and a third that will misbehave."""
    a, b, c = vf_hosts(3)
    ping(a, b)
    return a, b, c


def driverless(vf):
    """Take the VF from its driver until the case ends: what it says comes from here alone."""
    unbind(vf_bdf(vf))
    defer(bind, vf_bdf(vf))


def case_malformed_messages_are_refused_and_hurt_nobody():
    a, b, c = bystanders()
    c.release()
    driverless(2)
    errors = stats(netdev_of(PF_BDF))["errors"]
    generation = int(poke(vf_bdf(2), "read GENERATION"), 16)
    expected = (
        (message(HELLO, HELLO_V1, generation=generation), DONE),
        (message(0x7777), UNKNOWN_OPCODE),
        (message(HELLO), TOO_SHORT),
        (message(HELLO, bytes(200)), TOO_LONG),
        (message(HELLO, struct.pack("<HHI", 2, 1, 0)), OUT_OF_RANGE),
        (message(HELLO, struct.pack("<HHI", 2, 9, 0)), BAD_VERSION),
        (message(SET_MAC, bytes(8)), OUT_OF_RANGE),
        (message(SET_MAC, bytes([1, 0, 0x5e, 0, 0, 1, 0, 0])), OUT_OF_RANGE),
        (message(SET_RX_MODE, struct.pack("<II", 0xffffffff, 0)), OUT_OF_RANGE),
        (message(SET_RX_MODE, struct.pack("<II", 1, 0), generation=generation), NOT_ALLOWED),
        (message(SET_RX_MODE, struct.pack("<II", 4, 0), generation=generation), NOT_ALLOWED),
        (message(SET_MULTICAST, struct.pack("<H", 64)), TOO_SHORT),
        (message(SET_MULTICAST, struct.pack("<H", 65)), NO_RESOURCE),
        (message(SET_MULTICAST, struct.pack("<H", 65) + bytes([1, 0, 0x5e, 0, 0, 1]) * 65), NO_RESOURCE),
        (message(SET_UNICAST, struct.pack("<H", 16)), TOO_SHORT),
        (message(SET_UNICAST, struct.pack("<H", 17) + bytes([2, 0, 0, 0, 0, 1]) * 17), NO_RESOURCE),
        (message(SET_UNICAST, struct.pack("<H", 1) + bytes([1, 0, 0x5e, 0, 0, 1])), OUT_OF_RANGE),
        (message(SET_UNICAST, struct.pack("<H", 1) + bytes.fromhex(a.mac().replace(":", "")),
                 generation=generation), NOT_ALLOWED),
        (message(SET_VLANS, struct.pack("<H", 64)), TOO_SHORT),
        (message(SET_VLANS, struct.pack("<66H", 65, *range(1, 66))), NO_RESOURCE),
        (message(SET_VLANS, struct.pack("<2H", 1, 4095)), OUT_OF_RANGE),
        (message(SET_VLANS, struct.pack("<2H", 1, 0)), OUT_OF_RANGE),
        (message(SET_MULTICAST, struct.pack("<H", 0xffff)), NO_RESOURCE),
        (message(SET_UP, struct.pack("<II", 7, 0)), OUT_OF_RANGE),
        (message(HELLO, HELLO_V1, version=9), BAD_VERSION),
        (message(HELLO, HELLO_V1, kind=9), UNKNOWN_OPCODE),
        (message(HELLO, HELLO_V1, length=255), TOO_SHORT),
        (message(HELLO, HELLO_V1, length=3), TOO_SHORT),
        (message(HELLO, HELLO_V1, length=20), TOO_LONG),
    )
    ksft_eq(answers(2, [text for text, _ in expected]), [status for _, status in expected])
    # The PF's own event from a VF, and an answer that nobody asked for: nothing comes back
    ksft_eq(poke(vf_bdf(2), f"send 0 {message(PF_GOING, kind=EVENT)}",
                 f"send 0 {message(SET_MAC, bytes(8), kind=RESPONSE)}").split(), [str(TAKEN)] * 2)
    ksft_eq(answers(2, [message(HELLO, HELLO_V1)]), [DONE])
    ping(a, b)
    ksft_eq(stats(netdev_of(PF_BDF))["errors"], errors)


def case_features_that_do_not_exist_are_not_agreed_on():
    Pool.take(3)
    driverless(2)
    said = bytes.fromhex(poke(vf_bdf(2), f"call 0 {message(HELLO, struct.pack('<HHI', 1, 1, 0xffffffff))}"))
    # include/bny_mbx.h: struct bny_mbx_hello_reply
    ksft_eq(struct.unpack_from("<I", said, 8)[0], DONE)
    ksft_eq(struct.unpack_from("<I", said, 16 + 4)[0], 0)


def case_requests_from_before_a_reset_are_refused():
    Pool.take(3)
    driverless(2)
    generation = int(poke(vf_bdf(2), "read GENERATION"), 16)
    up = message(SET_UP, struct.pack("<II", 0, 0), generation=generation)
    ksft_eq(answers(2, [message(HELLO, HELLO_V1, generation=generation), up]), [DONE, DONE])
    poke(vf_bdf(2), "write RESET 0 1")
    again = message(HELLO, HELLO_V1, generation=generation + 1)
    ksft_eq(answers(2, [up, again, up]), [NOT_READY, DONE, NOT_READY])


def case_a_vf_reaches_the_pf_only():
    Pool.fill(1)
    said = poke(vf_bdf(0), *(f"send {peer} {message(HELLO, HELLO_V1)}" for peer in (1, 2, 200, 0xffff)))
    ksft_eq(said.split(), [str(NO_PEER)] * 4)


def case_impossible_lengths_are_not_sent():
    Pool.fill(1)
    ksft_eq(poke(vf_bdf(0), "send 0 00000000", "send 0").split(), [str(BAD_LENGTH)] * 2)


def case_a_flood_of_messages_leaves_the_others_their_turn():
    Pool.fill(4)
    a, b = vf_hosts()
    # The log about the VFs of other cases may be at its limit
    driverless(3)
    kmsg = Kmsg()
    flood = background(f"poke {vf_bdf(3)} 'flood 0 {message(HELLO, HELLO_V1)} 1000000'")
    wait_for("the PF to have had enough", lambda: any("too many messages or resets" in line for line in kmsg.lines()), 20)
    # The neighbour's own request still gets through
    b.ip(f"link set {b.netdev} address 02:aa:bb:cc:dd:01")
    a.ip(f"neigh flush dev {a.netdev}")
    ping(a, b)
    ksft_eq(flood.poll(), None, "the flood still runs")


def case_a_flood_is_dropped_unread_and_unanswered():
    Pool.fill(4)
    driverless(3)
    pf = netdev_of(PF_BDF)
    count = 3000
    before = stats(pf)
    start = time.monotonic()
    # As long as a message can be; an answer to each would say that there is no such request
    poke(vf_bdf(3), f"flood 0 {message(0x7777, bytes(240))} {count}")
    seconds = time.monotonic() - start
    after = stats(pf)
    served = BURST + RATE * (seconds + 1)
    ksft_ge(4 * count + 80 * served, after["reg_reads"] - before["reg_reads"], "messages beyond the limit are read")
    ksft_ge(served, after["mbx_sent"] - before["mbx_sent"], "messages beyond the limit are answered")
    # Whoever waits until there is room again is heard
    time.sleep(1)
    ksft_eq(answers(3, [message(HELLO, HELLO_V1)]), [DONE])


def case_a_vf_waits_rather_than_be_dropped():
    a, b = vf_hosts()
    kmsg = Kmsg()
    sent = b.stats()["mbx_sent"]
    start = time.monotonic()
    number = 0

    def asked():
        """Of addresses that follow each other too fast the VF tells the last; how many it has told"""
        nonlocal number
        for number in range(number + 1, number + 100):
            # linux/if_arp.h: ARPHRD_ETHER
            b.ioctl(SIOCSIFHWADDR, struct.pack("<H6B", 1, 2, 0xaa, 0xbb, *number.to_bytes(3)))
        return b.stats()["mbx_sent"] - sent

    count = wait_for("the PF's limit to be felt", lambda: (done := asked()) >= 4 * BURST and done, 30)
    ksft_ge(time.monotonic() - start, (count - BURST) / RATE, "the PF's limit")
    ksft_eq([line for line in kmsg.lines() if "too many" in line], [])
    ping(a, b)


def case_a_storm_of_resets_costs_the_pf_little():
    Pool.fill(4)
    driverless(3)
    pf = netdev_of(PF_BDF)
    before = stats(pf)
    start = time.monotonic()
    poke(vf_bdf(3), "storm RESET 0 1 300000")
    seconds = time.monotonic() - start
    reads = stats(pf)["reg_reads"] - before["reg_reads"]
    ksft_ge(4000 + 4000 * seconds, reads, "the PF looks at every reset")
    time.sleep(1)
    generation = int(poke(vf_bdf(3), "read GENERATION"), 16)
    ksft_eq(answers(3, [message(HELLO, HELLO_V1, generation=generation)]), [DONE])


def gateway(host):
    """Let a Host reach the machine at the other end of the uplink; that one's MAC address."""
    ksft_true(UPLINK, "the lab names the uplink's host")
    host.ip(f"addr add {UPLINK_GUEST} dev {host.netdev}")
    ping(host, UPLINK)
    return json.loads(host.ip(f"-j neigh show {UPLINK} dev {host.netdev}"))[0]["lladdr"]


def case_a_vf_that_takes_the_gateways_mac_cuts_nobody_off():
    a, b, c = bystanders()
    mac = gateway(a)
    before = unicast_received(c.stats())
    # No other function has it: so the PF can't know whose it is
    c.ip(f"link set {c.netdev} address {mac}")
    wait_for("a copy for the VF", lambda: ping(a, UPLINK) and unicast_received(c.stats()) > before)
    ping(a, UPLINK)


def case_an_address_that_a_vf_has_released_goes_to_another():
    a, b, c = bystanders()
    chosen, own = "02:aa:bb:cc:dd:02", a.mac()
    a.ip(f"link set {a.netdev} address {chosen}")
    b.ip(f"neigh flush dev {b.netdev}")
    ping(b, a)
    before = c.mac()
    c.ip(f"link set {c.netdev} address {chosen}")
    wait_for("the address that another VF uses to be refused", lambda: c.mac() == before)
    a.ip(f"link set {a.netdev} address {own}")
    b.ip(f"neigh flush dev {b.netdev}")
    ping(b, a)
    c.ip(f"link set {c.netdev} address {chosen}")
    ping(b, c)
    ksft_eq(c.mac(), chosen)
    ping(b, a)


def case_a_vf_cannot_take_the_pfs_mac():
    a, b, c = bystanders()
    pf_mac = run(f"cat /sys/class/net/{netdev_of(PF_BDF)}/address").strip()
    before = c.mac()
    c.ip(f"link set {c.netdev} address {pf_mac}")
    # The PF is asked behind the user's back, who gets the old one back
    wait_for("the address to be refused", lambda: c.mac() == before)
    ping(a, c)
    ping(a, b)


def case_an_untrusted_vf_sees_nobody_elses_frames():
    a, b, c = bystanders()
    c.ip(f"link set {c.netdev} promisc on")
    before = unicast_received(c.stats())
    ping(a, b, count=20)
    ksft_eq(unicast_received(c.stats()), before, "promiscuous mode isn't for untrusted VFs")
