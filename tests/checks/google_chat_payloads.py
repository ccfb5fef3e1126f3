"""Holds the Google Chat payloads that the tests left behind to Google's own Python client.

    pip install google-apps-chat
    cargo test --test it deliver::contract::samples
    python tests/checks/google_chat_payloads.py target/tmp/google_chat

The client knows every field and its type; it counts nothing, which the Rust tests do.
"""

import json
import pathlib
import sys

from google.apps.chat_v1 import Message


def check(path: pathlib.Path) -> int:
    text = path.read_text(encoding="utf-8")
    understood = Message.from_json(text, ignore_unknown_fields=False)
    assert understood.text.strip(), f"{path.name}: no text"
    assert understood.thread.thread_key, f"{path.name}: no thread"
    widgets = 0
    for shown, written in zip(understood.cards_v2, json.loads(text).get("cardsV2", []), strict=True):
        assert shown.card_id, f"{path.name}: a card without an id"
        for section in shown.card.sections:
            widgets += len(section.widgets)
            for widget in section.widgets:
                paragraph = widget.text_paragraph.text or widget.decorated_text.text
                assert paragraph.strip(), f"{path.name}: an empty widget"
        again = json.loads(Message.to_json(understood, including_default_value_fields=False))
        read = json.dumps(again["cardsV2"][0]["card"], sort_keys=True)
        assert read == json.dumps(written["card"], sort_keys=True), f"{path.name}: read otherwise than written"
    return widgets


def main() -> None:
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    assert files, "no payloads; run the tests first"
    for path in files:
        print(f"{path.name}: {check(path)} widgets")


if __name__ == "__main__":
    main()
