import { DatabaseSync, type SQLInputValue, type StatementSync, constants } from "node:sqlite";
import { rejected } from "@matrix-os/contracts/errors";
import { MAX_ROWS } from "@matrix-os/contracts/file/query-app-data.request";

/** Bytes that one app's database may take. */
export const MAX_DATABASE_BYTES = 52_428_800;
const PAGE_BYTES = 4_096;
const MAX_REPLY_CHARS = 150_000;
const MAX_SQL_BYTES = 100_000;
/** One string, blob or row: the engine's own memory is bounded by nothing else. */
const MAX_VALUE_BYTES = 2_000_000;

/** One SQL statement of an app. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly (string | number | boolean | null)[];
}

/** Rows of a statement, or how many it changed. */
export interface QueryResult {
  readonly rows: Record<string, unknown>[];
  readonly changedRows: number;
  readonly truncated: boolean;
}

/** One operation on the key-value storage. */
export type StorageOperation =
  | { readonly do: "get" | "delete"; readonly key: string }
  | { readonly do: "set"; readonly key: string; readonly json: string }
  | { readonly do: "keys" };

/** The database of one app, held so that nothing it is asked can reach another file or setting. */
export class AppDatabase implements Disposable {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { allowExtension: false, enableForeignKeyConstraints: true });
    this.#database.exec(
      `PRAGMA page_size = ${PAGE_BYTES}; PRAGMA max_page_count = ${MAX_DATABASE_BYTES / PAGE_BYTES};
       PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;
       CREATE TABLE IF NOT EXISTS _storage (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
    );
    this.#database.limits.attach = 0;
    this.#database.limits.sqlLength = MAX_SQL_BYTES;
    this.#database.limits.length = MAX_VALUE_BYTES;
    this.#fence();
  }

  /** Runs the statements that this database has not seen yet, each once, in order, whole or not at all. */
  migrate(migrations: readonly string[]): void {
    this.#database.setAuthorizer(null);
    const done = Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
    for (const [index, text] of migrations.entries()) {
      if (index >= done) this.#migrateOne(text, index + 1);
    }
    this.#fence();
  }

  #migrateOne(text: string, version: number): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      this.#fence();
      this.#database.exec(text);
      this.#database.setAuthorizer(null);
      this.#database.exec(`PRAGMA user_version = ${version}; COMMIT`);
    } catch (cause) {
      this.#database.setAuthorizer(null);
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw rejected("invalid", `migration ${version}: ${toMessage(cause)}`, {
        field: `migrations.${version - 1}`,
        cause,
      });
    }
  }

  /** Runs one statement with its parameters. Errors: `invalid`, `too-large`. */
  query(statement: Statement): QueryResult {
    try {
      return this.#run(this.#database.prepare(statement.text), statement.parameters.map(toInput));
    } catch (cause) {
      throw toStatementError(cause);
    } finally {
      // A statement is a transaction of its own; one left open would lock the app out.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    }
  }

  #run(prepared: StatementSync, parameters: SQLInputValue[]): QueryResult {
    const columns = prepared.columns();
    if (columns.length === 0) {
      const { changes } = prepared.run(...parameters);
      return { rows: [], changedRows: Number(changes), truncated: false };
    }
    const rows: Record<string, unknown>[] = [];
    let chars = 0;
    for (const row of prepared.iterate(...parameters)) {
      const plain = toPlainRow(row);
      chars += JSON.stringify(plain).length;
      if (rows.length === MAX_ROWS || chars > MAX_REPLY_CHARS) return { rows, changedRows: 0, truncated: true };
      rows.push(plain);
    }
    return { rows, changedRows: 0, truncated: false };
  }

  /** Reads or writes the key-value storage. Errors: `too-large`. */
  storage(operation: StorageOperation): { json?: string; keys?: string[] } {
    try {
      return this.#operate(operation);
    } catch (cause) {
      throw toStatementError(cause);
    }
  }

  #operate(operation: StorageOperation): { json?: string; keys?: string[] } {
    switch (operation.do) {
      case "get": {
        const row = this.#database.prepare("SELECT json FROM _storage WHERE key = ?").get(operation.key);
        return row === undefined ? {} : { json: String(row["json"]) };
      }
      case "set":
        this.#database.prepare("INSERT OR REPLACE INTO _storage VALUES (?, ?)").run(operation.key, operation.json);
        return {};
      case "delete":
        this.#database.prepare("DELETE FROM _storage WHERE key = ?").run(operation.key);
        return {};
      case "keys":
        return {
          keys: this.#database
            .prepare("SELECT key FROM _storage ORDER BY key")
            .all()
            .map((row) => String(row["key"])),
        };
      default:
        return operation satisfies never;
    }
  }

  /** From here on no statement reaches another database or the engine's settings. */
  #fence(): void {
    this.#database.setAuthorizer((action, name) => {
      if (forbiddenActions.has(action)) return constants.SQLITE_DENY;
      if (action === constants.SQLITE_FUNCTION && name === "load_extension") return constants.SQLITE_DENY;
      return constants.SQLITE_OK;
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

const forbiddenActions = new Set([constants.SQLITE_ATTACH, constants.SQLITE_DETACH, constants.SQLITE_PRAGMA]);

function toInput(value: string | number | boolean | null): SQLInputValue {
  return typeof value === "boolean" ? Number(value) : value;
}

function toPlainRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toPlainValue(value)]));
}

function toPlainValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return typeof value === "bigint" ? Number(value) : value;
}

function toStatementError(cause: unknown): Error {
  const message = toMessage(cause);
  if (message.includes("full"))
    return rejected("too-large", `the app's data may take ${MAX_DATABASE_BYTES} bytes`, { cause });
  if (message.includes("not authorized"))
    return rejected("denied", "an app reaches only its own data", { field: "statement", cause });
  return rejected("invalid", `statement: ${message}`, { field: "statement", cause });
}

function toMessage(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
