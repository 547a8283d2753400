import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon } from './icons';
import './choose-file.css';

interface ChooseFileProps {
  label: string;
  hint?: string;
  /** Beside what a file has led to. */
  small?: boolean;
  /** As of the attribute of inputs. */
  accept: string;
  onFile: (file: File) => void;
}

/** The way in for a file, by a press or by dropping it. */
export function ChooseFile({ label, hint = '', small = false, accept, onFile }: ChooseFileProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
  };
  return (
    <>
      <button
        type="button"
        class={`choose-file${over ? ' is-over' : ''}${small ? ' is-again' : ''}`}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="upload" size={small ? 20 : 28} />
        <strong>{label}</strong>
        {hint && <span>{hint}</span>}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
