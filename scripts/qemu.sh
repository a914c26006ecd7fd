#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build QEMU with the Banyan device model: fetch Debian 13's source (or copy the tree that QEMU_SRC
# names), lay the model over it, configure, build. Does what isn't done yet, and is quick
# when all is.
#
#   $BUILD/downloads/qemu  the source package      $BUILD/qemu-src  the tree, with the model
#   $BUILD/qemu            the build directory, with qemu-system-x86_64
#
# qemu.sh source only makes the tree.
#
# environment: QEMU_SRC      a QEMU 10.0 source tree to use instead of Debian's
#              QEMU_TARGETS  what ninja builds

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

src=$BUILD/qemu-src
obj=$BUILD/qemu
read -ra targets <<<"${QEMU_TARGETS:-qemu-system-x86_64}"
options=(
	--target-list=x86_64-softmmu --without-default-features --enable-tcg --enable-kvm
	--enable-slirp --enable-virtfs --enable-attr --enable-cap-ng --enable-plugins
	--enable-vhost-user --disable-debug-info --disable-install-blobs --disable-fdt --disable-docs
	--python=/usr/bin/python3
)

if [ -n "${QEMU_SRC:-}" ]; then
	[ -e "$QEMU_SRC/hw/net/meson.build" ] ||
		die "QEMU_SRC=$QEMU_SRC is not a QEMU source tree: give the top of one, version 10.0"
	given=$(cd "$QEMU_SRC" && pwd)
	version=$(cat "$given/VERSION")
	[[ $version == 10.0* ]] ||
		die "QEMU_SRC=$QEMU_SRC is QEMU $version: the device model is for 10.0, give that"
	origin="tree $given $version"
else
	given=
	origin="debian trixie"
fi

# QEMU 10.0 wants meson 1.5. Where the machine's is older, take Debian 13's, unpacked below $BUILD and
# not installed.
meson_new_enough()
{
	local have

	have=$(/usr/bin/python3 -c 'import importlib.metadata as m; print(m.version("meson"))' 2>/dev/null) &&
		[ "$(printf '%s\n' 1.5 "$have" | sort -V | head -n 1)" = 1.5 ]
}

find_meson()
{
	! meson_new_enough || return 0
	apt_fetch meson "meson 1.5 or later for /usr/bin/python3 needs no fetch" download meson
	if [ ! -d "$BUILD/meson" ]; then
		rm -rf "$BUILD/meson.tmp"
		dpkg-deb -x "$BUILD"/downloads/meson/meson_*.deb "$BUILD/meson.tmp"
		mv "$BUILD/meson.tmp" "$BUILD/meson"
	fi
	export PATH=$BUILD/meson/usr/bin:$PATH
	export PYTHONPATH=$BUILD/meson/usr/lib/python3/dist-packages
}

unpack()
{
	unstamp qemu-src qemu-configured qemu
	rm -rf "$src" "$src.tmp" "$obj"
	if [ -n "$given" ]; then
		mkdir "$src.tmp"
		copy_tree "qemu: copy $given" qemu-unpack "$given" "$src.tmp"
	else
		apt_fetch qemu "QEMU_SRC=<tree> needs none" --download-only --only-source source qemu/trixie
		need dpkg-source
		step "qemu: unpack" qemu-unpack \
			dpkg-source --no-copy -x "$BUILD"/downloads/qemu/*.dsc "$src.tmp"
	fi
	mv "$src.tmp" "$src"
	stamp qemu-src "$origin"
}

configure()
{
	unstamp qemu-configured qemu
	rm -rf "$obj"
	mkdir "$obj"
	cd "$obj"
	STEP_HINT="a package may be missing: 'make setup' installs them on Debian, docs/building.md lists them" \
		step "qemu: configure" qemu-configure "$src/configure" "${options[@]}"
	cd "$top"
	stamp qemu-configured "$obj" "${options[@]}"
}

lock qemu
if [ "${1:-}" = source ]; then
	stamped qemu-src "$origin" || unpack
	exit 0
fi
if stamped qemu-src "$origin" && stamped qemu-configured "$obj" "${options[@]}" &&
	stamped qemu "${targets[@]}" && [ -x "$obj/qemu-system-x86_64" ] &&
	[ -z "$(find "$top"/{qemu-device,include} "$top"/scripts/qemu{,-overlay}.sh \
		-newer "$stamps/qemu" | head -n 1)" ]; then
	exit 0
fi

[ -x "$obj/qemu-system-x86_64" ] || need_space 1500 "building QEMU"
need gcc ninja pkg-config /usr/bin/python3
stamped qemu-src "$origin" || unpack
find_meson
touch "$stamps/.qemu-started"
"$top/scripts/qemu-overlay.sh" "$src"
stamped qemu-configured "$obj" "${options[@]}" || configure
step "qemu: build" qemu-build ninja -C "$obj" -j "$JOBS" "${targets[@]}"
stamp qemu "${targets[@]}"
# what was edited during the build isn't in it
touch -r "$stamps/.qemu-started" "$stamps/qemu"
