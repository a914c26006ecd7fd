#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A VF in a nested guest
exec "$(dirname "$0")/../vm/run.py" nested
