import type { Step } from "@matrix-os/contracts/turn/message";
import type { IconName } from "../design/icon.tsx";

/** How a tool is shown. `doing` stands before the step's label. */
interface ToolWords {
  readonly icon: IconName;
  readonly doing: string;
  readonly did: string;
}

const tools: Readonly<Record<string, ToolWords>> = {
  write_file: { icon: "edit", doing: "Writing", did: "Wrote" },
  edit_file: { icon: "edit", doing: "Changing", did: "Changed" },
  read_file: { icon: "eye", doing: "Reading", did: "Read" },
  list_files: { icon: "folder", doing: "Looking into", did: "Looked into" },
  search_files: { icon: "search", doing: "Searching", did: "Searched" },
  move_file: { icon: "files", doing: "Moving", did: "Moved" },
  delete_file: { icon: "trash", doing: "Deleting", did: "Deleted" },
  run_command: { icon: "terminal", doing: "Running", did: "Ran" },
  web_fetch: { icon: "eye", doing: "Reading", did: "Read" },
  web_search: { icon: "search", doing: "Searching the web for", did: "Searched the web for" },
  remember: { icon: "people", doing: "Remembering", did: "Remembered" },
  undo: { icon: "undo", doing: "Undoing", did: "Undid" },
};

/** The icon and the verb of a step; a tool that is not known here is named as it is. */
export function toStepWords(step: Step): { readonly icon: IconName; readonly verb: string } {
  const words = tools[step.tool] ?? {
    icon: "tool",
    doing: step.tool.replaceAll("_", " "),
    did: step.tool.replaceAll("_", " "),
  };
  return { icon: words.icon, verb: step.state === "running" ? words.doing : words.did };
}

/** What the steps of a finished turn come to, in a line. */
export function toStepSummary(steps: readonly Step[]): string {
  const changed = new Set(
    steps.filter(({ tool, state }) => state === "done" && /^(write|edit)_file$/.test(tool)).map(({ label }) => label),
  ).size;
  const failed = steps.filter(({ state }) => state === "failed").length;
  const doubted = steps.filter(({ state }) => state === "in-doubt").length;
  const parts = [
    count(steps.length, "step"),
    changed > 0 ? `${count(changed, "file")} written` : "",
    failed > 0 ? `${failed} failed` : "",
    doubted > 0 ? `${doubted} in doubt` : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** A number with its noun. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
