#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The qtests as TAP: each case in a process of its own, so that one that fails stops no other.
A few run side by side, since most of their time goes into waiting for each other's answers.

environment: BUILD (where tests/qtest/banyan-qtest was built), QTEST_QEMU_BINARY (default
$BUILD/qemu/qemu-system-x86_64), QTEST_CASE_SECONDS (limit of a case, default 120)

usage: banyan.t [PREFIX...]    only cases whose name starts so, such as veb or error/tx
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

SIDE_BY_SIDE = 4
HERE = pathlib.Path(__file__).resolve().parent
PREFIX = "/banyan/"


def run(binary, path, limit):
    """A case's result: "ok", "skip" or "not ok", and why or what it measured."""
    try:
        done = subprocess.run([binary, "--tap", "-p", path], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit,
                              text=True, errors="replace")
    except subprocess.TimeoutExpired as expired:
        output = expired.stdout or b""
        return "not ok", f"no end after {limit} s\n" + output.decode(errors="replace")
    results = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "not ok "))]
    # A case that wasn't found ends with status 0 too: exactly one result is to be there
    if done.returncode or len(results) != 1 or results[0].startswith("not "):
        return "not ok", f"exit status {done.returncode}\n{done.stdout}"
    if "# SKIP" in results[0]:
        return "skip", results[0].split("# SKIP", 1)[1].strip()
    return "ok", "\n".join(re.findall(r"# (FIGURE .*)", done.stdout))


def report(number, name, result, why):
    if result == "skip":
        print(f"ok {number} - {name} # SKIP {why}")
    else:
        print(f"{result} {number} - {name}")
        for line in why.splitlines()[-40:]:
            print(f"# {line[:300]}")
    sys.stdout.flush()


def main():
    build = pathlib.Path(os.environ.get("BUILD", HERE.parent.parent / "build")).resolve()
    binary = build / "tests/qtest/banyan-qtest"
    os.environ.setdefault("QTEST_QEMU_BINARY", str(build / "qemu/qemu-system-x86_64"))
    limit = int(os.environ.get("QTEST_CASE_SECONDS", "120"))

    for needed in (binary, pathlib.Path(os.environ["QTEST_QEMU_BINARY"])):
        if not needed.exists():
            print(f"Bail out! there is no {needed}: run 'make qtests'")
            sys.exit(1)

    listed = subprocess.run([binary, "-l"], capture_output=True, text=True, check=True)
    paths = [p for p in listed.stdout.split() if p.startswith(PREFIX)]
    if len(sys.argv) > 1:
        paths = [p for p in paths if p.startswith(tuple(PREFIX + a for a in sys.argv[1:]))]
    failed = False
    print(f"1..{len(paths)}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        results = pool.map(lambda path: run(binary, path, limit), paths)
        for number, (path, (result, why)) in enumerate(zip(paths, results), 1):
            report(number, path.removeprefix(PREFIX), result, why)
            failed |= result == "not ok"
    sys.exit(failed)


if __name__ == "__main__":
    main()
