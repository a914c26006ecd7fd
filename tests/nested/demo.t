#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What 'make demo' shows: its six lines, the result and the exit status.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"

status=0
"$here/../../tools/demo" >"$tap_dir/demo" 2>&1 </dev/null || status=$?
[ "$status" -eq 0 ] || sed 's/^/# /' "$tap_dir/demo"

# How many exits of L1's KVM the packets cost
sed -n 's/^ \{13\}\(.* exits (.*\)/# FIGURE L2 receive: \1/p' "$tap_dir/demo"
for line in 1 2 3 4 5 6; do
	tap_run "line $line" grep "^ $line  PASS " "$tap_dir/demo"
done
tap_run "the last line" sh -c "tail -n 1 '$tap_dir/demo' | grep -x 'RESULT: PASS'"
tap_run "exit status $status" [ "$status" -eq 0 ]
tap_done
