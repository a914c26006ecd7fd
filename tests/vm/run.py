#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs groups of VM tests in the lab and prints TAP.

    run.py GROUP... [--only CASE]... [--kernel NAME] [--modules DIR] [--smp N] [--device PROPS] [--peer]

One VM serves all cases; after one fails or hangs, the rest get a fresh VM. Where two VMs in a row don't get
as far as the first case, no further one is tried. Three clocks: each case's (in the guest),
a limit without any output (here), and the lab's for the whole VM.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
IDLE_SECONDS = {"distro": 150}
IDLE_SECONDS_OTHER = 600
VM_SECONDS = {"distro": 1500}
VM_SECONDS_OTHER = 3600
# kmemleak looks through all of it
MEMORY = {"debug": "1G"}
MEMORY_OTHER = "4G"
RESULT = re.compile(r"^(not ok|ok) (\d+) (\S+)(.*)$")
# A second card behind a root port of its own, to compare with
PEER = [f"--qemu-arg={word}" for word in ("-device", "pcie-root-port,id=rp1,slot=2", "-device", "igb,bus=rp1")]
FRESH_VM = "# SKIP fresh VM"


class Lab:
    """One L1 that runs the suite from case `skip` on; iterates over its output lines."""

    def __init__(self, args, skip):
        command = [f"{TOP}/tools/lab", "run", "--timeout", str(VM_SECONDS.get(args.kernel, VM_SECONDS_OTHER)),
                   "--kernel", args.kernel, "--memory", MEMORY.get(args.kernel, MEMORY_OTHER), "--smp", str(args.smp)]
        if args.modules:
            command.append(f"--modules={args.modules}")
        if args.device:
            command += ["--device", args.device]
        if args.peer:
            command += PEER
        command += ["--", "python3", "/opt/banyan/tests/vm/suite.py", *args.groups, "--skip", str(skip)]
        command += [f"--only={case}" for case in args.only]
        self.idle_seconds = IDLE_SECONDS.get(args.kernel, IDLE_SECONDS_OTHER)
        self.idle = False
        self.proc = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     stdin=subprocess.DEVNULL, start_new_session=True)
        self.stderr = []
        self.reader = threading.Thread(target=lambda: self.stderr.extend(self.proc.stderr), daemon=True)
        self.reader.start()

    def expire(self):
        self.idle = True
        os.killpg(self.proc.pid, signal.SIGINT)

    def __iter__(self):
        while True:
            clock = threading.Timer(self.idle_seconds, self.expire)
            clock.start()
            line = self.proc.stdout.readline()
            clock.cancel()
            if not line:
                return
            yield line.rstrip("\n")

    def close(self):
        status = self.proc.wait()
        self.reader.join(5)
        return status


def names_of(group, only):
    """The group's cases, read from its source: importing it needs the guest."""
    with open(f"{TOP}/tests/vm/cases_{group}.py") as source:
        return [f"{group}: {name}" for name in re.findall(r"^def case_(\w+)\(", source.read(), re.M)
                if not only or name in only]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="+", metavar="GROUP")
    parser.add_argument("--only", action="append", default=[], metavar="CASE", help="this case; may be repeated")
    parser.add_argument("--kernel", default="distro", help="as tools/lab takes it")
    parser.add_argument("--modules", metavar="DIR", help="the drivers for it, as tools/lab takes them")
    parser.add_argument("--device", default="", help="properties of the device model, as tools/lab takes them")
    parser.add_argument("--smp", type=int, default=2, metavar="N", help="CPUs of L1")
    parser.add_argument("--peer", action="store_true", help="give L1 QEMU's igb too")
    args = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)

    names = [name for group in args.groups for name in names_of(group, args.only)]
    print("TAP version 13")
    print(f"1..{len(names)}")
    done = 0
    failed = False
    dead = 0  # VMs in a row that said nothing
    while done < len(names):
        lab = Lab(args, done)
        finished = vm_failed = False
        dead += 1
        for line in lab:
            dead = 0
            result = RESULT.match(line)
            if not result:
                finished |= line.startswith("# Totals:")
                print(line if line.startswith("#") else f"# {line}")
                continue
            if FRESH_VM in line:
                continue
            done += 1
            vm_failed |= result[1] != "ok"
            print(f"{result[1]} {done} {names[done - 1]}{result[4]}")
        status = lab.close()
        for line in lab.stderr:
            print(f"# {line.rstrip()}")
        reason = f"no output for {lab.idle_seconds} s" if lab.idle else f"the lab ended with status {status}"
        if not finished:
            # The VM ended in the middle of a case: that case's fault until shown otherwise
            done += 1
            vm_failed = True
            print(f"# {reason}\nnot ok {done} {names[done - 1]}")
            if dead == 2:
                print(f"Bail out! L1 doesn't come up: {reason}")
                break
        elif status and not vm_failed:
            print(f"# all cases passed, but {reason}")
            failed = True
        failed |= vm_failed
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
