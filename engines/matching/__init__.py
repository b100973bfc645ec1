"""Which facility does an employer's name mean? Pure algorithms, shared by the service and the command.

`deploy/compile.py` compiles what every lookup goes through; the sources stay the truth. Compiled modules lie in a
folder named by a digest of all sources, so what was made of other sources, or for another Python, is never found.
"""

from __future__ import annotations

import os
from importlib.util import source_hash
from pathlib import Path

HERE = Path(__file__).parent
# No hidden ones: an editor leaves links there that lead nowhere.
_files = sorted(HERE.glob("[!.]*.py"))
_sources = b"".join([part for file in _files for part in (file.name.encode(), file.read_bytes())])
COMPILED = HERE.parents[1] / ".cache" / "compiled" / source_hash(_sources).hex()

if os.environ.get("PIPELINE_COMPILED") != "0":
    __path__.insert(0, str(COMPILED / "matching"))
