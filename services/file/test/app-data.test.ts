import fs from "node:fs";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { queryAppDataRequest } from "@matrix-os/contracts/file/query-app-data.request";
import { useAppStorageRequest } from "@matrix-os/contracts/file/use-app-storage.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { afterEach, beforeEach, expect, it } from "vitest";
import { deletePath } from "../src/on-request/delete.ts";
import { queryAppData } from "../src/on-request/query-app-data.ts";
import { useAppStorage } from "../src/on-request/use-app-storage.ts";
import { write } from "../src/on-request/write.ts";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";

const origin = { actor: "owner" };
let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
  const manifest = { name: "Water", migrations: ["CREATE TABLE drunk (day TEXT, glasses INTEGER)"] };
  await test.put("apps/water/app.json", JSON.stringify(manifest));
});
afterEach(() => test[Symbol.asyncDispose]());

const storage = (operation: object, app = "water") => test.ask(useAppStorageRequest, useAppStorage, { app, operation });
const query = (text: string) =>
  test.ask(queryAppDataRequest, queryAppData, { app: "water", statement: { text, parameters: [] } });

it("keeps an app's values and rows over a restart, without making changes of the home", async () => {
  await storage({ do: "set", key: "k", json: "[1]" });
  await query("INSERT INTO drunk VALUES ('mon', 3)");
  await test.restart();
  expect(await storage({ do: "get", key: "k" })).toEqual({ json: "[1]" });
  expect((await query("SELECT * FROM drunk")).rows).toEqual([{ day: "mon", glasses: 3 }]);
  await test.put("last", "1");
  expect(test.bus.changes.map(({ origin: by }) => by.actor)).toEqual(["owner", "owner"]);
});

it("refuses apps that are not there, manifests that are none, and links", async () => {
  expect((await errorOf(storage({ do: "keys" }, "none"))).code).toBe("not-found");
  await test.put("apps/broken/app.json", "{");
  expect((await errorOf(storage({ do: "keys" }, "broken"))).code).toBe("invalid");
  fs.mkdirSync(test.at("data/water"));
  fs.symlinkSync("/tmp/elsewhere", test.at("data/water/app.sqlite"));
  expect((await errorOf(storage({ do: "keys" }))).code).toBe("denied");
});

it("lets no file request touch the database, and begins anew when it was taken away by hand", async () => {
  await storage({ do: "set", key: "k", json: "1" });
  const path = "data/water/app.sqlite";
  expect((await errorOf(test.ask(writeRequest, write, { path, content: "x", origin }))).code).toBe("denied");
  for (const gone of [path, "data/water", "data"]) {
    expect([gone, (await errorOf(test.ask(deleteRequest, deletePath, { path: gone, origin }))).code]).toEqual([
      gone,
      "denied",
    ]);
  }
  fs.rmSync(test.at("data/water"), { recursive: true });
  expect(await storage({ do: "keys" })).toEqual({ keys: [] });
});
