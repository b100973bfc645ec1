"""Is every person greeted by name, and is every placeholder recognized?"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engines.naming.offices import NO_OFFICES, Offices
from engines.naming.people import parse_name
from engines.naming.placeholders import placeholder_in

PACK = Path(__file__).parents[3] / "packs" / "snf" / "contacts.yaml"
OFFICES = Offices(**{key: tuple(words) for key, words in yaml.safe_load(PACK.read_text())["offices"].items()})
CREDENTIALS = ("LNHA", "NHA", "RN", "RN-BC", "BSN", "MSN", "MBA", "FACHCA", "CDP", "QCP", "RAC-CT")

# Input, full name, name in a greeting. All names are invented.
PEOPLE = """
MOSS, JANE A., RN, LNHA | Jane A. Moss | Jane
Moss, Jane | Jane Moss | Jane
MOSS, JANE | Jane Moss | Jane
moss, jane | Jane Moss | Jane
Moss ,Jane | Jane Moss | Jane
Moss,Jane | Jane Moss | Jane
MOSS, JANE ANN | Jane Ann Moss | Jane
MOSS, JANE A | Jane A Moss | Jane
Jane Moss | Jane Moss | Jane
Jane   Moss | Jane Moss | Jane
Jane A. Moss | Jane A. Moss | Jane
Jane Moss, RN | Jane Moss | Jane
Jane Moss, RN, LNHA | Jane Moss | Jane
Jane Moss, R.N. | Jane Moss | Jane
Jane Moss RN | Jane Moss | Jane
Jane Moss RN BSN | Jane Moss | Jane
Jane Moss RN, BSN | Jane Moss | Jane
Jane Moss, RN-BC | Jane Moss | Jane
Jane Moss, RAC-CT | Jane Moss | Jane
Jane Moss, LNHA, MBA, FACHCA | Jane Moss | Jane
Jane Moss, CDP | Jane Moss | Jane
Jane Moss, XQZ | Jane Moss | Jane
Moss, QCP | Moss | Moss
JANE MOSS LNHA | Jane Moss | Jane
JANE MOSS, LNHA | Jane Moss | Jane
JANE MOSS, XQZ | Jane Moss | Jane
DANA REED RN BSN | Dana Reed | Dana
MOSS JANE ANN, RN | Moss Jane Ann | Moss Jane Ann
NGUYEN LAN, RN | Nguyen Lan | Nguyen Lan
MOSS JANE | Moss Jane | Moss Jane
JANE MOSS | Jane Moss | Jane Moss
jane moss | Jane Moss | Jane Moss
MOSS JANE A | Moss Jane A | Moss Jane A
JANE A. MOSS | Jane A. Moss | Jane
JANE A MOSS | Jane A Moss | Jane
Jordan Taylor | Jordan Taylor | Jordan
Taylor Jordan | Taylor Jordan | Taylor
Taylor, Jordan | Jordan Taylor | Jordan
J. Moss | J. Moss | J. Moss
J Moss | J Moss | J Moss
J. R. Moss | J. R. Moss | J. R. Moss
J.R. Moss | J.R. Moss | J.R. Moss
MOSS, J. R. | J. R. Moss | J. R. Moss
MOSS, JT | JT Moss | JT
MOSS, AJ | AJ Moss | AJ
Moss | Moss | Moss
MOSS | Moss | Moss
Dr. Jane Moss | Dr. Jane Moss | Dr. Moss
DR JANE MOSS | Dr. Jane Moss | Dr. Moss
Dr. Moss | Dr. Moss | Dr. Moss
Moss, Dr. Jane | Dr. Jane Moss | Dr. Moss
Jane Moss, MD | Jane Moss | Dr. Moss
Jane Moss, M.D. | Jane Moss | Dr. Moss
Jane Moss, PhD | Jane Moss | Dr. Moss
Jane Moss, DO | Jane Moss | Dr. Moss
Ms. Jane Moss | Ms. Jane Moss | Ms. Moss
MS JANE MOSS | Ms. Jane Moss | Ms. Moss
Mr. Moss | Mr. Moss | Mr. Moss
Mrs Jane Moss, RN | Mrs. Jane Moss | Mrs. Moss
Moss, Ms. Jane | Ms. Jane Moss | Ms. Moss
Prof. Jane Moss | Prof. Jane Moss | Prof. Moss
Col. Amos Moss | Col. Amos Moss | Col. Moss
Sister Mary Agnes | Sister Mary Agnes | Sister Mary Agnes
Sr. Mary Agnes | Sister Mary Agnes | Sister Mary Agnes
SISTER MARY AGNES | Sister Mary Agnes | Sister Mary Agnes
Father Amos Moss | Father Amos Moss | Father Amos Moss
Rev. Amos Paul Moss | Rev. Amos Paul Moss | Rev. Amos Moss
Amos Moss Jr. | Amos Moss Jr. | Amos
Amos Moss, Jr. | Amos Moss Jr. | Amos
Amos Moss III | Amos Moss III | Amos
Amos Moss III, LNHA | Amos Moss III | Amos
Moss Jr, Amos | Amos Moss Jr. | Amos
Moss, Jr., Amos | Amos Moss Jr. | Amos
MOSS, AMOS, JR | Amos Moss Jr. | Amos
MOSS, AMOS J III | Amos J Moss III | Amos
MOSS III, AMOS | Amos Moss III | Amos
Robert "Bob" Moss | Robert Moss | Bob
Robert 'Bob' Moss | Robert Moss | Bob
Robert (Bob) Moss | Robert Moss | Bob
MOSS, ROBERT (BOB), LNHA | Robert Moss | Bob
Moss, Robert "Bob" | Robert Moss | Bob
Robert “Bob” Moss | Robert Moss | Bob
Jane Moss-Quill | Jane Moss-Quill | Jane
MOSS-QUILL, JANE | Jane Moss-Quill | Jane
JANE MOSS-QUILL | Jane Moss-Quill | Jane Moss-Quill
MOSS QUILL, JANE | Jane Moss Quill | Jane
Garcia Lopez, Maria | Maria Garcia Lopez | Maria
Maria del Carmen Garcia Lopez | Maria del Carmen Garcia Lopez | Maria del Carmen Garcia Lopez
MCDONALD, RONA | Rona McDonald | Rona
RONA MCDONALD | Rona McDonald | Rona McDonald
Rona McDonald | Rona McDonald | Rona
MACDONALD, RONA | Rona MacDonald | Rona
MACHADO, ANA | Ana Machado | Ana
MACK, ANA | Ana Mack | Ana
MACY, ANA | Ana Macy | Ana
O'BRIEN, ANNA | Anna O'Brien | Anna
O’BRIEN, ANNA | Anna O’Brien | Anna
ANNA O'BRIEN | Anna O'Brien | Anna O'Brien
DR. ANNA O'BRIEN | Dr. Anna O'Brien | Dr. O'Brien
D'ANGELO, ANNA | Anna D'Angelo | Anna
O'BRIEN-MCKAY, ANNA | Anna O'Brien-McKay | Anna
VAN DER BERG, ANNA | Anna van der Berg | Anna
van der Berg, Anna | Anna van der Berg | Anna
ANNA VAN DER BERG | Anna van der Berg | Anna van der Berg
Anna van der Berg | Anna van der Berg | Anna
VAN BUREN, ANNA | Anna Van Buren | Anna
VON TRAUB, ANNA | Anna von Traub | Anna
DE LA CRUZ, ANA | Ana de la Cruz | Ana
De La Cruz, Ana | Ana De La Cruz | Ana
DE LUCA, ANA | Ana De Luca | Ana
DI MARCO, ANA | Ana Di Marco | Ana
DOS SANTOS, ANA | Ana dos Santos | Ana
ST. JOHN, OLIVIA | Olivia St. John | Olivia
OLIVIA ST. JOHN | Olivia St. John | Olivia St. John
LE BLANC, ANA | Ana Le Blanc | Ana
JEAN-LUC MOSS | Jean-Luc Moss | Jean-Luc Moss
MOSS, JEAN-LUC | Jean-Luc Moss | Jean-Luc
MOSS, Jean | Jean Moss | Jean
Jean MOSS | Jean Moss | Jean
Mary Ann Moss | Mary Ann Moss | Mary Ann Moss
MOSS, MARY JO | Mary Jo Moss | Mary Jo Moss
Mary A. Moss | Mary A. Moss | Mary
Nguyen Thi Hoa | Nguyen Thi Hoa | Nguyen Thi Hoa
Nguyen, Hoa | Hoa Nguyen | Hoa
Hoa Nguyen | Hoa Nguyen | Hoa
MARTÍNEZ, JOSÉ | José Martínez | José
JOSÉ MARTÍNEZ | José Martínez | José Martínez
José Martínez | José Martínez | José
李 明 | 李 明 | 李 明
Jane Moss, Administrator | Jane Moss | Jane
JANE MOSS, ADMINISTRATOR | Jane Moss | Jane
MOSS, JANE, ADMINISTRATOR | Jane Moss | Jane
Administrator Jane Moss | Jane Moss | Jane
Administrator: Jane Moss | Jane Moss | Jane
Interim Administrator Jane Moss | Jane Moss | Jane
Interim: Jane Moss | Jane Moss | Jane
Acting - Jane Moss | Jane Moss | Jane
Jane Moss (Interim) | Jane Moss | Jane
Jane Moss (Acting Administrator) | Jane Moss | Jane
Jane Moss - Interim | Jane Moss | Jane
Jane Moss, Acting DON | Jane Moss | Jane
Jane Moss, Director of Nursing | Jane Moss | Jane
Moss, Jane, Director of Nursing | Jane Moss | Jane
Director of Nursing Jane Moss | Jane Moss | Jane
Jane Moss & Amos Quill | Jane Moss & Amos Quill | Jane Moss & Amos Quill
Jane Moss and Amos Quill | Jane Moss and Amos Quill | Jane Moss and Amos Quill
Jane Moss / Amos Quill | Jane Moss / Amos Quill | Jane Moss / Amos Quill
Mr. and Mrs. Moss | Mr. and Mrs. Moss | Mr. and Mrs. Moss
Jane Moss 2 | Jane Moss 2 | Jane Moss 2
Jack Ma | Jack Ma | Jack
Ma, Jack | Jack Ma | Jack
Kim Do | Kim Do | Kim
Do, Kim | Kim Do | Kim
NG, ANA | Ana Ng | Ana
Van Moss | Van Moss | Van
Don Baker | Don Baker | Don
DON BAKER | Don Baker | Don Baker
Don | Don | Don
Ed Long | Ed Long | Ed
Dean Moss | Dean Moss | Dean
Jane Open | Jane Open | Jane
Open, Jane | Jane Open | Jane
None, Jane | Jane None | Jane
Peter Noone | Peter Noone | Peter
NOONE, PETER | Peter Noone | Peter
Vacanti, Maria | Maria Vacanti | Maria
VACANTI | Vacanti | Vacanti
Maria Vacanti | Maria Vacanti | Maria
Jane Null | Jane Null | Jane
An Na | An Na | An
Na, Jane | Jane Na | Jane
Nan Head | Nan Head | Nan
Will Call | Will Call | Will
Mr. Head | Mr. Head | Mr. Head
May Open | May Open | May
Jane Test | Jane Test | Jane
"""

VACANT = """
Vacant as of January|VACANT since 3/1|Not Assigned|On leave|Leave of absence|Jane Moss (on leave)
Vacent|Position Vaccant
Vacant|VACANT|vacant.|(Vacant)|V A C A N T|Position vacant|POSITION VACANT|Vacant position|Vacant, Vacant|Vacancy
Position is currently vacant|VACANT - formerly Jane Moss|Vacant (as of 3/1/2026)|Vacant since 2026|Jane Moss (resigned)
Jane Moss - Retired|Jane Moss - vacant|Open|OPEN|Open position|position is open|Opening|Unfilled|Interim|Acting
Interim Administrator|Acting DON|Acting Director of Nursing|TBD|T.B.D.|TBA|TBD/TBD|To be determined|To be announced
Pending hire|TBA - interviewing|Hiring in progress
To Be Hired|To be named|Hiring|Recruiting|Pending|No one|Nobody|Noone|No administrator
Under recruitment|Coming soon|Awaiting hire|Search in progress|Currently interviewing
"""

UNKNOWN = """
Unkown|ext. 204|Call main number|Charge Nurse|Exec Director|SNF Administrator|Asst. Administrator|Regional VP|CEO
None at present|Administrator in Training|President|Chief Executive Officer
N/A|n/a|NA|N.A.|N / A|N/A N/A|#N/A|None|none|NONE|None listed|none at this time|null|NULL|nil|nan|Unknown|UNKNOWN
unknown.|Unknown Unknown|Unk|Not available|Not applicable|Not provided|not listed|-|--|–|?|???|.|...|*|_|X|x|xxx
XXXX|zzz|AAA|Administrator|ADMINISTRATOR|The Administrator|Nursing Home Administrator|Administrator, Administrator
Director of Nursing|director of nursing|DON|D.O.N.|ADON|Director|Nurse|RN|LNHA|RN, LNHA|Owner|Manager
Business Office Manager|Front Desk|Reception|Human Resources|HR|Staff|Corporate Office|Regional Director|Mr.|Ms|Test
test|Test Test|Test User|test data|Dummy|Sample|Example|asdf|qwerty|Placeholder|First Last|Firstname Lastname|Name
No Name|Same as above|Ditto|See website|518-555-0142|(518) 555-0142|5185550142|Call 518-555-0142|204
jane@xanfern.example|Jane Moss jane@xanfern.example|www.xanfern.example|https://xanfern.example|xanfern.com|(blank)
blank|Confidential|Voicemail|#REF!|HR Department|Filled
"""


def _table(text: str) -> list[str]:
    return [cell for line in text.strip().splitlines() for cell in line.split("|")]


@pytest.mark.parametrize("row", PEOPLE.strip().splitlines())
def test_a_name_in_any_form_gives_the_full_name_and_the_greeting(row: str) -> None:
    given, full, greeting = row.split(" | ")

    found = parse_name(given, OFFICES, CREDENTIALS)

    assert found is not None
    assert (found.full, found.greeting) == (full, greeting)


def test_the_table_of_forms_is_long_enough() -> None:
    assert len(PEOPLE.strip().splitlines()) >= 150


@pytest.mark.parametrize("text", _table(VACANT))
def test_a_placeholder_for_a_vacant_role_is_not_a_name(text: str) -> None:
    assert placeholder_in(text, OFFICES) == "vacant"
    assert parse_name(text, OFFICES) is None


@pytest.mark.parametrize("text", _table(UNKNOWN))
def test_a_placeholder_for_an_unknown_person_is_not_a_name(text: str) -> None:
    assert placeholder_in(text, OFFICES) == "unknown"
    assert parse_name(text, OFFICES) is None


@given(st.text(max_size=80))
def test_any_text_is_a_complete_name_or_none(text: str) -> None:
    found = parse_name(text, OFFICES, CREDENTIALS)

    assert found is None or (found.full.strip() and found.greeting.strip())


@pytest.mark.parametrize("text", ["Vacant", "Interim", "N/A", "Manager", "Front Desk", "TBD"])
def test_a_placeholder_of_every_trade_is_recognized_without_a_pack(text: str) -> None:
    assert parse_name(text, NO_OFFICES) is None


@pytest.mark.parametrize("text", ["Foreman", "Wheelwright", "Acting Foreman"])
def test_the_offices_of_another_trade_come_from_its_pack(text: str) -> None:
    workshop = Offices(titles=("foreman",), words=("foreman", "wheelwright"))

    assert placeholder_in(text, NO_OFFICES) is None
    assert placeholder_in(text, workshop) is not None
    assert parse_name("Acting Foreman Jane Moss", workshop) == parse_name("Jane Moss", NO_OFFICES)


def test_a_word_listed_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="words: foreman is listed more than once"):
        Offices(words=("foreman", "foreman"))
