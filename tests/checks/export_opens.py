"""Opens exports in all three formats with DuckDB and pandas: as many rows as the database has, and the headline figures of
the network by the questions of docs/scale.md, equal to the report's.

    python -m venv export && export/bin/pip install 'duckdb>=2,<3' 'pandas>=3,<4' 'pyarrow>=26,<27'
    export/bin/python tests/checks/export_opens.py target/debug/gatherd
"""

import json
import pathlib
import re
import sqlite3
import sys

import duckdb
import pandas

from gatherd import Gatherd

PAGE = pathlib.Path(__file__).parent.parent.parent / "docs" / "scale.md"
FORMATS = ["csv", "jsonl", "parquet"]
# What a field of datapackage.json is to DuckDB.
DUCK = {
    "string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "datetime": "TIMESTAMPTZ", "date": "DATE",
}


def questions():
    """The views over Parquet files, and the question, as the page has them."""
    blocks = re.findall(r"^```sql\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    views, question = blocks[:2]
    assert "CREATE VIEW" in views and "repeat_rate" in question
    return views, question


def paths(folder, resource):
    named = resource["path"]
    return [str(folder / it) for it in ([named] if isinstance(named, str) else named)]


def opened(folder, package, views):
    """A connection to DuckDB with a view for each table."""
    duck = duckdb.connect()
    duck.execute("SET TimeZone = 'UTC'")
    if package["gatherd"]["format"] == "parquet":
        duck.execute(views.replace("export/", f"{folder}/"))
    for resource in package["resources"]:
        files, fields = paths(folder, resource), resource["schema"]["fields"]
        columns = {it["name"]: "TIMESTAMP" if "format" in it else DUCK[it["type"]] for it in fields}
        match package["gatherd"]["format"]:
            case "csv":
                rows = f"read_csv({files}, header = true, quote = '\"', escape = '\"', columns = {columns}, allow_quoted_nulls = false)"
            case "jsonl":
                rows = f"read_json({files}, format = 'newline_delimited', columns = {columns})"
            case _:
                rows = f"read_parquet({files}, hive_partitioning = true)"
        duck.execute(f"CREATE OR REPLACE VIEW \"{resource['name']}\" AS SELECT * FROM {rows}")
    if package["gatherd"]["format"] != "parquet":
        # As the page has them, over tables instead of files.
        duck.execute(f"CREATE VIEW as_of AS SELECT CAST(created AS TIMESTAMPTZ) AS instant FROM read_json('{folder}/datapackage.json')")
        duck.execute("CREATE VIEW staff AS SELECT primary_admin_id AS member_id FROM networks")
    return duck


def framed(folder, resource, kind):
    """How many rows pandas finds, and that it finds the columns."""
    files = paths(folder, resource)
    names = [it["name"] for it in resource["schema"]["fields"]]
    if kind == "csv":
        frames = [pandas.read_csv(it, dtype=str, keep_default_na=False, na_values=[""]) for it in files]
    elif kind == "jsonl":
        frames = [pandas.read_json(it, lines=True, dtype=False) for it in files]
    else:
        frames = [pandas.read_parquet(it, engine="pyarrow", partitioning=None) for it in files]
    for frame in frames:
        assert list(frame.columns) == names or frame.empty, f"{resource['name']}: {list(frame.columns)}"
    return sum(len(it) for it in frames)


def main(program):
    gatherd = Gatherd(program, "")
    with gatherd.demo() as meetup:
        gatherd.configure(f'database = "gatherd.db"\n{meetup}')
        gatherd.run("backfill")
    views, question = questions()
    database = sqlite3.connect(gatherd.place / "gatherd.db")
    for kind in FORMATS:
        gatherd.run("export", "--format", kind, "--out", kind)
        folder = gatherd.place / kind
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        duck = opened(folder, package, views)
        total = 0
        for resource in package["resources"]:
            name, rows = resource["name"], resource["rows"]
            by_duck = duck.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            by_pandas = framed(folder, resource, kind)
            assert by_duck == by_pandas == rows, f"{name} as {kind}: {by_duck}, {by_pandas}, {rows}"
            if not name.startswith("group_m"):
                kept = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                assert rows == kept, f"{name} as {kind}: {rows} of {kept}"
            total += rows
        report = json.loads(gatherd.run("report", "--format", "json", "--as-of", package["created"]))["network"]
        expected = (
            report["groups_met_365"],
            report["events_365"],
            report["people_365"],
            report["repeat_rate"]["numerator"],
            report["repeat_rate"]["value"],
        )
        found = duck.execute(question).fetchone()
        assert found == expected, f"{kind}: {found}, and the report says {expected}"
        print(f"{kind:<8} {len(package['resources'])} tables, {total:,} rows; {found}")


main(sys.argv[1])
