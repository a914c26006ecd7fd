#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# All breaks of the sources (docs/testing.md, "Breaks"); make check tries ten.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
if "$here/../mutants/run.py" >"$tap_dir/all" 2>&1; then
	tap_ok "the tests notice the breaks of the sources"
else
	# what isn't as it should be stands behind the trials
	grep -Ev '^\[[0-9]+/[0-9]+\] (killed|allowed): ' "$tap_dir/all" >"$tap_dir/wrong"
	tap_not_ok "the tests notice the breaks of the sources" "$tap_dir/wrong"
fi
echo "# $(tail -n 1 "$tap_dir/all")"
tap_done
