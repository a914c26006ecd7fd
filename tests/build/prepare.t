#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is said at the end when set-up fails: the reason, and nothing after it; what ran beside it is ended.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
unset BUILD
tap_need pgrep "make setup"

# fails NAME LINE COMMAND...: does so within 15 s; the line "last" from the end is that regular expression
fails()
{
	local name=$1 closing=$2

	shift 2
	SECONDS=0
	if "$@" >"$tap_dir/output" 2>&1 </dev/null; then
		echo "exit status 0" >>"$tap_dir/output"
	elif tail -n "$last" "$tap_dir/output" | head -n 1 | grep -Eqx -- "$closing" && [ $SECONDS -lt 15 ]; then
		tap_ok "$name"
		return
	fi
	echo "after $SECONDS s, wanted: $closing" >>"$tap_dir/output"
	tap_not_ok "$name" "$tap_dir/output"
}

# make itself has the last word
last=2
fails "a demo that can't be set up ends with its result" \
	"RESULT: FAIL \(setup: cannot write to /proc/banyan: choose a place with BUILD=\)" \
	make --no-print-directory -C "$top" demo BUILD=/proc/banyan

cat >"$tap_dir/Makefile" <<END
all:
	@\$(MAKE) -j2 slow broken
slow:
	@echo begun >begun; $top/scripts/step slow "$tap_dir/logs/slow.log" -- sleep 60.125
broken:
	@until [ -e begun ]; do sleep 0.1; done; $top/scripts/step broken "$tap_dir/logs/broken.log" -- false
quiet:
	@false
fine:
	@echo a warning >&2; echo output
END
cd "$tap_dir" || exit
last=1
fails "the reason of what fails is the last line, what ran beside it is ended" \
	"broken: failed after . s \(exit status 1\); log: $tap_dir/logs/broken.log" "$top/scripts/prepare" all
tap_run "nothing of it runs on" sh -c '! pgrep -f "^sleep 60.125$"'
# Only prepare itself is told to end, as by a make that is
"$top/scripts/prepare" slow >"$tap_dir/output" 2>&1 &
tap_run "what is to be ended runs" timeout 10 sh -c 'until pgrep -f "^sleep 60.125$"; do sleep 0.1; done'
kill -TERM $!
wait $! 2>"$tap_dir/output"
tap_run "it takes along what runs when it is ended" \
	timeout 10 sh -c 'while pgrep -f "^sleep 60.125$"; do sleep 0.2; done'
fails "with a hint" "RESULT: broken: failed after . s \(exit status 1\): what to do; log: .*" \
	env STEP_HINT="what to do" "$top/scripts/prepare" all "RESULT: %s"
fails "what says nothing is named at least" 'make: \*\*\* \[Makefile:.*: quiet\] Error 1' \
	"$top/scripts/prepare" quiet
"$top/scripts/prepare" fine "FAIL %s" >"$tap_dir/stdout" 2>"$tap_dir/stderr"
tap_run "success says nothing of its own" sh -c \
	"[ $? = 0 ] && [ \"\$(cat '$tap_dir/stdout')\" = output ] && [ \"\$(cat '$tap_dir/stderr')\" = 'a warning' ]"

tap_done
