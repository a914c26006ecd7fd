#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The chain once more, down to a VF in L2, with the device in the other QEMU that it is made for
build=${BUILD:-$(dirname "$0")/../../build}
QEMU=$build/qemu/11.1/stock/usr/bin/qemu-system-x86_64 exec "$(dirname "$0")/run.py" chain nested
