# SPDX-License-Identifier: GPL-2.0-only
"""A function that can't work, a PF that doesn't answer: who notices, who waits, and what is made good afterwards."""

import struct
import threading
import time

from cases_recovery import FATAL, inject_aer_error
from ksft import defer, ksft_eq, ksft_ge, ksft_true
from harness import (Host, IFF_UP, Kmsg, PCI, PF_BDF, Pool, SIOCSIFFLAGS, SLOW, bind, create_vfs, figure,
                     hears_all_groups, netdev_of, netdevs_of_vfs, ping, poke, run, stats, unbind, vf_bdf, vf_hosts,
                     wait_for, write)

# linux/sockios.h, linux/if.h, linux/if_arp.h
SIOCSIFHWADDR, IFF_ALLMULTI, ARPHRD_ETHER = 0x8924, 0x200, 1
# include/bny_reg_fields.h: STATUS
ENABLED = 4
# Moments of a reset at which something is changed
RESET_PARTS = 24
# PCI Local Bus: Command register
MEMORY_SPACE, BUS_MASTER = 2, 4


def works(source, target):
    return ping(source, target, count=2, fail=False).returncode == 0


def works_anew(source, target):
    """After the target's address has changed."""
    source.ip(f"neigh flush dev {source.netdev}")
    return works(source, target)


def enabled(vf):
    return int(poke(vf_bdf(vf), "read STATUS"), 16) & ENABLED


def deafen_pf():
    """The PF hears of nothing, and answers no VF; what makes it hear again."""
    enabled = poke(PF_BDF, "read IRQ_ENABLE")
    resets = stats(netdev_of(PF_BDF))["resets"]
    poke(PF_BDF, "write IRQ_ENABLE 0 0")

    def cure():
        # An error of the PF's makes its driver reset the function, and tell the VFs
        if poke(PF_BDF, "read IRQ_ENABLE") != enabled:
            poke(PF_BDF, "write IRQ_CAUSE 0 0xffffffff", f"write IRQ_ENABLE 0 {enabled}", "write MAGIC 0 1")
        wait_for("the PF's reset", lambda: stats(netdev_of(PF_BDF))["resets"] > resets)

    defer(cure)
    return cure


def set_flags(host, flags):
    host.ioctl(SIOCSIFFLAGS, struct.pack("H", flags))


def set_address(host, last):
    host.ioctl(SIOCSIFHWADDR, struct.pack("H6B", ARPHRD_ETHER, 2, 0x77, 0, 0, 0, last))


def seconds_of_settings(host, last):
    """How long the longest of the settings takes that reach the other side."""
    up = host.flags()
    longest = 0
    for setting in (lambda: set_address(host, last), lambda: set_flags(host, up | IFF_ALLMULTI),
                    lambda: set_flags(host, up & ~IFF_UP), lambda: set_flags(host, up)):
        start = time.monotonic()
        setting()
        longest = max(longest, time.monotonic() - start)
    return longest


def case_no_command_waits_for_a_pf_that_does_not_answer():
    a, b = vf_hosts()
    ping(a, b)
    usual = min(seconds_of_settings(b, last) for last in (1, 2))
    wait_for("traffic", lambda: works_anew(a, b))
    cure = deafen_pf()
    deaf = seconds_of_settings(b, 3)
    figure("longest setting of a VF whose PF doesn't answer", f"{deaf * 1000:.0f}", "ms")
    ksft_ge(usual + 0.1 * SLOW, deaf, "a command waits for the PF")
    cure()
    wait_for("traffic with the new address", lambda: works_anew(a, b), 40)
    ksft_eq(b.mac(), "02:77:00:00:00:03")


case_no_command_waits_for_a_pf_that_does_not_answer.seconds = 120


def case_a_vf_that_went_down_meanwhile_is_disabled():
    a, b = vf_hosts()
    ping(a, b)
    ksft_true(enabled(1))
    cure = deafen_pf()
    # From when a request has timed out, nothing is sent that the PF could find later (BNY_MBOX_TIMEOUT_MS)
    set_address(b, 9)
    time.sleep(3)
    set_flags(b, 0)
    cure()
    wait_for("the VF to be disabled", lambda: not enabled(1), 40)
    ksft_true(enabled(0))


case_a_vf_that_went_down_meanwhile_is_disabled.seconds = 120


def case_receive_mode_changes_during_resets():
    a, b = vf_hosts()
    reset = f"{PCI}/{vf_bdf(0)}/reset"
    up = a.flags() & ~IFF_ALLMULTI
    start = time.monotonic()
    write(reset, 1)
    usual = time.monotonic() - start
    for part in range(1, RESET_PARTS + 1):
        mode = part % 2 == 1
        resetting = threading.Thread(target=write, args=(reset, 1))
        resetting.start()
        time.sleep(usual * part / RESET_PARTS)
        set_flags(a, up | (IFF_ALLMULTI if mode else 0))
        resetting.join()
        wait_for(f"the receive mode set at {part}/{RESET_PARTS} of the reset",
                 lambda m=mode: a.carrier() and enabled(0) and hears_all_groups(b, a) == m, 5)


def case_a_bond_leaves_a_function_that_cannot_work():
    netdevs = Pool.take(3)
    a = Host(netdevs[0])
    run("modprobe bonding")
    defer(run, "ip link del bond7")
    run("ip link add bond7 type bond mode active-backup miimon 50 fail_over_mac active")
    for netdev in netdevs[1:]:
        run(f"ip link set {netdev} down master bond7")
    run("ip link set bond7 up")
    run("ip addr add 10.77.0.252/24 dev bond7")
    wait_for("the bond's traffic", lambda: works(a, "10.77.0.252"), 20)
    active = run("cat /sys/class/net/bond7/bonding/active_slave").strip()
    # Memory Space Enable off: the function has vanished, and its driver is told by the watchdog or by a read
    run(f"setpci -s {vf_bdf(netdevs.index(active))} COMMAND=0:{MEMORY_SPACE}")
    run(f"ip -s link show {active}")
    wait_for("the bond to take the other one",
             lambda: run("cat /sys/class/net/bond7/bonding/active_slave").strip() not in ("", active), 5)
    wait_for("the bond's traffic", lambda: works(a, "10.77.0.252"), 20)


def strict_iommu(vf):
    """Unmapped memory can't be reached any more, at once (Documentation/ABI/testing/sysfs-kernel-iommu_groups)."""
    unbind(vf_bdf(vf))
    write(f"{PCI}/{vf_bdf(vf)}/iommu_group/type", "DMA")
    bind(vf_bdf(vf))


def strict_hosts():
    create_vfs(2)
    for vf in range(2):
        strict_iommu(vf)
    return [Host(netdev) for netdev in netdevs_of_vfs(2)]


def faults(kmsg):
    """What the IOMMU says of accesses that it has stopped."""
    return [line for line in kmsg.lines() if "DMAR: [DMA" in line]


def flood(source, target):
    return source.background(f"ping -f -s 1400 {target.addr}")


def case_a_function_that_vanished_leaves_memory_alone():
    a, b = strict_hosts()
    kmsg = Kmsg()
    flood(a, b)
    # It doesn't answer, but it is bus master still, and receives
    run(f"setpci -s {vf_bdf(1)} COMMAND=0:{MEMORY_SPACE}")
    b.ip(f"-s link show {b.netdev}")
    wait_for("traffic after it was found", lambda: works(a, b), 30)
    ksft_eq(faults(kmsg), [])


def case_errors_that_freeze_the_channel_leave_memory_alone():
    a, b = strict_hosts()
    run("modprobe aer_inject")
    defer(run, "rmmod aer_inject")
    flood(a, b)
    for _ in range(3):
        kmsg = Kmsg()
        inject_aer_error(PF_BDF, FATAL)
        wait_for("the recovery", lambda k=kmsg: any("device recovery successful" in line for line in k.lines()))
        ksft_eq(faults(kmsg), [])
        wait_for("traffic after the recovery", lambda: works(a, b), 30)


def case_a_function_that_vanished_is_looked_for():
    a, b = vf_hosts()
    ping(a, b)
    kmsg = Kmsg()
    run(f"setpci -s {vf_bdf(1)} COMMAND=0:{MEMORY_SPACE}")
    b.ip(f"-s link show {b.netdev}")
    wait_for("the driver to notice", lambda: any("function doesn't answer" in line for line in kmsg.lines()))
    ksft_eq(int(run(f"setpci -s {vf_bdf(1)} COMMAND"), 16) & BUS_MASTER, 0, "it is bus master still")
    wait_for("traffic after it was found", lambda: works(a, b), 30)
