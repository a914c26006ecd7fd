#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The drivers that DKMS has built in a fresh Debian 13 (tests/deb/packages.t), with the kernels that they are for,
# Debian 13's own and its backports' newest: L1 boots these packages, and the VM cases run.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
export BUILD=${BUILD:-$top/build}
tap_need "$BUILD/deb/modules" "make check-deb"

# on_kernel RELEASE: one case for each of run.py's
on_kernel()
{
	local release=$1 downloads=$BUILD/downloads/linux-image-$1 line

	# newer ones come in parts. shellcheck disable=SC2016 # for that shell
	bash -c '. "$0/scripts/lib.sh"
		config=$("$top/scripts/apt-private")
		mapfile -t parts < <(APT_CONFIG=$config apt-cache depends "linux-image-$1" | sed -n "s/^ *Depends: \(linux-\(base\|binary\|modules\)-$1\)$/\1/p")
		apt_fetch "linux-image-$1" "" download "linux-image-$1" "${parts[@]}"' "$top" "$release" \
		>"$tap_dir/output" 2>&1 || {
		tap_not_ok "the kernel's package, $release" "$tap_dir/output"
		return
	}
	"$here/../vm/run.py" --kernel "$(echo "$downloads"/linux-image-*.deb)" --modules "$BUILD/deb/modules/$release" \
		chain policy ethtool datapath recovery reconfigure >"$tap_dir/$release" 2>&1
	grep -E '^(not )?ok ' "$tap_dir/$release" >"$tap_dir/results"
	while read -r line; do
		case "$line" in
		not\ ok*) tap_not_ok "$release: ${line#not ok * }" ;;
		*) tap_ok "$release: ${line#ok * }" ;;
		esac
	done <"$tap_dir/results"
	[ "$(grep -c . "$tap_dir/results")" = "$(sed -n 's/^1\.\.//p' "$tap_dir/$release")" ] ||
		tap_not_ok "$release: all cases" "$tap_dir/$release"
}

for release in "$BUILD"/deb/modules/*; do
	on_kernel "${release##*/}"
done
tap_done
