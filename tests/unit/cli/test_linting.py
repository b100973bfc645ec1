"""Does the linter accept a pack only if every service can run with it, and find every kind of fault?"""

from __future__ import annotations

import copy
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from cli.linting import lint
from cli.main import app
from engines.datasets.states import STATES
from engines.packs.files import Fault

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # ten times as fast, but not always installed
PACKS = Path(__file__).parents[3] / "packs"
SNF = PACKS / "snf"
BASES = ("basic",)
"""They are extended, and no service runs with them alone."""
FILES = [path.relative_to(SNF).as_posix() for path in sorted(SNF.rglob("*.yaml"))]

COUNTED = "matching/words.yaml"
"""Its keys are words of the registry: any word may be one, and any may be left out."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SNF, tmp_path / "snf")
    return tmp_path / "snf"


def dumped(content: Any) -> str:
    written: str = yaml.dump(content, Dumper=DUMPER, sort_keys=False)
    return written


def change(folder: Path, file: str, how: Callable[[Any], Any]) -> list[str]:
    path = folder / file
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    how(content)
    path.write_text(dumped(content), encoding="utf-8")
    return [str(fault) for fault in lint(folder).faults]


@pytest.mark.parametrize("pack", sorted({each.name for each in PACKS.iterdir() if each.is_dir()} - {*BASES}))
def test_the_packs_that_ship_are_sound(pack: str) -> None:
    verdict = lint(PACKS / pack)

    assert (verdict.faults, verdict.warnings) == ((), ())


@pytest.mark.parametrize("base", BASES)
def test_a_base_lacks_files_and_is_sound_otherwise(base: str) -> None:
    assert {fault.problem for fault in lint(PACKS / base).faults} == {"there is no such file"}


def test_a_pack_that_extends_a_base_is_sound_with_the_files_of_both(folder: Path) -> None:
    change(folder, "pack.yaml", lambda about: about.update(extends="basic"))
    for file in ("sending", "exits", "sources", "assignment", "privacy"):
        (folder / f"{file}.yaml").unlink()

    assert lint(folder).faults == ()


@pytest.mark.parametrize("file", [file for file in FILES if file not in ("sample.yaml", "crm.yaml")])
def test_a_deleted_file_is_reported(folder: Path, file: str) -> None:
    (folder / file).unlink()

    assert any(Path(file).stem in str(fault) for fault in lint(folder).faults)


@pytest.mark.parametrize(
    "file,how,fault",
    [
        (
            "capacity.yaml",
            lambda c: c["tiers"][1].update(gat=c["tiers"][1].pop("gate")),
            "capacity.yaml: tiers.1.gat: is not a known key; did you mean gate?",
        ),
        (
            "capacity.yaml",
            lambda c: c["tiers"][2].update(sequence="tier-2-nuture"),
            "capacity.yaml: tiers.2.sequence: there is no sequences/tier-2-nuture.yaml; did you mean tier-2-nurture?",
        ),
        ("capacity.yaml", lambda c: c["tiers"].update({7: c["tiers"].pop(2)}), "tiers.7: tiers.yaml has no such tier"),
        ("capacity.yaml", lambda c: c.update(signal_factor="open_postings"), "did you mean open_posting?"),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c["steps"][1].update(template="intro-dom"),
            "steps.1.template: there is no templates/intro-dom.yaml; did you mean intro-don?",
        ),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c["steps"][4].update(template="intro-don"),
            "steps.4.template: intro-don is for email, the step for linkedin; name a template for linkedin",
        ),
        ("sequences/ny-snf-21-day.yaml", lambda c: c["steps"][1].pop("template"), "a touch by email needs a text"),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c["steps"][0].update(template="intro-don"),
            "intro-don is for email",
        ),
        ("sequences/ny-snf-21-day.yaml", lambda c: c.update(name="other"), "is 'other', not that of the file"),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c["steps"][1].update(persona="dno"),
            "contacts.yaml has no role dno",
        ),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c["steps"][2].update(after={"days": 2, "of": "business"}),
            "sequences/ny-snf-21-day.yaml: steps.2: a step has either `day: 7` or `after: {days: 3, of: business}`",
        ),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c["steps"][2].update(when={"step": 1, "outcome": ["no_anser"]}),
            "no outcome no_anser of a call, which step 1 is; did you mean no_answer?",
        ),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c["steps"][2].update(when={"step": 3, "outcome": ["no_answer"]}),
            "when.step of step 3 must be an earlier step",
        ),
        (
            "sequences/ny-snf-21-day.yaml",
            lambda c: c.update(start_days={"only": ["sat"]}),
            "start_days.only.0: 'sat' is not one of mon, tue, wed, thu, fri",
        ),
        (
            "templates/intro-don.yaml",
            lambda c: c["versions"][0]["bodies"].append("Dear {{ first_nam }}"),
            "templates/intro-don.yaml: versions.0.bodies.3: there is no fact first_nam; did you mean first_name?",
        ),
        (
            "templates/intro-don.yaml",
            lambda c: c["versions"][2].update(openings=["On {{ seen_on }}."]),
            "cannot be written when neither a posting nor the name of a person is known",
        ),
        (
            "templates/intro-don.yaml",
            lambda c: c["versions"][2].update(bodies=["Dear {{ person"]),
            "versions.2.bodies.0 is malformed",
        ),
        (
            "templates/intro-don.yaml",
            lambda c: c["versions"][2].update(openings=["About {{ place }}."]) or c["versions"].pop(0),
            "when a person of a chain has several facilities",
        ),
        (
            "templates/intro-don.yaml",
            lambda c: c["versions"][1]["subjects"].append(
                "A subject that is much too long for any person to read at once"
            ),
            "when a posting is known, a text breaks a rule: its subject has 62 characters",
        ),
        (
            "templates/intro-don.yaml",
            lambda c: c["versions"][2]["subjects"].append("F641 in {{ f641_in }}"),
            "versions.2.subjects: states f641_in, which is a record",
        ),
        (
            "templates/closing-don.yaml",
            lambda c: c["versions"][1]["bodies"].append(
                "We guarantee it, just as you wish, and will do all that we can for you. Shall we?"
            ),
            "it says 'guarantee'",
        ),
        (
            "assignment.yaml",
            lambda c: c.update(territories=[{"territory": "East", "states": ["NY", "XX"]}]),
            "territories.0.states: there is no state XX",
        ),
        (
            "assignment.yaml",
            lambda c: c.update(territories=[{"territory": "East", "states": sorted({*STATES} - {"DE", "MD"})}]),
            "territories: DE, MD are in no territory; add them to one, or to by_hand",
        ),
        (
            "assignment.yaml",
            lambda c: c["territories"].extend({"territory": each, "states": ["CA"]} for each in ("West", "South")),
            "precedence: West and South name CA, and neither has precedence",
        ),
        ("assignment.yaml", lambda c: c.update(precedence=["West"]), "there is no territory 'West'"),
        ("outreach.yaml", lambda c: c["passages"].pop("foot"), "passages.foot: is missing"),
        (
            "outreach.yaml",
            lambda c: c["logged"].update(mailed=["snt"]),
            "no outcome snt of a email; did you mean sent?",
        ),
        (
            "templates/closing-don.yaml",
            lambda c: c.update(introduction="intro"),
            "introduction: no e-mail without an introduction of its own is called intro; did you mean intro-don?",
        ),
        ("outreach.yaml", lambda c: c.update(closing=["closing"]), "closing: there is no templates/closing.yaml"),
        (
            "outreach.yaml",
            lambda c: c["records"][0].update(factor="fines"),
            "records.0.factor: scoring.yaml has no factor",
        ),
        ("outreach.yaml", lambda c: c["claims"].update(job=None), "job: is a fact of every pack; choose another name"),
        ("outreach.yaml", lambda c: c["personas"].pop("regional"), "personas.regional: is missing"),
        (
            "outreach.yaml",
            lambda c: c["roles"].update(qmm=c["roles"].pop("qm")),
            "roles.qmm: is not named anywhere else",
        ),
        (
            "outreach.yaml",
            lambda c: c["claims"].update(proof={"text": "x", "source": "us", "states": ["NX"]}),
            "claims.proof.states: there is no state NX",
        ),
        (
            "outreach.yaml",
            lambda c: c["claims"].update(proof={"text": "x" * 1_001, "source": "us"}),
            "claims.proof.text has 1001 characters, and at most 1000 are accepted; shorten it",
        ),
        ("trade.yaml", lambda c: c["generic"].append("snf"), "generic: 'snf' is read as 'skilled nursing facility'"),
        ("trade.yaml", lambda c: c["houses"].append("Manors"), "'Manors' is read as 'manor', so it never matches"),
        ("trade.yaml", lambda c: c["abbreviations"].update(alf="ltc"), "'ltc' is read as 'long term care'"),
        ("trade.yaml", lambda c: c["abbreviations"].update({"R.N.": "nurse"}), "is not one word in lower case"),
        ("trade.yaml", lambda c: c["surely_own"].append("clinic"), "surely_own: clinic must be in own too"),
        ("trade.yaml", lambda c: c["own"].append("skilled"), "own: skilled is listed more than once"),
        ("trade.yaml", lambda c: c["labeled"].update(parents="("), "is not a regular expression"),
        ("matching/weights.yaml", lambda c: c["facility"].pop("ratio"), "fitted to other features (ratio)"),
        ("matching.yaml", lambda c: c["relevant_roles"].append("cook"), "roles.yaml has no family cook"),
        ("scoring.yaml", lambda c: c["factors"][0]["roles"].pop("qm"), "open_posting.roles: qm of matching.yaml"),
        (
            "scoring.yaml",
            lambda c: c["factors"][0].update(wieght=1),
            "wieght: is not a known key; did",
        ),
        ("scoring.yaml", lambda c: c["factors"][1].update(field="moon_phase"), "fields.yaml does not know"),
        (
            "scoring.yaml",
            lambda c: c["factors"][2]["dates"][0].update(fact="qm_rating"),
            "qm_rating is of type",
        ),
        (
            "scoring.yaml",
            lambda c: c["factors"][3]["dates"][0].update(contact="admin"),
            "contacts.yaml has no role admin",
        ),
        ("scoring.yaml", lambda c: c["factors"][1]["values"].update({"6": 1}), "qm_rating.values.6"),
        ("scoring.yaml", lambda c: c["multiplier"].update(states=["NX"]), "NX is not a state"),
        ("fields.yaml", lambda c: c["identity"].pop("address"), "identity.address: is missing"),
        ("fields.yaml", lambda c: c["events"][0].update(field="last_fin_on"), "did you mean last_fine_on?"),
        ("fields.yaml", lambda c: c["sums"][0].update(field="mds_volum"), "did you mean mds_volume?"),
        (
            "fields.yaml",
            lambda c: c["shares"][0].update(field="last_fine_on"),
            "shares.cost-reports: last_fine_on is not a",
        ),
        ("kpis.yaml", lambda c: c["kpis"][0].update(of="posting_sen"), "there are no occurrences posting_sen; did"),
        ("kpis.yaml", lambda c: c["kpis"][0].update(by=["postin"]), "posting_seen has no column postin; did you mean"),
        ("kpis.yaml", lambda c: c["kpis"][2].update(split=["moon"]), "kpis.2.split: lead_raised has no column moon"),
        ("kpis.yaml", lambda c: c["kpis"][0].pop("reached"), "signal_matched needs `reached` and `by`"),
        ("kpis.yaml", lambda c: c["kpis"][1].update(name="signal_matched"), "signal_matched appears twice"),
        ("kpis.yaml", lambda c: c["kpis"][0].update(where={"role_family": ["cook"]}), "roles.yaml has no family cook"),
        ("calendar.yaml", lambda c: c.update(timezone="America/New_Yrok"), "did you mean America/New_York?"),
        ("calendar.yaml", lambda c: c.update(zones={"America/Chicag": ["IL"]}), "did you mean America/Chicago?"),
        ("calendar.yaml", lambda c: c.update(zones={"America/Chicago": ["IX"]}), "there is no state IX"),
        (
            "calendar.yaml",
            lambda c: c.update(zones={"America/Chicago": ["IL"], "America/Denver": ["IL"]}),
            "IL has another zone as well",
        ),
        (
            "sequences/tier-2-nurture.yaml",
            lambda c: c["steps"][1].update(window="17-9"),
            "steps.1: window '17-9' has no",
        ),
        ("sequences/tier-2-nurture.yaml", lambda c: c["steps"][1].update(window=690), "steps.1.window"),
        ("calendar.yaml", lambda c: c.update(country="XX"), "no holidays are known for 'XX'"),
        ("calendar.yaml", lambda c: c.update(subdivision="ZZ"), "no holidays are known for 'ZZ' in US"),
        ("sources.yaml", lambda c: c["denied"].pop(), "the deny-list must include linkedin"),
        ("names.yaml", lambda c: c["spellings"].append("Alf"), "listed more than once"),
        ("roles.yaml", lambda c: c["families"][0]["any"].append("("), "is not a regular expression"),
        ("capacity.yaml", lambda c: c["touches_per_day"].update(max=0), "touches_per_day: max is at least 1"),
        ("capacity.yaml", lambda c: c["tiers"][1].update(per_rep=-1), "tiers.1: limits are at least 0"),
        ("matching.yaml", lambda c: c["fitted"].update(accept_at=80), "fitted: accept_at is a probability"),
        ("matching.yaml", lambda c: c.update(source_rule={"accept_at": 0.9}), "state either fitted, with the weights"),
        (
            "matching.yaml",
            lambda c: c["signals"].update(expiry_days=-30),
            "signals: numbers of days and urgency are at least 0",
        ),
    ],
)
def test_a_key_that_services_would_refuse_or_ignore_is_reported(
    folder: Path, file: str, how: Callable[[Any], Any], fault: str
) -> None:
    found = [re.sub(r"^([^:]*):\d+:", r"\1:", each) for each in change(folder, file, how)]

    assert any(fault in each and each.startswith(file) for each in found), found


def test_a_pack_without_fitted_weights_matches_by_the_source_rule(folder: Path) -> None:
    def by_rule(policy: Any) -> None:
        del policy["fitted"]
        policy["source_rule"] = {"accept_at": 0.9}

    with_weights = change(folder, "matching.yaml", by_rule)
    for file in ("weights", "words"):
        (folder / "matching" / f"{file}.yaml").unlink()

    assert with_weights == [
        f"matching/{file}.yaml: nothing reads this file, because matching.yaml states source_rule;"
        " remove it, or state fitted instead"
        for file in ("words", "weights")
    ]
    assert lint(folder).faults == ()


def test_an_unused_file_is_reported_with_a_suggestion(folder: Path) -> None:
    (folder / "capacity.yml").write_text("x: 1")
    (folder / "templates" / "notes.txt").write_text("x")

    found = [str(fault) for fault in lint(folder).faults]

    assert found == [
        "capacity.yml: nothing reads this file; did you mean capacity.yaml? Else remove it",
        "templates/notes.txt: nothing reads this file; remove it",
    ]


def test_a_duplicate_key_is_reported(folder: Path) -> None:
    path = folder / "capacity.yaml"
    path.write_text(path.read_text() + "\nsignal_factor: turnover\n")

    [fault] = lint(folder).faults

    assert "the key signal_factor appears twice" in str(fault)


def test_an_unused_template_is_a_warning(folder: Path) -> None:
    shutil.copy(folder / "templates" / "intro-don.yaml", folder / "templates" / "intro-two.yaml")
    change(folder, "templates/intro-two.yaml", lambda template: template.update(name="intro-two"))

    verdict = lint(folder)

    assert verdict.faults == ()
    assert [warning.file for warning in verdict.warnings] == ["templates/intro-two.yaml"]


def test_all_faults_are_listed_at_once(folder: Path) -> None:
    (folder / "templates" / "intro-don.yaml").unlink()
    (folder / "tiers.yaml").unlink()
    change(folder, "outreach.yaml", lambda outreach: outreach.update(compnay=outreach.pop("company")))

    found = change(folder, "capacity.yaml", lambda capacity: capacity["tiers"][1].update(perrep=1, gat=True))

    files = [each.split(":")[0] for each in found]
    assert sorted(files) == [
        "capacity.yaml",
        "capacity.yaml",
        "outreach.yaml",
        "outreach.yaml",
        "sequences/ny-snf-21-day.yaml",
        "tiers.yaml",
    ]


def test_the_command_lists_each_fault_and_fails(folder: Path) -> None:
    change(folder, "capacity.yaml", lambda capacity: capacity["tiers"][1].update(gat=True))

    as_text = CliRunner().invoke(app, ["pack", "lint", str(folder)])
    as_json = CliRunner().invoke(app, ["pack", "lint", "--json", str(folder)])

    assert (as_text.exit_code, as_json.exit_code) == (1, 1)
    assert "capacity.yaml:14: tiers.1.gat: is not a known key; did you mean gate?" in as_text.output
    answer = yaml.safe_load(as_json.output)
    assert not answer["sound"]
    assert answer["faults"] == [
        {
            "file": "capacity.yaml",
            "key": "tiers.1.gat",
            "problem": "is not a known key",
            "remedy": "did you mean gate?",
            "line": 14,
        }
    ]


def keys(content: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to each key; of the entries of a list, only those with new keys."""
    entries = content.items() if isinstance(content, dict) else _shapes(content) if isinstance(content, list) else ()
    for key, value in entries:
        if isinstance(content, dict):
            yield (*at, key)
        yield from keys(value, (*at, key))


def _shapes(entries: list[Any]) -> Iterator[tuple[int, Any]]:
    seen = set()
    for place, entry in enumerate(entries):
        shape = frozenset(keys(entry))
        if shape not in seen:
            seen.add(shape)
            yield place, entry


def parent_of(content: Any, key: tuple[Any, ...]) -> Any:
    for step in key[:-1]:
        content = content[step]
    return content


def misspell(content: Any, key: tuple[Any, ...]) -> None:
    parent = parent_of(content, key)
    entries = list(parent.items())
    parent.clear()
    for name, value in entries:
        wrong = f"{name}x" if isinstance(name, str) else name + 7
        parent[wrong if name == key[-1] else name] = value


def drop(content: Any, key: tuple[Any, ...]) -> None:
    del parent_of(content, key)[key[-1]]


FREE = {
    r"crm\.yaml \w+\.\d+\.(title|hubspot|salesforce)": "any text; names that only the CRM knows",
    r"privacy\.yaml identifiers\..*": "what a pattern recognizes, for people",
    r"outreach\.yaml spoken\.\w+": "any city",
    r"roles\.yaml urgency\.marks\.\w+": "names for people; kinds of marks are only counted",
    r"fields\.yaml measures\.\d+\.takes\.\d+": "any code of a measure",
    r"trade\.yaml abbreviations\.\w+": "any word may be short for another",
    r"sample\.yaml columns\.Ownership Type\.one_of\..*": "any text",
}
OPTIONAL = {
    r"crm\.yaml \w+\.\d+\.(title|hubspot|salesforce|only|write_back|both_changed)": "a property of our own, only sent",
    r"crm\.yaml (tasks|notes)(\.\d+)*": "none are sent",
    r"crm\.yaml \w+\.\d+": "a field that is not sent",
    r"privacy\.yaml identifiers\..*": "any patterns, or none",
    r"assignment\.yaml (precedence|by_hand)": "no state of two territories, and none that is assigned by hand",
    r"calendar\.yaml subdivision": "the holidays of the country",
    r"sla\.yaml tiers\.\d": "a tier without a clock",
    r"capacity\.yaml tiers\.\d": "a tier that is not worked",
    r"capacity\.yaml tiers\.\d\.\w+": "no limit, and an open gate",
    r"contacts\.yaml roles\.\d\.of": "a role of a facility",
    r"contacts\.yaml offices(\.\w+)?": "no words of the trade",
    r"sources\.yaml adapters(\.\w+)*": "daily, a request a second",
    r"datasets\.yaml poll(\.\w+)?": "the default time",
    r"datasets\.yaml datasets\.\d+\.(complete|after)": "a file that is not complete; datasets in any order",
    r"datasets\.yaml datasets\.\d+\.checks(\.\w+)?": "the defaults",
    r"fields\.yaml names(\.\w+)?": "files of further names have only `name`",
    r"fields\.yaml rosters(\.\w+)*": "no rosters, or headings of contact lists only",
    r"fields\.yaml key\.(width|confusions)": "a key with letters, which is not confused with others",
    r"fields\.yaml (distinctive|events|measures|shares|sums|unusable)": "files that are not distinguished or not known",
    r"fields\.yaml identity\.(legal|dba|former)": "no other names",
    r"fields\.yaml facts\.\d+\.(least|most|footnotes|headings)": "no limits; a date may come from a table of facts",
    r"fields\.yaml events\.\d+\.prefix": "a tag without a prefix",
    r"fields\.yaml events\.\d+\.within_days": "events of any age",
    r"fields\.yaml measures\.\d+\.footnotes": "a file that does not state why a value is missing",
    r"kpis\.yaml kpis\.\d+\.(where(\.\w+)?|excused|split|target)": "all count; no split; no target",
    r"kpis\.yaml kpis\.\d+\.target\.at_(least|most)": "no limit",
    r"kpis\.yaml kpis\.\d+\.(within_days|over)": "any time; one value",
    r"kpis\.yaml kpis\.\d+\.window_days": "the default",
    r"capacity\.yaml (letters_per_person|research_per_day)": "no limit of letters, and of research",
    r"sequences/.*\.yaml (gap_days|rest_days|wake)": "one day between touches, no rest, and no signal that ends it",
    r"sequences/.*\.yaml steps\.\d\.closing": "no closing letter",
    r"matching\.yaml resample_share": "the defaults",
    r"matching\.yaml verdicts\.\d\.(is_final|of_matches)": "one that leaves postings waiting, or not for blind judging",
    r"fields\.yaml most_delisted_share": "the default",
    r"outcomes\.yaml no_contact\.0\.(phrases|exactly)": "fewer forms of a no; a rule without any is refused",
    r"outcomes\.yaml no_contact\.\d\.channels": "every channel",
    r"trade\.yaml (abbreviations(\.\w+)?|together|generic|own|surely_own|houses|titles)": "no words of the trade",
    r"trade\.yaml (other_kinds(\.\d\.sister)?|sister_phrases)": "no other kinds, and none that are sisters",
    r"trade\.yaml (parents(\.\w+)?|labeled(\.(parents|campuses|state))?)": "no parents, or no labeled ones",
    r"names\.yaml (spellings|clipped|credentials)": "no words of the trade",
    r"outreach\.yaml (postal|generic|days(\.\w+)?|logged(\.\w+)?)": "no address; complete names; the defaults; silence",
    r"outreach\.yaml (closing|alone|spoken(\.\w+)?)": "no last letter; names and cities as they are",
    r"outreach\.yaml rules(\.\w+)*(\.\d+)?": "the defaults, or no rule",
    r"roles\.yaml (verbatim|ignore|families\.\d\.unless|urgency\.ignore|urgency\.marks\.\w+)": "no exceptions",
    r"scoring\.yaml factors\.\d\.values\.\d": "a value that gives no points",
    r"scoring\.yaml factors\.\d\.dates\.\d\.within_days": "the default",
    r"scoring\.yaml (measure|multiplier|multiplier\.states|composites|composites\.\w+)": "another valid model",
    r"stages\.yaml (prospect|upsell)\.\d\.(entered_by|needs)": "only a person moves a lead there; nothing is asked",
    r"stages\.yaml (\w+\.\d\.tasks|clients|slip_days)": "no tasks; the default",
    r"stages\.yaml (\w+\.\d\.limit_days|lost_reasons)": "no limit; any reason",
    r"stages\.yaml (\w+\.\d\.tasks|clients)\.\d\.template": "a call without a script",
    r"touches\.yaml outcomes\.\w+\.\d\.then": "nothing follows",
    r"touches\.yaml (follow_up|callback)(\.\w+)?": "the defaults, without a script",
    r"sequences/.*\.yaml steps\.0\.template": "a call without a script",
    r"templates/.*\.yaml (words(\.least)?|replies_to|introduction)": "the usual length; its own thread; for all",
    r"templates/.*\.yaml \w+\.\d+\.openings": "a text that opens with its body",
    r"sending\.yaml .*": "the usual hours, and no limits",
    r"sources\.yaml denied\.\d\.hosts": "no hosts beside the name",
    r"sample\.yaml (days|short(\..*)?|legal|groups|clients|undecided)": "the default, or none",
    r"sample\.yaml towns\.\d+\.weight": "as likely as the others",
    r"sample\.yaml (columns|facts)(\.[^.]+)?": "nothing is known",
    r"sample\.yaml (columns|facts)\..*\.(decimals|times|only_if|unknown|quarters|unusual)": "the defaults",
    r"sample\.yaml columns\..*\.one_of\..*": "fewer values",
    r"sample\.yaml postings\.(noise|strangers|strangers_are|families\.\w+)": "the defaults, or fewer families",
    r"sample\.yaml contacts(\.\w+(\.(phone|email|successor))?)?": "no one is known, or the defaults",
}
"""Keys that may be missing, and the meaning of their absence."""


@pytest.mark.parametrize("how,exceptions", [(misspell, FREE), (drop, OPTIONAL)])
@pytest.mark.parametrize("file", [file for file in FILES if file != COUNTED])
def test_every_misspelled_key_and_every_missing_required_key_is_reported(
    tmp_path: Path, file: str, how: Callable[[Any, tuple[Any, ...]], None], exceptions: dict[str, str]
) -> None:
    content = yaml.safe_load((SNF / file).read_text(encoding="utf-8"))
    unreported = []

    for number, key in enumerate(keys(content)):
        name = f"{file} {'.'.join(map(str, key))}"
        if any(re.fullmatch(pattern, name) for pattern in exceptions):
            continue
        changed = copy.deepcopy(content)
        how(changed, key)
        folder = tmp_path / str(number)  # a new folder each time, because packs are cached by folder
        shutil.copytree(SNF, folder, copy_function=os.symlink)  # hundreds of times, and one file differs
        (folder / file).unlink()
        (folder / file).write_text(dumped(changed), encoding="utf-8")
        if not lint(folder).faults:
            unreported.append(name)

    assert unreported == []


def test_a_fault_has_file_line_key_problem_and_remedy() -> None:
    assert str(Fault("a.yaml", "b.c", "is wrong", "fix it")) == "a.yaml: b.c: is wrong; fix it"
    assert str(Fault("a.yaml", "b.c", "is wrong", "fix it", 7)) == "a.yaml:7: b.c: is wrong; fix it"


def test_a_fault_in_a_file_of_the_base_names_the_base(folder: Path) -> None:
    shutil.copytree(PACKS / "basic", folder.parent / "basic")
    change(folder, "pack.yaml", lambda about: about.update(extends="basic"))
    (folder / "sending.yaml").unlink()

    change(folder.parent / "basic", "sending.yaml", lambda sending: sending.update(per_rep=0))

    [fault] = lint(folder).faults
    assert str(fault).startswith("basic/sending.yaml:")
    assert "per_rep is 0, so no letter would ever leave" in str(fault)
