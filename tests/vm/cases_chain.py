# SPDX-License-Identifier: GPL-2.0-only
"""The chain: PF, sriov_numvfs, VFs, and traffic among VFs, PF and uplink."""

import contextlib
import errno
import json
import os
import re
import time

from ksft import defer, ksft_eq, ksft_ge, ksft_in, ksft_ne, ksft_true
from harness import (Host, Kmsg, PCI, PF_BDF, PF_DIR, Pool, SLOW, UPLINK, UPLINK_GUEST, create_vfs, destroy_vfs,
                     driver_of, figure, hears_all_groups, iperf3, iperf3_to, kept_hosts, lspci, num_vfs, pf_netdev, ping, read,
                     run, stats, transfer, unanswered, unicast_received, vf_bdf, vf_hosts, wait_for, write)


TOTAL_VFS = int(read(f"{PF_DIR}/sriov_totalvfs"))


def case_pf_driver_binds():
    ksft_eq(driver_of(PF_BDF), "banyan")
    ksft_true(pf_netdev())


def case_lspci_shows_the_capabilities():
    text = lspci(PF_BDF)
    for capability in ("SR-IOV", "MSI-X", "Advanced Error Reporting", "Alternative Routing-ID", "FLReset+",
                       "Power Management", "Device Serial Number"):
        ksft_in(capability, text)
    ksft_in(f"Initial VFs: {TOTAL_VFS}, Total VFs: {TOTAL_VFS}", text)


def case_numvfs_creates_vfs_that_bind():
    create_vfs(2)
    for vf in range(2):
        ksft_eq(driver_of(vf_bdf(vf)), "banyanvf")
    write(f"{PF_DIR}/sriov_numvfs", 0)
    ksft_eq(num_vfs(), 0)
    ksft_true(not os.path.exists(f"{PF_DIR}/virtfn0"))


def case_vfs_have_the_macs_that_the_pf_lists():
    netdevs = create_vfs(2)
    macs = [read(f"/sys/class/net/{netdev}/address") for netdev in netdevs]
    ksft_ne(macs[0], macs[1])
    listing = run(f"ip link show {pf_netdev()}")
    for mac in macs:
        ksft_in(mac, listing, "the PF lists the VF's MAC address")


def case_more_vfs_than_the_device_has_is_erange():
    destroy_vfs()
    try:
        write(f"{PF_DIR}/sriov_numvfs", TOTAL_VFS + 1)
    except OSError as error:
        ksft_eq(error.errno, errno.ERANGE)
    else:
        destroy_vfs()
        ksft_true(False, "the write was accepted")
    ksft_eq(num_vfs(), 0)


def case_changing_the_number_of_live_vfs_is_ebusy():
    create_vfs(1)
    try:
        write(f"{PF_DIR}/sriov_numvfs", 2)
    except OSError as error:
        ksft_eq(error.errno, errno.EBUSY)
    else:
        ksft_true(False, "the write was accepted")
    ksft_eq(num_vfs(), 1)


def case_vfs_come_and_go_repeatedly():
    for count in (3, 1, 4):
        create_vfs(count)
        destroy_vfs()


def case_many_vfs_each_with_netdev_and_mac():
    # All that the device has; fewer on the debug kernel, which takes a second for each to come and go
    count = TOTAL_VFS if SLOW == 1 else 16
    start = time.monotonic()
    netdevs = create_vfs(count)
    seconds = time.monotonic() - start
    figure(f"{count} VFs created, each with its netdev", f"{seconds:.1f}", "s")
    ksft_ge(30 * SLOW, seconds)
    macs = {read(f"/sys/class/net/{netdev}/address") for netdev in netdevs}
    ksft_eq(len(macs), count)
    for vf in range(count):
        ksft_eq(driver_of(vf_bdf(vf)), "banyanvf")


case_many_vfs_each_with_netdev_and_mac.seconds = 180


def case_vf_to_vf_ping():
    a, b = kept_hosts()
    ping(a, b)
    ping(b, a, ipv6=True)
    ping(a, b, size=1400)


def case_vf_to_pf_ping():
    vf, = kept_hosts(1)
    pf = Host(pf_netdev())
    ping(vf, pf)
    ping(pf, vf, ipv6=True)


def case_vf_to_vf_tcp():
    a, b = kept_hosts()
    end = iperf3(a, b, seconds=1)
    figure("VF to VF TCP", round(end["sum_received"]["bits_per_second"] / 1e6), "Mb/s")
    ksft_ge(end["sum_received"]["bytes"], 1 << 16)
    end = iperf3(b, a, seconds=1, addr=a.addr6)
    ksft_ge(end["sum_received"]["bytes"], 1 << 16)


def case_vf_to_pf_tcp_both_ways():
    vf, = kept_hosts(1)
    pf = Host(pf_netdev())
    for direction in ("", "-R"):
        ksft_ge(iperf3(vf, pf, seconds=1, args=direction)["sum_received"]["bytes"], 1 << 16)


def case_udp_flows():
    a, b = kept_hosts()
    end = iperf3(a, b, seconds=1, args="-u -b 50M -l 1200")
    ksft_ge(end["sum"]["packets"], 100)
    ksft_ge(end["sum"]["packets"] / 2, end["sum"]["lost_packets"])


def case_bytes_arrive_unchanged():
    a, b = kept_hosts()
    transfer(a, b)
    transfer(b, a, ipv6=True)


def case_broadcast_reaches_everyone():
    a, b = kept_hosts()
    pf = Host(pf_netdev())
    before = [host.stats()["rx_broadcast"] for host in (b, pf)]
    a.run("ping -b -c 1 -W 0.1 10.77.0.255", fail=False)
    for host, count in zip((b, pf), before):
        wait_for(f"broadcasts at {host.netdev}", lambda h=host, c=count: h.stats()["rx_broadcast"] > c)


def case_pf_promiscuous_sees_everything():
    a, b = kept_hosts()
    pf = pf_netdev()
    run(f"ip link set {pf} up promisc on")
    defer(run, f"ip link set {pf} down promisc off")
    before = unicast_received(stats(pf))

    def seen():
        ping(a, b, count=2)
        return unicast_received(stats(pf)) >= before + 4

    wait_for("the VFs' frames at the PF", seen)


def case_vf_and_pf_to_uplink_ping():
    ksft_true(UPLINK, "the lab names the uplink's host")
    for netdev in Pool.take(1) + [pf_netdev()]:
        host = Host(netdev)
        host.ip(f"addr add {UPLINK_GUEST} dev {netdev}")
        ping(host, UPLINK)
        host.release()


def case_vf_to_uplink_tcp():
    ksft_true(UPLINK, "the lab names the uplink's host")
    vf, = vf_hosts(1)
    vf.ip(f"addr add {UPLINK_GUEST} dev {vf.netdev}")
    for direction in ("", "-R"):
        ksft_ge(iperf3_to(vf, UPLINK, f"-t 1 {direction}")["sum_received"]["bytes"], 1 << 16)


def case_bytes_arrive_unchanged_without_offloads():
    a, b = vf_hosts()
    for features in (("tso", "gso"), ("tx",), ("rx",), ("gro",), ("rx-gro-hw",), ("rxhash",)):
        for state in ("off", "on"):
            words = " ".join(f"{feature} {state}" for feature in features)
            for host in (a, b):
                host.ethtool(f"-K DEV {words}")
            if state == "off":
                transfer(a, b, size=1 << 20)


case_bytes_arrive_unchanged_without_offloads.seconds = 120


def case_jumbo_frames():
    a, b = vf_hosts(mtu=9600)
    ping(a, b, size=9572)
    transfer(a, b)


def two_tags(host):
    """A Host's VLAN device in another one; its IPv4 address. Both have the netdev's MTU."""
    addr = f"10.78.0.{host.number}"
    host.ip(f"link add link {host.netdev} name outer type vlan proto 802.1ad id 200")
    host.ip("link add link outer name inner type vlan id 30")
    host.ip("link set outer up")
    host.ip("link set inner up")
    host.ip(f"addr add {addr}/24 dev inner")
    return addr


def case_two_vlan_tags_fit_at_every_mtu():
    a, b = vf_hosts()
    for mtu in (1500, 9600):
        for host in (a, b):
            host.ip(f"link set {host.netdev} mtu {mtu}")
        two_tags(a)
        addr = two_tags(b)
        before = b.stats()["rx_drop_length"]
        # ICMP's payload: without its own header and that of IPv4
        ksft_in(" 0% packet loss", a.run(f"ping -c 3 -i 0.2 -M do -s {mtu - 28} {addr}").stdout)
        ksft_eq(b.stats()["rx_drop_length"], before)
        for host in (a, b):
            host.ip("link del outer")


def case_mtu_out_of_range_is_refused():
    netdev, = Pool.take(1)
    for mtu in (67, 9601):
        ksft_true(run(f"ip link set {netdev} mtu {mtu} 2>&1 || echo refused").endswith("refused\n"))
    ksft_eq(int(read(f"/sys/class/net/{netdev}/mtu")), 1500)


def case_frames_longer_than_the_receivers_mtu_are_counted():
    a, b = vf_hosts()
    a.ip(f"link set {a.netdev} mtu 4000")
    before = b.stats()["rx_drop_length"]
    ksft_true(unanswered(a, b, size=3000))
    ksft_ge(b.stats()["rx_drop_length"], before + 1)


def case_multicast_reaches_members_only():
    a, b, c = vf_hosts(3)
    group, mac = "239.1.2.3", "01:00:5e:01:02:03"
    b.ip(f"maddr add {mac} dev {b.netdev}")
    before = b.stats()["rx_multicast"]
    a.ip(f"route add {group} dev {a.netdev}")

    def arrived():
        a.run(f"ping -c 1 -W 0.1 {group}", fail=False)
        return b.stats()["rx_multicast"] > before

    wait_for("multicast at the member", arrived)
    # The others see neighbour discovery at most, not the group's frames
    sniff = c.background(f"tcpdump -p -i {c.netdev} -c 1 --immediate-mode -n dst {group}")
    ksft_true(any("listening on" in line for line in sniff.stdout), "tcpdump listens")
    a.run(f"ping -c 3 -i 0.2 -W 0.1 {group}", fail=False)
    ping(a, c)
    ksft_eq(sniff.poll(), None, "a VF that isn't a member got the group's frames")


def case_64_groups_are_received_and_beyond_that_all():
    a, b = vf_hosts()
    ksft_true(not hears_all_groups(a, b))
    # Some are the stack's own
    others = len(re.findall(r"^\s*link", b.ip(f"maddr show dev {b.netdev}"), re.M))
    groups = [f"01:00:5e:01:03:{number:02x}" for number in range(65 - others)]
    a.ip(f"route add 239.1.3.0/24 dev {a.netdev}")

    def maddr(verb, macs):
        b.run(" && ".join(f"ip maddr {verb} {mac} dev {b.netdev}" for mac in macs))

    def arrives(number):
        before = b.stats()["rx_multicast"]
        a.run(f"ping -c 1 -W 0.1 239.1.3.{number}", fail=False)
        return b.stats()["rx_multicast"] > before

    maddr("add", groups[:-1])
    wait_for("the 64th group's frame", lambda: arrives(len(groups) - 2))
    ksft_true(not hears_all_groups(a, b), "64 groups are too many")
    maddr("add", groups[-1:])
    wait_for("all multicast frames", lambda: hears_all_groups(a, b))
    ksft_true(arrives(len(groups) - 1))
    maddr("del", groups[1:])
    wait_for("the groups alone", lambda: not hears_all_groups(a, b))
    wait_for("the first group's frame", lambda: arrives(0))


def case_new_mac_address_receives():
    a, b = vf_hosts()
    b.ip(f"link set {b.netdev} address 02:11:22:33:44:55")
    ping(a, b)
    ksft_eq(b.mac(), "02:11:22:33:44:55")


# Those that give both VFs one address need trust
BONDS = ("active-backup fail_over_mac none", "active-backup fail_over_mac active", "active-backup fail_over_mac follow",
         "balance-rr", "802.3ad")


@contextlib.contextmanager
def bond(host, netdevs, spec):
    """The netdevs as one, with the Host's address; whether each could join"""
    for netdev in netdevs:
        host.ip(f"link set {netdev} down")
        host.ip(f"addr flush dev {netdev}")
    host.ip(f"link add bond0 type bond mode {spec} miimon 50")
    try:
        joined = [host.run(f"ip link set {netdev} master bond0", fail=False).returncode == 0 for netdev in netdevs]
        host.ip(f"addr add {host.addr}/24 dev bond0")
        host.ip("link set bond0 up")
        yield joined
    finally:
        host.ip("link del bond0")


def case_two_vfs_are_bonded_in_every_mode():
    a, b, c = vf_hosts(3, make=create_vfs)
    netdevs = (a.netdev, b.netdev)
    b.ip(f"link set {b.netdev} netns {a.ns}")
    # Without trust each keeps its own address; else the log says what would help
    kmsg = Kmsg()
    with bond(a, netdevs, "active-backup fail_over_mac none"):
        wait_for("a hint in the log",
                 lambda: any(f"ip link set {pf_netdev()} vf 1 trust on" in line for line in kmsg.lines()))
    for trust, bonds in (("off", BONDS[1:2]), ("on", BONDS)):
        for vf in (0, 1):
            run(f"ip link set {pf_netdev()} vf {vf} trust {trust}")
        for spec in bonds:
            with bond(a, netdevs, spec) as joined:
                ksft_eq(joined, [True, True], spec)

                def answered():
                    c.ip(f"neigh flush dev {c.netdev}")
                    return ping(c, a, count=1, fail=False).returncode == 0

                wait_for(f"traffic over a bond of {spec}", answered, 20)
                for vf in (0, 1):
                    run(f"ip link set {pf_netdev()} vf {vf} state disable")
                    wait_for(f"traffic without VF {vf}, {spec}", answered, 20)
                    run(f"ip link set {pf_netdev()} vf {vf} state auto")
                    wait_for("the link to be back", lambda v=vf: read_carrier(a, netdevs[v]))


case_two_vfs_are_bonded_in_every_mode.seconds = 180


def read_carrier(host, netdev):
    return "LOWER_UP" in json.loads(host.ip(f"-j link show {netdev}"))[0]["flags"]


def vf_counted(vf):
    """What "ip -s link show PF" says of a VF: (direction, name) -> number."""
    link, = json.loads(run(f"ip -j -s link show {pf_netdev()}"))
    counted = link["vfinfo_list"][vf]["stats"]
    # Some are called tx_packets where others are called packets
    return {(direction, name.removeprefix("tx_")): number for direction in ("rx", "tx")
            for name, number in counted[direction].items()}


def own_counted(host):
    """The same of what a VF's own driver has counted, as far as it counts that."""
    counted = json.loads(host.ip(f"-j -s link show {host.netdev}"))[0]["stats64"]
    return {(direction, name): counted[direction][name] for direction in ("rx", "tx") for name in ("packets", "bytes")}


def case_pf_counts_what_a_vf_has_counted():
    hosts = vf_hosts(make=create_vfs)
    ping(*hosts, count=5)
    ping(*hosts, size=1400, ipv6=True)
    for vf, host in enumerate(hosts):
        wait_for(f"VF {vf}'s statistics in both places",
                 lambda v=vf, h=host: own_counted(h).items() <= vf_counted(v).items())
        ksft_ge(vf_counted(vf)["rx", "packets"], 8)
        ksft_ge(vf_counted(vf)["tx", "bytes"], 3 * 1400)


def case_pf_counts_by_kind_and_drops_of_a_vf():
    a, b = vf_hosts(make=create_vfs)
    names = {("rx", "broadcast"): "rx_broadcast", ("rx", "multicast"): "rx_multicast",
             ("rx", "dropped"): "rx_drop_length"}
    before, own = vf_counted(1), b.stats()
    a.ip(f"link set {a.netdev} mtu 4000")
    ksft_true(unanswered(a, b, size=3000))
    a.run(f"arping -b -c 3 -I {a.netdev} {b.addr}", fail=False)

    def gains():
        counted, stats_now = vf_counted(1), b.stats()
        return {key: (counted[key] - before[key], stats_now[name] - own[name]) for key, name in names.items()}

    wait_for("the same gains in both places", lambda: all(pf == vf for pf, vf in gains().values()))
    ksft_ge(gains()["rx", "broadcast"][0], 3)
    ksft_ge(gains()["rx", "dropped"][0], 1)


def case_statistics_of_a_vf_outlive_resets():
    a, b = vf_hosts(make=create_vfs)
    ping(a, b)
    for bdf in (vf_bdf(1), PF_BDF):
        before = vf_counted(1)
        write(f"{PCI}/{bdf}/reset", 1)
        during = vf_counted(1)
        ksft_true(all(during[key] >= before[key] for key in before), "none went backwards")
        wait_for("pings after the reset", lambda: ping(a, b, count=1, fail=False).returncode == 0, 30)
        wait_for("packets counted", lambda n=before: vf_counted(1)["rx", "packets"] > n["rx", "packets"])


def case_statistics_of_a_new_vf_begin_at_zero():
    ping(*vf_hosts(make=create_vfs))
    ksft_ge(vf_counted(0)["rx", "packets"], 1)
    write(f"{PF_DIR}/sriov_drivers_autoprobe", 0)
    defer(write, f"{PF_DIR}/sriov_drivers_autoprobe", 1)
    destroy_vfs()
    write(f"{PF_DIR}/sriov_numvfs", 1)
    defer(destroy_vfs)
    ksft_eq(set(vf_counted(0).values()), {0})
