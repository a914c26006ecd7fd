#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The other half of the cases again on the debug kernel, in a VM beside that of debug-traffic.t
exec "$(dirname "$0")/run.py" --kernel debug ethtool tools recovery
