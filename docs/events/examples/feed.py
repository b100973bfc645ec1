"""Reads events over HTTP, and stores each once, with the cursor from which it goes on after a restart.

pip install httpx
FEED_URL=http://localhost:8085 FEED_KEY=... python feed.py
"""

import json
import os
import sqlite3
import time

import httpx

DATABASE = sqlite3.connect(os.environ.get("DATABASE", "feed.db"))
DATABASE.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, type TEXT, event TEXT)")
DATABASE.execute("CREATE TABLE IF NOT EXISTS reader (one INT PRIMARY KEY CHECK (one = 1), address TEXT)")
DATABASE.execute("INSERT OR IGNORE INTO reader VALUES (1, '/events?after=0&limit=500&wait=20')")
LATER = (429, 502, 503, 504)


def read(feed, address):
    """The next events, once there are some; asks again while the courier cannot answer."""
    while True:
        try:
            reply = feed.get(address)
        except httpx.TransportError:
            time.sleep(5)
            continue
        if reply.status_code not in LATER:
            return reply.raise_for_status()  # 410: the cursor is too old; begin again with after=0
        time.sleep(int(reply.headers.get("Retry-After", 5)))


with httpx.Client(
    base_url=os.environ["FEED_URL"], headers={"Authorization": f"Bearer {os.environ['FEED_KEY']}"}, timeout=60
) as feed:
    while True:
        (address,) = DATABASE.execute("SELECT address FROM reader").fetchone()
        reply = read(feed, address)
        events = reply.json()
        with DATABASE:  # one transaction for the events and the cursor
            DATABASE.executemany(
                "INSERT OR IGNORE INTO events VALUES (?, ?, ?)",
                [(event["id"], event["type"], json.dumps(event)) for event in events],
            )
            DATABASE.execute("UPDATE reader SET address = ?", [reply.links["next"]["url"]])
        if events:
            print(f"{len(events)} events until {events[-1]['cursor']}", flush=True)
