import type { Intent, TalkTopic } from "./intent.ts";
import { unquoted } from "./wording.ts";

const topics: Array<[TalkTopic, RegExp]> = [
  ["ping", /^ping$/i],
  [
    "thanks",
    /^(?:ok(?:ay)?,? |great,? |perfect,? )?(?:thanks|thank you|thx|cheers|ty|much appreciated|nice one|great|perfect|awesome|well done|good job)\b[^?]{0,40}$/i,
  ],
  ["goodbye", /^(?:bye|goodbye|good night|see (?:you|ya)|ciao)\b.{0,20}$/i],
  [
    "help",
    /^(?:help|\?+|what (?:else )?can (?:you|i|u) (?:do|ask|say)|what are you (?:able|good)|how (?:do|does|can) (?:i|this|you|it) (?:use|work|start|help)|what should i (?:try|say|do)|show me what you can do|how do i get started|what now|commands)\b/i,
  ],
  [
    "identity",
    /^(?:who|what) are you|^are you (?:a|an|real|claude|gpt|chatgpt|human|there)\b|^what(?:'s| is) your name|^which model|^what model/i,
  ],
  [
    "time",
    /^(?:what|wat)(?:'s| is)? (?:the )?(?:current )?(?:time|date|day)\b|^what(?:'s| is) today|^(?:tell me the |do you (?:know|have) (?:what )?(?:the )?)(?:time|date|day)\b|^which day\b|^today's date/i,
  ],
  [
    "greeting",
    /^(?:hi|hello|hey|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day)|how are you|how's it going|what's up|sup|test|testing)\b(?! (?:me|my))[^?]{0,25}\??$/i,
  ],
];

/** Small talk, and text to be given back unchanged. */
export function talkRequest(clause: string): Intent | undefined {
  const plain = clause.trim().replace(/[\s.!?]+$/, "");
  const topic = topics.find(([, pattern]) => pattern.test(plain || clause.trim()))?.[0];
  return topic && { kind: "talk", about: topic };
}

/** `echo …`, `say …`, `repeat after me: …`: everything after the command word, byte for byte. */
export function echoRequest(message: string): Intent | undefined {
  const command = /^\s*(?:(?:echo|say)(?::[ \t]?|[ \t]|\r?\n)|repeat after me(?::[ \t]?|[ \t]|\r?\n))/i.exec(message);
  return command ? { kind: "echo", text: message.slice(command[0].length) } : undefined;
}

/** Facts to keep, what is kept, and taking things back. */
export function memoryRequest(clause: string): Intent | undefined {
  if (
    /^(?:what|tell me (?:everything|what|all)).{0,20}\byou\b.{0,12}\b(?:know|remember|saved|stored)|^do you (?:still )?(?:remember|know) (?:me|my|what|anything|who)|^what(?:'s| is) my (?:name|favou?rite)|^who am i\b|^what (?:have|did) i (?:told|tell) you/i.test(
      clause,
    )
  )
    return { kind: "recall" };
  if (/^redo\b|^(?:do|bring) (?:it|that) again/i.test(clause)) return { kind: "redo" };
  if (
    /^(?:undo|revert|roll ?back|un-?do|restore (?:it|that|the (?:last|previous)))\b|\b(?:take|change|put|turn) (?:that|it|this|everything) back\b|^go back\b|^never ?mind.{0,6}undo|^i (?:want|need) to undo/i.test(
      clause,
    )
  )
    return { kind: "undo" };
  const fact =
    /^(?:(?:please )?(?:remember|memori[sz]e|keep in mind|bear in mind|don'?t forget|make a mental note)|for (?:the|your) (?:future|record|memory))(?:[:,]| that\b)?\s*(.+)$/is.exec(
      clause,
    )?.[1];
  if (fact) return { kind: "remember", fact: unquoted(fact.replace(/^that\s+/i, "")) };
  return /^my name is \S+/i.test(clause) ? { kind: "remember", fact: unquoted(clause) } : undefined;
}
