#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The drivers' KUnit tests, in one L1 with the debug kernel, as TAP: first as they are; then the drivers
are broken by all patches in red/ at once, and the cases that fail have to be those that the patches' "Must fail:"
lines name, no other. The case kmemleak.unreferenced is the kernel's look for memory that a copy has lost.

environment: BUILD
"""

import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.environ.get("BUILD") or f"{TOP}/build")
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, f"{TOP}/lab"]

import ktap  # noqa: E402
import vm  # noqa: E402

MODULES = ("common/banyan_core.ko", "tests/kunit/banyan_kunit.ko")
SECONDS = 600
RUN = """
results() {
	echo "== $1"
	cat /sys/kernel/debug/kunit/banyan_*/results
}
# It suspects what is 5 s old and has not changed since a scan before
leaks() {
	echo "== leaks $1"
	sleep 5
	for _ in 1 2; do echo scan >/sys/kernel/debug/kmemleak; done
	cat /sys/kernel/debug/kmemleak
	echo clear >/sys/kernel/debug/kmemleak
}
modprobe banyan_kunit || exit 1
results unbroken
rmmod banyan_kunit banyanvf banyan banyan_core || exit 1
leaks unbroken
dmesg >/mnt/share/dmesg
cd /mnt/share/broken && insmod ./banyan_core.ko && insmod ./banyan_kunit.ko || exit 1
results broken
rmmod banyan_kunit banyan_core
leaks broken
echo "== end"
"""


def copy_changed(source, target):
    """Copy the files below @source that differ from those below @target, so that make sees only these as new"""
    for directory, _, files in os.walk(source):
        where = f"{target}/{os.path.relpath(directory, source)}"
        os.makedirs(where, exist_ok=True)
        for file in files:
            if not os.path.exists(f"{where}/{file}") or not filecmp.cmp(f"{directory}/{file}", f"{where}/{file}", False):
                shutil.copy(f"{directory}/{file}", where)


def build_broken(share):
    """Build the drivers with all patches, put the modules into share/broken; what went wrong, if something did"""
    sources = f"{share}/sources"
    subprocess.run([f"{TOP}/scripts/modules.sh", "--copy", sources], check=True)
    for patch in sorted(os.listdir(f"{HERE}/red")):
        done = subprocess.run(["patch", "-s", "-p1", "-d", sources, "-i", f"{HERE}/red/{patch}"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            return f"{patch} does not apply:\n{done.stdout}"
    # Kept from run to run: only what has changed is built again
    tree = f"{BUILD}/kernel/kunit-tree"
    copy_changed(sources, tree)
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(["make", "-C", f"{BUILD}/kernel/debug", f"M={tree}", f"-j{os.cpu_count()}",
                           "CONFIG_BANYAN=", "CONFIG_BANYANVF=", "modules"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
    if done.returncode:
        return done.stdout
    os.mkdir(f"{share}/broken")
    for module in MODULES:
        shutil.copy(f"{tree}/{module}", f"{share}/broken")
    return ""


def run_all(share):
    """Output lines by the heading above them. What is broken may well make the kernel complain, and with it the lab."""
    lab = subprocess.run([f"{TOP}/tools/lab", "run", "--kernel", "debug", "--memory", "1G", "--smp", "1", "--share", share,
                          "--timeout", str(SECONDS), "--", "sh", "-c", RUN],
                         stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    output = {}
    lines = []
    for line in lab.stdout.splitlines():
        if line.startswith("== "):
            lines = output.setdefault(line[3:], [])
        else:
            lines.append(line)
    return output


def must_fail(name):
    """The cases that a patch turns red"""
    with open(f"{HERE}/red/{name}.patch") as file:
        cases = [".".join(case) for case in re.findall(r"^Must fail: (\S+) (\S+)$", file.read(), re.M)]
    assert cases, f"{name}.patch does not say what must fail"
    return cases


def leak_case(output, name):
    lines = output.get(f"leaks {name}", ["nobody looked for leaks"])
    return (not lines, "kmemleak.unreferenced", "", lines[:30])


def cases_of(output, name):
    """What a run of the modules gave, as ktap.flatten() tells it"""
    return ktap.flatten(output.get(name, [])) + [leak_case(output, name)]


def red_cases(broken, problem):
    """The patches have turned red what they name, and nothing else"""
    failed = [case for passed, case, _, _ in broken if not passed]
    notes = problem.splitlines()[-30:] or ["failed: " + (", ".join(failed) or "none")]
    cases = []
    named = set()
    for name in sorted(file.removesuffix(".patch") for file in os.listdir(f"{HERE}/red")):
        named.update(must_fail(name))
        cases += [(not problem and case in failed, f"{name} turns {case} red", "", notes) for case in must_fail(name)]
    return cases + [(not problem and set(failed) == named, "what nobody has broken stays green", "", notes)]


def main():
    with tempfile.TemporaryDirectory() as share:
        problem = build_broken(share)
        output = run_all(share)
        splat = vm.find_splat(f"{share}/dmesg")
    cases = cases_of(output, "unbroken")
    if len(cases) == 1:
        cases.append((False, "the drivers as they are", "", ["no results"]))
    if splat:
        cases.append((False, "the kernel complained", "", [splat[0]]))
    if "end" not in output and not problem:
        cases.append((False, "the lab did not come to the end", "", []))
    return ktap.report(cases + red_cases(cases_of(output, "broken"), problem))


if __name__ == "__main__":
    sys.exit(main())
