"""Where are the real files that some tests read if they are available?"""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CMS = DATA / "cms"

needs_reference_data = pytest.mark.skipif(not CMS.is_dir(), reason="needs the reference data in ../shared/data")
