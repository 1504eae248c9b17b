/** Where an escape script finds what it wants; every name is replaced in its text as `{name}`. */
export interface Targets {
  /** A secret file beside the work folders, as the home and the state directory stand. */
  readonly secret: string;
  /** A folder outside that anybody may write to. */
  readonly open: string;
  /** The work folder of another command. */
  readonly other: string;
  readonly port: string;
  /** Of a process outside. */
  readonly pid: string;
  readonly unixSocket: string;
  readonly abstractSocket: string;
}

/** A script that tries to get out. It has got out when it prints ESCAPED. */
export interface Escape {
  readonly name: string;
  readonly script: string;
  /** `control`: the same script gets out where nothing confines it, so it can. */
  readonly control?: true;
}

const tell = "&& echo ESCAPED";

/** A program in Perl, which every Debian has; it says RAN when it begins, so that a missing Perl is no success. */
function inPerl(body: string): string {
  return `/usr/bin/perl - <<'END'\n$| = 1; print "RAN\\n"; my $arm = \`uname -m\` =~ /aarch64/;\n${body}\nEND`;
}

/** Calls the kernel directly. Escaped when the call does not fail with one of our refusals (EPERM, ENOSYS, EAFNOSUPPORT). */
function calls(x64: number, arm64: number, args: string): string {
  return inPerl(
    `my $b = "\\0" x 256; my $r = syscall($arm ? ${arm64} : ${x64}${args === "" ? "" : `, ${args}`}); my $e = $! + 0;\nprint "ESCAPED $r $e\\n" unless $r == -1 && ($e == 1 || $e == 38 || $e == 97);`,
  );
}

/** Escaped when it exits with 0. */
function inNode(body: string): string {
  return `node -e '${body}' ${tell}`;
}

const files: readonly Escape[] = [
  { name: "read a secret file of the state directory", script: `cat {secret} ${tell}`, control: true },
  { name: "read /etc/shadow", script: `cat /etc/shadow ${tell}`, control: true },
  { name: "list root's own folder", script: `ls /root/.ssh /root/.bashrc /home/*/.bashrc ${tell}` },
  { name: "read another command's work folder", script: `cat {other}/theirs ${tell}`, control: true },
  {
    name: "write beside the work folder",
    script: `touch {open}/made ${tell}; test -e {open}/made ${tell}`,
    control: true,
  },
  { name: "write into /usr", script: `touch /usr/bin/matrix-escape ${tell}` },
  { name: "write into /etc", script: `touch /etc/matrix-escape ${tell}` },
  { name: "write into the root", script: `touch /matrix-escape ${tell}` },
  { name: "write into /dev", script: `touch /dev/matrix-escape ${tell}` },
  { name: "replace node", script: `printf x >/opt/node/bin/node ${tell}` },
  { name: "climb out with ..", script: `cat /work/../../../..{secret} ${tell}`, control: true },
  { name: "follow a link to outside", script: `ln -s {secret} link; cat link ${tell}`, control: true },
  { name: "hard-link a file from outside", script: `ln {secret} hard ${tell}`, control: true },
  {
    name: "climb out of an inherited descriptor",
    script: `for fd in /proc/self/fd/*; do cat $fd/../../../../../..{secret} 2>/dev/null ${tell}; done`,
  },
  {
    name: "find the history or the token of the home",
    script: `ls / /mnt /srv /var /run /home /root 2>/dev/null | grep -E "matrix-os|owner.token|history.git" ${tell}`,
  },
  { name: "see cron and rc files of the machine", script: `cat /etc/profile ${tell}`, control: true },
  { name: "reach docker's socket", script: `ls /var/run/docker.sock /run/docker.sock ${tell}` },
  { name: "read kernel messages", script: `dmesg ${tell}; cat /dev/kmsg ${tell}` },
];

const procs: readonly Escape[] = [
  { name: "look through /proc/1/root", script: `cat /proc/1/root{secret} ${tell}` },
  { name: "look through every /proc/*/root", script: `cat /proc/[0-9]*/root{secret} ${tell}` },
  {
    name: "look through every /proc/*/cwd",
    script: `for p in /proc/[0-9]*; do cat $p/cwd/../../../../../..{secret} 2>/dev/null ${tell}; done`,
  },
  { name: "see a process of the machine", script: `test -d /proc/{pid} ${tell}`, control: true },
  { name: "press sysrq", script: `echo h >/proc/sysrq-trigger ${tell}` },
  { name: "set core_pattern", script: `echo "|/bin/true" >/proc/sys/kernel/core_pattern ${tell}` },
  { name: "set modprobe's path", script: `echo /work/x >/proc/sys/kernel/modprobe ${tell}` },
  { name: "read the kernel's memory", script: `head -c 1 /proc/kcore ${tell}; head -c 1 /dev/mem ${tell}` },
  { name: "change the limits of process 1", script: `prlimit --pid 1 --nproc=100000 ${tell}` },
  { name: "raise its own limits", script: `prlimit --pid $$ --nofile=1000000:1000000 ${tell}` },
  { name: "map more users", script: `echo "0 0 1" >/proc/self/uid_map ${tell}` },
  { name: "be protected from the killer of the kernel", script: `echo -1000 >/proc/self/oom_score_adj ${tell}` },
  {
    name: "find secrets in environments",
    script: `cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep -E "MATRIX_|TOKEN|PASSWORD|KEY|DOORS|PLACE" ${tell}; env | grep -E "MATRIX_|PASSWORD|TOKEN|KEY" ${tell}`,
  },
  { name: "signal a process of the machine", script: `kill -0 {pid} ${tell}`, control: true },
];

const kernelCalls: readonly Escape[] = [
  { name: "ptrace a child", script: calls(101, 117, "16, getppid(), 0, 0") },
  { name: "read another process's memory", script: calls(310, 270, "getppid(), 0, 0, 0, 0, 0") },
  {
    name: "mount",
    script: `mount -t tmpfs none /tmp ${tell}; ${calls(165, 40, '"none\\0", "/tmp\\0", "tmpfs\\0", 0, 0')}`,
  },
  { name: "remount /usr writable", script: `mount -o remount,rw,bind /usr ${tell}` },
  { name: "the new mount calls", script: calls(430, 430, '"tmpfs\\0", 0') },
  {
    name: "make a user namespace",
    script: `unshare --user --map-root-user true ${tell}; ${calls(272, 97, "0x10000000")}`,
  },
  { name: "make a namespace by clone", script: calls(56, 220, "0x10000011, 0, 0, 0, 0") },
  { name: "make a namespace by clone3", script: calls(435, 435, 'pack("Q11", 0x10000000, (0) x 10), 88') },
  { name: "enter a namespace", script: `nsenter --target 1 --mount true ${tell}; ${calls(308, 268, "0, 0")}` },
  { name: "chroot", script: calls(161, 51, '"/\\0"') },
  { name: "pivot the root", script: calls(155, 41, '"/work\\0", "/work\\0"') },
  { name: "open by handle", script: calls(304, 265, "0, 0, 0") },
  { name: "keys of the kernel", script: calls(250, 219, "0, -3, 1") },
  { name: "add a key", script: calls(248, 217, '"user\\0", "x\\0", "y\\0", 1, -3') },
  { name: "io_uring", script: calls(425, 425, "8, $b") },
  { name: "bpf", script: calls(321, 280, "0, 0, 0") },
  { name: "perf events", script: calls(298, 241, "0, 0, -1, -1, 0") },
  { name: "userfaultfd", script: calls(323, 282, "1") },
  { name: "memory that no limit counts (memfd)", script: calls(319, 279, '"x\\0", 0') },
  { name: "shared memory of System V", script: calls(29, 194, "0, 4096, 01600") },
  { name: "load a module", script: calls(313, 273, '0, "\\0", 0') },
  { name: "reboot", script: calls(169, 142, "0xfee1dead, 672274793, 0, 0") },
  { name: "personality that keeps addresses", script: calls(135, 92, "0x0040000") },
  { name: "a call that is younger than the filter", script: calls(470, 470, "0") },
  { name: "type into the terminal (TIOCSTI)", script: calls(16, 29, "0, 0x5412, $b") },
  {
    name: "the x32 calling convention",
    script: inPerl('exit if $arm; print "ESCAPED\\n" if syscall(0x40000000 + 39) > 0;'),
  },
  {
    name: "gain rights through a setuid program",
    script: `su -c id root </dev/null | grep "uid=0" ${tell}; mount /work 2>/dev/null ${tell}; cp /bin/sh s && chmod u+s s && ./s -pc "id -u" | grep -x 0 ${tell}`,
  },
  { name: "become another user", script: inPerl('$> = 0; $< = 0; print "ESCAPED\\n" if $> == 0 || $< == 0;') },
  { name: "make a device", script: `mknod disk b 8 0 ${tell}; mknod mem c 1 1 ${tell}` },
];

const sockets: readonly Escape[] = [
  {
    name: "connect to a port of the machine (broker, gateway)",
    script: inNode(
      'require("net").connect({port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))',
    ),
    control: true,
  },
  {
    name: "connect over IPv6",
    script: inNode(
      'require("net").connect({port}, "::ffff:127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))',
    ),
    control: true,
  },
  {
    name: "ask the metadata service",
    script: inNode(
      'setTimeout(() => process.exit(1), 3000); require("net").connect(80, "169.254.169.254").on("connect", () => process.exit(0)).on("error", () => process.exit(1))',
    ),
  },
  {
    name: "send UDP to the world",
    script: inNode(
      'require("dgram").createSocket("udp4").send("x", 53, "1.1.1.1", (error) => process.exit(error ? 1 : 0))',
    ),
  },
  {
    name: "look a name up",
    script: inNode(
      'require("dns").resolve4("example.org", (error) => process.exit(error ? 1 : 0)); setTimeout(() => process.exit(1), 3000)',
    ),
  },
  {
    name: "connect to a unix socket outside",
    script: inNode(
      'require("net").connect("{unixSocket}").on("connect", () => process.exit(0)).on("error", () => process.exit(1))',
    ),
    control: true,
  },
  {
    name: "connect to an abstract socket outside",
    script: inNode(
      'require("net").connect("\\0{abstractSocket}").on("connect", () => process.exit(0)).on("error", () => process.exit(1))',
    ),
    control: true,
  },
  {
    name: "a raw socket",
    script: inPerl(
      'for ([2, 3, 1], [10, 3, 58], [17, 3, 0], [16, 3, 0], [40, 1, 0], [38, 5, 0]) { print "ESCAPED @$_\\n" if socket(my $s, $_->[0], $_->[1], $_->[2]); }',
    ),
  },
  { name: "bring an interface up", script: `ip link add dummy0 type dummy ${tell}` },
];

/** All scripts. What is bounded rather than forbidden (memory, time, output …) has tests of its own. */
export const escapes: readonly Escape[] = [...files, ...procs, ...kernelCalls, ...sockets];
