#!/usr/bin/env bash
# Makes what a release carries of a program that is built: a tarball, a Debian package, the list of parts.
#
#   cargo build --profile dist --locked
#   packaging/release.sh target/dist/gatherd target/release-files
#
# Needs Debian's dpkg-deb, objdump and python3. The same program makes the same files.
set -euo pipefail
program="$(realpath "$1")"
mkdir -p "$2"
out="$(realpath "$2")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 022

version="$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)"
architecture="$(dpkg --print-architecture)"
name="gatherd-$version-linux-$architecture"
# Every file is as old as the change that it is made of.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH

place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
tree="$place/$name"
mkdir -p "$tree/completions" "$tree/systemd"

echo "what it needs of a system"
glibc="$(python3 packaging/needs.py "$program")"

echo "the list of parts, and their licences"
cargo metadata --locked --format-version 1 --filter-platform "$(rustc --print host-tuple)" |
    python3 packaging/parts.py "$program" "$tree/parts.cdx.json" "$tree/LICENSES-OF-PARTS.txt"

install -m 0755 "$program" "$tree/gatherd"
for shell in bash zsh fish; do
    "$program" completions "$shell" >"$tree/completions/gatherd.$shell"
done
"$program" man --out "$tree/man"
install -m 0644 LICENSE README.md CHANGELOG.md "$tree/"
mkdir "$tree/docs" "$tree/schema"
install -m 0644 docs/*.md "$tree/docs/"
install -m 0644 schema/README.md "$tree/schema/"
install -m 0644 packaging/gatherd.service packaging/credentials.conf packaging/sysusers.conf "$tree/systemd/"
# As the unit wants it: what is written goes to its state directory.
sed 's|^database = .*|database = "/var/lib/gatherd/gatherd.db"|' config/gatherd.toml >"$tree/gatherd.toml"
grep -qx 'database = "/var/lib/gatherd/gatherd.db"' "$tree/gatherd.toml"

echo "the tarball"
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --directory "$place" "$name" |
    gzip --no-name --best >"$out/$name.tar.gz"
install -m 0644 "$tree/parts.cdx.json" "$out/$name.cdx.json"

echo "the Debian package"
root="$place/root"
doc="$root/usr/share/doc/gatherd"
put() {
    install -D -m "$1" "$2" "$root$3"
}
put 0755 "$tree/gatherd" /usr/bin/gatherd
put 0644 packaging/gatherd.service /lib/systemd/system/gatherd.service
put 0644 packaging/sysusers.conf /usr/lib/sysusers.d/gatherd.conf
put 0644 "$tree/completions/gatherd.bash" /usr/share/bash-completion/completions/gatherd
put 0644 "$tree/completions/gatherd.zsh" /usr/share/zsh/vendor-completions/_gatherd
put 0644 "$tree/completions/gatherd.fish" /usr/share/fish/vendor_completions.d/gatherd.fish
for page in "$tree"/man/*.1; do
    put 0644 "$page" "/usr/share/man/man1/${page##*/}"
done
put 0644 LICENSE /usr/share/doc/gatherd/copyright
put 0644 README.md /usr/share/doc/gatherd/README.md
for page in docs/*.md schema/README.md; do
    put 0644 "$page" "/usr/share/doc/gatherd/$page"
done
put 0644 CHANGELOG.md /usr/share/doc/gatherd/changelog
put 0644 "$tree/LICENSES-OF-PARTS.txt" /usr/share/doc/gatherd/LICENSES-OF-PARTS.txt
put 0644 "$tree/parts.cdx.json" /usr/share/doc/gatherd/parts.cdx.json
put 0644 "$tree/gatherd.toml" /usr/share/doc/gatherd/examples/gatherd.toml
put 0644 packaging/credentials.conf /usr/share/doc/gatherd/examples/credentials.conf
gzip --no-name --best "$root"/usr/share/man/man1/*.1 "$doc/changelog" "$doc/LICENSES-OF-PARTS.txt"
install -d -m 0750 "$root/etc/gatherd"
size="$(du --summarize --apparent-size --block-size=1024 "$root" | cut -f 1)"
mkdir "$root/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" -e "s/@GLIBC@/$glibc/" \
    packaging/debian/control >"$root/DEBIAN/control"
install -m 0644 packaging/debian/templates "$root/DEBIAN/"
install -m 0755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN/"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group --build "$root" "$out/gatherd_${version}_$architecture.deb" >/dev/null

(cd "$out" && sha256sum "$name.tar.gz" "$name.cdx.json" "gatherd_${version}_$architecture.deb" | tee SHA256SUMS)
