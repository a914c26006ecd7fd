#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's source: the one that Debian's metapackage names, whichever that is, and what was made of another
# isn't taken for what is made of it. apt is a stand-in.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
export BUILD=$tap_dir/build debs=$tap_dir/debs DEBIAN_MIRROR=http://127.0.0.1:9/debian
unset KERNEL_SRC

mkdir -p "$tap_dir/bin" "$debs"
cat >"$tap_dir/bin/apt-cache" <<'END'
#!/bin/sh
[ -z "$newest" ] || echo "  Depends: linux-source-$newest"
END
cat >"$tap_dir/bin/apt-get" <<'END'
#!/bin/sh
for word; do case "$word" in linux-source-*) cp "$debs/$word.deb" .; esac; done
END
chmod 755 "$tap_dir"/bin/*
export PATH=$tap_dir/bin:$PATH

# package VERSION: linux-source-VERSION, as far as it is looked at
package()
{
	local tree=$tap_dir/linux-source-$1 root=$tap_dir/deb-$1

	mkdir -p "$tree/drivers/net/ethernet" "$root/DEBIAN" "$root/usr/src"
	echo "$1" >"$tree/version"
	echo "endif # ETHERNET" >"$tree/drivers/net/ethernet/Kconfig"
	touch "$tree/drivers/net/ethernet/Makefile"
	tar -C "$tap_dir" -cJf "$root/usr/src/linux-source-$1.tar.xz" "linux-source-$1"
	printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n' >"$root/DEBIAN/control"
	dpkg-deb -b "$root" "$debs/linux-source-$1.deb"
}

# source_is VERSION: kernel.sh has that one
source_is()
{
	"$top/scripts/kernel.sh" source && grep -x "$1" "$BUILD/kernel/src/version" &&
		grep banyan/Kconfig "$BUILD/kernel/src/drivers/net/ethernet/Kconfig"
}

if ! { package 8.1 && package 10.0; } >"$tap_dir/output" 2>&1; then
	echo "1..0 # SKIP not Debian: $(tail -n 1 "$tap_dir/output")"
	exit 0
fi
export newest=8.1
tap_run "the one that the metapackage names" source_is 8.1
mkdir -p "$BUILD"/kernel/{debug,intree}
touch "$BUILD"/stamps/kernel-{debug,debug-config,intree}
newest=10.0
tap_run "what was fetched is kept" source_is 8.1
tap_run "and what was made of it" test -d "$BUILD/kernel/debug" -a -e "$BUILD/stamps/kernel-debug"
rm -r "$BUILD/downloads/linux-source"
tap_run "a newer one takes its place" source_is 10.0
tap_run "what was made of the older goes" sh -c '! ls "$BUILD"/kernel/debug "$BUILD"/kernel/intree "$BUILD"/stamps/kernel-[di]*'
rm -r "$BUILD/downloads/linux-source"
newest=''
tap_run "backports without one are named" sh -c '! "$1/scripts/kernel.sh" source >"$2" 2>&1 &&
	grep -qx "kernel.sh: .* have no linux-source: choose .*" "$2"' sh "$top" "$tap_dir/said"
newest=11.0
tap_run "a fetch that failed isn't taken for done" sh -c '! "$1/scripts/kernel.sh" source &&
	[ ! -e "$BUILD/downloads/linux-source" ]' sh "$top"

tap_done
