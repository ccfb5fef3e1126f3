"""Has the real program post to a receiver that verifies with the reference library of Standard Webhooks.

    pip install standardwebhooks
    cargo build
    python tests/checks/webhook_signatures.py target/debug/gatherd
"""

import http.server
import json
import sys
import threading

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from gatherd import Gatherd

NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_b2xkIGtleSwgb2xkIGtleSwgb2xk"
STRANGER = "whsec_c3RyYW5nZXIsIHN0cmFuZ2Vy"


class Receiver(http.server.BaseHTTPRequestHandler):
    came: list = []
    answers: list = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.came.append((dict(self.headers), body.decode()))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    gatherd = Gatherd(
        sys.argv[1],
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nsecret = "{NEW} {OLD}"\n'
        f'url = "http://127.0.0.1:{server.server_port}/hook"',
    )
    Receiver.answers = [503]
    gatherd.run("deliveries", "test", "hook", code=3)
    gatherd.run("deliveries", "retry", "all")
    gatherd.run("report", "--send", "hook")
    assert len(Receiver.came) == 3, f"{len(Receiver.came)} messages came"
    for headers, body in Receiver.came:
        for secret in (NEW, OLD):
            assert Webhook(secret).verify(body, headers) == json.loads(body)
        for secret, text in ((STRANGER, body), (NEW, body.replace("type", "typo"))):
            try:
                Webhook(secret).verify(text, headers)
            except WebhookVerificationError:
                continue
            raise AssertionError("a message of another was taken for ours")
    ids = [headers["webhook-id"] for headers, _ in Receiver.came]
    assert ids[0] == ids[1] != ids[2], ids
    types = [json.loads(body)["type"] for _, body in Receiver.came]
    print(f"{len(ids)} messages verified: {', '.join(types)}")


if __name__ == "__main__":
    main()
