#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The drivers and the device in L1, on the distribution's kernel
exec "$(dirname "$0")/run.py" chain ethtool datapath policy clients hostile tools recovery outage reconfigure
