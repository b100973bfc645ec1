"""Which postings does a page, an answer or a file of a recruiting system state?

Formats are recognized by their content. Pages are parsed and never executed, and each field is taken by its name, so
nothing else enters.
"""

from __future__ import annotations

from engines.postings.found import Found as Found
from engines.postings.found import Read as Read
from engines.postings.found import Unreadable as Unreadable
from engines.postings.reading import read as read
