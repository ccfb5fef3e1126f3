"""Opens a mirror with Datasette by config/datasette.yml, and asks every question that stands there.

    python -m venv datasette && datasette/bin/pip install 'datasette>=0.65,<1'
    datasette/bin/python tests/checks/datasette_opens.py target/debug/gatherd
"""

import json
import pathlib
import re
import subprocess
import sys

from gatherd import Gatherd

CONFIG = pathlib.Path(__file__).parent.parent.parent / "config" / "datasette.yml"
# What a first reading leaves nothing of.
MAY_BE_EMPTY = {"changed_answers"}


def main(program):
    gatherd = Gatherd(program, "")
    with gatherd.demo() as meetup:
        gatherd.configure(f'database = "gatherd.db"\n{meetup}')
        gatherd.run("backfill")
    database = gatherd.place / "gatherd.db"

    def asked(path):
        words = [sys.executable, "-m", "datasette", str(database), "-m", str(CONFIG), "--get", path]
        ran = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        assert ran.returncode == 0, f"{path}: {ran.stdout}{ran.stderr}"
        return ran.stdout

    names = re.findall(r"^      (\w+):\n        title: ", CONFIG.read_text(), re.MULTILINE)
    assert len(names) >= 10, names
    for name in names:
        rows = json.loads(asked(f"/gatherd/{name}.json?_shape=array"))
        assert rows or name in MAY_BE_EMPTY, f"{name} finds nothing"
        print(f"{name:<24} {len(rows):4} rows")
    shown = json.loads(asked("/gatherd.json"))
    tables = [it["name"] for it in shown["tables"] if not it["hidden"]]
    assert not tables, f"tables are in the way: {tables}"
    assert {"groups", "events", "rsvps"} <= {it["name"] if isinstance(it, dict) else it for it in shown["views"]}
    page = asked("/gatherd")
    assert "When did each group last meet" in page


main(sys.argv[1])
