#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The unit tests notice when what they guard is broken: each patch in red/ breaks a copy of the
# device model's pure code, and the case that its "Test:" line names must fail. A patch without a
# case's name makes a sanitizer end the program.

set -u
unset MAKEFLAGS MAKELEVEL
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$here/../..

cp -R "$top/include" "$top/qemu-device" "$tap_dir/"
mkdir "$tap_dir/tests"
cp -R "$here" "$tap_dir/tests/unit"

# build PROGRAM: the programs share one build tree, so only what a patch touches is built anew
build()
{
	make -s -j2 -C "$tap_dir/tests/unit" BUILD="$tap_dir/build" CFLAGS=-O0 TESTS="${1#test-}"
}

# goes_red PROGRAM CASE: build it, run it; success if it fails as expected
goes_red()
{
	build "$1" || return 1
	if "$tap_dir/build/tests/unit/$1" --tap ${2:+-p "$2"} >"$tap_dir/tap" 2>&1; then
		echo "$1 passes although the code is broken"
		return 1
	fi
	case "$2" in
	'') sign='AddressSanitizer\|runtime error' ;;
	*) sign="^not ok [0-9]* $2" ;;
	esac
	if ! grep -q "$sign" "$tap_dir/tap"; then
		echo "$1 fails, but without '$sign':"
		cat "$tap_dir/tap"
		return 1
	fi
}

for patch in "$here"/red/*.patch; do
	name=${patch##*/}
	program=$(sed -n 's/^Test: \([^ ]*\).*/\1/p' "$patch")
	case_name=$(sed -n 's/^Test: [^ ]* *//p' "$patch")
	if ! patch -s -d "$tap_dir" -p1 <"$patch" >"$tap_dir/output" 2>&1; then
		tap_not_ok "${name%.patch} applies" "$tap_dir/output"
		continue
	fi
	tap_run "${name%.patch} turns $program red" goes_red "$program" "$case_name"
	patch -s -R -d "$tap_dir" -p1 <"$patch"
done

# All patches taken back, the same copy is whole: it was they that turned it red
tap_run "the copy without any patch is green" sh -c \
	"make -s -C '$tap_dir/tests/unit' BUILD='$tap_dir/build' CFLAGS=-O0 \
		TESTS='$(sed -n 's,^Test: test-\([a-z]*\).*,\1,p' "$here"/red/*.patch | sort -u | tr '\n' ' ')' check"

tap_done
