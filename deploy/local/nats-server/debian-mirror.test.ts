import { expect, test } from "vitest";

import { findKeyring, findMirror, writeSource } from "./debian-mirror.ts";

const uri = "http://mirror.example/debian/";

function indexTarget(fields: Readonly<Record<string, string>>): string {
  const all = {
    "Created-By": "Packages",
    Component: "main",
    "Repo-URI": uri,
    Sourcesentry: "/etc/apt/a.sources:1",
    ...fields,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

test("the main archive is found, other origins, components and the security archive are passed over", () => {
  const targets = [
    indexTarget({ Origin: "Vendor" }),
    indexTarget({ Component: "contrib" }),
    indexTarget({ "Repo-URI": "http://mirror.example/debian-security/" }),
    indexTarget({ Origin: "Debian", Sourcesentry: "/etc/apt/b.sources:12" }),
  ];
  expect(findMirror(targets.join("\n\n"))).toEqual({ uri, sourceFile: "/etc/apt/b.sources" });
  expect(findMirror(targets.slice(0, 3).join("\n\n"))).toBeUndefined();
});

test("without downloaded lists the origin is unknown and the archive is taken", () => {
  expect(findMirror(indexTarget({}))).toEqual({ uri, sourceFile: "/etc/apt/a.sources" });
});

test("the keyring is read from both forms of source list", () => {
  const stanzas =
    "Types: deb\nURIs: http://other.example/\nSigned-By: /other.gpg\n\nTypes: deb\nURIs: http://mirror.example/debian\nSigned-By: /debian.gpg\n";
  expect(findKeyring(stanzas, uri)).toBe("/debian.gpg");
  expect(
    findKeyring("# old\ndeb [arch=amd64 signed-by=/debian.gpg] http://mirror.example/debian trixie main\n", uri),
  ).toBe("/debian.gpg");
  expect(findKeyring("deb http://mirror.example/debian trixie main\n", uri)).toBeUndefined();
});

test("an embedded key is passed on whole", () => {
  const stanza = "URIs: http://mirror.example/debian\nSigned-By:\n -----BEGIN-----\n .\n abc\nComponents: main\n";
  const keyring = findKeyring(stanza, uri);
  expect(keyring).toBe("-----BEGIN-----\n .\n abc");
  expect(writeSource({ uri, sourceFile: "" }, "forky", keyring)).toContain(`Signed-By: ${keyring}\n`);
});

test("without a keyring apt's own trusted keys are left to decide", () => {
  expect(writeSource({ uri, sourceFile: "" }, "forky", undefined)).not.toContain("Signed-By");
});
