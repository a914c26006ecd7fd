# SPDX-License-Identifier: GPL-2.0-only
"""Resets, errors, removal: what a function loses, and that it comes back."""

import os
import re
import struct
import time

from ksft import KsftSkipEx, defer, ksft_eq, ksft_ge, ksft_in, ksft_true
from harness import (Kmsg, PCI, PF_BDF, PF_DIR, create_vfs, destroy_vfs, driver_of, netdev_of, num_vfs, ping, read,
                     run, stats, unanswered, vf_bdf, vf_hosts, wait_for, write)

# Bits of the Uncorrectable Error Status register (PCI Express, AER): Poisoned TLP, Malformed TLP
NON_FATAL = 1 << 12
FATAL = 1 << 18


def poke(bdf, words):
    return run(f"poke {bdf} {words}").strip()


def works(source, target):
    return ping(source, target, count=2, fail=False).ret == 0


def case_flr_of_a_vf_under_traffic():
    a, b = vf_hosts()
    a.background(f"ping -f -w 60 {b.addr}")
    before = b.stats()["resets"]
    write(f"{PCI}/{vf_bdf(1)}/reset", 1)
    wait_for("traffic after the reset", lambda: works(a, b), 20)
    ksft_ge(b.stats()["resets"], before + 1)


def case_reset_of_the_pf_keeps_vfs_working():
    a, b = vf_hosts()
    ping(a, b)
    resets = stats(netdev_of(PF_BDF))["resets"]
    # An error of the PF's makes its driver reset the function, and with it the VEB and all policy
    poke(PF_BDF, "write MAGIC 0 1")
    wait_for("the PF's reset", lambda: stats(netdev_of(PF_BDF))["resets"] > resets)
    wait_for("VF to VF traffic", lambda: works(a, b), 30)


def case_latched_error_is_logged_and_recovered():
    a, b = vf_hosts()
    ping(a, b)
    before = b.stats()
    poke(vf_bdf(1), "doorbell tx 0 0x9000")
    wait_for("the error to be counted", lambda: b.stats()["errors"] > before["errors"])
    wait_for("traffic after recovery", lambda: works(a, b), 20)
    ksft_ge(b.stats()["resets"], before["resets"] + 1)


def case_given_up_after_many_errors_until_it_is_reset():
    a, b = vf_hosts()
    kmsg = Kmsg()

    def given_up():
        poke(vf_bdf(1), "doorbell tx 0 0x9000")
        return any("given up" in line for line in kmsg.lines())

    wait_for("the driver to give up", given_up, 60)
    ksft_true(unanswered(a, b))
    write(f"{PCI}/{vf_bdf(1)}/reset", 1)
    wait_for("traffic after the reset", lambda: works(a, b), 20)


case_given_up_after_many_errors_until_it_is_reset.seconds = 120


def case_an_error_of_one_vf_leaves_the_others_alone():
    a, b, c = vf_hosts(3)
    flood = a.background(f"ping -f -q -w 60 {b.addr}")
    errors = [host.stats()["errors"] for host in (a, b)]
    for _ in range(3):
        poke(vf_bdf(2), "write TX_DEPTH 0 100")
        poke(vf_bdf(2), "write 0xfffc 0 1")
        ping(a, b)
    ksft_eq(flood.proc.poll(), None)
    ksft_eq([host.stats()["errors"] for host in (a, b)], errors)
    wait_for("the third VF to recover", lambda: works(a, c), 20)


def case_vf_unbinds_and_binds():
    a, b = vf_hosts()
    bdf = vf_bdf(1)
    b.release()
    for _ in range(3):
        write("/sys/bus/pci/drivers/banyanvf/unbind", bdf)
        ksft_eq(driver_of(bdf), None)
        write("/sys/bus/pci/drivers/banyanvf/bind", bdf)
        wait_for("the VF's netdev", lambda: netdev_of(bdf))


def case_vfs_vanish_by_surprise():
    # SR-IOV Control, VF MSE off: every access to a VF's BARs reads all ones from one moment to the next
    a, b = vf_hosts(make=create_vfs)
    a.background(f"ping -f -q -w 60 {b.addr}")
    run(f"setpci -s {PF_BDF} ECAP_SRIOV+8.w=0:8")
    b.run(f"ethtool -S {b.netdev}", fail=False)
    b.run(f"ip link set {b.netdev} down", fail=False)
    write(f"{PF_DIR}/sriov_numvfs", 0)
    ksft_eq(num_vfs(), 0)
    create_vfs(2)


def case_pf_vanishes_by_surprise():
    destroy_vfs()
    pf = netdev_of(PF_BDF)
    run(f"ip link set {pf} up")
    run(f"setpci -s {PF_BDF} COMMAND=0:2")
    run(f"ethtool -S {pf} || true; ip link set {pf} down || true")
    write("/sys/bus/pci/drivers/banyan/unbind", PF_BDF)
    write("/sys/bus/pci/drivers/banyan/bind", PF_BDF)
    wait_for("the PF's netdev", lambda: netdev_of(PF_BDF))
    a, b = vf_hosts()
    ping(a, b)


def case_pf_is_removed_and_found_again():
    def rescan():
        if not os.path.exists(PF_DIR):
            write("/sys/bus/pci/rescan", 1)
        wait_for("the PF's netdev", lambda: netdev_of(PF_BDF), 20)

    defer(rescan)
    create_vfs(2)
    run(f"ip link set {netdev_of(PF_BDF)} up")
    write(f"{PF_DIR}/sriov_numvfs", 0)
    write(f"{PF_DIR}/remove", 1)
    ksft_true(not os.path.exists(PF_DIR))
    rescan()
    ksft_eq(driver_of(PF_BDF), "banyan")


def case_modules_unload_and_load():
    create_vfs(2)
    write(f"{PF_DIR}/sriov_numvfs", 0)
    run("rmmod banyanvf banyan banyan_core")
    ksft_eq(driver_of(PF_BDF), None)
    run("modprobe -a banyan banyanvf")
    wait_for("the PF's netdev", lambda: netdev_of(PF_BDF))
    a, b = vf_hosts()
    ping(a, b)


def case_unloading_the_pf_driver_takes_idle_vfs_along():
    create_vfs(2)
    write("/sys/bus/pci/drivers/banyan/unbind", PF_BDF)
    try:
        ksft_eq(num_vfs(), 0)
    finally:
        write("/sys/bus/pci/drivers/banyan/bind", PF_BDF)
        wait_for("the PF's netdev", lambda: netdev_of(PF_BDF))


def case_watchdog_recovers_a_ring_that_hangs():
    a, b = vf_hosts()
    ping(a, b)
    # The device forgets the ring; the driver's next frames never complete
    for pair in range(int(poke(vf_bdf(0), "read LIMITS"), 16) & 0xffff):
        poke(vf_bdf(0), f"write TX_CTRL {pair} 0")
    a.background(f"ping -i 0.2 -w 90 {b.addr}")
    wait_for("the watchdog's reset", lambda: works(a, b), 40)
    ksft_in("banyanvf", a.ethtool("-i DEV"))


case_watchdog_recovers_a_ring_that_hangs.seconds = 120


def inject_aer_error(bdf, uncorrectable):
    """An uncorrectable error (PCI Express, AER capability) of a function, through the kernel's aer_inject."""
    domain, bus, device, function = (int(part, 16) for part in re.split("[:.]", bdf))
    with open("/dev/aer_inject", "wb", buffering=0) as file:
        # drivers/pci/pcie/aer_inject.c: struct aer_error_inj
        file.write(struct.pack("=BBBxIIIIIII", bus, device, function, uncorrectable, 0, 0, 0, 0, 0, domain))


def case_pci_express_errors_are_recovered_from():
    a, b = vf_hosts()
    ping(a, b)
    run("modprobe aer_inject")
    defer(run, "rmmod aer_inject")
    for bdf, error in ((vf_bdf(1), NON_FATAL), (PF_BDF, NON_FATAL), (PF_BDF, FATAL)):
        kmsg = Kmsg()
        inject_aer_error(bdf, error)
        wait_for(f"recovery of {bdf}", lambda k=kmsg: any("device recovery successful" in line for line in k.lines()))
        wait_for(f"traffic after the recovery of {bdf}", lambda: works(a, b), 30)


case_pci_express_errors_are_recovered_from.seconds = 120


def case_suspend_and_resume():
    a, b = vf_hosts()
    ping(a, b)
    resets = [host.stats()["resets"] for host in (a, b)]
    # The kernel suspends all devices, waits, and resumes them
    write("/sys/module/suspend/parameters/pm_test_delay", 1)
    write("/sys/power/pm_test", "devices")
    defer(write, "/sys/power/pm_test", "none")
    write("/sys/power/state", "freeze")
    wait_for("traffic after resuming", lambda: works(a, b), 20)
    for host, before in zip((a, b), resets):
        ksft_ge(host.stats()["resets"], before + 1)


def case_link_down_and_up():
    a, b = vf_hosts()
    a.ip(f"link set {a.netdev} down")
    ksft_true(not a.carrier())
    a.ip(f"link set {a.netdev} up")
    wait_for("the carrier", a.carrier)
    ping(a, b)


def case_nothing_is_leaked():
    # Last: what all cases before it allocated and did not free
    if not os.path.exists("/sys/kernel/debug/kmemleak"):
        raise KsftSkipEx("this kernel has no kmemleak; the debug kernel has")
    for _ in range(2):
        write("/sys/kernel/debug/kmemleak", "scan")
        time.sleep(6)    # kmemleak reports only objects older than 5 s
    ksft_eq(read("/sys/kernel/debug/kmemleak"), "")
