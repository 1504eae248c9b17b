/** The apps that ship as finished folders under `services/rehearsal/apps`. */
export type AppKind = "habit-tracker" | "notes" | "todo-board" | "timer" | "expense-log" | "flashcards" | "collection";

/** What may be changed on an app, whether it is ours or somebody else's. */
export type AppChange =
  | { kind: "theme"; theme: "dark" | "light" }
  | { kind: "accent"; colour: string }
  | { kind: "text-size"; direction: "bigger" | "smaller" }
  | { kind: "rename"; name: string }
  | { kind: "field"; label: string };

/** Which app a request means: by name, or the one the conversation is about. */
export type AppReference = { named: string } | "current";

/** One thing a person asked for. A message may hold several. */
export type Intent =
  | { kind: "create-app"; app: AppKind; noun: string; name?: string }
  | { kind: "change-app"; app: AppReference; change: AppChange }
  | { kind: "delete-app"; app: AppReference }
  | { kind: "write-file"; path: string; content: string }
  | { kind: "append-file"; path: string | undefined; text: string }
  | { kind: "read-file"; path: string | undefined }
  | { kind: "list-files"; path?: string }
  | { kind: "search-files"; query: string; path?: string }
  | { kind: "summarise-file"; path: string | undefined }
  | { kind: "summarise-conversation" }
  | { kind: "move-file"; from: string | undefined; to: string }
  | { kind: "delete-file"; path: string | undefined }
  | { kind: "remember"; fact: string }
  | { kind: "recall" }
  | { kind: "undo" }
  | { kind: "redo" }
  | { kind: "echo"; text: string }
  | { kind: "talk"; about: TalkTopic }
  | { kind: "unknown"; text: string };

/** Small talk that is answered without any tool. */
export type TalkTopic = "ping" | "greeting" | "thanks" | "goodbye" | "help" | "identity" | "time";
