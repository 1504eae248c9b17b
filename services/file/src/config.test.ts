import { ConfigError } from "@matrix-os/runtime/env";
import { expect, it } from "vitest";
import { readFileConfig } from "./config.ts";

it("puts home and state below the user's own directory", () => {
  expect(readFileConfig({ HOME: "/u" })).toMatchObject({
    home: "/u/matrix-os",
    stateDir: "/u/.local/state/matrix-os",
    maxUploadBytes: 104_857_600,
  });
  expect(readFileConfig({ HOME: "/u", XDG_STATE_HOME: "/x", MATRIX_HOME: "/h", MATRIX_DEVICE: "d" })).toMatchObject({
    home: "/h",
    stateDir: "/x/matrix-os",
    device: "d",
  });
  expect(readFileConfig({ MATRIX_STATE: "/s" }).stateDir).toBe("/s");
  expect(readFileConfig({}).device).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
});

it("names every wrong key", () => {
  expect(() => readFileConfig({ MATRIX_DEVICE: "a b", MATRIX_MAX_UPLOAD_BYTES: "-1" })).toThrow(ConfigError);
});
