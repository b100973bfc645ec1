"""Do the locks, the images and the containers agree with the code?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts.services import MANIFEST, SERVICES, ServiceEntry
from shared.settings import LISTENING_CONNECTIONS, pool_size

REPOSITORY = Path(__file__).resolve().parents[3]
LOCKS = sorted((REPOSITORY / "requirements").rglob("*.lock"))
NOT_IN_IMAGES = {"deploy", "fitting", "scrapy", "sparse_dot_topn", "tantivy", "splink"}
SERVERS = {"nats", "nats-volume", "postgres"}


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
    return content


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_registry_and_no_path(lock: Path) -> None:
    assert not re.search(r"://|^-|file:", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_hashes(lock: Path) -> None:
    requirements = lock.read_text().replace("\\\n", " ").splitlines()

    assert requirements
    assert all("--hash=sha256:" in requirement for requirement in requirements)


# The lock for fitting the matcher, and those of what the product is compared with, are not part of any image.
@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock.stem not in NOT_IN_IMAGES], ids=lambda lock: lock.name)
def test_images_have_the_versions_that_the_tests_run_with(lock: Path) -> None:
    tested = pins(REPOSITORY / "requirements" / "dev.lock")

    assert pins(lock).items() <= tested.items()


REPLICAS = 6
RESERVED = 3 + 5
"""Connections for administrators, and for setup and inspection."""


def test_postgresql_has_connections_for_six_replicas_of_every_service(compose: dict[str, Any]) -> None:
    command = compose["services"]["postgres"]["command"]
    most = next(int(word.partition("=")[2]) for word in command if word.startswith("max_connections="))

    assert REPLICAS * sum(pool_size(each) + LISTENING_CONNECTIONS for each in SERVICES) <= most - RESERVED


def test_every_service_has_a_container_of_its_own_image(compose: dict[str, Any]) -> None:
    built = {
        name: content["build"]["args"]["SERVICE"]
        for name, content in compose["services"].items()
        if name not in SERVERS
    }

    assert built == {name: name for name in (*SERVICES, "setup")}


@pytest.mark.parametrize("service", MANIFEST, ids=lambda service: service.name)
def test_a_service_has_only_its_own_secrets(compose: dict[str, Any], service: ServiceEntry) -> None:
    secrets = {secret["source"] for secret in compose["services"][service.name]["secrets"]}

    assert secrets == {f"{service.name}_{kind}" for kind in ("database_url", "nats_url", *service.files)}


def test_every_container_is_read_only_and_without_privileges(compose: dict[str, Any]) -> None:
    for name, content in compose["services"].items():
        assert content["read_only"], name
        assert content["cap_drop"] == ["ALL"], name
        assert content["security_opt"] == ["no-new-privileges:true"], name


def test_ports_are_published_on_this_machine_only(compose: dict[str, Any]) -> None:
    ports = [port for content in compose["services"].values() for port in content.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_postgresql_has_the_passwords_of_all_services_and_its_own(compose: dict[str, Any]) -> None:
    secrets = set(compose["services"]["postgres"]["secrets"])

    assert secrets == {"postgres_password", *(f"{service}_database_password" for service in SERVICES)}


def test_every_secret_of_a_container_is_a_file_that_make_secrets_creates(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    shutil.copytree(REPOSITORY / "deploy", tmp_path / "deploy")
    shutil.copy(REPOSITORY / "services.toml", tmp_path)
    subprocess.run([tmp_path / "deploy" / "make-secrets"], check=True)

    assert compose["secrets"] == {
        name: {"file": f".secrets/{name}"}
        for name in sorted(each.name for each in (tmp_path / ".secrets").iterdir())
        if name in compose["secrets"]
    }


def test_a_secret_that_an_operator_gives_is_empty_until_then_and_kept_afterwards(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "deploy", tmp_path / "deploy")
    shutil.copy(REPOSITORY / "services.toml", tmp_path)
    subprocess.run([tmp_path / "deploy" / "make-secrets"], check=True)
    token = tmp_path / ".secrets" / "courier_hubspot_token"
    before = token.read_text()
    token.write_text("pat-1")
    subprocess.run([tmp_path / "deploy" / "make-secrets"], check=True)

    assert (before, token.read_text()) == ("", "pat-1")


@pytest.mark.parametrize("service", MANIFEST, ids=lambda service: service.name)
def test_a_service_has_a_lock_with_all_its_packages(service: ServiceEntry) -> None:
    lock = service.name if service.packages else "kernel"
    locked = pins(REPOSITORY / "requirements" / f"{lock}.lock")

    assert {"nats-py", "pydantic", *service.packages} <= set(locked)


@pytest.fixture
def copy_code() -> str:
    """The command of the Dockerfile that copies the code of one image."""
    dockerfile = (REPOSITORY / "deploy" / "Dockerfile").read_text()
    found = re.search(r"target=/source \\\n(.*?) && python -m compileall", dockerfile, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "image, module", [*((name, f"services.{name}.app") for name in SERVICES), ("setup", "cli.provision.prepare")]
)
def test_the_code_of_an_image_can_be_imported(image: str, module: str, copy_code: str, tmp_path: Path) -> None:
    app = tmp_path / "app"
    command = copy_code.replace("/app", str(app)).removesuffix("\\\n")
    subprocess.run(["sh", "-ec", command], cwd=REPOSITORY, env={**os.environ, "SERVICE": image}, check=True)

    outcome = subprocess.run(
        [sys.executable, "-c", f"import {module}; print({module}.__file__)"],
        cwd=app,
        env={**os.environ, "PYTHONPATH": str(app)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.startswith(str(app))
