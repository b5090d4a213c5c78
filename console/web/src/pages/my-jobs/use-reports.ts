import {useQueryClient} from '@tanstack/preact-query';
import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import {RequestError, api, ask} from '../../data/client.ts';
import {addReport, dropReport, sendReports, waitingReports} from '../../data/report-queue.ts';
import type {Sent, WaitingReport} from '../../data/report-queue.ts';
import {notify} from '../../ui/notices.tsx';

/** A phone does not always say that it has a network again. */
const TRY_EVERY_MS = 20_000;

export interface Reports {
  /** Own reports that the service does not have yet. */
  readonly waiting: readonly WaitingReport[];
  /** @returns false when the list of what waits is full. */
  readonly write: (report: WaitingReport) => boolean;
  readonly drop: (key: string) => void;
}

/** Keeps each report in the browser until the service has it: from one visit of the page to the next, too. */
export function useReports(by: string): Reports {
  const [waiting, setWaiting] = useState<readonly WaitingReport[]>([]);
  const queries = useQueryClient();
  const sending = useRef(false);
  const look = useCallback(
    () => setWaiting(waitingReports(localStorage).filter((report) => report.by === by)),
    [by],
  );
  const send = useCallback(async () => {
    if (sending.current) return;
    sending.current = true;
    const arrived = await sendReports(localStorage, by, sendOne).finally(() => {
      sending.current = false;
    });
    look();
    if (arrived === 0) return;
    notify({
      text: arrived === 1 ? 'The report has arrived.' : `${arrived} reports have arrived.`,
      tone: 'good',
    });
    await queries.invalidateQueries({queryKey: ['my-jobs']});
  }, [by, look, queries]);
  useEffect(() => {
    look();
    const again = (): void => void send();
    again();
    window.addEventListener('online', again);
    const timer = setInterval(again, TRY_EVERY_MS);
    return () => {
      window.removeEventListener('online', again);
      clearInterval(timer);
    };
  }, [look, send]);
  return {
    waiting,
    write(report) {
      const taken = addReport(localStorage, report);
      look();
      if (taken) void send();
      return taken;
    },
    drop(key) {
      dropReport(localStorage, key);
      look();
    },
  };
}

async function sendOne({key, body}: WaitingReport): Promise<Sent> {
  try {
    await ask(api.POST('/api/v1/my/reports', {body: {...body, sourceKey: key}}));
    return {kind: 'done'};
  } catch (error) {
    // Nobody signed in, or a service that is in trouble, says nothing about the report.
    const isRefused =
      error instanceof RequestError && error.status >= 400 && error.status < 500 && error.status !== 401;
    return isRefused ? {kind: 'refused', why: error.message} : {kind: 'unknown'};
  }
}
