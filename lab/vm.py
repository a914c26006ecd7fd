# SPDX-License-Identifier: GPL-2.0-only
"""Run one guest under QEMU and one command in it: the part that tools/lab (for L1, on the host) and
tenant (for L2, in L1) share.

The guest's init (lab/init) talks on virtio-serial ports, each a socket pair whose one end QEMU
inherits: "control" carries single lines, "stdout" and "stderr" the command's output and nothing
else, "tty" an interactive shell. The kernel's console goes to a file, which is searched for splats.

	control, guest to us:	ready | fail REASON | exit STATUS
	control, to the guest:	run TOKEN LENGTH, then a script of LENGTH bytes
				shell ROWS COLUMNS TERM

The guest ends either output with TOKEN: what a port still holds back when the status arrives is
waited for.
"""

import argparse
import ctypes
import json
import os
import re
import secrets
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time
import tty

STATUS_TIMEOUT = 124
STATUS_LAB = 125
STATUS_PIPE = 128 + signal.SIGPIPE

PORTS = ("control", "stdout", "stderr", "tty")

# What QEMU's monitor is asked for when a run fails
STATE = ("info status", "info registers -a", "info irq", "info pci", "info network")

# How the kernel begins the report of a defect. DMAR faults are none: tests provoke them. Nor is what Linux 7 says
# when any PF loses its driver and VFs: its PCI core wants a lock held that it takes for sriov_numvfs alone.
SPLAT = re.compile(
    rb"^(?:\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? )(.*(?:"
    rb"\bBUG: |\bWARNING: (?!drivers/pci/remove\.c:\d+ at pci_stop_and_remove_bus_device\+)|\bOops: |"
    rb"\bKASAN: |\bUBSAN: |\bKFENCE: |\brefcount_t: |"
    rb"general protection fault|unable to handle|Kernel panic|"
    rb"INFO: task .* blocked for more than|rcu: INFO: .*(?:stall|self-detected)|"
    rb"INFO: .*(?:lock|RCU)|kmemleak: .*suspected|unregister_netdevice: waiting|"
    rb"DMA-API: .*: device driver|list_(?:add|del) corruption|page_pool.*stalled).*)", re.M)

PR_SET_PDEATHSIG = 1
KILL_GRACE = 5
# What a guest may take to look for leaks when the command is through (lab/init)
LEAKS_LIMIT = 180


SECONDS_MAX = 1000000


class LabError(Exception):
    """The lab failed, not the command"""


class TimeOut(Exception):
    """The command ran into its time-out"""


class Parser(argparse.ArgumentParser):
    """Its errors have the lab's own exit status, since any other may be the command's"""

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(STATUS_LAB, f"{self.prog}: {message}\n")


def seconds(text):
    """For Parser: a time limit, 0: none"""
    value = float(text)
    if not 0 <= value <= SECONDS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to {SECONDS_MAX}")
    return value


def say(text):
    """The lab's own words. Where nobody listens any more the command goes on all the same."""
    try:
        os.write(2, f"{text}\n".encode())
    except OSError:
        pass


def die_with_parent():
    """Run in the child: no QEMU outlives us, however we end"""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end_on_signals():
    """A signal ends us by an exception, so that everything is taken down on the way out; once, so that no
    second one gets in between"""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupted(signum, _):
        for other in signals:
            signal.signal(other, signal.SIG_IGN)
        raise SystemExit(128 + signum)

    for signum in signals:
        signal.signal(signum, interrupted)


def find_splat(path):
    """(text, number of the line) of the first report of a defect in the console, or None"""
    try:
        with open(path, "rb") as console:
            text = console.read()
    except OSError as error:
        raise LabError(f"the kernel's console can't be read: {error}")
    if not text:
        raise LabError(f"the kernel's console, {path}, is empty: nobody knows what it reported")
    match = SPLAT.search(text)
    if not match:
        return None
    return match.group(1).decode(errors="replace").strip(), text[:match.start()].count(b"\n")


def excerpt(path, which):
    """Some lines of a file, indented"""
    try:
        with open(path, "rb") as file:
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join("    " + line for line in text.splitlines()[which])


class Output:
    """One of the command's output streams: passes it on, up to the token that ends it"""

    def __init__(self, sock, file):
        self.sock = sock
        self.fd = file.fileno()
        self.token = None
        self.held = b""
        self.done = False

    def feed(self):
        data = self.sock.recv(65536)
        if not data:
            self.flush()
            return
        if self.done:
            return
        self.held += data
        if self.token:
            at = self.held.find(self.token)
            if at >= 0:
                self.held = self.held[:at]
                self.flush()
                return
        keep = len(self.token) - 1 if self.token else 0
        # a token may be under way: what could be its start waits, everything else does not
        while keep and not self.token.startswith(self.held[-keep:]):
            keep -= 1
        self.write(self.held[:len(self.held) - keep])
        self.held = self.held[len(self.held) - keep:]

    def flush(self):
        self.write(self.held)
        self.held = b""
        self.done = True

    def write(self, data):
        while data:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                time.sleep(0.01)
            except BrokenPipeError:
                raise
            except OSError as error:
                raise LabError(f"cannot write the command's output: {error.strerror}")


class Machine:
    """A guest under QEMU"""

    def __init__(self, name, command, logdir, verbose=False, console="serial"):
        """@command: function of a list of QEMU arguments that returns the whole command line;
        @console: "serial" (ttyS0) shows the earliest messages, "virtio" (hvc1) costs a nested
        guest an exit a line instead of several a character"""
        self.name = name
        self.console = os.path.join(logdir, "console.log")
        self.qemu_log = os.path.join(logdir, "qemu.log")
        self.state_log = os.path.join(logdir, "state.log")
        self.verbose = verbose
        self.control = b""
        self.ports = {}
        self.started = time.monotonic()
        os.makedirs(logdir, exist_ok=True)
        fds = []
        channels = "virtio-serial-pci"
        args = ["-chardev", f"file,id=console,path={self.console}"]
        if console == "serial":
            # Behind a root port it can say that it keeps its state in suspend. Linux 7.3's driver would
            # reset it, and miss what QEMU tells it then: that the ports are open
            args += ["-device", "pcie-root-port,id=channels,chassis=1"]
            channels += ",bus=channels,x-pcie-pm-no-soft-reset=on"
        args += ["-device", channels]
        for port in (*PORTS, "monitor"):
            ours, theirs = socket.socketpair()
            self.ports[port] = ours
            fds.append(theirs)
            args += ["-chardev", f"socket,id={port},fd={theirs.fileno()}"]
            if port == "monitor":
                args += ["-mon", f"chardev={port},mode=control"]
            elif port == "tty":
                args += ["-device", f"virtconsole,chardev={port}"]
            else:
                args += ["-device", f"virtserialport,chardev={port},name=banyan.{port}"]
        if console == "serial":
            args += ["-serial", "chardev:console"]
        else:
            # behind the tty, which is hvc0
            args += ["-device", "virtconsole,chardev=console"]
        with open(self.qemu_log, "wb") as log:
            self.process = subprocess.Popen(
                command(args), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=[sock.fileno() for sock in fds], preexec_fn=die_with_parent,
                start_new_session=True)
        for sock in fds:
            sock.close()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.ports["control"], selectors.EVENT_READ, "control")

    def stop(self):
        """End QEMU and everything it was started with"""
        for how in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, how)
            except ProcessLookupError:
                pass
            try:
                self.process.wait(KILL_GRACE)
                break
            except subprocess.TimeoutExpired:
                continue
        for sock in self.ports.values():
            sock.close()

    def save_state(self):
        """Have QEMU describe the machine as it stands, into a file beside the console"""
        self.ports["monitor"].settimeout(KILL_GRACE)
        monitor = self.ports["monitor"].makefile("rw")

        def execute(command, **arguments):
            monitor.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            monitor.flush()
            while "event" in (reply := json.loads(monitor.readline())):
                pass
            return reply.get("return", reply)

        try:
            with open(self.state_log, "w") as file:
                monitor.readline()  # the greeting
                execute("qmp_capabilities")
                for question in STATE:
                    answer = execute("human-monitor-command", **{"command-line": question})
                    file.write(f"== {question}\n{answer}".replace("\r", ""))
        except (OSError, ValueError):
            pass  # QEMU is gone or stuck: what it has said will have to do

    def message(self):
        """A whole line from the guest's init, or None"""
        line, newline, rest = self.control.partition(b"\n")
        if not newline:
            return None
        self.control = rest
        return line.decode(errors="replace")

    def read_control(self):
        data = self.ports["control"].recv(4096)
        if not data:
            self.process.wait()
            words = excerpt(self.qemu_log, slice(-1, None)).strip()
            raise LabError(f"{self.name} ended by itself, QEMU's exit status is {self.process.returncode}"
                           + (f": {words}" if words else ""))
        self.control += data

    def wait_ready(self, limit):
        """Until the guest is up; @limit in seconds, 0: none"""
        deadline = self.started + limit if limit else None
        while (message := self.message()) is None:
            left = None if deadline is None else max(0, deadline - time.monotonic())
            if not self.selector.select(left):
                said = excerpt(self.console, slice(-1, None)).strip()
                raise LabError(f"{self.name} was not up within {limit:g} s; "
                               + (f"it got as far as: {said}" if said else "it has said nothing yet"))
            self.read_control()
        verb, _, rest = message.partition(" ")
        if verb != "ready":
            raise LabError(f"{self.name}: {rest}")
        if self.verbose:
            say(f"lab: {self.name} up after {time.monotonic() - self.started:.1f} s")

    def run(self, script, timeout, stdout, stderr):
        """Run a shell script in the guest; its exit status"""
        token = secrets.token_hex(16).encode()
        script = script.encode()
        outputs = {"stdout": Output(self.ports["stdout"], stdout),
                   "stderr": Output(self.ports["stderr"], stderr)}
        for name, output in outputs.items():
            output.token = token
            self.selector.register(output.sock, selectors.EVENT_READ, name)
        self.ports["control"].sendall(b"run %s %d\n" % (token, len(script)) + script)
        deadline = time.monotonic() + timeout if timeout else None
        status = None
        while status is None or not all(output.done for output in outputs.values()):
            left = None if deadline is None else max(0, deadline - time.monotonic())
            events = self.selector.select(left)
            if not events:
                if status is not None:
                    raise LabError(f"{self.name} kept output back")
                for output in outputs.values():
                    output.flush()
                raise TimeOut
            for key, _ in events:
                if key.data == "control":
                    self.read_control()
                else:
                    outputs[key.data].feed()
            if all(output.done for output in outputs.values()):
                deadline = time.monotonic() + LEAKS_LIMIT
            while (message := self.message()) is not None:
                status = self.exit_status(message)
                deadline = time.monotonic() + KILL_GRACE
        return status

    def exit_status(self, message):
        verb, _, rest = message.partition(" ")
        if verb != "exit":
            raise LabError(f"{self.name}: {rest}")
        return int(rest)

    def shell(self):
        """Join our terminal with a shell in the guest; its exit status"""
        size = shutil.get_terminal_size()
        term = os.environ.get("TERM", "dumb")
        self.ports["control"].sendall(f"shell {size.lines} {size.columns} {term}\n".encode())
        self.selector.register(self.ports["tty"], selectors.EVENT_READ, "tty")
        self.selector.register(0, selectors.EVENT_READ, "stdin")
        saved = None
        if os.isatty(0):
            saved = termios.tcgetattr(0)
            tty.setraw(0)
        try:
            return self.join()
        finally:
            if saved:
                termios.tcsetattr(0, termios.TCSADRAIN, saved)

    def join(self):
        while True:
            for key, _ in self.selector.select():
                if key.data == "control":
                    self.read_control()
                elif key.data == "tty":
                    os.write(1, self.ports["tty"].recv(65536))
                else:
                    data = os.read(0, 4096)
                    if not data:
                        self.selector.unregister(0)
                        # ^D typed ahead of the shell's start would get lost
                        data = b"\nexit\n"
                    self.ports["tty"].sendall(data)
            if (message := self.message()) is not None:
                return self.exit_status(message)


def boot_limit(usual, timeout):
    """What a boot may take: as usual, or as long as the command where that is longer, since who gives a command
    more time knows that the machine is slow; 0: no limit"""
    return max(usual, timeout) if timeout else 0


def run_guest(name, command, logdir, work, limit, **options):
    """Boot a guest within @limit seconds, do @work with it, look for splats; the exit status to leave with"""
    machine = None
    reason = None
    status = STATUS_LAB
    try:
        machine = Machine(name, command, logdir, **options)
        machine.wait_ready(limit)
        status = work(machine)
    except TimeOut:
        status = STATUS_TIMEOUT
        reason = "the command ran into its time-out"
    except BrokenPipeError:
        # nobody reads the output any more: as the command itself would end
        status = STATUS_PIPE
    except (LabError, OSError) as error:
        reason = str(error)
    finally:
        if machine:
            if reason:
                machine.save_state()
            machine.stop()
    splat = None
    try:
        splat = machine and find_splat(machine.console)
        if splat:
            reason = f"{name}'s kernel reported: {splat[0]}"
            status = STATUS_LAB
    except LabError as error:
        # a guest that never started has a better reason
        reason = reason or str(error)
        status = STATUS_LAB
    if reason:
        say(f"lab: {reason}")
    if reason and machine:
        say(f"lab: logs: {os.path.dirname(machine.console)}")
        if status == STATUS_LAB:
            show_logs(machine, splat, reason)
    return status


def show_logs(machine, splat, reason):
    """The parts of the logs that say most about a failure, besides @reason: not everyone can get at the files"""
    if splat:
        parts = [(machine.console, slice(max(0, splat[1] - 5), splat[1] + 45))]
    else:
        # of the state, the first CPU's registers
        parts = [(machine.state_log, slice(1, 12)), (machine.qemu_log, slice(-25, None)),
                 (machine.console, slice(-25, None))]
    for path, which in parts:
        text = excerpt(path, which)
        if text.strip() and text.strip() not in reason:
            say(f"lab: from {path}:\n{text}")
