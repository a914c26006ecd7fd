#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The tests of bnyctl notice a bnyctl that is broken: each case breaks a copy of its sources,
# builds it, and runs bnyctl.t, which must fail.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
root=$(cd "$here/../.." && pwd)

# broken NAME FILE EDIT
broken()
{
	copy=$tap_dir/copy
	rm -rf "$copy"
	mkdir -p "$copy/tools"
	cp -r "$root/include" "$root/debian" "$copy"
	cp -r "$root/tools/bnyctl" "$copy/tools"
	sed -i "$3" "$copy/tools/bnyctl/$2"
	if cmp -s "$copy/tools/bnyctl/$2" "$root/tools/bnyctl/$2"; then
		echo "the edit no longer fits $2" >"$tap_dir/output"
		tap_not_ok "$1" "$tap_dir/output"
	elif ! make -s -C "$copy/tools/bnyctl" BUILD="$copy/build" CFLAGS=-O0 >"$tap_dir/output" 2>&1; then
		tap_not_ok "$1" "$tap_dir/output"
	elif BUILD=$copy/build "$here/bnyctl.t" >"$tap_dir/output" 2>&1; then
		tap_not_ok "$1" "$tap_dir/output"
	elif grep -q '^not ok' "$tap_dir/output"; then
		tap_ok "$1"
	else
		tap_not_ok "$1" "$tap_dir/output"
	fi
}

broken "a field that isn't shifted is noticed" decode.c \
	's/return FIELD_GET(field->mask, value);/return value \& field->mask;/'
broken "halves of a counter swapped are noticed" access.c \
	's/return (uint64_t)high << 32 | low;/return (uint64_t)low << 32 | high;/'
broken "a truncated dump taken for whole is noticed" dump.c \
	's/bool complete = false;/bool complete = true;/'

tap_done
