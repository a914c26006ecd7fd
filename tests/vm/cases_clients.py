# SPDX-License-Identifier: GPL-2.0-only
"""What the distribution has for VFs: programs that set them, of which "ip link" reads back what they were told, and
netdevs on top of them."""

import contextlib
import json
import os
import re
import subprocess

from ksft import defer, ksft_eq, ksft_true
from harness import (PF_DIR, create_vfs, destroy_vfs, execute, netdev_of, num_vfs, pf_netdev, ping, run, vf_bdf,
                     vf_hosts, wait_for, write)

UDEVD = "/usr/lib/systemd/systemd-udevd"
NETWORK = "/run/systemd/network"

# The PF's (systemd.link(5)); nobody gets another name
PF_LINK = """
[Match]
Driver=banyan

[Link]
SR-IOVVirtualFunctions=3

[SR-IOV]
VirtualFunction=0
VLANId=20
QualityOfService=3
VLANProtocol=802.1ad
MACSpoofCheck=no
Trust=yes
LinkState=yes
MACAddress=02:aa:bb:cc:dd:10

[SR-IOV]
VirtualFunction=2
VLANId=30
LinkState=no
MACSpoofCheck=yes
Trust=no
"""
OTHERS_LINK = """
[Match]
OriginalName=*
"""


def vf_infos():
    link, = json.loads(run(f"ip -j -d link show {pf_netdev()}"))
    return link["vfinfo_list"]


@contextlib.contextmanager
def udevd(links):
    """systemd-udevd at work, with .link files: their names and contents"""
    os.makedirs(NETWORK, exist_ok=True)
    for name, text in links.items():
        write(f"{NETWORK}/{name}.link", text)
    proc = subprocess.Popen([UDEVD], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for("udevd", lambda: execute("udevadm control --ping", fail=False).returncode == 0)
        yield
    finally:
        proc.terminate()
        proc.wait()
        for name in links:
            os.unlink(f"{NETWORK}/{name}.link")


def case_udev_makes_vfs_and_sets_them():
    destroy_vfs()
    defer(destroy_vfs)
    with udevd({"00-banyan": PF_LINK, "01-others": OTHERS_LINK}):
        run(f"udevadm trigger --settle --action add /sys/class/net/{pf_netdev()}")
        wait_for("three VFs", lambda: open(f"{PF_DIR}/sriov_numvfs").read() == "3\n")
        wait_for("the last VF's settings", lambda: vf_infos()[2]["link_state"] == "disable")
    first, second, third = vf_infos()
    ksft_eq(first["vlan_list"], [{"vlan": 20, "qos": 3, "protocol": "802.1ad"}])
    ksft_eq((first["spoofchk"], first["trust"], first["link_state"], first["address"]),
            (False, True, "enable", "02:aa:bb:cc:dd:10"))
    ksft_eq((second["vlan_list"], second["spoofchk"], second["trust"], second["link_state"]),
            ([{}], True, False, "auto"))
    ksft_eq((third["vlan_list"], third["spoofchk"], third["trust"], third["link_state"]),
            ([{"vlan": 30}], True, False, "disable"))


def path_name(netdev):
    """The predictable name that udev would give it, by its path (systemd.net-naming-scheme(7))"""
    said = run(f"udevadm test-builtin net_id /sys/class/net/{netdev}")
    return re.search(r"^ID_NET_NAME_PATH=(\S+)", said, re.M)[1]


def case_udev_names_functions_as_other_sr_iov_cards():
    create_vfs(3)
    pf = path_name(pf_netdev())
    ksft_true(re.fullmatch(r"enp\d+s0(f0)?np0", pf), pf)
    name = path_name(wait_for("the VF's netdev", lambda: netdev_of(vf_bdf(2))))
    ksft_eq(name, pf.removesuffix("np0") + "v2")


NM_CONF = """
[main]
no-auto-default=*

[keyfile]
unmanaged-devices=except:interface-name:{pf}
"""
NM_VFS = ("0 mac=02:aa:bb:cc:dd:20 spoof-check=false trust=true min-tx-rate=100 max-tx-rate=200 vlans=40.3.ad, "
          "1 spoof-check=true trust=false vlans=41")


@contextlib.contextmanager
def daemon(*command):
    proc = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        proc.terminate()
        proc.wait()


def case_networkmanager_makes_vfs_and_sets_them():
    destroy_vfs()
    defer(destroy_vfs)
    # NetworkManager leaves it up
    defer(run, f"ip link set {pf_netdev()} down")
    os.makedirs("/run/dbus", exist_ok=True)
    os.makedirs("/etc/NetworkManager/conf.d", exist_ok=True)
    write("/etc/NetworkManager/conf.d/banyan.conf", NM_CONF.format(pf=pf_netdev()))
    with (udevd({"01-others": OTHERS_LINK}), daemon("dbus-daemon", "--system", "--nofork", "--nopidfile"),
          daemon("NetworkManager", "--no-daemon")):
        run("udevadm trigger --settle")
        ready = f"{pf_netdev()}:disconnected"
        wait_for("NetworkManager to know the PF",
                 lambda: ready in execute("nmcli -t -f DEVICE,STATE device", fail=False).stdout.splitlines(), 30)
        run(f"nmcli connection add type ethernet con-name pf ifname {pf_netdev()} ipv4.method disabled "
            f"ipv6.method disabled sriov.total-vfs 3 sriov.vfs '{NM_VFS}'")
        defer(run, "rm -f /etc/NetworkManager/system-connections/pf.nmconnection")
        run("nmcli connection up pf")
        first, second, third = vf_infos()
        ksft_eq(first["vlan_list"], [{"vlan": 40, "qos": 3, "protocol": "802.1ad"}])
        ksft_eq((first["spoofchk"], first["trust"], first["address"], first["rate"]),
                (False, True, "02:aa:bb:cc:dd:20", {"max_tx": 200, "min_tx": 100}))
        ksft_eq((second["spoofchk"], second["trust"], second["vlan_list"]), (True, False, [{"vlan": 41}]))
        ksft_eq((third["spoofchk"], third["trust"], third["vlan_list"]), (True, False, [{}]))
        run("nmcli connection down pf")
        wait_for("no VFs", lambda: not num_vfs())


case_networkmanager_makes_vfs_and_sets_them.seconds = 90


def case_a_macvlan_works_on_a_vf():
    a, b = vf_hosts()
    b.ip(f"link add link {b.netdev} name m1 type macvlan mode bridge")
    b.ip("link set m1 up")
    b.ip(f"addr add 10.78.0.{b.number}/24 dev m1")
    a.ip(f"addr add 10.78.0.{a.number}/24 dev {a.netdev}")
    b.ip(f"route add 10.78.0.{a.number}/32 dev m1")
    # Linux answers for any of its addresses on any netdev: this one's it is to be
    mac = json.loads(b.ip("-j link show m1"))[0]["address"]
    a.ip(f"neigh replace 10.78.0.{b.number} lladdr {mac} dev {a.netdev} nud permanent")
    wait_for("the macvlan to answer", lambda: ping(a, f"10.78.0.{b.number}", count=1, fail=False).returncode == 0)
    # ... by its address, not by promiscuous mode
    ksft_eq(json.loads(b.ip(f"-d -j link show {b.netdev}"))[0]["promiscuity"], 0)
