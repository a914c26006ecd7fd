#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The device model as an object: stock binaries take it, and where it doesn't belong it says so in one line and
# harms nobody.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
build=${BUILD:-$top/build}
device=$build/device
unset QEMU LD_PRELOAD
for series in 10.0 11.1; do
	tap_need "$device/lib/qemu-banyan/banyan-$series.so" "make device SERIES=$series"
	tap_need "$build/qemu/$series/stock/usr/bin/qemu-system-x86_64" "make device SERIES=$series"
done

stock()
{
	echo "$build/qemu/$1/stock/usr/bin/qemu-system-x86_64"
}

# start SERIES ARGUMENT...: a machine with the device, for as long as its monitor's commands (stdin) take
start()
{
	local series=$1

	shift
	{ cat; echo quit; } | QEMU=$(stock "$series") timeout 60 "$launcher" -M q35 -nodefaults -display none -S \
		-monitor stdio -device pcie-root-port,id=rp0,slot=1 -device pcie-root-port,id=rp1,slot=2 "$@"
}

launcher=$device/bin/qemu-banyan
for series in 10.0 11.1; do
	tap_run "$series: the device's properties" sh -c \
		'QEMU=$1 "$2" -device banyan,help | grep "^  vf-queue-pairs="' sh "$(stock "$series")" "$launcher"
	tap_run "$series: nothing is said of it where all is well" sh -c \
		'! QEMU=$1 "$2" -device banyan,help 2>&1 >/dev/null | grep .' sh "$(stock "$series")" "$launcher"
	printf '%s\n' "info network" "info qtree" "qom-get nic vfs" "qom-set nic fault lose-interrupts" \
		"qom-get nic fault" "device_add banyan,id=nic2,bus=rp1,vfs=3" "qom-get nic2 vfs" |
		start "$series" -netdev user,id=up0 -device banyan,id=nic,bus=rp0,netdev=up0,vfs=7 \
			-trace 'bny_reset' >"$tap_dir/said" 2>&1
	for word in 'model=banyan' 'dev: banyan, id "nic"' '^7' '^"lose-interrupts"' '^3' \
		'bny_reset .*func 7 generation'; do
		tap_run "$series: the monitor and the trace have $word" grep -a -e "$word" "$tap_dir/said"
	done
done

# refuses NAME LINE COMMAND...: LINE is all that it says of Banyan
refuses()
{
	local name=$1 line=$2

	shift 2
	"$@" >"$tap_dir/said" 2>&1 </dev/null
	tap_run "$name" sh -c 'cat "$1"; [ "$(grep -c "banyan: " "$1")" = 1 ] && grep -Eq "$2" "$1"' \
		sh "$tap_dir/said" "^banyan: not loaded: $line"
}

preload=LD_PRELOAD=$device/lib/qemu-banyan/banyan.so
refuses "a program that is no QEMU" "/bin/true exports no symbols of QEMU" env "$preload" /bin/true
tap_run "it runs all the same" env "$preload" /bin/true
tap_run "what it starts is left alone" sh -c '[ "$(env "$1" sh -c "env | grep -c LD_PRELOAD")" = 0 ]' sh "$preload"
tap_run "but for what others want preloaded" sh -c \
	'[ "$(env "$1:/usr/lib/x86_64-linux-gnu/libc.so.6" printenv LD_PRELOAD)" = /usr/lib/x86_64-linux-gnu/libc.so.6 ]' \
	sh "$preload"

# launch SERIES: by a launcher with other objects than $device's
launch()
{
	env QEMU="$(stock "$1")" "$tap_dir/other/bin/qemu-banyan" -device banyan,help
}

mkdir -p "$tap_dir/other/lib/qemu-banyan" "$tap_dir/other/bin"
cp "$device/lib/qemu-banyan/banyan.so" "$tap_dir/other/lib/qemu-banyan"
cp "$launcher" "$tap_dir/other/bin"
refuses "a series without an object" ".*/qemu-system-x86_64 is QEMU 11\.1\.[0-9]*, and there is no .*/banyan-11\.1\.so " \
	launch 11.1
tap_run "QEMU goes on without" grep -a "Device 'banyan' not found" "$tap_dir/said"
cp "$device/lib/qemu-banyan/banyan-10.0.so" "$tap_dir/other/lib/qemu-banyan/banyan-11.1.so"
refuses "an object of the other series" "it was made for QEMU 10\.0\.[0-9]*, this is 11\.1\.[0-9]*$" launch 11.1
tap_run "QEMU goes on without" grep -a "Device 'banyan' not found" "$tap_dir/said"
echo >"$tap_dir/other/lib/qemu-banyan/banyan-10.0.so"
refuses "an object that is none" ".*/banyan-10\.0\.so: " launch 10.0

# build_edited SED-SCRIPT: an object for 10.0, made from edited sources
build_edited()
{
	rm -rf "$tap_dir/edited"
	mkdir -p "$tap_dir/edited" "$tap_dir/other/obj-10.0"
	cp -r "$top/qemu-device" "$top/include" "$tap_dir/edited"
	cp -p "$device"/obj-10.0/*.o "$tap_dir/other/obj-10.0"
	rm -f "$tap_dir/other/obj-10.0/loadable.o"
	sed -i "$1" "$tap_dir/edited/qemu-device/loadable/loadable.c"
	! cmp -s "$tap_dir/edited/qemu-device/loadable/loadable.c" "$top/qemu-device/loadable/loadable.c" &&
		make -s -C "$tap_dir/edited/qemu-device/loadable" OUT="$tap_dir/other" SERIES=10.0 \
			QEMU_SRC="${QEMU_SRC:-$build/qemu/10.0/src}" QEMU_BUILD="$build/qemu/10.0/headers" >"$tap_dir/output" 2>&1
}

# What each of the measures is for
while IFS=: read -r what edit; do
	build_edited "$edit"
	refuses "a QEMU with another $what" "it was made for QEMU 10\.0\.[0-9]*, where .*$what.* is [0-9]*; here it is [0-9]*$" \
		launch 10.0
done <<'END'
max_bounce_buffer_size:s/offsetof(PCIDevice, max_bounce_buffer_size)/8 + &/
MemoryRegion:s/rounded(sizeof(MemoryRegion))/rounded(16 + sizeof(MemoryRegion))/
VMStateDescription:s/sizeof(VMStateDescription),/8 + &/
VMStateField:s/PCIEAERLog, log_num,/PCIEAERLog, log_max,/
END
build_edited 's/qemu->micro >= QEMU_VERSION_MICRO/qemu->micro > QEMU_VERSION_MICRO/'
refuses "a QEMU that is older" "it was made for QEMU 10\.0\.[0-9]*, this is 10\.0\.[0-9]*$" launch 10.0

tap_run "no QEMU at all" sh -c '! QEMU=/nonexistent "$1" 2>&1 | grep -v "^qemu-banyan: no /nonexistent here: install"' \
	sh "$launcher"
tap_done
