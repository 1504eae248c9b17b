import { allContracts } from "@matrix-os/contracts/all";
import type { Contract } from "@matrix-os/contracts/define";
import { consumers, streams, toDeadSubject } from "@matrix-os/contracts/streams";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provisionerUser } from "../catalog.ts";
import { readBusPermissions, toAuthorization, toBusPassword } from "../local/supervisor/bus-users.ts";
import { type Refusals, tryOnBroker } from "./try-on-broker.ts";

const SECRET = "a secret of this test";
const permissions = readBusPermissions();
const users = Object.keys(permissions);
let broker: Broker;

beforeAll(async () => {
  broker = await startBroker({ config: toAuthorization(permissions, SECRET) });
});
afterAll(() => broker[Symbol.asyncDispose]());

function tryAs(user: string, publish: readonly string[], subscribe: readonly string[] = []): Promise<Refusals> {
  return tryOnBroker(broker.port, { user, password: toBusPassword(SECRET, user), publish, subscribe });
}

/** One concrete subject of a contract. */
function toSubject(contract: Contract): string {
  return contract.kind === "request" ? contract.subject : contract.subject("some-key");
}

/** The subjects that a list of patterns takes, out of these. */
function allowed(patterns: readonly string[], subjects: readonly string[]): string[] {
  return subjects.filter((subject) => patterns.some((pattern) => matches(pattern, subject)));
}

function matches(pattern: string, subject: string): boolean {
  const [parts, tokens] = [pattern.split("."), subject.split(".")];
  return (
    parts.every((part, at) => at < tokens.length && (part === ">" || part === "*" || part === tokens[at])) &&
    (parts.at(-1) === ">" || parts.length === tokens.length)
  );
}

function without(all: readonly string[], refused: readonly string[]): string[] {
  return all.filter((subject) => !refused.includes(subject));
}

describe("a real broker with the generated users", () => {
  const subjects = allContracts.map(toSubject);

  test.each(users)("%s says and hears exactly what the table lists, of every message there is", async (user) => {
    const { publish, subscribe } = permissions[user] ?? { publish: [], subscribe: [] };
    const refused = await tryAs(user, subjects, subjects);
    expect(without(subjects, refused.publish)).toEqual(allowed(publish, subjects));
    expect(without(subjects, refused.subscribe)).toEqual(allowed(subscribe, subjects));
  });

  test("the table has both answers for each direction", () => {
    const cells = users.flatMap((user) => {
      const { publish, subscribe } = permissions[user] ?? { publish: [], subscribe: [] };
      return subjects.flatMap((subject) => [allowed(publish, [subject]).length, allowed(subscribe, [subject]).length]);
    });
    expect(cells.length).toBe(users.length * subjects.length * 2);
    expect(cells.filter((cell) => cell === 1).length).toBeGreaterThan(80);
    expect(cells.filter((cell) => cell === 0).length).toBeGreaterThan(200);
  });

  test.each(users)("%s can't hear everything, nor the server's own subjects", async (user) => {
    const wide = [">", "*.>", "mx.>", "mx.*.event.>", "$SYS.>", "$JS.>", "$JS.EVENT.>", "_INBOX.>", "_INBOX_*.>"];
    const refused = await tryAs(user, [], wide);
    expect(refused.subscribe).toEqual(wide);
  });

  test.each(users)("%s hears its own inbox, and can neither hear nor write into another's", async (user) => {
    const own = `_INBOX_${user}.x.1`;
    const foreign = users.filter((other) => other !== user).map((other) => `_INBOX_${other}.x.1`);
    const refused = await tryAs(user, foreign, [own, ...foreign]);
    expect(refused).toEqual({ publish: foreign, subscribe: foreign });
  });

  test.each(users)("%s can't delete, purge, change or read out a stream", async (user) => {
    const verbs = [
      "STREAM.DELETE",
      "STREAM.PURGE",
      "STREAM.UPDATE",
      "STREAM.SNAPSHOT",
      "STREAM.RESTORE",
      "STREAM.MSG.GET",
      "STREAM.MSG.DELETE",
      "DIRECT.GET",
    ];
    const calls = [
      ...streams.flatMap(({ name }) => verbs.map((verb) => `$JS.API.${verb}.${name}`)),
      "$JS.API.ACCOUNT.PURGE.MX",
      "$JS.API.SERVER.REMOVE",
    ];
    expect((await tryAs(user, calls)).publish).toEqual(calls);
  });

  test.each(users)("%s makes streams and consumers only if it is the provisioner", async (user) => {
    const ours = [
      ...streams.map(({ name }) => `$JS.API.STREAM.CREATE.${name}`),
      ...consumers.map(({ stream, durable }) => `$JS.API.CONSUMER.CREATE.${stream}.${durable}`),
    ];
    const foreign = [
      "$JS.API.STREAM.CREATE.OTHER",
      "$JS.API.CONSUMER.CREATE.EVENTS.spy",
      "$JS.API.CONSUMER.DELETE.TURNS.kernel",
    ];
    const refused = await tryAs(user, [...ours, ...foreign]);
    expect(refused.publish).toEqual(user === provisionerUser ? foreign : [...ours, ...foreign]);
  });

  test.each(users)("%s takes and acknowledges doorbells, in both forms, only with the kernel inside", async (user) => {
    const subjects = [
      "$JS.API.CONSUMER.INFO.TURNS.kernel",
      "$JS.API.CONSUMER.MSG.NEXT.TURNS.kernel",
      "$JS.ACK.TURNS.kernel.1.2.3.4.5",
      "$JS.ACK._.hash.TURNS.kernel.1.2.3.4.5.6",
    ];
    const refused = await tryAs(user, subjects);
    const isWorker = ["kernel", "core"].includes(user);
    const rest = user === provisionerUser ? subjects.slice(1) : subjects;
    expect(refused.publish).toEqual(isWorker ? [] : rest);
    const foreign = [
      "$JS.ACK.EVENTS.other.1.2.3.4.5",
      "$JS.ACK._.hash.EVENTS.other.1.2.3.4.5.6",
      "$JS.API.CONSUMER.MSG.NEXT.EVENTS.other",
    ];
    expect((await tryAs(user, foreign)).publish).toEqual(foreign);
  });

  test("every service may keep a dead letter, nobody may hear one", async () => {
    const dead = toDeadSubject("file.event.written");
    for (const user of users) {
      const refused = await tryAs(user, [dead], [dead]);
      expect(refused.subscribe, user).toEqual([dead]);
      expect(refused.publish, user).toEqual(user === provisionerUser ? [dead] : []);
    }
  });

  test("a wrong password, an unknown user and nobody at all are refused", async () => {
    const nothing = { publish: [], subscribe: [] };
    const strangers = [
      { user: "kernel", password: toBusPassword("another secret", "kernel") },
      { user: "stranger", password: toBusPassword(SECRET, "stranger") },
      { user: "", password: "" },
    ];
    for (const stranger of strangers) {
      await expect(tryOnBroker(broker.port, { ...stranger, ...nothing })).rejects.toThrow("Authorization Violation");
    }
  });
});
