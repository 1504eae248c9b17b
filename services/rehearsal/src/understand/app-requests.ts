import { kindOf } from "./app-kinds.ts";
import { isColour } from "../page/colour.ts";
import type { AppChange, AppReference, Intent } from "./intent.ts";
import { capitalised, unquoted } from "./wording.ts";

const fillers = new Set(
  `a an the my our your it its it's this that these those to in for on of into be is are can could should would like i i'd we you me
  please make switch turn use set change go enable put give want prefer have need do all everything whole thing with and as at
  app application page mode theme themed style look looking appearance background screen colour color colours colors colored coloured scheme
  more bit much little slightly instead version now so too very just really accent highlight primary main button buttons link links
  text font fonts letters writing words size bigger larger smaller big large small tiny increase decrease enlarge reduce shrink hard read
  readable can't cannot barely dark light darker lighter night bright brighter day black white hate love let's time again even way up down`.split(
    /\s+/,
  ),
);

/** A change to an existing app: theme, accent, text size, name, a new field; or its removal. */
export function changeRequest(clause: string): Intent | undefined {
  const plain = clause.replace(/[\s.!?]+$/, "");
  return renameRequest(plain) ?? fieldRequest(plain) ?? deleteAppRequest(plain) ?? appearanceRequest(plain);
}

/** What is renamed, then its new name. */
const renameRules = [
  /^rename\s+(?:the\s+|my\s+)?(.+?)\s+(?:to|as|into)\s+(.+)$/is,
  /^rename\s+(?:the\s+|my\s+)?(.+?)\s+(["'“].+["'”])$/is,
  /^change\s+(?:the\s+)?(?:name|title)\s+of\s+(?:the\s+|my\s+)?(.+?)\s+(?:to|into)\s+(.+)$/is,
  /^(?:change|set)\s+(the|its)\s+(?:name|title)\s+to\s+(.+)$/is,
  /^(?:re)?(?:call|name|title)\s+(it|this|that|the app)\s+(.+)$/is,
  /^give\s+(it|the app)\s+(?:the|a new)\s+(?:name|title)\s+(.+)$/is,
  /^(?:the\s+|my\s+)?(.{2,40}?)\s+should\s+be\s+(?:called|named)\s+(.+)$/is,
  /^i(?:'d| would)? (?:want|like|rather|prefer)\s+(it|this|the app)\s+(?:to be\s+)?(?:called|named)\s+(.+)$/is,
];

function renameRequest(clause: string): Intent | undefined {
  const match = renameRules.map((rule) => rule.exec(clause)).find((found) => found !== null);
  const [, target = "", said = ""] = match ?? [];
  const name = capitalised(unquoted(said));
  return name ? { kind: "change-app", app: referenceOf(target), change: { kind: "rename", name } } : undefined;
}

const inApp = String.raw`(?:\s+(?:to|in|on|into)\s+(?:the\s+|my\s+)?(.+?))?`;
const fieldRules = [
  new RegExp(
    String.raw`^(?:add|insert|include|create|put in|put|give (?:it|me)|(?:i|we|it)(?: also)? (?:need|needs|want|could use)|(?:i'd|i would)(?: also)? like)\s+(?:an?|another|one more)?\s*(?:new\s+|extra\s+|text\s+|input\s+|form\s+)*(?:field|column|input|entry field|text box|property)(?:\s+(?:to|in|on)\s+(?<early>.+?))?\s*(?:called|named|for|labell?ed|titled|to enter|to record|where i can (?:put|enter|write|record)|with the (?:name|label)|:)\s*(?<label>.+?)${inApp.replace("(.+?)", "(?<late>.+?)")}$`,
    "is",
  ),
  new RegExp(
    String.raw`^(?:add|insert|include|give it)\s+(?:an?|another|the)?\s*(?:new\s+)?(?<label>["“'].+?["”']|[\p{L} -]{2,30}?)\s+(?:field|column|input)${inApp.replace("(.+?)", "(?<late>.+?)")}$`,
    "isu",
  ),
  /^(?:let me|i (?:want|need|would like) to(?: be able to)?)\s+(?:also\s+)?(?:enter|record|add|fill in|note)\s+(?:the|an?|my)\s+(?<label>[\p{L} -]{2,30}?)(?:\s+(?:too|as well|there))(?:\s+(?:in|to|on)\s+(?<late>.+))?$/isu,
];

function fieldRequest(clause: string): Intent | undefined {
  const groups = fieldRules.map((rule) => rule.exec(clause)?.groups).find((found) => found !== undefined);
  const label = capitalised(unquoted(groups?.["label"] ?? "").replace(/^(?:the|an?|my)\s+/i, ""));
  if (!label) return undefined;
  return {
    kind: "change-app",
    app: referenceOf(groups?.["early"] ?? groups?.["late"] ?? ""),
    change: { kind: "field", label },
  };
}

function deleteAppRequest(clause: string): Intent | undefined {
  const target =
    /^(?:delete|remove|uninstall|get rid of|throw away|trash)\s+(?:the\s+|my\s+|that\s+|this\s+)?(.+)$/is.exec(
      clause,
    )?.[1];
  if (!target || /[./]/.test(target)) return undefined;
  const isApp = /\bapps?$/i.test(target) || (kindOf(target) !== undefined && target.split(/\s+/).length <= 3);
  return isApp ? { kind: "delete-app", app: referenceOf(target) } : undefined;
}

function appearanceRequest(clause: string): Intent | undefined {
  if (/["“:\n]|^(?:what|why|when|who|how|where|do|does|did|is (?!it possible|there)|are)\b/i.test(clause))
    return undefined;
  const request = clause.replace(/,\s+(?:my|because|since|i|it|as|so)\b.*$/is, "");
  const words = request.toLowerCase().match(/#[0-9a-f]{3,6}\b|[\p{L}\p{N}'-]+/gu) ?? [];
  const change = appearanceChange(request, words);
  const rest = words.filter((word) => !fillers.has(word) && !isColour(word));
  if (!change || rest.length > 3 || /\b(?:an?|new) [\p{L} ]*\bapp\b/iu.test(clause)) return undefined;
  return { kind: "change-app", app: referenceOf(rest.join(" ")), change };
}

function appearanceChange(clause: string, words: string[]): AppChange | undefined {
  const size = /\b(?:text|font|fonts|letters|writing|words|everything)\b|\bread\b/i.test(clause)
    ? sizeDirection(clause)
    : undefined;
  if (size) return { kind: "text-size", direction: size };
  const theme = themeOf(clause);
  if (theme) return { kind: "theme", theme };
  const colour = words.find((word) => isColour(word));
  const wanted = /\b(?:accent|highlight|primary|buttons?|links?|colou?rs?|theme|make|turn|paint)\b/i.test(clause);
  return colour && wanted && !/\bbackground\b/i.test(clause) ? { kind: "accent", colour } : undefined;
}

function sizeDirection(clause: string): "bigger" | "smaller" | undefined {
  if (/\b(?:too (?:small|tiny)|hard to read|can'?t read|cannot read|barely read)\b/i.test(clause)) return "bigger";
  if (/\btoo (?:big|large|huge)\b|\b(?:smaller|decrease|reduce|shrink)\b/i.test(clause)) return "smaller";
  return /\b(?:bigger|larger|big|large|increase|enlarge)\b/i.test(clause) ? "bigger" : undefined;
}

function themeOf(clause: string): "dark" | "light" | undefined {
  if (/\btoo (?:bright|white|light)\b/i.test(clause)) return "dark";
  if (/\btoo dark\b/i.test(clause)) return "light";
  if (/\b(?:dark|darker|night|black)\b/i.test(clause)) return "dark";
  return /\b(?:light|lighter|bright|brighter|white|day mode)\b/i.test(clause) ? "light" : undefined;
}

function referenceOf(words: string): AppReference {
  const name = unquoted(words)
    .replace(/^(?:the|my|our|that|this)\s+/i, "")
    .replace(/\s+(?:app|application|page|form|too|as well)$/i, "")
    .trim();
  return name === "" || /^(?:it|its|this|that|the|app|the app|one|everything|form|the form)$/i.test(name)
    ? "current"
    : { named: name };
}
