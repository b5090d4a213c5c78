import {messageOf} from '../../domain/fault.ts';

/** What the doctor found out about one thing. */
export interface Finding {
  readonly name: string;
  /** `note`: works, and could be better; `problem`: the service will not start or will not do its job. */
  readonly verdict: 'ok' | 'note' | 'problem';
  readonly found: string;
  /** What to do about it; empty when nothing. */
  readonly next: string;
}

export const fine = (name: string, found: string): Finding => ({name, verdict: 'ok', found, next: ''});
export const note = (name: string, found: string, next: string): Finding => ({
  name,
  verdict: 'note',
  found,
  next,
});
export const problem = (name: string, found: string, next: string): Finding => ({
  name,
  verdict: 'problem',
  found,
  next,
});

/** A look that fails is a finding too. */
export async function look(name: string, next: string, work: () => Promise<Finding>): Promise<Finding> {
  return work().catch((error: unknown) => problem(name, messageOf(error), next));
}
