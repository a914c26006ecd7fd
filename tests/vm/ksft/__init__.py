# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's selftest library for Python, or the part of it that needs no kernel tree.

ksft.py, utils.py, netns.py and consts.py come from tools/testing/selftests/net/lib/py of the kernel's source tree; they
are put beside this file when the tests are staged, unchanged.
"""

from . import ksft as _library
from .ksft import *  # noqa: F401,F403
from .netns import NetNS  # noqa: F401
from .utils import *  # noqa: F401,F403


def results_ok():
    """Whether every case so far has passed."""
    return _library.KSFT_RESULT_ALL
