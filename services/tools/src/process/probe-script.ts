/**
 * Tries to get out, from inside: reads and writes beyond the work folder, connects to the machine, makes a namespace. Prints
 * what it could do. Run by `node -e`, so it is text.
 */
export const probeScript = `
const fs = require("node:fs");
const { spawnSync } = require("node:child_process");
const [canary, port] = process.argv.slice(1);
const can = (attempt) => { try { attempt(); return true; } catch { return false; } };
const status = fs.readFileSync("/proc/self/status", "utf8");
const field = (name) => new RegExp("^" + name + ":\\\\s+(\\\\S+)", "m").exec(status)?.[1];
const socket = require("node:net").connect(Number(port), "127.0.0.1");
const tell = (connected) => {
  console.log(JSON.stringify({
    readsOutside: can(() => fs.readFileSync(canary)) || can(() => fs.readFileSync("/etc/shadow")),
    writesOutside: can(() => fs.writeFileSync("/usr/matrix-probe", "")) || can(() => fs.writeFileSync("/proc/sys/kernel/core_pattern", "x")),
    writesWork: can(() => fs.writeFileSync("/work/probe", "")),
    connects: connected,
    seesProcesses: fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length > 8,
    makesNamespaces: spawnSync("unshare", ["--user", "true"]).status === 0,
    capabilities: field("CapEff"),
    noNewPrivileges: field("NoNewPrivs"),
    seccomp: field("Seccomp"),
  }));
  process.exit();
};
socket.once("connect", () => tell(true));
socket.once("error", () => tell(false));
setTimeout(() => tell(false), 2000);
`;
