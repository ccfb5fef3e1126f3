#!/usr/bin/env bash
# What is handed on, as whoever installs it meets it: the unit as systemd judges it, the list of parts as CycloneDX
# wants it, the package installed on this machine, run, upgraded, removed and purged. It leaves the machine as it was,
# so it refuses one on which gatherd is installed.
#
#   tests/checks/package.sh DIRECTORY_OF_RELEASE PYTHON_WITH_CYCLONEDX
#
# As root, on Debian.
set -euo pipefail
release="$(realpath "$1")"
python="$2"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DEBIAN_FRONTEND=noninteractive
unit=/lib/systemd/system/gatherd.service
state=/var/lib/gatherd
config=/etc/gatherd

say() {
    printf -- '-- %s\n' "$1"
}
wrong() {
    echo "$1" >&2
    exit 1
}

((EUID == 0)) || wrong "a package is installed by root alone"
if getent passwd gatherd >/dev/null || [[ -e $state || -e $config || -e $unit ]]; then
    wrong "gatherd is on this machine already: look at its package elsewhere"
fi
missing=0
for tool in systemd-analyze systemd-sysusers deb-systemd-helper debconf-set-selections update-ca-certificates; do
    command -v "$tool" >/dev/null || missing=1
done
if ((missing)); then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends systemd init-system-helpers debconf ca-certificates >/dev/null
fi

say "the files"
(cd "$release" && sha256sum --quiet --check SHA256SUMS)
place="$(mktemp -d)"
tar --extract --gzip --file "$release"/gatherd-*.tar.gz --directory "$place"
tree="$(echo "$place"/gatherd-*)"
"$tree/gatherd" --version
for file in completions/gatherd.{bash,zsh,fish} man/gatherd.1 man/gatherd-init.1 docs/operating.md gatherd.toml systemd/{gatherd.service,credentials.conf,sysusers.conf} \
    LICENSE LICENSES-OF-PARTS.txt README.md; do
    [[ -s "$tree/$file" ]] || wrong "the tarball lacks $file"
done
bash -n "$tree/completions/gatherd.bash"
"$python" - "$tree/parts.cdx.json" <<'END'
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

wrong = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
sys.exit(wrong and f"the list of parts: {wrong}")
END

# No service is started or stopped here: what would be asked for is kept. Links of units are made by the real tool.
mkdir "$place/bin"
keeps() {
    printf '#!/bin/sh\necho "%s $*" >>"%s/asked"\n%s\n' "$1" "$place" "$2" >"$place/bin/$1"
    chmod +x "$place/bin/$1"
}
keeps deb-systemd-invoke ""
# shellcheck disable=SC2016 # the shell that is written there
keeps systemctl "$(printf 'case "$*" in *daemon-reload* | *is-active*) ;; *) exec %s "$@" ;; esac' "$(command -v systemctl)")"
made_manager=0
end() {
    dpkg --purge gatherd >/dev/null 2>&1 || true
    rm -rf "$place" "$state" "$config"
    if getent passwd gatherd >/dev/null; then userdel gatherd; fi
    if ((made_manager)); then rmdir /run/systemd/system 2>/dev/null || true; fi
}
trap end EXIT
if [[ ! -d /run/systemd/system ]]; then
    mkdir -p /run/systemd/system
    made_manager=1
fi
# What dpkg did, and what its scripts asked of the service manager meanwhile.
packaged() {
    : >"$place/asked"
    PATH="$place/bin:$PATH" dpkg --force-unsafe-io "$@" >"$place/said" 2>&1 || wrong "dpkg $*: $(cat "$place/said")"
}
asked() {
    grep -qx "$1" "$place/asked" || wrong "nobody asked for: $1 (but for: $(cat "$place/asked"))"
}
deb="$(echo "$release"/gatherd_*.deb)"

say "installed"
packaged --install "$deb"
asked "deb-systemd-invoke start gatherd.service"
[[ "$(systemctl --root=/ is-enabled gatherd.service)" == enabled ]] || wrong "it would not start with the machine"
[[ "$(stat --format '%U %a' $state)" == "gatherd 700" ]] || wrong "$state: $(stat --format '%U %a' $state)"
[[ "$(stat --format '%U %G %a' $config)" == "root gatherd 750" ]] || wrong "$config: $(stat --format '%U %G %a' $config)"
dpkg --verify gatherd

say "the unit, as systemd judges it"
systemd-analyze security --offline=true --no-pager --threshold=20 $unit | tail -n 1
mkdir "$place/gatherd.service.d"
cp $unit "$place/"
cp packaging/credentials.conf "$place/gatherd.service.d/"
for file in $unit "$place/gatherd.service"; do
    found="$(systemd-analyze verify --man=no "$file" 2>&1)" || wrong "systemd-analyze verify: $found"
    [[ -z "$found" ]] || wrong "systemd-analyze verify: $found"
done

say "run as the unit says"
python3 tests/checks/as_the_unit.py $unit

say "upgraded"
packaged --install "$deb"
asked "deb-systemd-invoke restart gatherd.service"
if grep -q ' stop ' "$place/asked"; then wrong "an upgrade stops it for longer than a restart takes"; fi
[[ -s $config/gatherd.toml && -s $state/gatherd.db ]] || wrong "an upgrade lost what was there"

say "removed"
packaged --remove gatherd
asked "deb-systemd-invoke stop gatherd.service"
[[ ! -e /usr/bin/gatherd && -s $config/gatherd.toml && -s $state/gatherd.db ]] || wrong "removing takes the program alone"

say "purged"
packaged --purge gatherd
[[ ! -e $config && -s $state/gatherd.db ]] || wrong "a purge takes configuration and secrets, and asks for more"
grep 'stays in /var/lib/gatherd' "$place/said"
packaged --install "$deb"
echo 'gatherd gatherd/purge_state boolean true' | debconf-set-selections
packaged --purge gatherd
[[ ! -e $config && ! -e $state ]] || wrong "a purge that was agreed to leaves something"
grep 'removing /var/lib/gatherd' "$place/said"

say "nothing of it is left but the account"
left="$(find /etc /usr /lib /var -xdev \( -path "$PWD" -o -path "$release" \) -prune -o \
    -path '*gatherd*' -newer "$place/bin" -print)"
[[ -z "$left" ]] || wrong "left: $left"
