import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { IconButton } from '../shared/design/controls';
import { toast } from '../shared/design/toast';
import { canOpenCamera } from '../shared/devices/camera';
import { t } from '../shared/i18n/i18n';
import type CameraSheet from './camera-sheet';

type Input = Omit<Parameters<typeof CameraSheet>[0], 'onClose'>;

/** The button that looks for a barcode with the camera; absent where a page can never have one. The sheet is fetched when it is wanted. */
export function CameraButton({ onCode }: Input): JSX.Element | null {
  const [sheet, setSheet] = useState<{ Shown: typeof CameraSheet }>();
  if (!canOpenCamera()) return null;
  const open = async (): Promise<void> => {
    try {
      setSheet({ Shown: (await import('./camera-sheet')).default });
    } catch {
      toast(t().camera.unopened);
    }
  };
  return (
    <>
      <IconButton icon="barcode" label={t().camera.open} onPress={() => void open()} />
      {sheet && <sheet.Shown onCode={onCode} onClose={() => setSheet(undefined)} />}
    </>
  );
}
