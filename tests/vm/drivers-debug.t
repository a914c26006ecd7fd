#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Bringing up, talking and taking down once more on the debug kernel, with KASAN, lockdep, UBSAN, DMA_API_DEBUG and
# kmemleak looking on
exec "$(dirname "$0")/run.py" --kernel debug chain
