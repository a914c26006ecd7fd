#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Make the guests' disks, for L1 and L2 alike:
#
#   image.sh rootfs              $BUILD/image/rootfs.squashfs: a Debian 13 userland
#   image.sh kernel NAME BZIMAGE MODDIR [distribution]
#                                $BUILD/image/NAME/: kernel, initrd, kernel.squashfs. MODDIR holds lib/modules
#                                or usr/lib/modules, of which a distribution's has far more than is wanted
#
# Needs no root: mmdebstrap takes a user namespace then. Nothing half made is left under its name.

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

image=$BUILD/image

# What testers of NIC drivers use, and what the lab itself needs in the guests
packages=(
	bpftool busybox-static dbus ethtool iperf3 iproute2 iputils-arping iputils-ping
	iputils-tracepath jq kmod netsniff-ng network-manager nftables pciutils procps python3 python3-yaml
	qemu-system-data qemu-system-x86 socat tcpdump udev
)

# Modules of a distribution's kernel that go into the image; what they depend on comes too
modules=(
	arch/x86/kvm drivers/block/loop drivers/block/virtio_blk drivers/firmware/qemu_fw_cfg
	drivers/dibs drivers/infiniband/core drivers/iommu drivers/net/bonding drivers/net/dummy
	drivers/net/ethernet/intel/e1000 drivers/net/ethernet/intel/e1000e
	drivers/net/ethernet/intel/igb drivers/net/ethernet/intel/igbvf drivers/net/geneve
	drivers/net/ifb drivers/net/ipvlan drivers/net/macvlan drivers/net/macvtap
	drivers/net/net_failover drivers/net/netconsole drivers/net/netdevsim drivers/net/nlmon
	drivers/net/tap drivers/net/team drivers/net/tun drivers/net/veth drivers/net/virtio_net
	drivers/net/vmxnet3 drivers/net/vrf drivers/net/vxlan drivers/pci drivers/vfio drivers/vhost
	drivers/virtio fs/9p fs/fuse fs/overlayfs fs/squashfs lib/crypto lib/dim net/8021q net/9p
	net/bridge net/core net/ipv4 net/ipv6 net/key net/llc net/netfilter net/packet net/psample
	net/sched net/smc net/tls net/xfrm crypto/crc32c_generic drivers/net/wireguard
)

# The initramfs loads these, in this order after what they depend on
boot_modules=(virtio_blk squashfs overlay)

# Squash the directory $1 into the file $2
squash() {
	tar -C "$1" --owner=0 --group=0 --numeric-owner --sort=name -c . |
		tar2sqfs -q -f -c lz4 "$2.tmp"
	mv "$2.tmp" "$2"
}

# for the trap, which runs outside of the function
tar=$image/rootfs.tar

make_rootfs() {
	local mirror keyring

	need mmdebstrap tar2sqfs
	mirror=$("$top/scripts/mirror.sh")
	keyring=$("$top/scripts/mirror.sh" --keyring)
	mkdir -p "$image"
	trap 'rm -f "$tar" "$image/rootfs.squashfs.tmp"' EXIT
	# Without root, it must be a place that others than the user may enter, which homes often aren't
	[ "$(id -u)" -ne 0 ] || export TMPDIR=$image
	need_space 1000 "unpacking the root file system" "${TMPDIR:-/tmp}" TMPDIR
	# Man pages, documents and translations would only make the disk larger
	mmdebstrap --variant=minbase --keyring="$keyring" --include="$(IFS=,; echo "${packages[*]}")" \
		--aptopt='APT::Install-Recommends "false"' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		trixie "$tar" "$mirror" ||
		die "mmdebstrap failed: see above (is $mirror reachable?)"
	tar2sqfs -q -f -c lz4 "$image/rootfs.squashfs.tmp" <"$tar"
	mv "$image/rootfs.squashfs.tmp" "$image/rootfs.squashfs"
}

# Print the closure of the modules wanted, as paths below $1/kernel
wanted_modules() {
	awk -v want="${modules[*]}" '
		BEGIN {
			n = split(want, prefix, " ")
		}
		{
			sub(":", "", $1)
			for (i = 2; i <= NF; i++)
				deps[$1] = deps[$1] " " $i
			all[$1] = 1
		}
		function take(m,  list, k, j) {
			if (m in taken)
				return
			taken[m] = 1
			print m
			k = split(deps[m], list, " ")
			for (j = 1; j <= k; j++)
				take(list[j])
		}
		END {
			for (m in all)
				for (i = 1; i <= n; i++)
					if (index(m, "kernel/" prefix[i] "/") == 1 ||
					    index(m, "kernel/" prefix[i] ".ko") == 1)
						take(m)
		}' "$1/modules.dep"
}

# Keep of the module tree $1 (.../lib/modules/KVER) what is wanted
prune_modules() {
	local tree=$1 keep=$1.keep

	mkdir "$keep"
	wanted_modules "$tree" >"$keep/list"
	tar -C "$tree" -c -T "$keep/list" | tar -C "$keep" -x
	rm "$keep/list"
	mv "$tree"/modules.{order,builtin*} "$keep"
	rm -r "$tree"
	mv "$keep" "$tree"
}

# Make the initramfs $1, with those boot modules from the tree $2 that aren't built in
make_initrd() {
	local out=$1 tree=$2 dir=$work/initrd name dep n=10

	mkdir -p "$dir"/{bin,dev,proc,sys,mnt,modules}
	cp "$(command -v busybox)" "$dir/bin/busybox"
	cp "$top/lab/initramfs-init" "$dir/init"
	chmod 755 "$dir/init"
	for name in "${boot_modules[@]}"; do
		# modules.dep lists what a module needs, first needed last
		for dep in $(awk -F: -v m="/$name.ko" '
				substr($1, length($1) - length(m) + 1) == m {
					k = split($2, d, " ")
					for (; k; k--)
						print d[k]
					print $1
				}' "$tree/modules.dep"); do
			cp "$tree/$dep" "$dir/modules/$n-${dep##*/}"
			n=$((n + 1))
		done
	done
	(cd "$dir" && find . | LC_ALL=C sort | busybox cpio -o -H newc 2>/dev/null) >"$out"
}

# Print the number of $3 bytes (1, 4) at offset $2 of the file $1
number_at() {
	od -An -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# Write the kernel in the bzImage $1 to $2, uncompressed if that is easy: emulated guests start
# seconds earlier then. QEMU enters it by the PVH note that distributions' kernels have. Offsets
# are from Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length.
unpack_kernel() {
	local payload length magic

	payload=$(((1 + $(number_at "$1" 0x1f1 1)) * 512 + $(number_at "$1" 0x248 4)))
	length=$(number_at "$1" 0x24c 4)
	magic=$(od -An -t x1 -j "$payload" -N 4 "$1" | tr -d ' ')
	if [ "$magic" = 28b52ffd ]; then
		# the build appends the uncompressed size
		head -c "$((payload + length - 4))" "$1" | tail -c "+$((payload + 1))" |
			zstd -q -d >"$2"
	else
		cp "$1" "$2"
	fi
}

# Assemble $image/$1 from the kernel $2 and the modules below the directory $3; $4: a distribution's
make_kernel() {
	local name=$1 bzimage=$2 moddir=$3 distribution=${4:-} disk=$work/disk tree

	need tar2sqfs busybox depmod xz
	# merged /usr or not
	[ -d "$moddir/lib/modules" ] || moddir=$moddir/usr
	mkdir -p "$disk/boot" "$disk/usr/lib" "$image/$name"
	cp -a "$moddir/lib/modules" "$disk/usr/lib/"
	tree=$(echo "$disk"/usr/lib/modules/*)
	rm -f "$tree"/{build,source}
	if [ -n "$distribution" ]; then
		# the package's script would have run depmod
		depmod -b "$disk/usr" "${tree##*/}"
		prune_modules "$tree"
	fi
	# Decompression costs a guest more than reading a larger file
	find "$tree" -name '*.ko.xz' -exec xz -d -T1 {} +
	find "$tree" -name '*.ko.zst' -exec zstd -q -d --rm {} +
	find "$tree" -name '*.ko.gz' -exec gzip -d {} +
	depmod -b "$disk/usr" "${tree##*/}"
	# L1 boots L2 with the same files, so they are on its disk as well
	unpack_kernel "$bzimage" "$disk/boot/kernel"
	make_initrd "$disk/boot/initrd" "$tree"
	squash "$disk" "$image/$name/kernel.squashfs"
	# the lab adds Banyan's modules to this copy for depmod
	rm -rf "$image/$name/tree"
	mkdir "$image/$name/tree"
	mv "$disk/usr/lib" "$image/$name/tree/lib"
	cp "$disk/boot/kernel" "$disk/boot/initrd" "$image/$name/"
}

case "${1:-} $#" in
"rootfs 1")
	make_rootfs
	;;
"kernel "[45])
	mkdir -p "$image"
	work=$(mktemp -d "$image/.work.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	make_kernel "${@:2}"
	;;
*)
	die "usage: image.sh rootfs | kernel NAME BZIMAGE MODDIR [distribution]"
	;;
esac
