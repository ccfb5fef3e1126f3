"""The pages of a network of 1,000 groups: how large they are as sent, and how long they take once warm.

    python3 pages_of_a_thousand.py GATHERD

`/groups` is to stay under 300 kB as sent (gzip), with every group in it. Times are told and nothing is made of
them: on a machine that does something else they say little.
"""

import gzip
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

GROUPS = 1_000
MOST = 300_000
PAGES = ["/", "/groups", "/groups?sort=days", "/calendar", "/map", "/trust"]


def asked(address):
    """What comes back as a browser asks for it: as sent, unpacked, and the seconds it took."""
    request = urllib.request.Request(address, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        sent = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    took = time.perf_counter() - began
    return sent, (gzip.decompress(sent) if packed else sent).decode(), took


def main(gatherd):
    faults = []
    with tempfile.TemporaryDirectory() as place:
        database = pathlib.Path(place, "demo.db")
        demo = [gatherd, "demo", "--groups", str(GROUPS), "--database", str(database)]
        with subprocess.Popen(demo, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
            try:
                site = next(found[1] for line in daemon.stdout if (found := re.search(r"open (http://\S+)/", line)))
                while True:
                    try:
                        _, body, _ = asked(f"{site}/api/groups")
                        break
                    except urllib.error.URLError:
                        time.sleep(0.5)
                groups = json.loads(body)["groups"]
                if len(groups) != GROUPS:
                    faults.append(f"/api/groups has {len(groups)} groups")
                for page in PAGES:
                    asked(site + page)
                    seen = [asked(site + page) for _ in range(5)]
                    sent, body, _ = seen[0]
                    took = statistics.median(it[2] for it in seen)
                    print(f"{page:<20} {len(sent) / 1000:6.0f} kB as sent {len(body) / 1000:7.0f} kB {1000 * took:6.0f} ms")
                    if page.startswith("/groups"):
                        missing = [it["urlname"] for it in groups if f'/groups/{it["urlname"]}"' not in body]
                        if missing:
                            faults.append(f"{page} lacks {len(missing)} groups, such as {missing[0]}")
                        if len(sent) >= MOST:
                            faults.append(f"{page} is {len(sent)} bytes as sent")
            finally:
                daemon.terminate()
    for fault in faults:
        print(f"- {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
