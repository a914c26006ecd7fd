#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# All VM cases with the device in the other QEMU that it is made for; make check has some of them
here=$(dirname "$0")
build=${BUILD:-$here/../../build}
QEMU=$build/qemu/11.1/stock/usr/bin/qemu-system-x86_64 exec "$here/../vm/run.py" \
	chain ethtool datapath hostile tools recovery reconfigure nested
