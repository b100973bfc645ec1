"""Which facility does an employer's name refer to? Pure algorithms, shared by the service and the command.

`deploy/compile.py` compiles the modules that every lookup uses. The compiled modules are in a folder whose name is a
digest of all sources, so modules compiled from other sources, or for another Python, are never loaded.
"""

from __future__ import annotations

import os
from importlib.util import source_hash
from pathlib import Path

HERE = Path(__file__).parent
# Without hidden files: editors leave broken links there.
_files = sorted(HERE.glob("[!.]*.py"))
_sources = b"".join([part for file in _files for part in (file.name.encode(), file.read_bytes())])
COMPILED = HERE.parents[1] / ".cache" / "compiled" / source_hash(_sources).hex()

if os.environ.get("PIPELINE_COMPILED") != "0":
    __path__.insert(0, str(COMPILED / "matching"))
