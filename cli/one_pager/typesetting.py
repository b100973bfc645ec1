"""How does a template with data become two pages of PDF, whatever the template does?

typst runs in a process of its own, which reads no file but the template, reaches no network (packages would be fetched
from it) and ends after a minute. Texts are data: typst never reads them as markup.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PATIENCE = 60.0
NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not answer."""


def typeset(template: str, facts: str) -> bytes:
    """The PDF of a template that reads `sys.inputs.facts` (JSON) and `sys.inputs.size`; raises `ValueError`."""
    given = json.dumps({"template": template, "facts": facts}).encode()
    away = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), NOWHERE)
    command = [sys.executable, "-I", str(Path(__file__).with_name("typst_process.py"))]
    try:
        done = subprocess.run(command, input=given, capture_output=True, env=away, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError(f"the template is not done after {PATIENCE:.0f} seconds; simplify it.") from None
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip() or "typst ended without a reason.")
    return done.stdout
