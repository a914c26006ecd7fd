# SPDX-License-Identifier: GPL-2.0-only
"""A VF passed through to a nested guest (L2): traffic, isolation, life and death."""

import json
import re

from ksft import ksft_eq, ksft_ge, ksft_in, ksft_true
from harness import (Host, PF_BDF, SLOW, UPLINK, UPLINK_GUEST, create_vfs, destroy_vfs, driver_of, figure,
                     netdev_of, num_vfs, pf_netdev, ping, read, run, vf_bdf, wait_for, write)
from nested import L2_ADDR, SET_UP, Tenant, l2


def vf0_and_hosts(count=2):
    """`count` VFs: VF 0 is left for L2, the others become hosts."""
    return [Host(netdev) for netdev in create_vfs(count)[1:]]


def kvm_exits():
    return int(read("/sys/kernel/debug/kvm/exits"))


def case_l2_drives_the_vf():
    create_vfs(2)
    mac = read(f"/sys/class/net/{netdev_of(vf_bdf(0))}/address")
    text = l2('ethtool -i "$BANYAN_PF_NETDEV"; cat /sys/class/net/"$BANYAN_PF_NETDEV"/address').stdout
    ksft_in("driver: banyanvf", text)
    ksft_in(mac, text, "the same VF has the same MAC address in L2")


def case_l2_exit_status_and_output_are_the_commands():
    create_vfs(1)
    done = l2("echo out; echo err >&2; exit 7", fail=False)
    ksft_eq((done.ret, done.stdout, done.stderr.splitlines()[-1:]), (7, "out\n", ["err"]))


def case_l2_time_out_is_124():
    create_vfs(1)
    ksft_eq(l2("sleep 1000", fail=False, seconds=2).ret, 124)


def case_l2_pings_everyone():
    vf1, = vf0_and_hosts()
    pf = Host(pf_netdev())
    targets = [vf1.addr, pf.addr]
    ksft_true(UPLINK, "the lab names the uplink's host")
    script = SET_UP + f'; ip addr add {UPLINK_GUEST} dev "$BANYAN_PF_NETDEV"; sleep 0.5; set -e; '
    script += "".join(f"ping -c 2 -w 10 {target}; " for target in targets + [UPLINK])
    ksft_eq(l2(script).stdout.count(" 0% packet loss"), 3)


def case_l2_tcp_both_ways():
    vf1, = vf0_and_hosts()
    vf1.background("iperf3 -s -p 5201")
    # Let the server listen before L2's boot is over
    text = l2(SET_UP + f"; ping -c 1 -w 10 {vf1.addr} >/dev/null; "
              f"iperf3 -c {vf1.addr} -t 3 -f m; iperf3 -c {vf1.addr} -t 3 -f m -R").stdout
    rates = re.findall(r"([\d.]+) Mbits/sec\s+receiver", text)
    ksft_eq(len(rates), 2)
    figure("L2 TCP send through the VF", rates[0], "Mb/s")
    figure("L2 TCP receive through the VF", rates[1], "Mb/s")


def case_exits_grow_with_interrupts_not_with_packets():
    vf1, = vf0_and_hosts()
    tenant = Tenant(SET_UP + "; iperf3 -s -1 >/dev/null & sleep 1; echo listening; wait; echo done")
    tenant.wait_line("listening")
    before, frames, irqs = kvm_exits(), vf1.stats()["tx_bytes"] // 1448, vf_interrupts()
    vf1.run(f"iperf3 -c {L2_ADDR} -t 4", timeout=40)
    exits = kvm_exits() - before
    frames = vf1.stats()["tx_bytes"] // 1448 - frames
    irqs = vf_interrupts() - irqs
    figure("L2 receive: frames of 1448 bytes, VF interrupts, KVM exits", f"{frames}, {irqs}, {exits}", "")
    ksft_ge(frames, 10 * irqs, "ten frames an interrupt at least")
    # Others than the VF's: timers and the scheduler's
    ksft_ge(frames, exits, "fewer exits than frames")


def vf_interrupts():
    """Interrupts that VF 0 has sent, counted by the device, read by the PF's side."""
    return counter_of_vf(0, "interrupts")


def counter_of_vf(vf, name):
    """One of the device's counters of a VF, as the PF reads it."""
    return json.loads(run(f"bnyctl --json counters --func {vf + 1}"))["functions"][0]["counters"][name]


def case_unmapped_dma_is_stopped():
    vf1, = vf0_and_hosts()
    vf2, = [Host(pf_netdev())]
    before = counter_of_vf(0, "dma_errors")
    done = l2("rogue-dma", fail=False)
    ksft_true("DMA" in done.stdout + done.stderr, done.stdout + done.stderr)
    ksft_ge(counter_of_vf(0, "dma_errors"), before + 1)
    ksft_in("DMAR", run("dmesg | grep -i 'DMAR.*fault' | tail -3"))
    ping(vf1, vf2)


def case_vf_works_again_after_unmapped_dma():
    vf1, = vf0_and_hosts()
    l2("rogue-dma", fail=False)
    text = l2(SET_UP + f"; ping -c 2 -w 20 {vf1.addr}").stdout
    ksft_in(" 0% packet loss", text)


def case_killed_l2_leaves_a_usable_vf():
    vf1, = vf0_and_hosts()
    tenant = Tenant(SET_UP + f"; ping -f -w 100 {vf1.addr} >/dev/null & echo running; wait")
    tenant.wait_line("running")
    run("pkill -9 qemu-system")
    tenant.proc.wait(timeout=30 * SLOW)
    ksft_in(" 0% packet loss", l2(SET_UP + f"; ping -c 2 -w 20 {vf1.addr}").stdout)


def case_vf_returns_to_the_hosts_driver():
    create_vfs(1)
    l2("true")
    bdf = vf_bdf(0)
    wait_for("banyanvf to have the VF again", lambda: driver_of(bdf) == "banyanvf")
    host = Host(wait_for("its netdev", lambda: netdev_of(bdf)))
    ping(host, Host(pf_netdev()))


def case_vfs_stay_when_the_pf_driver_leaves_a_running_l2():
    vf1, = vf0_and_hosts()
    tenant = Tenant(SET_UP + "; echo running; sleep 60")
    tenant.wait_line("running")
    vf1.release()
    write("/sys/bus/pci/drivers/banyan/unbind", PF_BDF)
    try:
        ksft_eq(num_vfs(), 2, "VFs that guests use stay")
        ksft_in("used by guests: all VFs stay", run("dmesg | tail -20"))
    finally:
        tenant.end()
        write("/sys/bus/pci/drivers/banyan/bind", PF_BDF)
        wait_for("the PF's netdev", lambda: netdev_of(PF_BDF))
        destroy_vfs()


for _case in [c for n, c in list(globals().items()) if n.startswith("case_")]:
    _case.seconds = 180
