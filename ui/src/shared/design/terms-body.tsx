import type { JSX } from 'preact';
import './terms-body.css';

type Block = { as: 'h2' | 'h3' | 'p'; text: string } | { as: 'ul'; items: string[] };

/** A document's plain text as headings, paragraphs and lists. Nothing in it is markup. */
export function blocksOf(text: string): Block[] {
  const out: Block[] = [];
  let open = false;
  for (const line of text.split('\n')) {
    const last = out.at(-1);
    if (line.trim() === '') open = false;
    else if (line.startsWith('## ')) out.push({ as: 'h3', text: line.slice(3) });
    else if (line.startsWith('# ')) out.push({ as: 'h2', text: line.slice(2) });
    else if (line.startsWith('- ')) {
      if (last?.as === 'ul') last.items.push(line.slice(2));
      else out.push({ as: 'ul', items: [line.slice(2)] });
    } else if (open && last?.as === 'p') last.text += `\n${line}`;
    else {
      out.push({ as: 'p', text: line });
      open = true;
      continue;
    }
    open = open && out.at(-1)?.as === 'p';
  }
  return out;
}

/** The text of a document. */
export function TermsBody({ text }: { text: string }): JSX.Element {
  return (
    <article class="terms-body">
      {blocksOf(text).map((block, i) =>
        block.as === 'ul' ? (
          <ul key={i}>
            {block.items.map((item, n) => (
              <li key={n}>{item}</li>
            ))}
          </ul>
        ) : block.as === 'h2' ? (
          <h2 key={i}>{block.text}</h2>
        ) : block.as === 'h3' ? (
          <h3 key={i}>{block.text}</h3>
        ) : (
          <p key={i}>{block.text}</p>
        ),
      )}
    </article>
  );
}
