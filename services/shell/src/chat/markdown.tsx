import { type ReactElement, type ReactNode, memo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CopyButton } from "../design/parts.tsx";
import { toSafeAddress } from "./safe-link.ts";
import { splitBlocks } from "./split-blocks.ts";
import "./markdown.css";

const plugins = [remarkGfm];

// Pictures are shown as links: to load one would tell its server that this was read.
const components: Components = {
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => (
    <SafeLink href={typeof src === "string" ? src : undefined}>{alt === "" ? "picture" : alt}</SafeLink>
  ),
  table: ({ children }) => (
    <div className="table scroll" role="region" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
};

/** Markdown from a model or a file. HTML in it stays text, links open elsewhere and carry nothing along, pictures are not loaded. */
export function Markdown({ text, growing }: { readonly text: string; readonly growing?: boolean }): ReactElement {
  const blocks = growing === true ? splitBlocks(text) : [text];
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // Blocks only grow at the end: a place is a name.
        <Block key={index} text={block} />
      ))}
    </div>
  );
}

const Block = memo(function Block({ text }: { readonly text: string }): ReactElement {
  return (
    <ReactMarkdown
      remarkPlugins={plugins}
      components={components}
      urlTransform={(address) => toSafeAddress(address) ?? ""}
    >
      {text}
    </ReactMarkdown>
  );
});

function SafeLink({
  href,
  children,
}: {
  readonly href: string | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const address = toSafeAddress(href);
  if (address === undefined) return <span>{children}</span>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function CodeBlock({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <div className="code">
      <pre className="scroll" tabIndex={0}>
        {children}
      </pre>
      <CopyButton text={toPlainText(children)} label="Copy code" />
    </div>
  );
}

function toPlainText(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map((child: ReactNode) => toPlainText(child)).join("");
  if (typeof node !== "object" || node === null || !("props" in node)) return "";
  return toPlainText((node.props as { readonly children?: ReactNode }).children);
}
