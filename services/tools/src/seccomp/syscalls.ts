/** A processor that the filter is made for; others have no sandbox here. */
export type Architecture = "x64" | "arm64";

/**
 * System calls that a command never needs and that past escapes went through, with their numbers (x64, arm64). From the
 * kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
 */
const refused: Readonly<Record<string, readonly [x64: number | undefined, arm64: number | undefined]>> = {
  // Other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  // Mounts, roots and namespaces.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // Keys, programs in the kernel, measuring.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  fanotify_init: [300, 262],
  lookup_dcookie: [212, 18],
  // The machine itself.
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  create_module: [174, undefined],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  nfsservctl: [180, 42],
  syslog: [103, 116],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  modify_ldt: [154, undefined],
  uselib: [134, undefined],
  ustat: [136, undefined],
  sysfs: [139, undefined],
  sysctl: [156, undefined],
  // Memory that no limit of ours counts.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  msgget: [68, 186],
  semget: [64, 190],
  mq_open: [240, 180],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
};

/** System calls whose arguments decide. */
const inspected = {
  x64: { clone: 56, clone3: 435, socket: 41, ioctl: 16, personality: 135 },
  arm64: { clone: 220, clone3: 435, socket: 198, ioctl: 29, personality: 92 },
} as const;

/** Younger calls than this list knows don't exist for a command. */
const NEWEST_KNOWN = 466;

/** What the filter must know of a processor. */
export interface SyscallTable {
  /** As the kernel names it to a filter (linux/audit.h). */
  readonly audit: number;
  /** Calls from here on belong to another calling convention (x32). */
  readonly foreignFrom: number | undefined;
  readonly newestKnown: number;
  readonly refused: readonly number[];
  readonly inspected: Readonly<Record<"clone" | "clone3" | "socket" | "ioctl" | "personality", number>>;
}

/** The numbers for one processor. */
export function toSyscallTable(architecture: Architecture): SyscallTable {
  const column = architecture === "x64" ? 0 : 1;
  return {
    audit: architecture === "x64" ? 0xc000003e : 0xc00000b7,
    foreignFrom: architecture === "x64" ? 0x40000000 : undefined,
    newestKnown: NEWEST_KNOWN,
    refused: Object.values(refused).flatMap((numbers) => numbers[column] ?? []),
    inspected: inspected[architecture],
  };
}
