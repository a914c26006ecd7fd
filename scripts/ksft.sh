#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Stage the kernel's selftest library for Python, unchanged, from the source tree that scripts/kernel.sh
# unpacks: $BUILD/tests/vm/ksft. The lab lays it over tests/vm/ksft.

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

library=tools/testing/selftests/net/lib/py
files=(ksft.py utils.py netns.py consts.py)
out=$BUILD/tests/vm/ksft

"$top/scripts/kernel.sh" source
lock ksft
state=$(cat "$stamps/kernel-src")
stamped ksft "$state" && exit
rm -rf "$out"
mkdir -p "$out"
cp "${files[@]/#/$BUILD/kernel/src/$library/}" "$out"
stamp ksft "$state"
