import {useState} from 'preact/hooks';
import type {RequestError} from '../../data/client.ts';
import {snoozeAloud, useAlertAnswers} from '../alerts/answers.ts';
import {nameOf} from './verdicts.ts';
import type {WorkItem} from './verdicts.ts';

/** What was snoozed on this page: its rows stay where they are and say so, until the list is shown anew. */
export function useSnoozes(): {
  /** ISO 8601; null: not snoozed here. */
  readonly snoozedUntil: (item: WorkItem) => string | null;
  readonly snooze: (
    item: WorkItem,
    said: {readonly until: string; readonly note?: string},
  ) => Promise<RequestError | null>;
} {
  const {say} = useAlertAnswers();
  const [snoozed, setSnoozed] = useState<ReadonlyMap<string, string>>(new Map());
  return {
    snoozedUntil: ({alertId}) => snoozed.get(alertId ?? '') ?? null,
    async snooze(item, said) {
      const alertId = item.alertId!;
      const mark = (until: string | null): void =>
        setSnoozed((before) => {
          const rest = [...before].filter(([id]) => id !== alertId);
          return new Map(until === null ? rest : [...rest, [alertId, until]]);
        });
      const refused = await snoozeAloud(say, {alertId, name: nameOf(item)}, said, () => mark(null));
      if (refused === null) mark(said.until);
      return refused;
    },
  };
}
