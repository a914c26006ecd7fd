#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The object in a stock QEMU and the model built into a QEMU behave the same: they pass the same cases
# (stock-11.1.t, overlay.t), look the same from outside, and load what the other one has saved.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
export BUILD=${BUILD:-$top/build} ASAN_OPTIONS=detect_leaks=0
export QEMU=$BUILD/qemu/11.1/stock/usr/bin/qemu-system-x86_64
stock=$BUILD/device/bin/qemu-banyan
overlay=$BUILD/qemu/overlay/obj/qemu-system-x86_64
tap_need "$stock" "make device"
tap_need "$overlay" "make qemu"

# looks_same NAME PATTERN ARGUMENT...: what both say to these; there is PATTERN in it
looks_same()
{
	local name=$1 pattern=$2

	shift 2
	"$stock" "$@" >"$tap_dir/stock" 2>&1 </dev/null
	"$overlay" "$@" >"$tap_dir/overlay" 2>&1 </dev/null
	grep -e "$pattern" "$tap_dir/stock" >"$tap_dir/stock.lines"
	grep -e "$pattern" "$tap_dir/overlay" >"$tap_dir/overlay.lines"
	tap_run "$name" sh -c 'test -s "$1" && diff "$1" "$2"' sh "$tap_dir/stock.lines" "$tap_dir/overlay.lines"
}

looks_same "the same properties" '^  ' -device banyan,help
looks_same "the same trace events" '^bny_' -trace help

for way in "stock-11.1 overlay" "overlay stock-11.1"; do
	tap_run "state goes from ${way/ / into }" "$here/run.py" --qemu "${way% *}" --into "${way#* }" migration
done

tap_done
