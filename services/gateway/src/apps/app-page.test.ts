import { describe, expect, test } from "vitest";
import { toAppPage } from "./app-page.ts";

const START = "<!doctype html><script>lock()</script><script>client()</script>";
const served = (html: string) => toAppPage(html, ["lock()", "client()"]).slice(START.length);

test("our scripts stand before everything, wherever the page says that its head is", () => {
  for (const html of ["<!doctype html><head>", "<!-- <head> --><script>first()</script>", "", "\uFEFF<html>", "<head"])
    expect(toAppPage(html, ["lock()", "client()"])).toBe(`${START}${html}`);
});

test("a script of ours can't be ended by what it holds", () => {
  const page = toAppPage("", [`"</script>"; "</SCRIPT "; "<!--<script>"`]);
  expect(page.match(/<\/script/gi)?.length).toBe(1);
  expect(page).not.toContain("<!--");
});

describe("what opens a document", () => {
  test.each([
    ["<iframe src=x>", "<x-refused-iframe src=x>"],
    ["<IFRAME/src=x>", "<x-refused-IFRAME/src=x>"],
    ["<iframe\nsrc=x></iframe>", "<x-refused-iframe\nsrc=x></x-refused-iframe>"],
    ["<iframe", "<x-refused-iframe"],
    ["<frameset><frame src=x>", "<x-refused-frameset><x-refused-frame src=x>"],
    ["<svg><foreignObject><object data=x>", "<svg><foreignObject><x-refused-object data=x>"],
    [
      "<embed src=x><fencedframe><portal><applet><base href=x>",
      "<x-refused-embed src=x><x-refused-fencedframe><x-refused-portal><x-refused-applet><x-refused-base href=x>",
    ],
    ["<template><iframe></iframe></template>", "<template><x-refused-iframe></x-refused-iframe></template>"],
  ])("%s", (html, expected) => {
    expect(served(html)).toBe(expected);
  });
});

describe("meta and link", () => {
  test.each([
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<META NAME=theme-color CONTENT='#fff' media="(prefers-color-scheme: dark)" />`,
    `<link rel="stylesheet" href="style.css">`,
    `<link rel=icon type="image/svg+xml" href=icon.svg>`,
    `<link href="a.css" rel='StyleSheet' media=print>`,
    `<linked>`,
    `<metadata>`,
  ])("%s stays", (html) => {
    expect(served(html)).toBe(html);
  });

  test.each([
    `<meta http-equiv="refresh" content="0;url=//evil">`,
    `<meta name=">" http-equiv=refresh content="0;url=//evil">`,
    `<meta name='x' content="<" http-equiv=refresh>`,
    `<meta/http-equiv=refresh content="0;url=//evil">`,
    `<meta charset=utf-8 http-equiv="content-security-policy" content="x">`,
    `<meta`,
    `<link rel=preconnect href=//evil>`,
    `<link rel="dns-prefetch" href=//evil>`,
    `<link rel="stylesheet preconnect" href=//evil>`,
    `<link href="x" title="x rel=stylesheet" rel="preconnect">`,
    `<link rel=stylesheet rel=preconnect href=//evil>`,
    `<link rel=preload as=image imagesrcset=//evil>`,
    `<link rel=st&#121;lesheet href=x>`,
  ])("%s is refused", (html) => {
    expect(served(html)).toMatch(/^<x-refused-(meta|link)/);
  });
});
