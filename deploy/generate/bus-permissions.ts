import type { Contract } from "@matrix-os/contracts/define";
import { ANY_DEAD_SUBJECT, consumers, ledRoles, streams, toLeaseSubject } from "@matrix-os/contracts/streams";
import type { RunnableService } from "@matrix-os/runtime/service";
import { catalog, provisionerUser } from "../catalog.ts";

/** What a bus user may say and hear. */
export interface BusPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The permissions of every bus user: one for each service, one for each shared local process, and the provisioner. */
export function toBusPermissions(services: readonly RunnableService[]): Record<string, BusPermissions> {
  const single = Object.fromEntries(
    services.map((service) => [service.name, toServicePermissions(service, service.name)]),
  );
  const shared = [...new Set(catalog.map((entry) => entry.localProcess))].map((process): [string, BusPermissions] => {
    const names = new Set(catalog.filter((entry) => entry.localProcess === process).map((entry) => entry.name));
    const members = services.filter((service) => names.has(service.name));
    return [process, join(members.map((service) => toServicePermissions(service, process)))];
  });
  return sortKeys({ ...single, ...Object.fromEntries(shared), [provisionerUser]: toProvisionerPermissions() });
}

function toServicePermissions(service: RunnableService, user: string): BusPermissions {
  const heard = service.hears.map(({ contract, how }) => ({ contract, how }));
  const works = heard
    .filter(({ how }) => how === "work")
    .flatMap(({ contract }) => toConsumerSubjects(service.name, contract));
  const streamed = service.says.filter((contract) => contract.kind === "stream").map(toAnySubject);
  const leases = ledRoles.filter((role) => role === service.name).map(toLeaseSubject);
  return normalise({
    publish: [...service.says.map(toAnySubject), ...works, ...leases, ANY_DEAD_SUBJECT, "$SRV.PING", "$SRV.PING.*"],
    subscribe: [
      ...heard.filter(({ how }) => how !== "work").map(({ contract }) => toAnySubject(contract)),
      ...streamed,
      `_INBOX_${user}.>`,
      "$SRV.>",
    ],
  });
}

/** The subject of a request, or the pattern over all keys. */
function toAnySubject(contract: Contract): string {
  return contract.kind === "request" ? contract.subject : contract.anyKey;
}

/** Looking a consumer up, pulling, and both forms of acknowledgement; nothing that makes or deletes. */
function toConsumerSubjects(durable: string, contract: Contract): string[] {
  return consumers
    .filter((consumer) => consumer.durable === durable && consumer.filter === toAnySubject(contract))
    .flatMap(({ stream }) => [
      `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
      `$JS.ACK.${stream}.${durable}.>`,
      `$JS.ACK.*.*.${stream}.${durable}.>`,
    ]);
}

function toProvisionerPermissions(): BusPermissions {
  return normalise({
    publish: [
      "$JS.API.INFO",
      "$JS.API.STREAM.NAMES",
      ...streams.flatMap(({ name }) => [
        `$JS.API.STREAM.CREATE.${name}`,
        `$JS.API.STREAM.INFO.${name}`,
        `$JS.API.CONSUMER.INFO.${name}.>`,
      ]),
      ...consumers.flatMap(({ stream, durable }) => [
        `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
        `$JS.API.CONSUMER.CREATE.${stream}.${durable}.>`,
        `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
      ]),
    ],
    subscribe: [`_INBOX_${provisionerUser}.>`],
  });
}

function join(permissions: readonly BusPermissions[]): BusPermissions {
  return normalise({
    publish: permissions.flatMap(({ publish }) => publish),
    subscribe: permissions.flatMap(({ subscribe }) => subscribe),
  });
}

function normalise({ publish, subscribe }: BusPermissions): BusPermissions {
  return { publish: [...new Set(publish)].toSorted(), subscribe: [...new Set(subscribe)].toSorted() };
}

function sortKeys<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => a.localeCompare(b)));
}
