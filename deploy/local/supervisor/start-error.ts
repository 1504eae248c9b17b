/** Why the system did not start, in words that the owner can act on. */
export class StartError extends Error {
  override readonly name = "StartError";
}
