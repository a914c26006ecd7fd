#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Figures beside QEMU's igb in the same VM
exec "$(dirname "$0")/../vm/run.py" --peer peers
