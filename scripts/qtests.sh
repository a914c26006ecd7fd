#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# qtests.sh: build the qtests, and what they need of QEMU: $BUILD/tests/qtest. They are run in each stock
# binary, for which scripts/device.sh has made the objects.

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/qemu-lib.sh
. "$top/scripts/qemu-lib.sh"

# build NAME LOG ARGUMENT...: with tests/qtest/Makefile, if something isn't up to date
build()
{
	local name=$1 log=$2

	shift 2
	set -- -C "$top/tests/qtest" "BUILD=$BUILD" "QEMU_SRC=$src" "QEMU_BUILD=$headers" "$@"
	make -q "$@" >/dev/null 2>&1 || step "$name" "$log" make "$@" "-j$JOBS"
}

lock qtests
for series in $all_series; do
	need_source "$series"
	headers=$BUILD/qemu/$series/headers
	[ -e "$headers/config-host.h" ] || die "QEMU $series isn't configured: run 'make device'"
	build "qtests: QEMU $version" "qtests-$series" stock "SERIES=$series"
	# the test program talks to any of them
	[ "$series" = "${all_series%% *}" ] || continue
	if ! stamped qtest-libs "$src $version"; then
		need_python_tools
		step "qtests: QEMU's libraries" qtest-libs \
			ninja -C "$headers" -j "$JOBS" libqemuutil.a libqom.a libevent-loop-base.a
		stamp qtest-libs "$src $version"
	fi
	build "qtests" qtests
done
