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

/** The second key of a pair counts for so long. */
const PAIR_MS = 1500;

/** Calls what belongs to the key that follows a `g`: pages do not see either of the two. */
export function useGoKeys(actions: Readonly<Record<string, () => void>>): void {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    let armedAt = -Infinity;
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || isBusy(event.target) || !keysAreOn()) return;
      const isSecond = event.timeStamp - armedAt < PAIR_MS;
      armedAt = !isSecond && event.key === 'g' ? event.timeStamp : -Infinity;
      if (!isSecond && event.key !== 'g') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isSecond) newest.current[event.key]?.();
    };
    addEventListener('keydown', pressed, {capture: true});
    return () => removeEventListener('keydown', pressed, {capture: true});
  }, []);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target.matches('select, textarea') || target.isContentEditable;
}
