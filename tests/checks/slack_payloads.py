"""Holds the Slack payloads that the tests left behind to Slack's own Python kit.

    pip install slack_sdk
    cargo test --test it deliver::contract::samples
    python tests/checks/slack_payloads.py target/tmp/slack

The kit does not know the limits of a whole message (50 blocks, size); the Rust tests hold those.
"""

import json
import pathlib
import sys

from slack_sdk.models.blocks import Block


def check(path: pathlib.Path) -> int:
    payload = json.loads(path.read_text(encoding="utf-8"))
    assert payload["text"].strip(), f"{path.name}: no text"
    blocks = payload.get("blocks", [])
    assert len(blocks) <= 50, f"{path.name}: {len(blocks)} blocks"
    for written in blocks:
        block = Block.parse(written)
        assert block is not None, f"{path.name}: unknown block {written}"
        block.validate_json()
        understood = block.to_dict()
        for key, value in written.items():
            assert understood.get(key) == value, f"{path.name}: {key} is read as {understood.get(key)}, not {value}"
    return len(blocks)


def main() -> None:
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    assert files, "no payloads; run the tests first"
    for path in files:
        print(f"{path.name}: {check(path)} blocks")


if __name__ == "__main__":
    main()
