#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer on the model's pure code, for FUZZ_SECONDS (default 600). make check runs a fixed number of inputs.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
tap_run "libFuzzer finds nothing in ${FUZZ_SECONDS:=600} s" \
	make -s -C "$here/../unit" "BUILD=${BUILD:-$here/../../build}" "FUZZ_SECONDS=$FUZZ_SECONDS" fuzz
tap_done
