import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const PATIENCE_MS = 30_000;

/** Looks again and again until it is so. */
export function eventually<Value>(look: () => Promise<Value> | Value): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(look, { timeout: PATIENCE_MS });
}

/** Writes a message and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Message" }).last();
  await field.fill(text);
  await field.press("Enter");
}

/** What axe finds wrong with the page as it is. */
export async function findViolations(page: Page): Promise<string[]> {
  // The shell's own policy allows no foreign script; the debugger may evaluate one.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ iframes: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}
