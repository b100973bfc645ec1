"""How does a test drive the complete chain with a trade that the engine does not know?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from cli.client.connection import talk
from cli.client.settling import wait_until_listed
from cli.demo import story
from cli.demo.days import DayProgress
from cli.main import main
from cli.stack import lifecycle
from cli.stack.target import REPOSITORY

FACILITIES = """Permit,Workshop,Town,State,Street,ZIP,Phone,Franchise,Stands,Inspection,As Of
BK-0001,Larkspur Wheelworks,Milwaukee,WI,1 Hub Street,53202,4145550101,,4,1,2026-06-01
BK-0002,Quill Bicycle Workshop,Madison,WI,2 Rim Road,53703,6085550102,,6,2,2026-06-01
BK-0003,Tandem Hollow Cycles,Racine,WI,3 Spoke Lane,53402,2625550103,,2,5,2026-06-01
"""
POSTINGS = """source,source_posting_id,title,employer_name,city,state,permit,seen_at
board,1,Wheel Builder - urgent,Larkspur Wheelworks,Milwaukee,WI,,2026-07-01T09:00:00
board,2,Frame Welder,Another Employer Entirely,Madison,WI,BK-0002,2026-07-01T09:00:00
board,3,Baker,Larkspur Wheelworks,Milwaukee,WI,,2026-07-01T09:00:00
board,4,Wheel Builder,An Unlisted Shop,Racine,WI,,2026-07-08T09:00:00
"""
CONTACTS = """permit,chain,role,name,direct_phone,email,source,source_date,source_url
BK-0001,,owner,Ada Moss,414-555-0111,ada@larkspur.example,letterhead,2026-06-01,https://www.example.org/about
BK-0001,,foreman,Ben Fern,,ben@larkspur.example,letterhead,2026-06-01,https://www.example.org/about
BK-0002,,owner,Cleo Birch,608-555-0112,cleo@quill.example,letterhead,2026-06-01,https://www.example.org/about
BK-0009X,,owner,Dora Elm,608-555-0113,,letterhead,2026-06-01,https://www.example.org/about
BK-0003,,administrator,Eli Oak,262-555-0114,,letterhead,2026-06-01,https://www.example.org/about
"""


@contextmanager
def toy_stack(folder: Path, postings: str = POSTINGS) -> Iterator[Path]:
    """The stack of the toy pack, on the business day after its last posting: by default, after eight days of work."""
    for name, content in (("facilities", FACILITIES), ("postings", postings), ("contacts", CONTACTS)):
        (folder / f"{name}.csv").write_text(content)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(folder / "home"))
        environment.setenv("PIPELINE_PACKS_DIR", str(REPOSITORY / "tests" / "fixtures" / "packs"))
        environment.setenv("PIPELINE_PACK", "toy")
        environment.setenv("PYTHONPATH", str(REPOSITORY))
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        lifecycle.start("demo", lambda _: None, simulation=True)
        try:
            files = [folder / f"{name}.csv" for name in ("facilities", "postings", "contacts")]
            given = story.inputs(folder, 1, 8, files[0], None, files[1], files[2], None)
            talk(lambda broker: story.run_demo(broker, given, DayProgress()))
            talk(wait_until_listed)  # or else figures would lack the last events
            yield folder
        finally:
            lifecycle.wipe(folder / "home", lambda _: None)


def pipeline(folder: Path, *arguments: str) -> str:
    code, out, err = answered(folder, *arguments)
    assert not code, f"{out}{err}"
    return out


def answered(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """The exit code of a command, and what it printed as its result and as a complaint."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(out), redirect_stderr(err):
        patch.setattr("sys.argv", ["pipeline", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()
