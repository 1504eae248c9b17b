/** An app somebody wrote by hand, not knowing this model: repeated tags, inline style, two forms of quotes. */
export const foreignPage = `<!DOCTYPE html>
<html>
<head>
  <meta charset=utf-8>
  <title>Guest Book</title>
  <style>
    body { background: white; color: #222 } .box { background: #eee }
    button { background: white }
  </style>
</head>
<body>
  <div class="box"><h1><span>Guest Book</span></h1>
    <form id=f><label>Name <input name="who"></label>
      <button type="button">Clear</button>
      <button>Sign</button>
    </form>
    <ul id="guests"></ul>
  </div>
  <script src="main.js"></script>
</body>
</html>
`;

/** Its files in a home. */
export function foreignFiles(): Map<string, string> {
  return new Map([
    ["apps/guests/index.html", foreignPage],
    ["apps/guests/app.json", '{"name":"Guest Book","icon":"📖","custom":{"keep":true}}'],
    ["apps/guests/main.js", "// nothing\n"],
  ]);
}
