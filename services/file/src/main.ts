import { runServices } from "@matrix-os/runtime/run-services";
import { fileService } from "./service.ts";

await runServices("file", [fileService]);
