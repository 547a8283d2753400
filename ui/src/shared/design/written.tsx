import type { ComponentChildren, JSX } from 'preact';
import './written.css';

const LINK = /(https:\/\/[^\s<>"')\]]+)/;
/** Signs that end a sentence and no address. */
const AFTER = /[.,!?;:]+$/;

/** A line with its addresses as links; nothing else of it is ever markup. */
export function linked(line: string): ComponentChildren[] {
  return line.split(LINK).map((part) => {
    if (!LINK.test(part)) return part;
    const after = AFTER.exec(part)?.[0] ?? '';
    const address = part.slice(0, part.length - after.length);
    return (
      <>
        <a href={address} target="_blank" rel="noopener noreferrer">
          {address.replace('https://', '')}
        </a>
        {after}
      </>
    );
  });
}

/** Plain text as the operator writes it: a line that begins with # is a heading, an empty one parts paragraphs. */
export function WrittenText({ text }: { text: string }): JSX.Element {
  const blocks: JSX.Element[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length === 0) return;
    const own = lines;
    lines = [];
    blocks.push(
      <p key={blocks.length}>
        {own.map((line, i) => (
          <>
            {i > 0 && <br />}
            {linked(line)}
          </>
        ))}
      </p>,
    );
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) {
      flush();
      blocks.push(<h3 key={blocks.length}>{line.slice(2)}</h3>);
    } else if (line.trim() === '') flush();
    else lines.push(line);
  }
  flush();
  return <div class="written">{blocks}</div>;
}
