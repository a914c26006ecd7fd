#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tools/lab --kernel with a package: the distribution's own boots, whatever can't is answered in one line.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
lab=$top/tools/lab
build=${BUILD:-$top/build}

# refuses NAME PATTERN ARGUMENT...: the lab fails, with that line alone
refuses()
{
	local name=$1 pattern=$2 status=0

	shift 2
	"$lab" run "$@" -- true >"$tap_dir/output" 2>&1 </dev/null || status=$?
	if [ "$status" -eq 125 ] && [ "$(grep -vc '^usage:' "$tap_dir/output")" -eq 1 ] &&
		grep -qE -- "^lab: .*$pattern" "$tap_dir/output"; then
		tap_ok "$name"
	else
		echo "exit status $status, wanted 125 and: $pattern" >>"$tap_dir/output"
		tap_not_ok "$name" "$tap_dir/output"
	fi
}

# package NAME [FILE]: the path of a package with that file or none
package()
{
	local root=$tap_dir/root-$1

	mkdir -p "$root/DEBIAN"
	printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n' "$1" >"$root/DEBIAN/control"
	dpkg-deb -b "$root" "$tap_dir/$1.deb" >/dev/null
	echo "$tap_dir/$1.deb"
}

# tree RELEASE: the path of a build tree, as far as it is looked at
tree()
{
	local dir=$tap_dir/tree-$1

	mkdir -p "$dir"/{arch/x86/boot,include/config}
	touch "$dir"/{arch/x86/boot/bzImage,modules.order}
	echo "$1" >"$dir/include/config/kernel.release"
	echo CONFIG_MODULES=y >"$dir/.config"
	echo "$dir"
}

image=$(find "$build/downloads/linux" -name 'linux-image-*.deb')
tap_need "$image" "make image"
tap_need dpkg-deb "apt-get install dpkg"

refuses "no such file" "/nonexistent is neither distro nor debug, .*: give one" --kernel /nonexistent
refuses "no package" "is no Debian package" --kernel "$lab"
refuses "a package without a kernel" "is the package linux-image-amd64, which has no kernel: give" \
	--kernel "$(package linux-image-amd64)"
refuses "an old kernel" "is Linux 6\.1\.0-9-amd64: the drivers need 6\.12 or later, give" \
	--kernel "$(package linux-image-6.1.0-9-amd64)"
refuses "no headers" "no headers to build the drivers for Linux 7\.0\.0-x: put .* beside .*, or give" \
	--kernel "$(package linux-image-7.0.0-x)"
refuses "no build tree" "is no kernel's build tree .*: make both, or give a \.deb" --kernel "$top/docs"
refuses "the tree of an old kernel" "is Linux 6\.1\.0: the drivers need 6\.12 or later, give" --kernel "$(tree 6.1.0)"
refuses "a kernel without what the lab needs" "has no CONFIG_PCI_MSI, which the lab needs: configure" \
	--kernel "$(tree 7.0.0)"
refuses "no drivers" "--modules: no module is in $top/docs" --modules "$top/docs"
tap_run "nothing counts as done after these" sh -c "! ls '$build'/stamps | grep -E '7\.0\.0|6\.1\.0'"

# boots NAME ARGUMENT...: L1 with a VF says the release of that kernel
boots()
{
	local name=$1 release

	shift
	release=$(dpkg-deb -f "$image" Package)
	# shellcheck disable=SC2016 # for the guest
	tap_run "$name" sh -c '"$@" | tee -a /dev/stderr | tail -n 1 | grep -qx "$0 banyan banyanvf"' \
		"${release#linux-image-}" "$lab" run --vfs 1 "$@" -- sh -c \
		'cd "/sys/bus/pci/devices/$BANYAN_PF_BDF" && echo "$(uname -r) $(readlink driver virtfn0/driver | xargs basename -a | xargs)"'
}

boots "a package with its headers beside it" --kernel "$image"
# at the same place each time, as what is made of it is kept; a link would be the same file
alone=$build/kernel/alone
mkdir -p "$alone"
cp -u "$image" "$alone"
boots "one with drivers from elsewhere" --kernel "$alone/${image##*/}" --modules "$build/modules"
mkdir "$tap_dir/other"
for module in "$build"/modules/*/*.ko; do
	sed 's/vermagic=[0-9]/vermagic=0/' "$module" >"$tap_dir/other/${module##*/}"
done
refuses "drivers for another kernel" "banyan.*\.ko is for Linux 0\..*, not .*: build it for that" \
	--kernel "$image" --modules "$tap_dir/other"

tap_done
