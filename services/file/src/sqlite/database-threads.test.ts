import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MAX_DATABASE_BYTES } from "./app-database.ts";
import { DatabaseThreads } from "./database-threads.ts";

let folder = "";
let threads: DatabaseThreads;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "matrix-sqlite-"));
  threads = new DatabaseThreads();
});

afterEach(async () => {
  await threads[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function query(text: string, parameters: (string | number | null)[] = [], migrations: string[] = []): Promise<unknown> {
  const place = { path: join(folder, "app.sqlite"), migrations };
  return threads.run("app", place, { do: "query", statement: { text, parameters } });
}

function storage(operation: object): Promise<unknown> {
  const place = { path: join(folder, "app.sqlite"), migrations: [] };
  return threads.run("app", place, { do: "storage", operation: operation as { do: "keys" } });
}

describe("an app's own database", () => {
  test("keeps rows, answers them and counts changes", async () => {
    await query("CREATE TABLE days (day TEXT, glasses INTEGER)");
    expect(await query("INSERT INTO days VALUES (?, ?), (?, ?)", ["mon", 3, "tue", null])).toMatchObject({
      changedRows: 2,
    });
    expect(await query("SELECT * FROM days ORDER BY day")).toEqual({
      rows: [
        { day: "mon", glasses: 3 },
        { day: "tue", glasses: null },
      ],
      changedRows: 0,
      truncated: false,
    });
  });

  test("values never become part of the statement", async () => {
    await query("CREATE TABLE notes (text TEXT)");
    const nasty = "'); DROP TABLE notes; --";
    await query("INSERT INTO notes VALUES (?)", [nasty]);
    expect(await query("SELECT text FROM notes")).toMatchObject({ rows: [{ text: nasty }] });
  });

  test("migrations run once each, in order; a broken one changes nothing and is named", async () => {
    const first = ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1)"];
    expect(await query("SELECT count(*) AS n FROM a", [], first)).toMatchObject({ rows: [{ n: 1 }] });
    expect(await query("SELECT count(*) AS n FROM a", [], [...first, "INSERT INTO a VALUES (2)"])).toMatchObject({
      rows: [{ n: 2 }],
    });
    await expect(
      query("SELECT 1", [], [...first, "INSERT INTO a VALUES (2)", "INSERT INTO a VALUES (3); nonsense"]),
    ).rejects.toMatchObject({
      code: "invalid",
      field: "migrations.3",
    });
    expect(await query("SELECT count(*) AS n FROM a", [], [...first, "INSERT INTO a VALUES (2)"])).toMatchObject({
      rows: [{ n: 2 }],
    });
  });

  test("survives being opened again", async () => {
    await storage({ do: "set", key: "days", json: "[1]" });
    await threads[Symbol.asyncDispose]();
    threads = new DatabaseThreads();
    expect(await storage({ do: "get", key: "days" })).toEqual({ json: "[1]" });
    expect(await storage({ do: "keys" })).toEqual({ keys: ["days"] });
    await storage({ do: "delete", key: "days" });
    expect(await storage({ do: "get", key: "days" })).toEqual({});
  });
});

describe("what an app can't do", () => {
  test.each([
    ["attach another file", "ATTACH DATABASE '/tmp/other.sqlite' AS other"],
    ["change the engine", "PRAGMA journal_mode = DELETE"],
    ["read the engine's settings", "PRAGMA database_list"],
    ["write a copy elsewhere", "VACUUM INTO '/tmp/stolen.sqlite'"],
    ["load code", "SELECT load_extension('/tmp/evil.so')"],
  ])("%s", async (_name, text) => {
    await expect(query(text)).rejects.toMatchObject({ kind: "rejected" });
  });

  test("reach another file through a pragma function", async () => {
    writeFileSync(join(folder, "other"), "secret");
    await expect(query("SELECT * FROM pragma_database_list")).rejects.toMatchObject({ kind: "rejected" });
    await expect(query("SELECT readfile(?)", [join(folder, "other")])).rejects.toMatchObject({ code: "invalid" });
  });

  test("run for ever: the statement is ended, the next one works", async () => {
    const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    await expect(query(endless)).rejects.toMatchObject({ code: "timed-out" });
    expect(await query("SELECT 1 AS one")).toMatchObject({ rows: [{ one: 1 }] });
  });

  test("lock itself out with a transaction left open", async () => {
    await query("CREATE TABLE t (x)");
    await query("BEGIN").catch(() => undefined);
    await query("INSERT INTO t VALUES (1)");
    expect(await query("SELECT count(*) AS n FROM t")).toMatchObject({ rows: [{ n: 1 }] });
  });

  test("answer more rows than fit, or fill the disk", async () => {
    await query("CREATE TABLE big (x TEXT)");
    const many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n";
    expect(await query(many)).toMatchObject({ truncated: true });
    const filler = "INSERT INTO big VALUES (hex(zeroblob(900000)))";
    const fill = async () => {
      for (let written = 0; written <= MAX_DATABASE_BYTES; written += 1_800_000) await query(filler);
    };
    await expect(fill()).rejects.toMatchObject({ code: "too-large" });
    expect(await query("SELECT count(*) > 0 AS some FROM big")).toMatchObject({ rows: [{ some: 1 }] });
  });
});
