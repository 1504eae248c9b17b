import { type Bus, connectBus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats, subscribeMicro } from "@matrix-os/bus/micro";
import { rejected } from "@matrix-os/contracts/errors";
import { listSecretsRequest } from "@matrix-os/contracts/vault/list-secrets.request";
import { removeSecretRequest } from "@matrix-os/contracts/vault/remove-secret.request";
import { setSecretRequest } from "@matrix-os/contracts/vault/set-secret.request";
import { answerAppData } from "./fake-app-data.ts";
import { FakeFiles } from "./fake-files.ts";
import { FakeSessions } from "./fake-sessions.ts";
import type { Respond } from "./respond.ts";
import { describeRequest } from "@matrix-os/contracts/kernel/describe.request";
import { type Activity, recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import { exportActivityRequest } from "@matrix-os/contracts/file/export-activity.request";
import { type ActivityCheck, verifyActivityRequest } from "@matrix-os/contracts/file/verify-activity.request";
import { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import { answerApprovalRequest } from "@matrix-os/contracts/dispatcher/answer-approval.request";
import { listAsksRequest } from "@matrix-os/contracts/file/list-asks.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";

/** Scripted stand-ins for dispatcher, kernel and file on the real bus. */
export interface FakeSystem extends AsyncDisposable {
  readonly bus: Bus;
  readonly sessions: FakeSessions;
  readonly files: FakeFiles;
  /** What was told to the activity log. */
  readonly activity: Activity[];
  /** What a check of it finds; tests change it. */
  readonly check: ActivityCheck;
  /** Requests answered so far, by contract id. */
  readonly answered: Map<string, number>;
}

export async function startFakeSystem(
  url: string,
  services: readonly string[] = ["dispatcher", "kernel", "file", "vault"],
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
  respond(describeToolsRequest, () => describeToolsRequest.example.reply);
  respond(listAsksRequest, () => listAsksRequest.example.reply);
  respond(answerApprovalRequest, () => answerApprovalRequest.example.reply);
  answerAppData(respond);
  respond(listSecretsRequest, () => listSecretsRequest.example.reply);
  respond(setSecretRequest, () => setSecretRequest.example.reply);
  respond(removeSecretRequest, ({ name }) => {
    if (name === "MISSING") throw rejected("not-found", "no such secret", { field: "name" });
    return { name };
  });
  respond(readActivityRequest, () => readActivityRequest.example.reply);
  const check: ActivityCheck = { lines: 0, days: 0, checkedAt: "2026-11-24T12:00:00.000Z" };
  respond(verifyActivityRequest, () => check);
  respond(exportActivityRequest, ({ after }) => ({
    lines: after === "2026-11-24.2" ? [] : [`{"after":"${after ?? ""}"}`],
    ...(after === "2026-11-24.2" ? {} : { next: after === undefined ? "2026-11-24.1" : "2026-11-24.2" }),
  }));
  const activity: Activity[] = [];
  respond(recordActivityRequest, (request) => ({ line: activity.push(request.activity) }));
  await bus.connection.nats.flush();
  return { bus, sessions, files, activity, check, answered, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
}
