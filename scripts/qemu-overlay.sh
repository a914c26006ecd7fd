#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Put the Banyan device model into a QEMU 11.1 source tree.
#
#     scripts/qemu-overlay.sh [--link] SRC
#
# qemu-device/ becomes SRC/hw/net/banyan, include/ SRC/hw/net/banyan/include,
# and hw/net/meson.build, hw/net/Kconfig and meson.build get a line each. To do
# it again is harmless: files that haven't changed keep their time stamps, those
# that are gone go. With --link the files are symbolic links, for work on them.
set -eu

die() {
	echo "qemu-overlay.sh: $*" >&2
	exit 1
}

link=
if [ "${1-}" = --link ]; then
	link=y
	shift
fi
[ $# -eq 1 ] || die "usage: scripts/qemu-overlay.sh [--link] SRC"
src=$1
top=$(cd "$(dirname "$0")/.." && pwd)
[ -f "$src/hw/net/meson.build" ] && [ -f "$src/hw/pci/pcie_sriov.c" ] ||
	die "$src is no QEMU source tree"
case $(cat "$src/VERSION" 2>/dev/null || :) in
11.1*) ;;
*) die "$src is QEMU $(cat "$src/VERSION" 2>/dev/null || echo "?"); the device model is for 11.1" ;;
esac

# put FILE DIRECTORY
put() {
	to=$2/$(basename "$1")
	if [ -n "$link" ]; then
		[ "$(readlink "$to" || :)" = "$1" ] || ln -sfn "$1" "$to"
	elif [ -L "$to" ] || ! cmp -s "$1" "$to"; then
		rm -f "$to"
		cp "$1" "$to"
	fi
}

# prune DIRECTORY ORIGINAL: what the original no longer has
prune() {
	for f in "$1"/*; do
		if [ -f "$f" ] || [ -L "$f" ]; then
			[ -e "$2/$(basename "$f")" ] || rm -f "$f"
		fi
	done
}

# add_line FILE LINE [BEFORE]: once, at the end, or before the line BEFORE
add_line() {
	grep -qxF -- "$2" "$1" && return
	if [ $# -eq 2 ]; then
		printf '%s\n' "$2" >>"$1"
		return
	fi
	grep -qxF -- "$3" "$1" || die "$1 has no line \"$3\""
	awk -v line="$2" -v before="$3" \
		'$0 == before { print line } { print }' "$1" >"$1.banyan"
	cat "$1.banyan" >"$1"
	rm -f "$1.banyan"
}

dst=$src/hw/net/banyan
mkdir -p "$dst/include"
for f in "$top"/qemu-device/*; do
	# not the directory of the other form, loadable/
	[ ! -f "$f" ] || put "$f" "$dst"
done
for f in "$top"/include/*.h; do
	put "$f" "$dst/include"
done
prune "$dst" "$top/qemu-device"
prune "$dst/include" "$top/include"

add_line "$src/hw/net/meson.build" "subdir('banyan')"
add_line "$src/hw/net/Kconfig" "source banyan/Kconfig"
add_line "$src/meson.build" "    'hw/net/banyan'," "    'hw/net/can',"
