import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { navigate } from '../../../shared/router/router';

/** Whoever reaches /login with an open session belongs at home. */
export default function LoginPage(): JSX.Element {
  useEffect(() => {
    navigate('/', { replace: true });
  }, []);
  return <div class="page" />;
}
