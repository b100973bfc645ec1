// Receives webhooks: verifies who sent them, stores each event once, and answers only then.
//
// npm install
// WEBHOOK_SECRET=whsec_... node receiver.mjs
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const events = new Map(); // stands for your database: by id, which stays the same when an event is sent again
const LONGEST = 100_000;

const server = createServer(async (request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  if (!(Number(request.headers["content-length"]) <= LONGEST)) return response.writeHead(413).end();
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  let event;
  try {
    event = webhook.verify(body, request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  if (!events.has(event.id)) {
    events.set(event.id, event);
    console.log(event.id, event.type, event.subject);
  }
  return response.writeHead(204).end();
});

server.listen(process.env.PORT ?? 9000, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
