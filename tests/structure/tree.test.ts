import { describe, expect, test } from "vitest";

import { checkDocComments, countExports } from "./rules/doc-comments.ts";
import { checkEnvironment } from "./rules/environment.ts";
import { checkFlowPaths, findPaths } from "./rules/flow-paths.ts";
import { checkNames } from "./rules/names.ts";
import { checkPackageImports } from "./rules/package-imports.ts";
import { checkSecretComparison, countComparisons } from "./rules/secret-comparison.ts";
import { checkServiceImports } from "./rules/service-imports.ts";
import { checkServiceReadme } from "./rules/service-readme.ts";
import { checkSizes } from "./rules/sizes.ts";
import { checkSubjects } from "./rules/subjects.ts";
import { isTest, type Problem } from "./source-file.ts";
import { exists, readPackages, readText, readTree } from "./tree.ts";

const files = readTree();
const packages = readPackages();
// From here on there is a walk to tell: gateway, dispatcher, kernel and file stand.
const coreServices = 4;
const services = files.filter(({ path }) => /^services\/[^/]+\/src\/service\.ts$/.test(path));
const shaped = services.map(({ path }) => path.replace(/service\.ts$/, ""));
const published = files.filter(({ path }) => /^(contracts|libs|services)\//.test(path) && !isTest(path));

function tell(problems: readonly Problem[]): string[] {
  return problems.map(({ path, line, message }) => `${path}:${line} ${message}`);
}

describe("the checks see the tree", () => {
  test("files of every layer are read", () => {
    expect(files.length).toBeGreaterThanOrEqual(60);
    for (const layer of ["contracts/", "deploy/", "tests/"]) {
      expect(files.filter(({ path }) => path.startsWith(layer)).length, layer).toBeGreaterThanOrEqual(10);
    }
    expect(packages.length).toBeGreaterThanOrEqual(10);
  });

  test("imports and exports are found in them", () => {
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThanOrEqual(100);
    expect(published.reduce((sum, file) => sum + countExports(file), 0)).toBeGreaterThanOrEqual(40);
  });

  test("every file can be parsed", () => {
    expect(files.filter(({ syntaxErrors }) => syntaxErrors.length > 0).map(({ path }) => path)).toEqual([]);
  });
});

describe("the tree", () => {
  test("contracts ← libs ← services ← deploy ← tests, never service to service", () => {
    expect(tell(files.flatMap((file) => checkPackageImports(file, packages)))).toEqual([]);
  });

  test("inside a service: main → service → on-* → nouns, deps → technology", () => {
    const inside = files.filter(({ path }) => shaped.some((folder) => path.startsWith(folder)));
    expect(inside.length).toBeGreaterThanOrEqual(services.length);
    expect(tell(inside.flatMap((file) => checkServiceImports(file)))).toEqual([]);
  });

  test("files, functions and parameter lists are small", () => {
    expect(tell(files.flatMap((file) => checkSizes(file)))).toEqual([]);
  });

  test("subjects stand in contracts only", () => {
    expect(tell(files.flatMap((file) => checkSubjects(file)))).toEqual([]);
  });

  test("the environment is read in config.ts only", () => {
    expect(tell(files.flatMap((file) => checkEnvironment(file)))).toEqual([]);
  });

  test("secrets are compared in constant time, in one place", () => {
    expect(files.reduce((sum, file) => sum + countComparisons(file), 0)).toBeGreaterThanOrEqual(300);
    expect(tell(files.flatMap((file) => checkSecretComparison(file)))).toEqual([]);
  });

  test("names say something", () => {
    expect(tell(files.flatMap((file) => checkNames(file)))).toEqual([]);
  });

  test("every export of contracts, libs and services carries its promise", () => {
    expect(tell(published.flatMap((file) => checkDocComments(file)))).toEqual([]);
  });

  test("every service's README tells what it hears and says", () => {
    const problems = services.map((service) =>
      checkServiceReadme(service, readText(service.path.replace("src/service.ts", "README.md"))),
    );
    expect(tell(problems.flat())).toEqual([]);
  });

  test("the README's promises name tests that are there", () => {
    const paths = findPaths(readText("README.md"));
    expect(paths.filter((path) => path.startsWith("tests/")).length).toBeGreaterThanOrEqual(8);
    expect(paths.filter((path) => !exists(path))).toEqual([]);
  });

  test("docs/flow.md names only what is there", () => {
    const page = readText("docs/flow.md");
    if (services.length >= coreServices)
      expect(findPaths(page).length, "paths in docs/flow.md").toBeGreaterThanOrEqual(8);
    expect(tell(checkFlowPaths(page, exists))).toEqual([]);
  });
});
