import { toSafeName, toSafeText } from "./sanitise.ts";

type Painter = (text: string) => string;

/** How the output may look. Rendering functions use only this, so that they stay pure. */
export interface Paint {
  readonly bold: Painter;
  readonly dim: Painter;
  readonly red: Painter;
  readonly green: Painter;
  readonly yellow: Painter;
  readonly cyan: Painter;
  /** Makes foreign text of several lines fit for the output. */
  readonly text: Painter;
  /** Makes a foreign name fit for one line of the output. */
  readonly name: Painter;
  /** A symbol with the space behind it; nothing when the output is no terminal. */
  readonly symbol: Painter;
}

const unchanged: Painter = (text) => text;

/** A terminal gets symbols, harmless text and, if wanted, colours; a file or pipe gets everything exactly as it is. */
export function createPaint(output: { readonly isTerminal: boolean; readonly colours: boolean }): Paint {
  const colour = (open: number, close: number): Painter =>
    output.isTerminal && output.colours ? (text) => `\u001b[${open}m${text}\u001b[${close}m` : unchanged;
  return {
    bold: colour(1, 22),
    dim: colour(2, 22),
    red: colour(31, 39),
    green: colour(32, 39),
    yellow: colour(33, 39),
    cyan: colour(36, 39),
    text: output.isTerminal ? toSafeText : unchanged,
    name: output.isTerminal ? toSafeName : unchanged,
    symbol: output.isTerminal ? (symbol) => `${symbol} ` : () => "",
  };
}
