import { runServices } from "@matrix-os/runtime/run-services";
import { dispatcherService } from "./service.ts";

await runServices("dispatcher", [dispatcherService]);
