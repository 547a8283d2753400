import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Field, IconButton } from '../shared/design/controls';
import { Notice } from '../shared/design/parts';
import { Sheet } from '../shared/design/sheet';
import { NoCamera } from '../shared/devices/camera';
import { isCode } from '../shared/devices/decoder';
import { startScanner, type Scanner } from '../shared/devices/scan';
import { t } from '../shared/i18n/i18n';
import './camera-sheet.css';

interface CameraSheetProps {
  /** A barcode was read or typed. Gives what is said about it while the camera looks on, or nothing to end. */
  onCode: (code: string) => Promise<Said | undefined>;
  onClose: () => void;
}

/** What came of a barcode. */
export interface Said {
  text: string;
  bad?: boolean;
}

type View = { kind: 'opening' } | { kind: 'open'; scanner: Scanner } | { kind: 'failed'; failure: unknown };

/** Looks for barcodes with the camera. Whatever keeps it shut, a code can be typed. */
export default function CameraSheet({ onCode, onClose }: CameraSheetProps): JSX.Element {
  const m = t().camera;
  const video = useRef<HTMLVideoElement>(null);
  const [view, setView] = useState<View>({ kind: 'opening' });
  const [turn, setTurn] = useState(0);
  const [said, setSaid] = useState<Said>();
  const take = useRef<(code: string) => Promise<void>>(undefined);
  take.current = async (code) => {
    const answer = await onCode(code);
    if (answer) setSaid(answer);
    else onClose();
  };
  useEffect(() => {
    if (!video.current) return;
    let [over, stop] = [false, (): void => undefined];
    setView({ kind: 'opening' });
    const onRead = (code: string): void => {
      navigator.vibrate?.(40);
      void take.current?.(code);
    };
    startScanner(video.current, onRead).then(
      (scanner) => {
        stop = scanner.stop;
        if (over) stop();
        else setView({ kind: 'open', scanner });
      },
      (failure: unknown) => !over && setView({ kind: 'failed', failure }),
    );
    return () => {
      over = true;
      stop();
    };
  }, [turn]);
  return (
    <Sheet title={m.title} open onClose={onClose}>
      <div class="camera" hidden={view.kind === 'failed'}>
        <video ref={video} class="camera-picture" muted playsInline aria-label={m.picture} />
        <span class="camera-aim" aria-hidden="true" />
        {view.kind === 'open' && view.scanner.camera.light && <Light light={view.scanner.camera.light} />}
      </div>
      <p class={`camera-said${said?.bad ? ' is-bad' : ''}`} role="status">
        {view.kind === 'failed' ? '' : (said?.text ?? (view.kind === 'opening' ? m.opening : m.hint))}
      </p>
      {view.kind === 'failed' && <Failed failure={view.failure} onRetry={() => setTurn((n) => n + 1)} />}
      <Typed onCode={(code) => void take.current?.(code)} />
    </Sheet>
  );
}

function Light({ light }: { light: (on: boolean) => Promise<void> }): JSX.Element {
  const m = t().camera;
  const [on, setOn] = useState(false);
  const turn = (): void => void light(!on).then(() => setOn(!on), () => undefined);
  return (
    <span class={`camera-light${on ? ' is-on' : ''}`}>
      <IconButton icon="torch" label={on ? m.lightOff : m.lightOn} onPress={turn} />
    </span>
  );
}

/** Why there is no picture, and what to do about it. */
function Failed({ failure, onRetry }: { failure: unknown; onRetry: () => void }): JSX.Element {
  const m = t().camera;
  const why = failure instanceof NoCamera ? failure.why : 'fetch';
  return (
    <>
      <Notice tone="warn" icon="camera">
        <p>{m.failed[why]}</p>
        {why === 'denied' && m.allow}
      </Notice>
      {why !== 'none' && (
        <Button kind="soft" wide onPress={onRetry}>
          {t().common.retry}
        </Button>
      )}
    </>
  );
}

function Typed({ onCode }: { onCode: (code: string) => void }): JSX.Element {
  const m = t().camera;
  const [code, setCode] = useState('');
  const wanted = code.trim();
  const wrong = wanted !== '' && !isCode(wanted);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isCode(wanted)) return;
    setCode('');
    onCode(wanted);
  };
  return (
    <form class="typed-row" onSubmit={submit} noValidate>
      <Field label={m.typed} value={code} onInput={setCode} maxLength={48} bad={wrong ? m.typedWrong : ''} />
      <Button kind="tint" type="submit" disabled={!isCode(wanted)}>
        {m.typedSubmit}
      </Button>
    </form>
  );
}
