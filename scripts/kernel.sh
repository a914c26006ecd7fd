#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernels that the drivers are built for:
#
#   kernel.sh distro  $BUILD/kernel/distro: the distribution's packages linux-headers and linux-image
#                     of 6.12, unpacked. They aren't installed, as that would make a machine boot
#                     this kernel from then on.
#   kernel.sh source  $BUILD/kernel/src: the source tree of Linux, the newest that Debian 13's backports have
#   kernel.sh debug   $BUILD/kernel/debug: build tree of the debug kernel (what scripts/debug-kernel.config
#                     names and nothing else), its modules below root/lib/modules
#   kernel.sh intree  compile the drivers dropped into that tree, with clang: the form in which
#                     they would be sent to the kernel
#
# environment: KERNEL_SRC  a Linux source tree to use instead of Debian's

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

src=$BUILD/kernel/src
fragment=$top/scripts/debug-kernel.config
intree=$top/scripts/intree-kernel.config
home=drivers/net/ethernet/banyan
# Linux 7.3 wants 17; both Debians have this one
clang="clang-19"
# The kernel whose API the drivers in the tree speak, and whose options debug-kernel.config names
oldest_source=7.3

# download DIRECTORY HINT: the packages, which apt verifies. Fails by itself wherever something is missing:
# its caller tries again, so errexit is off in here
download()
{
	local meta release debs

	meta=$("$top/scripts/setup" --headers) || return
	release=$(apt-cache depends "$meta" 2>/dev/null |
		sed -n 's/^ *Depends: linux-headers-\(6\.12\..*-amd64\)$/\1/p' | head -n 1)
	[ -n "$release" ] || {
		echo "kernel.sh: apt's package lists have no $meta: $2" >&2
		return 1
	}
	debs=("linux-image-$release" "linux-headers-$release" "linux-headers-${release%-amd64}-common"
		"linux-kbuild-${release%-amd64}")
	rm -rf "$1"
	mkdir -p "$1" || return
	STEP_HINT=$2 step "kernel: fetch Linux $release" kernel-fetch env -C "$1" \
		apt-get -q -o APT::Sandbox::User=root download "${debs[@]}" || return
	[ "$(find "$1" -name '*.deb' | wc -l)" -eq "${#debs[@]}" ] || {
		echo "kernel.sh: not all of ${debs[*]} have come: $2" >&2
		return 1
	}
}

distro()
{
	local dir=$BUILD/kernel/distro downloads=$BUILD/downloads/linux

	[ ! -d "$dir" ] || return 0
	need apt-get apt-cache dpkg-deb
	need_space 1000 "unpacking the distribution's kernel"
	if [ ! -d "$downloads" ]; then
		# older lists may name what the mirror no longer has
		download "$downloads.tmp" "trying again with new package lists" || {
			"$top/scripts/setup" --update
			download "$downloads.tmp" "is the network up? KDIR= builds the drivers for another kernel"
		} || exit 1
		mv "$downloads.tmp" "$downloads"
	fi
	unpack_kernel_packages "$dir" "$downloads"/*.deb
}

# Fetch the newest source: the package that Debian's metapackage depends on
fetch_source()
{
	local config package

	[ ! -d "$BUILD/downloads/linux-source" ] || return 0
	need apt-cache dpkg-deb
	config=$("$top/scripts/apt-private")
	package=$(APT_CONFIG=$config apt-cache depends linux-source/trixie-backports 2>/dev/null |
		sed -n 's/^ *Depends: \(linux-source-[0-9.]*\)$/\1/p')
	[ -n "$package" ] ||
		die "Debian 13's backports have no linux-source: choose another mirror with DEBIAN_MIRROR=," \
			"or give a tree with KERNEL_SRC="
	apt_fetch linux-source "KERNEL_SRC=<tree> needs no fetch" download "$package"
}

# The tree, with a place for the drivers, without large parts that x86 never reads
unpack()
{
	local deb tmp=$src.tmp state version

	if [ -n "${KERNEL_SRC:-}" ]; then
		[ -e "$KERNEL_SRC/Kbuild" ] ||
			die "KERNEL_SRC=$KERNEL_SRC is not a kernel source tree: give one of Linux $oldest_source or later"
		version=$(make -s -C "$KERNEL_SRC" kernelversion)
		at_least "$oldest_source" "$version" ||
			die "KERNEL_SRC=$KERNEL_SRC is Linux $version: give $oldest_source or later"
		state="tree $(cd "$KERNEL_SRC" && pwd) $version"
	else
		fetch_source
		deb=$(find "$BUILD/downloads/linux-source" -name '*.deb')
		state=${deb##*/}
	fi
	stamped kernel-src "$state" && return
	need_space 3000 "building a kernel"
	# make would go by the files' times, which are the archive's
	unstamp kernel-src kernel-debug kernel-debug-config kernel-intree
	rm -rf "$src" "$tmp" "$BUILD"/kernel/{debug,intree}
	mkdir -p "$tmp"
	if [ -n "${KERNEL_SRC:-}" ]; then
		copy_tree "kernel: copy $KERNEL_SRC" kernel-unpack "$KERNEL_SRC" "$tmp"
		step "kernel: clean the copy" kernel-clean make -C "$tmp" mrproper
	else
		step "kernel: unpack ${state%%_*}" kernel-unpack bash -o pipefail -c '
			dpkg-deb --fsys-tarfile "$1" | tar -x -O --wildcards "*/linux-source-*.tar.xz" |
				tar -C "$2" -x --xz --strip-components=1 \
					--exclude="*/drivers/gpu/drm/*/include/asic_reg" --exclude="*/arch/*/boot/dts"
			' bash "$deb" "$tmp"
	fi
	sed -i '/^endif # ETHERNET/i source "'"$home"'/Kconfig"' "$tmp/${home%/*}/Kconfig"
	echo "obj-y += ${home##*/}/" >>"$tmp/${home%/*}/Makefile"
	mv "$tmp" "$src"
	stamp kernel-src "$state"
}

# The drivers' sources, as they are now, in their place in the tree
drop_in()
{
	"$top/scripts/modules.sh" --copy-in-tree "$src/$home"
}

# configure DIR FRAGMENT MAKE-VARIABLE...: and see that every line of the fragment held
configure()
{
	local dir=$1 fragment=$2 line symbol

	shift 2
	mkdir -p "$dir"
	cd "$src"
	step "kernel: configure" "kernel-config-${dir##*/}" \
		env "KCONFIG_ALLCONFIG=$fragment" make "O=$dir" "$@" allnoconfig
	cd "$top"
	while read -r line; do
		case "$line" in
		"# CONFIG_"*" is not set")
			symbol=${line#\# }
			! grep -q "^${symbol% is not set}=" "$dir/.config"
			;;
		CONFIG_*)
			grep -qxF "$line" "$dir/.config"
			;;
		esac || die "the kernel's configuration did not take \"$line\" from $fragment"
	done <"$fragment"
}

debug()
{
	local dir=$BUILD/kernel/debug state

	state="$(cat "$stamps/kernel-src") $(sha256sum <"$fragment")"
	# the build tree knows where the sources are: not so after a move
	stamped kernel-debug "$state" && [ "$dir/source" -ef "$src" ] && return
	need bc bison flex gcc lz4 make
	drop_in
	# what was built for another configuration is kept, make knows what to redo
	stamped kernel-debug-config "$state" || {
		unstamp kernel-debug
		configure "$dir" "$fragment"
		stamp kernel-debug-config "$state"
	}
	STEP_LINES=2500 step "kernel: build the debug kernel" kernel-debug \
		make -C "$src" "O=$dir" "-j$JOBS" bzImage modules
	rm -rf "$dir/root"
	step "kernel: install its modules" kernel-debug-modules \
		make -C "$src" "O=$dir" "INSTALL_MOD_PATH=$dir/root" INSTALL_MOD_STRIP=1 modules_install
	stamp kernel-debug "$state"
}

intree()
{
	local dir=$BUILD/kernel/intree state

	need "$clang" make
	drop_in
	state="$(cat "$stamps/kernel-src") $(sha256sum <"$intree")"
	if ! stamped kernel-intree "$state"; then
		configure "$dir" "$intree" "CC=$clang"
		step "kernel: prepare a tree for the drivers" kernel-intree-prepare \
			make -C "$src" "O=$dir" "-j$JOBS" "CC=$clang" prepare modules_prepare
		stamp kernel-intree "$state"
	fi
	make -C "$src" "O=$dir" "-j$JOBS" "CC=$clang" KCFLAGS=-Werror olddefconfig "$home/"
}

verb=${1:-}
case "$verb" in
distro)
	lock kernel-distro
	distro
	;;
source)
	lock kernel-source
	unpack
	;;
debug | intree)
	# whoever needs but the sources doesn't wait for a build
	"$0" source
	lock kernel
	$verb
	;;
*)
	die "usage: kernel.sh distro | source | debug | intree"
	;;
esac
