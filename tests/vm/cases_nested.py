# SPDX-License-Identifier: GPL-2.0-only
"""A VF passed through to a nested guest (L2): traffic, isolation, life and death."""

import json
import re

from ksft import ksft_eq, ksft_ge, ksft_in, ksft_true
from harness import (Host, Kmsg, PF_BDF, SLOW, UPLINK, UPLINK_GUEST, bind, create_vfs, driver_of, figure, iperf3_to,
                     netdev_of, num_vfs, pf_netdev, ping, read, run, unbind, vf_bdf, wait_for)
from nested import L2_ADDR, LISTEN, SET_UP, Tenant, l2


def vf0_and_hosts(count=2):
    """`count` VFs: VF 0 is left for L2, the others become hosts."""
    return [Host(netdev) for netdev in create_vfs(count)[1:]]


def case_l2_drives_the_vf_and_gives_it_back():
    create_vfs(1)
    bdf = vf_bdf(0)
    mac = read(f"/sys/class/net/{netdev_of(bdf)}/address")
    text = l2('ethtool -i "$BANYAN_PF_NETDEV"; cat /sys/class/net/"$BANYAN_PF_NETDEV"/address').stdout
    ksft_in("driver: banyanvf", text)
    ksft_in(mac, text, "the same VF has the same MAC address in L2")
    wait_for("banyanvf to have the VF again", lambda: driver_of(bdf) == "banyanvf")
    host = Host(wait_for("its netdev", lambda: netdev_of(bdf)))
    ping(host, Host(pf_netdev()))


def case_l2_exit_status_and_output_are_the_commands():
    create_vfs(1)
    done = l2("echo out; echo err >&2; exit 7", fail=False)
    ksft_eq((done.returncode, done.stdout, done.stderr.splitlines()[-1:]), (7, "out\n", ["err"]))


def case_l2_time_out_is_124():
    create_vfs(1)
    ksft_eq(l2("sleep 1000", fail=False, seconds=2).returncode, 124)


def case_l2_pings_everyone():
    vf1, = vf0_and_hosts()
    pf = Host(pf_netdev())
    targets = [vf1.addr, pf.addr]
    ksft_true(UPLINK, "the lab names the uplink's host")
    script = SET_UP + f'; ip addr add {UPLINK_GUEST} dev "$BANYAN_PF_NETDEV"; set -e; '
    script += "".join(f"ping -c 2 -w 10 {target}; " for target in targets + [UPLINK])
    ksft_eq(l2(script).stdout.count(" 0% packet loss"), 3)


def case_l2_tcp_both_ways():
    vf1, = vf0_and_hosts()
    vf1.background("iperf3 -s")
    wait_for("iperf3 to listen", lambda: vf1.listens(5201))
    text = l2(SET_UP + f"; ping -c 1 -w 10 {vf1.addr} >/dev/null; "
              f"iperf3 -c {vf1.addr} -t 2 -f m; iperf3 -c {vf1.addr} -t 2 -f m -R").stdout
    rates = re.findall(r"([\d.]+) Mbits/sec\s+receiver", text)
    ksft_eq(len(rates), 2)
    figure("L2 TCP send through the VF", rates[0], "Mb/s")
    figure("L2 TCP receive through the VF", rates[1], "Mb/s")


def case_exits_grow_with_interrupts_not_with_packets():
    vf1, = vf0_and_hosts()
    # Frames that fill the MTU: with large ones there would be few to compare with
    vf1.ethtool("-K DEV tso off gso off")
    tenant = Tenant(SET_UP + "; " + LISTEN + "; echo listening; sleep 300")
    tenant.wait_line("listening")
    before = kvm_exits(), counters_of_vf(0)
    iperf3_to(vf1, L2_ADDR, "-n 16M")
    exits = {name: after - before[0][name] for name, after in kvm_exits().items()}
    frames, interrupts = (counters_of_vf(0)[name] - before[1][name] for name in ("rx_packets", "interrupts"))
    figure("L2 receive: frames, VF interrupts, KVM exits, of these for MMIO",
           f"{frames}, {interrupts}, {exits['exits']}, {exits['mmio_exits']}", "")
    # iperf3 ends when all is sent, received or not
    ksft_ge(frames, (16 << 20) // 1448 // 2)
    ksft_ge(frames, 10 * interrupts, "ten frames an interrupt at least")
    # Others than the VF's: timers and the scheduler's
    ksft_ge(frames, 5 * exits["exits"], "five frames an exit at least")
    ksft_ge(frames, 100 * exits["mmio_exits"], "the VF's doorbells don't exit")


def kvm_exits():
    return {name: int(read(f"/sys/kernel/debug/kvm/{name}")) for name in ("exits", "mmio_exits")}


def counters_of_vf(vf):
    """The device's counters of a VF, as the PF reads them."""
    return json.loads(run(f"bnyctl --json counters --func {vf + 1}"))["functions"][0]["counters"]


def case_unmapped_dma_is_stopped_and_the_vf_works_again():
    vf1, = vf0_and_hosts()
    pf = Host(pf_netdev())
    before = counters_of_vf(0)["dma_errors"]
    kmsg = Kmsg()
    # Its exit status is 0 if the device has stopped the VF for it
    ksft_in("alive", l2("rogue-dma && echo alive").stdout)
    ksft_ge(counters_of_vf(0)["dma_errors"], before + 1)
    faults = [line for line in kmsg.lines() if "DMAR" in line and vf_bdf(0).removeprefix("0000:") in line]
    ksft_ge(len(faults), 1, "the IOMMU reported the VF")
    ping(vf1, pf)
    text = l2(SET_UP + f"; ping -c 2 -w 20 {vf1.addr}").stdout
    ksft_in(" 0% packet loss", text)


def case_killed_l2_leaves_a_usable_vf():
    vf1, = vf0_and_hosts()
    tenant = Tenant(SET_UP + f"; ping -f -w 100 {vf1.addr} >/dev/null & echo running; wait")
    tenant.wait_line("running")
    run("pkill -9 qemu-system")
    tenant.proc.wait(timeout=30 * SLOW)
    ksft_in(" 0% packet loss", l2(SET_UP + f"; ping -c 2 -w 20 {vf1.addr}").stdout)


def case_vfs_stay_when_the_pf_driver_leaves_a_running_l2():
    vf1, = vf0_and_hosts()
    tenant = Tenant(SET_UP + "; echo running; sleep 60")
    tenant.wait_line("running")
    kmsg = Kmsg()
    unbind(PF_BDF)
    try:
        ksft_eq(num_vfs(), 2, "VFs that guests use stay")
        ksft_true(any("used by guests: all VFs stay" in line for line in kmsg.lines()), "the log says so")
        wait_for("the VFs' links to go down", lambda: not vf1.carrier())
    finally:
        tenant.end()
        bind(PF_BDF)
    wait_for("the VFs' links to come back", vf1.carrier)


for _case in [c for n, c in list(globals().items()) if n.startswith("case_")]:
    _case.seconds = 180
