#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the build says to bad input: one line, with what to do; and that nothing half made is taken
# for finished. Works in a build tree of its own.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
export BUILD=$tap_dir/build
unset KDIR QEMU QEMU_SRC KERNEL_SRC DEBIAN_MIRROR

# refuses NAME PATTERN COMMAND...: fails, and says PATTERN in one line. There is nothing else but
# make's own and what a long step shows, its name and its log's end
refuses()
{
	local name=$1 pattern=$2

	shift 2
	if "$@" >"$tap_dir/output" 2>&1 </dev/null; then
		echo "exit status 0" >>"$tap_dir/output"
		tap_not_ok "$name" "$tap_dir/output"
	elif ! grep -vE '^(make(\[[0-9]+\])?: |  \| )| \.\.\.$' "$tap_dir/output" >"$tap_dir/said" ||
		[ "$(wc -l <"$tap_dir/said")" -ne 1 ] || ! grep -qE -- "$pattern" "$tap_dir/said"; then
		echo "not just one line: $pattern" >>"$tap_dir/output"
		tap_not_ok "$name" "$tap_dir/output"
	else
		tap_ok "$name"
	fi
}

# is NAME CONDITION...
is()
{
	local name=$1

	shift
	: >"$tap_dir/output"
	if "$@"; then tap_ok "$name"; else tap_not_ok "$name"; fi
}

# a kernel build tree and a QEMU tree, as far as they are looked at before any work
kernel_tree()
{
	mkdir -p "$tap_dir/kernel-$1/include/config"
	echo "$1-test" >"$tap_dir/kernel-$1/include/config/kernel.release"
	echo 'all:' >"$tap_dir/kernel-$1/Makefile"
	echo "$tap_dir/kernel-$1"
}

qemu_tree()
{
	mkdir -p "$tap_dir/qemu-$1/hw/net" "$tap_dir/qemu-$1/hw/pci"
	echo "$1" >"$tap_dir/qemu-$1/VERSION"
	touch "$tap_dir/qemu-$1/hw/net/meson.build" "$tap_dir/qemu-$1/hw/pci/pcie_sriov.c"
	echo "$tap_dir/qemu-$1"
}

refuses "a test that isn't there" "T=tests/vm/none.t is no file: give" \
	make -C "$top" check-vm T=tests/vm/none.t
refuses "KDIR of an old kernel" "is Linux 6\.1\.0-test: the drivers need 6\.12 or later, give" \
	make -C "$top" modules KDIR="$(kernel_tree 6.1.0)"
refuses "KDIR that is no kernel tree" "is not a configured kernel build tree: give" \
	make -C "$top" modules KDIR=/nonexistent
refuses "QEMU_SRC of another version" "is QEMU 7\.2\.0: the device model is for 10\.0 and 11\.1, give" \
	env QEMU_SRC="$(qemu_tree 7.2.0)" "$top/scripts/qemu.sh"
refuses "QEMU_SRC that is no QEMU" "is not a QEMU source tree: give" \
	env QEMU_SRC="$tap_dir" "$top/scripts/qemu.sh"
refuses "QEMU_SRC of the other series" "is QEMU 10\.0\.1: for the binary, give sources of 11\.1" \
	env QEMU_SRC="$(qemu_tree 10.0.1)" "$top/scripts/qemu.sh"
refuses "a series that there is no device model for" "QEMU 9\.2: the device model is for 10\.0 and 11\.1, give" \
	"$top/scripts/device.sh" 9.2

# qemu_binary NAME VERSION: a program that says so
qemu_binary()
{
	printf '#!/bin/sh\necho "QEMU emulator version %s (Debian)"\n' "$2" >"$tap_dir/$1"
	chmod 755 "$tap_dir/$1"
	echo "$tap_dir/$1"
}
make -s -C "$top/qemu-device/loadable" launcher OUT="$BUILD/device"
refuses "QEMU= that isn't there" "QEMU=/nonexistent is no program: give" \
	env QEMU=/nonexistent "$top/scripts/device.sh"
refuses "QEMU= that is none" "QEMU=/bin/true does not tell its version: give" \
	env QEMU=/bin/true "$top/scripts/device.sh"
refuses "QEMU= that is too old" "QEMU=$tap_dir/old is QEMU 7\.2\.22: the device model is for 10\.0 and 11\.1, give" \
	env QEMU="$(qemu_binary old 7.2.22)" "$top/scripts/device.sh"
refuses "QEMU= without symbols" "QEMU=$tap_dir/bare exports no symbols, .*: give" \
	env QEMU="$(qemu_binary bare 10.0.13)" "$top/scripts/device.sh"
refuses "KERNEL_SRC that is no kernel" "is not a kernel source tree: give" \
	env KERNEL_SRC="$tap_dir" "$top/scripts/kernel.sh" source
mkdir "$tap_dir/source"
printf 'kernelversion:\n\t@echo 6.12.1\n' >"$tap_dir/source/Makefile"
touch "$tap_dir/source/Kbuild"
refuses "KERNEL_SRC of an old kernel" "is Linux 6\.12\.1: give 7\.3 or later" \
	env KERNEL_SRC="$tap_dir/source" "$top/scripts/kernel.sh" source
refuses "BUILD that can't be written" "cannot write to /proc/banyan: choose" \
	env BUILD=/proc/banyan "$top/scripts/modules.sh" distro "$(kernel_tree 6.12.1)"
refuses "packages without the device" "no $tap_dir/no-device/device/bin/qemu-banyan: run 'make device'" \
	env BUILD="$tap_dir/no-device" "$top/scripts/deb"
is "nothing counts as done after these" \
	test -z "$(find "$BUILD/stamps" -type f 2>/dev/null)"

# every tool but one
cp -rs /usr/bin "$tap_dir/bin"
rm -f "$tap_dir/bin/ninja"
refuses "a tool is missing" "ninja is missing: run 'make setup'" \
	env PATH="$tap_dir/bin" QEMU_SRC="$(qemu_tree 11.1.1)" "$top/scripts/qemu.sh"

# a port that nobody listens on
refuses "no network" "is the mirror reachable\? |is http://127\.0\.0\.1:9/debian reachable\?" \
	env DEBIAN_MIRROR=http://127.0.0.1:9/debian "$top/scripts/stock.sh" 10.0
is "a fetch that failed isn't taken for done" test ! -e "$BUILD/downloads/qemu-10.0"
refuses "no network for the kernel's source" "is http://127\.0\.0\.1:9/debian reachable\?" \
	env DEBIAN_MIRROR=http://127.0.0.1:9/debian "$top/scripts/kernel.sh" source

# a mount namespace, for which root needs no user namespace
private="unshare --mount"
[ "$(id -u)" -eq 0 ] || private="unshare --user --map-root-user --mount"
if $private true 2>/dev/null; then
	mkdir -p "$tap_dir/small"
	# shellcheck disable=SC2016,SC2086
	refuses "no room on the disk" "needs [0-9]+ MB below .*, [0-9]+ MB are free: make room" \
		$private sh -c \
		'mount -t tmpfs -o size=8m none "$1" && BUILD=$1 QEMU_SRC=$2 exec "$3"' \
		sh "$tap_dir/small" "$(qemu_tree 11.1.1)" "$top/scripts/qemu.sh"
else
	tap_skip "no room on the disk" "no user namespaces here, and not root"
fi

# what an interrupted set-up leaves behind: a copy, and sources
mkdir -p "$BUILD"/qemu/{overlay/src,10.0/src.tmp} "$BUILD/downloads/qemu-10.0.tmp"
touch "$BUILD"/qemu/{overlay/src/half,10.0/src.tmp/half} "$BUILD/downloads/qemu-10.0.tmp/half"
QEMU_SRC=$(qemu_tree 11.1.1) "$top/scripts/qemu.sh" >"$tap_dir/output" 2>&1
is "a half made copy is made anew" test -e "$BUILD/qemu/overlay/src/VERSION" -a ! -e "$BUILD/qemu/overlay/src/half"
env DEBIAN_MIRROR=http://127.0.0.1:9/debian "$top/scripts/stock.sh" 10.0 >"$tap_dir/output" 2>&1
is "half unpacked sources aren't taken for whole" test ! -e "$BUILD/qemu/10.0/src" -a ! -e "$BUILD/qemu/10.0/stock"

refuses "clean doesn't delete what is no build tree" "does not look like a build tree: remove it by hand" \
	env BUILD="$top/docs" "$top/scripts/clean" --all

tap_done
