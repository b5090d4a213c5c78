import type {Body} from './client.ts';

/** A report that is to reach the service, as often as it may take to send it. */
export interface WaitingReport {
  /** Under which the service carries it out once. */
  readonly key: string;
  /** Who wrote it: nobody else sends it. */
  readonly by: string;
  readonly body: Pick<Body<'/api/v1/my/reports'>, 'demandId' | 'problem' | 'note'>;
  /** What it is about, for the list: 'PART-1 for M-1'. */
  readonly about: string;
  /** Why the service refused it; null: it has not answered yet. */
  readonly refusal: string | null;
}

/** More than a technician writes in days without a network; a browser holds some thousand times that. */
export const REPORTS_MAX = 50;
const PLACE = 'forestock.reports';

/** Where texts are kept by name: the browser's localStorage. */
export interface Store {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
}

/** Reports that were not sent yet, the oldest first. What is there and cannot be read is left alone. */
export function waitingReports(store: Store): readonly WaitingReport[] {
  const text = store.getItem(PLACE);
  return text === null ? [] : (JSON.parse(text) as WaitingReport[]);
}

/** @returns false when as many wait as are kept: then this one is not. */
export function addReport(store: Store, report: WaitingReport): boolean {
  const waiting = waitingReports(store);
  if (waiting.length >= REPORTS_MAX) return false;
  store.setItem(PLACE, JSON.stringify([...waiting, report]));
  return true;
}

export function dropReport(store: Store, key: string): void {
  store.setItem(PLACE, JSON.stringify(waitingReports(store).filter((one) => one.key !== key)));
}

function refuse(store: Store, key: string, refusal: string): void {
  const next = waitingReports(store).map((one) => (one.key === key ? {...one, refusal} : one));
  store.setItem(PLACE, JSON.stringify(next));
}

/** What came of one sending: it is there, it was refused for good, or nobody knows and it is to be sent again. */
export type Sent =
  {readonly kind: 'done'} | {readonly kind: 'refused'; readonly why: string} | {readonly kind: 'unknown'};

/**
 * Sends what `by` wrote, the oldest first, until one does not get through. A report leaves the list only when the service has it; what it
 * refused stays there with its reason until its writer drops it.
 *
 * @returns how many arrived.
 */
export async function sendReports(
  store: Store,
  by: string,
  send: (report: WaitingReport) => Promise<Sent>,
): Promise<number> {
  let arrived = 0;
  for (const report of waitingReports(store)) {
    if (report.by !== by || report.refusal !== null) continue;
    const sent = await send(report);
    if (sent.kind === 'unknown') return arrived;
    if (sent.kind === 'refused') refuse(store, report.key, sent.why);
    else {
      dropReport(store, report.key);
      arrived += 1;
    }
  }
  return arrived;
}
