#!/usr/bin/env bash
# Makes a small Debian image without Docker Hub: make.sh TAG LABEL. Package sources are those of this machine, security
# updates included, read at the moment of making; the tree names none.
set -euo pipefail

tag=$1 label=$2
root=$(mktemp -d /var/tmp/dinp-base.XXXXXX)
trap 'rm -rf "$root"' EXIT

# "URI SUITE COMPONENT" of each binary package source of the machine's own Debian release.
sources() {
  # shellcheck disable=SC2016  # apt's own placeholders
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' \
    | awk -v suite="$1" '$2 ~ "^" suite "(-updates|-security)?$" && $3 == "main"' | sort -u
}

# Proxy and date-check settings without which this machine's sources may not be usable from inside either.
apt_settings() { apt-config dump | grep -E '^Acquire::(http|https|Check-)' || true; }

suite=bookworm
mirror=$(sources "$suite" | awk -v suite="$suite" '$2 == suite { print $1; exit }')
if [[ -z $mirror ]]; then
  echo "apt has no package source for Debian $suite on this machine" >&2
  exit 1
fi

debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror"
sources "$suite" | sed 's/^/deb /' >"$root/etc/apt/sources.list"
apt_settings >"$root/etc/apt/apt.conf.d/50machine"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
# What a container never reads is not installed in the images built on this one either.
cat >"$root/etc/dpkg/dpkg.cfg.d/slim" <<'END'
path-exclude /usr/share/doc/*
path-exclude /usr/share/man/*
path-exclude /usr/share/locale/*
END
chroot "$root" apt-get -q update
DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -q -y dist-upgrade
chroot "$root" apt-get clean
rm -rf "$root"/usr/share/{doc,man,locale}/* "$root"/var/lib/apt/lists/* "$root"/var/log/*.log
# Packages with alternatives, Java among them, cannot be installed where these are missing.
mkdir -p "$root"/usr/share/man/man{1..8}

tar -C "$root" --one-file-system -c . | docker import --change 'CMD ["bash"]' --change "LABEL $label" - "$tag"
