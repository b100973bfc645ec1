"""How are the examples for other systems run, as their readers would?"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cli.stack.target import REPOSITORY

EXAMPLES = REPOSITORY / "docs" / "events" / "examples"
PACKAGES = REPOSITORY / ".cache" / "javascript"


@asynccontextmanager
async def example(name: str, folder: Path, **environment: str) -> AsyncIterator[Process]:
    """A program of the examples, which runs in `folder` until the end; skips where it cannot run."""
    program = [sys.executable, str(EXAMPLES / name)]
    if name.endswith(".mjs"):
        program = [_node(), str(shutil.copy(EXAMPLES / name, folder))]
        (folder / "node_modules").symlink_to(PACKAGES / "node_modules")  # they are found beside a program only
    process = await asyncio.create_subprocess_exec(
        *program, cwd=folder, env={**os.environ, **environment}, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        process._transport.close()  # type: ignore[attr-defined]  # its end of the pipe, which causes a warning otherwise


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    if not (PACKAGES / "installed").exists():
        pytest.skip("the packages of the examples in JavaScript are not installed; run requirements/javascript")
    return node


async def line(process: Process) -> str:
    """The next line that a program prints; fails with its errors if there is none."""
    assert process.stdout is not None
    assert process.stderr is not None
    printed = await asyncio.wait_for(process.stdout.readline(), 20)
    assert printed, (await process.stderr.read()).decode()
    return printed.decode().rstrip()
