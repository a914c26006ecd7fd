# SPDX-License-Identifier: GPL-2.0-only
"""What the host sets for a VF: ip link set PF vf N ..."""

import json
import re
import socket
import struct
import time

from ksft import defer, ksft_eq, ksft_ge, ksft_in, ksft_true
from harness import (Host, PCI, PF_BDF, SLOW, bind, create_vfs, end, execute, figure, iperf3, pf_netdev, ping, poke,
                     read, run, transfer, unbind, unicast_received, vf_bdf, vf_hosts, wait_for, write)

# include/bny_regs.h: STATUS
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
                 "spoofchk on", "trust off", "state auto"):
        set_vf(1, what)
    ksft_true(answers(a, b))
    # The address that it had isn't fixed by that
    b.ip(f"link set {b.netdev} address {OTHER}")
    wait_for("traffic to the VF's choice", lambda: answers(a, b))
    ksft_eq(b.mac(), OTHER)


def case_what_cannot_be_is_refused():
    a, b = vf_hosts(make=create_vfs)
    set_vf(1, "vlan 7 qos 3")
    before = vf_info(1)
    set_vf(0, "min_tx_rate 60000")
    for what in ("vlan 4095", "vlan 5 qos 8", "vlan 0 qos 3", "mac 01:00:5e:00:00:01", "mac ff:ff:ff:ff:ff:ff",
                 "max_tx_rate 100001", "min_tx_rate 200 max_tx_rate 100", "min_tx_rate 40001"):
        ksft_in("Invalid", refusal(1, what), what)
    for what in (f"mac {GIVEN}", "vlan 0", "rate 0", "spoofchk off", "trust on", "state auto"):
        ksft_in("Invalid argument", refusal(2, what), f"{what} of a VF that isn't there")
    ksft_eq(vf_info(1), before)
    set_vf(1, "vlan 0")
    ksft_true(answers(a, b))


def case_what_is_set_reads_back_and_stays():
    a, b = vf_hosts(make=create_vfs)
    want = {"vlan_list": [{"vlan": 7, "qos": 3, "protocol": "802.1ad"}], "spoofchk": False, "link_state": "enable",
            "trust": True, "rate": {"max_tx": 5000, "min_tx": 100}}
    set_vf(1, "vlan 7 qos 3 proto 802.1ad spoofchk off trust on state enable max_tx_rate 5000 min_tx_rate 100")
    info = vf_info(1)
    ksft_eq({key: info[key] for key in want}, want)
    set_vf(0, "vlan 7 proto 802.1ad")
    wait_for("traffic", lambda: answers(a, b))
    for bdf in (vf_bdf(1), PF_BDF):
        write(f"{PCI}/{bdf}/reset", 1)
        wait_for(f"traffic after a reset of {bdf}", lambda: answers(a, b), 30)
        ksft_eq(vf_info(1), info)
    unbind(vf_bdf(1))
    b.leave(vf_ends=True)
    again = Host(bind(vf_bdf(1)))
    wait_for("traffic of the VF bound anew", lambda: answers(a, again))
    ksft_eq(vf_info(1), info)
    # New VFs begin anew
    create_vfs(2)
    info = vf_info(1)
    ksft_eq((info["vlan_list"], info["spoofchk"], info["link_state"], info["trust"]), ([{}], True, "auto", False))


def devlink(what):
    """The only object of what it shows about the PF"""
    shown, = json.loads(run(f"devlink -j dev {what} pci/{PF_BDF}")).values()
    return shown[f"pci/{PF_BDF}"]


def case_devlink_tells_what_the_device_is():
    info = devlink("info")
    mac = poke(PF_BDF, "read MAC_LO", "read MAC_HI").split()
    ksft_eq(info["driver"], "banyan")
    ksft_true(re.fullmatch(r"([0-9a-f]{2}-){7}[0-9a-f]{2}", info["serial_number"]), info["serial_number"])
    # EUI-64 of the MAC address: its last byte
    ksft_eq(int(info["serial_number"][-2:], 16), int(mac[1], 16) >> 8 & 0xff)
    ksft_eq(info["versions"]["fixed"]["board.id"], "1234:ba00")
    ksft_in(info["versions"]["running"]["fw"], run(f"ethtool -i {pf_netdev()}"))
    ksft_eq(devlink("eswitch show")["mode"], "legacy")
    run(f"devlink dev eswitch set pci/{PF_BDF} mode legacy")
    done = execute(f"devlink dev eswitch set pci/{PF_BDF} mode switchdev", fail=False)
    ksft_in("no other mode than legacy", done.stderr)
    port, = json.loads(run("devlink -j port show"))["port"].values()
    ksft_eq((port["type"], port["netdev"], port["flavour"], port["port"]), ("eth", pf_netdev(), "physical", 0))
    ksft_eq(read(f"/sys/class/net/{pf_netdev()}/phys_port_name"), "p0")


def case_all_vfs_are_set_within_10_s():
    count = int(read(f"{PCI}/{PF_BDF}/sriov_totalvfs")) if SLOW == 1 else 8
    netdevs = create_vfs(count)
    macs = [f"02:aa:00:00:00:{vf:02x}" for vf in range(count)]
    with open("/tmp/batch", "w") as batch:
        for vf, mac in enumerate(macs):
            batch.write(f"link set {pf_netdev()} vf {vf} mac {mac} vlan {100 + vf} qos 3 spoofchk off trust on "
                        "state enable max_tx_rate 1000 min_tx_rate 10\n")
    start = time.monotonic()
    run("ip -batch /tmp/batch")
    seconds = time.monotonic() - start
    figure(f"all that the host sets, for {count} VFs", f"{seconds:.2f}", "s")
    ksft_true(seconds < 10 * SLOW, f"{seconds} s")
    ksft_eq([info["vlan_list"] for info in json.loads(run(f"ip -j -d link show {pf_netdev()}"))[0]["vfinfo_list"]],
            [[{"vlan": 100 + vf, "qos": 3}] for vf in range(count)])
    wait_for("the VFs to take their addresses",
             lambda: [read(f"/sys/class/net/{netdev}/address") for netdev in netdevs] == macs)


# ---- VLANs ---------------------------------------------------------------------------------

def vlan_of(host, vid, proto="802.1Q", name="tagged"):
    """A VLAN device on top of the Host's netdev; its IPv4 address"""
    addr = f"10.78.{vid % 250}.{host.number}"
    host.ip(f"link add link {host.netdev} name {name} type vlan proto {proto} id {vid}")
    host.ip(f"link set {name} up")
    host.ip(f"addr add {addr}/24 dev {name}")
    return addr


def pings(host, addr):
    return ping(host, addr, count=1, fail=False).returncode == 0


class Sniffer:
    """What reaches a Host's netdev from an address: (TPID, TCI) of the tag that the kernel took off, or None"""

    # linux/if_ether.h, linux/if_packet.h
    ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA = 3, 263, 8
    TP_STATUS_VLAN_VALID = 1 << 4

    def __init__(self, host, source):
        self.source = bytes.fromhex(source.replace(":", ""))
        self.sock = host.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(self.ETH_P_ALL))
        self.sock.bind((host.netdev, self.ETH_P_ALL))
        self.sock.setsockopt(self.SOL_PACKET, self.PACKET_AUXDATA, 1)
        defer(self.sock.close)

    def next(self):
        while True:
            frame, ancillary, _flags, _addr = self.sock.recvmsg(2048, socket.CMSG_SPACE(20))
            if frame[6:12] != self.source:
                continue
            # struct tpacket_auxdata
            status, _len, _snaplen, _mac, _net, tci, tpid = struct.unpack("IIIHHHH", ancillary[0][2])
            return (tpid, tci) if status & self.TP_STATUS_VLAN_VALID else None


def case_a_port_vlan_is_a_network_of_its_own():
    a, b, c = vf_hosts(3, make=create_vfs)
    for proto, tpid in (("802.1Q", 0x8100), ("802.1ad", 0x88a8)):
        for vf in (0, 1):
            set_vf(vf, f"vlan 100 qos 5 proto {proto}")
        wait_for("traffic within the VLAN", lambda: answers(a, b))
        ksft_true(not answers(a, c), "a VF outside the VLAN answers")
        ksft_true(not answers(c, b), "a VF in the VLAN answers one outside")
        # The PF gets the frames with their tag
        pf = Host(pf_netdev())
        tags = Sniffer(pf, a.mac())
        answers(a, c)
        ksft_eq(tags.next(), (tpid, 5 << 13 | 100))
        addr = vlan_of(pf, 100, proto)
        a.ip(f"addr add 10.78.100.250/24 dev {a.netdev}")
        ksft_true(pings(a, addr), "the PF's VLAN device doesn't answer")
        pf.ip("link del tagged")
        a.ip(f"addr del 10.78.100.250/24 dev {a.netdev}")
        pf.release()
        # Another VLAN, or kind of tag, is another network
        set_vf(1, f"vlan 101 proto {proto}")
        ksft_true(not answers(a, b), "another VLAN answers")
    set_vf(1, "vlan 100 proto 802.1Q")
    ksft_true(not answers(a, b), "another kind of tag answers")
    for vf in (0, 1):
        set_vf(vf, "vlan 0")
    wait_for("traffic without VLAN", lambda: answers(a, b) and answers(a, c))


case_a_port_vlan_is_a_network_of_its_own.seconds = 120


def case_tags_behind_a_port_vlan_need_802_1ad():
    a, b = vf_hosts(make=create_vfs)
    vlan_of(a, 5)
    addr = vlan_of(b, 5)
    ksft_true(pings(a, addr))
    for vf in (0, 1):
        set_vf(vf, "vlan 100")
    wait_for("traffic within the port VLAN", lambda: answers(a, b))
    before = a.stats()["tx_drop_vlan"]
    ksft_true(not pings(a, addr), "a tag of its own passes under 802.1Q")
    ksft_ge(a.stats()["tx_drop_vlan"], before + 1)
    for vf in (0, 1):
        set_vf(vf, "vlan 100 proto 802.1ad")
    wait_for("traffic behind two tags", lambda: pings(a, addr))


def case_offloads_work_in_a_port_vlan():
    a, b = vf_hosts(make=create_vfs)
    names = ("rx_csum_bad", "tx_drop_headers")
    before = [host.stats() for host in (a, b)]
    for proto in ("802.1Q", "802.1ad"):
        for vf in (0, 1):
            set_vf(vf, f"vlan 100 proto {proto}")
        wait_for("traffic within the VLAN", lambda: answers(a, b))
        for netdev in (b, a):
            netdev.ethtool(f"-K DEV rx-gro-hw {'off' if proto == '802.1ad' else 'on'}")
        transfer(a, b)
        transfer(b, a, ipv6=True)
    for host, counted in zip((a, b), before):
        now = host.stats()
        ksft_eq([now[name] for name in names], [counted[name] for name in names])


def case_a_vf_gets_its_own_vlans_only():
    a, b, c = vf_hosts(3, make=create_vfs)
    vlan_of(a, 30)
    addr = vlan_of(b, 30)
    ksft_true(pings(a, addr))
    received = c.stats()["rx_packets"]
    a.ip("neigh flush dev tagged")
    ksft_true(pings(a, addr))
    ksft_eq(c.stats()["rx_packets"], received, "a VF gets a VLAN that it didn't ask for")
    b.ip("link del tagged")
    received = b.stats()["rx_packets"]
    ksft_true(not pings(a, addr))
    ksft_eq(b.stats()["rx_packets"], received, "a VF gets a VLAN that it has left")
    # Kinds of tags are told apart by the stack alone
    addr = vlan_of(b, 30)
    wait_for("traffic", lambda: pings(a, addr))
    for bdf in (vf_bdf(1), PF_BDF):
        write(f"{PCI}/{bdf}/reset", 1)
        wait_for(f"traffic after a reset of {bdf}", lambda: pings(a, addr), 30)


def case_more_vlans_than_64_are_for_trusted_vfs():
    a, b = vf_hosts(make=create_vfs)
    batch = "".join(f"link add link {a.netdev} name v{vid} type vlan id {vid}\n" for vid in range(100, 164))
    a.run(f"printf {json.dumps(batch)} | ip -batch -")
    done = a.run(f"ip link add link {a.netdev} name v164 type vlan id 164", fail=False)
    ksft_in("No space left", done.stderr)
    addr = vlan_of(b, 164)
    set_vf(0, "trust on")
    wait_for("a further VLAN", lambda: a.run(f"ip link add link {a.netdev} name tagged type vlan id 164",
                                             fail=False).returncode == 0)
    a.ip("link set tagged up")
    a.ip(f"addr add 10.78.164.{a.number}/24 dev tagged")
    wait_for("traffic in it", lambda: pings(b, f"10.78.164.{a.number}") and pings(a, addr))


# ---- addresses -----------------------------------------------------------------------------

def address_of(number):
    return f"02:00:00:00:77:{number:02x}"


def add_address(host, number):
    """A further unicast address of the Host's netdev, which the kernel asks it to receive; the address"""
    host.run(f"bridge fdb add {address_of(number)} dev {host.netdev} self permanent")
    return address_of(number)


def case_further_addresses_are_received():
    a, b, c = vf_hosts(3, make=create_vfs)
    macs = [add_address(b, number) for number in range(1, 17)]
    for mac in macs:
        wait_for(f"traffic to {mac}", lambda m=mac: frames_to(a, b, m))
    before = unicast_received(c.stats())
    ksft_true(all(frames_to(a, b, mac) for mac in macs))
    ksft_eq(unicast_received(c.stats()), before)
    # One more is one too many, and takes nothing from the others
    extra = add_address(b, 17)
    ksft_true(not frames_to(a, b, extra), "a 17th address is received")
    ksft_true(all(frames_to(a, b, mac) for mac in macs))
    set_vf(1, "trust on")
    wait_for("all of them", lambda: all(frames_to(a, b, mac) for mac in macs + [extra]))


def frame(destination, source):
    """Bytes of a frame of the local experimental EtherType (IEEE 802)"""
    return bytes.fromhex((destination + source).replace(":", "")) + b"\x88\xb5" + bytes(46)


def send(host, data):
    with host.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((host.netdev, 0))
        sock.send(data)


def frames_to(source, target, mac):
    """Whether the target's netdev receives what is sent to the address"""
    before = unicast_received(target.stats())
    send(source, frame(mac, source.mac()))
    time.sleep(0.02)
    return unicast_received(target.stats()) > before


def case_a_fixed_address_allows_no_further_ones():
    a, b = vf_hosts(make=create_vfs)
    set_vf(1, f"mac {GIVEN}")
    wait_for("the VF to take it", lambda: b.mac() == GIVEN)
    wait_for("traffic", lambda: answers(a, b))
    mac = add_address(b, 1)
    ksft_true(not frames_to(a, b, mac))
    ksft_true(answers(a, b))
    set_vf(1, "trust on")
    wait_for("traffic to a further address", lambda: frames_to(a, b, mac))


def case_forged_addresses_are_dropped_and_counted():
    a, b = vf_hosts(make=create_vfs)
    ping(a, b)
    received = unicast_received(b.stats())
    before = a.stats()

    def drops(name):
        return a.stats()[name] - before[name]

    link = json.loads(a.ip(f"-s -j link show {a.netdev}"))[0]["stats64"]["tx"]["dropped"]
    for _ in range(5):
        send(a, frame(b.mac(), OTHER))
    wait_for("the drops to be counted", lambda: drops("tx_drop_spoof") == 5)
    ksft_eq(unicast_received(b.stats()), received)
    ksft_eq(json.loads(a.ip(f"-s -j link show {a.netdev}"))[0]["stats64"]["tx"]["dropped"], link + 5)
    host, = json.loads(run(f"ip -s -j link show {pf_netdev()}"))
    ksft_ge(host["vfinfo_list"][0]["stats"]["tx"]["dropped"], 5)
    # Into a VLAN that it isn't in, with its own address
    tagged = bytearray(frame(b.mac(), a.mac()))
    tagged[12:12] = b"\x81\x00\x00\x05"
    send(a, bytes(tagged))
    wait_for("the drop to be counted", lambda: drops("tx_drop_vlan") == 1)
    set_vf(0, "spoofchk off")
    send(a, frame(b.mac(), OTHER))
    wait_for("a forged frame", lambda: unicast_received(b.stats()) == received + 1)
    ksft_eq(drops("tx_drop_spoof"), 5)
    set_vf(0, "spoofchk on")
    send(a, frame(b.mac(), OTHER))
    wait_for("the drop to be counted", lambda: drops("tx_drop_spoof") == 6)
    ksft_true(answers(a, b))


# ---- link ----------------------------------------------------------------------------------

def case_the_host_sets_the_link():
    a, b = vf_hosts(make=create_vfs)
    ping(a, b)
    set_vf(1, "state disable")
    wait_for("the link to go down", lambda: not b.carrier())
    ksft_eq(vf_info(1)["link_state"], "disable")
    received = b.stats()["rx_packets"]
    ksft_true(not answers(a, b))
    ksft_eq(b.stats()["rx_packets"], received)
    for bdf in (vf_bdf(1), PF_BDF):
        write(f"{PCI}/{bdf}/reset", 1)
        wait_for("the function to be back", lambda: b.stats() and a.carrier(), 30)
        ksft_true(not b.carrier(), f"the link is up after a reset of {bdf}")
    for state in ("enable", "auto"):
        set_vf(1, f"state {state}")
        wait_for("the link to come up", b.carrier)
        ksft_eq(vf_info(1)["link_state"], state)
        wait_for("traffic", lambda: answers(a, b))


# ---- rates ---------------------------------------------------------------------------------

def sent_by(vf):
    """Bytes, as the PF counts them"""
    link, = json.loads(run(f"ip -j -s link show {pf_netdev()}"))
    return link["vfinfo_list"][vf]["stats"]["tx"]["tx_bytes"]


def rate_of(vf, seconds):
    """Mb/s that the VF sends from now on"""
    start, before = time.monotonic(), sent_by(vf)
    time.sleep(seconds)
    return (sent_by(vf) - before) * 8 / (time.monotonic() - start) / 1e6


# Of a segment with time stamps: bytes of its own, and as a frame. The PF counts a segmented frame's headers once
SEGMENT, SEGMENT_FRAME = 1448, 1514


def measured(source, target, limit, udp, port):
    """Mb/s on the wire of what VF 0, the source, sends of more than it may"""
    server = target.background(f"iperf3 -s -p {port}")
    wait_for("iperf3 to listen", lambda: target.listens(port))
    before = sent_by(0)
    client = source.background(f"iperf3 -c {target.addr} -p {port} -t 60 {f'-u -b {2 * limit}M' if udp else ''}")
    # What was saved up is gone then
    wait_for("traffic", lambda: sent_by(0) > before + (1 << 20))
    rate = rate_of(0, 4) * (1 if udp else SEGMENT_FRAME / SEGMENT)
    end(client)
    end(server)
    figure(f"{'UDP' if udp else 'TCP'} with max_tx_rate {limit}", f"{rate:.2f}", "Mb/s")
    return rate


def case_the_host_limits_what_a_vf_sends():
    """How near to the limit is for the qtests, whose clock waits for nobody: here it is less where CPU time is short"""
    a, b = vf_hosts(make=create_vfs)
    port = 5201
    limits = (20, 50) if SLOW == 1 else (5, 10)
    for limit in limits:
        set_vf(0, f"max_tx_rate {limit}")
        for udp in (False, True):
            rate = measured(a, b, limit, udp, port)
            ksft_true(limit / 2 <= rate <= 1.05 * limit, f"{rate} Mb/s with a limit of {limit}")
            # The reset of a VF, or of the PF, changes nothing of that
            write(f"{PCI}/{vf_bdf(0) if udp else PF_BDF}/reset", 1)
            wait_for("traffic", lambda: answers(a, b), 30)
            port += 1
    set_vf(0, "max_tx_rate 0")
    rate = iperf3(a, b, seconds=2)["sum_received"]["bits_per_second"] / 1e6
    ksft_true(rate > 1.2 * limits[-1], f"{rate} Mb/s without a limit")


case_the_host_limits_what_a_vf_sends.seconds = 150
