# SPDX-License-Identifier: GPL-2.0-only
"""What the VM tests share: functions, network namespaces, traffic, and the check after each case.

Runs inside L1 as root. Cases are written for the kernel's own selftest library (ksft).
"""

import contextlib
import glob
import json
import os
import re
import shlex
import signal
import time

from ksft import (cmd, defer, ksft_pr, KsftFailEx)

PF_BDF = os.environ["BANYAN_PF_BDF"]
PF_NETDEV = os.environ["BANYAN_PF_NETDEV"]
UPLINK = os.environ.get("BANYAN_UPLINK")
UPLINK_GUEST = f"{UPLINK.rpartition('.')[0]}.77/24" if UPLINK else None
PCI = "/sys/bus/pci/devices"
PF_DIR = f"{PCI}/{PF_BDF}"

# KASAN and lock checking under TCG take several times as long
SLOW = 8 if "debug" in os.uname().release else 1

SPLAT = re.compile(
    r"BUG:|WARNING:|Oops|KASAN|UBSAN|general protection|kernel panic|soft lockup|hung_task|blocked for more than|"
    r"rcu.*(stall|detected)|suspicious RCU|possible recursive locking|circular locking|inconsistent lock|"
    r"refcount_t:|DMA-API:|sleeping function called|scheduling while atomic|kmemleak: [1-9]|"
    r"page_pool_release_retry|unregister_netdevice: waiting")


def run(command, timeout=30, **kwargs):
    """Run a shell command in L1; its stdout. Raises CmdExitFailure if it fails."""
    return cmd(command, timeout=timeout * SLOW, **kwargs).stdout


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
    Pool.count = 0
    Pool.taken = []


class Pool:
    """VFs that live from case to case, since the kernel takes a second and more to take VFs down."""

    SIZE = 4
    count = 0
    taken = []

    @classmethod
    def take(cls, count):
        """The netdevs of the first `count` VFs, as new: who used them before has had them bound anew."""
        if cls.count < count:
            destroy_vfs()
            write(f"{PF_DIR}/sriov_numvfs", max(count, cls.SIZE))
            cls.count = num_vfs()
        defer(cls.renew, count)
        cls.taken = netdevs_of_vfs(count)
        return cls.taken

    @classmethod
    def renew(cls, count):
        if num_vfs() != cls.count:
            return destroy_vfs()
        for vf in range(count):
            for verb in ("unbind", "bind"):
                write(f"/sys/bus/pci/drivers/banyanvf/{verb}", vf_bdf(vf))


def stats(netdev):
    """ethtool -S as a dictionary of numbers."""
    text = run(f"ethtool -S {netdev}", timeout=10)
    return {k.strip(): int(v) for k, v in re.findall(r"^\s*(\S.*?): (\d+)$", text, re.M)}


# ---- hosts --------------------------------------------------------------------------------

def batch(*lines):
    """Run several ip commands in one process."""
    text = "\n".join(lines)
    run(f"ip -batch - <<'END'\n{text}\nEND")


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

    def __init__(self, netdev, mtu=None):
        Host.count += 1
        self.netdev = netdev
        self.number = Host.count % 250 + 1
        self.ns = self.namespace()
        self.addr = f"10.77.0.{self.number}"
        self.addr6 = f"fd77::{self.number:x}"
        defer(self.leave)
        run(f"ip link set {netdev} netns {self.ns}")
        with entered(self.ns):
            # One process: on the debug kernel each takes a while
            batch(f"addr add {self.addr}/24 dev {netdev}",
                  f"addr add {self.addr6}/64 dev {netdev} nodad",
                  f"link set {netdev} mtu {mtu or 1500} up")
        wait_for(f"carrier on {netdev}", self.carrier, 15)

    @classmethod
    def namespace(cls):
        """An empty one: from a case before, as to make and to delete one takes a second on the debug kernel."""
        if not cls.idle:
            cls.namespaces += 1
            cls.idle.append(f"h{cls.namespaces}")
            run(f"ip netns add {cls.idle[0]}")
            with entered(cls.idle[0]):
                run("ip link set lo up")
        cls.in_use += 1
        return cls.idle.pop()

    def ip(self, args):
        return self.run(f"ip {args}", timeout=20).stdout

    def run(self, command, timeout=30, fail=True):
        with entered(self.ns):
            return cmd(command, timeout=timeout * SLOW, fail=fail)

    def background(self, command):
        """Start a command; it is ended with the case."""
        with entered(self.ns):
            # exec: what is ended is the command, not a shell around it
            proc = cmd(f"exec {command}", background=True)
        defer(self._end, proc)
        return proc

    @staticmethod
    def _end(proc):
        if proc.proc.poll() is None:
            proc.proc.terminate()
        with contextlib.suppress(Exception):
            proc.proc.communicate(timeout=10 * SLOW)

    def listens(self, port):
        with entered(self.ns):
            sockets = [line.split() for table in ("tcp", "tcp6")
                       for line in read(f"/proc/self/net/{table}").splitlines()]
        # Local address and state, LISTEN
        return any(s[1].endswith(f":{port:04X}") and s[3] == "0A" for s in sockets)

    def carrier(self):
        link = json.loads(self.ip(f"-j link show {self.netdev}"))[0]
        return "LOWER_UP" in link["flags"]

    def mac(self):
        return json.loads(self.ip(f"-j link show {self.netdev}"))[0]["address"]

    def ethtool(self, args, **kwargs):
        return self.run(f"ethtool {args.replace('DEV', self.netdev)}", **kwargs).stdout

    def stats(self):
        with entered(self.ns):
            return stats(self.netdev)

    def leave(self):
        """The case ends. The netdev of a VF of the pool is about to end too, others are needed once more."""
        if self.ns and self.netdev in Pool.taken:
            self._give_back(empty=True)
        else:
            self.release()

    def release(self):
        """Bring the netdev back into the first namespace, unless it is gone already."""
        if self.ns:
            self._give_back(empty=self.run(f"ip link set {self.netdev} down netns 1", fail=False).ret == 0)

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


def ping(source, target, count=3, size=56, ipv6=False, fail=True):
    """Ping from a Host to a Host or an address. Returns the command."""
    addr = target if isinstance(target, str) else (target.addr6 if ipv6 else target.addr)
    return source.run(f"ping {'-6' if ipv6 else '-4'} -c {count} -i 0.05 -w {10 * SLOW} -s {size} -M do {addr}",
                      timeout=20, fail=fail)


def unanswered(source, target, size=56):
    """Ping a Host that must not answer; whether it doesn't."""
    return source.run(f"ping -c 2 -i 0.2 -W 1 -s {size} -M do {target.addr}", fail=False).ret != 0


def iperf3_to(client, addr, args, timeout=60):
    """From `client` to a server that listens; iperf3's JSON `end` section."""
    return json.loads(client.run(f"iperf3 -c {addr} {args} -J", timeout=timeout).stdout)["end"]


def iperf3(client, server, seconds=2, args="", addr=None):
    """TCP from `client` to `server`, for some seconds unless `args` says otherwise; iperf3's JSON `end` section."""
    daemon = server.background("iperf3 -s -1")
    wait_for("iperf3 to listen", lambda: server.listens(5201))
    end = iperf3_to(client, addr or server.addr, args if "-n " in args else f"-t {seconds} {args}", seconds * 4 + 30)
    with contextlib.suppress(Exception):
        daemon.proc.communicate(timeout=10 * SLOW)
    return end


def transfer(client, server, size=4 << 20, ipv6=False):
    """Send `size` random bytes over TCP and compare their digests. Raises if they differ."""
    family = "6" if ipv6 else "4"
    target = f"[{server.addr6}]" if ipv6 else server.addr
    run(f"head -c {size} /dev/urandom > /tmp/sent")
    sink = server.background(f"socat -u TCP{family}-LISTEN:7000,reuseaddr OPEN:/tmp/received,creat,trunc")
    wait_for("socat to listen", lambda: server.listens(7000))
    client.run(f"socat -u OPEN:/tmp/sent TCP{family}:{target}:7000", timeout=60)
    sink.proc.communicate(timeout=60 * SLOW)
    sent, received = (run(f"sha256sum < /tmp/{f}") for f in ("sent", "received"))
    if sent != received:
        raise KsftFailEx(f"{size} bytes arrived changed: sha256 {sent} sent, {received} received")


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
    return (sum(1 for name in names if re.search(r"-q\d+$", name)),
            sum(1 for name in names if name.startswith("bny-admin@")) - num_vfs())


class Leftovers:
    """What must be the same before and after a case."""

    def __init__(self):
        self.kmsg = Kmsg()
        self.before = self.look()

    def look(self):
        return {"VFs that no pool has": num_vfs() - Pool.count, "interrupts": interrupts(),
                "namespaces in use": Host.in_use,
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
