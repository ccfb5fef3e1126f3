#!/usr/bin/env bash
# Makes the pictures of README.md and docs/digest.md anew: the digest of the demo as Slack, Teams and Discord show it.
# Needs a built gatherd, node with npm, python3 and chromium; CI does not run it.
#
#     cargo build && tests/pictures/make.sh
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
gatherd="$target/debug/gatherd"
kit="$target/kits/pictures"
npm install --prefix "$kit/node" --silent --no-audit --no-fund --no-save \
    'adaptivecards@^3.0' 'jsdom@^29.0' 'markdown-it@^14.0'
python3 -m venv "$kit/python"
"$kit/python/bin/python" -m pip install --quiet --disable-pip-version-check 'pillow>=11,<14'

place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
cd "$place"
"$gatherd" demo --once --groups 40 --database demo.db >/dev/null

# The demo's last Monday, as each of the services gets it: its own channel by another kind, so that what was told
# on the Mondays before is remembered.
last='SELECT max(period) FROM delivery_row WHERE kind = "digest"'
monday="$(python3 -c 'import sqlite3, sys; print(sqlite3.connect("demo.db").execute(sys.argv[1]).fetchone()[0])' "$last")"
for kind in slack teams discord; do
    sed -e "s/^kind = .*/kind = \"$kind\"/" -e '/^secret = /d' gatherd.toml >"$kind.toml"
    printf '\n[policy]\nevents_per_year = 4\n' >>"$kind.toml"
    "$gatherd" report --send monday --dry-run --raw --as-of "$monday" --config "$kind.toml" >"$kind.json"
    NODE_PATH="$kit/node/node_modules" node "$here/page.cjs" "$kind" "$kind.json" >"$kind.html"
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1.5 \
        --window-size=800,3000 --screenshot="$kind.png" "file://$place/$kind.html" 2>/dev/null
    "$kit/python/bin/python" - "$kind.png" "$here/$kind.png" <<'PYTHON'
import sys
from PIL import Image, ImageChops

picture = Image.open(sys.argv[1]).convert("RGB")
ground = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
bottom = ImageChops.difference(picture, ground).getbbox()[3]
picture = picture.crop((0, 0, picture.width, min(bottom + 24, picture.height)))
picture.quantize(96, dither=Image.Dither.NONE).save(sys.argv[2], optimize=True)
PYTHON
done
ls -l "$here"/*.png
