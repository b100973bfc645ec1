"""Which images run in a cluster? Writes the digests of pushed images into deploy/kubernetes/components/release/.

`python -m deploy.pin REGISTRY TAG` pushes the images that `make compose-up` or `docker compose build` made to
`REGISTRY/<service>:TAG`, and pins what the registry answers. An image without a digest can become another one.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.contracts.services import SERVICES

FILE: Final = Path(__file__).parent / "kubernetes" / "components" / "release" / "kustomization.yaml"
IMAGES: Final = (*SERVICES, "setup")
PLACEHOLDER: Final = "sha256:" + "0" * 64
DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
HEAD: Final = """# Which image each service is, by its digest (`python -m deploy.pin`); zeros stand for none yet.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images:
"""


def pinned(registry: str, digests: Mapping[str, str]) -> str:
    """The file that pins these images; raises `ValueError` if one has no digest."""
    lines = list[str]()
    for name in IMAGES:
        digest = digests.get(name, "")
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"{name}: {digest!r} is no digest; it looks like {PLACEHOLDER}")
        place = f"    newName: {registry}/{name}\n" if registry else ""
        lines.append(f"  - name: facility-pipeline/{name}\n{place}    digest: {digest}\n")
    return HEAD + "".join(lines)


def pushed(registry: str, tag: str) -> dict[str, str]:
    """The digest of each image, after it was pushed; raises `subprocess.CalledProcessError`."""
    found = dict[str, str]()
    for name in IMAGES:
        image = f"{registry}/{name}:{tag}"
        subprocess.run(["docker", "tag", f"facility-pipeline/{name}", image], check=True)
        subprocess.run(["docker", "push", "--quiet", image], check=True, stdout=subprocess.DEVNULL)
        form = "{{range .RepoDigests}}{{println .}}{{end}}"
        stated = subprocess.run(
            ["docker", "image", "inspect", "--format", form, image], check=True, capture_output=True, text=True
        ).stdout
        digests = [each.partition("@")[2] for each in stated.split() if each.startswith(f"{registry}/{name}@")]
        found[name] = digests[0] if digests else ""
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or "/" in arguments[1]:
        print(__doc__)
        return 2
    registry, tag = arguments[0].rstrip("/"), arguments[1]
    try:
        FILE.write_text(pinned(registry, pushed(registry, tag)), encoding="utf-8")
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"Nothing was pinned: {error}", file=sys.stderr)
        return 1
    print(f"{len(IMAGES)} images pinned: {FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
