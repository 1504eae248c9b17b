import { homePath } from "@matrix-os/contracts/values";

const singles = [..." !\"#$%&'()*+,-;<=>?@[\\]^_`{|}~:\t\n\r\v\f\b\u007f\u0001\u001b\u00a0\u200b\u200f\u202e\ufeff\u2028\u2029\u00e9\u0301"].map((character) => `a${character}b`);
const leading = ["-rf", "--help", "-", "--", "~", "~root", "$HOME", "`id`", "$(id)", ";ls", "|cat", "&", "*", "?", "[a]", "{a,b}", "!", "#", "%s%n", "..a", "...", ". ", " .", " ", "  ", "\n", "\t", "\"", "'", "\\", "\\n", "\\x00", "\"quoted\"", "'quoted'", "a\"b\\c\nd"];
const words = ["con", "nul", "aux", "COM1", "index.lock", "HEAD", "refs", ".gitignore", ".gitattributes", ".gitmodules", "git", ".gi", "undefined", "null", "true", "__proto__", "constructor", "hasOwnProperty", "0", "-1", "1e100", "NaN", "a.tmp", "a~", "#a#", ".DS_Store", "Thumbs.db", "desktop.ini", "a".repeat(255), `${"é".repeat(127)}x`, "😀".repeat(63), "名前", "имя", "اسم", "שם", "ชื่อ", "이름", "Ω≈ç√∫˜µ≤≥÷", "ÅÍÎÏ˝ÓÔÒÚÆ☃", "👩‍👩‍👧‍👦", "🏳️‍🌈", "e\u0301", "\u00e9", "ﬁ", "İ", "ı", "ß", "ẞ", "Ａ", "100644 blob", "M 100644 inline x", "data 5", "from HEAD", "commit x", "progress x", "done", "checkpoint", "get-mark :1"];
const numbered = Array.from({ length: 120 }, (_, at) => `${String.fromCodePoint(0x2500 + at)} ${at}\n${" ".repeat(at % 5)}.`);

/** File names that break careless code; each is a valid path inside the home. */
export const naughtyNames = [...new Set([...singles, ...leading, ...words, ...numbered])].filter((name) => homePath.safeParse(`names/${name}`).success && name.toLowerCase() !== ".git");
