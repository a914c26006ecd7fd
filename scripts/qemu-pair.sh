#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# qemu-pair.sh source | binary DIRECTORY
#
# A mirror may have the binary of QEMU 11.1 in Debian 13's backports before its sources, or not have those at
# all. Then the device model for 11.1 is made for, and tested in, this earlier release, of which both lie in
# the archive's pool: Debian's own build, known by hashes, since no index lists it any more.

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# fetch SHA256 FILE
fetch()
{
	"${APT_HELPER:-/usr/lib/apt/apt-helper}" -o APT::Sandbox::User=root download-file \
		"$mirror/pool/main/q/qemu/$2" "$dir/$2" "SHA256:$1"
}

dir=${2:?DIRECTORY is missing}
mirror=$("$top/scripts/mirror.sh")
mkdir -p "$dir"
case "$1" in
source)
	dsc=qemu_11.1.1+ds-1.dsc
	fetch dfd4fbdd38517e2467002091bbcd938bbff8b2c851cc3f56b019236c7d1f21da "$dsc"
	# it has the hashes of the others
	sed -n '/^Checksums-Sha256:/,/^[^ ]/ s/^ \([0-9a-f]*\) [0-9]* \(.*\)/\1 \2/p' "$dir/$dsc" >"$dir/files"
	while read -r hash name; do
		fetch "$hash" "$name"
	done <"$dir/files"
	rm "$dir/files"
	;;
binary)
	fetch 64e2f9e759daf3f58229545fb8b46b1694f49d5f088564f8053d556c586dee02 qemu-system-x86_11.1.1+ds-1_amd64.deb
	# its modules
	fetch 514456c4def6025a6d74c6833ff0af68ba868c96d2a2dfffefe9fa7ce130a404 qemu-system-common_11.1.1+ds-1_amd64.deb
	;;
*)
	die "usage: qemu-pair.sh source | binary DIRECTORY"
	;;
esac
