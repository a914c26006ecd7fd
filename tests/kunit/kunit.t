#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The drivers' KUnit tests, in one L1 with the debug kernel, as TAP: first as they are; then the drivers
are broken by each patch in red/, and the case that the patch's "Must fail:" line names has to fail.

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
modprobe banyan_kunit || exit 1
results unbroken
rmmod banyan_kunit banyanvf banyan banyan_core || exit 1
dmesg >/mnt/share/dmesg
for dir in /mnt/share/*/; do
	insmod $dir/banyan_core.ko && insmod $dir/banyan_kunit.ko || continue
	results $(basename $dir)
	rmmod banyan_kunit banyan_core
done
echo "== end"
"""


def build(tree, share, name):
    """Build in @tree, put the modules into share/@name; the compiler's words, if it failed"""
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(["make", "-C", f"{BUILD}/kernel/debug", f"M={tree}", f"-j{os.cpu_count()}", "modules"],
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
    """KTAP lines by name. What is broken may well make the kernel complain, and with it the lab."""
    lab = subprocess.run([f"{TOP}/tools/lab", "run", "--kernel", "debug", "--share", share, "--timeout",
                          str(SECONDS), "--", "sh", "-c", RUN],
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


def red_case(name, lines, problem):
    """Whether the patch turned its case red"""
    failed = [case for passed, case, _, _ in ktap.flatten(lines) if not passed]
    notes = problem.splitlines()[-30:] or ["failed: " + (", ".join(failed) or "none")]
    return must_fail(name) in failed, f"{name} turns {must_fail(name)} red", "", notes


def main():
    names = sorted(file[:-len(".patch")] for file in os.listdir(f"{HERE}/red") if file.endswith(".patch"))
    with tempfile.TemporaryDirectory(prefix="banyan-test.") as scratch:
        tree, share = f"{scratch}/tree", f"{scratch}/share"
        os.mkdir(share)
        subprocess.run([f"{TOP}/scripts/modules.sh", "--copy", tree], check=True)
        problems = build_all(tree, share, names)
        output = run_all(share)
        splat = vm.find_splat(f"{share}/dmesg")
    cases = ktap.flatten(output.get("unbroken", []))
    if not cases:
        cases = [(False, "no suite reported", "", [])]
    if splat:
        cases.append((False, "the kernel complained", "", [splat[0]]))
    if "end" not in output:
        cases.append((False, "the lab did not come to the end", "", []))
    cases += [red_case(name, output.get(name, []), problems[name]) for name in names]
    return ktap.report(cases)


if __name__ == "__main__":
    sys.exit(main())
