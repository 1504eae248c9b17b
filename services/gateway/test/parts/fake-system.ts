import { type Bus, connectBus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats, subscribeMicro } from "@matrix-os/bus/micro";
import { answerAppData } from "./fake-app-data.ts";
import { FakeFiles } from "./fake-files.ts";
import { FakeSessions } from "./fake-sessions.ts";
import type { Respond } from "./respond.ts";
import { describeRequest } from "@matrix-os/contracts/kernel/describe.request";
import { type Activity, recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";

/** Scripted stand-ins for dispatcher, kernel and file on the real bus. */
export interface FakeSystem extends AsyncDisposable {
  readonly bus: Bus;
  readonly sessions: FakeSessions;
  readonly files: FakeFiles;
  /** What was told to the activity log. */
  readonly activity: Activity[];
  /** Requests answered so far, by contract id. */
  readonly answered: Map<string, number>;
}

export async function startFakeSystem(
  url: string,
  services: readonly string[] = ["dispatcher", "kernel", "file"],
): Promise<FakeSystem> {
  const bus = await connectBus("fake", { url });
  const answered = new Map<string, number>();
  const respond: Respond = (contract, handler) => {
    subscribeAnswer(bus.connection, {
      contract,
      service: "fake",
      handler: async (request) => {
        answered.set(contract.id, (answered.get(contract.id) ?? 0) + 1);
        return await handler(request);
      },
      observe: () => undefined,
      signal: new AbortController().signal,
      stats: createEndpointStats(contract.id, contract.subject, "fake"),
    });
  };
  for (const name of services)
    subscribeMicro(bus.connection, { name, version: "0.0.0", description: name, endpoints: [] });
  const sessions = new FakeSessions(bus);
  sessions.answer(respond);
  const files = new FakeFiles(bus);
  files.answer(respond);
  respond(describeRequest, () => ({
    model: "rehearsal-1",
    provider: "rehearsal" as const,
    problems: [],
    spentTodayUsd: 0.5,
    dayBudgetUsd: 10,
  }));
  answerAppData(respond);
  respond(readActivityRequest, () => readActivityRequest.example.reply);
  const activity: Activity[] = [];
  respond(recordActivityRequest, (request) => ({ line: activity.push(request.activity) }));
  await bus.connection.nats.flush();
  return { bus, sessions, files, activity, answered, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
}
