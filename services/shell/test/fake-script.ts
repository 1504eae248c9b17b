import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ErrorCode } from "@matrix-os/contracts/errors";

/** One thing that a scripted turn does. */
export type Script =
  | { readonly do: "say"; readonly text: string }
  | {
      readonly do: "tool";
      readonly tool: string;
      readonly label: string;
      readonly content?: string;
    }
  | { readonly do: "fail"; readonly code: ErrorCode }
  | { readonly do: "end"; readonly text: string };

const appsFolder = resolve(import.meta.dirname, "../../rehearsal/apps");

/** The script for a message: that of the first word it holds. */
export function toScript(text: string): Script[] {
  const asked = text.toLowerCase();
  return scripts.find(([words]) => asked.includes(words))?.[1]() ?? aboutHome;
}

const scripts: readonly (readonly [words: string, script: () => Script[]])[] = [
  ["in my home", () => aboutHome],
  [
    "fail",
    () => [
      { do: "say", text: "Let me look." },
      { do: "fail", code: "model-overloaded" },
    ],
  ],
  ["habit tracker", () => makeApp("habit-tracker", "Habit tracker")],
  ["todo board", () => makeApp("todo-board", "Todo board")],
  ["dark", () => [writeFile("apps/habit-tracker/style.css", "body { background: rgb(1, 2, 3); }"), ...finish("Done.")]],
  ["hostile", () => makePage("hostile", ["storage", "notifications", "ask"], hostilePage)],
  ["bridge", () => makePage("bridge", ["storage", "sql", "notifications", "ask"], bridgePage)],
  ["touch it", () => [writeFile("apps/bridge/extra.css", "b{}"), ...finish("Touched.")]],
  ["broken", () => makePage("broken", ["storage"], "<!doctype html><head></head><script>nothing.here()</script>")],
  ["long", () => finish(longText)],
];

function makePage(app: string, permissions: readonly string[], page: string): Script[] {
  const name = `${app.slice(0, 1).toUpperCase()}${app.slice(1)}`;
  return [
    writeFile(`apps/${app}/app.json`, JSON.stringify({ name, permissions })),
    writeFile(`apps/${app}/index.html`, page),
    ...finish("Made."),
  ];
}

const aboutHome = finish("You have three folders: `apps`, `notes` and `system`. Nothing in them changed today.");

function makeApp(app: string, name: string): Script[] {
  const folder = join(appsFolder, app);
  const shared = join(appsFolder, "shared");
  const own = readdirSync(folder).map((file) =>
    writeFile(`apps/${app}/${file}`, readFileSync(join(folder, file), "utf8")),
  );
  const common = readdirSync(shared).map((file) =>
    writeFile(`apps/${app}/${file}`, readFileSync(join(shared, file), "utf8")),
  );
  return [
    { do: "say", text: `I’ll make a ${name.toLowerCase()} with what you need for a start, nothing more.` },
    { do: "tool", tool: "list_files", label: "apps" },
    ...own,
    ...common,
    ...finish(
      `Your **${name}** is ready and opens beside this.\n\n- Everything stays on this machine, in \`apps/${app}/\`.\n- It follows light and dark, and works on a phone.\n- Say what you’d like to change, such as “make it dark”.`,
    ),
  ];
}

function writeFile(label: string, content: string): Script {
  return { do: "tool", tool: "write_file", label, content };
}

function finish(text: string): Script[] {
  return [
    { do: "say", text },
    { do: "end", text },
  ];
}

const longText = `## A table\n\n| day | done |\n|---|---|\n| Monday | yes |\n\n\`\`\`js\nconst answer = 42\n\`\`\`\n\n<script>alert(1)</script>\n\n<b onclick="alert(2)">bold</b> and [a link](https://example.com) and [a bad one](javascript:alert(1)) and ![a picture](https://example.com/spy.png)\n\n${"And so on it goes. ".repeat(40)}`;

const hostilePage = `<!doctype html><html><head></head><body><button id="flood">flood</button><button id="loop">loop</button><pre id="log"></pre><script>
const log = (name, value) => { document.getElementById('log').textContent += name + '=' + value + '\\n' }
const attempt = (name, run) => { try { log(name, run()) } catch (error) { log(name, 'refused') } }
attempt('rtc', () => typeof window.RTCPeerConnection)
attempt('iframe', () => document.createElement('iframe').tagName)
attempt('markup', () => { document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc="x"></iframe>'); return 'made' })
attempt('parent', () => window.parent.document.title)
attempt('top', () => { window.top.location = 'https://example.com'; return 'gone' })
attempt('popup', () => String(window.open('https://example.com')))
matrix.sql('select 1').then(() => log('sql', 'answered'), (error) => log('sql', error.code))
matrix.storage.set('big', 'x'.repeat(300000)).then(() => log('big', 'stored'), (error) => log('big', error.code))
fetch('/api/v1/status').then(() => log('fetch', 'answered'), () => log('fetch', 'refused'))
document.getElementById('loop').onclick = () => setTimeout(() => { for (;;) {} }, 100)
document.getElementById('flood').onclick = () => { for (let i = 0; i < 200000; i++) window.parent.postMessage({ type: 'x', i }, '*') }
</script></body></html>`;

const bridgePage = `<!doctype html><html><head></head><body><button id="ask">ask</button><button id="tell">tell</button><input id="kept" aria-label="kept"><pre id="log"></pre><script>
const log = (name, value) => { document.getElementById('log').textContent += name + '=' + value + '\\n' }
log('theme', document.documentElement.dataset.theme)
log('visits', localStorage.visits ?? 'none')
localStorage.setItem('visits', String(Number(localStorage.visits ?? 0) + 1))
const field = document.getElementById('kept')
field.value = matrix.kept?.text ?? ''
matrix.keep(() => ({ text: field.value }))
matrix.sql('select ? as answer', [42]).then(({ rows }) => log('sql', rows[0].answer))
matrix.addEventListener('theme', (event) => log('changed', event.detail))
document.getElementById('ask').onclick = () => matrix.ask('What is in my home?').then(({ status, text }) => log('answer', status + ' ' + text.slice(0, 14)))
document.getElementById('tell').onclick = () => matrix.notify('Time is up', 'The tea is ready')
</script></body></html>`;
