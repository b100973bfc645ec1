"""A receiver of webhooks that does nothing but count, in a process of its own.

It accepts at `PORT`, where `GET` answers how many it has and when the last one came; at `DEAD_PORT` it never answers.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from asyncio import StreamReader, StreamWriter

ACCEPTED = b"HTTP/1.1 204 -\r\n\r\n"


class Receiver:
    def __init__(self) -> None:
        self.count = 0
        self.last = 0.0

    async def accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if head.startswith(b"GET"):
                    found = json.dumps({"count": self.count, "last": self.last}).encode()
                    writer.write(b"HTTP/1.1 200 -\r\ncontent-length: %d\r\n\r\n%s" % (len(found), found))
                    continue
                fields = head.lower().split(b"\r\n")
                await reader.readexactly(next(int(each[15:]) for each in fields if each.startswith(b"content-length:")))
                self.count += 1
                self.last = time.monotonic()
                writer.write(ACCEPTED)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def hang(_: StreamReader, writer: StreamWriter) -> None:
    await asyncio.sleep(3_600)
    writer.close()


async def main() -> None:
    await asyncio.start_server(hang, "127.0.0.1", int(os.environ["DEAD_PORT"]))
    server = await asyncio.start_server(Receiver().accept, "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
