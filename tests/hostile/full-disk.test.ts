import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { expect, test } from "vitest";
import { toText } from "./parts/canonical-turns.ts";
import { type HostileSystem, startHostileSystem } from "./parts/hostile-system.ts";

interface SmallDisk extends Disposable {
  readonly path: string;
  /** Takes what is left: every byte, or every name. */
  readonly fill: () => void;
  readonly free: () => void;
}

const MANY = 20_000;

test.each([
  { what: "byte", options: "size=3m,nr_inodes=20000" },
  { what: "name", options: "size=64m,nr_inodes=700" },
])("a disk without a free $what refuses, visibly, and is back when there is room", async ({ options }) => {
  using disk = mountSmallDisk(options);
  await using hostile = await startHostileSystem({ home: join(disk.path, "home") });
  await hostile.hand({ session: "d", tag: "d-before", plan: "change" });
  expect(await hostile.settle()).toEqual([]);
  disk.fill();
  const statuses = await Promise.all([1, 2, 3].map((n) => hand(hostile, `d-refused-${n}`)));
  expect(statuses).toEqual([503, 503, 503]);
  disk.free();
  await hostile.hand({ session: "d", tag: "d-after", plan: "change" });
  hostile.note("fault");
  expect(await hostile.settle()).toEqual([]);
});

test("one message that comes ten times at once, over and over, is one turn each time", async () => {
  await using hostile = await startHostileSystem();
  const tags = Array.from({ length: 10 }, (_, n) => `twice-${n}`);
  const handed = await Promise.all(
    tags.flatMap((tag) => Array.from({ length: 10 }, () => hostile.hand({ session: "twice", tag, plan: "plain" }))),
  );
  expect(new Set(handed.map(({ turn }) => turn)).size).toBe(tags.length);
  expect(await hostile.settle()).toEqual([]);
  expect(hostile.readHistory().inbox).toHaveLength(tags.length);
});

async function hand({ system }: HostileSystem, tag: string): Promise<number> {
  const body = JSON.stringify({ session: tag, text: toText(tag, "plain") });
  const init = { method: "POST", body, headers: { "content-type": "application/json" } };
  return (await system.fetch(sendMessageRoute.path, init)).status;
}

function mountSmallDisk(options: string): SmallDisk {
  const folder = tempFolder("disk");
  const path = join(folder.path, "disk");
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path], { stdio: "ignore" });
  const filler = join(path, "filler");
  return {
    path,
    fill: () => fill(filler),
    free: () => rmSync(filler, { recursive: true, force: true }),
    [Symbol.dispose]: () => {
      execFileSync("umount", ["--lazy", path]);
      folder[Symbol.dispose]();
    },
  };
}

/** Files of falling size until neither a byte nor a name is left. */
function fill(folder: string): void {
  mkdirSync(folder);
  for (let n = 0, size = 65_536; n < MANY && size >= 1; n += 1) {
    try {
      writeFileSync(join(folder, String(n)), "x".repeat(size));
    } catch {
      size = Math.floor(size / 2);
    }
  }
}
