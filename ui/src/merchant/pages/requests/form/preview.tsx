import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { NoAnswer } from '../../../../shared/api/failure';
import { requests, type Preview, type RequestBody } from '../../../../shared/api/requests';
import { Badge } from '../../../../shared/design/parts';
import { t } from '../../../../shared/i18n/i18n';
import { online } from '../../../../shared/state/online';
import { wait } from '../../../../shared/state/poll';

/** After the last key the preview waits so long, in milliseconds. */
const PAUSE = 400;

interface Seen {
  preview: Preview | undefined;
  failure: unknown;
}

/** The text as the server would send it now; key changes with everything that could change it. */
export function usePreview(body: () => RequestBody | null, key: string): Seen {
  const [seen, setSeen] = useState<Seen>({ preview: undefined, failure: undefined });
  const latest = useRef(body);
  latest.current = body;
  const connected = online.value;
  useEffect(() => {
    if (latest.current() === null) {
      setSeen({ preview: undefined, failure: undefined });
      return;
    }
    const abort = new AbortController();
    void (async () => {
      await wait(PAUSE, abort.signal);
      const now = latest.current();
      if (abort.signal.aborted || now === null) return;
      requests.preview(now, abort.signal).then(
        (preview) => !abort.signal.aborted && setSeen({ preview, failure: undefined }),
        // What was shown before is no longer what would be sent.
        (failure: unknown) => !abort.signal.aborted && setSeen({ preview: undefined, failure }),
      );
    })();
    return () => abort.abort();
  }, [key, connected]);
  return seen;
}

/** What the buyer will read, how long carriers count it, and what they will call it. */
export function PreviewBox({ seen, ready }: { seen: Seen; ready: boolean }): JSX.Element {
  const m = t().request;
  const { preview, failure } = seen;
  const away = !online.value || failure instanceof NoAnswer;
  const note = away ? m.previewOffline : failure !== undefined ? m.previewFailed : ready ? t().common.loading : m.previewWaits;
  return (
    <section class="preview" aria-labelledby="preview-title">
      <h2 id="preview-title">{m.preview}</h2>
      {preview ? (
        <>
          <p class="bubble">{preview.text}</p>
          <p class="preview-size">
            <Badge tone={preview.kind === 'SMS' ? 'ok' : 'plain'}>{m.kinds[preview.kind]}</Badge>
            <span>{m.bytes(preview.bytes, preview.limit)}</span>
          </p>
          <Replaced count={preview.replaced} />
        </>
      ) : (
        <p class="bubble is-empty">{note}</p>
      )}
    </section>
  );
}

function Replaced({ count }: { count: number }): JSX.Element | null {
  if (count === 0) return null;
  return <p class="field-hint">{t().request.replaced(count)}</p>;
}
