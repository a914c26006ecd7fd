#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The drivers' KUnit tests, in L1 with the debug kernel, as TAP.

KUnit reports KTAP: suites that hold cases that hold parameters. The cases make the flat list that
comes out here; a suite or a case that ran short of its plan is a failure of its own.

    kunit.t                    run banyan_kunit.ko of the lab's debug kernel
    kunit.t --results FILE     only turn KTAP into TAP

environment: BUILD
"""

import argparse
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BOOT_AND_RUN_SECONDS = 600
RESULTS = """
modprobe banyan_kunit || exit 1
for suite in /sys/kernel/debug/kunit/banyan_*; do
	cat $suite/results
done
"""

PLAN = re.compile(r"^( *)1\.\.(\d+)$")
RESULT = re.compile(r"^( *)(not ok|ok) \d+ -? ?([^#]*?)(?: *# *(.*))?$")
SUBTEST = re.compile(r"^( *)# Subtest: (\S+)$")
# KUnit indents a case by this much, its suite by nothing, its parameters by twice that
STEP = 4


def flatten(lines):
    """Cases of KTAP as (ok, name, directive, diagnostics)"""
    cases = []
    suite = None
    planned = found = 0
    notes = []
    for line in lines:
        plan, result, subtest = (p.match(line) for p in (PLAN, RESULT, SUBTEST))
        if subtest and len(subtest[1]) == STEP:
            suite, planned, found = subtest[2], None, 0
        elif plan and len(plan[1]) == STEP:
            planned = int(plan[2])
        elif result and len(result[1]) == STEP:
            found += 1
            cases.append((result[2] == "ok", f"{suite}.{result[3]}", result[4] or "", notes))
            notes = []
        elif result and len(result[1]) == 0:
            if planned != found:
                cases.append((False, f"{suite}: planned {planned}, ran {found}", "", []))
            elif result[2] != "ok" and all(case[0] for case in cases):
                cases.append((False, f"{suite}: failed as a whole", "", notes))
            suite, notes = None, []
        else:
            notes.append(line.strip())
    if suite is not None:
        cases.append((False, f"{suite}: no result", "", notes))
    return cases


def report(cases):
    print(f"1..{len(cases)}")
    for number, (passed, name, directive, notes) in enumerate(cases, 1):
        if not passed:
            for note in notes:
                print("#", note)
        suffix = f" # {directive}" if directive.upper().startswith("SKIP") else ""
        print(f"{'ok' if passed else 'not ok'} {number} - {name}{suffix}")
    return not cases or not all(case[0] for case in cases)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", metavar="FILE")
    args = parser.parse_args()
    if args.results:
        with open(args.results) as file:
            return report(flatten(file.read().splitlines()))
    lab = subprocess.run([f"{TOP}/tools/lab", "run", "--kernel", "debug", "--timeout",
                          str(BOOT_AND_RUN_SECONDS), "--", "sh", "-c", RESULTS],
                         stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    cases = flatten(lab.stdout.splitlines())
    if lab.returncode:
        cases.append((False, f"the lab ended with {lab.returncode}", "", []))
    elif not cases:
        cases.append((False, "no suite reported", "", []))
    return report(cases)


if __name__ == "__main__":
    sys.exit(main())
