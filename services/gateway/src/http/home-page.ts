/** What the page of a running system tells. */
export interface HomeFacts {
  readonly version: string;
  readonly model: string;
  readonly rehearsal: boolean;
  readonly home: string | undefined;
  readonly missing: readonly string[];
}

/** The pages' one style sheet. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1c2024;--soft:#60646c;--line:#e0e1e6;--back:#fcfcfd;--card:#fff;--good:#218358;--warn:#ab6400;--code:#f0f0f3}
@media(prefers-color-scheme:dark){:root{--ink:#edeef0;--soft:#b0b4ba;--line:#2e3135;--back:#111113;--card:#18191b;--good:#3dd68c;--warn:#ffca16;--code:#212225}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:2rem 1rem;background:var(--back);color:var(--ink);font:1rem/1.6 system-ui,sans-serif}
main{width:min(40rem,100%);background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:clamp(1.5rem,5vw,3rem)}
h1{margin:0 0 .25rem;font-size:1.75rem;line-height:1.2;letter-spacing:-.02em}
h2{margin:2rem 0 .5rem;font-size:1rem}
p{margin:.5rem 0}
.soft{color:var(--soft)}
.state{display:inline-flex;align-items:center;gap:.5rem;margin:1.5rem 0 0;font-weight:600}
.state::before{content:"";width:.6rem;height:.6rem;border-radius:50%;background:var(--good)}
.state.warn::before{background:var(--warn)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1.5rem;margin:1rem 0 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
pre{margin:.5rem 0;padding:.9rem 1rem;background:var(--code);border-radius:.6rem;overflow-x:auto;font:.9rem/1.7 ui-monospace,monospace}
code{font:.9em ui-monospace,monospace;background:var(--code);border-radius:.3rem;padding:.1em .35em}
pre code{padding:0}
`;

/** The first page of an owner who is logged in: says that the system runs, who thinks, and how to talk to it. */
export function toHomePage(facts: HomeFacts): string {
  const well = facts.missing.length === 0;
  const state = well ? "It runs" : `It runs, but ${facts.missing.join(", ")} can’t be reached`;
  return toPage(
    "Matrix OS",
    `<h1>Matrix OS</h1>
<p class="soft">A personal operating system whose kernel is a language model.</p>
<p class="state${well ? "" : " warn"}" role="status">${escape(state)}</p>
<dl><dt>Model</dt><dd>${escape(facts.model)}</dd>${toHomeRow(facts.home)}<dt>Version</dt><dd>${escape(facts.version)}</dd></dl>
${facts.rehearsal ? rehearsalNote : ""}
<h2>Talk to it</h2>
<p>The desktop is not built yet. Until then, use a terminal:</p>
<pre><code>matrixos send "make me a habit tracker"
matrixos chat
matrixos history
matrixos undo</code></pre>
<p class="soft">Programs use the REST interface, described at <code>/api/v1/openapi.json</code>, or <code>/v1</code>, which speaks OpenAI’s.</p>`,
  );
}

const rehearsalNote = `<p><strong>No model thinks here yet.</strong> A scripted rehearsal answers, so that everything can be tried.
Set <code>ANTHROPIC_API_KEY</code> (or <code>ANTHROPIC_BASE_URL</code>) and start again for a real one.</p>`;

function toHomeRow(home: string | undefined): string {
  return home === undefined ? "" : `<dt>Home</dt><dd>${escape(home)}</dd>`;
}

const loginReasons = {
  asked: "This browser is not logged in.",
  used: "This link was used already, or it is older than ten minutes.",
  "too-many": "Too many wrong links came from this address. Wait a few minutes.",
};

/** The page of a browser that is not logged in. */
export function toLoginPage(reason: keyof typeof loginReasons): string {
  return toPage(
    "Log in · Matrix OS",
    `<h1>Matrix OS</h1>
<p class="state warn" role="status">${loginReasons[reason]}</p>
<h2>Get a login link</h2>
<p>In a terminal on the machine that runs it:</p>
<pre><code>matrixos link</code></pre>
<p class="soft">Open the link it prints. It works once, within ten minutes, and logs this browser in for 90 days.</p>`,
  );
}

function toPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${pageStyle}</style></head>
<body><main>${body}</main></body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
