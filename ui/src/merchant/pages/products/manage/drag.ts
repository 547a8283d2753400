import { useRef } from 'preact/hooks';
import { placeOf, shiftOf, type Row } from './move';

/** So near to the edge of the window the list scrolls by itself, in pixels; and so far each frame. */
const EDGE = 90;
const STEP = 9;

interface Drag {
  pointer: number;
  from: number;
  to: number;
  /** Where the pointer took hold, and where it is, from the top of the page. */
  start: number;
  y: number;
  rows: Row[];
  elements: HTMLElement[];
  frame: number;
}

const pageY = (clientY: number): number => clientY + window.scrollY;

function draw({ rows, elements, from, to, start, y }: Drag): void {
  for (const [at, element] of elements.entries()) {
    const by = at === from ? y - start : shiftOf(rows, from, to, at);
    element.style.transform = by === 0 ? '' : `translateY(${by}px)`;
  }
}

interface Handlers {
  onPointerDown: (event: PointerEvent, from: number) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: (event: PointerEvent) => void;
  onPointerCancel: () => void;
}

/**
 * Drags the rows of a list by their handles. The list takes hold of the pointer, and the
 * rows only move by sight until they are let go: then onMove hears from where to where.
 */
export function useDrag(list: { current: HTMLElement | null }, onMove: (from: number, to: number) => void): Handlers {
  const drag = useRef<Drag | null>(null);
  const follow = (clientY: number): void => {
    const now = drag.current;
    if (!now) return;
    now.y = pageY(clientY);
    now.to = placeOf(now.rows, now.from, now.y - now.start);
    draw(now);
  };
  const scroll = (clientY: () => number): void => {
    const now = drag.current;
    if (!now) return;
    const at = clientY();
    const by = at < EDGE ? -STEP : at > window.innerHeight - EDGE ? STEP : 0;
    if (by !== 0) {
      window.scrollBy(0, by);
      follow(at);
    }
    now.frame = requestAnimationFrame(() => scroll(clientY));
  };
  const end = (move: boolean): void => {
    const done = drag.current;
    if (!done) return;
    drag.current = null;
    cancelAnimationFrame(done.frame);
    for (const element of done.elements) element.style.transform = '';
    done.elements[done.from]?.classList.remove('is-dragged');
    list.current?.classList.remove('is-dragging');
    if (move && done.from !== done.to) onMove(done.from, done.to);
  };
  const last = useRef(0);
  return {
    onPointerDown: (event, from) => {
      if (event.button !== 0 || drag.current || !list.current) return;
      event.preventDefault();
      const elements = [...list.current.children] as HTMLElement[];
      const rows = elements.map((element) => {
        const { top, height } = element.getBoundingClientRect();
        return { top: pageY(top), height };
      });
      const start = pageY(event.clientY);
      drag.current = { pointer: event.pointerId, from, to: from, start, y: start, rows, elements, frame: 0 };
      last.current = event.clientY;
      list.current.setPointerCapture(event.pointerId);
      list.current.classList.add('is-dragging');
      elements[from]?.classList.add('is-dragged');
      scroll(() => last.current);
    },
    onPointerMove: (event) => {
      if (event.pointerId !== drag.current?.pointer) return;
      last.current = event.clientY;
      follow(event.clientY);
    },
    onPointerUp: (event) => {
      if (event.pointerId === drag.current?.pointer) end(true);
    },
    onPointerCancel: () => end(false),
  };
}
