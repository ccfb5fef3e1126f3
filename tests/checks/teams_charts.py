"""Holds the charts in the Teams payloads that the tests left behind to Microsoft's own kit for Teams.

    pip install microsoft-teams-cards pydantic
    cargo test --test it deliver::contract::samples
    python tests/checks/teams_charts.py target/tmp/teams

The open renderer, which teams_payloads.cjs asks, knows no charts. The kit knows their parts and which values
these take; it lets pass what it does not know, so that is looked for here.
"""

import json
import pathlib
import sys

from microsoft_teams.cards import TextBlock, VerticalBarChart


def inner(element: dict) -> list[dict]:
    """An element and all within it."""
    parts = [part for key in ("body", "items") for part in element.get(key, [])]
    return [element, *(it for part in parts for it in inner(part))]


def check(chart: dict) -> str:
    known = VerticalBarChart.model_validate(chart)
    assert not known.model_extra, f"the kit does not know {known.model_extra}"
    for bar in known.data or []:
        assert not bar.model_extra, f"the kit does not know {bar.model_extra}"
        assert bar.x and bar.y is not None and bar.y >= 0
    months = [bar.x for bar in known.data or []]
    assert 0 < len(months) == len(set(months)) <= 24
    instead = TextBlock.model_validate(chart["fallback"])
    assert not instead.model_extra and instead.text
    return f"{len(months)} bars"


def main() -> None:
    told = 0
    for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        card = json.loads(file.read_text(encoding="utf-8"))["attachments"][0]["content"]
        for element in inner(card):
            if element["type"].startswith("Chart."):
                print(f"{file.name}: {check(element)}")
                told += 1
    assert told > 0, "no charts; run the tests first"


if __name__ == "__main__":
    main()
