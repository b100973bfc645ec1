"""Which system gave an answer or a page that no adapter reads?

A refusal that names the system tells an operator what to do: to ask for its pages with schema.org, or for an export.
"""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = {
    "BambooHR": r'"jobOpeningName"|BambooHR-ATS',
    "Eightfold": r'"canonicalPositionUrl"|"displayJobId"|"efcustomText',
    "FreeHire": r'"public_slug"\s*:.{0,4000}"external_id"\s*:',
    "HRMDirect": r"ReqRowClick|reqitem ",
    "iCIMS": r"iCIMS_",
    "Jobvite": r"jv-job-list|jv-job-detail",
    "NEOGOV": r"neogov\.com/namespaces",
    "Oracle Recruiting": r'"requisitionList"|"ExternalPostedStartDate"',
    "Paylocity": r"window\.pageData\s*=.{0,4000}\"JobTitle\"",
    "Personio": r"<workzag-jobs",
    "Phenom": r"phApp\.ddo",
    "SAP SuccessFactors": r"jobTitle-link|\bjobTitle hidden-phone",
    "Teamtailor": r'"_jobposting"',
    "SEC EDGAR": r'"edgar_file"',
    "Ashby": r'"jobUrl"\s*:\s*"https?://jobs\.ashbyhq\.com|window\.__appData',
    "Workable": r'"shortcode"\s*:|"shortlink"\s*:\s*"https?://apply\.workable\.com',
    "Rippling": r'"url"\s*:\s*"https?://ats\.rippling\.com',
    "Recruitee": r'"careers_apply_url"',
    "Taleo": r"ftlinterface|\bTaleo\b",
}
"""By what the answers and pages of a system are recognized, first to last."""
_HOSTS: Final = {
    "bamboohr": "BambooHR", "eightfold": "Eightfold", "hrmdirect": "HRMDirect", "icims": "iCIMS", "jobvite": "Jobvite",
    "governmentjobs": "NEOGOV", "oraclecloud": "Oracle Recruiting", "paylocity": "Paylocity", "personio": "Personio",
    "phenompeople": "Phenom", "successfactors": "SAP SuccessFactors", "teamtailor": "Teamtailor",
    "ashbyhq": "Ashby", "workable": "Workable", "rippling": "Rippling", "recruitee": "Recruitee", "taleo": "Taleo",
    "applytojob": "JazzHR", "breezy": "Breezy", "pinpointhq": "Pinpoint", "apploi": "Apploi", "paycomonline": "Paycom",
    "recruitingbypaycor": "Paycor", "dayforcehcm": "Dayforce", "adp": "ADP",
}  # fmt: skip
_FETCHED: Final = {
    "greenhouse": "greenhouse", "lever": "lever", "smartrecruiters": "smartrecruiters", "myworkdayjobs": "workday",
    "ultipro": "ukg",
}  # fmt: skip
"""Hosts of the systems that have an adapter, with its name."""
_HOST: Final = re.compile(
    rf"https?://(?:[\w-]+\.){{0,4}}({'|'.join([*_HOSTS, *_FETCHED])})\.(?:com|io|hr|co|de|org|net|ai)\b", re.I
)
_EACH: Final = {name: re.compile(mark, re.S) for name, mark in _MARKS.items()}
_LOOKED_AT: Final = 1_000_000


def by_mark(text: str) -> str | None:
    """The system, by what only its own answers and pages contain."""
    begins = text[:_LOOKED_AT]
    return next((name for name, mark in _EACH.items() if mark.search(begins)), None)


def by_host(text: str) -> str | None:
    """Where a text leads to, by an address in it: to a system without an adapter, or to one that an adapter fetches."""
    found = _HOST.search(text[:_LOOKED_AT])
    if not found:
        return None
    host = found[1].lower()
    if host in _FETCHED:
        return f"It leads to a board that the adapter {_FETCHED[host]} fetches."
    return f"It leads to {_HOSTS[host]}, which has no adapter."
