#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build a QEMU 11.1 of which the device model is a part, with address and undefined-behaviour sanitizers: for
# tests. What people run is a stock QEMU with the model as an object (scripts/device.sh).
#
#   $BUILD/qemu/overlay/src  the source tree, with the model    $BUILD/qemu/overlay/obj  qemu-system-x86_64
#
# environment: QEMU_SRC      a QEMU 11.1 source tree to use instead of Debian's
#              QEMU_TARGETS  what ninja builds

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/qemu-lib.sh
. "$top/scripts/qemu-lib.sh"

tree=$BUILD/qemu/overlay/src
obj=$BUILD/qemu/overlay/obj
read -ra targets <<<"${QEMU_TARGETS:-qemu-system-x86_64}"
options=(--enable-asan --enable-ubsan --enable-slirp --enable-virtfs --enable-attr --enable-cap-ng
	--enable-vhost-user --disable-debug-info)

lock qemu
need gcc ninja pkg-config /usr/bin/python3
need_source 11.1
state="$src $version"
if ! stamped qemu-overlay "$state"; then
	need_space 2500 "building QEMU"
	unstamp qemu-overlay qemu-configured
	rm -rf "$tree"
	mkdir -p "$tree"
	copy_tree "qemu: copy $version" qemu-copy "$src" "$tree"
	stamp qemu-overlay "$state"
fi
if stamped qemu "$state" "${targets[@]}" && [ -x "$obj/qemu-system-x86_64" ] &&
	[ -z "$(find "$top"/{qemu-device,include} "$top"/scripts/qemu{,-lib,-overlay}.sh \
		-newer "$stamps/qemu" | head -n 1)" ]; then
	exit 0
fi
touch "$stamps/.qemu-started"
"$top/scripts/qemu-overlay.sh" "$tree"
configure_qemu "$obj" "$tree" qemu-configured "${options[@]}"
need_python_tools
step "qemu: build $version" qemu-build ninja -C "$obj" -j "$JOBS" "${targets[@]}"
stamp qemu "$state" "${targets[@]}"
# what was edited during the build isn't in it
touch -r "$stamps/.qemu-started" "$stamps/qemu"
