# SPDX-License-Identifier: GPL-2.0-only
"""What the VM tests share: functions, network namespaces, traffic, and the check after each case.

Runs inside L1 as root. Cases are written for the kernel's own selftest library (ksft).
"""

import array
import contextlib
import fcntl
import glob
import json
import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import threading
import time

from ksft import CmdExitFailure, defer, ksft_pr, KsftFailEx

PF_BDF = os.environ["BANYAN_PF_BDF"]
PF_NETDEV = os.environ["BANYAN_PF_NETDEV"]
UPLINK = os.environ.get("BANYAN_UPLINK")
UPLINK_GUEST = f"{UPLINK.rpartition('.')[0]}.77/24" if UPLINK else None
PCI = "/sys/bus/pci/devices"
PF_DIR = f"{PCI}/{PF_BDF}"
# linux/sockios.h, linux/if.h, linux/ethtool.h
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
SIOCSIFADDR, SIOCSIFNETMASK = 0x8916, 0x891c
SIOCSIFMTU, SIOCGIFINDEX = 0x8922, 0x8933
SIOCETHTOOL, ETHTOOL_GLINK = 0x8946, 0xa
IFF_UP = 0x1

# In a command: what a shell is needed for
SHELL_ONLY = re.compile(r"[|&;<>()$`*?\n]|^\w+=")

# KASAN and lock checking under TCG take several times as long
SLOW = 8 if "debug" in os.uname().release else 1

# lab/vm.py says which warning is none
SPLAT = re.compile(
    r"BUG:|WARNING: (?!drivers/pci/remove\.c:\d+ at pci_stop_and_remove_bus_device\+)|"
    r"Oops|KASAN|UBSAN|general protection|kernel panic|soft lockup|hung_task|blocked for more than|"
    r"rcu.*(stall|detected)|suspicious RCU|possible recursive locking|circular locking|inconsistent lock|"
    r"refcount_t:|DMA-API:|sleeping function called|scheduling while atomic|kmemleak: [1-9]|"
    r"page_pool_release_retry|unregister_netdevice: waiting")


def words_of(command):
    """The command as subprocess takes it: only what a shell alone understands gets one, since each process takes time"""
    if SHELL_ONLY.search(command):
        return ["sh", "-c", command]
    return shlex.split(command)


def execute(command, timeout=30, fail=True):
    """Run a command to its end; a CompletedProcess. Raises CmdExitFailure if it fails, unless fail=False."""
    done = subprocess.run(words_of(command), capture_output=True, text=True, timeout=timeout * SLOW)
    if fail and done.returncode:
        raise CmdExitFailure(f"Command failed: {command}", done)
    return done


def run(command, **kwargs):
    """Run a command in L1; its stdout. Raises CmdExitFailure if it fails."""
    return execute(command, **kwargs).stdout


def background(command):
    """Start a command, which is ended with the case; a Popen, whose stdout is the command's stderr too."""
    proc = subprocess.Popen(words_of(command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    defer(end, proc)
    return proc


def end(proc):
    """End a command of background(); what it said and that wasn't read yet."""
    if proc.poll() is None:
        proc.send_signal(signal.SIGINT)
    return proc.communicate(timeout=10 * SLOW)[0]


def read(path):
    with open(path) as f:
        return f.read().strip()


def write(path, text):
    with open(path, "w") as f:
        f.write(str(text))


def wait_for(what, cond, seconds=10):
    """Wait for the event, with a limit: cond()'s first true value. `what` names it in the failure."""
    end = time.monotonic() + seconds * SLOW
    while True:
        value = cond()
        if value:
            return value
        if time.monotonic() > end:
            raise KsftFailEx(f"timed out waiting for {what}")
        time.sleep(0.02)


# ---- functions ----------------------------------------------------------------------------

def num_vfs():
    return int(read(f"{PF_DIR}/sriov_numvfs"))


def vf_bdf(vf):
    return os.path.basename(os.readlink(f"{PF_DIR}/virtfn{vf}"))


def netdev_of(bdf):
    """Name of the function's netdev in this namespace, or None."""
    names = glob.glob(f"{PCI}/{bdf}/net/*")
    return os.path.basename(names[0]) if names else None


def driver_of(bdf):
    link = f"{PCI}/{bdf}/driver"
    return os.path.basename(os.readlink(link)) if os.path.exists(link) else None


def pf_netdev():
    return wait_for("the PF's netdev", lambda: netdev_of(PF_BDF))


def netdevs_of_vfs(count):
    return [wait_for(f"VF {vf}'s netdev", lambda v=vf: netdev_of(vf_bdf(v)), 30) for vf in range(count)]


def create_vfs(count):
    """Make VFs, and have them taken down when the case ends. Returns their netdevs."""
    destroy_vfs()
    defer(destroy_vfs)
    write(f"{PF_DIR}/sriov_numvfs", count)
    return netdevs_of_vfs(count)


def destroy_vfs():
    """No VFs, whoever made them."""
    if num_vfs():
        write(f"{PF_DIR}/sriov_numvfs", 0)
    Pool.forget()


class Pool:
    """VFs that live from case to case, since the kernel takes a second and more to take VFs down."""

    SIZE = 4
    count = 0
    taken = []
    hosts = []

    @classmethod
    def fill(cls, count):
        if cls.count < count:
            destroy_vfs()
            write(f"{PF_DIR}/sriov_numvfs", max(count, cls.SIZE))
            cls.count = num_vfs()

    @classmethod
    def take(cls, count):
        """The netdevs of the first `count` VFs, as new: who used them before has had them bound anew."""
        cls.fill(count)
        if kept := cls.forget_hosts():
            cls.renew(kept)
        defer(cls.renew, count)
        cls.taken = netdevs_of_vfs(count)
        return cls.taken

    @classmethod
    def forget_hosts(cls):
        """How many VFs were hosts of kept_hosts(), until now."""
        hosts, cls.hosts = cls.hosts, []
        for host in hosts:
            host.leave(vf_ends=True)
        return len(hosts)

    @classmethod
    def forget(cls):
        cls.forget_hosts()
        cls.count = 0
        cls.taken = []

    @classmethod
    def renew(cls, count):
        if num_vfs() != cls.count:
            return destroy_vfs()
        for vf in range(count):
            unbind(vf_bdf(vf))
            write("/sys/bus/pci/drivers_probe", vf_bdf(vf))


def unbind(bdf):
    """Take a function from its driver."""
    write(f"{PCI}/{bdf}/driver/unbind", bdf)


def bind(bdf):
    """Offer a function to the drivers, and wait for its netdev; its name."""
    write("/sys/bus/pci/drivers_probe", bdf)
    return wait_for(f"the netdev of {bdf}", lambda: netdev_of(bdf))


def poke(bdf, *commands):
    """Go behind the driver's back (tests/tools/poke.c has the commands); what they print."""
    return run(shlex.join(["poke", bdf, *commands])).strip()


def stats(netdev):
    """ethtool -S as a dictionary of numbers."""
    text = run(f"ethtool -S {netdev}", timeout=10)
    return {k.strip(): int(v) for k, v in re.findall(r"^\s*(\S.*?): (\d+)$", text, re.M)}


# ---- hosts --------------------------------------------------------------------------------

def sockaddr_in(addr):
    """linux/in.h"""
    return struct.pack("HH4s", socket.AF_INET, 0, socket.inet_aton(addr))


HERE = os.open("/proc/self/ns/net", os.O_RDONLY)


@contextlib.contextmanager
def entered(ns):
    """In the network namespace, where what is started stays. Spares a process: "ip netns exec"."""
    with open(f"/run/netns/{ns}") as there:
        os.setns(there.fileno(), os.CLONE_NEWNET)
    try:
        yield
    finally:
        os.setns(HERE, os.CLONE_NEWNET)


class Host:
    """A network namespace that owns one netdev with an IPv4 and an IPv6 address."""

    count = 0
    namespaces = 0
    in_use = 0
    idle = []

    def __init__(self, netdev, mtu=None, keep=False):
        Host.count += 1
        self.netdev = netdev
        self.number = Host.count % 250 + 1
        self.ns = self.namespace()
        self.addr = f"10.77.0.{self.number}"
        self.addr6 = f"fd77::{self.number:x}"
        if not keep:
            defer(self.leave)
        run(f"ip link set {netdev} netns {self.ns}")
        self.set_up(mtu or 1500)
        wait_for(f"carrier on {netdev}", self.carrier, 15)

    def set_up(self, mtu):
        self.ioctl(SIOCSIFMTU, struct.pack("i", mtu))
        self.ioctl(SIOCSIFADDR, sockaddr_in(self.addr))
        self.ioctl(SIOCSIFNETMASK, sockaddr_in("255.255.255.0"))
        index = self.ioctl(SIOCGIFINDEX)[:4]
        with self.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            # linux/ipv6.h: struct in6_ifreq
            fcntl.ioctl(sock, SIOCSIFADDR, socket.inet_pton(socket.AF_INET6, self.addr6) + struct.pack("I", 64) + index)
        self.ioctl(SIOCSIFFLAGS, struct.pack("H", self.flags() | IFF_UP))

    @classmethod
    def namespace(cls):
        """An empty one: from a case before, as to make and to delete one takes a second on the debug kernel."""
        if not cls.idle:
            cls.namespaces += 1
            cls.idle.append(f"h{cls.namespaces}")
            run(f"ip netns add {cls.idle[0]}")
            with entered(cls.idle[0]):
                run("ip link set lo up")
                # Addresses are there at once
                write("/proc/sys/net/ipv6/conf/default/accept_dad", 0)
        cls.in_use += 1
        return cls.idle.pop()

    def ip(self, args):
        return self.run(f"ip {args}", timeout=20).stdout

    def run(self, command, timeout=30, fail=True):
        with entered(self.ns):
            return execute(command, timeout, fail)

    def background(self, command):
        with entered(self.ns):
            return background(command)

    def socket(self, *args):
        """A socket in the host's network, with a time limit."""
        with entered(self.ns):
            sock = socket.socket(*args)
        sock.settimeout(30 * SLOW)
        return sock

    def listens(self, port):
        with entered(self.ns):
            sockets = [line.split() for table in ("tcp", "tcp6")
                       for line in read(f"/proc/self/net/{table}").splitlines()]
        # Local address and state, LISTEN
        return any(s[1].endswith(f":{port:04X}") and s[3] == "0A" for s in sockets)

    def ioctl(self, request, value=b""):
        """A request about the netdev (netdevice(7)), which needs no process; what the kernel answers."""
        with self.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            return fcntl.ioctl(sock, request, struct.pack("16s24s", self.netdev.encode(), value))[16:]

    def flags(self):
        return struct.unpack_from("H", self.ioctl(SIOCGIFFLAGS))[0]

    def carrier(self):
        """Whether the netdev is up and has a link. IFF_RUNNING says so up to a second later (net/core/link_watch.c)."""
        # linux/ethtool.h: struct ethtool_value
        value = array.array("I", [ETHTOOL_GLINK, 0])
        self.ioctl(SIOCETHTOOL, struct.pack("P", value.buffer_info()[0]))
        return bool(value[1])

    def mac(self):
        return json.loads(self.ip(f"-j link show {self.netdev}"))[0]["address"]

    def ethtool(self, args, **kwargs):
        return self.run(f"ethtool {args.replace('DEV', self.netdev)}", **kwargs).stdout

    def stats(self):
        with entered(self.ns):
            return stats(self.netdev)

    def leave(self, vf_ends=False):
        """The case ends. The netdev of a VF of the pool is about to end too, others are needed once more."""
        if self.ns and (vf_ends or self.netdev in Pool.taken):
            self._give_back(empty=True)
        else:
            self.release()

    def release(self):
        """Bring the netdev back into the first namespace, unless it is gone already."""
        if self.ns:
            self._give_back(empty=self.run(f"ip link set {self.netdev} down netns 1", fail=False).returncode == 0)

    def _give_back(self, empty):
        if empty:
            Host.idle.append(self.ns)
        else:
            # Another netdev has the name by now: the namespace's end gives ours a new one
            run(f"ip netns del {self.ns}")
        Host.in_use -= 1
        self.ns = None


def vf_hosts(count=2, make=Pool.take, **kwargs):
    """`count` VFs, each in a host of its own. make=create_vfs: VFs that are the case's own."""
    return [Host(netdev, **kwargs) for netdev in make(count)]


def kept_hosts(count=2):
    """The same for a case that only sends traffic: they stay as they are for the next such case."""
    Pool.fill(count)
    for vf in range(len(Pool.hosts), count):
        Pool.hosts.append(Host(wait_for(f"VF {vf}'s netdev", lambda v=vf: netdev_of(vf_bdf(v)), 30), keep=True))
    return Pool.hosts[:count]


def ping(source, target, count=3, size=56, ipv6=False, fail=True):
    """Ping from a Host to a Host or an address. Returns the command."""
    addr = target if isinstance(target, str) else (target.addr6 if ipv6 else target.addr)
    return source.run(f"ping {'-6' if ipv6 else '-4'} -c {count} -i 0.05 -w {10 * SLOW} -s {size} -M do {addr}",
                      timeout=20, fail=fail)


def unanswered(source, target, size=56):
    """Ping a Host that must not answer; whether it doesn't."""
    return source.run(f"ping -c 2 -i 0.2 -W 1 -s {size} -M do {target.addr}", fail=False).returncode != 0


def unicast_received(counted):
    """How many of a function's frames, by its statistics, were to one receiver."""
    return counted["rx_packets"] - counted["rx_multicast"] - counted["rx_broadcast"]


def hears_all_groups(source, target):
    """Whether a Host's function receives what a neighbour sends to a group that nobody has joined."""
    before = target.stats()["rx_multicast"]
    source.run(f"ping -c 3 -i 0.01 -W 0.1 -I {source.netdev} 239.255.77.77", fail=False)
    return target.stats()["rx_multicast"] >= before + 3


def traffic(source, target, count=None):
    """Ping a Host as often as leaves CPU time to others: `count` times, or until the case ends. Returns the command,
    once pings are answered."""
    before = source.stats()["rx_packets"]
    limit = f"-c {count}" if count else f"-w {60 * SLOW}"
    pinging = source.background(f"ping -q -i {0.001 * SLOW} {limit} {target.addr}")
    wait_for("pings to be answered", lambda: source.stats()["rx_packets"] >= before + 10)
    return pinging


def iperf3_to(client, addr, args, timeout=60):
    """From `client` to a server that listens; iperf3's JSON `end` section."""
    return json.loads(client.run(f"iperf3 -c {addr} {args} -J", timeout=timeout).stdout)["end"]


def iperf3(client, server, seconds=2, args="", addr=None):
    """TCP from `client` to `server`, for some seconds unless `args` says otherwise; iperf3's JSON `end` section."""
    daemon = server.background("iperf3 -s -1")
    wait_for("iperf3 to listen", lambda: server.listens(5201))
    end = iperf3_to(client, addr or server.addr, args if "-n " in args else f"-t {seconds} {args}", seconds * 4 + 30)
    with contextlib.suppress(Exception):
        daemon.communicate(timeout=10 * SLOW)
    return end


def transfer(client, server, size=4 << 20, ipv6=False):
    """Send `size` random bytes over TCP and compare. Raises if they differ."""
    family, addr = (socket.AF_INET6, server.addr6) if ipv6 else (socket.AF_INET, server.addr)
    sent = os.urandom(size)
    received = bytearray()
    with server.socket(family) as listener, client.socket(family) as source:
        listener.bind((addr, 0))
        listener.listen()
        source.connect(listener.getsockname())
        sender = threading.Thread(target=lambda: (source.sendall(sent), source.shutdown(socket.SHUT_WR)))
        sender.start()
        with listener.accept()[0] as sink:
            sink.settimeout(60 * SLOW)
            while data := sink.recv(1 << 20):
                received += data
        sender.join()
    if received != sent:
        differ = next((i for i, (a, b) in enumerate(zip(sent, received)) if a != b), len(received))
        raise KsftFailEx(f"{len(received)} of {size} bytes arrived, the first {differ} of them unchanged")


# ---- the check around each case ------------------------------------------------------------

class Kmsg:
    """New kernel messages since the last look."""

    def __init__(self):
        self.fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.fd, 0, os.SEEK_END)

    def lines(self):
        found = []
        while True:
            try:
                found.append(os.read(self.fd, 8192).decode(errors="replace").split(";", 1)[-1].rstrip("\n"))
            except BlockingIOError:
                return found
            except BrokenPipeError:
                found.append("(messages were lost)")


def interrupts():
    """How many interrupts the drivers have: of queue pairs, and administrative ones beyond one a VF."""
    names = [line.split()[-1] for line in read("/proc/interrupts").splitlines()]
    kept = [host.netdev for host in Pool.hosts]
    return (sum(1 for name in names if re.search(r"-q\d+$", name) and name.rpartition("-")[0] not in kept),
            sum(1 for name in names if name.startswith("bny-admin@")) - num_vfs())


def references():
    """How often somebody holds one of the modules, other than another module."""
    return sum(int(read(f"{module}/refcnt")) - len(os.listdir(f"{module}/holders"))
               for module in glob.glob("/sys/module/banyan*"))


def queue_interrupts(netdev):
    """How many interrupts a netdev's queue pairs have had."""
    rows = [line.split() for line in read("/proc/interrupts").splitlines()[1:]]
    return sum(int(n) for row in rows if row[-1].startswith(f"{netdev}-q") for n in row[1:] if n.isdigit())


class Leftovers:
    """What must be the same before and after a case."""

    def __init__(self):
        self.kmsg = Kmsg()
        self.before = self.look()

    def look(self):
        return {"VFs that no pool has": num_vfs() - Pool.count, "interrupts": interrupts(),
                "namespaces in use": Host.in_use - len(Pool.hosts),
                "references to the modules": references(),
                "PF driver": driver_of(PF_BDF)}

    def check(self):
        splats = [line for line in self.kmsg.lines() if SPLAT.search(line)]
        if splats:
            raise KsftFailEx("the kernel complained: " + " | ".join(splats[:3]))
        wait_for_same = time.monotonic() + 5 * SLOW
        while (now := self.look()) != self.before:
            if time.monotonic() > wait_for_same:
                raise KsftFailEx(f"left behind: {now}, before: {self.before}")
            time.sleep(0.1)


class CaseTimeout(Exception):
    pass


@contextlib.contextmanager
def time_limit(seconds):
    def expired(_signum, _frame):
        raise CaseTimeout(f"the case took more than {seconds} s")

    signal.signal(signal.SIGALRM, expired)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def lspci(bdf, options="-vv"):
    return run(f"lspci {options} -s {shlex.quote(bdf)}")


def figure(name, value, unit):
    """A measured number for the log; never a gate."""
    ksft_pr(f"FIGURE {name}: {value} {unit}")
