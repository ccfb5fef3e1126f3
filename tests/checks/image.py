"""The image, where no engine is to build it: its first stage's steps are done in an empty directory that holds what its
builder gets (with `cargo check` for the build, which was made already), its last stage's settings are those under which
the program is started, and its health check is asked. The compose file names keys that compose knows.

    image.py target/dist/gatherd

As root. What is left to a real engine: the packages of its base and the account, which are made by Debian's own tools.
"""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import yaml
from gatherd import Gatherd

HERE = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 120
SERVICE_KEYS = set(
    "build cap_add cap_drop command configs container_name depends_on deploy entrypoint env_file environment expose"
    " extra_hosts healthcheck image init labels logging networks pid ports privileged profiles pull_policy read_only"
    " restart secrets security_opt stop_grace_period stop_signal sysctls tmpfs ulimits user volumes working_dir".split()
)


def steps(dockerfile):
    """Its instructions, stage by stage."""
    stages, text = [], ""
    for line in dockerfile.read_text().splitlines():
        if line.lstrip().startswith("#") or not line.strip():
            continue
        if line.endswith("\\"):
            text += line[:-1] + " "
            continue
        word, rest = (text + line).split(None, 1)
        text = ""
        if word == "FROM":
            stages.append([])
        if stages:
            stages[-1].append((word, rest))
    return stages


def copy(sources, to, place):
    for source in sources:
        target = place / to / source if to in (".", "./") else place / to
        target.parent.mkdir(parents=True, exist_ok=True)
        if (HERE / source).is_dir():
            shutil.copytree(HERE / source, target)
        else:
            shutil.copy2(HERE / source, target)


def build(stage):
    """Does the steps of the stage that builds."""
    target = os.environ.get("CARGO_TARGET_DIR") or str(HERE / "target")
    with tempfile.TemporaryDirectory(prefix="gatherd-check-") as place:
        place = pathlib.Path(place)
        tools, work = place / "bin", place / "build"
        tools.mkdir()
        work.mkdir()
        shim = tools / "cargo"
        # Crates that were checked before are not checked again: no other profile than that of the lints.
        asked = "build --profile dist --locked --bin gatherd"
        checked = asked.removeprefix("build --profile dist ")
        cargo = shlex.quote(shutil.which("cargo"))
        shim.write_text(f'#!/bin/sh\n[ "$*" = "{asked}" ] || exit 64\nexec {cargo} check --quiet {checked}\n')
        shim.chmod(0o755)
        env = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "CARGO_TARGET_DIR": target}
        for word, rest in stage:
            if word == "COPY":
                *sources, to = rest.split()
                copy(sources, to, work)
            elif word == "RUN":
                ran = subprocess.run(
                    ["sh", "-ec", rest], cwd=work, env=env, capture_output=True, text=True, check=False
                )
                assert ran.returncode == 0, f"RUN {rest}\n{ran.stdout}{ran.stderr}"
            else:
                assert word in ("FROM", "WORKDIR"), word
    print("the image is built from what reaches its builder")


def start(stage, program):
    """Starts the program as the image would, and asks for its health."""
    said = {}
    for word, rest in stage:
        said.setdefault(word, []).append(rest)
    environment = dict(it.split("=", 1) for it in said["ENV"])
    health = json.loads(said["HEALTHCHECK"][0].split("CMD", 1)[1])
    command = json.loads(said["ENTRYPOINT"][0]) + json.loads(said["CMD"][0])
    data, account = said["WORKDIR"][0], [int(it) for it in said["USER"][0].split(":")]
    assert said["VOLUME"] == [data], said["VOLUME"]
    assert f"--uid {account[0]} " in said["RUN"][0] and f" {data}" in said["RUN"][0], said["RUN"]
    built = [it.split() for it in said["COPY"] if it.startswith("--from=build ")]
    assert [it[1] for it in built] == ["/build/target/dist/gatherd"], built

    meetup_of = Gatherd(program, "")
    with tempfile.TemporaryDirectory(prefix="gatherd-check-") as root, meetup_of.demo() as meetup:
        root = pathlib.Path(root)
        root.chmod(0o711)
        for _, _, to in built:
            place = root / to[1:]
            place.parent.mkdir(parents=True)
            shutil.copy2(program, place)
        inside = root / data[1:]
        inside.mkdir()
        (inside / "gatherd.toml").write_text(f'{meetup}[http]\nlisten = "off"\n')
        for path in (inside, inside / "gatherd.toml"):
            os.chown(path, *account)
            path.chmod(0o700)
        environment = {key: value.replace(data, str(inside)) for key, value in environment.items()}
        environment["PATH"] = f"{place.parent}:{os.environ['PATH']}"
        as_told = {"user": account[0], "group": account[1], "extra_groups": [], "cwd": inside, "env": environment}
        # Found on the image's PATH, not on ours.
        command[0] = health[0] = str(place)
        with (root / "log").open("w+") as log:
            daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **as_told)
            began = time.monotonic()
            try:
                while subprocess.run(health, capture_output=True, check=False, **as_told).returncode != 0:
                    assert time.monotonic() - began < PATIENCE, "never healthy"
                    time.sleep(0.1)
                daemon.terminate()
                ended = daemon.wait(timeout=45)
                assert ended == 0, f"exited {ended}"
            except BaseException:
                daemon.kill()
                log.seek(0)
                print(log.read(), file=sys.stderr)
                raise
        # It is healthy no more.
        assert subprocess.run(health, capture_output=True, check=False, **as_told).returncode == 1
        assert (inside / "gatherd.db").exists()
    print(f"{said['ENTRYPOINT'][0]} {said['CMD'][0]}: healthy as account {said['USER'][0]}")


def compose(file):
    known = yaml.safe_load(file.read_text())
    assert set(known) == {"services", "volumes"}, set(known)
    for name, service in known["services"].items():
        unknown = set(service) - SERVICE_KEYS
        assert not unknown, f"{name}: {unknown}"
        place = (file.parent / service["build"]["context"]).resolve()
        assert (place / service["build"]["dockerfile"]).is_file(), place
        named = {it.split(":")[0] for it in service["volumes"] if not it.startswith(".")}
        assert named == set(known["volumes"]), named
    print(f"{file.name}: {', '.join(known['services'])}")


def main(program):
    build_stage, last_stage = steps(HERE / "Dockerfile")
    compose(HERE / "packaging" / "compose.yaml")
    start(last_stage, program)
    build(build_stage)


main(sys.argv[1])
