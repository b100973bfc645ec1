"""Which errors of PostgreSQL are transient?"""

import psycopg
import psycopg_pool
import pytest
from psycopg import errors

from shared.storage.database import is_transient


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.InterfaceError("the connection is closed"),
        psycopg_pool.PoolTimeout("couldn't get a connection after 10.00 sec"),
        errors.ConnectionFailure(),
        errors.DeadlockDetected(),
        errors.DiskFull(),
        errors.TooManyConnections(),
        errors.LockNotAvailable(),
        errors.AdminShutdown(),
        errors.CannotConnectNow(),
        errors.ReadOnlySqlTransaction(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_transient_error_is_retried(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        errors.ProgramLimitExceeded(),
        errors.StatementTooComplex(),
        errors.StringDataRightTruncation(),
        errors.UniqueViolation(),
        errors.UndefinedTable(),
        errors.InFailedSqlTransaction(),
        psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
        psycopg.ProgrammingError("cannot adapt type"),
        ValueError("an error of a handler"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_permanent_error_is_not_retried(error: Exception) -> None:
    assert not is_transient(error)
