# SPDX-License-Identifier: GPL-2.0-only
"""What is changed while frames are under way: rings are taken down and others take their place."""

import time

from ksft import ksft_eq
from harness import SLOW, ping, vf_hosts, wait_for


def load_both_ways(a, b, seconds):
    """TCP from each Host to the other, several streams a direction, for so long. Returns the command."""
    b.background("iperf3 -s -1")
    wait_for("iperf3 to listen", lambda: b.listens(5201))
    return a.background(f"iperf3 -c {b.addr} --bidir -P 4 -t {seconds}")


def change_under_load(hosts, settings, seconds=10):
    """Go round the settings while both hosts send as much as they can; no function may err."""
    errors = [host.stats()["errors"] for host in hosts]
    load = load_both_ways(*hosts, seconds)
    changes = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for host in hosts:
            host.ethtool(settings[changes % len(settings)])
        changes += 1
    output = load.communicate(timeout=30 * SLOW)[0]
    ksft_eq(load.returncode, 0, output)
    ksft_eq([host.stats()["errors"] for host in hosts], errors)
    ping(*hosts)


def case_ring_sizes_change_under_load():
    # A ring that is full most of the time: the stack's queue stops and wakes at every completion
    change_under_load(vf_hosts(), ("-G DEV tx 64", "-G DEV tx 128"))


def case_queue_pairs_change_under_load():
    hosts = vf_hosts()
    for host in hosts:
        host.ethtool("-G DEV tx 64")
    change_under_load(hosts, ("-L DEV combined 1", "-L DEV combined 2"))
