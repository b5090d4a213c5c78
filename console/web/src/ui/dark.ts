import {useEffect, useState} from 'preact/hooks';

const QUERY = '(prefers-color-scheme: dark)';

/** Whether the screen is dark, as the viewer's system says; what is drawn on a canvas has to know. */
export function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia(QUERY).matches);
  useEffect(() => {
    const media = matchMedia(QUERY);
    const changed = (): void => setDark(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return dark;
}
