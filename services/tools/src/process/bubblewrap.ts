import { closeSync, lstatSync, openSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import type { ControlGroup, ControlGroups } from "./control-groups.ts";
import { type Place, insideUser } from "./place.ts";
import { type Job, type Launch, plainEnv } from "./sandbox.ts";

/** Root hands its commands to this user: it belongs to nobody, in a range that systems leave alone. */
const OUTSIDE_USER = 65_017;
const SECCOMP_DESCRIPTOR = 3;
const FIRST_PROCESS_DESCRIPTOR = 4;
const SOCKET_INSIDE = "/run/matrix/proxy.sock";
const FORWARDER_INSIDE = "/opt/matrix/forwarder.mts";
const NODE_INSIDE = "/opt/node/bin/node";
/** Where the forwarder listens, inside. */
const PROXY_URL = "http://127.0.0.1:3128";

/** Of /etc only what programs need to find libraries, certificates and their own names. */
const sharedEtc = [
  "alternatives",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "ssl/certs",
  "ssl/openssl.cnf",
  "mime.types",
];
const topFolders = ["lib", "lib32", "lib64", "libx32", "bin", "sbin"];

/** What bubblewrap is run with. */
export interface Wrapping {
  readonly place: Place;
  readonly groups: ControlGroups;
  readonly isRoot: boolean;
  /** The program that runs this service; commands get it as `node`. */
  readonly node: string;
  readonly forwarder: string;
}

/**
 * A process that joins the control groups and, as root, binds what the sandbox's user could not reach in a mount namespace of
 * its own and becomes that user (its environment stays readable as that of process 1, so it is emptied); the rest is the same for root and for everybody: a user namespace that owns nothing.
 */
const PREPARE = `
set -e
IFS='
'
for door in $DOORS; do echo $$ >"$door"; done
if [ -n "$PLACE" ]; then
  mount --bind "$WORK" "$PLACE/work"
  mount --bind "$NODE" "$PLACE/node"
  mount --bind "$FORWARDER" "$PLACE/forwarder"
  if [ -n "$SOCKET" ]; then mount --bind "$SOCKET" "$PLACE/socket"; fi
  chown -hR --from=0 ${OUTSIDE_USER}:${OUTSIDE_USER} "$PLACE/work"
fi
exec env -i PATH="$PATH" "$@"`;

const asNobody = [
  "setpriv",
  `--reuid=${OUTSIDE_USER}`,
  `--regid=${OUTSIDE_USER}`,
  "--clear-groups",
  "--inh-caps=-all",
  "--bounding-set=-all",
  "--no-new-privs",
];

let jobs = 0;

/** How a job is started inside bubblewrap. */
export function launchBubblewrap(job: Job, wrapping: Wrapping): Launch {
  const { place, groups, isRoot, node, forwarder } = wrapping;
  jobs += 1;
  const group = groups.kind === "some" ? groups.create(`job-${jobs}`, job.limits) : undefined;
  const seccomp = openSync(place.seccomp, "r");
  const reached: Sources = {
    work: job.workFolder,
    node: realpathSync(node),
    forwarder: realpathSync(forwarder),
    socket: job.proxySocket ?? "",
  };
  const sources = isRoot ? toMounted(place) : reached;
  const wrapped = [...(isRoot ? asNobody : []), "bwrap", ...toOptions(job, place, sources), "--", ...toInner(job)];
  const prepare = ["sh", "-c", PREPARE, "sh", ...wrapped];
  const [file = "sh", ...args] = isRoot
    ? ["unshare", "--mount", "--propagation", "private", "--", ...prepare]
    : prepare;
  return {
    file,
    args,
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      DOORS: (group?.doors ?? []).join("\n"),
      PLACE: isRoot ? place.path : "",
      WORK: reached.work,
      NODE: reached.node,
      FORWARDER: reached.forwarder,
      SOCKET: reached.socket,
    },
    descriptors: [seccomp],
    tellsFirstProcess: true,
    countsMemory: group !== undefined,
    ranOutOfMemory: () => group?.ranOutOfMemory() ?? false,
    [Symbol.dispose]: () => release(seccomp, group),
  };
}

function release(seccomp: number, group: ControlGroup | undefined): void {
  closeSync(seccomp);
  group?.[Symbol.dispose]();
}

interface Sources {
  readonly work: string;
  readonly node: string;
  readonly forwarder: string;
  readonly socket: string;
}

function toMounted(place: Place): Sources {
  const at = (name: string) => path.join(place.path, name);
  return { work: at("work"), node: at("node"), forwarder: at("forwarder"), socket: at("socket") };
}

function toOptions(job: Job, place: Place, sources: Sources): string[] {
  const size = String(job.limits.temporaryBytes);
  return [
    ["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"],
    ["--disable-userns", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"],
    ["--hostname", "matrix", "--uid", String(insideUser), "--gid", String(insideUser)],
    ["--ro-bind", "/usr", "/usr", ...topFolders.flatMap(toTopFolder)],
    ["--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm", "--size", size, "--tmpfs", "/tmp"],
    ...sharedEtc.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    ["passwd", "group", "hosts", "nsswitch.conf"].flatMap((name) => [
      "--ro-bind",
      path.join(place.etc, name),
      `/etc/${name}`,
    ]),
    ["--ro-bind", sources.node, NODE_INSIDE, "--bind", sources.work, "/work"],
    ...toNetwork(job, sources),
    // The roots of both are memory that no size limits.
    ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/work"],
    ...Object.entries(plainEnv).flatMap(([name, value]) => ["--setenv", name, value]),
    ["--seccomp", String(SECCOMP_DESCRIPTOR), "--info-fd", String(FIRST_PROCESS_DESCRIPTOR)],
  ].flat();
}

/** `/lib` and its like as this machine has them: links into /usr, or folders. */
function toTopFolder(name: string): string[] {
  const stats = lstatSync(`/${name}`, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  return stats.isSymbolicLink()
    ? ["--symlink", readlinkSync(`/${name}`), `/${name}`]
    : ["--ro-bind", `/${name}`, `/${name}`];
}

function toNetwork(job: Job, sources: Sources): string[] {
  if (job.proxySocket === undefined) return [];
  return [
    ["--ro-bind", sources.socket, SOCKET_INSIDE, "--ro-bind", sources.forwarder, FORWARDER_INSIDE],
    ...["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].flatMap((name) => ["--setenv", name, PROXY_URL]),
    // Node's own fetch asks for it to be said.
    ["--setenv", "NODE_USE_ENV_PROXY", "1"],
  ].flat();
}

/** The limits of each process, set where the count of processes is the sandbox's own. */
function toInner(job: Job): string[] {
  const { limits } = job;
  const set = (name: string, value: number) => `--${name}=${value}:${value}`;
  return [
    "prlimit",
    set("nproc", limits.processes),
    set("nofile", limits.openFiles),
    set("fsize", limits.fileBytes),
    set("data", limits.memoryBytes),
    set("cpu", Math.ceil(job.timeoutSeconds * limits.cpuPerWallTime)),
    set("core", 0),
    set("memlock", 0),
    set("msgqueue", 0),
    "--",
    ...(job.proxySocket === undefined ? [] : [NODE_INSIDE, FORWARDER_INSIDE, SOCKET_INSIDE]),
    ...job.argv,
  ];
}
