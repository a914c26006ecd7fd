#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The KUnit tests notice when what they guard is broken: for each patch in red/, modules are built from a
patched copy of the drivers, and the case that its "Must fail:" line names must fail in them. All run in
one L1, one after the other, the modules without a patch last: these must pass.

environment: BUILD
"""

import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.environ.get("BUILD") or f"{TOP}/build")
MODULES = ("common/banyan_core.ko", "tests/kunit/banyan_kunit.ko")
SECONDS = 600
GREEN = "unpatched"
# What is in the guest belongs to the lab's own modules
RUN = f"""
rmmod banyanvf banyan banyan_core 2>/dev/null
for dir in /mnt/share/*/; do
	echo "== $(basename $dir)"
	insmod $dir/banyan_core.ko && insmod $dir/banyan_kunit.ko || continue
	cat /sys/kernel/debug/kunit/banyan_*/results
	rmmod banyan_kunit banyan_core
done
"""


def load_flatten():
    """From the script that runs the tests as they are"""
    loader = importlib.machinery.SourceFileLoader("kunit_t", f"{HERE}/kunit.t")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("kunit_t", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module.flatten


def build(tree, share, name):
    """Build in @tree, put the modules into share/@name; the compiler's words, if it has any"""
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(["make", "-C", f"{BUILD}/kernel/debug", f"M={tree}", f"-j{os.cpu_count()}",
                           "modules"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
    if done.returncode:
        return done.stdout
    os.mkdir(f"{share}/{name}")
    for module in MODULES:
        shutil.copy(f"{tree}/{module}", f"{share}/{name}")
    return None


def patch(tree, file, *options):
    return subprocess.run(["patch", "-s", "-p1", "-d", tree, "-i", file, *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def build_all(tree, share, names):
    """Reasons why patches could not be tried, by name"""
    problems = {}
    for name in names:
        file = f"{HERE}/red/{name}.patch"
        applied = patch(tree, file)
        if applied.returncode:
            problems[name] = applied.stdout
            continue
        words = build(tree, share, name)
        if words:
            problems[name] = words
        patch(tree, file, "-R")
    words = build(tree, share, GREEN)
    if words:
        problems[GREEN] = words
    return problems


def run_all(share):
    """KTAP lines by name"""
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


def main():
    flatten = load_flatten()
    names = sorted(file[:-len(".patch")] for file in os.listdir(f"{HERE}/red") if file.endswith(".patch"))
    print(f"1..{len(names) + 1}", flush=True)
    with tempfile.TemporaryDirectory(prefix="banyan-test.") as scratch:
        tree, share = f"{scratch}/tree", f"{scratch}/share"
        os.mkdir(share)
        subprocess.run([f"{TOP}/scripts/modules.sh", "--copy", tree], check=True)
        problems = build_all(tree, share, names)
        output = run_all(share)
    passed = True
    for number, name in enumerate(names + [GREEN], 1):
        failed = [case for ok, case, _, _ in flatten(output.get(name, [])) if not ok]
        if name == GREEN:
            good = name in output and bool(output[name]) and not failed
            what = "without a patch, all cases pass"
        else:
            good = must_fail(name) in failed
            what = f"{name} turns {must_fail(name)} red"
        passed &= good
        if not good:
            for line in problems.get(name, "failed: " + (", ".join(failed) or "none")).splitlines()[-30:]:
                print("#", line)
        print(f"{'ok' if good else 'not ok'} {number} - {what}", flush=True)
    return not passed


if __name__ == "__main__":
    sys.exit(main())
