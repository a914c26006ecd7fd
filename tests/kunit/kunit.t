#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The drivers' KUnit tests, in one L1 with the debug kernel, as TAP: first as they are; then the drivers
are broken by each patch in red/, and the case that the patch's "Must fail:" line names has to fail. The case
kmemleak.unreferenced is the kernel's look for memory that a copy has lost.

environment: BUILD
"""

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
	for _ in 1 2; do echo scan >/sys/kernel/debug/kmemleak; sleep 5; done
	cat /sys/kernel/debug/kmemleak
	echo clear >/sys/kernel/debug/kmemleak
}
modprobe banyan_kunit || exit 1
results unbroken
rmmod banyan_kunit banyanvf banyan banyan_core || exit 1
leaks unbroken
dmesg >/mnt/share/dmesg
for dir in /mnt/share/*/; do
	name=$(basename $dir)
	insmod $dir/banyan_core.ko && insmod $dir/banyan_kunit.ko || continue
	results $name
	rmmod banyan_kunit banyan_core
	[ $name != leak ] || leaks $name
done
echo "== end"
"""


def build(tree, share, name):
    """Build in @tree, put the modules into share/@name; the compiler's words, if it failed"""
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(["make", "-C", f"{BUILD}/kernel/debug", f"M={tree}", f"-j{os.cpu_count()}",
                           "CONFIG_BANYAN=", "CONFIG_BANYANVF=", "modules"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
    if done.returncode:
        return done.stdout
    os.mkdir(f"{share}/{name}")
    for module in MODULES:
        shutil.copy(f"{tree}/{module}", f"{share}/{name}")
    return ""


def patch(tree, name, *options):
    return subprocess.run(["patch", "-s", "-p1", "-d", tree, "-i", f"{HERE}/red/{name}.patch", *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def build_all(tree, share, names):
    """Why a patch could not be tried, by its name"""
    problems = {}
    for name in names:
        applied = patch(tree, name)
        problems[name] = applied.stdout if applied.returncode else build(tree, share, name)
        if not applied.returncode:
            patch(tree, name, "-R")
    return problems


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
    with open(f"{HERE}/red/{name}.patch") as file:
        return re.search(r"^Must fail: (\S+) (\S+)$", file.read(), re.M).expand(r"\1.\2")


def leak_case(output, name):
    lines = output.get(f"leaks {name}", ["nobody looked for leaks"])
    return (not lines, "kmemleak.unreferenced", "", lines[:30])


def red_case(name, cases, problem):
    """Whether the patch turned its case red"""
    failed = [case for passed, case, _, _ in cases if not passed]
    notes = problem.splitlines()[-30:] or ["failed: " + (", ".join(failed) or "none")]
    return must_fail(name) in failed, f"{name} turns {must_fail(name)} red", "", notes


def main():
    names = sorted(file.removesuffix(".patch") for file in os.listdir(f"{HERE}/red"))
    # Kept from run to run: only what a patch touches is built again
    tree = f"{BUILD}/kernel/kunit-tree"
    subprocess.run([f"{TOP}/scripts/modules.sh", "--copy", tree], check=True)
    with tempfile.TemporaryDirectory() as share:
        problems = build_all(tree, share, names)
        output = run_all(share)
        splat = vm.find_splat(f"{share}/dmesg")
    cases = ktap.flatten(output.get("unbroken", []))
    if not cases:
        cases = [(False, "the drivers as they are", "", ["no results"])]
    cases.append(leak_case(output, "unbroken"))
    if splat:
        cases.append((False, "the kernel complained", "", [splat[0]]))
    if "end" not in output:
        cases.append((False, "the lab did not come to the end", "", []))
    for name in names:
        broken = ktap.flatten(output.get(name, []))
        if f"leaks {name}" in output:
            broken.append(leak_case(output, name))
        cases.append(red_case(name, broken, problems[name]))
    return ktap.report(cases)


if __name__ == "__main__":
    sys.exit(main())
