import { useEffect, useRef } from 'preact/hooks';
import { onChange } from './live';

/** Changes that come close together are one reason to read again, in milliseconds. */
const TOGETHER = 300;

/** Calls reload soon after something about the merchant's payments changed. */
export function useFollow(reload: () => void): void {
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onChange(() => {
      clearTimeout(timer);
      timer = setTimeout(() => latest.current(), TOGETHER);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
}
