import { runServices } from "@matrix-os/runtime/run-services";
import { vaultService } from "./service.ts";

await runServices("vault", [vaultService]);
