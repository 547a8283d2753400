import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { t } from '../../../../shared/i18n/i18n';
import { draft, setPhoto, type Draft } from './draft';
import { shrink } from './shrink';

/** The picture that will be kept: the one just chosen, else the product's. */
function useShown({ base, photo }: Draft): string | undefined {
  const [url, setUrl] = useState<string>();
  const file = photo.kind === 'new' ? photo.file : undefined;
  useEffect(() => {
    if (!file) return setUrl(undefined);
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return file ? url : photo.kind === 'gone' ? undefined : base?.picture?.large;
}

/** The product's picture: taken or chosen, seen at once, taken away. */
export function PhotoField({ open }: { open: Draft }): JSX.Element {
  const m = t().goods.photo;
  const [busy, setBusy] = useState(false);
  const [bad, setBad] = useState('');
  const chosen = useRef<HTMLInputElement>(null);
  const shown = useShown(open);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setBad('');
    setBusy(true);
    try {
      const made = await shrink(file);
      if (draft.value) setPhoto({ kind: 'new', file: made });
    } catch {
      setBad(m.unreadable);
    } finally {
      setBusy(false);
    }
  };
  const drop = (): void => setPhoto(open.base?.picture ? { kind: 'gone' } : { kind: 'kept' });
  return (
    <div class="photo">
      <button type="button" class={`photo-frame${shown ? '' : ' is-empty'}`} disabled={busy} aria-label={shown ? m.change : m.add} onClick={() => chosen.current?.click()}>
        {shown ? <img src={shown} alt="" width={640} height={640} /> : busy ? <span class="spinner photo-busy" /> : <Icon name="camera" size={32} />}
        {!shown && !busy && <span aria-hidden="true">{m.add}</span>}
      </button>
      {/* Phones ask whether to take one or to choose one. */}
      <input
        ref={chosen}
        type="file"
        accept="image/*"
        hidden
        aria-label={m.add}
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      {shown && (
        <Button kind="text" icon="bin" onPress={drop}>
          {m.drop}
        </Button>
      )}
      {bad && (
        <p class="field-bad" role="alert">
          <Icon name="alert" size={16} />
          <span>{bad}</span>
        </p>
      )}
    </div>
  );
}
