# SPDX-License-Identifier: GPL-2.0-only
"""The drivers' ethtool face, each setting read back and tried with traffic."""

import json
import re
import struct
import time

from ksft import CmdExitFailure, ksft_eq, ksft_ge, ksft_in, ksft_ne, ksft_true
from harness import (Host, PF_BDF, SLOW, iperf3, kept_hosts, netdev_of, pf_netdev, ping, poke, run, stats, traffic,
                     transfer, vf_bdf, vf_hosts)


def setting(text, name, section="Current hardware settings"):
    """A number from ethtool's listing, of the section given."""
    return int(re.search(rf"^{name}:\s*(\d+)", text[text.index(section):], re.M)[1])


def case_driver_info():
    vf, = kept_hosts(1)
    text = vf.ethtool("-i DEV")
    ksft_in("driver: banyanvf", text)
    ksft_in("supports-statistics: yes", text)
    ksft_in("supports-register-dump: yes", text)
    ksft_true(re.search(r"^bus-info: \S+:\S+\.\d", text, re.M))


def case_link_settings():
    vf, = kept_hosts(1)
    text = vf.ethtool("DEV")
    ksft_in("Link detected: yes", text)
    ksft_in("Speed: 100000Mb/s", text)
    ksft_in("Port: Other", text)


def case_the_pf_has_a_port_of_its_speed():
    pf = Host(pf_netdev())
    text = pf.ethtool("DEV")
    for line in ("Supported link modes:   100000baseCR4/Full", "Advertised link modes:  100000baseCR4/Full",
                 "Speed: 100000Mb/s", "Duplex: Full", "Port: Direct Attach Copper", "Link detected: yes"):
        ksft_in(line, text)
    ksft_in("RX:\t\toff", pf.ethtool("--show-pause DEV"))
    ksft_in("Active FEC encoding: RS", pf.ethtool("--show-fec DEV"))


def case_statistics_count_frames():
    a, b = kept_hosts()
    before = (a.stats(), b.stats())
    ping(a, b, count=10, size=1000)
    after = (a.stats(), b.stats())
    ksft_ge(after[0]["tx_packets"] - before[0]["tx_packets"], 10)
    ksft_ge(after[1]["rx_bytes"] - before[1]["rx_bytes"], 10 * 1042)


def case_standard_statistics_agree_with_the_device():
    a, b = kept_hosts()
    before = b.stats()["rx_packets"], json.loads(b.ip(f"-j -s link show {b.netdev}"))[0]["stats64"]["rx"]["packets"]
    ping(a, b, count=20)
    after = b.stats()["rx_packets"], json.loads(b.ip(f"-j -s link show {b.netdev}"))[0]["stats64"]["rx"]["packets"]
    ksft_ge(after[1] - before[1], 20)
    ksft_ge(2, abs((after[0] - before[0]) - (after[1] - before[1])))


def case_register_dump_is_an_image_of_the_registers():
    vf, = kept_hosts(1)
    vf.run(f"ethtool -d {vf.netdev} raw on > /tmp/registers")
    with open("/tmp/registers", "rb") as file:
        image = file.read()
    registers = json.loads(run(f"bnyctl --json -s {vf_bdf(0)} regs MAGIC FUNCTION CAPS LIMITS MAC_LO"))["registers"]
    ksft_ge(len(registers), 5)
    for register in registers:
        ksft_eq(struct.unpack_from("<I", image, register["offset"])[0], register["value"], register["name"])


def case_ring_sizes_change_under_traffic():
    a, b = vf_hosts()
    traffic(a, b)
    for depth in (64, 4096, 512):
        b.ethtool(f"-G DEV rx {depth} tx {depth}")
        text = b.ethtool("-g DEV")
        ksft_eq((setting(text, "RX"), setting(text, "TX")), (depth, depth))
    ping(a, b)


def case_ring_sizes_out_of_range_keep_the_old():
    vf, = vf_hosts(1)
    before = vf.ethtool("-g DEV")
    for size in (0, 8192):
        ksft_ne(vf.run(f"ethtool -G {vf.netdev} rx {size}", fail=False).returncode, 0)
    ksft_eq(vf.ethtool("-g DEV"), before)


def case_receive_buffer_length():
    a, b = vf_hosts()
    for length in (8192, 4096):
        b.ethtool(f"-G DEV rx-buf-len {length}")
        ksft_eq(setting(b.ethtool("-g DEV"), "RX Buf Len"), length)
        transfer(a, b, size=1 << 20)


def case_channels():
    a, b = vf_hosts()
    maximum = setting(b.ethtool("-l DEV"), "Combined", "Pre-set maximums")
    ksft_ge(maximum, 2)
    for count in (1, maximum):
        b.ethtool(f"-L DEV combined {count}")
        ksft_eq(setting(b.ethtool("-l DEV"), "Combined"), count)
        ping(a, b)
    ksft_ne(b.run(f"ethtool -L {b.netdev} combined {maximum + 1}", fail=False).returncode, 0)


def case_coalescing():
    a, b = vf_hosts()
    b.ethtool("-C DEV adaptive-rx off adaptive-tx off", fail=False)
    b.ethtool("-C DEV rx-usecs 200 rx-frames 16")
    text = b.ethtool("-c DEV")
    ksft_true(re.search(r"^rx-usecs:\s*200$", text, re.M), text)
    ksft_true(re.search(r"^rx-frames:\s*16$", text, re.M), text)
    ping(a, b)


def case_moderation_lowers_the_interrupt_rate():
    a, b = vf_hosts()
    b.ethtool("-C DEV adaptive-rx off adaptive-tx off", fail=False)
    count = 400 // SLOW
    for usecs in (0, 50000):
        b.ethtool(f"-C DEV rx-usecs {usecs} rx-frames 0")
        before, start = b.stats()["interrupts"], time.monotonic()
        a.run(f"ping -i 0.001 -c {count} -q {b.addr}", timeout=40)
        interrupts, seconds = b.stats()["interrupts"] - before, time.monotonic() - start
        if not usecs:
            ksft_ge(interrupts, count, "an interrupt for each ping at least")
        else:
            ksft_ge(2 + 45 * seconds, interrupts, "at most two in 50 ms, one for each direction")


def received_by_queue(vf):
    """Buffers that each queue pair of a VF has filled, modulo 2^16: RX_INDEX.CQ."""
    pairs = int(poke(vf_bdf(vf), "read LIMITS"), 16) & 0xffff
    return [int(index, 16) >> 16 for index in poke(vf_bdf(vf), *(f"read RX_INDEX {n}" for n in range(pairs))).split()]


def filled(before, after):
    return [(b - a) % 0x10000 for a, b in zip(before, after)]


def hosts_with_queues():
    """Two hosts, the second with all its queue pairs: by default there is one for each CPU."""
    a, b = vf_hosts()
    maximum = setting(b.ethtool("-l DEV"), "Combined", "Pre-set maximums")
    ksft_ge(maximum, 2)
    # Fails if there is nothing to change
    b.run(f"ethtool -L {b.netdev} combined {maximum}", fail=False)
    ksft_eq(setting(b.ethtool("-l DEV"), "Combined"), maximum)
    return a, b


# Every single bit of a port changes the last two bits of the hash. With a random key, as by default, there is a chance of
# some in a hundred that the ports of flows that begin together, which differ in a few low bits, don't
SPREADING_KEY = ":".join(["6d:5a"] * 26)


def case_rss_spreads_flows():
    a, b = hosts_with_queues()
    b.ethtool(f"-X DEV hkey {SPREADING_KEY}")
    ksft_in(SPREADING_KEY, b.ethtool("-x DEV"))
    before = received_by_queue(1)
    iperf3(a, b, args=f"-P 8 -n {16 // SLOW}M")
    counts = filled(before, received_by_queue(1))
    ksft_ge(len([n for n in counts if n >= 10]), 2, f"8 flows reach at least two queues: {counts}")


def case_rss_table_steers():
    a, b = hosts_with_queues()
    for weights in ("0 1", "1 0"):
        b.ethtool(f"-X DEV weight {weights}")
        before = received_by_queue(1)
        transfer(a, b, size=1 << 20)
        counts = filled(before, received_by_queue(1))
        chosen = weights.split().index("1")
        ksft_ge(counts[chosen], 10)
        # What has no hash (ARP, neighbour discovery) goes to queue 0
        ksft_ge(5, sum(counts) - counts[chosen], f"weights {weights}: {counts}")
    b.ethtool("-X DEV default")
    ping(a, b)


def case_the_pf_has_the_same_face():
    netdev = netdev_of(PF_BDF)
    ksft_in("driver: banyan\n", run(f"ethtool -i {netdev}"))
    ksft_ge(setting(run(f"ethtool -g {netdev}"), "RX"), 64)
    ksft_ge(setting(run(f"ethtool -l {netdev}"), "Combined"), 1)
    ksft_in("rx-usecs:", run(f"ethtool -c {netdev}"))
    ksft_ge(stats(netdev)["reg_reads"], 1)
    ksft_in("0x0000:", run(f"ethtool -d {netdev}").lower())


def hashed(vf, flow):
    """What of a kind of flow is hashed, by ethtool's listing."""
    lines = vf.ethtool(f"-n DEV rx-flow-hash {flow}").splitlines()
    return [line for line in lines[1:] if line]


ADDRESSES = ["IP SA", "IP DA"]
PORTS = ["L4 bytes 0 & 1 [TCP/UDP src port]", "L4 bytes 2 & 3 [TCP/UDP dst port]"]


def case_flow_hash_fields():
    vf, = vf_hosts(1)
    for flow in ("tcp4", "udp4", "tcp6", "udp6"):
        ksft_eq(hashed(vf, flow), ADDRESSES + PORTS, flow)
    for flow in ("sctp4", "ah4", "esp6"):
        ksft_eq(hashed(vf, flow), ADDRESSES, flow)
    vf.ethtool("-N DEV rx-flow-hash udp4 sd")
    ksft_eq([hashed(vf, flow) for flow in ("udp4", "tcp4")], [ADDRESSES, ADDRESSES + PORTS])
    for refused in ("udp4 s", "udp4 sdf", "sctp4 sdfn"):
        ksft_ne(vf.run(f"ethtool -N {vf.netdev} rx-flow-hash {refused}", fail=False).returncode, 0, refused)
    ksft_eq(hashed(vf, "udp4"), ADDRESSES)


def case_flows_without_ports_in_the_hash_share_a_queue():
    a, b = hosts_with_queues()
    b.ethtool(f"-X DEV hkey {SPREADING_KEY}")
    b.ethtool("-N DEV rx-flow-hash tcp4 sd")
    before = received_by_queue(1)
    iperf3(a, b, args=f"-P 8 -n {16 // SLOW}M")
    counts = filled(before, received_by_queue(1))
    ksft_eq(len([n for n in counts if n >= 10]), 1, f"8 flows reach one queue: {counts}")


def case_unknown_setting_is_refused():
    vf, = vf_hosts(1)
    try:
        vf.ethtool("-C DEV rx-usecs 70000")
    except CmdExitFailure:
        return
    ksft_true(False, "70000 us don't fit the register, but were accepted")
