"""Does a policy find the mistake that it is for, and nothing in what we ship?"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from cli.generate.kubernetes import FOLDER
from deploy.checks import custom, policies
from deploy.pin import FILE, IMAGES, PLACEHOLDER, pinned

Objects = list[dict[str, Any]]
FILES = ("base/*.yaml", "components/*/*.yaml", "overlays/production/ingress.yaml")


def shipped() -> Objects:
    """All objects as they are written, with digests and the settings that Kustomize adds."""
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}
    texts = [path.read_text() for pattern in FILES for path in sorted(FOLDER.glob(pattern)) if path.stem != "values"]
    stated = [each for text in texts for each in yaml.safe_load_all(text)]
    found = [each for each in stated if each["kind"] not in ("Kustomization", "Component")]
    for _, pod in policies.pods(found):
        for container in pod["containers"]:
            container["image"] += f"@sha256:{'a1' * 32}"
    return [*found, settings]


OBJECTS = shipped()


def one(objects: Objects, kind: str, name: str) -> dict[str, Any]:
    return next(each for each in objects if each["kind"] == kind and each["metadata"]["name"] == name)


def pod(objects: Objects, name: str = "matcher") -> dict[str, Any]:
    found: dict[str, Any] = one(objects, "Deployment", name)["spec"]["template"]["spec"]
    return found


def container(objects: Objects) -> dict[str, Any]:
    found: dict[str, Any] = pod(objects)["containers"][0]
    return found


def removed(kind: str, name: str) -> Callable[[Objects], Any]:
    return lambda objects: objects.remove(one(objects, kind, name))


MISTAKES: dict[str, Callable[[Objects], Any]] = {
    "has 2 bounds": lambda o: one(o, "PodDisruptionBudget", "matcher")["spec"].update(minAvailable=1),
    "lets no pod be moved": lambda o: one(o, "PodDisruptionBudget", "matcher")["spec"].update(maxUnavailable=0),
    "Service matcher selects no pod": lambda o: one(o, "Service", "matcher")["spec"].update(selector={"app": "x"}),
    "NetworkPolicy dns selects no pod": lambda o: one(o, "NetworkPolicy", "dns")["spec"].update(
        podSelector={"matchLabels": {"part": "x"}}
    ),
    "Deployment matcher selects no pod": lambda o: one(o, "Deployment", "matcher")["spec"].update(
        selector={"matchLabels": {"app.kubernetes.io/name": "scorer"}}
    ),
    "above its limit": lambda o: container(o)["resources"]["requests"].update(memory="1Gi"),
    "states no memory limit": lambda o: container(o)["resources"].update(limits={}),
    "may become another image": lambda o: container(o).update(image="facility-pipeline/matcher:1.0"),
    "lacks: runAsNonRoot": lambda o: pod(o)["securityContext"].update(runAsNonRoot=False),
    "lacks: seccompProfile": lambda o: pod(o)["securityContext"].pop("seccompProfile"),
    "lacks: no token": lambda o: pod(o).pop("automountServiceAccountToken"),
    "lacks: no links": lambda o: pod(o).pop("enableServiceLinks"),
    "lacks: no host network": lambda o: pod(o).update(hostNetwork=True),
    "lacks: volumes that are no paths": lambda o: pod(o)["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
    "lacks: a service account of its own": lambda o: pod(o).update(serviceAccountName="default"),
    "matcher: no new privileges": lambda o: container(o)["securityContext"].pop("allowPrivilegeEscalation"),
    "matcher: no capabilities": lambda o: container(o)["securityContext"].update(capabilities={"drop": ["NET_RAW"]}),
    "matcher: a read-only root": lambda o: container(o)["securityContext"].update(readOnlyRootFilesystem=False),
    "matcher: no port of the node": lambda o: container(o)["ports"][0].update(hostPort=80),
    "matcher: no secret in its environment": lambda o: container(o)["env"].append(
        {"name": "A", "valueFrom": {"secretKeyRef": {"name": "matcher", "key": "a"}}}
    ),
    "lacks readinessProbe": lambda o: container(o).pop("readinessProbe"),
    "killed before it has drained": lambda o: pod(o).update(terminationGracePeriodSeconds=10),
    "no one makes the secret matcher": removed("ExternalSecret", "matcher"),
    "there is no ServiceAccount matcher": removed("ServiceAccount", "matcher"),
    "there is no ConfigMap settings": removed("ConfigMap", "settings"),
    "there is no Service console": removed("Service", "console"),
    "names replicas, which KEDA sets": lambda o: one(o, "Deployment", "matcher")["spec"].update(replicas=3),
    "there is no Deployment matcher": removed("Deployment", "matcher"),
    "KEDA refuses the second": lambda o: o.append({**one(o, "ScaledObject", "matcher"), "metadata": {"name": "again"}}),
    "allows 400 connections": lambda o: one(o, "Cluster", "postgres")["spec"]["postgresql"]["parameters"].update(
        max_connections="400"
    ),
    "no NetworkPolicy denies everything": removed("NetworkPolicy", "default-deny"),
    "has no version in its name": lambda o: one(o, "Job", "setup-0-1-0")["metadata"].update(name="setup"),
    "stays after it has finished": lambda o: one(o, "Job", "setup-0-1-0")["spec"].pop("ttlSecondsAfterFinished"),
}


def test_nothing_is_wrong_with_what_we_ship() -> None:
    assert policies.problems(OBJECTS) == []


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_mistake_is_named(sentence: str) -> None:
    objects = deepcopy(OBJECTS)
    MISTAKES[sentence](objects)
    assert any(sentence in each for each in policies.problems(objects)), policies.problems(objects)


def test_every_policy_has_a_mistake_that_only_it_finds() -> None:
    unused = set(policies.POLICIES)
    for mistake in MISTAKES.values():
        objects = deepcopy(OBJECTS)
        mistake(objects)
        unused -= {policy for policy in unused if list(policy(objects))}
    assert unused == set()


def test_an_image_without_a_digest_is_counted() -> None:
    objects = deepcopy(OBJECTS)
    container(objects)["image"] = f"facility-pipeline/matcher@{PLACEHOLDER}"
    assert policies.placeholders(objects) == [f"facility-pipeline/matcher@{PLACEHOLDER}"]


def test_a_custom_resource_has_only_known_fields() -> None:
    known = custom.schemas()
    resources = [each for each in OBJECTS if (each["apiVersion"], each["kind"]) in known]
    assert {each["kind"] for each in resources} >= {"Cluster", "ExternalSecret", "ScaledObject", "ServiceMonitor"}
    assert [problem for each in resources for problem in custom.problems(each, known)] == []

    changed = deepcopy(one(OBJECTS, "ScaledObject", "matcher"))
    changed["spec"]["triggers"][0]["metadata"]["lagTreshold"] = "5"
    assert custom.problems(changed, known)
    assert custom.problems({**changed, "apiVersion": "keda.sh/v2"}, known) == [
        "ScaledObject matcher: there is no schema for keda.sh/v2"
    ]


@pytest.mark.parametrize("stated, number", [("256Mi", 268435456), ("1Gi", 1073741824), ("1", 1), (2, 2)], ids=str)
def test_a_quantity_is_a_number(stated: Any, number: int) -> None:
    assert policies.amount(stated) == number
    assert policies.amount("100m") * 10 == 1


def test_all_images_are_pinned_by_digest() -> None:
    digests = dict.fromkeys(IMAGES, f"sha256:{'b2' * 32}")
    stated = yaml.safe_load(pinned("registry.example/team", digests))["images"]
    assert {each["newName"] for each in stated} == {f"registry.example/team/{name}" for name in IMAGES}
    assert {each["name"] for each in yaml.safe_load(FILE.read_text())["images"]} == {
        f"facility-pipeline/{name}" for name in IMAGES
    }
    with pytest.raises(ValueError, match="matcher: '' is no digest"):
        pinned("registry.example", digests | {"matcher": ""})


def test_the_pods_of_nats_are_restricted_although_its_chart_states_nothing() -> None:
    values = yaml.safe_load((FOLDER / "components" / "nats" / "values.yaml").read_text())
    assert values["podTemplate"]["merge"]["spec"]["securityContext"]["runAsNonRoot"] is True
    for name in ("container", "reloader", "promExporter"):
        own = values[name]["merge"]["securityContext"]
        assert own["allowPrivilegeEscalation"] is False
        assert own["capabilities"] == {"drop": ["ALL"]}
    assert values["natsBox"] == {"enabled": False}, "it would need the same, and nothing needs it"
