#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/step: what is shown of a long step that fails, and that one which was killed isn't taken for
# finished.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
log=$tap_dir/logs/digging.log

# step COMMAND...: its exit status is in $status, what it shows in $tap_dir/report
step()
{
	status=0
	"$top/scripts/step" "digging" "$log" -- "$@" >"$tap_dir/report" 2>&1 || status=$?
}

step sh -c 'seq 50; echo "out of dirt" >&2; exit 7'
tap_run "the exit status is the command's" test "$status" -eq 7
tap_run "the log's end is shown" grep -qx '  | out of dirt' "$tap_dir/report"
tap_run "and not its beginning" sh -c "! grep -x '  | 1' '$tap_dir/report'"
tap_run "the log's path is shown" \
	grep -Eqx "digging: failed after [0-9]+ s \(exit status 7\); log: $log" "$tap_dir/report"
tap_run "the whole output is in the log" sh -c "[ \$(wc -l <'$log') -eq 51 ]"

step true
tap_run "success is one line" grep -Eqx 'digging: done, [0-9]+ s' "$tap_dir/report"
tap_run "and status 0" test "$status" -eq 0

# A kernel tree, as far as scripts/modules.sh looks at it, whose build says that it runs, and goes on
kernel=$tap_dir/kernel
mkdir -p "$kernel/include/config"
echo 6.12.1-test >"$kernel/include/config/kernel.release"
printf 'modules:\n\ttouch %s; exec sleep 100\n' "$tap_dir/runs" >"$kernel/Makefile"
build=(env -u KDIR BUILD="$tap_dir/build" "$top/scripts/modules.sh" distro "$kernel")

"${build[@]}" >"$tap_dir/report" 2>&1 &
for _ in $(seq 600); do
	[ ! -e "$tap_dir/runs" ] || break
	sleep 0.1
done
kill -KILL "$!"
wait "$!" 2>/dev/null
tap_run "a step that was killed had begun" test -e "$tap_dir/runs"
tap_run "and isn't stamped" test ! -e "$tap_dir/build/stamps/modules-distro"
printf 'modules:\n\ttouch %s\n' "$tap_dir/again" >"$kernel/Makefile"
tap_run "it runs anew" "${build[@]}"
tap_run "to its end" test -e "$tap_dir/again" -a -e "$tap_dir/build/stamps/modules-distro"

tap_done
