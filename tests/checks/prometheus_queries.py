"""Asks a running Prometheus every query of the dashboard, and of every alert what it looks at.

An alert that is well answers nothing, so what it compares is asked for: an expression is one comparison with a
number, and its left side must answer.
"""

import json
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 40.0
COMPARED = re.compile(r"^(?P<left>.+?)\s*(?:==|!=|<=|>=|<|>)\s*[-+.0-9e]+$")


def ask(server: str, path: str, **words: str) -> dict:
    url = f"{server}/api/v1/{path}?{urllib.parse.urlencode(words)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]


def of_dashboard(path: str) -> list[tuple[str, str]]:
    dashboard = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    names = {panel["title"] for panel in dashboard["panels"]}
    assert len(names) == len(dashboard["panels"]), "two panels have one title"
    found = []
    for panel in dashboard["panels"]:
        assert panel["targets"], f"{panel['title']} asks nothing"
        for target in panel["targets"]:
            query = target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".+")
            assert "$" not in query, query
            found.append((panel["title"], query))
    return found


def of_rules(server: str) -> list[tuple[str, str]]:
    found = []
    for group in ask(server, "rules")["groups"]:
        for rule in group["rules"]:
            assert rule["health"] != "err", f"{rule['name']}: {rule.get('lastError')}"
            compared = COMPARED.match(rule["query"])
            assert compared, f"{rule['name']} is no comparison with a number: {rule['query']}"
            found.append((rule["name"], compared["left"]))
    assert found, "no rule was loaded"
    return found


def firing(server: str) -> list[str]:
    alerts = ask(server, "alerts")["alerts"]
    return [alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"]


def main(server: str, dashboard: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if ask(server, "query", query="count_over_time(gatherd_build_info[1m]) > 3")["result"]:
                break
        except (urllib.error.URLError, ConnectionError):
            pass  # It starts.
        assert time.monotonic() < end, "nothing was scraped"
        time.sleep(0.3)
    queries = of_dashboard(dashboard) + of_rules(server)
    while True:
        silent = [
            f"{name}: {query}" for name, query in queries if not ask(server, "query", query=query)["result"]
        ]
        if not silent:
            break
        assert time.monotonic() < end, "answers nothing:\n" + "\n".join(silent)
        time.sleep(0.5)
    # The demo is well.
    assert not firing(server), firing(server)
    print(f"{len(queries)} queries of the dashboard and the alerts answer")


if __name__ == "__main__":
    main(*sys.argv[1:])
