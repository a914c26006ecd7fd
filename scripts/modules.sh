#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# modules.sh NAME [KDIR] [VARIABLE=VALUE...]
#
# Build the drivers out of tree against the kernel build tree KDIR (default: the distribution's
# linux-headers 6.12, from scripts/kernel.sh distro): for NAME distro in $BUILD/modules, else in $BUILD/kernel/NAME-modules.
# The sources are copied there, with the VM tests' own module, and only what changed is built.
#
# modules.sh --kdir prints the default KDIR; modules.sh --copy DIR [MORE...] only copies the sources, and those in MORE,
# modules.sh --copy-in-tree DIR those that belong into a kernel tree.

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# The distribution's 6.12 (scripts/kernel.sh distro)
default_kdir()
{
	find "$BUILD/kernel/distro/usr/src" -maxdepth 1 -name 'linux-headers-*-amd64' 2>/dev/null
}

# check_kdir KDIR: prints its release
check_kdir()
{
	local release

	[ -n "$1" ] ||
		die "no kernel to build for: run 'make modules', or give KDIR="
	[ -r "$1/include/config/kernel.release" ] && [ -r "$1/Makefile" ] ||
		die "KDIR=$1 is not a configured kernel build tree: give one of Linux $oldest_kernel or later"
	release=$(cat "$1/include/config/kernel.release")
	at_least "$oldest_kernel" "$release" ||
		die "KDIR=$1 is Linux $release: the drivers need $oldest_kernel or later, give such a tree"
	echo "$release"
}

# Copy the driver sources, and those in the directories $2..., to $1; a file that is the same keeps its time, one that is gone goes
copy_sources()
{
	local file new old

	new=$(cd "$top" && find Kbuild Kconfig common pf vf include tests/kunit "${@:2}" -type f \
		\( -name '*.[ch]' -o -name Kbuild -o -name Kconfig -o -name Makefile \) \
		! -name '*.mod.c' | sort)
	for file in $new; do
		cmp -s "$top/$file" "$1/$file" || install -D -m 644 "$top/$file" "$1/$file"
	done
	old=$(cd "$1" && cat .sources 2>/dev/null || :)
	comm -13 <(echo "$new") <(echo "$old") | (cd "$1" && xargs -r rm -f)
	echo "$new" >"$1/.sources"
}

case "${1:-}" in
--kdir)
	kdir=$(default_kdir)
	check_kdir "$kdir" >/dev/null
	echo "$kdir"
	exit 0
	;;
--copy)
	mkdir -p "$2"
	copy_sources "$2" compat "${@:3}"
	exit 0
	;;
--copy-in-tree)
	mkdir -p "$2"
	copy_sources "$2"
	exit 0
	;;
"")
	die "usage: modules.sh NAME [KDIR] [VARIABLE=VALUE...]"
	;;
esac

name=$1 kdir=${2:-$(default_kdir)}
shift $(($# > 1 ? 2 : 1))
release=$(check_kdir "$kdir")
kdir=$(cd "$kdir" && pwd)
out=$BUILD/kernel/$name-modules
[ "$name" != distro ] || out=$BUILD/modules

lock "modules-$name"
need gcc make
need_space 100 "building the modules"
if ! stamped "modules-$name-for" "$kdir" "$release" "$@"; then
	rm -rf "$out"
	unstamp "modules-$name"
fi
mkdir -p "$out"
copy_sources "$out" compat tests/vm/module
# of a tree that is worked on, the headers may have changed
if [ -e "$stamps/modules-$name" ] && [ -z "$(find "$out" "$kdir"/{.config,arch/x86/boot/bzImage} \
		\( -name '*.[ch]' -o -name 'K*' -o -name Makefile -o -name .config -o -name bzImage \) \
		! -name '*.mod.c' -newer "$stamps/modules-$name" 2>/dev/null | head -n 1)" ]; then
	exit 0
fi
unstamp "modules-$name"
stamp "modules-$name-for" "$kdir" "$release" "$@"
touch "$stamps/.modules-$name-started"
step "modules for Linux $release" "modules-$name" \
	make -C "$kdir" "M=$out" "-j$JOBS" "$@" modules
stamp "modules-$name" "$release"
touch -r "$stamps/.modules-$name-started" "$stamps/modules-$name"
