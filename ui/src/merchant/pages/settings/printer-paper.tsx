import type { JSX } from 'preact';
import { changePrinter, isLocal } from '../../../shared/devices/printer';
import { COLUMNS, HANGUL_SETS, MODES, SPEEDS, type Columns, type HangulSet, type PrinterChoice, type TextMode } from '../../../shared/devices/printer-choice';
import { Chips, Segments, Switch } from '../../../shared/design/controls';
import { toast } from '../../../shared/design/toast';
import { printerWords } from '../../../shared/i18n/printer-words';

/** How this device prints: of the shop's printers that is theirs. */
export function PaperSettings({ choice }: { choice: PrinterChoice }): JSX.Element {
  const m = printerWords();
  const local = isLocal(choice.kind);
  const change = (next: Partial<PrinterChoice>): void => {
    changePrinter(next);
    toast(m.saved);
  };
  return (
    <section class="setting" aria-labelledby="printer-paper">
      <h2 id="printer-paper">{m.paper}</h2>
      {choice.kind !== 'server' && <Look look={choice} modes={local ? MODES : []} onChange={change} />}
      {choice.kind === 'cable' && (
        <>
          <h3>{m.speed}</h3>
          <Chips label={m.speed} wrap value={String(choice.speed)} onChange={(speed) => change({ speed: Number(speed) })} options={SPEEDS.map((speed) => ({ value: String(speed), text: speed }))} />
        </>
      )}
      {local && <Switch label={m.drawer} hint={m.drawerHint} on={choice.drawer} onChange={(drawer) => change({ drawer })} />}
      {choice.kind === 'share' ? <p class="small-print">{m.autoShare}</p> : <Switch label={m.auto} hint={m.autoHint} on={choice.auto} onChange={(auto) => change({ auto })} />}
    </section>
  );
}

interface Described {
  columns: Columns;
  mode: TextMode;
  hangul: HangulSet;
}

interface LookProps {
  look: Described;
  /** None: it is always a picture. */
  modes: readonly TextMode[];
  onChange: (next: Partial<Described>) => void;
}

/** Paper, text mode and the syllables a printer has. */
export function Look({ look, modes, onChange }: LookProps): JSX.Element {
  const m = printerWords();
  return (
    <>
      <h3>{m.width}</h3>
      <Segments label={m.width} value={String(look.columns)} onChange={(columns) => onChange({ columns: Number(columns) as Columns })} options={COLUMNS.map((value) => ({ value: String(value), text: m.widths[value] }))} />
      {modes.length > 0 && (
        <>
          <h3>{m.mode}</h3>
          <Segments label={m.mode} value={look.mode} onChange={(mode) => onChange({ mode })} options={modes.map((value) => ({ value, text: m.modes[value] }))} />
          <p class="small-print">{m.modeHints[look.mode]}</p>
        </>
      )}
      {modes.length > 0 && look.mode !== 'RASTER' && (
        <>
          <h3>{m.hangul}</h3>
          <Segments label={m.hangul} value={look.hangul} onChange={(hangul) => onChange({ hangul })} options={HANGUL_SETS.map((value) => ({ value, text: m.hanguls[value] }))} />
          <p class="small-print">{m.hangulHint}</p>
        </>
      )}
    </>
  );
}
