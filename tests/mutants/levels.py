# SPDX-License-Identifier: GPL-2.0-only
"""The levels of tests that breaks name: how what they test is built in a copy of the sources, and how a case is run.

A copy is a directory with the sources, as they lie in the tree, and with what is built of them below build/.
"""

import os
import re
import shutil
import signal
import subprocess
import threading

SERIES = "10.0"
MAKE_SECONDS = 900
LIST_SECONDS = 60
CRASHES = ("kill_qemu() detected QEMU death", "kill_qemu() tried to terminate QEMU process but encountered",
           "ERROR: AddressSanitizer", "runtime error: ")

_running = set()
_lock = threading.Lock()


class BuildFailed(Exception):
    """With what the compiler says"""


def run(command, limit, env=None):
    """Run @command in a process group of its own. Its exit status, or None: it was ended at the limit; its output"""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, errors="replace", start_new_session=True, env={**os.environ, **(env or {})})
    with _lock:
        _running.add(child)
    try:
        output, _ = child.communicate(timeout=limit)
        return child.returncode, output
    except subprocess.TimeoutExpired:
        end(child)
        return None, child.communicate()[0]
    finally:
        with _lock:
            _running.discard(child)


def end(child):
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def end_all():
    """Whatever runs now"""
    with _lock:
        for child in _running:
            end(child)


def make(*arguments):
    status, output = run(["make", "-s", *map(str, arguments)], MAKE_SECONDS)
    if status:
        raise BuildFailed("\n".join(output.splitlines()[-20:]))


def passes(status, output):
    """Has one case been run, and did it pass?"""
    results = [line for line in output.splitlines() if line.startswith(("ok ", "not ok "))]
    return status == 0 and len(results) == 1 and results[0].startswith("ok ") and "# SKIP" not in results[0]


def crashed(status, output):
    """Was it a signal that ended the program or the QEMU that it talks to, or a sanitizer?"""
    return status not in (0, 1, -signal.SIGABRT) or any(sign in output for sign in CRASHES)


class Qtest:
    """The device model in Debian's QEMU"""
    directories = ("qemu-device",)

    def __init__(self, top, build):
        self.top = top
        self.program = build / "tests/qtest/banyan-qtest"
        self.source = os.environ.get("QEMU_SRC") or build / f"qemu/{SERIES}/src"
        self.headers = build / f"qemu/{SERIES}/headers"
        self.stock = build / f"qemu/{SERIES}/stock/usr/bin/qemu-system-x86_64"
        self.needed = (self.program, self.headers / "config-host.h", self.stock)

    def build(self, copy, case=None):
        # without warnings: what a break leaves unused is no mistake
        make("-C", copy / "qemu-device/loadable", f"OUT={copy}/build/device", f"SERIES={SERIES}",
             f"QEMU_SRC={self.source}", f"QEMU_BUILD={self.headers}", "CFLAGS=-O1", "WARN=-w")

    def settle(self, copy):
        """QEMU's accelerator for qtests is linked to the model by its path: each copy has its own"""
        shutil.rmtree(copy / "build/tests/qtest", ignore_errors=True)
        make("-C", self.top / "tests/qtest", "stock", f"SERIES={SERIES}", f"BUILD={copy}/build",
             f"QEMU_SRC={self.source}", f"QEMU_BUILD={self.headers}", "CFLAGS=-O1")

    def cases(self, copy):
        _, output = run([self.program, "-l"], LIST_SECONDS)
        return [line.removeprefix("/banyan/") for line in output.split() if line.startswith("/banyan/")]

    def run(self, copy, case, limit):
        qemu = f"env QEMU={self.stock} {copy}/build/tests/qtest/stock-{SERIES}/bin/qemu-banyan"
        return run([self.program, "--tap", "-p", f"/banyan/{case}"], limit,
                   {"QTEST_QEMU_BINARY": qemu, "QTEST_QEMU_BINARY_INTO": qemu})


class Unit:
    """The model's pure code"""
    directories = ("qemu-device",)
    needed = ()

    def __init__(self, top, build):
        pass

    def build(self, copy, case=None):
        program = [f"TESTS={case.split('/')[0]}"] if case else []
        make("-C", copy / "tests/unit", f"BUILD={copy}/build", "CFLAGS=-O1 -w", *program)

    def settle(self, copy):
        pass

    def cases(self, copy):
        found = []
        for program in sorted((copy / "build/tests/unit").glob("test-*")):
            if not program.suffix:
                _, output = run([program, "-l"], LIST_SECONDS)
                found += [line[1:] for line in output.split() if re.fullmatch("/[a-z0-9/_-]+", line)]
        return found

    def run(self, copy, case, limit):
        return run([copy / f"build/tests/unit/test-{case.split('/')[0]}", "--tap", "-p", f"/{case}"], limit)


class Kunit:
    """The drivers' pure code, by its KUnit tests built natively"""
    directories = ("common", "pf")
    needed = ()

    def __init__(self, top, build):
        pass

    def build(self, copy, case=None):
        make("-C", copy / "tests/mutants/native", f"BUILD={copy}/build", "CFLAGS=-O1 -w")

    def settle(self, copy):
        pass

    def cases(self, copy):
        return run([copy / "build/tests/kunit/test-kunit", "-l"], LIST_SECONDS)[1].split()

    def run(self, copy, case, limit):
        return run([copy / "build/tests/kunit/test-kunit", "-p", case], limit)


LEVELS = {"qtest": Qtest, "unit": Unit, "kunit": Kunit}
