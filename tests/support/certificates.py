"""Which certificates do servers and clients of tests have?"""

from __future__ import annotations

import subprocess
from pathlib import Path


def issue(folder: Path) -> Path:
    """An authority, its certificates for a server and a client, and a client certificate of another authority."""
    for authority in ("ca", "other-ca"):
        _openssl(
            folder,
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
            f" -subj /CN={authority} -keyout {authority}.key -out {authority}.pem",
        )
    for name, authority in (("server", "ca"), ("client", "ca"), ("stranger", "other-ca")):
        _openssl(
            folder,
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            f" -subj /CN={name} -keyout {name}.key -out {name}.csr",
        )
        (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
        _openssl(
            folder,
            f"x509 -req -in {name}.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial -days 2"
            f" -extfile names -out {name}.pem",
        )
    return folder


def of_a_server(folder: Path) -> dict[str, str]:
    """The variables of `deploy/nats/tls.conf`."""
    files = {"CA": "ca.pem", "SERVER_CERT": "server.pem", "SERVER_KEY": "server.key"}
    return {f"PIPELINE_NATS_TLS_{name}": str(folder / file) for name, file in files.items()}


def of_a_client(folder: Path) -> dict[str, str]:
    """The settings of services, set-up and command line."""
    files = {"CA": "ca.pem", "CERT": "client.pem", "KEY": "client.key"}
    return {f"PIPELINE_NATS_TLS_{name}": str(folder / file) for name, file in files.items()}


def _openssl(folder: Path, words: str) -> None:
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
