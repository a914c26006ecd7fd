#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Where the build goes, and what is taken for its own.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)

# in_lib COMMAND: bash with the scripts' library
in_lib()
{
	env BUILD="$tap_dir/build" bash -c '. "$0/scripts/lib.sh"; '"$1" "$top"
}

mkdir "$tap_dir/tree"
touch "$tap_dir/tree/file"
tap_run "a source tree is copied" in_lib \
	"mkdir -p '$tap_dir/copy'; copy_tree copy copy '$tap_dir/tree' '$tap_dir/copy' && [ -e '$tap_dir/copy/file' ]"
tap_run "one that can't be read is no success" in_lib \
	"! copy_tree copy copy '$tap_dir/none' '$tap_dir/copy'"

tap_run "an ordinary user's PATH will do" env -i PATH=/usr/bin:/bin bash -c \
	'. "$0/scripts/lib.sh"; for tool in /usr/sbin/*; do need "${tool##*/}"; exit; done' "$top"

mkdir -p "$tap_dir/kernel/include/config"
echo 6.12.1-test >"$tap_dir/kernel/include/config/kernel.release"
printf 'modules:\n\ttouch $(M)/made.ko\n' >"$tap_dir/kernel/Makefile"
tap_run "drivers for KDIR= are told where they are, and aren't the lab's" sh -c '
	make --no-print-directory -C "$1" modules KDIR="$2/kernel" BUILD="$2/build" &&
	make -s -C "$1" modules KDIR="$2/kernel" BUILD="$2/build" | grep -x "$2/build/kernel/.*/made.ko" &&
	[ ! -e "$2/build/modules" ]' sh "$top" "$tap_dir"

for odd in 'a b' a:b a,b; do
	for command in "make -C $top -n help" "$top/scripts/clean"; do
		# shellcheck disable=SC2086
		tap_run "a BUILD like $odd is refused by $(basename "${command%% *}")" sh -c \
			'"$@" 2>&1 | tee /dev/stderr | grep -c "no blank, colon or comma" | grep -qx 1' \
			sh env BUILD="$tap_dir/$odd" $command
	done
done
mkdir "$tap_dir/a checkout"
ln -s "$top"/* "$tap_dir/a checkout"
tap_run "so is a checkout with a blank" sh -c 'env -u BUILD make -C "$1" help 2>&1 |
	grep -c "no blank, colon or comma" | grep -qx 1' sh "$tap_dir/a checkout"

# clean_case NAME DIRECTORY REFUSED|KEPT|GONE [OPTION]: what becomes of the directory's file
clean_case()
{
	local became=GONE

	env BUILD="$2" "$top/scripts/clean" ${4:+"$4"} >"$tap_dir/output" 2>&1 || became=REFUSED
	[ $became = REFUSED ] || [ ! -e "$2/$file" ] || became=KEPT
	[ $became != REFUSED ] || [ -e "$2/$file" ] || became="refused, but removed"
	echo "$2/$file: $became" >>"$tap_dir/output"
	if [ "$became" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$tap_dir/output"; fi
}

file=logs/mine
mkdir -p "$tap_dir/user/logs" "$tap_dir/user/stamps"
touch "$tap_dir/user/logs/mine"
clean_case "clean refuses somebody's directory with logs" "$tap_dir/user" REFUSED
clean_case "so does distclean" "$tap_dir/user" REFUSED --all
env BUILD="$tap_dir/user" bash -c '. "$0/scripts/lib.sh"; make_build' "$top"
clean_case "even if it was built there" "$tap_dir/user" REFUSED --all
mkdir "$tap_dir/empty"
env BUILD="$tap_dir/empty" bash -c '. "$0/scripts/lib.sh"; make_build' "$top"
mkdir -p "$tap_dir"/empty/{downloads,logs}
touch "$tap_dir"/empty/{downloads/fetched,logs/mine}
clean_case "clean removes what was built" "$tap_dir/empty" GONE
file=downloads/fetched
clean_case "clean keeps what was fetched" "$tap_dir/empty" KEPT
clean_case "distclean removes all" "$tap_dir/empty" GONE --all
tap_run "distclean removes the directory too" test ! -e "$tap_dir/empty"
tap_run "nothing to clean" env BUILD="$tap_dir/empty" "$top/scripts/clean"

tap_done
