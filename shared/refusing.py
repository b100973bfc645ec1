"""Which refusal does a requester get for an error?

One table for requests over NATS and over HTTP.
"""

from __future__ import annotations

import psycopg
from pydantic import ValidationError

from engines.problems import problems
from shared.contracts.envelope import TooLong
from shared.contracts.refusals import AskFailed, Refused
from shared.messaging.broker import UNAVAILABLE
from shared.storage.database import UNSTORABLE, DatabaseUnavailable, unstorable


def refusal_of(error: Exception, service: str) -> Refused | None:
    """The refusal for an error that the requester caused, or that a retry may overcome; None for a bug of ours."""
    match error:
        case Refused():
            return error
        case ValidationError():
            fields = problems(error, "request")
            return Refused("; ".join(f"{name}: {problem}" for name, problem in fields.items()), 400, fields)
        case AskFailed():
            return Refused(str(error), error.code, error.fields)
        case TooLong():
            return Refused(str(error), 413)
        case psycopg.Error() if isinstance(error, UNSTORABLE):
            return Refused(unstorable(error), 422)
        case psycopg.DataError():
            # The last safety net, for values that pass the limits of each field: those of a free-form object.
            return Refused("A character or a number of this request cannot be stored; nothing was changed.", 422)
        case DatabaseUnavailable():
            return Refused(f"{service}'s database is unavailable or read-only; try again in a moment.", 503)
        case _ if isinstance(error, UNAVAILABLE):
            return Refused(f"{service} is waiting for NATS or its consumers; try again in a moment.", 503)
    return None
