# SPDX-License-Identifier: GPL-2.0-only
"""KUnit's results (KTAP: suites that hold cases that hold parameters) as a flat list of cases."""

import re

PLAN = re.compile(r"^( *)1\.\.(\d+)$")
RESULT = re.compile(r"^( *)(not ok|ok) \d+ -? ?([^#]*?)(?: *# *(.*))?$")
SUBTEST = re.compile(r"^( *)# Subtest: (\S+)$")
# KUnit indents a case by this much, its suite by nothing, its parameters by twice that
STEP = 4


def flatten(lines):
    """Cases as (ok, name, directive, diagnostics). A suite or a case that ran short of its plan is a failure of its own."""
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
    """Print them as TAP. Returns the exit status."""
    print(f"1..{len(cases)}")
    for number, (passed, name, directive, notes) in enumerate(cases, 1):
        if not passed:
            for note in notes:
                print("#", note)
        suffix = f" # {directive}" if directive.upper().startswith("SKIP") else ""
        print(f"{'ok' if passed else 'not ok'} {number} - {name}{suffix}")
    return not cases or not all(case[0] for case in cases)
