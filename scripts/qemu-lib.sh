# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the scripts that deal with QEMU share; sourced, behind lib.sh.
#
# The device model is for two series of QEMU. Of each, $BUILD/qemu/SERIES has:
#
#   src      the source tree, unchanged     headers  where it was configured, with the generated headers
#   stock    Debian's binary in a file tree with its libraries, loader and firmware

: "${top:?}" "${BUILD:?}" "${JOBS:?}"
all_series="10.0 11.1"

# check_series SERIES
check_series()
{
	[[ " $all_series " == *" $1 "* ]] || die "${2:-QEMU $1}: the device model is for ${all_series// / and }, give one of these"
}

# What Debian 13 has of a series
suite_of()
{
	case "$1" in
	10.0) echo trixie ;;
	11.1) echo trixie-backports ;;
	esac
}

# check_tree DIRECTORY: that it is a QEMU tree of a series; prints its version
check_tree()
{
	local version

	[ -e "$1/hw/net/meson.build" ] && [ -e "$1/VERSION" ] ||
		die "QEMU_SRC=$1 is not a QEMU source tree: give the top of one, version ${all_series// / or }"
	version=$(cat "$1/VERSION")
	check_series "${version%.*}" "QEMU_SRC=$1 is QEMU $version"
	echo "$version"
}

fetch_source()
{
	local hint="is the mirror reachable? DEBIAN_MIRROR=<URL> chooses another, QEMU_SRC=<tree> needs none"
	local downloads=$BUILD/downloads/qemu-$1 source=(--download-only --only-source source "qemu/$(suite_of "$1")")

	if [ "$1" != 11.1 ]; then
		apt_fetch "qemu-$1" "$hint" "${source[@]}"
	elif ! apt_fetch "qemu-$1" "trying an earlier release" "${source[@]}"; then
		rm -rf "$downloads.tmp"
		STEP_HINT=$hint step "fetch qemu-$1, an earlier release" "fetch-qemu-$1" \
			"$top/scripts/qemu-pair.sh" source "$downloads.tmp"
		mv "$downloads.tmp" "$downloads"
	fi
}

# need_source SERIES: $BUILD/qemu/SERIES/src, or QEMU_SRC; the path is in $src then, and the version in $version
need_source()
{
	local home=$BUILD/qemu/$1

	if [ -n "${QEMU_SRC:-}" ]; then
		version=$(check_tree "$QEMU_SRC")
		[ "${version%.*}" = "$1" ] || die "QEMU_SRC=$QEMU_SRC is QEMU $version: for the binary, give sources of $1"
		src=$(cd "$QEMU_SRC" && pwd)
		return
	fi
	src=$home/src
	if [ ! -d "$src" ]; then
		need_space 1500 "unpacking QEMU"
		fetch_source "$1"
		need dpkg-source
		rm -rf "$src.tmp"
		mkdir -p "$home"
		step "qemu: unpack $1" "qemu-unpack-$1" \
			dpkg-source --no-copy -x "$BUILD/downloads/qemu-$1"/*.dsc "$src.tmp"
		mv "$src.tmp" "$src"
	fi
	version=$(cat "$src/VERSION")
}

# QEMU's configure asks for these of python3, and would fetch them from where nobody may
have_python_tools()
{
	/usr/bin/python3 - 2>/dev/null <<-PYTHON
		from importlib.metadata import version
		assert tuple(map(int, version("meson").split(".")[:2])) >= (1, 5)
		version("pycotap"), version("qemu.qmp")
	PYTHON
}

# need_python_tools: Debian 13's, where the machine hasn't them; unpacked below $BUILD, not installed
need_python_tools()
{
	local dir=$BUILD/qemu/python deb

	! have_python_tools || return 0
	if [ ! -d "$dir" ]; then
		apt_fetch qemu-python "install meson 1.5 or later, pycotap and qemu.qmp for /usr/bin/python3" \
			download meson python3-pycotap python3-qemu-qmp
		rm -rf "$dir.tmp"
		mkdir -p "$dir.tmp"
		for deb in "$BUILD"/downloads/qemu-python/*.deb; do
			dpkg-deb -x "$deb" "$dir.tmp"
		done
		mv "$dir.tmp" "$dir"
	fi
	export PATH=$dir/usr/bin:$PATH PYTHONPATH=$dir/usr/lib/python3/dist-packages
}

# configure_qemu DIRECTORY SRC LOG OPTION...: once; done anew for other options or another version
configure_qemu()
{
	local dir=$1 src=$2 log=$3 state

	shift 3
	state="$src $(cat "$src/VERSION") $*"
	stamped "$log" "$state" && [ -e "$dir/config-host.h" ] && return
	need_python_tools
	unstamp "$log"
	rm -rf "$dir"
	mkdir -p "$dir"
	STEP_HINT="a package may be missing: 'make setup' installs them on Debian, docs/building.md lists them" \
		step "qemu: configure $(cat "$src/VERSION")" "$log" env -C "$dir" "$src/configure" \
		--target-list=x86_64-softmmu --without-default-features --enable-tcg --disable-install-blobs \
		--disable-fdt --disable-docs --python=/usr/bin/python3 "$@"
	stamp "$log" "$state"
}
