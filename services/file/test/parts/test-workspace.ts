import fs from "node:fs";
import path from "node:path";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import type { z } from "zod";
import { checkIn } from "../../src/on-request/check-in.ts";
import { checkOut } from "../../src/on-request/check-out.ts";
import type { TestHome } from "./test-home.ts";

type CheckedOut = z.infer<typeof checkOutRequest.reply>;
type CheckedIn = z.infer<typeof checkInRequest.reply>;

/** A folder that is checked out, and what a command could do there. */
export interface TestWorkspace extends CheckedOut {
  /** What the command sees. */
  readonly root: string;
  at(...names: string[]): string;
  write(name: string, content: string | Uint8Array, mode?: number): void;
  checkIn(turn?: string): Promise<CheckedIn>;
}

/** Checks a folder out of a test's home. */
export async function checkOutFolder(test: TestHome, folder: string): Promise<TestWorkspace> {
  const reply = await test.ask(checkOutRequest, checkOut, { folder, origin: { actor: "kernel" } });
  const root = path.join(test.deps.config.stateDir, "work", reply.workspace, "files");
  const at = (...names: string[]) => path.join(root, ...names);
  return {
    ...reply,
    root,
    at,
    write: (name, content, mode = 0o644) => {
      fs.mkdirSync(path.dirname(at(name)), { recursive: true });
      fs.writeFileSync(at(name), content);
      fs.chmodSync(at(name), mode);
    },
    checkIn: (turn) => {
      const origin = turn === undefined ? { actor: "kernel" } : { actor: "kernel", session: "s_1", turn };
      return test.ask(checkInRequest, checkIn, { workspace: reply.workspace, origin });
    },
  };
}

/** A folder with everything that a folder can hold. */
export async function fillProject(test: TestHome): Promise<void> {
  fs.mkdirSync(test.at("projects/x/empty"), { recursive: true });
  fs.mkdirSync(test.at("projects/x/secret"));
  fs.chmodSync(test.at("projects/x/secret"), 0o700);
  fs.writeFileSync(test.at("projects/x/secret/key"), Buffer.from([0, 1, 255, 10]));
  fs.chmodSync(test.at("projects/x/secret/key"), 0o600);
  fs.writeFileSync(test.at("projects/x/run"), "#!/bin/sh\n");
  fs.chmodSync(test.at("projects/x/run"), 0o755);
  fs.writeFileSync(test.at("projects/x/large"), Buffer.alloc(2_500_000, "large "));
  fs.symlinkSync("run", test.at("projects/x/link"));
  fs.symlinkSync("/etc/hostname", test.at("projects/x/owner-link"));
  fs.mkdirSync(test.at("projects/x/sub"));
  for (const name of ["a", "b", "c"]) fs.writeFileSync(test.at("projects/x/sub", name), `text of ${name}`);
  await test.deps.writer.recordOutside(["projects"]);
}

/** All that a command can do to files. */
export function changeProject(work: TestWorkspace): void {
  work.write("sub/a", "changed");
  fs.renameSync(work.at("sub/b"), work.at("moved"));
  fs.rmSync(work.at("sub/c"));
  fs.chmodSync(work.at("run"), 0o640);
  fs.chmodSync(work.at("secret"), 0o750);
  fs.rmSync(work.at("link"));
  fs.symlinkSync("sub/a", work.at("link"));
  fs.symlinkSync("../moved", work.at("sub/up"));
  fs.rmdirSync(work.at("empty"));
  fs.mkdirSync(work.at("new/empty"), { recursive: true });
  fs.chmodSync(work.at("new/empty"), 0o711);
  work.write("new/tool", "#!/bin/sh", 0o755);
  work.write("new/private", "p", 0o600);
  fs.rmSync(work.at("large"));
  work.write("large/now/a", "folder");
  work.write("node_modules/x/index.js", "x");
  work.write(".git/HEAD", "ref");
}
