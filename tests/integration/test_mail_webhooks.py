"""Does the notifier accept what mail services pass on, and refuse what others made up or recorded?"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from services.notifier.domain.correlating import header_id
from services.notifier.domain.sns import signed_text
from shared.contracts.events import EmailBounced, EmailComplained, EmailReplied
from shared.contracts.notifier_mail import Incoming, ShowMail
from tests.integration.test_incoming_mail import ADA, a_message, was_sent
from tests.support.running import START, Running, run_service
from tests.support.servers import TestServers

TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
LOGIN = ("postmark", "of-a-test")


@dataclass
class FakeSns:
    """A server of SNS: its certificate, and the requests that it got."""

    key: RSAPrivateKey
    url: str
    asked: list[str] = field(default_factory=list)

    def message(self, key: RSAPrivateKey | None = None, **changes: Any) -> dict[str, Any]:
        """A signed message; by another key, a forged one."""
        body = {
            "Type": "Notification",
            "MessageId": str(uuid4()),
            "TopicArn": TOPIC,
            "Message": "{}",
            "Timestamp": START.isoformat().replace("+00:00", "Z"),
            "SignatureVersion": "2",
            "SigningCertURL": f"{self.url}/SimpleNotificationService-0123abcd.pem",
        } | changes
        signature = (key or self.key).sign(signed_text(body), PKCS1v15(), hashes.SHA256())
        return {**body, "Signature": b64encode(signature).decode()}


def certificate_of(key: RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=999))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def fake_sns() -> Iterator[FakeSns]:
    key = generate_private_key(65537, 2048)
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(certificate_of(key))

        def log_message(self, *_: Any) -> None:
            """Prints nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield FakeSns(key, f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()
        thread.join()


@pytest.fixture
async def receiver(servers: TestServers, fake_sns: FakeSns, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    monkeypatch.setenv("PIPELINE_POSTMARK_LOGIN", ":".join(LOGIN))
    monkeypatch.setenv("PIPELINE_SES_TOPIC", TOPIC)
    monkeypatch.setenv("PIPELINE_SNS_SERVER", fake_sns.url)
    async with run_service("notifier", servers) as running:
        yield running


@pytest.fixture
async def client(receiver: Running) -> AsyncIterator[httpx.AsyncClient]:
    base = f"http://127.0.0.1:{receiver.app.http_port}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        yield client


def inbound(letter: UUID, text: str) -> dict[str, Any]:
    """What Postmark sends for a message, from its documentation."""
    return {
        "FromName": "Ada",
        "From": ADA,
        "To": "mail@us.example",
        "OriginalRecipient": "mail@us.example",
        "Subject": "Re: A question é\r\nBcc: all@else.example",
        "MessageID": "22c74902-a0c1-4511-804f2-341342852c90",
        "Date": "Thu, 5 Apr 2012 16:59:01 +0200",
        "TextBody": text,
        "HtmlBody": "",
        "Headers": [
            {"Name": "In-Reply-To", "Value": header_id(letter, "bo@us.example")},
            {"Name": "Message-ID", "Value": "<1@home.example>"},
        ],
        "Attachments": [{"Name": "a.pdf", "Content": "AAAA", "ContentType": "application/pdf", "ContentLength": 3}],
    }


def ses_bounce(letter: UUID) -> str:
    """What SES publishes, from its documentation."""
    return json.dumps(
        {
            "notificationType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{"emailAddress": ADA, "diagnosticCode": "smtp; 550 5.1.1 user unknown"}],
                "feedbackId": "0100-1",
            },
            "mail": {"destination": [ADA], "commonHeaders": {"messageId": header_id(letter, "bo@us.example")}},
        }
    )


async def test_what_postmark_passes_on_has_its_effect_once(receiver: Running, client: httpx.AsyncClient) -> None:
    letter = await was_sent(receiver)
    notice = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": ADA, "ID": 42, "Content": "-"}

    replies = [
        await client.post("/mail/postmark", json=body, auth=LOGIN)
        for body in (inbound(letter, "Call me."), inbound(letter, "Call me."), notice, notice)
    ]

    assert [reply.status_code for reply in replies] == [200] * 4
    assert [each.task_id is not None for each in await receiver.published(EmailReplied)] == [True]
    assert [each.email for each in await receiver.published(EmailComplained)] == [ADA]
    [reply] = await receiver.ask(Incoming(kind="reply"))
    shown = await receiver.ask(ShowMail(mail_id=reply.short_id))
    assert (shown.source, shown.subject, shown.text) == (
        "postmark",
        "Re: A question é Bcc: all@else.example",
        "Call me.",
    )


async def test_a_caller_without_the_password_of_postmark_is_refused(client: httpx.AsyncClient) -> None:
    wrong = [await client.post("/mail/postmark", json={}, auth=auth) for auth in (("postmark", "x"), ("", LOGIN[1]))]
    wrong.append(await client.post("/mail/postmark", json={}))
    broken = [await client.post("/mail/postmark", content=body, auth=LOGIN) for body in (b"{", b"[]", b"\xff")]

    assert [reply.status_code for reply in wrong] == [401] * 3
    assert [reply.status_code for reply in broken] == [400] * 3


async def test_what_ses_passes_on_has_its_effect_once(
    receiver: Running, client: httpx.AsyncClient, fake_sns: FakeSns
) -> None:
    letter = await was_sent(receiver)
    raw = a_message("Yes.", letter).as_bytes()
    received = json.dumps({"notificationType": "Received", "content": b64encode(raw).decode()})
    bounce = fake_sns.message(Message=ses_bounce(letter))

    replies = [
        await client.post("/mail/ses", json=body)
        for body in (bounce, bounce, fake_sns.message(Message=received, Subject="Amazon SES"))
    ]

    assert [reply.status_code for reply in replies] == [200] * 3
    assert [(each.hard, each.email) for each in await receiver.published(EmailBounced)] == [(True, ADA)]
    assert len(await receiver.published(EmailReplied)) == 1


async def test_forged_and_recorded_messages_of_sns_are_refused_and_call_no_other_server(
    receiver: Running, client: httpx.AsyncClient, fake_sns: FakeSns
) -> None:
    other = generate_private_key(65537, 2048)
    sign = fake_sns.message
    old = (START - timedelta(days=2)).isoformat()
    forged = [
        sign(other),
        sign() | {"Message": "changed"},
        sign() | {"Signature": "no base64"},
        sign(SigningCertURL="https://sns.us-east-1.amazonaws.com.else.example/SimpleNotificationService-0.pem"),
        sign(SigningCertURL=f"{fake_sns.url}/../secret.pem"),
        sign(SigningCertURL="http://127.0.0.1:1/SimpleNotificationService-0123abcd.pem"),
        sign(TopicArn=TOPIC + "2"),
        sign(Timestamp=old),
        sign(SignatureVersion="3"),
        {"Type": "Notification"},
        {"Type": ["Notification"]},
        {},
    ]

    before = set(fake_sns.asked)
    replies = [await client.post("/mail/ses", json=body) for body in forged]

    assert [reply.status_code for reply in replies] == [403] * len(forged)
    assert set(fake_sns.asked) - before <= {"/SimpleNotificationService-0123abcd.pem"}
    assert await receiver.ask(Incoming()) == []


async def test_a_subscription_is_confirmed_for_the_topic_at_the_server_of_sns_only(
    client: httpx.AsyncClient, fake_sns: FakeSns
) -> None:
    asks: dict[str, Any] = {
        "Type": "SubscriptionConfirmation",
        "Token": "t&1",
        "SubscribeURL": "http://169.254.169.254/latest",
    }

    mine = await client.post("/mail/ses", json=fake_sns.message(**asks))
    other = await client.post("/mail/ses", json=fake_sns.message(**asks, TopicArn=TOPIC + "2"))

    assert (mine.status_code, other.status_code) == (200, 403)
    asked = [path for path in fake_sns.asked if "ConfirmSubscription" in path]
    assert len(asked) == 1
    assert asked[0].endswith("mail&Token=t%261")


async def test_without_its_setting_an_address_does_not_exist(notifier: Running) -> None:
    base = f"http://127.0.0.1:{notifier.app.http_port}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        replies = [await client.post(path, json={}) for path in ("/mail/postmark", "/mail/ses")]
        described = (await client.get("/openapi.json")).json()

    assert [reply.status_code for reply in replies] == [404, 404]
    described_replies = {path: set(each["post"]["responses"]) for path, each in described["paths"].items()}
    assert described_replies == {
        "/mail/postmark": {"200", "400", "401", "404", "413", "500", "503"},
        "/mail/ses": {"200", "400", "403", "404", "413", "500", "503"},
    }
