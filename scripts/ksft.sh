#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Stage the kernel's selftest library for Python, from the distribution's source package, unchanged:
# $BUILD/tests/vm/ksft. The lab lays it over tests/vm/ksft.
#
# environment: KERNEL_SRC  a Linux 6.12 source tree to use instead of the package's

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

package=linux-source-6.12
tarball=/usr/src/$package.tar.xz
library=tools/testing/selftests/net/lib/py
files=(ksft.py utils.py netns.py consts.py)
out=$BUILD/tests/vm/ksft

lock ksft
if [ -n "${KERNEL_SRC:-}" ]; then
	state="tree $KERNEL_SRC"
else
	[ -r "$tarball" ] || die "$tarball is missing: install $package ('make setup')"
	state="$package $(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || :)"
fi
stamped ksft "$state" && exit
rm -rf "$out"
mkdir -p "$out"
if [ -n "${KERNEL_SRC:-}" ]; then
	cp "${files[@]/#/$KERNEL_SRC/$library/}" "$out"
else
	step "tests: take the kernel's selftest library" ksft tar -C "$out" --strip-components=7 -xf "$tarball" \
		"${files[@]/#/$package/$library/}"
fi
stamp ksft "$state"
