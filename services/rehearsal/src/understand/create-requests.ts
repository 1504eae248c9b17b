import { kindOf } from "./app-kinds.ts";
import type { Intent } from "./intent.ts";
import { capitalised, unquoted } from "./wording.ts";

const making =
  /\b(?:make|build|create|generate|write|develop|design|set ?up|give|get|put together|add|start|code|whip|new)\b/i;
const wishing =
  /\b(?:need|want|wants|would like|i'd like|could use|would love|i'd love|looking for|would be (?:great|nice|good|helpful|useful)|wish|help me|how about|is there|do you have|a way to)\b/i;
const appWord =
  /\b(?:apps?|application|tracker|\w*lists?|log|logbook|box|collection|catalogue?|library|organi[sz]er|planner|database|inventory|register|keeper|manager|tool|program|board|widget|something|somewhere|way|place)\b/i;
const tracking =
  /\b(?:keep(?:ing)? (?:track|tabs|a list|a record|a log)|track(?:ing)?|log(?:ging)?|organi[sz]e|collect(?:ing)?|manage|record(?:ing)?|keep an eye)\b/i;

/** Questions, orders about existing things, and wishes for a field are no wish for an app. */
const noWish =
  /^(?:what|why|when|who|where|which|did|does|are|was|is (?!there)|is there (?:any|some)thing|how (?!about)|explain|describe|tell|rename|open|close|stop|show|do you (?!have))\b|\b(?:fields?|columns?)\b/i;
/** «make an app» does not say which. */
const bareNoun = /^(?:an? )?(?:apps?|application|list|tracker|tool|program|board|box|log|collection)?$/i;

/** A wish for a new app: one of the six finished ones, or a general list of whatever was named. */
export function createRequest(clause: string): Intent | undefined {
  const plain = clause.replace(/[\s.!?]+$/, "");
  const { request, name } = withoutName(plain);
  if (noWish.test(request)) return undefined;
  const kind = kindOf(request);
  const noun = nounOf(request);
  if (!isWish(request, kind !== undefined) || (!kind && !name && bareNoun.test(noun))) return undefined;
  const base = { kind: "create-app" as const, app: kind ?? ("collection" as const), noun: noun || "list" };
  return name ? { ...base, name } : base;
}

/** «a habit tracker called Water» → the request and the name apart. */
function withoutName(clause: string): { request: string; name?: string } {
  const match =
    /^(.*?),?\s+(?:(?:which is |that is |that's )?(?:called|named|titled)|(?:and )?(?:call|name) it|with the (?:name|title))\s+(.+)$/is.exec(
      clause,
    );
  if (!match) return { request: clause };
  const [, request = "", said = ""] = match;
  const name = /^["“'`]/.test(said)
    ? unquoted(/^(["“'`].*?["”'`])/s.exec(said)?.[1] ?? said)
    : unquoted(said.replace(/\s+(?:for me|so (?:that )?i|where i|to (?:track|keep))\b.*$/is, ""));
  return name ? { request, name: capitalised(name) } : { request };
}

const elsewhere = /\bfiles?\b|\bwebsite\b|\bnote(?: that|:)/i;
const vagueWord = /\b(?:something|somewhere|way|place|tool|program|widget|manage|organi[sz]e)\b/i;

function isWish(request: string, isKnownKind: boolean): boolean {
  const namesApp = appWord.test(request);
  if (elsewhere.test(request) && !namesApp) return false;
  const asked = making.test(request) || wishing.test(request);
  return isKnownKind ? asked || tracking.test(request) || isBrief(request) : isGeneralWish(request, asked);
}

/** Something that is none of the six apps must be called an app, a list or the like, or be about keeping track. */
function isGeneralWish(request: string, asked: boolean): boolean {
  const tracks = tracking.test(request);
  if (vagueWord.test(request) && !tracks) return false;
  return asked ? tracks || appWord.test(request) : /^(?:\S+\s+){0,5}(?:app|tracker)$/i.test(request);
}

/** «a notes app», «flashcards», «a kanban for my thesis». */
function isBrief(request: string): boolean {
  return request.split(/\s+/).length <= 6 && (appWord.test(request) || isBareNoun(request));
}

function isBareNoun(request: string): boolean {
  return /^(?:an?\s+|some\s+|my\s+)?(?:new\s+|simple\s+)?[\p{L}-]+(?:\s[\p{L}-]+)?(?:\s+for\s.+)?$/iu.test(request);
}

/** The thing the app is about: «recipe box», «reading list», «houseplants». */
function nounOf(request: string): string {
  const about =
    /\b(?:keep(?:ing)? (?:track|tabs|a list|a record|a log)(?: of| on)?|track(?:ing)?|log(?:ging)?|organi[sz]e|collect(?:ing)?|manage|record(?:ing)?)\s+(?:all\s+)?(?:of\s+)?(?:my|the|our|all)?\s*([\p{L}\p{N}' -]+?)(?:\s+(?:in|with|app|for me|i)\b.*)?$/iu.exec(
      request,
    )?.[1] ??
    /\b(?:app|tool|program|list|something|place) (?:for|of|about) (?:all )?(?:my|the|our)?\s*([\p{L}\p{N}' -]+)$/iu.exec(
      request,
    )?.[1];
  const rest = (about ?? request)
    .replace(
      /^.*?\b(?:make|build|create|generate|develop|design|set ?up|give|need|want|like|use|love|get|start|code|new)\b\s*/i,
      "",
    )
    .replace(
      /^(?:(?:me|us|to have|an?|the|some|my|our|new|simple|little|small|nice|pretty|beautiful|basic|tiny|quick|good|cool)\s+)+/i,
      "",
    )
    .replace(/\s+(?:app|application)\b.*$/i, "")
    .replace(/\s+(?:would be|for (?:me|us|my|our)|that|where|so|which|with)\b.*$/i, "");
  return unquoted(rest).toLowerCase().slice(0, 40);
}
