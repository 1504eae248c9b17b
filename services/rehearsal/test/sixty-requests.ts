/** A request as a person types it, and the intents it must become (a subset of each intent's fields). */
export interface ExpectedRequest {
  says: string;
  means: Array<Record<string, unknown>>;
}

const create = (app: string, more: Record<string, unknown> = {}) => ({ kind: "create-app", app, ...more });
const change = (change: Record<string, unknown>, app: unknown = "current") => ({ kind: "change-app", app, change });
const talk = (about: string) => ({ kind: "talk", about });

/** Written before the parser. At least 54 of these sixty must be understood. */
export const sixtyRequests: ExpectedRequest[] = [
  { says: "make me a habit tracker", means: [create("habit-tracker")] },
  {
    says: "Could you build a habit tracker called Water, please?",
    means: [create("habit-tracker", { name: "Water" })],
  },
  { says: "i want to keep track of my daily habbits", means: [create("habit-tracker")] },
  { says: "I need something to track my spending", means: [create("expense-log")] },
  { says: "can you make an app for my expenses", means: [create("expense-log")] },
  { says: 'create a budget app named "House money"', means: [create("expense-log", { name: "House money" })] },
  { says: "build me a kanban board", means: [create("todo-board")] },
  { says: "pls make a todo list app", means: [create("todo-board")] },
  { says: "I'd like a to-do app for work", means: [create("todo-board")] },
  { says: "make a pomodorro timer", means: [create("timer")] },
  { says: "i could use a focus timer", means: [create("timer")] },
  { says: "Please create some flash cards for learning Spanish vocabulary", means: [create("flashcards")] },
  { says: "flashcards app", means: [create("flashcards")] },
  { says: "a simple notes app would be great", means: [create("notes")] },
  { says: "crete a note taking app", means: [create("notes")] },
  { says: "make me a recipe box", means: [create("collection", { noun: "recipe box" })] },
  { says: "I would love a reading list app", means: [create("collection", { noun: "reading list" })] },
  { says: "build an app to keep track of my houseplants", means: [create("collection", { noun: "houseplants" })] },
  { says: "make it dark", means: [change({ kind: "theme", theme: "dark" })] },
  { says: "can you switch it to dark mode?", means: [change({ kind: "theme", theme: "dark" })] },
  { says: "Make notes dark", means: [change({ kind: "theme", theme: "dark" }, { named: "notes" })] },
  {
    says: "use a light theme in the habit tracker",
    means: [change({ kind: "theme", theme: "light" }, { named: "habit tracker" })],
  },
  { says: "rename it to Morning routine", means: [change({ kind: "rename", name: "Morning routine" })] },
  {
    says: "rename the notes app to Scribbles",
    means: [change({ kind: "rename", name: "Scribbles" }, { named: "notes" })],
  },
  { says: "add a field called Amount", means: [change({ kind: "field", label: "Amount" })] },
  {
    says: "could you add a field for the due date to the todo board?",
    means: [change({ kind: "field", label: "Due date" }, { named: "todo board" })],
  },
  { says: "change the accent colour to teal", means: [change({ kind: "accent", colour: "teal" })] },
  { says: "make the buttons purple", means: [change({ kind: "accent", colour: "purple" })] },
  { says: "make the text bigger", means: [change({ kind: "text-size", direction: "bigger" })] },
  { says: "the font is too small", means: [change({ kind: "text-size", direction: "bigger" })] },
  {
    says: "write a file shopping.md with milk and eggs",
    means: [{ kind: "write-file", path: "shopping.md", content: "- milk\n- eggs\n" }],
  },
  {
    says: 'create a file called ideas.txt containing "build a boat"',
    means: [{ kind: "write-file", path: "ideas.txt", content: "build a boat" }],
  },
  {
    says: "save a note that the spare key is under the pot",
    means: [{ kind: "write-file", content: "the spare key is under the pot\n" }],
  },
  {
    says: "take a note: call the dentist on Friday",
    means: [{ kind: "write-file", content: "call the dentist on Friday\n" }],
  },
  { says: "add bread to shopping.md", means: [{ kind: "append-file", path: "shopping.md", text: "bread" }] },
  {
    says: 'please append "buy stamps" to notes/errands.md',
    means: [{ kind: "append-file", path: "notes/errands.md", text: "buy stamps" }],
  },
  { says: "show me shopping.md", means: [{ kind: "read-file", path: "shopping.md" }] },
  { says: "what's in plan.md?", means: [{ kind: "read-file", path: "plan.md" }] },
  { says: "what files do I have", means: [{ kind: "list-files" }] },
  { says: "list everything in the notes folder", means: [{ kind: "list-files", path: "notes" }] },
  { says: "which apps do i have?", means: [{ kind: "list-files", path: "apps" }] },
  { says: "search my files for dentist", means: [{ kind: "search-files", query: "dentist" }] },
  { says: "where did i write about the wifi password?", means: [{ kind: "search-files", query: "wifi password" }] },
  { says: "summarise report.md", means: [{ kind: "summarise-file", path: "report.md" }] },
  {
    says: "Can you give me a summary of notes/meeting.md",
    means: [{ kind: "summarise-file", path: "notes/meeting.md" }],
  },
  { says: "rename plan.md to plan-2027.md", means: [{ kind: "move-file", from: "plan.md", to: "plan-2027.md" }] },
  {
    says: "move shopping.md into the archive folder",
    means: [{ kind: "move-file", from: "shopping.md", to: "archive/shopping.md" }],
  },
  { says: "delete shopping.md", means: [{ kind: "delete-file", path: "shopping.md" }] },
  { says: "please get rid of old/draft.txt", means: [{ kind: "delete-file", path: "old/draft.txt" }] },
  { says: "remember that I am allergic to nuts", means: [{ kind: "remember", fact: "I am allergic to nuts" }] },
  { says: "remeber my sister is called Ana", means: [{ kind: "remember", fact: "my sister is called Ana" }] },
  { says: "what do you know about me?", means: [{ kind: "recall" }] },
  { says: "undo that", means: [{ kind: "undo" }] },
  { says: "oops, please take that back", means: [{ kind: "undo" }] },
  {
    says: "make me a habit tracker and then write a file plan.md with run, read and sleep and remember that I like mornings",
    means: [
      create("habit-tracker"),
      { kind: "write-file", path: "plan.md", content: "- run\n- read\n- sleep\n" },
      { kind: "remember", fact: "I like mornings" },
    ],
  },
  {
    says: "Make it dark, rename it to Ledger and add a field for the shop.",
    means: [
      change({ kind: "theme", theme: "dark" }),
      change({ kind: "rename", name: "Ledger" }),
      change({ kind: "field", label: "Shop" }),
    ],
  },
  { says: "hi there", means: [talk("greeting")] },
  { says: "thank you so much!", means: [talk("thanks")] },
  { says: "what can you do?", means: [talk("help")] },
  { says: "what time is it", means: [talk("time")] },
];
