import {useEffect, useRef} from 'preact/hooks';

const STORED = 'forestock.keys';

/** Whether single letters act. Who dictates, or types with tremor, can turn them off (WCAG 2.1.4). */
export function keysAreOn(): boolean {
  return localStorage.getItem(STORED) !== 'off';
}

export function turnKeys(on: boolean): void {
  localStorage.setItem(STORED, on ? 'on' : 'off');
}

/** Calls what belongs to a key while the component is there; not while the user types, in a dialog, or with Ctrl, Alt or Meta. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || isBusy(event.target)) return;
      const action = newest.current[event.key];
      if (action === undefined || (event.key !== '?' && !keysAreOn())) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target.matches('select, textarea') || target.isContentEditable;
}
