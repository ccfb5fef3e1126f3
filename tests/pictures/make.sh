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
{
    printf '[staff]\nmember_ids = ["200000028", "200000045", "200000062"]\n[policy]\nevents_per_year = 4\n'
    for kind in slack teams discord; do
        printf '[[channel]]\nname = "%s"\nkind = "%s"\nurl = "https://chat.example.com/"\n' "$kind" "$kind"
    done
    printf '[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "https://chat.example.com/"\nsecret = "whsec_%s"\n' \
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
} >gatherd.toml
"$gatherd" demo --once --groups 40 --database demo.db >/dev/null

# A Monday like most: a digest was told a week ago, and somebody was asked since. A demo's database sends
# nothing, so what it would have filed is put there by hand.
"$gatherd" report --send hook --dry-run --as-of "$(date -u -d '7 days ago' +%FT%TZ)" --database demo.db >before.json
python3 - "$here/../../schema/mirror/0006_told.sql" <<'PYTHON'
import json, sqlite3, sys
from datetime import datetime

document = json.load(open("before.json"))["data"]
as_of = int(datetime.fromisoformat(document["as_of"].replace("Z", "+00:00")).timestamp())
database = sqlite3.connect("demo.db")
for number, channel in enumerate(["slack", "teams", "discord"], 1):
    row = (number, channel, as_of, as_of, json.dumps(document))
    database.execute("INSERT INTO report_row VALUES (?, 'digest', ?, ?, ?, ?)", row)
    row = (number, channel, channel, as_of, as_of)
    database.execute(
        "INSERT INTO delivery_row (report, channel, kind, period, payload, state, created_at, sent_at)"
        " VALUES (?, ?, 'digest', ?, '{}', 'sent', ?, ?)", row)
database.commit()
# What a document told becomes rows as it did for those of earlier versions.
told = open(sys.argv[1]).read().split("-- What was told so far stands in the documents.")[1]
database.executescript(told.split("-- So much for what was told.")[0])
PYTHON
"$gatherd" asked lanternfish-st-johns --whom Paula --again +1w --database demo.db >/dev/null
for kind in slack teams discord; do
    "$gatherd" report --send "$kind" --dry-run --database demo.db >"$kind.json"
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
