# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the build scripts share; sourced. Sets top (the source tree) and BUILD, strict mode.

set -euo pipefail
export LC_ALL=C.UTF-8
# Debian's users have no sbin, where depmod and others are
case ":$PATH:" in
*:/usr/sbin:*) ;;
*) export PATH=$PATH:/usr/sbin:/sbin ;;
esac

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${BUILD:-$top/build}
JOBS=${JOBS:-$(nproc)}
# shellcheck disable=SC2034
stamps=$BUILD/stamps logs=$BUILD/logs

# These scripts run other projects' makefiles, which must not see the variables given to ours
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

# die WHAT. WHAT TO DO
die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# os NAME: that variable of /etc/os-release
os()
{
	sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" /etc/os-release 2>/dev/null || :
}

# need TOOL...
need()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing: run 'make setup', or install it by hand"
	done
}

# make, PATH, QEMU's options: each has a character that it can't quote
case "$top$BUILD" in
*[[:space:]:,]*) die "no blank, colon or comma may be in the paths $top and $BUILD: choose others" ;;
esac

# The mark of a directory that is all ours, for scripts/clean: it was new or empty when we took it
# shellcheck disable=SC2034
mark=.banyan-build

make_build()
{
	local found

	found=$(ls -A "$BUILD" 2>/dev/null || :)
	mkdir -p "$BUILD" 2>/dev/null && [ -w "$BUILD" ] ||
		die "cannot write to $BUILD: choose a place with BUILD="
	[ -n "$found" ] || touch "$BUILD/$mark"
}

# need_space MEGABYTES WHAT-FOR [DIRECTORY [VARIABLE]]: below $BUILD, or there; VARIABLE moves it
need_space()
{
	local where=${3:-$BUILD} variable=${4:-} avail hint="make room"

	[ $# -ge 3 ] || { make_build && variable=BUILD; }
	[ -z "$variable" ] || hint+=" or choose a place with $variable="
	avail=$(df --output=avail -BM "$where" | tail -n 1 | tr -dc 0-9)
	[ "$avail" -ge "$1" ] ||
		die "$2 needs $1 MB below $where, $avail MB are free: $hint"
}

# lock NAME: one at a time, until the script ends
lock()
{
	make_build
	exec 9>"$BUILD/.lock-$1"
	flock -w 3 9 || {
		echo "${0##*/}: waiting for another $1 in $BUILD" >&2
		flock 9
	}
}

# What the drivers need at least
# shellcheck disable=SC2034
oldest_kernel=6.12

# at_least VERSION FOUND: is what was found that version or a later one?
at_least()
{
	[ "$(printf '%s\n' "$1" "${2%%[-+]*}" | sort -V | head -n 1)" = "$1" ]
}

# unpack_kernel_packages DIRECTORY DEB...: a kernel and its headers, ready to build modules there
unpack_kernel_packages()
{
	local dir=$1 deb headers

	rm -rf "$dir" "$dir.tmp"
	mkdir -p "$dir.tmp"
	for deb in "${@:2}"; do
		dpkg-deb -x "$deb" "$dir.tmp"
	done
	# Debian's makefile includes the common one where it would be installed; kbuild starts beside it
	for headers in "$dir.tmp"/usr/src/linux-headers-*-amd64; do
		[ ! -e "$headers" ] || sed -i "s|^include /usr/src/|include ../|" "$headers/Makefile"
	done
	mv "$dir.tmp" "$dir"
}

# step NAME LOG COMMAND...: with its progress shown
step()
{
	local name=$1 log=$2

	shift 2
	"$top/scripts/step" "$name" "$logs/$log.log" -- "$@"
}

# copy_tree NAME LOG TREE DIRECTORY: a step that copies a source tree, but not its history and builds
copy_tree()
{
	step "$1" "$2" bash -o pipefail -c \
		'tar -C "$1" --exclude=./.git --exclude=./build -c . | tar -C "$2" -x' bash "$3" "$4"
}

# apt_fetch NAME HINT APT-GET-ARGUMENTS...: files of Debian 13 or its backports, which apt verifies (signed
# index, hashes), into a new directory $BUILD/downloads/NAME, unless they are there
apt_fetch()
{
	local dir=$BUILD/downloads/$1 hint=$2 config

	shift 2
	[ ! -d "$dir" ] || return 0
	command -v apt-get >/dev/null || die "no apt-get here to fetch ${dir##*/}: $hint"
	# a caller may have another way: errexit is off then
	config=$("$top/scripts/apt-private") || return
	rm -rf "$dir.tmp"
	mkdir -p "$dir.tmp" || return
	STEP_HINT=$hint step "fetch ${dir##*/}" "fetch-${dir##*/}" env -C "$dir.tmp" "APT_CONFIG=$config" apt-get -q "$@" ||
		return
	mv "$dir.tmp" "$dir"
}

# stamp NAME: the work NAME stands for is done, in the state that the arguments after it describe
stamp()
{
	mkdir -p "$stamps"
	echo "${@:2}" >"$stamps/.$1.tmp"
	mv "$stamps/.$1.tmp" "$stamps/$1"
}

# stamped NAME STATE...: is it?
stamped()
{
	[ -e "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "${*:2}" ]
}

unstamp()
{
	local name

	for name; do
		rm -f "$stamps/$name"
	done
}
