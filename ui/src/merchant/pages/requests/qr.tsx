import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';
import './qr.css';

/** Light modules around the code that readers want. */
const QUIET = 4;

export interface Code {
  /** Modules along one side, with the quiet zone. */
  size: number;
  /** The dark modules as one SVG path, a run of each line after the other. */
  path: string;
}

/** A text as a QR code, built here: the link goes to no other server. */
export function codeOf(text: string): Code {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  let path = '';
  for (const [y, line] of data.entries()) {
    for (let x = 0; x < size; x++) {
      if (!line[x]) continue;
      const from = x;
      while (line[x + 1]) x++;
      path += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
    }
  }
  return { size, path };
}

/** A QR code, dark on white in either theme, for that is what readers know. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const { size, path } = useMemo(() => codeOf(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <path class="qr-ground" d={`M0 0h${size}v${size}H0z`} />
      <path class="qr-dots" d={path} />
    </svg>
  );
}
