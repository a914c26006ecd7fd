# SPDX-License-Identifier: GPL-2.0-only
"""Resets, errors, removal: what a function loses, and that it comes back."""

import os
import re
import struct

from cases_hostile import DONE, HELLO, HELLO_V1, SET_UP, answers, message
from ksft import defer, ksft_eq, ksft_ge, ksft_in, ksft_ne, ksft_true
from harness import (Host, Kmsg, PCI, PF_BDF, PF_DIR, SLOW, bind, create_vfs, destroy_vfs, driver_of, end,
                     netdev_of, num_vfs, ping, poke, run, stats, traffic, unbind, vf_bdf, vf_hosts, wait_for, write)

# include/bny_regs.h: BNY_MAGIC
MAGIC = "0x4e594e42"

# include/bny_regs.h: BNY_STATUS_ENABLED, BNY_IRQ_MAILBOX
ENABLED = 1 << 2
MAILBOX = 1 << 0
# PCI Local Bus: Command register
BUS_MASTER = 4

# Bits of the Uncorrectable Error Status register (PCI Express, AER): Poisoned TLP, Malformed TLP
NON_FATAL = 1 << 12
FATAL = 1 << 18


def works(source, target):
    return ping(source, target, count=2, fail=False).returncode == 0


def case_flr_of_a_vf_under_traffic():
    a, b = vf_hosts()
    traffic(a, b)
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


def case_a_vf_that_the_pf_has_disabled_asks_again():
    a, b = vf_hosts()
    ping(a, b)
    # Its policy is another one, and it doesn't hear of that
    causes = poke(vf_bdf(1), "read IRQ_ENABLE")
    poke(vf_bdf(1), f"write IRQ_ENABLE 0 {int(causes, 16) & ~MAILBOX:#x}")
    run(f"ip link set {netdev_of(PF_BDF)} vf 1 trust on")
    # By what it sees of its link, or when it looks anyway
    wait_for("the VF to be enabled again", lambda: int(poke(vf_bdf(1), "read STATUS"), 16) & ENABLED, 40)
    wait_for("traffic", lambda: works(a, b), 20)
    poke(vf_bdf(1), f"write IRQ_ENABLE 0 {causes}")


def case_a_vf_that_was_reset_with_the_pf_is_disabled_until_it_asks():
    create_vfs(2)
    bdf = vf_bdf(1)
    unbind(bdf)
    generation = int(poke(bdf, "read GENERATION"), 16)
    status = answers(1, [message(HELLO, HELLO_V1, generation=generation),
                         message(SET_UP, struct.pack("<II", 1, 0), generation=generation)])
    ksft_eq(status, [DONE, DONE])
    ksft_ne(int(poke(bdf, "read STATUS"), 16) & ENABLED, 0)
    # Its own life goes on when the PF's registers alone are reset, and what it has asked for with it
    resets = stats(netdev_of(PF_BDF))["resets"]
    poke(PF_BDF, "write MAGIC 0 1")
    wait_for("the PF's reset", lambda: stats(netdev_of(PF_BDF))["resets"] > resets)
    wait_for("the VF to be enabled again", lambda: int(poke(bdf, "read STATUS"), 16) & ENABLED)
    write(f"{PF_DIR}/reset", 1)
    run(f"setpci -s {bdf} COMMAND=2:2")
    ksft_eq(int(poke(bdf, "read STATUS"), 16) & ENABLED, 0, "the VF is enabled in the VEB")


def case_latched_error_is_logged_and_recovered():
    a, b = vf_hosts()
    ping(a, b)
    before = b.stats()
    kmsg = Kmsg()
    poke(vf_bdf(1), "doorbell tx 0 0x9000")
    wait_for("the error in the log", lambda: any("device error 4 (doorbell)" in line for line in kmsg.lines()))
    ksft_ge(b.stats()["errors"], before["errors"] + 1)
    wait_for("traffic after recovery", lambda: works(a, b), 20)
    ksft_ge(b.stats()["resets"], before["resets"] + 1)


def case_an_error_during_recovery_is_recovered_from():
    a, b = vf_hosts()
    ping(a, b)
    before = b.stats()["resets"]
    kmsg = Kmsg()
    generation = int(poke(vf_bdf(1), "read GENERATION"), 16)
    # The second one comes as soon as the driver has reset the function, which it is about to set up
    poke(vf_bdf(1), "write 0xfffc 0 1", f"until GENERATION {generation + 1}", "write 0xfffc 0 1")
    wait_for("both resets", lambda: b.stats()["resets"] >= before + 2)
    wait_for("traffic after recovery", lambda: works(a, b), 20)
    ksft_eq([line for line in kmsg.lines() if "hangs" in line], [], "the watchdog had to help")


def break_until_slow(vf):
    """Errors, each soon after the one before, until the driver tries at its slow pace only."""
    kmsg = Kmsg()

    def slow():
        poke(vf_bdf(vf), *["write RX_DEPTH 0 3", "doorbell rx 0 0xffff"] * 10)
        return any("resets didn't help" in line for line in kmsg.lines())

    wait_for("the driver to try less often", slow, 60)


def case_after_many_errors_it_is_tried_at_a_slow_pace():
    a, b, c = vf_hosts(3)
    break_until_slow(2)
    ping(a, b)
    ksft_true(not c.carrier(), "a function that can't work has a carrier")
    ksft_eq(int(run(f"setpci -s {vf_bdf(2)} COMMAND"), 16) & BUS_MASTER, 0, "... and is bus master")
    wait_for("traffic after the next try", lambda: works(a, c), 30)


case_after_many_errors_it_is_tried_at_a_slow_pace.seconds = 120


def case_a_reset_by_hand_is_not_waited_for():
    a, c = vf_hosts()
    break_until_slow(1)
    write(f"{PCI}/{vf_bdf(1)}/reset", 1)
    wait_for("traffic after the reset", lambda: works(a, c), 20)


case_a_reset_by_hand_is_not_waited_for.seconds = 120


def case_an_error_of_one_vf_leaves_the_others_alone():
    a, b, c = vf_hosts(3)
    pinging = traffic(a, b, count=2000 // SLOW)
    errors = [host.stats()["errors"] for host in (a, b)]
    for _ in range(3):
        poke(vf_bdf(2), "write TX_DEPTH 0 100", "write 0xfffc 0 1")
        ping(a, b)
    ksft_in(" 0% packet loss", pinging.communicate(timeout=20 * SLOW)[0])
    ksft_eq([host.stats()["errors"] for host in (a, b)], errors)
    wait_for("the third VF to recover", lambda: works(a, c), 20)


def case_vf_unbinds_and_binds():
    a, b = vf_hosts()
    bdf = vf_bdf(1)
    b.release()
    for _ in range(3):
        unbind(bdf)
        ksft_eq(driver_of(bdf), None)
        bind(bdf)
    c = Host(netdev_of(bdf))
    ping(a, c)


def case_vfs_vanish_by_surprise():
    # QEMU maps a VF's BARs by the VF's own Memory Space Enable: off, they are gone from one moment to the next
    a, b = vf_hosts(make=create_vfs)
    traffic(a, b)
    for vf in range(2):
        run(f"setpci -s {vf_bdf(vf)} COMMAND=0:2")
        ksft_ne(poke(vf_bdf(vf), "read MAGIC"), MAGIC, "the VF's registers are there still")
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
    ksft_ne(poke(PF_BDF, "read MAGIC"), MAGIC, "the PF's registers are there still")
    run(f"ethtool -S {pf} || true; ip link set {pf} down || true")
    unbind(PF_BDF)
    bind(PF_BDF)
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
    defer(bind, PF_BDF)
    unbind(PF_BDF)
    ksft_eq(num_vfs(), 0)


def case_watchdog_recovers_a_ring_that_hangs():
    a, b = vf_hosts()
    ping(a, b)
    resets = a.stats()["resets"]
    # The device forgets the rings; the driver's next frames never complete
    pairs = int(poke(vf_bdf(0), "read LIMITS"), 16) & 0xffff
    poke(vf_bdf(0), *(f"write TX_CTRL {pair} 0" for pair in range(pairs)))
    a.background(f"ping -i 0.2 -w 90 {b.addr}")
    wait_for("the watchdog's reset", lambda: works(a, b), 40)
    ksft_ge(a.stats()["resets"], resets + 1)


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
    a, b, c = vf_hosts(3)
    ping(a, b)
    # One VF sleeps without a driver
    c.release()
    unbind(vf_bdf(2))
    write("/sys/module/suspend/parameters/pm_test_delay", 1)
    defer(write, "/sys/power/pm_test", "none")
    # The kernel suspends all devices, at the deeper level puts functions to D3hot, waits, and resumes them
    for level, state in (("devices", "freeze"), ("platform", "freeze"), ("platform", "mem")):
        resets = [host.stats()["resets"] for host in (a, b)]
        pinging = a.background(f"ping -q -i 0.05 -w {60 * SLOW} {b.addr}")
        write("/sys/power/pm_test", level)
        write("/sys/power/state", state)
        wait_for(f"traffic after {state} to {level}", lambda: works(a, b), 20)
        end(pinging)
        for host, before in zip((a, b), resets):
            ksft_ge(host.stats()["resets"], before + 1)
    c = Host(bind(vf_bdf(2)))
    ping(a, c)


case_suspend_and_resume.seconds = 120


def case_link_down_and_up():
    a, b = vf_hosts()
    a.ip(f"link set {a.netdev} down")
    ksft_true(not a.carrier())
    a.ip(f"link set {a.netdev} up")
    wait_for("the carrier", a.carrier)
    ping(a, b)
