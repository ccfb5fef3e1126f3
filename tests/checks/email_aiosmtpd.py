"""Has the real program send e-mail to a real SMTP server, on loopback, and reads what came.

    python -m venv email && email/bin/pip install 'aiosmtpd>=1.4,<2'
    cargo build
    email/bin/python tests/checks/email_aiosmtpd.py target/debug/gatherd target/tmp/email

What is shown to a reader is left in the last directory as HTML, for a person to look at.
"""

import email
import email.policy
import html.parser
import json
import logging
import pathlib
import re
import socket
import ssl
import sys
import urllib.parse
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from gatherd import Gatherd

PASSWORD = "correct horse battery"
DATA = pathlib.Path(__file__).parent.parent / "data"
TO = ["ann@example.org", "Bob Ross <bob@example.org>"]


class Box:
    """Keeps what comes."""

    def __init__(self) -> None:
        self.came: list = []

    async def handle_DATA(self, _server, session, envelope) -> str:
        self.came.append((session, envelope))
        return "250 taken"


class Office:
    """A server with or without TLS from the start, STARTTLS and sign-in."""

    def __init__(self, *, tls: str = "none", auth: bool = False) -> None:
        self.box = Box()
        self.tls = tls
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(DATA / "company-server.pem")
        words = {"hostname": "127.0.0.1", "port": free_port()}
        if auth:
            words |= {"authenticator": self.knows, "auth_required": True, "auth_require_tls": tls == "starttls"}
        if tls == "starttls":
            words |= {"tls_context": context, "require_starttls": True}
        if tls == "start":
            words |= {"ssl_context": context}
        self.controller = Starting(self.box, **words)

    @staticmethod
    def knows(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login, data.password) == (b"postman", PASSWORD.encode()), handled=False)

    def __enter__(self) -> "Office":
        self.controller.start()
        self.port = self.controller.port
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    def channel(self, *, password: str | None = None) -> str:
        scheme = "smtps" if self.tls == "start" else "smtp"
        text = (
            f'[[channel]]\nname = "mail"\nkind = "email"\nurl = "{scheme}://localhost:{self.port}"\n'
            f'from = "gatherd <gatherd@example.org>"\nto = {json.dumps(TO)}\n'
        )
        if password:
            text += f'username = "postman"\npassword = "{password}"\n'
        return text


class Starting(Controller):
    """Is there once something listens: the usual knock would need a client's side of TLS."""

    def _trigger_server(self) -> None:
        socket.create_connection((self.hostname, self.port), 10).close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Page(html.parser.HTMLParser):
    """What the HTML holds and loads."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"{name} on {tag}"
            if name == "href":
                self.links.append(value)
            if name in ("src", "srcset", "background", "poster"):
                self.loaded.append(value)
            if name == "style":
                assert "url(" not in value and "@import" not in value, value

    def handle_data(self, data: str) -> None:
        self.words.append(data)


TAGS = {
    "html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "br", "strong", "em", "code", "a", "table", "tr",
    "td", "img",
}


def read(came: tuple, *, is_upgraded: bool) -> tuple[email.message.EmailMessage, str, str]:
    session, envelope = came
    assert bool(session.ssl) == is_upgraded
    assert envelope.mail_from == "gatherd@example.org"
    assert envelope.rcpt_tos == ["ann@example.org", "bob@example.org"]
    raw = envelope.content
    assert len(raw) < 100_000, f"{len(raw)} bytes"
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998
    message = email.message_from_bytes(raw, policy=email.policy.default)
    defects = [defect for part in message.walk() for defect in part.defects]
    assert not defects, defects
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id", "Auto-Submitted"):
        assert len(message.get_all(name, [])) == 1, name
        assert not message[name].defects, (name, message[name].defects)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<mail.gatherd.example.org>"
    assert re.fullmatch(r"<[A-Za-z0-9_-]+@example\.org>", message["Message-ID"]), message["Message-ID"]
    assert [it.addr_spec for it in message["To"].addresses] == ["ann@example.org", "bob@example.org"]
    assert message["Date"].datetime is not None
    assert message.get_content_type() == "multipart/alternative"
    text = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    assert text.strip() and "<" not in re.sub(r"<[^a-z/!]", "", text)
    return message, text, page


def judge(message: email.message.EmailMessage, text: str, page: str) -> None:
    """The HTML loads nothing from outside, leads only to the web, and says what the text says."""
    seen = Page()
    seen.feed(page)
    assert seen.tags <= TAGS, seen.tags - TAGS
    inside = {part["Content-ID"].strip("<>") for part in message.walk() if part["Content-ID"]}
    assert all(it.startswith("cid:") and it[4:] in inside for it in seen.loaded), seen.loaded
    for link in seen.links:
        assert urllib.parse.urlsplit(link).scheme in ("http", "https"), link
    said = " ".join("".join(seen.words).split())
    for word in ("Groups that met, month by month", "Next two weeks"):
        assert word in said and word in text, word
    assert message["Subject"] in said


def picture(message: email.message.EmailMessage) -> bytes | None:
    images = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert len(images) <= 1
    for image in images:
        content = image.get_content()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert image.get_content_disposition() == "inline"
        return content
    return None


def keep(place: pathlib.Path, name: str, page: str, png: bytes | None) -> None:
    """As a mail client would put it together."""
    place.mkdir(parents=True, exist_ok=True)
    if png:
        (place / f"{name}.png").write_bytes(png)
        page = page.replace("cid:groups-met@gatherd", f"{name}.png")
    (place / f"{name}.html").write_text(page, encoding="utf-8")
    print(f"{name}.html: {len(page)} letters")


def check(program: str, place: pathlib.Path) -> None:
    send = ("report", "--send", "mail", "--as-of", "2026-01-05")
    trust = f'[network_access]\nca_file = "{(DATA / "company-ca.pem").resolve()}"\n'
    public = '[http]\nlisten = "127.0.0.1:0"\npublic_url = "https://gatherd.example.org/"\n'
    public += '[[http.user]]\nname = "lead"\ntoken = "a-token-that-is-long-enough"\nrights = ["write"]\n'
    with Office() as office:
        gatherd = Gatherd(program, office.channel())
        with gatherd.demo() as meetup:
            gatherd.configure(office.channel(), meetup)
            gatherd.run("backfill")
        shown = json.loads(gatherd.run(*send, "--dry-run", "--raw"))
        shown = shown.get("message", shown)
        assert not office.box.came, "a dry run sends nothing"
        gatherd.run(*send)
        message, text, page = read(office.box.came[0], is_upgraded=False)
        assert text.replace("\r\n", "\n").strip() == shown["text"].strip(), "what came is what was shown before"
        assert message["Subject"] == shown["subject"]
        judge(message, text, page)
        keep(place, "digest", page, picture(message))
        assert "went to mail before" in gatherd.run(*send), "it goes once"
        # What waits for an answer is not named again, so another one that has sent nothing yet.
        gatherd = Gatherd(program, office.channel())
        with gatherd.demo() as meetup:
            gatherd.configure(office.channel() + "pictures = false\n", meetup + public)
            gatherd.run("backfill")
        gatherd.run(*send)
        message, text, page = read(office.box.came[1], is_upgraded=False)
        judge(message, text, page)
        assert picture(message) is None and "https://gatherd.example.org/act/" in page
        assert "https://gatherd.example.org/act/" in text
        keep(place, "without-picture", page, None)
        gatherd.run("deliveries", "test", "mail")
        message, text, page = read(office.box.came[2], is_upgraded=False)
        assert "This is a test from gatherd" in text and "This is a test from gatherd" in page
        keep(place, "test-line", page, None)
        assert len(office.box.came) == 3
    assert "connection refused" in gatherd.run("deliveries", "test", "mail", code=3)

    for tls in ("start", "starttls"):
        with Office(tls=tls, auth=True) as office:
            gatherd = Gatherd(program, office.channel(password=PASSWORD), trust)
            gatherd.run("deliveries", "test", "mail")
            read(office.box.came[0], is_upgraded=tls == "starttls")
            gatherd.configure(office.channel(password="a wrong password"), trust)
            said = gatherd.run("deliveries", "test", "mail", code=3)
            assert "answered 535" in said and "a wrong password" not in said, said
            gatherd.configure(office.channel(password=PASSWORD))
            said = gatherd.run("deliveries", "test", "mail", code=3)
            assert "TLS fails" in said and PASSWORD not in said, said
            assert len(office.box.came) == 1
    print("digest, pictures and test line came; TLS, STARTTLS and sign-in hold")


if __name__ == "__main__":
    # What it says of clients that trust it not, and of TLS that it did not begin by STARTTLS, is expected.
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    check(sys.argv[1], pathlib.Path(sys.argv[2]))
