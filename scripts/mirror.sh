#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# mirror.sh            the URL of the Debian mirror that this machine uses, read from apt's configuration;
#                      DEBIAN_MIRROR overrides it
# mirror.sh --keyring  the keyring that verifies what comes from there: the one that apt's own entry names

set -eu

# What apt is configured with, fetched or not, as lines of these fields. Its installation medium is no mirror
targets()
{
	apt-get indextargets --no-release-info --format "$1" 'Created-By: Packages' 2>/dev/null |
		grep -v '^cdrom:' || :
}

mirror()
{
	local codename uri

	if [ -n "${DEBIAN_MIRROR:-}" ]; then
		echo "${DEBIAN_MIRROR%/}"
		return
	fi
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	# One line a package index: URI, the suite as configured, component. The entry for the release
	# itself is the main archive; -updates and -security may lie elsewhere.
	uri=$(targets '$(REPO_URI) $(RELEASE) $(COMPONENT)' |
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
}

# In either format of sources
keyring()
{
	local uri keyring

	uri=$(mirror)
	keyring=$(targets '$(REPO_URI) $(SOURCESENTRY)' |
		awk -v uri="$uri" '{ sub("/$", "", $1) } $1 == uri { sub(":[0-9]+$", "", $2); print $2; exit }' |
		xargs -r sed -nE 's/.*([Ss]igned-[Bb]y: *|signed-by=)(\/[^] ]+).*/\2/p' | head -n 1)
	[ -n "$keyring" ] || keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	if [ ! -r "$keyring" ]; then
		echo "mirror.sh: no keyring at $keyring: install debian-archive-keyring," \
			"what is fetched can't be verified without" >&2
		exit 1
	fi
	echo "$keyring"
}

case "${1:-}" in
--keyring)
	keyring
	;;
*)
	mirror
	;;
esac
