"""Which mistakes do validators pass that a real API server refuses, or that stop or expose what runs?

Each function is a policy over all objects of an overlay; it returns sentences, none if it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from deploy.pin import DIGEST, PLACEHOLDER
from shared.settings import LISTENING_CONNECTIONS, pool_size

Object = Mapping[str, Any]
Policy = Callable[[Sequence[Object]], Iterator[str]]
OF_NATS_AND_POSTGRES: Final = ({"app.kubernetes.io/name": "nats"}, {"cnpg.io/cluster": "postgres"})
"""Pods that charts and operators make."""
RESERVED: Final = 3 + 5
"""Connections for administrators, and for set-up and inspection."""
_UNITS: Final[Mapping[str, Decimal | int]] = {
    "m": Decimal("0.001"), "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "k": 10**3, "M": 10**6,
}  # fmt: skip


def problems(objects: Sequence[Object]) -> list[str]:
    """What is wrong with an overlay."""
    return [sentence for policy in POLICIES for sentence in policy(objects)]


def placeholders(objects: Sequence[Object]) -> list[str]:
    """Images that have no digest yet."""
    return [each["image"] for _, pod in pods(objects) for each in pod["containers"] if PLACEHOLDER in each["image"]]


def pods(objects: Sequence[Object]) -> Iterator[tuple[str, Object]]:
    for each in objects:
        if each["kind"] in ("Deployment", "Job", "StatefulSet", "DaemonSet"):
            yield place(each), each["spec"]["template"]["spec"]


def place(each: Object) -> str:
    return f"{each['kind']} {each['metadata']['name']}"


def named(objects: Sequence[Object], kind: str) -> dict[str, Object]:
    return {each["metadata"]["name"]: each for each in objects if each["kind"] == kind}


def selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    return selector.items() <= labels.items()


def _labels(objects: Sequence[Object]) -> list[Mapping[str, str]]:
    made = [each["spec"]["template"]["metadata"]["labels"] for each in objects if "template" in each.get("spec", {})]
    return [each for each in made if each] + list(OF_NATS_AND_POSTGRES)


def amount(stated: Any) -> Decimal:
    """A quantity of Kubernetes as a number: `256Mi`, `100m`, `1`."""
    text = str(stated)
    unit = next((each for each in _UNITS if text.endswith(each)), "")
    return Decimal(text.removesuffix(unit)) * Decimal(_UNITS.get(unit, 1))


def a_budget_has_one_bound_and_allows_a_move(objects: Sequence[Object]) -> Iterator[str]:
    for name, each in named(objects, "PodDisruptionBudget").items():
        bounds = [bound for bound in ("minAvailable", "maxUnavailable") if bound in each["spec"]]
        if len(bounds) != 1:
            yield f"PodDisruptionBudget {name} has {len(bounds)} bounds; the API server takes one"
        elif each["spec"][bounds[0]] in (0, "0%", "100%") and bounds == ["maxUnavailable"]:
            yield f"PodDisruptionBudget {name} lets no pod be moved, so that a node is never drained"


def a_selector_matches_something(objects: Sequence[Object]) -> Iterator[str]:
    labels = _labels(objects)
    for each in objects:
        spec = each.get("spec", {})
        matched = spec.get("selector", {}).get("matchLabels")
        selectors = {
            "Service": spec.get("selector"), "PodDisruptionBudget": matched, "Deployment": matched,
            "NetworkPolicy": spec.get("podSelector", {}).get("matchLabels"),
        }  # fmt: skip
        selector = selectors.get(each["kind"])
        own = [spec["template"]["metadata"]["labels"]] if each["kind"] == "Deployment" else labels
        if selector and not any(selects(selector, one) for one in own):
            yield f"{place(each)} selects no pod: {dict(selector)}"


def requests_are_within_limits(objects: Sequence[Object]) -> Iterator[str]:
    for name, pod in pods(objects):
        for container in pod["containers"]:
            resources = container.get("resources", {})
            requests, limits = resources.get("requests", {}), resources.get("limits", {})
            if "memory" not in limits or not {"cpu", "memory"} <= requests.keys():
                yield f"{name}: {container['name']} states no memory limit, or no requests"
            for kind in requests.keys() & limits.keys():
                if amount(requests[kind]) > amount(limits[kind]):
                    yield f"{name}: {container['name']} requests {requests[kind]} {kind}, above its limit"


def an_image_has_a_digest(objects: Sequence[Object]) -> Iterator[str]:
    for name, pod in pods(objects):
        for container in pod["containers"]:
            if not DIGEST.fullmatch(container["image"].partition("@")[2]):
                yield f"{name}: {container['image']} may become another image; components/release pins it"


def a_pod_is_restricted(objects: Sequence[Object]) -> Iterator[str]:
    """The restricted Pod Security Standard, and what we ask beyond it."""
    for name, pod in pods(objects):
        context = pod.get("securityContext", {})
        wanted = {
            "runAsNonRoot": context.get("runAsNonRoot") is True,
            "seccompProfile": context.get("seccompProfile", {}).get("type") == "RuntimeDefault",
            "no host network, processes or IPC": not any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")),
            "no token": pod.get("automountServiceAccountToken") is False,
            "no links": pod.get("enableServiceLinks") is False,
            "volumes that are no paths of a node": not any("hostPath" in each for each in pod.get("volumes", [])),
            "a service account of its own": pod.get("serviceAccountName", "default") != "default",
        }
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            own = container.get("securityContext", {})
            wanted |= {
                f"{container['name']}: no new privileges": own.get("allowPrivilegeEscalation") is False,
                f"{container['name']}: no capabilities": own.get("capabilities", {}).get("drop") == ["ALL"],
                f"{container['name']}: a read-only root": own.get("readOnlyRootFilesystem") is True,
                f"{container['name']}: no port of the node": not any(
                    "hostPort" in port for port in container.get("ports", [])
                ),
                f"{container['name']}: no secret in its environment": not any(
                    "valueFrom" in each and "secretKeyRef" in each["valueFrom"] for each in container.get("env", [])
                ),
            }
        yield from (f"{name} lacks: {what}" for what, holds in wanted.items() if not holds)


def a_service_is_probed_and_drained(objects: Sequence[Object]) -> Iterator[str]:
    for name, each in named(objects, "Deployment").items():
        pod = each["spec"]["template"]["spec"]
        for container in pod["containers"]:
            missing = [kind for kind in ("startupProbe", "readinessProbe", "livenessProbe") if kind not in container]
            if missing:
                yield f"Deployment {name} lacks {', '.join(missing)}"
            waits = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            if not waits or pod.get("terminationGracePeriodSeconds", 30) < waits + 20:
                yield f"Deployment {name} is killed before it has drained for 20 s after {waits} s of waiting"


def what_is_named_exists(objects: Sequence[Object]) -> Iterator[str]:
    """Secrets, settings, accounts and addresses that are used are made here."""
    secrets = {each["spec"]["target"]["name"] for each in named(objects, "ExternalSecret").values()}
    settings, accounts = named(objects, "ConfigMap"), named(objects, "ServiceAccount")
    for name, pod in pods(objects):
        if pod["serviceAccountName"] not in accounts:
            yield f"{name}: there is no ServiceAccount {pod['serviceAccountName']}"
        for volume in pod.get("volumes", []):
            if "secret" in volume and volume["secret"]["secretName"] not in secrets:
                yield f"{name}: no one makes the secret {volume['secret']['secretName']}"
        for source in (each for container in pod["containers"] for each in container.get("envFrom", [])):
            if "configMapRef" in source and source["configMapRef"]["name"] not in settings:
                yield f"{name}: there is no ConfigMap {source['configMapRef']['name']}"
    services = named(objects, "Service")
    for name, ingress in named(objects, "Ingress").items():
        for path in (each for rule in ingress["spec"]["rules"] for each in rule["http"]["paths"]):
            backend = path["backend"]["service"]
            if backend["name"] not in services:
                yield f"Ingress {name}: there is no Service {backend['name']}"


def scaling_is_left_to_one(objects: Sequence[Object]) -> Iterator[str]:
    """KEDA sets `replicas`; a Deployment that names them too would be set back at each update."""
    deployments = named(objects, "Deployment")
    targets = [each["spec"]["scaleTargetRef"]["name"] for each in named(objects, "ScaledObject").values()]
    for target in targets:
        if target not in deployments:
            yield f"ScaledObject {target}: there is no Deployment {target}"
        elif "replicas" in deployments[target]["spec"]:
            yield f"Deployment {target} names replicas, which KEDA sets"
    for target in sorted({each for each in targets if targets.count(each) > 1}):
        yield f"Deployment {target} is scaled by two objects, of which KEDA refuses the second"


def connections_suffice(objects: Sequence[Object]) -> Iterator[str]:
    """With all replicas that KEDA may start, PostgreSQL refuses no connection."""
    scaled = {each["spec"]["scaleTargetRef"]["name"]: each for each in named(objects, "ScaledObject").values()}
    for name, cluster in named(objects, "Cluster").items():
        allowed = int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])
        wanted = sum(
            (pool_size(service) + LISTENING_CONNECTIONS) * int(each["spec"]["maxReplicaCount"])
            for service, each in scaled.items()
        )
        if wanted + RESERVED > allowed:
            yield f"Cluster {name} allows {allowed} connections; replicas may use {wanted}, {RESERVED} are reserved"


def everyone_is_denied_at_first(objects: Sequence[Object]) -> Iterator[str]:
    every = [each["spec"] for each in named(objects, "NetworkPolicy").values() if not each["spec"]["podSelector"]]
    if not any(set(each["policyTypes"]) == {"Ingress", "Egress"} and len(each) == 2 for each in every):
        yield "no NetworkPolicy denies everything that no other one allows"


def a_job_can_be_replaced(objects: Sequence[Object]) -> Iterator[str]:
    """A job is immutable: one that keeps its name could not be applied with the image of the next version."""
    for name, each in named(objects, "Job").items():
        if not any(character.isdigit() for character in name):
            yield f"Job {name} has no version in its name"
        if "ttlSecondsAfterFinished" not in each["spec"]:
            yield f"Job {name} stays after it has finished"


POLICIES: Final[tuple[Policy, ...]] = (
    a_budget_has_one_bound_and_allows_a_move,
    a_selector_matches_something,
    requests_are_within_limits,
    an_image_has_a_digest,
    a_pod_is_restricted,
    a_service_is_probed_and_drained,
    what_is_named_exists,
    scaling_is_left_to_one,
    connections_suffice,
    everyone_is_denied_at_first,
    a_job_can_be_replaced,
)
