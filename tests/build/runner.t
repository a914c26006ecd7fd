#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/run itself: it must not call a broken test passed.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
run=$here/../run
export BUILD=$tap_dir/build

# counts NAME "CLOSING LINE" STATUS SCRIPT: what tests/run makes of a test file that is SCRIPT
counts()
{
	local status=0

	printf '#!/bin/sh\n%s\n' "$4" >"$tap_dir/case.t"
	chmod 755 "$tap_dir/case.t"
	"$run" "$tap_dir/case.t@2" >"$tap_dir/output" 2>&1 || status=$?
	if [ "$status" -eq "$3" ] && [ "$(tail -n 1 "$tap_dir/output")" = "$2" ]; then
		tap_ok "$1"
	else
		echo "exit status $status, wanted $3 and: $2" >>"$tap_dir/output"
		tap_not_ok "$1" "$tap_dir/output"
	fi
}

counts "a passed case" "1 passed, 0 failed, 0 skipped" 0 "echo 1..1; echo ok 1 - a"
counts "a failed case" "1 passed, 1 failed, 0 skipped" 1 "echo 1..2; echo ok 1; echo not ok 2"
counts "a skip with its reason" "0 passed, 0 failed, 1 skipped" 0 "echo 1..1; echo 'ok 1 # SKIP why'"
counts "a skip without a reason" "0 passed, 1 failed, 0 skipped" 1 "echo 1..1; echo 'ok 1 # SKIP'"
counts "a file skipped with its reason" "0 passed, 0 failed, 1 skipped" 0 "echo '1..0 # SKIP why'"
counts "a file without any case" "0 passed, 1 failed, 0 skipped" 1 "echo 1..0"
counts "no output" "0 passed, 1 failed, 0 skipped" 1 ":"
counts "no plan" "1 passed, 1 failed, 0 skipped" 1 "echo ok 1"
counts "a short plan" "1 passed, 1 failed, 0 skipped" 1 "echo 1..2; echo ok 1"
counts "a case too many" "1 passed, 2 failed, 0 skipped" 1 "echo 1..1; echo ok 1; echo ok 2"
counts "an exit status" "1 passed, 1 failed, 0 skipped" 1 "echo 1..1; echo ok 1; exit 3"
counts "a signal" "1 passed, 1 failed, 0 skipped" 1 "echo 1..1; echo ok 1; kill -9 \$\$"
counts "a time limit" "1 passed, 1 failed, 0 skipped" 1 "echo 1..1; echo ok 1; sleep 60"
counts "a bail-out" "1 passed, 1 failed, 0 skipped" 1 "echo 1..2; echo ok 1; echo 'Bail out! why'; exit 1"

# test_file NAME SCRIPT
test_file()
{
	printf '#!/bin/sh\n%s\n' "$2" >"$tap_dir/$1"
	chmod 755 "$tap_dir/$1"
}

# Side by side or not: what bails out keeps nobody else from running to the end
test_file bails.t "echo 1..2; echo 'Bail out! no more dilithium'"
test_file runs.t "echo 1..1; sleep 0.5; echo '# FIGURE warp factor: 9.9 c'; echo ok 1"
for jobs in 1 2; do
	"$run" --jobs $jobs "$tap_dir/bails.t" "$tap_dir/runs.t" >"$tap_dir/report" 2>&1
	tap_run "a bail-out of one file, $jobs side by side" sh -c "cat '$tap_dir/report' &&
		grep -q 'bails: bailed out: no more dilithium' '$tap_dir/report' &&
		tail -n 1 '$tap_dir/report' | grep -qx '1 passed, 1 failed, 0 skipped'"
done
tap_run "figures are listed" sh -c \
	"grep -A 1 '^Figures:$' '$tap_dir/report' | grep -x '  .*runs: warp factor: 9.9 c'"
tap_run "the time is told" grep -Ex 'All of it took [0-9]+ min [0-9]+ s' "$tap_dir/report"

# Where nothing was built, nothing passes or is skipped
for level in qtest/stock-10.0 tools/bnyctl abi/offsets; do
	env -u KDIR BUILD="$tap_dir/empty" \
		"$run" --logs "$tap_dir" "$here/../$level.t" >"$tap_dir/report" 2>&1
	tap_run "$level without what it needs" sh -c "cat '$tap_dir/report' &&
		grep -q \"bailed out: there is no .*: run 'make \" '$tap_dir/report' &&
		tail -n 1 '$tap_dir/report' | grep -qx '0 passed, 1 failed, 0 skipped'"
done

# The first waits for what the last one does, which runs when the second has ended
mkdir "$tap_dir/jobs"
cat >"$tap_dir/jobs/1.t" <<END
#!/bin/sh
echo 1..1
until [ -e "$tap_dir/jobs/done" ]; do sleep 0.1; done
echo ok 1
END
printf '#!/bin/sh\necho 1..1\nsleep 0.5\necho ok 1\n' >"$tap_dir/jobs/2.t"
printf '#!/bin/sh\necho 1..1\ntouch "%s"\necho ok 1\n' "$tap_dir/jobs/done" >"$tap_dir/jobs/3.t"
chmod 755 "$tap_dir"/jobs/*.t
if "$run" --time-limit 10 --jobs 2 "$tap_dir"/jobs/*.t >"$tap_dir/output" 2>&1; then
	tap_ok "a quiet file doesn't hold up the others"
else
	tap_not_ok "a quiet file doesn't hold up the others" "$tap_dir/output"
fi

"$run" "$tap_dir/nonexistent.t" >"$tap_dir/output" 2>&1 && status=0 || status=$?
if [ "$status" -ne 0 ] && grep -q "no such test" "$tap_dir/output"; then
	tap_ok "a file that isn't there"
else
	tap_not_ok "a file that isn't there" "$tap_dir/output"
fi

tap_done
