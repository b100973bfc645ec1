"""What do the pages without a session show?"""

from __future__ import annotations

from services.console.rendering.authenticators import Authenticator, RecoveryCodes
from services.console.screens.access.view import (
    Code,
    FirstPassword,
    Key,
    NoUsers,
    SignIn,
)
from tests.browser.samples.frames import Sample

PRODUCT = "Facility Pipeline"
QR = "".join(f"M{x} {y}h1v1h-1z" for x in range(29) for y in range(29) if (x * 7 + y * 13 + x * y) % 5 < 2)


def _door(template: str, view: object, **more: object) -> Sample:
    return Sample(f"access/{template}.html".removeprefix("access/../"), {"product": PRODUCT, "view": view, **more})


SAMPLES = {
    "sign-in": _door(
        "sign_in",
        SignIn("dana@nightingale.example", "Wrong name or password. Next try in 4 s.", provider="Nightingale", host="nightingale.example"),
    ),
    "sign-in-ended": _door("sign_in", SignIn(notice="Your role changed, so this session ended.", host="nightingale.example")),
    "code": _door("code", Code("Helen Ostrowski", "helen@nightingale.example", "c", passkey=True)),
    "code-recovery": _door("code", Code("Helen Ostrowski", "helen@nightingale.example", "c", "This code was used already.", recovery=True)),
    "key": _door("key", Key("Helen Ostrowski", "helen@nightingale.example", "c", "{}", "This key was not accepted. Next try in 2 s.")),
    "first-password": _door(
        "first_password", FirstPassword("Bartholomew Featherstonehaugh", "bart@nightingale.example", "Representative", "t", "c", link_ends="It ends at 10:12 am")
    ),
    "authenticator": _door(
        "../authenticator", Authenticator("Helen Ostrowski", "helen@nightingale.example", "JBSW Y3DP EHPK 3PXP", "otpauth://totp/x", QR, 29, "c")
    ),
    "recovery-codes": _door("../recovery_codes", RecoveryCodes(tuple(f"{n:04d}-{n * 7 % 10000:04d}" for n in range(1234, 9000, 800)), "/worklist")),
    "no-users": _door("no_users", NoUsers("pipeline console user add NAME --role operations")),
    "door-error": Sample(
        "door_error.html",
        {"product": PRODUCT, "title": "This link has ended", "status": 410, "message": "A one-time link works once, for 30 minutes. Ask for a new one.", "again": "", "home": "/sign-in"},
    ),
}  # fmt: skip
