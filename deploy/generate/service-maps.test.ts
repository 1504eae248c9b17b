import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allContracts, contractFamilies } from "@matrix-os/contracts/all";
import { consumers } from "@matrix-os/contracts/streams";
import { describe, expect, test } from "vitest";
import { catalog, commonEnv, provisionerUser } from "../catalog.ts";
import { rootFolder } from "../local/root-folder.ts";
import { services } from "../services.ts";
import { toBusPermissions } from "./bus-permissions.ts";

const listenersOf = (id: string) => services.filter(({ hears }) => hears.some(({ contract }) => contract.id === id));
const speakersOf = (id: string) => services.filter(({ says }) => says.some((contract) => contract.id === id));
const names = (some: readonly { name: string }[]) => some.map(({ name }) => name);
const ownerOf = (id: string) => [id.split(".")[0]];

describe("the services' maps and the contracts", () => {
  test("name each other's services", () => {
    expect(services.length).toBeGreaterThanOrEqual(4);
    expect(new Set(names(services))).toEqual(new Set(names(catalog)));
  });

  test("every message of a map is a listed contract", () => {
    const known = new Set([...allContracts, ...contractFamilies].map(({ id }) => id));
    const used = services.flatMap(({ hears, says }) => [...hears.map(({ contract }) => contract), ...says]);
    expect(used.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
  });

  test.each(allContracts.filter(({ kind }) => kind === "request"))("$id is answered by its owner alone", ({ id }) => {
    expect(names(listenersOf(id))).toEqual(ownerOf(id));
  });

  test.each(allContracts.filter(({ kind }) => kind === "event" || kind === "draft"))(
    "$id is said by its owner alone",
    ({ id }) => {
      expect(names(speakersOf(id))).toEqual(ownerOf(id));
    },
  );

  test.each(allContracts.filter(({ kind }) => kind === "command" || kind === "control"))(
    "$id is heard by its owner alone, and said by somebody",
    ({ id }) => {
      expect(names(listenersOf(id))).toEqual(ownerOf(id));
      expect(speakersOf(id).length).toBeGreaterThan(0);
    },
  );

  test("what is worked on has a durable consumer, and each consumer has its worker", () => {
    const works = services.flatMap(({ name, hears }) =>
      hears.flatMap(({ how, contract }) =>
        how === "work" && contract.kind !== "request" ? [`${name} ${contract.anyKey}`] : [],
      ),
    );
    expect(works.toSorted()).toEqual(consumers.map(({ durable, filter }) => `${durable} ${filter}`).toSorted());
  });
});

describe("the permission table", () => {
  const permissions = toBusPermissions(services);

  test("has a user for each service and each local process, and the provisioner", () => {
    const users = [...names(catalog), ...catalog.map(({ localProcess }) => localProcess), provisionerUser];
    expect(Object.keys(permissions)).toEqual([...new Set(users)].toSorted());
  });

  test("only the provisioner may change what the broker keeps, and it may not delete", () => {
    for (const [user, { publish }] of Object.entries(permissions)) {
      const api = publish.filter((subject) => /^(\$JS\.API|>|\*|\$JS\.>)/.test(subject));
      const reads = api.filter(
        (subject) => !/\.(CREATE|UPDATE|DELETE|PURGE|RESTORE|SNAPSHOT)(\.|$)|\.[*>]/.test(subject),
      );
      if (user !== provisionerUser) expect(api, user).toEqual(reads);
      expect(
        api.filter((subject) => /DELETE|PURGE|UPDATE|RESTORE|SNAPSHOT/.test(subject)),
        user,
      ).toEqual([]);
    }
  });

  test("each kind of secret is asked for by its reader alone", () => {
    const speakers = (subject: string) =>
      Object.entries(permissions).flatMap(([user, { publish }]) => (publish.includes(subject) ? [user] : []));
    expect(speakers("mx.vault.request.read-model-key")).toEqual(["core", "kernel"]);
    expect(speakers("mx.vault.request.read-search-key")).toEqual(["tools"]);
    expect(speakers("mx.vault.request.set-secret")).toEqual(["core", "gateway"]);
    expect(speakers("mx.vault.request.read-fingerprints")).toEqual(["core", "file", "kernel"]);
  });

  test("each user hears its own inbox and no other", () => {
    for (const [user, { subscribe }] of Object.entries(permissions)) {
      expect(subscribe.filter((subject) => subject.startsWith("_INBOX"))).toEqual([`_INBOX_${user}.>`]);
      expect(subscribe.filter((subject) => subject.startsWith(">") || subject.startsWith("*"))).toEqual([]);
    }
  });
});

test("the catalog lists every setting that a service reads", () => {
  const basics = ["HOME", "PATH", "XDG_STATE_HOME", ...commonEnv];
  for (const { folder, env, secrets } of catalog) {
    const sources = globSync(`services/${folder}/src/config.ts`, { cwd: rootFolder });
    expect(sources.length, folder).toBe(1);
    const text = sources.map((path) => readFileSync(join(rootFolder, path), "utf8")).join("\n");
    const read = [...text.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map((match) => match[1] ?? "");
    expect(read.length, folder).toBeGreaterThan(0);
    expect(
      read.filter((name) => ![...basics, ...env, ...secrets].includes(name)),
      folder,
    ).toEqual([]);
  }
});
