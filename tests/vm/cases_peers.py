# SPDX-License-Identifier: GPL-2.0-only
"""Banyan beside QEMU's igb in one VM, in turns: figures, not gates. Timings vary by up to 2x between runs.

Needs an L1 with both cards: run.py peers does that.
"""

import glob
import os
import re
import statistics

from ksft import defer, ksft_ge, ksft_pr
from harness import PCI, Host, figure, iperf3, iperf3_to, netdev_of, read, run, wait_for, write
from nested import L2_ADDR, LISTEN, SET_UP, Tenant

ROUNDS = 3


def cards():
    """BDF of each card's PF, by its driver's name; which is on which bus is the firmware's choice."""
    run("modprobe -a banyanvf igbvf")
    found = {os.path.basename(os.readlink(link)): os.path.basename(os.path.dirname(link))
             for link in glob.glob(f"{PCI}/*/driver")}
    return {name: found[name] for name in ("banyan", "igb")}


def make_vfs(pf, count):
    """VFs of any card; their BDFs. They go when the case ends."""
    defer(run, f"echo 0 > {PCI}/{pf}/sriov_numvfs; ip link set {netdev_of(pf)} down")
    write(f"{PCI}/{pf}/sriov_numvfs", count)
    # igb's VFs have a link only while their PF is up
    run(f"ip link set {netdev_of(pf)} up")
    wait_for(f"carrier of {pf}", lambda: read(f"/sys/class/net/{netdev_of(pf)}/carrier") == "1", 30)
    bdfs = [os.path.basename(os.readlink(f"{PCI}/{pf}/virtfn{vf}")) for vf in range(count)]
    for bdf in bdfs:
        wait_for(f"the netdev of {bdf}", lambda b=bdf: netdev_of(b), 20)
    return bdfs


def pair(pf):
    return [Host(netdev_of(bdf)) for bdf in make_vfs(pf, 2)]


def compare(name, unit, measure):
    """measure(card) for both cards in turn; prints the medians and their ratio."""
    results = {"banyan": [], "igb": []}
    for _ in range(ROUNDS):
        for card in results:
            results[card].append(measure(card))
            ksft_pr(f"{name}: {card} {results[card][-1]:.0f} {unit}")
    banyan, igb = (statistics.median(results[card]) for card in ("banyan", "igb"))
    ksft_ge(banyan, 1)
    ksft_ge(igb, 1)
    figure(name, f"banyan {banyan:.0f}, igb {igb:.0f}, ratio {banyan / igb:.2f}", unit)


def case_two_vfs():
    hosts = {card: pair(pf) for card, pf in cards().items()}

    def rate(card):
        return iperf3(*hosts[card], seconds=1)["sum_received"]["bits_per_second"] / 1e6

    def round_trip(card):
        a, b = hosts[card]
        text = a.run(f"ping -f -c 300 -q {b.addr}").stdout
        return float(re.search(r"= [\d.]+/([\d.]+)/", text)[1]) * 1000

    compare("two VFs in L1, TCP", "Mb/s", rate)
    compare("two VFs in L1, ping -f mean", "us", round_trip)


def case_l2_receive_through_the_vf():
    senders = {}
    servers = {}
    for card, pf in cards().items():
        senders[card] = Host(netdev_of(make_vfs(pf, 2)[1]))
        servers[card] = Tenant(SET_UP + "; " + LISTEN + "; echo listening; sleep 300", pf=pf,
                               seconds=300)
    for card, server in servers.items():
        server.wait_line("listening")
        ksft_pr(f"the L2 behind {card} listens")
    compare("L2 TCP receive through a VF", "Mb/s",
            lambda card: iperf3_to(senders[card], L2_ADDR, "-t 1")["sum_received"]["bits_per_second"] / 1e6)


case_two_vfs.seconds = 120
case_l2_receive_through_the_vf.seconds = 400
