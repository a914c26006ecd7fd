# SPDX-License-Identifier: GPL-2.0-only
"""bnyctl on live functions; what it decodes is tested on saved dumps, outside of the VM."""

import json

from ksft import ksft_eq, ksft_ge, ksft_in, ksft_true
from harness import PF_BDF, Pool, create_vfs, kept_hosts, ping, run, vf_bdf


def bnyctl(arguments):
    return json.loads(run(f"bnyctl --json {arguments}"))


def counters(vf):
    function, = bnyctl(f"-s {vf_bdf(vf)} counters")["functions"]
    return function["counters"]


def refusal(command):
    """Exit status, and the only line that is said."""
    said, status = run(f"{command} 2>&1; echo $?").splitlines()
    return int(status), said


def case_bnyctl_lists_functions():
    create_vfs(3)
    functions = {f["function"]: f for f in bnyctl("list")["functions"]}
    ksft_eq(len(functions), 4)
    ksft_eq(functions[PF_BDF]["sriov"]["num_vfs"], 3)
    ksft_eq([functions[vf_bdf(vf)]["vf"] for vf in range(3)], [0, 1, 2])
    ksft_eq(functions[vf_bdf(2)]["driver"], "banyanvf")


def case_bnyctl_counts_what_was_sent():
    a, b = kept_hosts()
    before = counters(0)
    ping(a, b, count=5)
    after = counters(0)
    ksft_ge(after["tx_packets"] - before["tx_packets"], 5)
    ksft_ge(after["rx_packets"] - before["rx_packets"], 5)


def case_bnyctl_agrees_with_its_dump():
    Pool.fill(1)
    run("bnyctl dump /tmp/pf.dump")
    live = {r["name"]: r for r in bnyctl("regs MAGIC LIMITS CAPS MAC_LO")["registers"]}
    saved = {r["name"]: r
             for r in bnyctl("--from /tmp/pf.dump regs MAGIC LIMITS CAPS MAC_LO")["registers"]}
    ksft_eq(len(live), 4)
    ksft_eq(live, saved)


def case_bnyctl_only_reads():
    Pool.fill(1)
    writes = counters(0)["reg_writes"]
    run(f"bnyctl -s {vf_bdf(0)} regs")
    ksft_eq(counters(0)["reg_writes"], writes)


def case_bnyctl_refuses_without_root():
    status, text = refusal("setpriv --reuid 65534 --clear-groups bnyctl show")
    ksft_eq(status, 5)
    ksft_in("needs root", text)


def case_bnyctl_refuses_another_device():
    status, text = refusal("bnyctl -s 00:00.0 show")
    ksft_eq(status, 4)
    ksft_in("is not a Banyan function", text)
    status, text = refusal("bnyctl -s 01:1f.7 show")
    ksft_eq(status, 3)
    ksft_true("there is no PCI device" in text)
