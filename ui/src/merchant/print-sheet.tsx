import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { chosenPrinter, isLocal } from '../shared/devices/printer';
import { Button } from '../shared/design/controls';
import { Icon } from '../shared/design/icons';
import { Sheet } from '../shared/design/sheet';
import { FailureNotice } from '../shared/design/states';
import { toast } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import { printerWords } from '../shared/i18n/printer-words';
import { href } from '../shared/router/router';
import { printerTitle, PrinterWays, RepickPrinter } from './printer-ways';
import { dropPrint, startPrint, type Picture, type Printing, type PrintPhase } from './printing';
import './print-sheet.css';

interface SheetProps {
  printing: Printing;
  onClose: () => void;
}

/** How a printing goes, and what it wants of the user: a printer, a look at the paper, another try. */
export default function PrintSheet({ printing, onClose }: SheetProps): JSX.Element | null {
  const m = printerWords();
  const phase = printing.phase.value;
  const [other, setOther] = useState(false);
  const test = printing.subject.kind === 'test';
  const close = (): void => {
    if (phase.kind !== 'working') printing.phase.value = { kind: 'idle' };
    onClose();
  };
  const drop = (): void => void dropPrint(printing).then(onClose, () => toast(t().print.unopened));
  const start = (): void => {
    setOther(false);
    void startPrint(printing).catch(() => toast(t().print.unopened));
  };
  useEffect(() => {
    printing.watchers += 1;
    return () => void (printing.watchers -= 1);
  }, [printing]);
  useEffect(() => {
    // The toast says it; there is nothing left to decide.
    if (phase.kind === 'done' && !test) close();
  }, [phase]);
  return (
    <Sheet title={test ? m.testSheet : m.sheet} open onClose={close}>
      <div class="print-sheet">{other ? <Connect text={m.connectText} onPicked={start} /> : <Body phase={phase} test={test} onStart={start} onOther={() => setOther(true)} onDrop={drop} onClose={close} />}</div>
    </Sheet>
  );
}

interface BodyProps {
  phase: PrintPhase;
  /** A test page: whoever asked for it wants to know what to look for. */
  test: boolean;
  onStart: () => void;
  onOther: () => void;
  /** Nothing is to come out after all. */
  onDrop: () => void;
  onClose: () => void;
}

function Body({ phase, test, onStart, onOther, onDrop, onClose }: BodyProps): JSX.Element | null {
  const m = printerWords();
  switch (phase.kind) {
    case 'idle':
    case 'working':
      return <Working phase={phase} />;
    case 'done':
      if (!test) return null;
      return (
        <Outcome tone="ok" icon="check" title={m.testDone}>
          <p>{m.testHint}</p>
          <Button kind="primary" onPress={onClose}>
            {m.isPrinted}
          </Button>
          <Button kind="text" onPress={onClose}>
            {m.testWrong}
          </Button>
        </Outcome>
      );
    case 'opened':
      return (
        <Outcome tone="ok" icon="printer" title={m.openedTitle}>
          <p>{m.openedText}</p>
          <Button kind="primary" onPress={onClose}>
            {m.isPrinted}
          </Button>
          <Button onPress={onStart}>{m.printCopy}</Button>
        </Outcome>
      );
    case 'picture':
      return <Share picture={phase.picture} onClose={onClose} />;
    case 'unsure':
      return (
        <Outcome tone="warn" icon="alert" title={m.unsureTitle}>
          <p>{phase.why || m.unsureText}</p>
          <p class="small-print">{m.copyNote}</p>
          <Button kind="primary" onPress={onClose}>
            {m.isPrinted}
          </Button>
          <Button icon="printer" onPress={onStart}>
            {m.printCopy}
          </Button>
        </Outcome>
      );
    case 'failed':
      return (
        <Outcome tone="bad" icon="alert" title={m.failedTitle}>
          {phase.why && <p>{phase.why}</p>}
          <FailureNotice failure={phase.failure} />
          <p class="small-print">{phase.open ? m.repeatSafe : m.nothingPrinted}</p>
          <Button kind="primary" icon="printer" onPress={onStart}>
            {m.retry}
          </Button>
          <Button onPress={onOther}>{m.other}</Button>
          {!test && !phase.open && (
            <Button kind="text" onPress={onDrop}>
              {m.giveUp}
            </Button>
          )}
        </Outcome>
      );
    case 'unconnected':
      return chosenPrinter.value && isLocal(chosenPrinter.value.kind) ? (
        <Repick onPicked={onStart} onOther={onOther} />
      ) : (
        <Connect text={m.connectText} onPicked={onStart} />
      );
  }
}

function Working({ phase }: { phase: PrintPhase }): JSX.Element {
  const m = printerWords();
  const step = phase.kind === 'working' ? phase.step : 'asking';
  const percent = phase.kind === 'working' ? Math.round(phase.part * 100) : 0;
  const choice = chosenPrinter.value;
  return (
    <div class="print-state" role="status">
      <span class="print-feed" aria-hidden="true">
        <Icon name="printer" size={48} />
      </span>
      <h3>{m[step]}</h3>
      {choice && <p>{printerTitle(choice)}</p>}
      {step === 'queued' && <p class="small-print">{m.queuedHint}</p>}
      {step === 'sending' && (
        <progress class="print-progress" max={100} value={percent} aria-label={m.sending}>
          {m.part(percent)}
        </progress>
      )}
    </div>
  );
}

interface OutcomeProps {
  tone: 'ok' | 'warn' | 'bad';
  icon: 'check' | 'alert' | 'printer';
  title: string;
  children: preact.ComponentChildren;
}

function Outcome({ tone, icon, title, children }: OutcomeProps): JSX.Element {
  return (
    <div class="print-state" role={tone === 'ok' ? 'status' : 'alert'}>
      <span class={`print-mark tone-${tone}`}>
        <Icon name={icon} size={32} />
      </span>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

function Connect({ text, onPicked }: { text: string; onPicked: () => void }): JSX.Element {
  const m = printerWords();
  return (
    <>
      <p class="print-ask">
        <strong>{m.connectTitle}</strong>
        {text}
      </p>
      <PrinterWays onPicked={onPicked} />
      <Button kind="text" icon="gear" href={href('/settings/printer')}>
        {m.toSettings}
      </Button>
    </>
  );
}

/** The browser forgot the printer: it is picked once more in its list. */
function Repick({ onPicked, onOther }: { onPicked: () => void; onOther: () => void }): JSX.Element {
  const m = printerWords();
  const choice = chosenPrinter.value;
  return (
    <div class="print-state">
      <span class="print-mark tone-plain">
        <Icon name="printer" size={32} />
      </span>
      <h3>{m.repickTitle(choice ? printerTitle(choice) : m.title)}</h3>
      <p>{m.repickText}</p>
      <RepickPrinter onPicked={onPicked} />
      <Button onPress={onOther}>{m.other}</Button>
    </div>
  );
}

const FILE = 'receipt.png';

/** The slip as a picture, into the device's own sheet of apps, or as a file. */
function Share({ picture, onClose }: { picture: Picture; onClose: () => void }): JSX.Element {
  const m = printerWords();
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(picture.blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  const share = async (): Promise<void> => {
    try {
      await navigator.share({ files: [new File([picture.blob], FILE, { type: 'image/png' })] });
      onClose();
    } catch (refusal) {
      // Closing the sheet of apps is no failure; where it does not open at all the file is left.
      if (!(refusal instanceof DOMException && refusal.name === 'AbortError')) toast(m.save);
    }
  };
  return (
    <div class="print-state">
      <h3>{m.pictureTitle}</h3>
      <p>{m.pictureText}</p>
      {url && <img class="print-paper" src={url} alt={m.pictureAlt} width={picture.width / 2} height={picture.height / 2} />}
      <Button kind="primary" icon="share" onPress={() => void share()}>
        {m.shareAct}
      </Button>
      {url && (
        <a class="button button-soft" href={url} download={FILE}>
          <Icon name="download" size={20} />
          <span>{m.save}</span>
        </a>
      )}
    </div>
  );
}
