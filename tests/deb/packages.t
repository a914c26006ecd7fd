#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The packages in a fresh Debian 13: tests/deb/in-tree runs in there, as root, and this shows what it reports.
# The drivers that DKMS has built are kept in $BUILD/deb/modules/KVER.
#
# environment: BUILD (where deb/*.deb were made)

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
export BUILD=${BUILD:-$top/build}

# What the tree has before the packages come. Two package indexes, since backports have the newest kernel and QEMU
packages=apparmor,ca-certificates,libvirt-clients,libvirt-daemon,libvirt-daemon-driver-qemu,linux-headers-amd64,lintian
space=3000

tap_need mmdebstrap "make setup"
tap_need "$BUILD/deb" "make deb"
if [ "$(id -u)" -ne 0 ] && { ! command -v newuidmap >/dev/null || ! unshare --user true 2>/dev/null; }; then
	echo "1..0 # SKIP neither root nor user namespaces (with uidmap) to make a Debian tree with"
	exit 0
fi
mmdebstrap=(mmdebstrap)
if [ "$(id -u)" -eq 0 ]; then
	export TMPDIR=$tap_dir
	# It mounts /sys and others into the tree. If it is ended at a bad time they must go with it, before the tree is
	# removed; without root, it has name spaces anyway
	mmdebstrap=(unshare --mount --pid --fork --kill-child mmdebstrap)
fi
bash -c '. "$0/scripts/lib.sh"; need_space "$1" "a Debian tree" "${TMPDIR:-/tmp}" TMPDIR' "$top" $space 2>"$tap_dir/output" || {
	echo "Bail out! $(cat "$tap_dir/output")"
	exit 1
}
mirror=$("$top/scripts/mirror.sh") && keyring=$("$top/scripts/mirror.sh" --keyring) || exit 1

mkdir "$tap_dir/banyan" "$tap_dir/out"
cp "$here/in-tree" "$here/../lib/tap.sh" "$here/../tools/dumps/pf.dump" "$BUILD"/deb/banyan_*.{changes,buildinfo} \
	"$BUILD"/deb/*.deb "$tap_dir/banyan"
# What the VM cases need beside the drivers
"$top/scripts/modules.sh" --copy "$tap_dir/banyan/sources" tests/vm/module

"${mmdebstrap[@]}" --variant=apt --keyring="$keyring" --include="$packages" \
	--aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
	--dpkgopt='path-exclude=/usr/share/locale/*' \
	--customize-hook="copy-in '$tap_dir/banyan' /" \
	--customize-hook="'$here/enter' \"\$1\"" \
	--customize-hook="copy-out /banyan '$tap_dir/out'" \
	trixie /dev/null \
	"deb [signed-by=$keyring] $mirror trixie main" \
	"deb [signed-by=$keyring] $mirror trixie-backports main" >"$tap_dir/log" 2>&1
status=$?
out=$tap_dir/out/banyan
if [ ! -s "$out/report" ]; then
	tail -n 30 "$tap_dir/log" | sed 's/^/# /'
	echo "Bail out! mmdebstrap's exit status is $status, and there is no report (is $mirror reachable?)"
	exit 1
fi
if [ -d "$out/modules" ]; then
	rm -rf "$BUILD/deb/modules"
	cp -r "$out/modules" "$BUILD/deb/modules"
fi
cat "$out/report"
! grep -q '^not ok' "$out/report" || {
	sed 's/^/# /' "$out/log"
	exit 1
}
