#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The other cases again on the debug kernel: KASAN, lockdep, UBSAN, DMA_API_DEBUG and kmemleak look on. Two emulated
# CPUs that wait for each other take longer than one
exec "$(dirname "$0")/run.py" --kernel debug --smp 1 chain datapath ethtool tools
