import type { JSX } from 'preact';

export const WAYS = ['iphone', 'samsung', 'chrome'] as const;
export type Way = (typeof WAYS)[number];

/** What the finger looks for in each picture; the sentence beside it says the same. */
const SHARE = 'M0-7V5M-4-3 0-7l4 4M-4 0h-3v9H7V0H4';
const LINES = 'M-6-5H6M-6 0H6M-6 5H6';
const DOTS = 'M0-6v.1M0 0v.1M0 6v.1';

/** Where the button of the first step is. */
const FIRST: Record<Way, { x: number; y: number; path: string }> = {
  iphone: { x: 60, y: 128, path: SHARE },
  samsung: { x: 104, y: 128, path: LINES },
  chrome: { x: 106, y: 22, path: DOTS },
};

/** A phone with what is pressed in it: the browser's button, the entry of its list, and the way to say yes. */
export function Drawing({ way, step }: { way: Way; step: number }): JSX.Element {
  return (
    <svg class="install-drawing" viewBox="0 0 120 150" aria-hidden="true">
      <rect class="draw-phone" x="2" y="2" width="116" height="146" rx="14" />
      {step === 0 && <FirstStep way={way} />}
      {step === 1 && <ListStep />}
      {step === 2 && <LastStep atTop={way === 'iphone'} />}
    </svg>
  );
}

function FirstStep({ way }: { way: Way }): JSX.Element {
  const { x, y, path } = FIRST[way];
  return (
    <>
      <rect class="draw-bar" x="10" y="14" width={way === 'chrome' ? 84 : 100} height="16" rx="8" />
      <rect class="draw-line" x="10" y="42" width="70" height="8" rx="4" />
      <rect class="draw-line" x="10" y="58" width="100" height="40" rx="8" />
      <circle class="draw-target" cx={x} cy={y} r="14" />
      <path class="draw-sign" d={path} transform={`translate(${x} ${y}) scale(0.9)`} />
    </>
  );
}

function ListStep(): JSX.Element {
  return (
    <>
      <rect class="draw-sheet" x="8" y="44" width="104" height="98" rx="10" />
      {[56, 78, 112].map((y) => (
        <rect key={y} class="draw-line" x="18" y={y} width={y === 78 ? 60 : 74} height="8" rx="4" />
      ))}
      <rect class="draw-target" x="12" y="91" width="96" height="16" rx="8" />
      <rect class="draw-word" x="20" y="96" width="56" height="6" rx="3" />
      <path class="draw-sign" d="M94 95v8M90 99h8" />
    </>
  );
}

function LastStep({ atTop }: { atTop: boolean }): JSX.Element {
  const y = atTop ? 14 : 112;
  return (
    <>
      <rect class="draw-app" x="44" y="48" width="32" height="32" rx="9" />
      <path class="draw-tick" d="m53 64 5 5 9-10" />
      <rect class="draw-line" x="38" y="88" width="44" height="8" rx="4" />
      <rect class="draw-target" x="74" y={y} width="36" height="20" rx="10" />
      <rect class="draw-word" x="83" y={y + 7} width="18" height="6" rx="3" />
    </>
  );
}
