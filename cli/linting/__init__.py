"""Would every service run with a pack, and find everything that it needs?

Every file is read exactly as its service reads it, by the service's settings; references between sections are
checked; finally each service's own check at its start must pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.linting.assigning import assigning
from cli.linting.counting import counted_twice
from cli.linting.figures import figures
from cli.linting.gaps import gaps
from cli.linting.letters import letters, texts
from cli.linting.owners import unowned, unworked
from cli.linting.playbooks import few_subjects, playbooks
from cli.linting.rosters import rosters
from cli.linting.samples import samples
from cli.linting.scores import scores
from cli.linting.sections import Pack, read_pack
from cli.linting.signals import signals
from cli.linting.starts import starts
from cli.linting.touches import tasks_of_stages, touches, unused
from cli.linting.trade import trade
from cli.linting.windows import windows
from engines.packs.files import Fault
from engines.packs.lines import located
from shared.contracts import schemes as contract
from shared.contracts.sequencer_reps import RepRow


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result: faults, which services would refuse or never find, and warnings about what is unused or doubtful."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def lint(folder: Path, published: contract.Scheme | None = None, team: Sequence[RepRow] = ()) -> Verdict:
    """Check a pack's folder, with the scheme in force and the team if they are given."""
    pack, faults = read_pack(folder)
    found = [*faults, *_across(pack, published), *windows(pack, team)]
    found = found or list(texts(pack)) or list(starts(folder))
    own = [warning for warning in _doubtful(pack) if (folder / warning.file).is_file()]
    return Verdict(tuple(located(folder, fault) for fault in found), tuple(located(folder, each) for each in own))


def _across(pack: Pack, published: contract.Scheme | None) -> Iterator[Fault]:
    yield from signals(pack)
    yield from scores(pack, published)
    yield from touches(pack)
    yield from tasks_of_stages(pack)
    yield from letters(pack)
    yield from trade(pack)
    yield from rosters(pack)
    yield from figures(pack)
    yield from assigning(pack)
    yield from samples(pack)
    yield from unworked(pack)
    yield from playbooks(pack)


def _doubtful(pack: Pack) -> Iterator[Fault]:
    yield from unused(pack)
    yield from counted_twice(pack)
    yield from gaps(pack)
    yield from unowned(pack)
    yield from few_subjects(pack)
