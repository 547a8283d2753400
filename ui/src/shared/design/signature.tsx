import type { JSX, TargetedPointerEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Signature } from '../api/types';
import './signature.css';

/** Most points of one signature: keeps the request far below the server's 100 KB. */
const MAX_POINTS = 3000;
/** Points nearer than this to the last one, in CSS pixels, add nothing. */
const MIN_STEP = 2;

interface PadProps {
  label: string;
  /** The strokes so far as points [x, y, milliseconds], in CSS pixels of the pad; null when empty. */
  onChange: (signature: Signature | null) => void;
  /** A new value clears the pad. */
  turn: number;
  /** The pad stands on its head, for a buyer on the other side. */
  turned?: boolean;
}

/** Collects points; draws them on the canvas as they come. */
class Recorder {
  strokes: number[][][] = [];
  turned = false;
  #start = 0;
  #count = 0;

  begin(event: PointerEvent, canvas: HTMLCanvasElement): void {
    if (this.strokes.length === 0) this.#start = event.timeStamp;
    this.strokes.push([]);
    this.#add(event, canvas);
  }

  move(event: PointerEvent, canvas: HTMLCanvasElement): void {
    // Browsers that batch moves still know the points between.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const point of events.length > 0 ? events : [event]) this.#add(point, canvas);
  }

  #add(event: PointerEvent, canvas: HTMLCanvasElement): void {
    const stroke = this.strokes.at(-1);
    if (!stroke || this.#count >= MAX_POINTS) return;
    const box = canvas.getBoundingClientRect();
    const x = Math.round(this.turned ? box.right - event.clientX : event.clientX - box.left);
    const y = Math.round(this.turned ? box.bottom - event.clientY : event.clientY - box.top);
    const last = stroke.at(-1);
    if (last && Math.hypot(x - (last[0] ?? 0), y - (last[1] ?? 0)) < MIN_STEP) return;
    stroke.push([x, y, Math.max(0, Math.round(event.timeStamp - this.#start))]);
    this.#count += 1;
    draw(canvas, stroke.slice(-2));
  }
}

function draw(canvas: HTMLCanvasElement, points: number[][]): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const scale = window.devicePixelRatio || 1;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.strokeStyle = '#12161F';
  pen.lineWidth = 3;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.beginPath();
  const [first, second] = points;
  if (!first) return;
  pen.moveTo(first[0] ?? 0, first[1] ?? 0);
  pen.lineTo(second?.[0] ?? first[0] ?? 0, second?.[1] ?? first[1] ?? 0);
  pen.stroke();
}

function wipe(canvas: HTMLCanvasElement): void {
  const scale = window.devicePixelRatio || 1;
  const box = canvas.getBoundingClientRect();
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
}

/** Where the buyer signs: white like paper in every mode. */
export function SignaturePad({ label, onChange, turn, turned = false }: PadProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const recorder = useRef(new Recorder());
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    recorder.current = new Recorder();
    wipe(element);
    changed.current(null);
  }, [turn]);
  recorder.current.turned = turned;
  const begin = (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
    if (!event.isPrimary) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    recorder.current.begin(event, event.currentTarget);
  };
  const move = (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
    if (event.isPrimary && event.currentTarget.hasPointerCapture(event.pointerId)) recorder.current.move(event, event.currentTarget);
  };
  const end = (): void => changed.current({ strokes: recorder.current.strokes });
  return <canvas ref={canvas} class="signature" role="img" aria-label={label} onPointerDown={begin} onPointerMove={move} onPointerUp={end} onPointerCancel={end} />;
}
