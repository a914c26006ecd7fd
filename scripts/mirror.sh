#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the URL of the Debian mirror that this machine uses, read from apt's configuration.
# DEBIAN_MIRROR overrides it.

set -eu

if [ -n "${DEBIAN_MIRROR:-}" ]; then
	echo "${DEBIAN_MIRROR%/}"
	exit 0
fi

codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

# One line a package index: URI, the suite as configured, component. The entry for the release
# itself is the main archive; -updates and -security may lie elsewhere.
uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null |
	awk -v codename="$codename" '
		$3 == "main" && ($2 == codename || $2 ~ /^(stable|oldstable|testing|sid)$/) {
			print $1
			exit
		}')

case "$uri" in
mirror+file:*)
	# a list of mirrors, each with options behind it; the first will do
	uri=$(awk '/^[a-z]+:/ { print $1; exit }' "${uri#mirror+file:}")
	;;
esac

if [ -z "$uri" ]; then
	echo "mirror.sh: apt is configured with no Debian archive: set DEBIAN_MIRROR=<URL>" >&2
	exit 1
fi
echo "${uri%/}"
