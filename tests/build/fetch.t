#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A fetch of the distribution's kernel that fails is tried again with new package lists, and never
# taken for finished. apt is a stand-in.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
export BUILD=$tap_dir/build calls=$tap_dir/calls
unset KDIR DEBIAN_MIRROR

mkdir "$tap_dir/bin"
cat >"$tap_dir/bin/apt-cache" <<'END'
#!/bin/sh
[ -n "$no_package" ] || echo "  Depends: linux-headers-6.12.99-amd64"
END
# "download" gets the first $get_N packages at the Nth call
cat >"$tap_dir/bin/apt-get" <<'END'
#!/bin/sh
for word; do case "$word" in update | download) verb=$word ;; esac; done
echo "$verb" >>"$calls"
if [ "$verb" = update ] && [ -n "$locked" ] && [ "$(grep -c update "$calls")" = 1 ]; then
	echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)"
	exit 100
fi
[ "$verb" = download ] || exit 0
if [ "$(grep -c download "$calls")" = 1 ]; then count=$get_1; else count=$get_2; fi
for word; do
	case "$word" in
	linux-*)
		[ "$count" -gt 0 ] || exit "$status"
		count=$((count - 1))
		cp "$deb" "$word.deb"
		;;
	esac
done
exit 0
END
printf '#!/bin/sh\n[ "$1" != -n ] || shift\nexec "$@"\n' >"$tap_dir/bin/sudo"
chmod 755 "$tap_dir"/bin/*
export PATH=$tap_dir/bin:$PATH

# a package with what the script looks for in it
mkdir -p "$tap_dir/deb/DEBIAN" "$tap_dir/deb/usr/src/linux-headers-6.12.99-amd64"
printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n' \
	>"$tap_dir/deb/DEBIAN/control"
echo 'include /usr/src/linux-headers-6.12.99-common/Makefile' \
	>"$tap_dir/deb/usr/src/linux-headers-6.12.99-amd64/Makefile"
export deb=$tap_dir/x.deb

# fetch NAME EXIT-STATUS CALLS: kernel.sh distro ends so, after these calls of apt-get
fetch()
{
	local name=$1 wanted=$2 got=0

	shift 2
	rm -rf "$BUILD"
	: >"$calls"
	"$top/scripts/kernel.sh" distro >"$tap_dir/output" 2>&1 </dev/null || got=$?
	if [ "$got" -eq "$wanted" ] && [ "$(xargs <"$calls")" = "$*" ] &&
		{ [ "$wanted" -eq 0 ] || [ ! -e "$BUILD/downloads/linux" ]; } &&
		{ [ "$wanted" -ne 0 ] || [ -e "$BUILD/kernel/distro/usr/src" ]; }; then
		tap_ok "$name"
	else
		{ echo "exit status $got, calls:"; cat "$calls"; ls -d "$BUILD"/downloads/*; } >>"$tap_dir/output"
		tap_not_ok "$name" "$tap_dir/output"
	fi
}

if ! dpkg-deb -b "$tap_dir/deb" "$deb" >"$tap_dir/output" 2>&1 ||
	! "$top/scripts/setup" --headers >"$tap_dir/output" 2>&1; then
	echo "1..0 # SKIP not Debian: $(tail -n 1 "$tap_dir/output")"
	exit 0
fi
export status=100 get_1=4 get_2=4 no_package='' locked=''
fetch "a fetch" 0 download
get_1=0
fetch "a fetch that fails is tried again with new lists" 0 download update download
locked=1
fetch "new lists wait for whoever makes them" 0 download update update download
locked='' get_2=2
fetch "a fetch that fails twice isn't taken for done" 1 download update download
status=0 get_1=3 get_2=3
fetch "nor is one that lacks a package" 1 download update download
no_package=1
fetch "nor lists without the package" 1 update

tap_done
