import { expect, test } from "vitest";
import { z } from "zod";
import { OsError, fromErrorBody, fromZodError, rejected, toErrorBody, toOsError, unavailable } from "../src/errors.ts";

test("an error crosses a process border with its kind, code, field and patience", () => {
  const error = unavailable("busy", "too much at once", { field: "session", retryAfterMs: 500 });
  expect(fromErrorBody(toErrorBody(error))).toMatchObject({
    kind: "unavailable",
    code: "busy",
    message: "too much at once",
    field: "session",
    retryAfterMs: 500,
  });
  expect(toErrorBody(rejected("not-found", "no such file"))).toEqual({
    kind: "rejected",
    code: "not-found",
    message: "no such file",
  });
});

test("what is not one of ours becomes broken, and tells its detail to nobody outside", () => {
  const cause = new TypeError("secret detail");
  const error = toOsError(cause);
  expect(error).toMatchObject({ kind: "broken", code: "internal", message: "secret detail", cause });
  expect(toErrorBody(error).message).not.toContain("secret");
  expect(toOsError("just words").message).toBe("just words");
  expect(toOsError(error)).toBe(error);
  expect(error).toBeInstanceOf(OsError);
});

test("a failed check names the first wrong field, or the body when it is wrong as a whole", () => {
  const schema = z.object({ name: z.object({ first: z.string() }) });
  const wrong = schema.safeParse({ name: { first: 1 } });
  expect(wrong.error && fromZodError(wrong.error)).toMatchObject({ code: "invalid", field: "name.first" });
  const whole = schema.safeParse("text");
  expect(whole.error && fromZodError(whole.error)).toMatchObject({ code: "invalid", field: "body" });
});
