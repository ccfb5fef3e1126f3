#!/usr/bin/env python3
"""Others beside gatherd, on the same rows and in the same run: the sqlite3 shell for recording, dlt for loading,
DuckDB for the headline figures. `benches/README.md` says how to run it and what came of it last.

    python3 -m venv .venv && .venv/bin/pip install duckdb dlt    # sqlite3 is Debian's package of that name
    .venv/bin/python benches/peers.py S M
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

TABLES = ["member_row", "network_row", "group_row", "venue_row", "event_row", "event_id_row", "host_row",
          "membership_row", "rsvp_row", "group_day_row"]
ROW = "{:<34} {:>8} {:>8} {:>8} {:>9}  {}"


def measured(args, **more):
    """Runs a command: wall and CPU seconds, peak and written MB, and what it printed."""
    begun, written = time.time(), 0
    child = subprocess.Popen(args, stdout=subprocess.PIPE, text=True, **more)
    printed = []
    reader = threading.Thread(target=lambda: printed.append(child.stdout.read()))
    reader.start()
    while True:
        try:
            with open(f"/proc/{child.pid}/io") as io:
                written = int(re.search(r"wchar: (\d+)", io.read())[1])
        except (OSError, TypeError):
            pass
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.002)
    reader.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{args[0]} ended with {child.returncode}")
    return {"wall": time.time() - begun, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1e3,
            "written": written / 1e6}, printed[0]


def tell(name, it, note=""):
    print(ROW.format(name, f"{it['wall']:.2f}", f"{it['cpu']:.2f}", f"{it['peak']:.0f}", f"{it['written']:.1f}", note),
          flush=True)


def literal(value):
    if value is None:
        return "NULL"
    return str(value) if not isinstance(value, str) else "'" + value.replace("'", "''") + "'"


def shell(database, folder):
    """The same rows into the same schema, as statements that the sqlite3 shell reads."""
    script = os.path.join(folder, "rows.sql")
    with sqlite3.connect(database) as db, open(script, "w") as out:
        out.write("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;\n")
        for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index') "
                                 "AND name NOT LIKE 'sqlite%' ORDER BY type DESC, rowid"):
            out.write(sql + ";\n")
        out.write("BEGIN;\n")
        for table in TABLES:
            rows = db.execute(f"SELECT * FROM {table}")
            while some := rows.fetchmany(500):
                values = ",".join("(" + ",".join(map(literal, row)) + ")" for row in some)
                out.write(f"INSERT INTO {table} VALUES {values};\n")
        out.write("COMMIT;\n")
    with open(script) as rows:
        return measured(["sqlite3", os.path.join(folder, "shell.db")], stdin=rows)[0]


DLT = """
import dlt, json, sqlite3, sys
source, folder, drop = sys.argv[1], sys.argv[2], len(sys.argv) > 3
db = sqlite3.connect(source)
def rows(sql):
    found = db.execute(sql); names = [it[0] for it in found.description]
    for row in found: yield dict(zip(names, row))
dropped = "(SELECT min(token) FROM events)" if drop else "('')"
parts = [
    ("groups", "id", "SELECT * FROM groups"), ("members", "id", "SELECT * FROM members"),
    ("memberships", ["group_id", "member_id"], "SELECT * FROM memberships"),
    ("events", "token", f"SELECT * FROM events WHERE token NOT IN {dropped}"),
    ("rsvps", "id", f"SELECT * FROM rsvps WHERE event_token NOT IN {dropped}")]
pipeline = dlt.pipeline("peer", destination=dlt.destinations.duckdb(folder + "/dlt.duckdb"), dataset_name="it", pipelines_dir=folder + "/state")
pipeline.run([dlt.resource(rows(sql), name=name, primary_key=key, write_disposition="merge") for name, key, sql in parts])
with pipeline.sql_client() as client:
    print(json.dumps({name: client.execute_sql(f"SELECT count(*) FROM {name}")[0][0] for name, _, _ in parts}))
"""


def loader(database, folder):
    """dlt, merging by primary key from the same rows; once more; and after an event went at the source."""
    wanted = {}
    with sqlite3.connect(database) as db:
        for name in ["groups", "members", "memberships", "events", "rsvps"]:
            wanted[name] = db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    told = [("dlt", []), ("dlt, nothing new", []), ("dlt, an event deleted", ["drop"])]
    for at, (name, more) in enumerate(told):
        quiet = dict(os.environ, RUNTIME__LOG_LEVEL="CRITICAL", RUNTIME__DLTHUB_TELEMETRY="false")
        it, printed = measured([sys.executable, "-c", DLT, database, folder, *more], cwd=folder, env=quiet)
        found = json.loads(printed.strip().splitlines()[-1])
        if more:
            wanted["events"] -= 1
        tell(name, it, "right" if all(found[k] == wanted[k] for k in ["groups", "memberships", "events"]) else "WRONG")


DUCK = """
import duckdb, json, resource, sys, time
db = duckdb.connect(sys.argv[1])
if len(sys.argv) > 3:
    import csv, sqlite3
    ours = sqlite3.connect(sys.argv[3])
    for name in ["event_row", "rsvp_row", "host_row", "membership_row"]:
        rows = ours.execute(f"SELECT * FROM {name}")
        with open(sys.argv[1] + ".csv", "w", newline="") as out:
            write = csv.writer(out)
            write.writerow([it[0] for it in rows.description])
            write.writerows(rows)
        db.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{out.name}', header = true, sample_size = -1)")
    sys.exit()
begun = time.time()
rows = db.execute('''
WITH held AS (SELECT key, grp, starts_at FROM event_row WHERE gone_at IS NULL
    AND status IN ('PAST', 'ACTIVE', 'AUTOSCHED', 'AUTOSCHED_FINISHED') AND coalesce(ends_at, starts_at + 10800) <= $1),
  yes AS (SELECT h.grp, r.member, h.key, h.starts_at FROM held h JOIN rsvp_row r ON r.event = h.key
    WHERE r.gone_at IS NULL AND CAST(r.status AS VARCHAR) IN ('1', '2', '5')
      AND NOT EXISTS (SELECT 1 FROM host_row o WHERE o.event = h.key AND o.member = r.member)),
  person AS (SELECT grp, member, min(starts_at) AS first, sum(CAST(starts_at > $1 - 31536000 AS INTEGER)) AS visits FROM yes GROUP BY ALL),
  people AS (SELECT grp, count(*) FILTER (visits > 0) AS people, count(*) FILTER (visits > 1) AS repeaters,
    count(*) FILTER (first > $1 - 90 * 86400) AS first_timers FROM person GROUP BY grp),
  events AS (SELECT grp, count(*) FILTER (starts_at > $1 - 31536000) AS events, max(starts_at) AS last FROM held GROUP BY grp),
  gaps AS (SELECT grp, median(gap) AS usual FROM (SELECT grp, starts_at - lag(starts_at) OVER (PARTITION BY grp ORDER BY starts_at) AS gap FROM held) GROUP BY grp)
SELECT * FROM events LEFT JOIN people USING (grp) LEFT JOIN gaps USING (grp)''', [int(sys.argv[2])]).fetchall()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"wall": time.time() - begun, "events": sum(row[1] for row in rows)}))
"""


def duck(database, folder, as_of):
    """DuckDB's headline figures from its own tables: a year's events, people, repeaters and usual gap of each group."""
    own = os.path.join(folder, "own.duckdb")
    tell("DuckDB, its tables from ours", measured([sys.executable, "-c", DUCK, own, "0", database])[0])
    it, printed = measured([sys.executable, "-c", DUCK, own, str(as_of)])
    said = json.loads(printed)
    tell("DuckDB, headline figures", it, f"{said['wall']:.2f} s of it in the query")
    return said["events"]


def bench(size, kept):
    told = subprocess.run(["cargo", "bench", "--quiet", "--bench", "sized", "--", size, "--keep", kept],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    print(told, flush=True)
    found = {}
    for line in told.splitlines():
        words = re.match(r"(.{34}) +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+ +([\d.]+) +\d+$", line)
        if words:
            found[words[1].strip()] = dict(zip(["wall", "cpu", "peak", "written"], map(float, words.groups()[1:])))
    return found


def main():
    for size in sys.argv[1:] or ["S", "M"]:
        folder = tempfile.mkdtemp(prefix="peers")
        try:
            ours = bench(size, folder)
            database = os.path.join(folder, "gatherd.db")
            print(ROW.format("", "wall s", "CPU s", "peak MB", "MB writ.", ""))
            theirs = shell(database, folder)
            tell("sqlite3 shell, the same rows", theirs)
            load = ours["backfill"]
            megabytes = os.path.getsize(database) / 1e6
            print(f"backfill, asking included, to the shell: CPU {load['cpu'] / theirs['cpu']:.1f}, "
                  f"wall {load['wall'] / theirs['wall']:.1f}; written to the database's size: "
                  f"{load['written'] / megabytes:.1f} (shell {theirs['written'] / megabytes:.1f})")
            as_of = int(time.time())
            duck(database, folder, as_of)
            if size == "S":  # at M it takes minutes and some GB
                loader(database, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
