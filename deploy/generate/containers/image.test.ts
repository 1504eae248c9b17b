import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalog } from "../../catalog.ts";
import { rootFolder } from "../../local/root-folder.ts";

const read = (path: string) => readFileSync(join(rootFolder, path), "utf8");
const dockerfile = read("deploy/images/Dockerfile");
const root = JSON.parse(read("package.json")) as { packageManager: string; engines: { node: string } };
const deploy = JSON.parse(read("deploy/package.json")) as { dependencies: Record<string, string> };

describe("the image", () => {
  test("ends as a user without rights, with a health check on /readyz", () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
    expect(last).toMatch(/^USER 10001:10001$/m);
    expect(last).toMatch(/^HEALTHCHECK .*\n.*\/readyz/m);
    expect(last.indexOf("USER")).toBeLessThan(last.indexOf("\nCMD"));
  });

  test("has the tree's own Node and pnpm", () => {
    expect(`pnpm@${/pnpm@([\d.]+)/.exec(dockerfile)?.[1]}`).toBe(root.packageManager);
    expect(`>=${/^FROM node:(\d+)-/m.exec(dockerfile)?.[1]}`).toBe(root.engines.node);
  });

  test("holds what every service of the catalog needs to run", () => {
    expect(dockerfile).toContain('--prod --filter "@matrix-os/deploy..."');
    for (const { folder } of catalog) {
      expect(existsSync(join(rootFolder, `services/${folder}/src/main.ts`)), folder).toBe(true);
      expect(deploy.dependencies).toHaveProperty([`@matrix-os/${folder}`]);
    }
  });

  test("takes no secret, no home and no other machine's packages along", () => {
    const left = read("deploy/images/Dockerfile.dockerignore").trim().split("\n");
    const made = ["deploy/compose/.env", "deploy/compose/tls", "deploy/k8s/base/secrets", ".git", "**/node_modules"];
    expect(left).toEqual(expect.arrayContaining(made));
  });
});
