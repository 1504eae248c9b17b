const named: Record<string, string> = {
  teal: "#0d9488",
  green: "#16a34a",
  emerald: "#059669",
  lime: "#65a30d",
  olive: "#6b7a1e",
  blue: "#2563eb",
  navy: "#1e3a8a",
  sky: "#0284c7",
  cyan: "#0891b2",
  turquoise: "#0f9f9a",
  indigo: "#4f46e5",
  violet: "#7c3aed",
  purple: "#9333ea",
  lavender: "#8b7fd6",
  magenta: "#c026d3",
  pink: "#db2777",
  rose: "#e11d48",
  red: "#dc2626",
  crimson: "#b91c3c",
  maroon: "#7f1d1d",
  coral: "#f26b50",
  orange: "#ea580c",
  amber: "#d97706",
  yellow: "#ca8a04",
  gold: "#b8860b",
  brown: "#92400e",
  grey: "#6b7280",
  gray: "#6b7280",
};

type Rgb = [number, number, number];

/** Whether a word is a colour this model knows: a common name or `#rgb` / `#rrggbb`. */
export function isColour(word: string): boolean {
  return word in named || /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(word);
}

/** The colour, moved towards black or white until it has a contrast of at least 4.5 : 1 against the background. */
export function readableOn(colour: string, background: string): string {
  const target: Rgb = luminance(toRgb(background)) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  let rgb = toRgb(named[colour] ?? colour);
  for (let step = 0; step < 20 && contrast(rgb, toRgb(background)) < 4.6; step++) rgb = mix(rgb, target);
  return toHex(rgb);
}

/** Black or white, whichever is easier to read on the colour. */
export function textOn(colour: string): "#000000" | "#ffffff" {
  return contrast(toRgb(colour), [255, 255, 255]) >= contrast(toRgb(colour), [0, 0, 0]) ? "#ffffff" : "#000000";
}

function toRgb(hex: string): Rgb {
  const digits = hex.length === 4 ? hex.slice(1).replace(/./g, "$&$&") : hex.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb;
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

function mix(from: Rgb, to: Rgb): Rgb {
  return from.map((channel, index) => channel + ((to[index] ?? channel) - channel) * 0.1) as Rgb;
}

/** Relative luminance, WCAG 2.2. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(left: Rgb, right: Rgb): number {
  const [high = 0, low = 0] = [luminance(left), luminance(right)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}
