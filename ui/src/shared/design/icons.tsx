import type { JSX } from 'preact';

/** The product's own line icons: 24 px, 2 px strokes, round caps. */
const PATHS = {
  gear: 'M10.7 5.2 10.8 2.8h2.4l.1 2.4 2.5 1.1 1.9-1.6 1.6 1.6-1.6 1.9 1.1 2.5 2.4.1v2.4l-2.4.1-1.1 2.5 1.6 1.9-1.6 1.6-1.9-1.6-2.5 1.1-.1 2.4h-2.4l-.1-2.4-2.5-1.1-1.9 1.6-1.6-1.6 1.6-1.9-1.1-2.5-2.4-.1v-2.4l2.4-.1 1.1-2.5-1.6-1.9 1.6-1.6 1.9 1.6zM12 9.1a2.9 2.9 0 1 0 0 5.8 2.9 2.9 0 0 0 0-5.8',
  back: 'M14.5 5 7.5 12l7 7',
  next: 'm9.5 5 7 7-7 7',
  close: 'm6 6 12 12M18 6 6 18',
  home: 'M4 11 12 4l8 7v8.2a.8.8 0 0 1-.8.8H15v-5.5H9V20H4.8a.8.8 0 0 1-.8-.8z',
  card: 'M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5M3 10h18M6.5 14.5h4',
  slip: 'M5.5 3.5h13v17l-2.2-1.5-2.1 1.5-2.2-1.5-2.2 1.5-2.1-1.5-2.2 1.5zM9 8.5h6M9 12.5h6',
  box: 'M12 3.2 4.2 7.4v9.2l7.8 4.2 7.8-4.2V7.4zM4.4 7.5 12 11.6l7.6-4.1M12 11.6v9',
  grid: 'M4.5 4.5h5.5V10H4.5zM14 4.5h5.5V10H14zM4.5 14H10v5.5H4.5zM14 14h5.5v5.5H14z',
  undo: 'M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5.2 5.2 0 0 1 0 10.4H9.5',
  search: 'M10.8 4.2a6.6 6.6 0 1 0 0 13.2 6.6 6.6 0 0 0 0-13.2M15.8 15.8 20 20',
  check: 'm5 12.5 4.8 4.8L19.5 7',
  alert: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.8v5M12 16.2v.1',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3.2 2',
  offline: 'M3.5 3.5l17 17M8.6 13.6a5 5 0 0 1 2-1.1M5.2 10a10 10 0 0 1 3-2.1M12 6.6c2.6 0 5 1 6.8 2.8M15.6 13.9a5 5 0 0 0-.6-.6M12 18v.1',
  store: 'M4.5 10.5v8.7a.8.8 0 0 0 .8.8h13.4a.8.8 0 0 0 .8-.8v-8.7M3.5 8.5 5.5 4h13l2 4.5a2.9 2.9 0 0 1-5.7 0 2.9 2.9 0 0 1-5.6 0 2.9 2.9 0 0 1-5.7 0M10 20v-5.5h4V20',
  eye: 'M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6',
  shut: 'M3.5 10.5c1.8 2.6 4.7 4.7 8.5 4.7s6.7-2.1 8.5-4.7M12 15.2v3M7.2 14.2l-1.4 2.5M16.8 14.2l1.4 2.5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  erase: 'M9 5.5h10A1.5 1.5 0 0 1 20.5 7v10a1.5 1.5 0 0 1-1.5 1.5H9L3 12zM11.5 9.5l5 5M16.5 9.5l-5 5',
  pen: 'M4 20c3-6 5-9.5 7.5-9.5 2 0 1 4 2.7 4 1.3 0 1.8-1.6 2.6-1.6s1 1.6 3.2 1.6M16.5 4.5l3 3',
  tune: 'M4 7.5h9M18 7.5h2M4 16.5h2M11 16.5h9M15.5 5.2a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6M8.5 14.2a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6',
  out: 'M10 4.5H5.8a.8.8 0 0 0-.8.8v13.4a.8.8 0 0 0 .8.8H10M15 8l4 4-4 4M18.5 12H10',
  person: 'M12 4.2a3.9 3.9 0 1 0 0 7.8 3.9 3.9 0 0 0 0-7.8M4.5 20c.8-3.6 3.7-5.4 7.5-5.4s6.7 1.8 7.5 5.4',
  phone: 'M8 3.5h8a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1M11 17.5h2',
  call: 'M8.6 4H5.8A1.8 1.8 0 0 0 4 5.9 15 15 0 0 0 18.1 20a1.8 1.8 0 0 0 1.9-1.8v-2.8l-4.3-1.7-1.9 2.1a11.5 11.5 0 0 1-5.6-5.6l2.1-1.9z',
  coin: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M7.5 9.5l2.2 6 2.3-6 2.3 6 2.2-6M7 12.3h10',
  copy: 'M8.5 8.5h11v11h-11zM15.5 5.5v-1h-11v11h1',
  download: 'M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15',
  share: 'M12 14.5V4M7.5 8 12 3.5 16.5 8M6.5 11H5.3a.8.8 0 0 0-.8.8v7.9a.8.8 0 0 0 .8.8h13.4a.8.8 0 0 0 .8-.8v-7.9a.8.8 0 0 0-.8-.8h-1.2',
  bin: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  list: 'M4 6.5h.1M4 12h.1M4 17.5h.1M8.5 6.5H20M8.5 12H20M8.5 17.5H20',
  cart: 'M3.5 4.5h2l2.3 10.7h9.6l2-7.7H6.4M9 19.2v.1M16.5 19.2v.1',
  star: 'm12 4 2.4 5 5.4.7-4 3.8 1 5.5-4.8-2.7L7.2 19l1-5.5-4-3.8 5.4-.7z',
  reader: 'M7 11V4.5h10V11M3.5 11h17v8.5h-17zM7 15.3h5.5',
  message: 'M5 5h14a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 17h-6.5L8 20.5V17H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 5M8 9.3h8M8 12.8h5',
  send: 'M20.5 3.5 10.5 13.5M20.5 3.5 14 20.5l-3.5-7-7-3.5z',
  qr: 'M4.5 4.5h5.5V10H4.5zM14 4.5h5.5V10H14zM4.5 14H10v5.5H4.5zM14 14h2.5v2.5H14zM19.5 14v.1M19.5 19.5h-2.5v.1M14 19.5v.1',
  printer: 'M7 9V3.8h10V9M7 16.5H4.5a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1h15a1 1 0 0 1 1 1v5.5a1 1 0 0 1-1 1H17M7 13.5h10v6.7H7zM17 11.6v.1',
  lock: 'M6 10.5h12v9.5H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words; it says nothing of its own to a screen reader. */
export function Icon({ name, size = 24 }: { name: IconName; size?: 16 | 18 | 20 | 24 | 28 | 32 | 48 }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width={2} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The word INNOPAY in the product's own lettering. */
export function Wordmark({ height = 20 }: { height?: 20 | 28 }): JSX.Element {
  return (
    <svg width={height * 6.1} height={height} viewBox="0 0 122 20" fill="none" stroke="currentColor" stroke-width={3.4} stroke-linecap="round" stroke-linejoin="round" role="img" aria-label="INNOPAY">
      <path d="M3 3v14M11 17V3l11 14V3M30 17V3l11 14V3" />
      <circle class="wordmark-o" cx="56" cy="10" r="7.3" />
      <path d="M72 17V3h6a4.6 4.6 0 0 1 0 9.2h-6M86 17 92.5 3 99 17M106 3l6 7 6-7M112 10v7" />
    </svg>
  );
}
