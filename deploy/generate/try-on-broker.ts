import { connect } from "node:net";

/** What a bus user wants to do; one message or subscription for each subject. */
export interface Attempt {
  readonly user: string;
  readonly password: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The subjects that the broker refused, in the order tried. */
export interface Refusals {
  readonly publish: string[];
  readonly subscribe: string[];
}

const WITHIN_MS = 5_000;

/**
 * Tries everything on one connection, in the broker's own protocol, so that each refusal is the server's and not a client's.
 * Rejects with what the broker says when it does not let the user in.
 */
export function tryOnBroker(port: number, attempt: Attempt): Promise<Refusals> {
  const { promise, resolve, reject } = Promise.withResolvers<Refusals>();
  const socket = connect(port, "127.0.0.1");
  let said = "";
  socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error("the broker did not answer in time")));
  socket.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.includes("'Authorization Violation'")) socket.destroy(new Error("Authorization Violation"));
    if (/^PONG\r\n/m.test(said)) socket.destroy();
  });
  socket.once("error", reject);
  socket.once("close", () => resolve(readRefusals(said, attempt)));
  socket.write(toProtocol(attempt));
  return promise;
}

function toProtocol({ user, password, publish, subscribe }: Attempt): string {
  const hello = JSON.stringify({ user, pass: password, verbose: false, pedantic: false, headers: true, protocol: 1 });
  const lines = [
    `CONNECT ${hello}`,
    ...subscribe.map((subject, index) => `SUB ${subject} ${index + 1}`),
    ...publish.map((subject) => `PUB ${subject} 0\r\n`),
    "PING",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function readRefusals(said: string, { publish, subscribe }: Attempt): Refusals {
  const refused = (verb: string) =>
    new Set(
      [...said.matchAll(new RegExp(`Permissions Violation for ${verb} (?:to|using) "([^"]+)"`, "g"))].map(
        (match) => match[1],
      ),
    );
  const [published, subscribed] = [refused("Publish"), refused("Subscription")];
  return {
    publish: publish.filter((subject) => published.has(subject)),
    subscribe: subscribe.filter((subject) => subscribed.has(subject)),
  };
}
