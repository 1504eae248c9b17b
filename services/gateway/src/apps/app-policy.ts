/** Where an app lives, and who may show it. */
export interface AppPlace {
  /** `http://localhost:4400/a/<token>/`; nothing outside it is loaded. */
  readonly base: string;
  readonly shellOrigins: Iterable<string>;
}

/** Powers of a browser that no app gets. A name that Chromium does not know would be an error in its console. */
const deniedFeatures = [
  "accelerometer",
  "autoplay",
  "browsing-topics",
  "camera",
  "clipboard-read",
  "clipboard-write",
  "compute-pressure",
  "cross-origin-isolated",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "identity-credentials-get",
  "idle-detection",
  "keyboard-map",
  "local-fonts",
  "local-network-access",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-create",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "storage-access",
  "usb",
  "window-management",
  "xr-spatial-tracking",
];

/** Headers of everything under an app's address, files and failures alike. */
export const appHeaders = {
  "access-control-allow-origin": "*",
  "cache-control": "no-store",
  // The frame's origin is opaque: to its own server it is a stranger.
  "cross-origin-resource-policy": "cross-origin",
  "permissions-policy": deniedFeatures.map((name) => `${name}=()`).join(", "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
} as const;

/** The policy of an app's pages: its own files, no other place, and markup only past the page's Trusted Types rule. */
export function toAppPolicy({ base, shellOrigins }: AppPlace): string {
  return [
    "sandbox allow-scripts allow-forms",
    "default-src 'none'",
    `script-src ${base} 'unsafe-inline' 'wasm-unsafe-eval'`,
    `style-src ${base} 'unsafe-inline'`,
    `img-src ${base} data: blob:`,
    `font-src ${base} data:`,
    `media-src ${base} data: blob:`,
    "connect-src 'none'",
    "frame-src 'none'",
    "worker-src 'none'",
    "object-src 'none'",
    "manifest-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
    toFrameAncestors(shellOrigins),
  ].join("; ");
}

/** The policy of everything that is not a page. Shown as a document (an SVG, an XML file), it runs nothing: the page's first script would be missing there. */
export function toInertPolicy({ shellOrigins }: AppPlace): string {
  return `sandbox; default-src 'none'; style-src 'unsafe-inline'; ${toFrameAncestors(shellOrigins)}`;
}

/** An IPv6 address can't stand in a policy. */
function toFrameAncestors(origins: Iterable<string>): string {
  return `frame-ancestors ${[...origins].filter((origin) => !origin.includes("[")).join(" ")}`;
}
