#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# stock.sh SERIES: Debian's binary of that series of QEMU, in a file tree with all that it needs:
# $BUILD/qemu/SERIES/stock. So every host runs the same, whatever it has itself. Of 11.1 it is the release
# whose sources were to be had (scripts/qemu-pair.sh).

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/qemu-lib.sh
. "$top/scripts/qemu-lib.sh"

series=${1:?SERIES is missing}
check_series "$series"
tree=$BUILD/qemu/$series/stock

# pack SUITE OPTION PACKAGE...: mmdebstrap's tar of these packages of Debian and what they depend on; unpacked,
# nothing of it is run. Of backports come QEMU and its firmware, and what they need of newer packages
pack()
{
	local suite=$1 option=$2 mirror keyring sources=() name

	shift 2
	mirror=$("$top/scripts/mirror.sh")
	keyring=$("$top/scripts/mirror.sh" --keyring)
	for name in $(printf '%s\n' "${suite%-backports}" "$suite" | uniq); do
		sources+=("deb [signed-by=$keyring] $mirror $name main")
	done
	STEP_HINT="is $mirror reachable? DEBIAN_MIRROR=<URL> chooses another mirror" \
		step "qemu: stock binary of $series" "qemu-stock-$series" mmdebstrap --variant=extract \
		"--keyring=$keyring" --include="$(IFS=,; echo "$*")" --aptopt='APT::Install-Recommends "false"' \
		${option:+"--aptopt=$option"} \
		--setup-hook='mkdir -p "$1/etc/apt/preferences.d"' \
		--setup-hook="printf 'Package: src:qemu src:seabios\\nPin: release n=$suite\\nPin-Priority: 900\\n' \
			>\"\$1/etc/apt/preferences.d/qemu\"" \
		"${suite%-backports}" "$tree.tar" "${sources[@]}"
}

# The earlier release, whose libraries are in testing
pack_pair()
{
	local downloads=$BUILD/downloads/qemu-$series-binary deb needs

	if [ ! -d "$downloads" ]; then
		rm -rf "$downloads.tmp"
		step "fetch ${downloads##*/}" "fetch-${downloads##*/}" \
			"$top/scripts/qemu-pair.sh" binary "$downloads.tmp"
		mv "$downloads.tmp" "$downloads"
	fi
	for deb in "$downloads"/*.deb; do
		dpkg-deb -x "$deb" "$tree.tmp"
	done
	mapfile -t needs < <(dpkg-deb -f "$downloads"/qemu-system-x86_*.deb Depends | tr ',' '\n' |
		sed 's/^ *//; s/ .*//; /^qemu-system-common$/d')
	# a mirror without sources may also be one that lags behind: these are libraries for tests
	pack forky 'Acquire::Check-Valid-Until "false"' "${needs[@]}"
}

lock "stock-$series"
[ ! -x "$tree/usr/bin/qemu-system-x86_64" ] || exit 0
need mmdebstrap
need_space 1000 "unpacking QEMU's stock binary"
need_source "$series"
rm -rf "$tree.tmp" "$tree.tar"
mkdir -p "$tree.tmp"
trap 'rm -rf "$tree.tmp" "$tree.tar"' EXIT
if [ "$series" = 11.1 ] && [ -z "${QEMU_SRC:-}" ] && ! compgen -G "$BUILD/downloads/qemu-$series/*~bpo*.dsc" >/dev/null; then
	pack_pair
else
	pack "$(suite_of "$series")" '' qemu-system-x86
fi
# a tar, since without root the files would be somebody else's
tar -C "$tree.tmp" --exclude='./dev/*' -xf "$tree.tar"
mv "$tree.tmp" "$tree"
