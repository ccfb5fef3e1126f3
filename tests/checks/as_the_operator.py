"""Types what docs/operating.md says about the service, line by line, as whoever keeps it would: installs it from the
package and from the tarball, looks, moves it to another machine. As root on a Debian without gatherd; there is no service
manager, so what is asked of one is kept, and answered by running the program as its unit's user.

    as_the_operator.py DIRECTORY_OF_RELEASE
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from gatherd import Gatherd

PAGE = pathlib.Path("docs/operating.md")
CONFIG = pathlib.Path("/etc/gatherd/gatherd.toml")
STATE = pathlib.Path("/var/lib/gatherd")
# What needs a person at a browser, or another machine's registry.
PERSON = "sudo -u gatherd gatherd auth login --no-browser"


def block(heading, nth=0):
    """The lines of the n-th shell block under a heading."""
    text = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[nth].splitlines()


class Operator:
    """A shell in a directory, in which what needs a terminal or a service manager is answered."""

    def __init__(self, place, configuration):
        self.place = place
        self.asked = place / "asked"
        tools = place / "tools"
        tools.mkdir()
        self.write(tools / "sudo", 'if [ "$1" = -u ]; then\n  user="$2"; shift 2\n'
                   '  exec setpriv --reuid "$user" --regid "$user" --init-groups env HOME=/ "$@"\nfi\nexec "$@"')
        self.write(tools / "sudoedit", f'cat >"$1" <<"END"\n{configuration}\nEND')
        self.write(tools / "systemctl", f'echo "$*" >>{self.asked}')
        self.write(tools / "apt", 'shift; exec apt-get install -y -qq "$@"')
        self.env = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "DEBIAN_FRONTEND": "noninteractive"}

    @staticmethod
    def write(path, script):
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def types(self, line, folder, codes=(0,)):
        ran = subprocess.run(["bash", "-c", line], cwd=folder, env=self.env, capture_output=True, text=True, timeout=300)
        assert ran.returncode in codes, f"$ {line}\nexited {ran.returncode}:\n{ran.stdout}{ran.stderr}"
        print(f"   $ {line}")
        return ran.stdout

    def all(self, lines, folder):
        for line in lines:
            if line != PERSON:
                # Whoever looks before the first pass is told that there was none.
                codes = (0, 1) if line.endswith("doctor") else (0,)
                self.types(line, folder, codes)

    def begins(self, program, meetup, folder):
        """`gatherd init` as root, which installs the service and has its account look at everything."""
        endpoint = re.search(r'endpoint = "(.*?)"', meetup)[1]
        (self.place / "token").write_text("trial-access-token")
        # Whatever it is called here, the service finds it by its own name.
        named = "" if folder == CONFIG.parent else "--config acme.toml"
        manager = pathlib.Path("/run/systemd/system")
        made = [path for path in (manager, *manager.parents) if not path.exists()]
        manager.mkdir(parents=True, exist_ok=True)
        try:
            told = self.types(
                f"GATHERD_MEETUP_ENDPOINT={endpoint} {program} init --yes --network lanternfish {named} "
                f"--access-token-file {self.place}/token --service systemd", folder)
        finally:
            for path in made:
                path.rmdir()
        assert "Installed and started" in told, told
        assert re.search(r"^database +ok", told, re.M) and re.search(r"^config +ok", told, re.M), told
        assert ("Delete the copies here" in told) == (folder != CONFIG.parent), told

    def was_asked(self, words):
        known = self.asked.read_text().splitlines() if self.asked.exists() else []
        assert words in known, f"nobody asked the service manager for {words}: {known}"
        self.asked.unlink()


def owned(path, user, group, mode):
    about = f"{path.owner()} {path.group()} {path.stat().st_mode & 0o777:o}"
    assert about == f"{user} {group} {mode:o}", f"{path}: {about}"


def main(release):
    assert os.geteuid() == 0 and not CONFIG.parent.exists() and not STATE.exists()
    release = pathlib.Path(release).resolve()
    place = pathlib.Path(tempfile.mkdtemp(prefix="operator-"))
    place.chmod(0o755)
    try:
        tarball = next(release.glob("gatherd-*.tar.gz"))
        subprocess.run(["tar", "--extract", "--gzip", "--file", tarball, "--directory", place], check=True)
        unpacked = next(place.glob("gatherd-*"))
        demo = Gatherd(str(unpacked / "gatherd"), "")
        with demo.demo() as meetup:
            here = Operator(place, f'database = "{STATE}/gatherd.db"\n[http]\nlisten = "off"\n{meetup}')
            print("-- from the package")
            # By apt itself, which wants to read the file as somebody else.
            folder = place / "downloads"
            folder.mkdir()
            shutil.copy(next(release.glob("gatherd_*.deb")), folder)
            here.all(block("As a service"), folder)
            here.was_asked("start gatherd")
            owned(CONFIG, "root", "gatherd", 0o640)
            here.types("sudo -u gatherd gatherd sync", folder)
            assert "groups" in here.types("sudo -u gatherd gatherd status", folder)

            print("-- to another machine")
            leaving, arriving = block("Moving to another machine"), block("Moving to another machine", 1)
            here.all(leaving, folder)
            here.was_asked("disable --now gatherd")
            shutil.rmtree(STATE)
            shutil.rmtree(CONFIG.parent)
            # There the package was installed anew, and the account may have another number.
            here.types("install -d -o gatherd -g gatherd -m 0700 /var/lib/gatherd", folder)
            here.types("install -d -g gatherd -m 0750 /etc/gatherd", folder)
            here.all(arriving, folder)
            here.was_asked("start gatherd")
            owned(STATE / "gatherd.db", "gatherd", "gatherd", 0o600)
            here.types("sudo -u gatherd gatherd status --check", folder)
            here.types("dpkg --purge gatherd", folder)
            shutil.rmtree(STATE, ignore_errors=True)

            print("-- from the tarball")
            here.all(block("As a service", 1), unpacked)
            here.was_asked("enable gatherd")
            owned(CONFIG, "root", "gatherd", 0o640)
            owned(STATE, "gatherd", "gatherd", 0o700)
            here.types("sudoedit /etc/gatherd/gatherd.toml", unpacked)
            here.types("sudo -u gatherd gatherd sync", folder)

            for where in ("elsewhere", "in its place"):
                print(f"-- by `gatherd init`, {where}")
                for left in (STATE, CONFIG.parent):
                    shutil.rmtree(left)
                begun = CONFIG.parent if where == "in its place" else place / "begun"
                begun.mkdir(exist_ok=True)
                here.begins(unpacked / "gatherd", meetup, begun)
                here.was_asked("daemon-reload")
                for path in (CONFIG, CONFIG.parent / "access_token"):
                    owned(path, "gatherd", "gatherd", 0o600)
                owned(STATE / "gatherd.db", "gatherd", "gatherd", 0o600)
                here.types("sudo -u gatherd gatherd --config /etc/gatherd/gatherd.toml sync", place)
    finally:
        subprocess.run(["dpkg", "--purge", "gatherd"], capture_output=True, check=False)
        installed = ["/usr/bin/gatherd", *pathlib.Path("/usr/share/man/man1").glob("gatherd*.1"), "/etc/systemd/system/gatherd.service",
                     "/etc/sysusers.d/gatherd.conf"]
        for path in installed:
            pathlib.Path(path).unlink(missing_ok=True)
        for folder in (STATE, CONFIG.parent, place):
            shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["userdel", "gatherd"], capture_output=True, check=False)


main(sys.argv[1])
