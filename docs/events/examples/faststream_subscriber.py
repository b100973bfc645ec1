"""Prints the score of a facility whenever it changes, with FastStream.

pip install "faststream[nats]"
PIPELINE_SUBSCRIBER_NATS_URL=nats://subscriber:PASSWORD@HOST:4222 python faststream_subscriber.py
"""

import asyncio
import os

from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from pydantic import BaseModel


class ScoreChanged(BaseModel):
    """The fields that this program needs; the others are ignored."""

    facility_id: str
    score_version: int
    score: str
    tier: int


# The user may receive replies below its own prefix only: those to the connection, and those to the consumer.
broker = NatsBroker(os.environ["PIPELINE_SUBSCRIBER_NATS_URL"], inbox_prefix=b"_INBOX_subscriber")


@broker.subscriber(
    "score.changed",
    stream=JStream("SCORER", declare=False),  # set-up declared the stream and this consumer
    durable="subscriber-score-changed",
    pull_sub=PullSub(batch_size=100),
    inbox_prefix=b"_INBOX_subscriber.",
    ack_policy=AckPolicy.NACK_ON_ERROR,  # acknowledged once this function has returned
)
async def on_score(score: ScoreChanged, message: NatsMessage) -> None:
    """An event may arrive twice and late: store `ce-id`, and keep the highest `score_version` of a facility."""
    print(message.headers["ce-id"], score.facility_id, score.score, score.tier, flush=True)


if __name__ == "__main__":
    asyncio.run(FastStream(broker).run())
