# SPDX-License-Identifier: GPL-2.0-only
"""What the host sets for a VF: ip link set PF vf N ..."""

import json

from ksft import ksft_eq, ksft_in, ksft_true
from harness import (PCI, PF_BDF, create_vfs, execute, pf_netdev, ping, poke, run, unicast_received, vf_bdf, vf_hosts, wait_for,
                     write)

# include/bny_reg_fields.h: STATUS
ENABLED = 4

GIVEN = "02:aa:bb:cc:dd:01"
OTHER = "02:aa:bb:cc:dd:02"


def set_vf(vf, what):
    run(f"ip link set {pf_netdev()} vf {vf} {what}")


def refusal(vf, what):
    """What the kernel says to it."""
    done = execute(f"ip link set {pf_netdev()} vf {vf} {what}", fail=False)
    ksft_true(done.returncode, f"{what} is accepted")
    return done.stderr


def vf_info(vf):
    link, = json.loads(run(f"ip -j -d link show {pf_netdev()}"))
    return link["vfinfo_list"][vf]


def answers(a, b):
    """Whether b does, to whichever address it has now; a permanent neighbour entry stays."""
    a.ip(f"neigh flush dev {a.netdev}")
    return ping(a, b, count=1, fail=False).returncode == 0


def refused(host, mac):
    """Its own user sets an address, and has the one before again."""
    before = host.mac()
    host.ip(f"link set {host.netdev} address {mac}")
    wait_for("the address of before", lambda: host.mac() == before)


def case_a_given_address_is_the_vfs():
    a, b = vf_hosts(make=create_vfs)
    set_vf(1, f"mac {GIVEN}")
    ksft_eq(vf_info(1)["address"], GIVEN)
    wait_for("the VF to take it", lambda: b.mac() == GIVEN)
    wait_for("traffic", lambda: answers(a, b))
    refused(b, OTHER)
    for bdf in (vf_bdf(1), PF_BDF):
        write(f"{PCI}/{bdf}/reset", 1)
        wait_for(f"traffic after a reset of {bdf}", lambda: answers(a, b), 30)
        ksft_eq(b.mac(), GIVEN)


def case_the_address_before_is_no_longer_received():
    a, b = vf_hosts(make=create_vfs)
    before = b.mac()
    ping(a, b)
    a.ip(f"neigh replace {b.addr} lladdr {before} dev {a.netdev} nud permanent")
    ksft_true(answers(a, b))
    set_vf(1, f"mac {GIVEN}")
    wait_for("the VF to take it", lambda: b.mac() == GIVEN)
    received = unicast_received(b.stats())
    ksft_true(not answers(a, b))
    ksft_eq(unicast_received(b.stats()), received)


def case_a_vf_that_does_not_hear_loses_its_address_too():
    a, b = vf_hosts(make=create_vfs)
    ping(a, b)
    causes = poke(vf_bdf(1), "read IRQ_ENABLE")
    poke(vf_bdf(1), "write IRQ_ENABLE 0 0")
    set_vf(1, f"mac {GIVEN}")
    ksft_eq(int(poke(vf_bdf(1), "read STATUS"), 16) & ENABLED, 0)
    received = unicast_received(b.stats())
    ksft_true(not answers(a, b))
    ksft_eq(unicast_received(b.stats()), received)
    poke(vf_bdf(1), f"write IRQ_ENABLE 0 {causes}")
    wait_for("the VF to take it", lambda: b.mac() == GIVEN)
    wait_for("traffic", lambda: answers(a, b))


def case_zeroes_let_the_vf_choose_again():
    a, b = vf_hosts(make=create_vfs)
    set_vf(1, f"mac {GIVEN}")
    wait_for("the VF to take it", lambda: b.mac() == GIVEN)
    set_vf(1, "mac 00:00:00:00:00:00")
    wait_for("traffic", lambda: answers(a, b))
    b.ip(f"link set {b.netdev} address {OTHER}")
    wait_for("traffic to the VF's choice", lambda: answers(a, b))
    ksft_eq(b.mac(), OTHER)


def case_two_vfs_may_be_given_one_address():
    a, b = vf_hosts(make=create_vfs)
    refused(b, a.mac())
    set_vf(1, f"mac {a.mac()}")
    wait_for("the VF to take it", lambda: b.mac() == a.mac())


def case_trust_lets_a_vf_be_promiscuous_and_choose():
    a, b, c = vf_hosts(3, make=create_vfs)
    set_vf(2, f"mac {GIVEN}")
    wait_for("the VF to take it", lambda: c.mac() == GIVEN)
    c.ip(f"link set {c.netdev} promisc on")
    ping(a, b)

    def overhears():
        before = unicast_received(c.stats())
        ping(a, b)
        return unicast_received(c.stats()) > before

    ksft_true(not overhears(), "an untrusted VF gets others' frames")
    set_vf(2, "trust on")
    ksft_eq(vf_info(2)["trust"], True)
    wait_for("others' frames", overhears)
    c.ip(f"link set {c.netdev} address {OTHER}")
    wait_for("traffic to its choice", lambda: answers(a, c))
    ksft_eq(c.mac(), OTHER)

    set_vf(2, "trust off")
    ksft_eq(vf_info(2)["trust"], False)
    wait_for("no others' frames", lambda: not overhears())
    wait_for("the given address", lambda: c.mac() == GIVEN)
    wait_for("traffic", lambda: answers(a, c))


def case_what_changes_nothing_is_accepted():
    a, b = vf_hosts(make=create_vfs)
    own = vf_info(1)["address"]
    for what in (f"mac {own}", "vlan 0", "vlan 0 qos 0 proto 802.1Q", "rate 0", "max_tx_rate 0 min_tx_rate 0",
                 "spoofchk off", "trust off", "state auto"):
        set_vf(1, what)
    ksft_true(answers(a, b))
    # The address that it had isn't fixed by that
    b.ip(f"link set {b.netdev} address {OTHER}")
    wait_for("traffic to the VF's choice", lambda: answers(a, b))
    ksft_eq(b.mac(), OTHER)


def case_what_is_not_supported_or_cannot_be_is_refused():
    a, b = vf_hosts(make=create_vfs)
    before = vf_info(1)
    for what in ("vlan 5", "vlan 0 qos 3", "max_tx_rate 100", "min_tx_rate 100", "spoofchk on", "state enable",
                 "state disable"):
        ksft_in("Operation not supported", refusal(1, what), what)
    for what in ("vlan 4095", "vlan 5 qos 8", "mac 01:00:5e:00:00:01", "mac ff:ff:ff:ff:ff:ff"):
        ksft_in("Invalid argument", refusal(1, what), what)
    for what in (f"mac {GIVEN}", "vlan 0", "rate 0", "spoofchk off", "trust on", "state auto"):
        ksft_in("Invalid argument", refusal(2, what), f"{what} of a VF that isn't there")
    ksft_eq(vf_info(1), before)
    ksft_true(answers(a, b))
