"""Writes the list of what is in the program (CycloneDX 1.5, JSON) and the licences of those parts, from what
`cargo metadata` says on stdin.

    cargo metadata --locked --format-version 1 ... | parts.py PROGRAM PARTS.json LICENSES.txt

Crates that only build it or test it are no parts.
"""

import hashlib
import json
import os
import pathlib
import re
import sys
import tomllib
import uuid
from datetime import datetime, timezone

# Where the font lies.
FONT = pathlib.Path(__file__).parent.parent / "assets" / "dejavu"
# Files by which a crate says its licence.
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def reached(metadata):
    """Every package that is linked, or runs while what is linked is compiled, with what each uses."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    uses, left = {}, [metadata["resolve"]["root"]]
    while left:
        one = left.pop()
        if one in uses:
            continue
        deps = nodes[one]["deps"]
        is_linked = lambda dep: any(kind["kind"] is None for kind in dep["dep_kinds"])
        uses[one] = sorted(dep["pkg"] for dep in deps if is_linked(dep))
        left += uses[one]
    return uses


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def licence(package):
    """An expression, as CycloneDX has it, or the name of the file."""
    # The slash is an old way to write "or".
    if package["license"]:
        return {"expression": package["license"].replace("/", " OR ")}
    return {"license": {"name": f"see {package['license_file']}"}}


def sqlite(package):
    """SQLite comes in the crate that binds it."""
    header = pathlib.Path(package["manifest_path"]).parent / "sqlite3" / "sqlite3.h"
    version = re.search(r'#define SQLITE_VERSION\s+"([^"]+)"', header.read_text()).group(1)
    return {
        "type": "library",
        "bom-ref": f"pkg:generic/sqlite@{version}",
        "name": "sqlite",
        "version": version,
        "licenses": [{"expression": "blessing"}],
        "purl": f"pkg:generic/sqlite@{version}",
    }


def font(folder):
    """The font of pictures, which lies in the sources."""
    said = (folder / "LICENSE").read_text()
    version = re.search(r"DejaVu Sans ([0-9.]+[0-9])", said).group(1)
    return {
        "type": "data",
        "bom-ref": f"pkg:generic/dejavu-sans@{version}",
        "name": "dejavu-sans",
        "version": version,
        "licenses": [{"license": {"name": "Bitstream Vera, and public domain"}}],
        "purl": f"pkg:generic/dejavu-sans@{version}",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256((folder / "DejaVuSans.ttf").read_bytes()).hexdigest()}],
    }


def part(package, sums):
    listed = {
        "type": "library",
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "licenses": [licence(package)],
        "purl": purl(package),
        "hashes": [{"alg": "SHA-256", "content": sums[package["name"], package["version"]]}],
    }
    if package.get("repository"):
        listed["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return listed


def licences(packages):
    """Each text once, headed by the parts that are under it."""
    texts = {}
    for package in packages:
        folder = pathlib.Path(package["manifest_path"]).parent
        files = sorted(it for it in folder.iterdir() if it.is_file() and LICENCE_FILE.match(it.name))
        if package.get("license_file"):
            files.append(folder / package["license_file"])
        for file in files:
            text = file.read_text(errors="replace").strip()
            texts.setdefault(text, set()).add(f"{package['name']} {package['version']}")
    said = {f"{it['name']} {it['version']}" for it in packages}
    silent = sorted(said - set().union(*texts.values()))
    about = "\n".join(f"{it['name']} {it['version']}: {it['license'] or it['license_file']}" for it in packages)
    sections = [f"What is in gatherd, and by which licence:\n\n{about}"]
    texts[FONT.joinpath("LICENSE").read_text().strip()] = {"the font of pictures"}
    for text, names in sorted(texts.items(), key=lambda it: sorted(it[1])):
        sections.append(f"Of {', '.join(sorted(names))}:\n\n{text}")
    if silent:
        sections.append(f"These name their licence and come without its text: {', '.join(silent)}")
    return ("\n\n" + "-" * 80 + "\n\n").join(sections) + "\n"


def main(program, parts_file, licences_file):
    metadata = json.load(sys.stdin)
    uses = reached(metadata)
    by_id = {package["id"]: package for package in metadata["packages"]}
    root = by_id[metadata["resolve"]["root"]]
    packages = sorted((by_id[it] for it in uses if it != root["id"]), key=lambda it: (it["name"], it["version"]))
    lock = tomllib.loads((pathlib.Path(root["manifest_path"]).parent / "Cargo.lock").read_text())
    sums = {(it["name"], it["version"]): it.get("checksum") for it in lock["package"]}

    components = [part(package, sums) for package in packages]
    depends = {purl(by_id[one]): [purl(by_id[it]) for it in used] for one, used in uses.items()}
    for package in packages:
        if package["name"] == "libsqlite3-sys":
            bundled = sqlite(package)
            components.append(bundled)
            depends[purl(package)].append(bundled["bom-ref"])
            depends[bundled["bom-ref"]] = []
    drawn = font(FONT)
    components.append(drawn)
    depends[purl(root)].append(drawn["bom-ref"])
    depends[drawn["bom-ref"]] = []
    digest = hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest()
    made_at = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.UUID(digest[:32])}",
        "version": 1,
        "metadata": {
            "timestamp": made_at.isoformat(),
            "component": {
                "type": "application",
                "bom-ref": purl(root),
                "name": root["name"],
                "version": root["version"],
                "description": root["description"],
                "licenses": [{"expression": root["license"]}],
                "purl": purl(root),
                "hashes": [{"alg": "SHA-256", "content": digest}],
            },
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(set(on))} for ref, on in sorted(depends.items())],
    }
    pathlib.Path(parts_file).write_text(json.dumps(document, indent=1) + "\n")
    pathlib.Path(licences_file).write_text(licences(packages))
    print(f"{len(components)} parts")


main(*sys.argv[1:])
