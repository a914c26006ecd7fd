# SPDX-License-Identifier: GPL-2.0-only
"""What is changed while VFs are in use: rings, settings, the PF's driver."""

import errno
import fcntl
import glob
import json
import os
import re
import socket
import struct

from contextlib import contextmanager
from cases_recovery import NON_FATAL, inject_aer_error
from ksft import defer, ksft_eq, ksft_ge, ksft_ne, ksft_true
from harness import (Kmsg, PCI, PF_BDF, PF_DIR, SLOW, bind, create_vfs, driver_of, end, entered, num_vfs, pf_netdev, ping,
                     poke, read, run, unanswered, unbind, vf_bdf, vf_hosts, wait_for, write)

# linux/vfio.h
VFIO_GROUP_SET_CONTAINER = 0x3b68


def load_both_ways(a, b):
    """TCP from each Host to the other, one stream a direction or several, until the case ends. Returns the command."""
    b.background("iperf3 -s")
    wait_for("iperf3 to listen", lambda: b.listens(5201))
    return a.background(f"iperf3 -c {b.addr} --bidir -P {max(1, 4 // SLOW)} -t {600 * SLOW}")


def trouble(host):
    counted = host.stats()
    return counted["errors"], counted["resets"]


def change_under_load(hosts, settings):
    """Go round the settings while both hosts send as much as they can; no function may err, no ring may hang."""
    before = [trouble(host) for host in hosts]
    load = load_both_ways(*hosts)
    wait_for("the load", lambda: all(host.stats()["tx_bytes"] >= 1 << 20 for host in hosts))
    for setting in settings * max(1, 2 // SLOW):
        for host in hosts:
            host.ethtool(setting)
    ksft_eq(load.poll(), None, "the load has ended by itself")
    end(load)
    ksft_eq([trouble(host) for host in hosts], before)
    ping(*hosts)


def case_ring_sizes_change_under_load():
    # A ring that is full most of the time: the stack's queue stops and wakes at every completion
    change_under_load(vf_hosts(), ("-G DEV tx 64", "-G DEV tx 128"))


def case_queue_pairs_change_under_load():
    hosts = vf_hosts()
    for host in hosts:
        host.ethtool("-G DEV tx 64")
    change_under_load(hosts, ("-L DEV combined 1", "-L DEV combined 2"))


def give(bdf, driver):
    """Have another driver than banyanvf drive a VF."""
    run(f"modprobe {driver}")
    unbind(bdf)
    write(f"{PCI}/{bdf}/driver_override", driver)
    write("/sys/bus/pci/drivers_probe", bdf)
    ksft_eq(driver_of(bdf), driver)


def lend(bdf):
    """Have vfio-pci drive a VF and hold it as QEMU does for a guest, until the case ends."""
    give(bdf, "vfio-pci")
    group = os.path.basename(os.readlink(f"{PCI}/{bdf}/iommu_group"))
    for path in ("/dev/vfio/vfio", f"/dev/vfio/{group}"):
        wait_for(path, lambda p=path: os.path.exists(p))
    container = os.open("/dev/vfio/vfio", os.O_RDWR)
    defer(os.close, container)
    holder = os.open(f"/dev/vfio/{group}", os.O_RDWR)
    defer(os.close, holder)
    fcntl.ioctl(holder, VFIO_GROUP_SET_CONTAINER, struct.pack("i", container))


def macs_of_vfs():
    """The VFs' addresses as the PF lists them."""
    return re.findall(r"^\s+vf \d+ +link/ether (\S+)", run(f"ip link show {pf_netdev()}"), re.M)


def case_vfs_keep_their_macs_when_the_pf_driver_is_loaded_anew():
    a, b, _ = vf_hosts(3, make=create_vfs)
    before = macs_of_vfs()
    ksft_eq(len(before), 3)
    lend(vf_bdf(2))
    for _ in range(2):
        unbind(PF_BDF)
        ksft_eq(num_vfs(), 3, "VFs are taken from a guest")
        wait_for("the VFs' links to go down", lambda: not a.carrier())
        bind(PF_BDF)
        ksft_eq(macs_of_vfs(), before)
        wait_for("the VFs' links", lambda: a.carrier() and b.carrier(), 30)
    ping(a, b)
    # Whoever is first has no right to another VF's address, though that one's driver didn't ask for it yet
    a.ip(f"link set {a.netdev} address {before[2]}")
    wait_for("the address to be refused", lambda: a.mac() == before[0])
    ping(a, b)


def vf_infos():
    return json.loads(run(f"ip -j -d link show {pf_netdev()}"))[0]["vfinfo_list"]


def case_a_new_pf_driver_finds_what_the_host_has_decided():
    a, b, _ = vf_hosts(3, make=create_vfs)
    for vf, what in enumerate(("mac 02:aa:bb:cc:dd:01 vlan 100 qos 2 proto 802.1ad", "vlan 100 proto 802.1ad trust on "
                               "spoofchk off state enable max_tx_rate 500 min_tx_rate 10", "state disable")):
        run(f"ip link set {pf_netdev()} vf {vf} {what}")
    before = vf_infos()
    lend(vf_bdf(2))
    for _ in range(2):
        unbind(PF_BDF)
        bind(PF_BDF)
        ksft_eq(vf_infos(), before)
    wait_for("the VFs' links", lambda: a.carrier() and b.carrier(), 30)
    ping(a, b)
    b.ip(f"link set {b.netdev} address 02:aa:bb:cc:dd:03")
    a.ip(f"neigh flush dev {a.netdev}")
    ping(a, b)
    ksft_eq(b.mac(), "02:aa:bb:cc:dd:03")
    # The first one's address is still the host's choice
    a.ip(f"link set {a.netdev} address 02:aa:bb:cc:dd:02")
    wait_for("the address to be refused", lambda: a.mac() == "02:aa:bb:cc:dd:01")


def case_vfs_go_unless_somebody_else_does_dma_with_one():
    create_vfs(2)
    # It is lent to nobody
    give(vf_bdf(0), "vfio-pci")
    write(f"{PF_DIR}/sriov_numvfs", 0)
    ksft_eq(num_vfs(), 0)
    create_vfs(2)
    # Of a driver that isn't ours nobody knows whether it can do without
    give(vf_bdf(0), "pci-pf-stub")
    try:
        write(f"{PF_DIR}/sriov_numvfs", 0)
    except OSError as refused:
        ksft_eq(refused.errno, errno.EBUSY)
    ksft_eq(num_vfs(), 2, "VFs are taken from another driver")
    unbind(vf_bdf(0))
    write(f"{PF_DIR}/sriov_numvfs", 0)
    ksft_eq(num_vfs(), 0)


def case_flr_of_a_vf_and_then_of_the_pf():
    a, b = vf_hosts(make=create_vfs)
    for bdf in (vf_bdf(1), PF_BDF, vf_bdf(0), PF_BDF):
        write(f"{PCI}/{bdf}/reset", 1)
        wait_for(f"traffic after an FLR of {bdf}",
                 lambda: ping(a, b, count=2, fail=False).returncode == 0, 30)


def case_reset_after_a_recovery_that_failed():
    a, b, _ = vf_hosts(3, make=create_vfs)
    run("modprobe aer_inject")
    defer(run, "rmmod aer_inject")
    # A function without a driver below the same port: the PF hears of the error, but never of the recovery
    unbind(vf_bdf(2))
    kmsg = Kmsg()
    inject_aer_error(PF_BDF, NON_FATAL)
    wait_for("the recovery to fail", lambda: any("device recovery failed" in line for line in kmsg.lines()))
    for bdf in (PF_BDF, vf_bdf(0), vf_bdf(1)):
        write(f"{PCI}/{bdf}/reset", 1)
    # Not only rings run again: a request reaches the PF, and its answer the VF
    b.ip(f"link set {b.netdev} address 02:11:22:33:44:66")
    wait_for("traffic after the resets", lambda: ping(a, b, count=2, fail=False).returncode == 0, 30)


@contextmanager
def pktgen_device(host, **settings):
    """Have the kernel's packet generator send from a Host's netdev; entered, its files are those of the host's network."""
    run("modprobe pktgen")
    thread = "/proc/self/net/pktgen/kpktgend_0"
    with entered(host.ns):
        write(thread, f"add_device {host.netdev}")
        for name, value in ({"dst": host.addr, "dst_mac": "02:00:00:00:00:01"} | settings).items():
            write(f"/proc/self/net/pktgen/{host.netdev}", f"{name} {value}")
    try:
        yield
    finally:
        with entered(host.ns):
            write(thread, "rem_device_all")


def pktgen(host, size, count, **settings):
    """Packets of a size (bytes, headers included) that the stack doesn't check, a count of them."""
    with pktgen_device(host, count=count, pkt_size=size, **settings), entered(host.ns):
        write("/proc/self/net/pktgen/pgctrl", "start\n")


def link_stats(host, direction):
    """The netdev's counters as rtnetlink has them, "rx" or "tx"."""
    return json.loads(host.ip(f"-j -s -s link show {host.netdev}"))[0]["stats64"][direction]


def case_a_frame_too_long_for_the_device_is_dropped():
    a, b = vf_hosts()
    before = a.stats()
    pktgen(a, 9600, 10)
    pktgen(a, 20000, 10)
    after = a.stats()
    ksft_ge(after["tx_packets"], before["tx_packets"] + 10, "frames of 9600 bytes are sent")
    ksft_eq((after["errors"], after["resets"]), (before["errors"], before["resets"]))
    ping(a, b)


def case_packets_for_a_queue_that_is_gone_are_dropped():
    a, _ = vf_hosts()
    a.run(f"ethtool -L {a.netdev} combined 2", fail=False)
    # The same packet again and again: its queue was chosen once
    with pktgen_device(a, count=0, pkt_size=60, delay=100000, clone_skb=1 << 30, queue_map_min=1, queue_map_max=1):
        # The device's counters go on from the cases before
        before = a.stats()["tx_packets"]
        sending = a.background("sh -c 'echo start >/proc/self/net/pktgen/pgctrl'")
        wait_for("packets on their way", lambda: a.stats()["tx_packets"] >= before + 100)
        a.ethtool("-L DEV combined 1")
        dropped = link_stats(a, "tx")["dropped"]
        wait_for("packets to be dropped", lambda: link_stats(a, "tx")["dropped"] >= dropped + 100)
        with entered(a.ns):
            write("/proc/self/net/pktgen/pgctrl", "stop\n")
        sending.wait(timeout=10 * SLOW)
    a.ethtool("-L DEV combined 2")


def rss_table(host):
    """The queues that the entries of a Host's indirection table name."""
    lines = re.findall(r"^ +\d+:((?: +\d+)+)$", host.ethtool("-x DEV"), re.M)
    return {int(queue) for line in lines for queue in line.split()}


def case_queue_pairs_change_while_down():
    a, b = vf_hosts()
    b.ip(f"link set {b.netdev} down")
    for count in (1, 2):
        b.ethtool(f"-L DEV combined {count}")
        ksft_eq(rss_table(b), set(range(count)))
    b.ip(f"link set {b.netdev} up")
    wait_for("the carrier", b.carrier)
    ksft_eq(rss_table(b), {0, 1})
    ping(a, b)


def case_an_answer_that_nobody_asked_for_is_refused():
    vf_hosts(2)
    kmsg = Kmsg()
    # include/bny_mbx.h: struct bny_mbx_hdr of a response to SET_MAC
    poke(vf_bdf(1), f"send 0 {struct.pack('<BBHHHII', 1, 2, 2, 16, 7, 0, 0).hex()}")
    wait_for("the refusal in the log",
             lambda: any("VF 1: mailbox request 0x2 refused: UNKNOWN_OPCODE" in line for line in kmsg.lines()))


def case_a_function_that_vanishes_is_noticed_and_comes_back():
    a, b = vf_hosts()
    ping(a, b)
    kmsg = Kmsg()
    # Memory Space Enable off: nobody answers the driver's reads, which bring all zeroes or all ones
    run(f"setpci -s {vf_bdf(1)} COMMAND=0:2")
    missed = link_stats(b, "rx").get("missed", 0)
    ksft_ge(1000, missed, "frames missed")
    wait_for("the driver to notice", lambda: any("function doesn't answer" in line for line in kmsg.lines()))
    run(f"setpci -s {vf_bdf(1)} COMMAND=2:2")
    write(f"{PCI}/{vf_bdf(1)}/reset", 1)
    wait_for("traffic after the reset", lambda: ping(a, b, count=2, fail=False).returncode == 0, 30)


def case_frames_to_wait_for_need_a_time_limit():
    vf, = vf_hosts(1)
    vf.ethtool("-C DEV rx-usecs 100 rx-frames 8")
    ksft_ne(vf.run(f"ethtool -C {vf.netdev} rx-usecs 0", fail=False).returncode, 0)
    vf.ethtool("-C DEV rx-usecs 0 rx-frames 0")
    ksft_ne(vf.run(f"ethtool -C {vf.netdev} rx-frames 8", fail=False).returncode, 0)


def case_sysfs_has_the_queues_that_are_used():
    netdev, = create_vfs(1)
    combined = int(re.findall(r"Combined:\s+(\d+)", run(f"ethtool -l {netdev}"))[1])
    for kind in ("rx", "tx"):
        ksft_eq(len(glob.glob(f"/sys/class/net/{netdev}/queues/{kind}-*")), combined, f"{kind} before the first open")


def case_the_affinity_of_an_interrupt_is_the_users():
    a, = vf_hosts(1)

    def affinity():
        rows = [line.split() for line in read("/proc/interrupts").splitlines()]
        irq = next(row[0].rstrip(":") for row in rows if row[-1] == f"{a.netdev}-q0")
        return f"/proc/irq/{irq}/smp_affinity_list"

    other = "1" if read(affinity()) == "0" else "0"
    write(affinity(), other)
    a.ip(f"link set {a.netdev} down")
    a.ip(f"link set {a.netdev} up")
    ksft_eq(read(affinity()), other)


def case_drops_of_the_device_are_errors_of_the_netdev():
    a, b = vf_hosts()
    a.ip(f"link set {a.netdev} mtu 3000")
    before = rx_errors(b)
    ksft_true(unanswered(a, b, size=2000))
    ksft_ge(rx_errors(b), before + 2)


def rx_errors(host):
    counted = link_stats(host, "rx")
    ksft_eq(counted["errors"], counted["length_errors"])
    return counted["errors"]


def provoke(host, **parameters):
    """Load tests/vm/module for the netdev of a Host."""
    with entered(host.ns):
        run(f"modprobe banyan_provoke netdev={host.netdev} " + " ".join(f"{k}={v}" for k, v in parameters.items()))
    defer(run, "rmmod banyan_provoke")


def case_an_address_that_is_refused_is_announced_as_any_other():
    a, b = vf_hosts()
    own, other = b.mac(), "02:88:00:00:00:01"
    # Who hears that the netdev has its own address again changes it in turn
    provoke(b, **{"from": own, "to": other})
    b.ip(f"link set {b.netdev} address {a.mac()}")
    wait_for("the address", lambda: b.mac() == other)
    # The user's, the driver's, and the listener's
    ksft_eq(read("/sys/module/banyan_provoke/parameters/announced"), "3")
    a.ip(f"neigh flush dev {a.netdev}")
    wait_for("traffic", lambda: ping(a, b, count=2, fail=False).returncode == 0)


def case_fragments_without_bytes_are_skipped():
    a, b = vf_hosts()
    before = a.stats()
    # include/uapi/linux/if_ether.h: ETH_P_802_EX1
    with b.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88b5)) as sock:
        sock.bind((b.netdev, 0x88b5))
        provoke(a, send="empty_fragment")
        frame = sock.recv(2000)
    # tests/vm/module/banyan_provoke.c
    ksft_eq(frame[60:], bytes([1]) * 100 + bytes([3]) * 100)
    ksft_eq((a.stats()["errors"], a.stats()["resets"]), (before["errors"], before["resets"]))


def case_headers_that_the_device_cannot_use_are_errors():
    a, b = vf_hosts()
    before = a.stats(), link_stats(a, "tx")["errors"]
    provoke(a, send="cut_fragment")
    wait_for("the drop", lambda: a.stats()["tx_drop_headers"] > before[0]["tx_drop_headers"])
    ksft_eq(link_stats(a, "tx")["errors"], before[1] + 1)
    ksft_eq((a.stats()["errors"], a.stats()["resets"]), (before[0]["errors"], before[0]["resets"]))
    ping(a, b)
