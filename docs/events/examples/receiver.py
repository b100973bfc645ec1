"""Receives webhooks: verifies who sent them, stores each event once, and answers only then.

pip install standardwebhooks
WEBHOOK_SECRET=whsec_... python receiver.py
"""

import json
import os
import sqlite3
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
DATABASE = sqlite3.connect(os.environ.get("DATABASE", "events.db"))
DATABASE.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, type TEXT, event TEXT)")
LONGEST = 100_000


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LONGEST:
            return self.answer(413)
        try:
            event = WEBHOOK.verify(self.rfile.read(int(length)), dict(self.headers))
        except (WebhookVerificationError, ValueError):
            return self.answer(401)
        # The id of an event stays the same when it is sent again. Work that takes longer than some seconds belongs
        # into a job that reads this table: the sender waits for the answer.
        with DATABASE:
            DATABASE.execute(
                "INSERT OR IGNORE INTO events VALUES (?, ?, ?)",
                [event["id"], event["type"], json.dumps(event)],
            )
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()


server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver)
print(f"http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
