#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Breaks the sources in one line at a time, and sees whether the tests notice.

usage: run.py [--jobs N] [--sample N] [WORD...]

The breaks stand in lists beside the sources (mutants.py); each names the case that is to fail. If that passes, its
whole level is run. --sample: so many of them, spread evenly, as TAP. WORD: only breaks with such a word in their
file, title or test.

Exit status 1: a list doesn't fit sources or tests, a break doesn't compile, it is another case that fails than
the one named, a break survives without a reason, or more than 3 in 100 survive. A case that crashes or comes to no
end has failed, but only the one that is named may.

environment: BUILD, where 'make qtests' has been
"""

import argparse
import collections
import concurrent.futures
import fcntl
import filecmp
import os
import pathlib
import queue
import shutil
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import levels  # noqa: E402
import mutants  # noqa: E402

SURVIVE_PERCENT = 3
SOURCES = ("include", "qemu-device", "common", "pf", "tests/unit", "tests/kunit", "tests/mutants/native")
# A case may take so much longer than without the break
SLOWER = 8
SECONDS_MIN = 30
SECONDS_MAX = 180

Result = collections.namedtuple("Result", "verdict text seconds")
# Verdicts in the order of the summary; those that are as they should be
GOOD = ("killed", "allowed")
VERDICTS = {
    "killed": "killed",
    "allowed": "survive, with a reason",
    "survived": "SURVIVE",
    "elsewhere": "killed by another case than the one named",
    "needless": "killed, though they are said to survive",
    "broken": "couldn't be tried",
}


class Copy:
    """A copy of the sources, where one worker breaks them; @base is what it goes back to"""

    def __init__(self, where, base, kinds):
        self.where = where
        self.base = base
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(base, where, symlinks=True)
        # what was built of what: of this copy's files
        for path in (where / "build").rglob("*.d"):
            path.write_text(path.read_text().replace(f"{base}/", f"{where}/"))
        self.built = [path.relative_to(base) for path in (base / "build").rglob("*")
                      if path.is_file() and path.suffix != ".d"]
        for kind in kinds.values():
            kind.settle(where)

    def apply(self, mutant):
        """Write the broken file"""
        path = self.where / mutant.file
        text = mutant.apply(path.read_text())
        path.unlink()
        path.write_text(text)

    def changed(self):
        """What has been built anew"""
        return [name for name in self.built if not (self.where / name).exists() or
                (self.where / name).stat().st_mtime_ns != (self.base / name).stat().st_mtime_ns]

    def restore(self, mutant):
        """What was built goes first, or else a broken object could look new"""
        for name in self.changed():
            (self.where / name).unlink(missing_ok=True)
            shutil.copy2(self.base / name, self.where / name)
        (self.where / mutant.file).unlink()
        shutil.copy2(self.base / mutant.file, self.where / mutant.file)


class Trial:
    def __init__(self, kinds, cases):
        self.kinds = kinds
        self.cases = cases
        self.took = {}      # (level, case): seconds without a break, None if it fails

    def case(self, copy, level, case, limit):
        """None if the case passes; else how it doesn't"""
        status, output = self.kinds[level].run(copy.where, case, limit)
        if status is None:
            return f"no end after {limit:.0f} s"
        if levels.passes(status, output):
            return None
        # an assertion of GLib's ends the test by a signal of its own
        return "crashes" if levels.crashed(status, output) else "fails"

    def measure(self, copy, level, case):
        if (level, case) not in self.took:
            start = time.monotonic()
            failed = self.case(copy, level, case, SECONDS_MAX)
            self.took[level, case] = None if failed else time.monotonic() - start
        return self.took[level, case]

    def whole_level(self, copy, level, first):
        """The first case that fails; a crash or a hang doesn't count here. Neighbours of @first come first"""
        group = first.split("/")[0]
        cases = sorted((case for case in self.cases[level] if case != first),
                       key=lambda case: case.split("/")[0] != group)
        self.kinds[level].build(copy.where)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            waiting = [(case, pool.submit(self.case, copy, level, case, SECONDS_MAX)) for case in cases]
            for case, future in waiting:
                if future.result() == "fails":
                    pool.shutdown(wait=True, cancel_futures=True)
                    return f"{level} {case}"
        return None

    def try_out(self, copy, mutant):
        """Verdict and a text for it"""
        level = mutant.level or next(name for name, kind in self.kinds.items()
                                     if mutant.file.split("/")[0] in kind.directories)
        if mutant.level:
            took = self.measure(copy, level, mutant.case)
            if took is None:
                return "broken", f"{mutant.test} fails without any break"
        copy.apply(mutant)
        try:
            self.kinds[level].build(copy.where, mutant.case if mutant.level else None)
            if not copy.changed():
                return "broken", f"nothing of {level} is built from that file"
            if mutant.level:
                limit = min(max(SECONDS_MIN, SLOWER * took), SECONDS_MAX)
                how = self.case(copy, level, mutant.case, limit)
                if how:
                    return "killed", f"{mutant.test} {how}"
            other = self.whole_level(copy, level, mutant.case)
        except levels.BuildFailed as failed:
            return "broken", f"it doesn't compile:\n{failed}"
        finally:
            copy.restore(mutant)
        if not mutant.level:
            return ("needless", f"{other} notices it") if other else ("allowed", mutant.case)
        if other:
            return "elsewhere", f"{mutant.test} passes, {other} notices it"
        return "survived", f"{mutant.test} passes, and all others of its level"


def synchronise(top, base):
    """Make base the sources; only what has changed is new to make"""
    wanted = set()
    for name in SOURCES:
        for path in (top / name).rglob("*"):
            if path.is_file():
                wanted.add(path.relative_to(top))
    for path in [path for path in base.rglob("*") if path.is_file()]:
        name = path.relative_to(base)
        if name.parts[0] != "build" and name not in wanted:
            path.unlink()
    for name in wanted:
        if not (base / name).exists() or not filecmp.cmp(top / name, base / name, shallow=False):
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(top / name, base / name)


def check_tests(found, cases):
    wrong = [f"{mutant.place}: there is no case '{mutant.test}'" for mutant in found
             if mutant.level and mutant.case not in cases.get(mutant.level, ())]
    if wrong:
        raise mutants.Stale("\n".join(wrong))


def try_all(found, trial, copies, tell):
    idle = queue.SimpleQueue()
    for copy in copies:
        idle.put(copy)

    def one(mutant):
        copy = idle.get()
        start = time.monotonic()
        try:
            verdict, text = trial.try_out(copy, mutant)
        finally:
            idle.put(copy)
        return Result(verdict, text, time.monotonic() - start)

    results = {}
    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        waiting = {pool.submit(one, mutant): mutant for mutant in found}
        for done in concurrent.futures.as_completed(waiting):
            results[waiting[done].place] = done.result()
            tell(len(results), waiting[done], done.result())
    return results


def tell_line(total):
    def tell(number, mutant, result):
        word = result.verdict if result.verdict in GOOD else result.verdict.upper()
        print(f"[{number}/{total}] {word}: {mutant.name}; {result.text} ({result.seconds:.0f} s)", flush=True)
    return tell


def tell_tap(number, mutant, result):
    print(f"{'ok' if result.verdict in GOOD else 'not ok'} {number} - {mutant.name} ({mutant.test})")
    for line in result.text.splitlines():
        print(f"# {line}")
    sys.stdout.flush()


def summary(found, results):
    """Prints it; is all as it should be?"""
    counts = collections.Counter(result.verdict for result in results.values())
    for verdict, words in VERDICTS.items():
        if counts[verdict] and verdict != "killed":
            print(f"\n{counts[verdict]} {words}:")
            for mutant in found:
                if results[mutant.place].verdict == verdict:
                    print(f"  {mutant.place}: {mutant.what}\n    {results[mutant.place].text}")
    survivors = counts["allowed"] + counts["survived"]
    good = sum(counts[verdict] for verdict in GOOD) == len(found)
    if survivors * 100 > SURVIVE_PERCENT * len(found):
        print(f"\nMore than {SURVIVE_PERCENT} in 100 survive")
        good = False
    print(f"\n{len(found)} breaks: {counts['killed']} killed, {survivors} survived" +
          (f", {len(found) - counts['killed'] - survivors} to be looked at" if not good else ""))
    return good


def work(args, top, build):
    found = mutants.read_all(top)
    if args.sample:
        found = mutants.sample(found, args.sample)
    found = [mutant for mutant in found
             if not args.words or any(word in f"{mutant.name} {mutant.test}" for word in args.words)]
    if not found:
        raise mutants.Stale("no such break")

    used = {mutant.level or "qtest" for mutant in found}
    kinds = {name: kind(top, build) for name, kind in levels.LEVELS.items() if name in used}
    for kind in kinds.values():
        for path in kind.needed:
            if not path.exists():
                raise levels.BuildFailed(f"there is no {path}: run 'make qtests'")
    home = build / "tests/mutants"
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        base = home / "base"
        synchronise(top, base)
        for kind in kinds.values():
            kind.build(base)
        cases = {name: kind.cases(base) for name, kind in kinds.items()}
        check_tests(found, cases)
        if args.sample:
            print(f"1..{len(found)}", flush=True)
        copies = [Copy(home / f"copy-{i}", base, kinds) for i in range(min(args.jobs, len(found)))]
        trial = Trial(kinds, cases)
        results = try_all(found, trial, copies, tell_tap if args.sample else tell_line(len(found)))
    if args.sample:
        return all(result.verdict in GOOD for result in results.values())
    return summary(found, results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count()))
    parser.add_argument("--sample", type=int)
    parser.add_argument("words", nargs="*", metavar="WORD")
    args = parser.parse_args()
    top = mutants.top_of_tree()
    build = pathlib.Path(os.environ.get("BUILD") or top / "build").resolve()
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"):
        os.environ.pop(name, None)

    def interrupted(number, frame):
        levels.end_all()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        return 0 if work(args, top, build) else 1
    except (mutants.Stale, levels.BuildFailed) as wrong:
        if args.sample:
            print("1..1\nnot ok 1 - the lists fit sources and tests, which build")
            print("\n".join(f"# {line}" for line in str(wrong).splitlines()))
        else:
            print(wrong, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
