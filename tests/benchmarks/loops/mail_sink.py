"""A mail server (aiosmtpd) that accepts letters on PORT and keeps none."""

from __future__ import annotations

import asyncio
import os

import uvloop
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="sink"), "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
