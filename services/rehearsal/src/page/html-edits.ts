import { slugOf } from "../understand/wording.ts";
import { replaceSpan } from "./replacement.ts";
import type { Replacement } from "./replacement.ts";

/** Our own apps say so in their head; they know `data-theme`, the colour variables and `data-extra` fields. */
export function isOwnApp(html: string): boolean {
  return /<meta name="generator" content="matrix-rehearsal"/.test(html);
}

/** Sets `data-theme` on the root element. Nothing to do gives no edits. */
export function themeEdits(html: string, theme: "dark" | "light"): Replacement[] {
  const root = /<html\b[^>]*>/i.exec(html);
  if (!root) return [];
  const bare = root[0].replace(/\s+data-theme="[^"]*"/i, "");
  const text = `${bare.slice(0, -1)} data-theme="${theme}">`;
  return text === root[0] ? [] : [replaceSpan(html, { start: root.index, end: root.index + root[0].length, text })];
}

/** Links a style sheet at the end of the head, so that it wins. Nothing to do gives no edits. */
export function styleSheetEdits(html: string, href: string): Replacement[] {
  if (html.includes(`href="${href}"`)) return [];
  const link = `<link rel="stylesheet" href="${href}">\n`;
  const at = firstPosition(html, [/<\/head\s*>/i, /<body\b/i, /(?<=<html\b[^>]*>)/i, /(?<=<!doctype[^>]*>)/i, /^/]);
  return [replaceSpan(html, { start: at, end: at, text: link })];
}

/** Renames the page: its title and the words of its first main heading. */
export function renameEdits(html: string, name: string): Replacement[] {
  const text = escapeHtml(name);
  const spans = [/(?<=<title\b[^>]*>)[^<]*(?=<)/i, /(?<=<h1\b[^>]*>(?:\s*<[^>]+>)*\s*)[^<>]*\S[^<>]*(?=<)/i];
  const found = spans.flatMap((pattern) => pattern.exec(html) ?? []);
  return found.length === 0
    ? []
    : spans.flatMap((pattern) => {
        const match = pattern.exec(html);
        return match && match[0] !== text
          ? [replaceSpan(html, { start: match.index, end: match.index + match[0].length, text })]
          : [];
      });
}

/** Adds a labelled input before the submit button of the first form, or where the page's controls are. */
export function fieldEdits(html: string, label: string): Replacement[] {
  const name = `extra-${slugOf(label) || "field"}`;
  if (html.includes(`name="${name}"`)) return [];
  const [type, more] = inputTypeFor(label);
  const text = escapeHtml(label);
  const field = `<label class="field"><span>${text}</span> <input type="${type}" name="${name}" data-extra="${text}"${more}></label>\n`;
  const at = fieldPosition(html);
  return [replaceSpan(html, { start: at, end: at, text: field })];
}

/** Text made safe for HTML content and attributes. */
function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function fieldPosition(html: string): number {
  const form = /<form\b[^>]*>.*?<\/form\s*>/is.exec(html);
  if (!form) {
    return firstPosition(html, [
      /<!-- more fields -->/,
      /<button\b/i,
      /(?<=<input\b[^>]*>)/i,
      /<\/main\s*>/i,
      /<\/body\s*>/i,
      /$/,
    ]);
  }
  const submit = [
    /<!-- more fields -->/,
    /<(?:button|input)\b[^>]*type=["']?submit/i,
    /<button\b(?![^>]*type=["']?(?:button|reset))/i,
    /<\/form\s*>/i,
  ];
  return form.index + firstPosition(form[0], submit);
}

function inputTypeFor(label: string): [type: string, more: string] {
  if (/\b(?:date|day|deadline|birthday|datum)\b/i.test(label)) return ["date", ""];
  if (/\b(?:amount|price|cost|number|quantity|count|minutes|hours|weight|calories|rating|age|betrag)\b/i.test(label))
    return ["number", ' step="any"'];
  if (/\bemail\b/i.test(label)) return ["email", ""];
  return ["text", ""];
}

function firstPosition(text: string, patterns: RegExp[]): number {
  const positions = patterns.map((pattern) => text.search(pattern));
  return positions.find((position) => position >= 0) ?? text.length;
}
