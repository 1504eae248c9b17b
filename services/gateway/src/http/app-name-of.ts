import { appName } from "@matrix-os/contracts/app/manifest";
import { fromZodError } from "@matrix-os/contracts/errors";
import { z } from "zod";

const parameters = z.object({ app: appName });

/** The app that a route's address names. Errors: `invalid` (field `app`). */
export function readAppName(params: Readonly<Record<string, string>>): string {
  const parsed = parameters.safeParse(params);
  if (!parsed.success) throw fromZodError(parsed.error);
  return parsed.data.app;
}
