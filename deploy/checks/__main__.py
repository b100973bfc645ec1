"""`make deploy-check`: render every overlay, validate it, and check what validators pass.

`python -m deploy.checks TOOLS`: the folder with kubectl, kubernetes-validate, yamllint and hadolint.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.checks import custom, policies

HERE: Final = Path(__file__).parents[1]
OVERLAYS: Final = ("small", "production")
VERSIONS: Final = ("1.33", "1.37")
"""The oldest Kubernetes whose schema has all that we use, and the newest one."""
BUILT_IN: Final = ("v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1")


def run(*command: str | Path, given: str | None = None) -> tuple[int, str]:
    done = subprocess.run([*map(str, command)], input=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def rendered(tools: Path, overlay: str) -> str:
    """All objects of an overlay as YAML; raises `ValueError` with what Kustomize states."""
    code, text = run(tools / "kubectl", "kustomize", HERE / "kubernetes" / "overlays" / overlay)
    if code:
        raise ValueError(text.strip())
    return text


def of_overlay(tools: Path, overlay: str) -> Iterator[str]:
    text = rendered(tools, overlay)
    objects: list[dict[str, Any]] = list(yaml.safe_load_all(text))
    known = custom.schemas()
    for each in (one for one in objects if one["apiVersion"] not in BUILT_IN):
        yield from custom.problems(each, known)
    built_in = yaml.safe_dump_all(each for each in objects if each["apiVersion"] in BUILT_IN)
    for version in VERSIONS:
        code, stated = run(tools / "kubernetes-validate", "--strict", "--quiet", "-k", version, "-", given=built_in)
        yield from (f"Kubernetes {version}: {line}" for line in stated.splitlines() if line.strip())
        if code and not stated.strip():
            yield f"Kubernetes {version}: kubernetes-validate ended with {code}"
    yield from policies.problems(objects)
    unpinned = policies.placeholders(objects)
    counts = f"{len(objects)} objects, {len({each['kind'] for each in objects})} kinds"
    note = f"; {len(unpinned)} images have no digest yet (python -m deploy.pin)" if unpinned else ""
    print(f"  {overlay}: {counts}{note}")


def of_files(tools: Path) -> Iterator[str]:
    compose = HERE.parent / "compose.yaml"
    code, stated = run(tools / "yamllint", "--strict", "-c", HERE / "yamllint.yaml", HERE / "kubernetes", compose)
    yield from stated.splitlines() if code else ()
    code, stated = run(tools / "hadolint", "--no-color", "--ignore", "DL3008", HERE / "Dockerfile")
    yield from stated.splitlines() if code else ()


def main(arguments: Sequence[str]) -> int:
    tools = Path(arguments[0])
    checks: list[tuple[str, Callable[[], Iterator[str]]]] = [("YAML and Dockerfile", lambda: of_files(tools))]
    checks += [(f"overlay {each}", lambda each=each: of_overlay(tools, each)) for each in OVERLAYS]  # type: ignore[misc]
    failed = 0
    for name, check in checks:
        print(name)
        try:
            found = list(check())
        except (OSError, ValueError) as error:
            found = [str(error)]
        failed += len(found)
        for sentence in found:
            print(f"  {sentence}")
    print(f"{failed} problems." if failed else f"Everything holds: {len(policies.POLICIES)} policies on each overlay.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
