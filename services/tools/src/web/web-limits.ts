/** Every bound of reading the web. */
export const webLimits = {
  /** From the first name that is resolved to the last byte, over all redirects. */
  wholeMs: 15_000,
  redirects: 3,
  /** Of a body, as it comes and as it is when unpacked. */
  bodyBytes: 10_485_760,
  headerBytes: 32_768,
  /** Of HTML that is made readable; the rest is left out. */
  htmlChars: 3_000_000,
  /** For making a page readable, in a thread of its own. */
  readableMs: 8_000,
  readableMiB: 256,
  textChars: 2_000_000,
  /** Of one reply. */
  shownChars: 30_000,
  shownLinks: 100,
  linkChars: 500,
  titleChars: 300,
  atOnce: 6,
  searchResults: 10,
  extractChars: 600,
} as const;
