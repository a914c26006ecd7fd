# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Test Anything Protocol for host side tests written in shell. Source it, call tap_ok, tap_not_ok,
# tap_run or tap_skip for each case, and tap_done last: the plan comes at the end, so that a test
# that dies half way has none and counts as failed.

tap_count=0
tap_failed=0

# tap_ok NAME
tap_ok()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

# tap_not_ok NAME [FILE]: FILE says why
tap_not_ok()
{
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	if [ -n "${2:-}" ] && [ -s "$2" ]; then
		head -n 40 "$2" | sed 's/^/# /'
	fi
}

# tap_skip NAME REASON
tap_skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# tap_run NAME COMMAND...: the case passes if COMMAND does
tap_run()
{
	tap_name=$1
	shift
	if "$@" >"$tap_dir/output" 2>&1; then
		tap_ok "$tap_name"
	else
		tap_not_ok "$tap_name" "$tap_dir/output"
	fi
}

# tap_need COMMAND-OR-FILE HOW: without it the whole file fails, and HOW says what to run
tap_need()
{
	if ! command -v "$1" >/dev/null && [ ! -e "$1" ]; then
		echo "Bail out! there is no $1: run '$2'"
		exit 1
	fi
}

tap_done()
{
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}

# A make that runs the tests is none of those that they run
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

# Scratch space of this test, gone at its end
tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/banyan-test.XXXXXX")
trap 'rm -rf "$tap_dir"' EXIT
trap 'exit 130' INT TERM
