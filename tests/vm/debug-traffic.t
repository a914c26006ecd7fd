#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# One half of the cases again on the debug kernel: KASAN, lockdep, UBSAN, DMA_API_DEBUG and kmemleak look on
exec "$(dirname "$0")/run.py" --kernel debug chain datapath hostile
