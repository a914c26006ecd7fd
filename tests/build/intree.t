#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The drivers build inside a kernel tree, where Kconfig decides, with clang and without a warning;
# and what a plain call of kbuild has built out of tree ("make modules") had none either.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
build=${BUILD:-$top/build}

tap_run "in a kernel tree, with clang" "$top/scripts/kernel.sh" intree
tap_run "and without compat/" sh -c '[ -e "$1/common" ] && [ ! -e "$1/compat" ]' \
	sh "$build/kernel/src/drivers/net/ethernet/banyan"
log=$build/logs/modules-distro.log
tap_run "out of tree, without a warning" \
	sh -c "test -s '$log' && ! grep '[ch]:[0-9:]* warning:\|WARNING: modpost' '$log'"
for module in banyan_core banyan banyanvf; do
	tap_run "$module.ko says its licence and what it is" \
		sh -c "find '$build/modules' -name $module.ko | xargs modinfo | grep -A9 '^license: *GPL' || exit 1;
		       find '$build/modules' -name $module.ko | xargs modinfo | grep '^description: .'"
done
tap_done
