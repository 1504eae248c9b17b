import { expect, test } from "vitest";
import { toRouteUrl } from "../src/api/route.ts";
import { deleteRequest } from "../src/file/delete.request.ts";
import { listRequest } from "../src/file/list.request.ts";
import { readRequest } from "../src/file/read.request.ts";
import { searchRequest } from "../src/file/search.request.ts";
import { undoRequest } from "../src/file/undo.request.ts";
import { writeRequest } from "../src/file/write.request.ts";

const origin = { actor: "kernel", session: "s_1", turn: "t_1" };

test("what the model leaves out gets the default that its description promises", () => {
  expect(listRequest.tool?.toRequest({}, origin)).toMatchObject({ path: "", depth: 1 });
  expect(listRequest.tool?.toRequest({ path: "apps", depth: 3 }, origin)).toMatchObject({ path: "apps", depth: 3 });
  expect(readRequest.tool?.toRequest({ path: "a.md" }, origin)).toMatchObject({ path: "a.md", offset: 0 });
  expect(readRequest.tool?.toRequest({ path: "a.md", offset: 9 }, origin)).toMatchObject({ offset: 9 });
  expect(searchRequest.tool?.toRequest({ query: "milk" }, origin)).toMatchObject({ path: "" });
  expect(undoRequest.tool?.toRequest({}, origin)).toMatchObject({ direction: "undo" });
});

test("the model reads whether there is more, or nothing", () => {
  const list = { ...listRequest.example.reply, entries: [], truncated: false };
  expect(listRequest.tool?.toText(list)).toBe("(empty)");
  const entry = listRequest.example.reply.entries[0];
  if (entry === undefined) throw new Error("the example has no entry");
  const more = { ...list, entries: [{ ...entry, path: "apps", type: "folder" as const }], truncated: true };
  expect(listRequest.tool?.toText(more)).toBe("apps/\n[more entries left out]");
  expect(searchRequest.tool?.toText({ ...searchRequest.example.reply, matches: [] })).toContain("no match");
  const part = { ...readRequest.example.reply, content: "abc", truncated: true, sizeBytes: 900 };
  expect(readRequest.tool?.toText(part)).toMatch(/^abc\n\[part of 900 bytes/);
  const written = writeRequest.example.reply;
  expect(writeRequest.tool?.toText({ ...written, created: true })).toMatch(/^created /);
  expect(writeRequest.tool?.toText({ ...written, created: false })).toMatch(/^replaced /);
});

test("people read one short line, and nothing when the arguments are wrong", () => {
  expect(listRequest.tool?.toLabel({})).toBe("~");
  expect(undoRequest.tool?.toLabel({ direction: "redo" })).toBe("bring back the newest undone change");
  expect(undoRequest.tool?.toLabel({})).toBe("the newest change");
  expect(deleteRequest.tool?.toLabel({ path: 7 })).toBe("");
});

test("a route's address needs each of its parameters", () => {
  expect(toRouteUrl({ path: "/a/:id/*" }, { params: { id: "x y", "*": "b/c d" } })).toBe("/a/x%20y/b/c%20d");
  expect(toRouteUrl({ path: "/a/*" }, {})).toBe("/a/");
  expect(() => toRouteUrl({ path: "/a/:id" }, {})).toThrow(/:id/);
});
