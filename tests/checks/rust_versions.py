"""Reads `cargo metadata` from standard input and fails where a package asks for a newer Rust than
gatherd says it needs: whoever builds with that one would be stopped by cargo."""

import json
import sys


def version(text):
    parts = [int(part) for part in text.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def main():
    packages = json.load(sys.stdin)["packages"]
    ours = next(it["rust_version"] for it in packages if it["name"] == "gatherd")
    newer = [
        f"{it['name']} {it['version']} needs Rust {it['rust_version']}, and Cargo.toml says {ours}"
        for it in packages
        if it["rust_version"] and version(it["rust_version"]) > version(ours)
    ]
    if newer:
        sys.exit("\n".join(newer))
    print(f"Rust {ours} will do for all of {len(packages)} packages")


if __name__ == "__main__":
    main()
