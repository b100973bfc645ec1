"""The full loop as a tutorial has it: FastStream message by message, an SQLAlchemy session each, pydantic models."""

from __future__ import annotations

import asyncio
import os
from datetime import date
from typing import Any
from uuid import UUID

import uvloop
from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.js.api import ConsumerConfig
from sqlalchemy import JSON
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.contracts.envelope import seal
from shared.contracts.events import PostingSeen
from tests.benchmarks.feed import NOW, matched

broker = NatsBroker(os.environ["PIPELINE_NATS_URL"])
engine = create_async_engine(os.environ["PIPELINE_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Inbox(Base):
    __tablename__ = "inbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    consumer: Mapped[str]


class Outbox(Base):
    __tablename__ = "outbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    headers: Mapped[dict[str, Any]] = mapped_column(JSON)
    body: Mapped[str]


class Sighting(Base):
    __tablename__ = "sightings"

    posting_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    title: Mapped[str]
    employer_name: Mapped[str]
    last_seen_on: Mapped[date]


@broker.subscriber(
    "posting.seen",
    stream=JStream("INGEST", declare=False),
    durable="matcher-posting-seen",
    config=ConsumerConfig(max_ack_pending=5_000),
    pull_sub=PullSub(),
    ack_policy=AckPolicy.NACK_ON_ERROR,
)
async def note(event: PostingSeen, message: NatsMessage) -> None:
    event_id = UUID(message.headers["ce-id"])
    async with sessions() as session, session.begin():
        if await session.get(Inbox, event_id):
            return
        session.add(Inbox(event_id=event_id, consumer="peer"))
        known = await session.get(Sighting, event.posting_id)
        if known is None:
            session.add(Sighting(**event.model_dump(include=set(Sighting.__table__.columns.keys()))))
        elif known.version < event.version:
            known.version, known.title, known.last_seen_on = event.version, event.title, event.last_seen_on
        out = seal(matched(event), "matcher", NOW)
        session.add(Outbox(event_id=out.event_id, subject=out.subject, headers=out.headers, body=out.body))
    await broker.publish(out.body.encode(), out.subject, headers=out.headers, stream="MATCHER", timeout=5)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(FastStream(broker).run())
