#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The drivers build inside a kernel tree, where Kconfig decides, with clang and without a warning;
# and out of tree by a plain call of kbuild.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
# kept, so that only what changed since the last time is compiled
plain=${BUILD:-$top/build}/tests/plain-modules

tap_run "in a kernel tree, with clang" "$top/scripts/kernel.sh" intree
"$top/scripts/modules.sh" --copy "$plain"
tap_run "out of tree, by kbuild alone" \
	make -C "$("$top/scripts/modules.sh" --kdir)" M="$plain" KCFLAGS=-Werror modules
for module in banyan_core banyan banyanvf; do
	tap_run "$module.ko says its licence and what it is" \
		sh -c "find $plain -name $module.ko | xargs modinfo | grep -A9 '^license: *GPL' || exit 1;
		       find $plain -name $module.ko | xargs modinfo | grep '^description: .'"
done
tap_done
