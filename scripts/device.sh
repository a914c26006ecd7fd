#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# device.sh [SERIES...]: the device model as an object for a stock QEMU, and the launcher that preloads it:
#
#   $BUILD/device/bin/qemu-banyan      $BUILD/device/lib/qemu-banyan/{banyan.so,banyan-SERIES.so}
#
# for each SERIES (default 10.0). Nothing is built of QEMU but headers. Debian's binary of the series is fetched
# too (scripts/stock.sh), and has the last word on whether the object fits.
#
# environment: QEMU      a binary to make it for instead; its version says the series
#              QEMU_SRC  a source tree to use instead of Debian's

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/qemu-lib.sh
. "$top/scripts/qemu-lib.sh"

out=$BUILD/device

# look_at_binary QEMU: what it is; one that takes no object is refused here. Sets $binary, $series
look_at_binary()
{
	local version

	binary=$(command -v "$1") || die "QEMU=$1 is no program: give the path of a qemu-system-x86_64"
	version=$(QEMU=$binary "$out/bin/qemu-banyan" --version 2>/dev/null | sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p' || :)
	[ -n "$version" ] || die "QEMU=$1 does not tell its version: give a qemu-system-x86_64"
	series=${version%.*}
	check_series "$series" "QEMU=$1 is QEMU $version"
	nm -D --defined-only "$binary" 2>/dev/null | grep ' register_module_init$' >/dev/null ||
		die "QEMU=$1 exports no symbols, so no device can be loaded into it: give one that was built with --enable-modules"
}

# headers SERIES: configure QEMU, generate its headers. Any object needs them all; this one is in every build
headers()
{
	local dir=$BUILD/qemu/$1/headers any

	configure_qemu "$dir" "$src" "qemu-headers-$1"
	if ! stamped "qemu-generated-$1" "$src $version"; then
		need_python_tools
		any=$(ninja -C "$dir" -t targets all | sed -n 's/^\([a-z]*\.a\.p\/net_net\.c\.o\): .*/\1/p' | head -n 1)
		step "qemu: headers of $version" "qemu-generated-$1" ninja -C "$dir" -j "$JOBS" "$any"
		stamp "qemu-generated-$1" "$src $version"
	fi
}

# make_object SERIES
make_object()
{
	local series=$1 arguments said

	need_source "$series"
	headers "$series"
	arguments=(-C "$top/qemu-device/loadable" "QEMU_SRC=$src" "QEMU_BUILD=$BUILD/qemu/$series/headers"
		"SERIES=$series" "OUT=$out")
	make -q "${arguments[@]}" >/dev/null 2>&1 ||
		step "device for QEMU $version" "device-$series" make "${arguments[@]}" "-j$JOBS"
	said=$(QEMU=${binary:-$BUILD/qemu/$series/stock/usr/bin/qemu-system-x86_64} \
		"$out/bin/qemu-banyan" -device banyan,help 2>&1) && [[ $said == "banyan options:"* ]] ||
		die "made from the sources of QEMU $version, it does not fit ${binary:-the stock binary}, give those of its own release with QEMU_SRC=: ${said%%$'\n'*}"
}

lock device
need gcc make nm ninja pkg-config /usr/bin/python3
for series; do
	check_series "$series"
done
launcher=(-C "$top/qemu-device/loadable" "OUT=$out" launcher)
make -q "${launcher[@]}" >/dev/null 2>&1 || step "device: the launcher" device-launcher make "${launcher[@]}"
binary=
if [ -n "${QEMU:-}" ]; then
	look_at_binary "$QEMU"
	set -- "$series"
fi
for series in "${@:-10.0}"; do
	[ -n "$binary" ] || "$top/scripts/stock.sh" "$series"
	make_object "$series"
done
