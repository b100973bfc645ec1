// Keeps the current score of every facility, from the events on NATS.
//
// npm install
// PIPELINE_SUBSCRIBER_NATS_URL=nats://subscriber:PASSWORD@HOST:4222 node subscriber.mjs
import { connect } from "@nats-io/transport-node";
import { jetstream } from "@nats-io/jetstream";

const scores = new Map(); // stands for your database, whose transaction ends before the acknowledgment
const processed = new Set();

const url = new URL(process.env.PIPELINE_SUBSCRIBER_NATS_URL);
const client = await connect({
  servers: url.host,
  user: decodeURIComponent(url.username),
  pass: decodeURIComponent(url.password),
  inboxPrefix: "_INBOX_subscriber",
});
// Set-up declared this consumer. The server keeps its position, and copies of this program share its events.
const consumer = await jetstream(client).consumers.get("SCORER", "subscriber-score-changed");

for await (const message of await consumer.consume({ max_messages: 100 })) {
  const [id, score] = opened(message);
  store(id, score);
  message.ack(); // only now: what was not stored is delivered again
  console.log(id, score.facility_id, scores.get(score.facility_id).score);
}

// The id and the data of a CloudEvent, which has its attributes in the headers or in the body.
function opened(message) {
  if (message.headers?.get("Content-Type").startsWith("application/cloudevents")) {
    const event = message.json();
    return [event.id, event.data];
  }
  return [message.headers.get("ce-id"), message.json()];
}

// An event may arrive twice, and after a newer one: both change nothing.
function store(id, score) {
  if (processed.has(id)) return;
  processed.add(id);
  const known = scores.get(score.facility_id);
  if (!known || score.score_version > known.score_version) scores.set(score.facility_id, score);
}
