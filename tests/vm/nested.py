# SPDX-License-Identifier: GPL-2.0-only
"""L2: a nested guest that owns a VF, and a script that runs in it."""

import os
import shlex
import signal
import subprocess

from ksft import defer
from harness import PF_BDF, SLOW, execute

L2_ADDR = "10.77.0.252"
L2_SECONDS = 90

# In L2: its VF, with an address
SET_UP = f'ip addr add {L2_ADDR}/24 dev "$BANYAN_PF_NETDEV"; ip link set "$BANYAN_PF_NETDEV" up'


# In L2: iperf3's server, in the background, and the wait for it
LISTEN = "iperf3 -s -D; until ss -ltn | grep -q :5201; do sleep 0.1; done"


def l2_command(script, vf=0, nic="vfio", seconds=L2_SECONDS, pf=PF_BDF):
    return (f"BANYAN_PF_BDF={pf} tenant run --vf {vf} --nic {nic} --timeout {seconds * SLOW} -- "
            f"sh -c {shlex.quote(script)}")


def l2(script, fail=True, **kwargs):
    """Run a script in a fresh L2 that owns a VF; the command with its output."""
    return execute(l2_command(script, **kwargs), L2_SECONDS + 30, fail)


class Tenant:
    """An L2 that runs a script in the background; ended with the case."""

    def __init__(self, script, **kwargs):
        self.proc = subprocess.Popen(l2_command(script, **kwargs), shell=True, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, text=True, start_new_session=True)
        defer(self.end)

    def wait_line(self, text):
        """Read its output up to a line that holds `text`."""
        for line in self.proc.stdout:
            if text in line:
                return line
        raise AssertionError(f"L2 ended without saying {text!r}")

    def end(self):
        if self.proc.poll() is None:
            os.killpg(self.proc.pid, signal.SIGINT)
        self.proc.communicate(timeout=20 * SLOW)
