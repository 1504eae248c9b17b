/** A handful from the Big List of Naughty Strings: markup, direction marks, combining marks, shell and SQL, lone surrogate. */
export const naughtyStrings = [
  '<script>document.title = "broken"</script>',
  '"><img src=x onerror="document.title=\'broken\'">',
  "&lt;b&gt;&amp;amp;",
  "'; DROP TABLE users; --",
  "${7*7} {{7*7}} <%= 7*7 %>",
  "‪‪test‪ ‫test ⁦test⁧",
  "̡͓̞ͅI̗̘̦͝n͇͇͙v̮̫ok̲̫̙͈i̖͙̭̹̠̞n̡̻̮̣̺g̲͈͙̭͙̬͎",
  "👩🏽‍💻 👾 🙇 ❤️ 🇺🇳",
  "Ω≈ç√∫˜µ≤≥÷ 田中さんにあげて下さい",
  "__proto__",
  "constructor",
  "null undefined NaN true",
  "1/0; -1.00; 0x0; ٠١٢",
  "W".repeat(160),
];
