"""Runs the installed service as its unit says, without systemd: by its command line, as its user, in its directory,
asked for signs of life. It reads a demo's Meetup, reads its configuration again, and ends when it is told to.

    as_the_unit.py /lib/systemd/system/gatherd.service
"""

import json
import os
import pathlib
import pwd
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time

from gatherd import Gatherd

PATIENCE = 120
UNITS = {"s": 1, "min": 60}


def settings(unit):
    """Each key of the unit with its values."""
    found = {}
    for line in pathlib.Path(unit).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


def until(what, is_so):
    """Waits until it is so, and answers what it is then."""
    began = time.monotonic()
    while not (answer := is_so()):
        assert time.monotonic() - began < PATIENCE, f"never: {what}"
        time.sleep(0.05)
    return answer


class Manager:
    """What systemd would hear."""

    def __init__(self, place):
        self.path = place / "notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.socket.setblocking(False)
        self.path.chmod(0o777)
        self.heard = []

    def hears(self, word):
        """Whether this was said; all up to it is forgotten then."""
        try:
            while True:
                self.heard += self.socket.recv(4096).decode().split()
        except BlockingIOError:
            pass
        if word not in self.heard:
            return False
        self.heard = self.heard[self.heard.index(word) + 1 :]
        return True


def configure(path, text, user):
    """As `gatherd init` leaves it: readable by the service's account alone."""
    path.write_text(text)
    os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o600)


def open_to_others(folder, user):
    """What others than the account could read, or is somebody else's."""
    found = []
    for path in [folder, *folder.rglob("*")]:
        about = path.lstat()
        if stat.S_IMODE(about.st_mode) & 0o077 or about.st_uid != user.pw_uid:
            found.append(f"{path} ({stat.filemode(about.st_mode)})")
    return found


def main(unit):
    said = settings(unit)
    one = lambda key: said[key][0]
    user = pwd.getpwnam(one("User"))
    config = pathlib.Path(one("ConditionPathExists"))
    state = pathlib.Path("/var/lib") / one("StateDirectory")
    command = shlex.split(one("ExecStart"))
    number, span = re.fullmatch(r"(\d+)(\w+)", one("WatchdogSec")).groups()

    def as_user(*words):
        """The program as the service's account starts it by hand: it finds its configuration by itself."""
        return subprocess.run(
            [command[0], *words], user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", env=ours,
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )

    demo = Gatherd(command[0], "")
    place = pathlib.Path(tempfile.mkdtemp(prefix="gatherd-check-"))
    place.chmod(0o711)
    manager = Manager(place)
    ours = {"PATH": os.environ["PATH"], "HOME": user.pw_dir}
    told = {"NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": str(int(number) * UNITS[span] * 1_000_000)}
    told |= dict(it.split("=", 1) for it in said["Environment"])
    with demo.demo() as meetup, (place / "log").open("w+") as log:
        text = f'database = "{state}/gatherd.db"\n[http]\nlisten = "off"\n{meetup}'
        configure(config, text, user)
        service = subprocess.Popen(
            command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], umask=int(one("UMask"), 8),
            cwd=one("WorkingDirectory"), env=ours | told, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )
        try:
            until("it runs", lambda: manager.hears("READY=1"))
            until("a sign of life", lambda: manager.hears("WATCHDOG=1"))
            status = lambda: json.loads(as_user("status", "--json").stdout)
            until("a good pass", lambda: status()["last_good_pass_at"])
            live = as_user("status", "--check", "--live")
            assert live.returncode == 0, live
            reload = one("ExecReload").replace("$MAINPID", str(service.pid))
            subprocess.run(shlex.split(reload), check=True)
            until("it reads its configuration again", lambda: manager.hears("RELOADING=1"))
            until("it runs again", lambda: manager.hears("READY=1"))
            service.terminate()
            until("it says that it ends", lambda: manager.hears("STOPPING=1"))
            ended = service.wait(timeout=45)
            assert ended == 0, f"exited {ended}"
        except BaseException:
            service.kill()
            log.seek(0)
            print(log.read(), file=sys.stderr)
            raise
        finally:
            shutil.rmtree(place)
    found = open_to_others(state, user)
    assert not found, f"others can read {', '.join(found)}"
    print(f"{shlex.join(command)}: ran as {user.pw_name}, and left {', '.join(sorted(os.listdir(state)))}")


main(sys.argv[1])
