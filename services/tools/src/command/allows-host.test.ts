import { expect, test } from "vitest";
import { readCommandsFile } from "@matrix-os/contracts/policy/commands-file";
import { allowsHost } from "./allows-host.ts";

test("without a file, and with one that can't be understood, nothing is allowed", () => {
  expect(readCommandsFile(undefined)).toEqual({ hosts: [] });
  for (const text of ["{", '{"network":{"allow":["*"]}}', '{"network":{"allow":["Example.org"]}}', '{"net":{}}']) {
    expect(readCommandsFile(text)).toEqual({
      hosts: [],
      problem: expect.stringContaining("system/policy/commands.json"),
    });
  }
});

test("the listed hosts are allowed, a star stands for names below", () => {
  const { hosts } = readCommandsFile('{"network":{"allow":["example.org","*.wild.org"]}}');
  const names = [
    "example.org",
    "EXAMPLE.org",
    "a.example.org",
    "wild.org",
    "a.wild.org",
    "awild.org",
    "example.org.evil.net",
  ];
  expect(names.filter((name) => allowsHost(hosts, name))).toEqual(["example.org", "EXAMPLE.org", "a.wild.org"]);
});
