import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterAll, describe, expect, test } from "vitest";
import { catalog } from "../../catalog.ts";
import { rootFolder } from "../../local/root-folder.ts";
import { busUsers, toPasswordVariable } from "../containers/settings.ts";
import { readCompose, readEnvFile } from "./read-compose.ts";

const folder = tempFolder("compose");
afterAll(() => folder[Symbol.dispose]());
cpSync(join(rootFolder, "deploy/compose"), folder.path, {
  recursive: true,
  filter: (path) => !/\/(\.env|home|state|broker|tls)$/.test(path),
});
const makeSecrets = () => execFileSync(join(folder.path, "make-secrets.sh"), { stdio: "pipe" });
expect(() => readFileSync(join(folder.path, ".env"))).toThrow("ENOENT");
makeSecrets();
const compose = readCompose(folder.path);
const containers = Object.entries(compose.services).map(([name, service]) => ({ name, service }));
const passwords = busUsers.map((user) => readEnvFile(join(folder.path, ".env"))[toPasswordVariable(user)] ?? "");

describe("make-secrets.sh", () => {
  test("gives every bus user a password of its own that the broker reads as text", () => {
    expect(new Set(passwords).size).toBe(busUsers.length);
    for (const password of passwords) expect(password).toMatch(/^p[0-9a-f]{48}$/);
  });

  test("keeps secrets from other users of the machine", () => {
    for (const path of [".env", "tls/tls.key", "tls", "home", "state/file", "broker"]) {
      expect(statSync(join(folder.path, path)).mode & 0o077, path).toBe(0);
    }
  });

  test("run again it changes nothing, but completes what a newer version needs", () => {
    const before = readFileSync(join(folder.path, ".env"), "utf8");
    const certificate = readFileSync(join(folder.path, "tls/tls.crt"), "utf8");
    makeSecrets();
    expect(readFileSync(join(folder.path, ".env"), "utf8")).toBe(before);
    expect(readFileSync(join(folder.path, "tls/tls.crt"), "utf8")).toBe(certificate);

    writeFileSync(join(folder.path, ".env"), before.replace(/^BUS_PASSWORD_KERNEL=.*\n/m, ""));
    makeSecrets();
    const after = readEnvFile(join(folder.path, ".env"));
    expect(after["BUS_PASSWORD_KERNEL"]).toMatch(/^p[0-9a-f]{48}$/);
    expect(after["BUS_PASSWORD_FILE"]).toBe(readEnvFile(join(folder.path, ".env"))["BUS_PASSWORD_FILE"]);
  });

  test("without it compose says what to do", () => {
    writeFileSync(join(folder.path, ".env"), readFileSync(join(folder.path, ".env.example"), "utf8"));
    expect(() => readCompose(folder.path)).toThrow("run ./make-secrets.sh first");
  });
});

describe("the compose file", () => {
  test("has the broker and every service, optional ones as a profile", () => {
    expect(containers.map(({ name }) => name)).toEqual(["nats", ...catalog.map(({ name }) => name)]);
    for (const { name, isOptional } of catalog) {
      expect(compose.services[name]?.profiles).toEqual(isOptional === true ? [name] : undefined);
    }
  });

  test.each(containers)("$name has no rights and bounds on everything", ({ service }) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      init: true,
      mem_limit: expect.stringMatching(/^\d+m$/),
      pids_limit: expect.any(Number),
      logging: { options: { "max-size": "10m" } },
    });
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service).not.toHaveProperty("privileged");
    expect(JSON.stringify(service)).not.toContain("docker.sock");
  });

  test.each(containers)("$name has a health check", ({ name, service }) => {
    expect(service.healthcheck.test.join(" ")).toContain(
      name === "nats" ? "/healthz?js-enabled-only=true" : ":9400/readyz",
    );
  });

  test("only published ports are reached from the machine, on loopback", () => {
    const published = containers.flatMap(({ service }) => service.ports ?? []);
    expect(published).toEqual(["127.0.0.1:4400:4400"]);
  });

  test("only a service with egress in the catalog reaches the outside", () => {
    expect(compose.networks["bus"]).toEqual({ internal: true });
    for (const { name, egress, ports } of catalog) {
      const networks = compose.services[name]?.networks ?? [];
      expect(networks.includes("egress"), name).toBe(egress.length > 0);
      expect(networks.includes("edge"), name).toBe(ports.some(({ isPublished }) => isPublished));
    }
    expect(compose.services["nats"]?.networks).toEqual(["bus"]);
  });

  test.each(catalog)("$name sees its own secrets and no other's", ({ name, secrets }) => {
    const values = Object.values(compose.services[name]?.environment ?? {});
    const own = [name, ...(secrets.includes("MATRIX_PROVISION_PASSWORD") ? ["provisioner"] : [])];
    expect(busUsers.filter((_, index) => values.includes(passwords[index] ?? "")).toSorted()).toEqual(own.toSorted());
    const keys = Object.keys(compose.services[name]?.environment ?? {}).filter((key) =>
      /KEY$|PASSWORD|TOKEN|SECRET/.test(key),
    );
    expect(keys.filter((key) => key !== "MATRIX_TLS_KEY").toSorted()).toEqual(
      ["MATRIX_BUS_PASSWORD", ...secrets].toSorted(),
    );
  });

  test.each(catalog)("$name mounts what the catalog lists", ({ name, volumes, env }) => {
    const targets = (compose.services[name]?.volumes ?? []).map((volume) => volume.split(":")[1]);
    const tls = env.includes("MATRIX_TLS_KEY") ? ["/matrix/tls"] : [];
    expect(targets).toEqual([...volumes.map((volume) => `/matrix/${volume}`), ...tls]);
  });
});
