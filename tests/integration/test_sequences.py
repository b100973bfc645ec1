"""Do enrollments go on with the version of their sequence, until a person moves them?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines.packs import pack_folder
from services.sequencer.app import prepare
from shared.contracts.events import EnrollmentEnded, EnrollmentStarted, TaskDue
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ContactCells, Enrollments, ImportContacts, Worklist
from shared.contracts.sequencer_sequences import ListSequences, MigrateSequence, PreviewMigration, ShowSequence
from shared.contracts.sequencer_touches import CompleteTask
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, scored

NAME = "tier-2-nurture"
Change = Callable[[Path], None]
NEXT = {"day": 6, "channel": "email", "template": "nurture-intro", "window": "08:30-11:30"}


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Puts a changed copy of the pack in force, as a service reads it when it starts again."""
    numbers = iter(range(9))

    def change(how: Change) -> None:
        folder = tmp_path / str(next(numbers)) / "snf"
        shutil.copytree(pack_folder(), folder)
        how(folder)
        monkeypatch.setenv("PIPELINE_PACKS_DIR", str(folder.parent))

    return change


def with_content(how: Callable[[dict[str, Any]], object]) -> Change:
    def change(folder: Path) -> None:
        path = folder / "sequences" / f"{NAME}.yaml"
        content = yaml.safe_load(path.read_text("utf-8"))
        how(content)
        path.write_text(yaml.safe_dump(content), "utf-8")

    return change


def with_another_instead(folder: Path) -> None:
    content = yaml.safe_load((folder / "sequences" / f"{NAME}.yaml").read_text("utf-8"))
    (folder / "sequences" / f"{NAME}.yaml").unlink()
    (folder / "sequences" / "letters.yaml").write_text(yaml.safe_dump(content | {"name": "letters"}), "utf-8")
    capacity = yaml.safe_load((folder / "capacity.yaml").read_text("utf-8"))
    capacity["tiers"][2]["sequence"] = "letters"
    (folder / "capacity.yaml").write_text(yaml.safe_dump(capacity), "utf-8")


async def restart(sequencer: Running) -> None:
    async with sequencer.app.database.begin_internal() as tx:
        await prepare(tx)


async def an_enrollment(sequencer: Running) -> None:
    """The first letter of the nurture is sent."""
    await sequencer.ask(ImportContacts(rows=[ContactCells(**contact("335001", **CALLABLE))], actor="ann"))
    await sequencer.receive(listed("335001"), scored("335001", 2))
    await sequencer.at("2026-07-02T06:00")
    await done(sequencer)


async def done(sequencer: Running) -> None:
    [*_, task] = await sequencer.published(TaskDue)
    await sequencer.ask(CompleteTask(task_id=str(task.task_id), actor="ann", outcome="sent"))


async def test_an_enrollment_goes_on_with_its_version_until_it_is_moved(
    sequencer: Running, packs: Callable[[Change], None]
) -> None:
    await an_enrollment(sequencer)
    [_, before] = await sequencer.ask(ListSequences())
    packs(with_content(lambda content: content["steps"][1].update(NEXT)))
    await restart(sequencer)

    [_, row] = await sequencer.ask(ListSequences())
    assert (row.running, row.older, row.version == before.version) == (1, 1, False)
    await sequencer.at("2026-07-07T06:00")
    assert len(await sequencer.published(TaskDue)) == 1, "day 6 is that of the new version"

    preview = await sequencer.ask(PreviewMigration(name=NAME))
    moved = await sequencer.ask(MigrateSequence(name=NAME, actor="ann"))
    [move] = preview.moves
    assert moved.moves == preview.moves
    assert (move.at_step, move.to_step, move.channel, str(move.days[0]), moved.moved) == (
        1,
        2,
        "email",
        "2026-07-08",
        1,
    )
    assert (await sequencer.ask(MigrateSequence(name=NAME, actor="ann"))).moved == 0
    [_, event] = await sequencer.published(EnrollmentStarted)
    assert (event.version, event.sequence_version) == (2, row.version)
    await sequencer.at("2026-07-08T06:00")
    assert [(each.step_no, each.channel) for each in await sequencer.published(TaskDue)] == [(1, "email"), (2, "email")]
    [task] = await sequencer.ask(Worklist())
    assert task.window, "step 2 of the new version has a window, and the rep works from 9 to 17"
    assert (str(task.window.from_time), str(task.window.to_time), task.window.limited) == ("09:00:00", "11:30:00", True)


async def test_an_enrollment_ends_after_its_steps_when_its_sequence_leaves_the_pack(
    sequencer: Running, packs: Callable[[Change], None]
) -> None:
    await an_enrollment(sequencer)
    packs(with_another_instead)
    await restart(sequencer)

    await sequencer.at("2026-07-16T06:00")
    [_, call] = await sequencer.published(TaskDue)
    assert (call.step_no, await sequencer.published(EnrollmentEnded)) == (2, [])
    assert [each.name for each in await sequencer.ask(ListSequences())] == ["letters", "ny-snf-21-day", NAME]
    shown = await sequencer.ask(ShowSequence(name=NAME))
    assert (len(shown.steps), shown.current, shown.versions[0].running) == (3, False, 1)
    with pytest.raises(AskFailed, match="has no sequence 'tier-2-nurture'"):
        await sequencer.ask(MigrateSequence(name=NAME, actor="ann"))


async def test_a_sequence_is_shown_with_the_days_of_a_start_now(sequencer: Running) -> None:
    shown = await sequencer.ask(ShowSequence(name=NAME))

    assert [(each.n, each.at, str(each.on)) for each in shown.steps] == [
        (1, "1", "2026-07-01"),
        (2, "15", "2026-07-15"),
        (3, "30", "2026-07-30"),
    ]
    assert [(each.version, each.running) for each in shown.versions] == [(shown.version, 0)]
    with pytest.raises(AskFailed, match="has no version ffff"):
        await sequencer.ask(ShowSequence(name=NAME, version="ffff"))
    assert not await sequencer.ask(Enrollments())
