/**
 * What a technician's browser keeps so that it can be read where there is no network: who was signed in, and the jobs as they were last
 * heard of. One of each; signing out takes both away.
 */
const PREFIX = 'forestock.kept.';

export interface Kept<T> {
  readonly value: T;
  /** Wall time in ms since 1970. */
  readonly keptAt: number;
}

type Shelf = 'session' | 'jobs';

/** A browser that keeps nothing (private windows, a full disk) only has less to show without a network. */
export function keep(shelf: Shelf, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + shelf, JSON.stringify({value, keptAt: Date.now()}));
  } catch {
    forget();
  }
}

/** What this program kept, in the form in which it kept it; null: nothing. */
export function kept<T>(shelf: Shelf): Kept<T> | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + shelf) ?? 'null') as Kept<T> | null;
  } catch {
    return null;
  }
}

export function forget(): void {
  for (const shelf of ['session', 'jobs'] as const) localStorage.removeItem(PREFIX + shelf);
}
