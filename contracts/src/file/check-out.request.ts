import { z } from "zod";
import { defineRequest } from "../define.ts";
import { homePath, origin, token } from "../values.ts";

/** Entries of a folder that may go out to a command, or come back from one. */
export const MAX_WORKSPACE_ENTRIES = 50_000;
/** Bytes of a folder that may go out or come back. */
export const MAX_WORKSPACE_BYTES = 2_147_483_648;
/** Folders below each other, counted from the checked-out one. */
export const MAX_WORKSPACE_DEPTH = 100;

/** A folder of the home; it need not exist yet. */
const request = z.object({ folder: homePath, origin });

const reply = z.object({
  /** The copy stands in `work/<workspace>/files` of the state directory; equal folders share one. */
  workspace: token,
  files: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
});

/**
 * Makes or refreshes a copy of a folder for commands, which never see the home. What commands made beside the files of the home
 * (`node_modules`, `.git`) stays between check-outs; what they left in files and was not checked in is replaced by the home's.
 * Left out: the apps' databases `data/<app>/app.sqlite*`, `node_modules`, nested `.git`, special and unreadable files. At most
 * 50,000 entries, 2 GiB, 100 folders deep. Errors: `denied` (`system`, `agents`, `skills`, `.matrix`, links), `not-a-folder`, `too-large`.
 */
export const checkOutRequest = defineRequest({
  id: "file.request.check-out",
  summary: "Copy a folder of the home to where commands work on it",
  timeoutMs: 120_000,
  request,
  reply,
  example: {
    request: { folder: "apps/water", origin: { actor: "kernel" } },
    reply: { workspace: "w_0f1e2d3c4b5a69788796a5b4", files: 7, bytes: 8_192 },
  },
});
