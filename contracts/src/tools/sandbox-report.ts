import { z } from "zod";

/**
 * How commands are confined here. `level`: `bubblewrap` (namespaces, seccomp, limits), `unconfined` (the owner forced it),
 * `none` (commands are refused).
 */
export const sandboxReport = z.object({
  level: z.enum(["bubblewrap", "unconfined", "none"]),
  /** Sentences: what holds, what was tried, what is weaker than it could be. */
  why: z.array(z.string()),
  /** What would help; not set when nothing is missing. */
  remedy: z.string().optional(),
});

/** How commands are confined here. */
export type SandboxReport = z.infer<typeof sandboxReport>;
