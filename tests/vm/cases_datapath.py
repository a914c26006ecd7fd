# SPDX-License-Identifier: GPL-2.0-only
"""What the datapath costs, by counts that repeat: register reads, doorbells, interrupts, copies."""

import functools

from ksft import KsftFailEx, ksft_eq, ksft_ge, ksft_true
from harness import SLOW, figure, iperf3, kept_hosts, queue_interrupts, vf_hosts, wait_for


@functools.cache
def run_tcp():
    """Some MiB of TCP from VF 0 to VF 1, once for all cases; the change of both functions' counters.

    Reading the counters reads registers itself: two looks in a row tell how many, and that is taken off.
    """
    a, b = kept_hosts()
    iperf3(a, b, args="-n 1M")
    first = a.stats(), b.stats()
    before = a.stats(), b.stats()
    iperf3(a, b, args=f"-n {32 // SLOW}M")
    after = a.stats(), b.stats()
    change = []
    for one, two, three in zip(first, before, after):
        delta = {name: three[name] - two[name] for name in three}
        delta["reg_reads"] -= two["reg_reads"] - one["reg_reads"]
        change.append(delta)
    return change


def case_no_register_reads():
    sender, receiver = run_tcp()
    ksft_ge(sender["tx_packets"], 10)
    ksft_eq(sender["reg_reads"], 0, "register reads while sending")
    ksft_eq(receiver["reg_reads"], 0, "register reads while receiving")


def case_doorbells_and_interrupts_a_packet():
    sender, receiver = run_tcp()
    figure("transmit doorbells a packet", round(sender["doorbells_tx"] / sender["tx_packets"], 3), "")
    figure("receive doorbells a packet", round(receiver["doorbells_rx"] / receiver["rx_packets"], 3), "")
    figure("interrupts a packet received", round(receiver["interrupts"] / receiver["rx_packets"], 3), "")
    figure("bytes a packet received", round(receiver["rx_bytes"] / receiver["rx_packets"]), "")
    ksft_ge(sender["tx_packets"], sender["doorbells_tx"], "at most one doorbell a packet")
    ksft_ge(receiver["rx_packets"] + receiver["tx_packets"], receiver["interrupts"], "at most one interrupt a packet")


def burst_alone(a, b, payload):
    """Send a burst of 40 datagrams from one Host to the other until no other frame crosses with it (neighbour
    discovery and the like); the transmit doorbells and the receiver's interrupts that it took."""
    for _ in range(10):
        before, interrupts = (a.stats(), b.stats()), queue_interrupts(b.netdev)
        a.run(payload, timeout=30)
        wait_for("the burst", lambda: b.stats()["rx_packets"] >= before[1]["rx_packets"] + 40)
        wait_for("an interrupt", lambda: queue_interrupts(b.netdev) > interrupts)
        after = a.stats(), b.stats()
        sent, received = ({name: now[name] - then[name] for name in now} for now, then in zip(after, before))
        if (sent["tx_packets"], sent["rx_packets"], received["rx_packets"], received["tx_packets"]) == (40, 0, 40, 0):
            return sent["doorbells_tx"], queue_interrupts(b.netdev) - interrupts
    raise KsftFailEx("other frames cross with every burst")


def case_one_doorbell_and_one_interrupt_for_a_burst():
    # A burst that the stack hands over with xmit_more: one UDP GSO send of 40 datagrams, cut in software
    a, b = vf_hosts()
    for host in (a, b):
        host.run(f"ethtool -K {host.netdev} tx-udp-segmentation off", fail=False)
    a.run(f"ping -c 1 {b.addr}")
    sink = b.background("socat -u UDP-RECV:7001,rcvbuf=4194304 OPEN:/dev/null")
    payload = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
               "s.setsockopt(17, 103, 1000); "
               f"s.sendto(bytes(40 * 1000), ('{b.addr}', 7001))")
    # Time in which the burst arrives whole
    b.ethtool("-C DEV rx-usecs 5000 rx-frames 0")
    doorbells, interrupts = burst_alone(a, b, f'python3 -c "{payload}"')
    figure("burst of 40 frames: transmit doorbells, the receiver's interrupts", f"{doorbells}, {interrupts}", "")
    ksft_eq((doorbells, interrupts), (1, 1))
    ksft_eq(sink.poll(), None)


def case_large_frames_cross_whole_and_are_copied_once():
    sender, receiver = run_tcp()
    ksft_ge(sender["tx_gso"], 1)
    ksft_eq(receiver["rx_segmented"], 0, "no frame was cut between two functions that both take large ones")
    ksft_ge(receiver["rx_gso"], sender["tx_gso"] * 0.9)
    copied = (sender["copied_bytes"] + receiver["copied_bytes"]) / (sender["tx_bytes"] + receiver["tx_bytes"])
    figure("copies of each byte sent", round(copied, 3), "")
    ksft_ge(1.01, copied)


def case_a_receiver_without_large_receive_gets_segments():
    a, b = vf_hosts()
    b.run(f"ethtool -K {b.netdev} rx-gro-hw off large-receive-offload off", fail=False)
    before = b.stats()
    end = iperf3(a, b, seconds=1)
    after = b.stats()
    ksft_ge(end["sum_received"]["bytes"], 1)
    ksft_true(after["rx_segmented"] > before["rx_segmented"])
    ksft_eq(after["rx_gso"], before["rx_gso"])
    ksft_eq(after["rx_csum_bad"], before["rx_csum_bad"])
