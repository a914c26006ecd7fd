#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The qtests as TAP: each case in a process of its own, so that one that fails stops no other.
A few run side by side, since most of their time goes into waiting for each other's answers.

usage: run.py [--qemu stock-10.0|stock-11.1|overlay] [--into ...] [PREFIX...]

--qemu: the QEMU to test in: a stock binary of Debian's with the device model preloaded (default stock-10.0), or
one that the model was built into, with sanitizers. --into: the one that saved state is loaded into, if it is
another. PREFIX: only cases whose name starts so, such as veb or error/tx.

environment: BUILD (where all is built), QTEST_CASE_SECONDS (limit of a case, default 120)
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

SIDE_BY_SIDE = 4
HERE = pathlib.Path(__file__).resolve().parent
PREFIX = "/banyan/"
QEMUS = ("stock-10.0", "stock-11.1", "overlay")


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


def qemu_command(build, name):
    """A shell's words that start that QEMU, and the program in them that has to be there"""
    if name == "overlay":
        program = build / "qemu/overlay/obj/qemu-system-x86_64"
        return str(program), program
    program = build / f"tests/qtest/{name}/bin/qemu-banyan"
    stock = build / f"qemu/{name.removeprefix('stock-')}/stock/usr/bin/qemu-system-x86_64"
    return f"env QEMU={stock} {program}", program


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qemu", choices=QEMUS, default=QEMUS[0])
    parser.add_argument("--into", choices=QEMUS)
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX")
    args = parser.parse_args()
    build = pathlib.Path(os.environ.get("BUILD", HERE.parent.parent / "build")).resolve()
    binary = build / "tests/qtest/banyan-qtest"
    limit = int(os.environ.get("QTEST_CASE_SECONDS", "120"))

    # a fault ends the QEMU that has it, and with that the case
    os.environ["LSAN_OPTIONS"] = f"suppressions={HERE}/lsan.supp:print_suppressions=0"
    os.environ["UBSAN_OPTIONS"] = "halt_on_error=1:print_stacktrace=1"
    needed = [binary]
    for variable, name in (("QTEST_QEMU_BINARY", args.qemu), ("QTEST_QEMU_BINARY_INTO", args.into or args.qemu)):
        os.environ[variable], program = qemu_command(build, name)
        needed.append(program)
    for path in needed:
        if not path.exists():
            goal = "qemu" if "overlay" in path.parts else "qtests"
            print(f"Bail out! there is no {path}: run 'make {goal}'")
            sys.exit(1)

    listed = subprocess.run([binary, "-l"], capture_output=True, text=True, check=True)
    paths = [p for p in listed.stdout.split() if p.startswith(PREFIX)]
    if args.qemu == "overlay":
        # what it measures with an allocator of its own, sanitizers measure with theirs
        paths.remove(PREFIX + "memory/idle-vfs")
    if args.prefixes:
        paths = [p for p in paths if p.startswith(tuple(PREFIX + a for a in args.prefixes))]
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
