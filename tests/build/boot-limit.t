#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A guest that doesn't come up: when the lab gives up, and what it says. The guest is a shell."""

import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)) + "/../../lab")
sys.dont_write_bytecode = True

import vm  # noqa: E402


def refusal(script, limit):
    """What wait_ready() has to say of a guest that runs @script; $console is its console"""
    with tempfile.TemporaryDirectory() as logdir:
        machine = vm.Machine("L9", lambda _: ["sh", "-c", f"console={logdir}/console.log; {script}"], logdir)
        try:
            machine.wait_ready(limit)
        except vm.LabError as error:
            return str(error)
        finally:
            machine.stop()
    return "none"


boots = "echo '[    0.5] early' >$console; echo '[    1.0] Mounting' >>$console; exec sleep 60"
cases = (
    ("the limit is as usual", vm.boot_limit(180, 5), 180),
    ("a command that may take longer gives its time to the boot", vm.boot_limit(180, 1000), 1000),
    ("without a limit, there is none for the boot", vm.boot_limit(180, 0), 0),
    ("it says how far the boot got", refusal(boots, 0.5),
     "L9 was not up within 0.5 s; it got as far as: [    1.0] Mounting"),
    ("or that nothing was said", refusal("exec sleep 60", 0.5), "L9 was not up within 0.5 s; it has said nothing yet"),
)
print(f"1..{len(cases)}")
for number, (name, found, wanted) in enumerate(cases, 1):
    print(f"{'ok' if found == wanted else 'not ok'} {number} - {name}")
    if found != wanted:
        print(f"# {found!r}, wanted {wanted!r}")
