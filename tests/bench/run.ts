import { measureBarriers } from "./measure-barriers.ts";
import { measureCommands } from "./measure-commands.ts";
import { measureDesktop } from "./measure-desktop.ts";
import { measureIdle } from "./measure-idle.ts";
import { measureInstall } from "./measure-install.ts";
import { measurePrompt } from "./measure-prompt.ts";
import { measureRecovery } from "./measure-recovery.ts";
import { measureRevocation } from "./measure-revocation.ts";
import { measureStart } from "./measure-start.ts";
import { measureTurns } from "./measure-turns.ts";
import { measureWorkspaces } from "./measure-workspaces.ts";
import { measureWrites } from "./measure-writes.ts";

const measures = {
  turns: measureTurns,
  start: measureStart,
  idle: measureIdle,
  writes: measureWrites,
  workspaces: measureWorkspaces,
  commands: measureCommands,
  prompt: measurePrompt,
  desktop: measureDesktop,
  install: measureInstall,
  barriers: measureBarriers,
  recovery: measureRecovery,
  revocation: measureRevocation,
};
const wanted = process.argv.slice(2);

for (const [name, measure] of Object.entries(measures)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}
