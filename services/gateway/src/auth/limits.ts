/** Every number that bounds what a client may cost. The README has them too. */
export const limits = {
  /** Requests of one address that come without a valid token or cookie. */
  strangerRequests: { perMinute: 3_000, burst: 600 },
  /** Requests for apps' files of one address. */
  appRequests: { perMinute: 12_000, burst: 2_000 },
  /** Requests of the owner's token, or of one browser. */
  ownerRequests: { perMinute: 60_000, burst: 5_000 },
  /** Requests of one token with a name. */
  tokenRequests: { perMinute: 3_000, burst: 600 },
  /** Messages handed in by the owner's token, or by one browser. */
  ownerMessages: { perMinute: 12_000, burst: 2_000 },
  /** Messages handed in by one token with a name. */
  tokenMessages: { perMinute: 120, burst: 30 },
  /** Frames of one socket. */
  socketFrames: { perMinute: 3_000, burst: 300 },
  headerBytes: 16_384,
  bodyBytes: 1_048_576,
  frameBytes: 65_536,
  connections: 2_000,
  /** A request with its body, however steadily it comes. */
  requestMs: 300_000,
  /** What a body must bring in each stretch of `MATRIX_SLOW_CLIENT_MS`. */
  bodyBytesPerStretch: 1_024,
  /** What may wait for a client that reads slowly; then it is cut off. */
  waitingBytes: 1_048_576,
} as const;
