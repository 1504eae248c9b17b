import type { AppChange } from "../understand/intent.ts";
import { readableOn, textOn } from "./colour.ts";

/** The style sheet that carries an app's changed appearance. */
export const themeFileName = "matrix-theme.css";

/** What has been asked for so far. */
export interface ThemeSettings {
  theme?: "dark" | "light";
  accent?: string;
  /** In percent. */
  textSize?: number;
}

type AppearanceChange = Extract<AppChange, { kind: "theme" | "accent" | "text-size" }>;

const textSizeStep = 15;
const textSizeRange = { least: 70, most: 190 };

/** Settings read back from a style sheet this module wrote; anything else has none. */
export function readThemeSettings(css: string): ThemeSettings {
  const line = /^\/\* matrix-theme (\{.*?\}) \*\/$/m.exec(css)?.[1];
  try {
    return line ? (JSON.parse(line) as ThemeSettings) : {};
  } catch {
    return {};
  }
}

/** The settings after one more change. */
export function withChange(settings: ThemeSettings, change: AppearanceChange): ThemeSettings {
  switch (change.kind) {
    case "theme":
      return { ...settings, theme: change.theme };
    case "accent":
      return { ...settings, accent: change.colour };
    case "text-size": {
      const step = change.direction === "bigger" ? textSizeStep : -textSizeStep;
      const size = (settings.textSize ?? 100) + step;
      return { ...settings, textSize: Math.min(textSizeRange.most, Math.max(textSizeRange.least, size)) };
    }
  }
}

/** A style sheet for one of our own apps: it only sets the variables that the app's design is made of. */
export function ownThemeStyle(settings: ThemeSettings): string {
  const { accent, textSize } = settings;
  const rules = [accent && ownAccentRules(accent), textSize && `html {\n  font-size: ${textSize}%;\n}\n`];
  return header(settings) + rules.filter(Boolean).join("\n");
}

/** A style sheet that makes a page of unknown build look as asked, whatever its own styles say. */
export function foreignThemeStyle(settings: ThemeSettings): string {
  const { theme, accent, textSize } = settings;
  const surface = theme === "dark" ? "#17191d" : "#ffffff";
  const rules = [
    theme && paletteRules(theme),
    accent && accentRules(readableOn(accent, surface)),
    textSize && `body {\n  zoom: ${textSize / 100};\n}\n`,
  ];
  return header(settings) + rules.filter(Boolean).join("\n");
}

function header(settings: ThemeSettings): string {
  return `/* matrix-theme ${JSON.stringify(settings)} */\n\n`;
}

/** Our apps show the accent on a white surface, and on this one when dark. */
function ownAccentRules(accent: string): string {
  const [light, dark] = [readableOn(accent, "#ffffff"), readableOn(accent, "#262a32")];
  return `:root {\n  --accent: light-dark(${light}, ${dark});\n  --on-accent: light-dark(${textOn(light)}, ${textOn(dark)});\n}\n`;
}

function paletteRules(theme: "dark" | "light"): string {
  const [page, raised, text, line, link] =
    theme === "dark"
      ? ["#17191d", "#22252b", "#e9eaee", "#3d424c", "#8ab4f8"]
      : ["#ffffff", "#f4f5f7", "#1c1e22", "#c9ccd3", "#0b57d0"];
  return `:root {
  color-scheme: ${theme};
}

html,
body {
  background: ${page} !important;
  color: ${text} !important;
}

body :where(*):not(button, input, select, textarea, option, img, svg, svg *, canvas, video, a) {
  background-color: transparent !important;
  color: inherit !important;
  border-color: ${line} !important;
}

body :where(dialog, [role='dialog'], pre, code, th) {
  background-color: ${raised} !important;
}

button,
input,
select,
textarea {
  background-color: ${raised} !important;
  color: ${text} !important;
  border-color: ${line} !important;
}

a {
  color: ${link} !important;
}
`;
}

function accentRules(colour: string): string {
  return `:root {
  --accent: ${colour} !important;
  --accent-color: ${colour} !important;
  --primary: ${colour} !important;
  --primary-color: ${colour} !important;
  --color-primary: ${colour} !important;
  accent-color: ${colour};
}

button,
input[type='submit'],
input[type='button'] {
  background-color: ${colour} !important;
  border-color: ${colour} !important;
  color: ${textOn(colour)} !important;
}

a {
  color: ${colour} !important;
}

:focus-visible {
  outline-color: ${colour} !important;
}
`;
}
