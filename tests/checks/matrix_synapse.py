"""Has the real program post to a real Matrix server, on loopback, and reads what came.

    python -m venv synapse && synapse/bin/pip install matrix-synapse
    cargo build
    synapse/bin/python tests/checks/matrix_synapse.py target/debug/gatherd target/tmp/matrix
"""

import contextlib
import json
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from gatherd import Gatherd


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Synapse:
    """A homeserver with SQLite in a directory of its own."""

    def __init__(self, place: pathlib.Path) -> None:
        self.place = place
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = ""
        words = [sys.executable, "-m", "synapse.app.homeserver", "--config-path", "homeserver.yaml"]
        generate = ["--generate-config", "--server-name", "localhost", "--report-stats", "no"]
        subprocess.run([*words, *generate], cwd=place, check=True, capture_output=True, timeout=120)
        (place / "more.yaml").write_text(json.dumps({
            "listeners": [{
                "port": self.port, "type": "http", "tls": False, "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"]}],
            }],
            "database": {"name": "sqlite3", "args": {"database": str(place / "homeserver.db")}},
            "enable_registration": True,
            "enable_registration_without_verification": True,
            "trusted_key_servers": [],
            "rc_message": {"per_second": 1000, "burst_count": 1000},
            "rc_registration": {"per_second": 1000, "burst_count": 1000},
            "pid_file": str(place / "homeserver.pid"),
        }), encoding="utf-8")
        self.log = (place / "out.txt").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [*words, "--config-path", "more.yaml"], cwd=place, stdout=self.log, stderr=subprocess.STDOUT
        )

    def ask(self, method: str, path: str, body: dict | None = None, token: str | None = None) -> dict:
        headers = {"Content-Type": "application/json"}
        if token or self.token:
            headers["Authorization"] = f"Bearer {token or self.token}"
        data = None if body is None else json.dumps(body).encode()
        address = f"{self.url}/_matrix/client/{path}"
        request = urllib.request.Request(address, method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def wait(self) -> None:
        for _ in range(1200):
            if self.process.poll() is not None:
                raise AssertionError((self.place / "out.txt").read_text(encoding="utf-8")[-4000:])
            try:
                self.ask("GET", "versions")
                return
            except urllib.error.HTTPError:
                raise
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def register(self, name: str) -> str:
        body = {"username": name, "password": "correct horse battery", "auth": {"type": "m.login.dummy"}}
        return self.ask("POST", "v3/register", body)["access_token"]

    def messages(self, room: str) -> list[dict]:
        """All messages of a room, the oldest first."""
        found = self.ask("GET", f"v3/rooms/{urllib.parse.quote(room)}/messages?dir=f&limit=100")["chunk"]
        return [event for event in found if event["type"] == "m.room.message"]

    def picture(self, place: str) -> bytes:
        """What the server keeps there."""
        address = f"{self.url}/_matrix/client/v1/media/download/{place.removeprefix('mxc://')}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


def channel(synapse: Synapse, token: str, room: str) -> str:
    return (
        f'[[channel]]\nname = "room"\nkind = "matrix"\nurl = "{synapse.url}"\n'
        f'token = "{token}"\nroom = "{room}"'
    )


def keep_what_is_posted(gatherd: Gatherd) -> None:
    """A message that arrived is emptied; these are to be sent once more."""
    with contextlib.closing(sqlite3.connect(gatherd.place / "gatherd.db")) as database, database:
        database.execute(
            "CREATE TRIGGER kept AFTER UPDATE OF payload ON delivery_row WHEN new.payload IS NULL"
            " BEGIN UPDATE delivery_row SET payload = old.payload WHERE id = new.id; END"
        )


def lose_the_answers(gatherd: Gatherd) -> None:
    """As if the program had died each time between the server's answer and its own note of it."""
    with contextlib.closing(sqlite3.connect(gatherd.place / "gatherd.db")) as database, database:
        database.execute("UPDATE delivery_row SET state = 'pending', next_attempt_at = 0, sent_at = NULL")


def check(synapse: Synapse, program: str, samples: pathlib.Path) -> None:
    poster = synapse.register("gatherd")
    synapse.token = synapse.register("reader")
    room = synapse.ask("POST", "v3/createRoom", {"preset": "public_chat"})["room_id"]
    synapse.ask("POST", f"v3/join/{urllib.parse.quote(room)}", {}, token=poster)

    gatherd = Gatherd(program, channel(synapse, poster, room))
    with gatherd.demo() as meetup:
        gatherd.configure(channel(synapse, poster, room), meetup)
        gatherd.run("backfill")
    keep_what_is_posted(gatherd)
    gatherd.run("deliveries", "test", "room")
    shown = json.loads(gatherd.run("report", "--send", "room", "--as-of", "2026-01-05", "--dry-run", "--raw"))
    gatherd.run("report", "--send", "room", "--as-of", "2026-01-05")
    came = synapse.messages(room)
    assert len(came) == 3, f"{len(came)} messages"
    assert "This is a test from gatherd" in came[0]["content"]["body"]
    assert came[1]["content"] == shown["message"], "what was posted is what was shown before"
    image = came[2]["content"]
    assert image["msgtype"] == "m.image" and "so far." in image["body"], image
    picture = synapse.picture(image["url"])
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" and len(picture) == image["info"]["size"]
    assert came[1]["sender"].startswith("@gatherd:")

    lose_the_answers(gatherd)
    assert gatherd.run("deliveries", "retry", "all").count("sent") == 2
    again = synapse.messages(room)
    assert [it["event_id"] for it in again] == [it["event_id"] for it in came], "each message came once"

    said = Gatherd(program, channel(synapse, "syt_a_stranger", room)).run("deliveries", "test", "room", code=3)
    assert "M_UNKNOWN_TOKEN" in said and "syt_a_stranger" not in said, said
    alone = synapse.ask("POST", "v3/createRoom", {"preset": "private_chat"})["room_id"]
    said = Gatherd(program, channel(synapse, poster, alone)).run("deliveries", "test", "room", code=3)
    assert "M_FORBIDDEN" in said and poster not in said, said

    # The largest and strangest payloads of the tests, straight to the server.
    files = sorted(samples.glob("*.json"))
    assert files, "no payloads; run the tests first"
    for nth, path in enumerate(files):
        content = json.loads(path.read_text(encoding="utf-8"))
        place = f"v3/rooms/{urllib.parse.quote(room)}/send/m.room.message/sample-{nth}"
        synapse.ask("PUT", place, content, token=poster)
        assert synapse.messages(room)[-1]["content"] == content, path.name
        print(f"{path.name}: {path.stat().st_size} bytes taken")
    print("test line, report and picture came once each, and stayed once when sent again")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="gatherd-synapse-") as place:
        synapse = Synapse(pathlib.Path(place))
        try:
            synapse.wait()
            check(synapse, sys.argv[1], pathlib.Path(sys.argv[2]))
        finally:
            synapse.stop()


if __name__ == "__main__":
    main()
