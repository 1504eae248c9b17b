import { runServices } from "@matrix-os/runtime/run-services";
import { rehearsalService } from "./service.ts";

await runServices("rehearsal", [rehearsalService]);
