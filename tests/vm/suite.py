#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the VM tests' cases inside L1 and prints KTAP.

    suite.py GROUP... [--only CASE]... [--skip N]

A GROUP is a module cases_GROUP.py; its functions case_*, in the order they are written, are the cases. After a
case fails, those behind it are reported as `SKIP fresh VM`: the host side (run.py) runs them in one, with --skip N.
"""

import argparse
import functools
import importlib
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import ksft  # noqa: E402
from ksft import KsftSkipEx, ksft_run  # noqa: E402
import harness  # noqa: E402

FRESH_VM = "fresh VM"
CASE_SECONDS = 60


def guarded(case):
    """The case with its time limit, its clean-up and the check that it left nothing behind."""

    @functools.wraps(case)
    def run():
        if not ksft.results_ok():
            raise KsftSkipEx(FRESH_VM)
        print(f"# CASE {case.__name__}", flush=True)
        leftovers = harness.Leftovers()
        start = time.monotonic()
        try:
            with harness.time_limit(getattr(case, "seconds", CASE_SECONDS) * harness.SLOW):
                case()
        finally:
            ksft.ksft_flush_defer()
            sys.stdout.flush()
        leftovers.check()
        print(f"# SECONDS {time.monotonic() - start:.1f}", flush=True)

    return run


def cases_of(group):
    module = importlib.import_module(f"cases_{group}")
    cases = [f for name, f in vars(module).items() if name.startswith("case_") and callable(f)]
    return sorted(cases, key=lambda f: f.__code__.co_firstlineno)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="+", metavar="GROUP")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="leave out the first N cases")
    parser.add_argument("--only", action="append", default=[], metavar="CASE", help="this case; may be repeated")
    args = parser.parse_args()
    # The library has options of its own
    del sys.argv[1:]

    cases = [case for group in args.groups for case in cases_of(group)
             if not args.only or case.__name__.removeprefix("case_") in args.only]
    sys.stdout.reconfigure(line_buffering=True)
    ksft_run([guarded(case) for case in cases[args.skip:]])
    ksft.ksft_exit()


if __name__ == "__main__":
    main()
