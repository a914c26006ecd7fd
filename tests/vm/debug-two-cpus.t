#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The cases about work that crosses with other work, again on the debug kernel and two CPUs
exec "$(dirname "$0")/run.py" --kernel debug policy hostile recovery outage reconfigure
