# SPDX-License-Identifier: GPL-2.0-only
"""A nested guest (L2) and its card: a VF passed through, its life and death, or one of QEMU's own.

Traffic through the VF and isolation are in lab/demo.
"""

from ksft import defer, ksft_eq, ksft_in, ksft_true
from harness import (Host, Kmsg, PF_BDF, SLOW, UPLINK, UPLINK_GUEST, bind, create_vfs, driver_of, netdev_of, num_vfs,
                     pf_netdev, ping, read, run, unbind, vf_bdf, wait_for)
from nested import SET_UP, Tenant, l2


def vf0_and_hosts(count=2):
    """`count` VFs: VF 0 is left for L2, the others become hosts."""
    return [Host(netdev) for netdev in create_vfs(count)[1:]]


def case_l2_drives_the_vf_and_gives_it_back():
    vf1, = vf0_and_hosts()
    pf = Host(pf_netdev())
    bdf = vf_bdf(0)
    mac = read(f"/sys/class/net/{netdev_of(bdf)}/address")
    ksft_true(UPLINK, "the lab names the uplink's host")
    script = 'ethtool -i "$BANYAN_PF_NETDEV"; cat /sys/class/net/"$BANYAN_PF_NETDEV"/address; ' + SET_UP
    script += f'; ip addr add {UPLINK_GUEST} dev "$BANYAN_PF_NETDEV"; '
    script += " && ".join(f"ping -c 3 -i 0.2 {target}" for target in (vf1.addr, pf.addr, UPLINK))
    done = l2(script + "; echo err >&2; exit 7", fail=False)
    ksft_in("driver: banyanvf", done.stdout)
    ksft_in(mac, done.stdout, "the same VF has the same MAC address in L2")
    ksft_eq(done.stdout.count(" 0% packet loss"), 3)
    ksft_eq((done.returncode, done.stderr.splitlines()[-1:]), (7, ["err"]), "exit status and output are the command's")
    wait_for("banyanvf to have the VF again", lambda: driver_of(bdf) == "banyanvf")
    ping(Host(wait_for("its netdev", lambda: netdev_of(bdf))), pf)


def case_other_cards_reach_l1():
    # lab/tenant: its bridge, whose address L1 has
    defer(run, "ip link delete br-tenant")
    script = ('ethtool -i "$BANYAN_PF_NETDEV"; ip addr add 10.98.0.2/24 dev "$BANYAN_PF_NETDEV"; '
              'ip link set "$BANYAN_PF_NETDEV" up; ping -c 3 -i 0.2 10.98.0.1')
    for nic, driver in (("vhost", "virtio_net"), ("e1000e", "e1000e")):
        done = l2(script, nic=nic)
        ksft_in(f"driver: {driver}\n", done.stdout)
        ksft_in(" 0% packet loss", done.stdout)


def case_killed_l2_leaves_a_usable_vf():
    vf1, = vf0_and_hosts()
    tenant = Tenant(SET_UP + f"; ping -f -w 100 {vf1.addr} >/dev/null & echo running; wait")
    tenant.wait_line("running")
    run("pkill -9 qemu-system")
    tenant.proc.wait(timeout=30 * SLOW)
    ksft_in(" 0% packet loss", l2(SET_UP + f"; ping -c 3 -i 0.2 {vf1.addr}").stdout)


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
