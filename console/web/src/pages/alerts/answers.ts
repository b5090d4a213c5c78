import {useMutation, useQueryClient} from '@tanstack/preact-query';
import {RequestError, api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {notify} from '../../ui/notices.tsx';

/** What somebody found who closes a case. */
export type Resolution = NonNullable<Reply<'/api/v1/alerts'>['alerts'][number]['resolution']>;

/** What somebody says to an alert. `until` is ISO 8601 in UTC. */
type AlertAnswer =
  | {readonly verb: 'acknowledge'; readonly note?: string; readonly until?: string}
  | {readonly verb: 'snooze'; readonly note?: string; readonly until: string}
  | {readonly verb: 'resolve'; readonly resolution: Resolution; readonly note: string}
  | {readonly verb: 'unsnooze'};

interface Said {
  readonly alertId: string;
  readonly answer: AlertAnswer;
}

/** Answers alerts; what shows them is read again. */
export function useAlertAnswers(): {
  /** @returns The refusal, or null when it is done. */
  readonly say: (alertId: string, answer: AlertAnswer) => Promise<RequestError | null>;
} {
  const queries = useQueryClient();
  const answer = useMutation<unknown, RequestError, Said>({
    mutationFn: post,
    onSuccess: () => {
      for (const key of ['work', 'alerts']) void queries.invalidateQueries({queryKey: [key]});
    },
  });
  return {
    say: (alertId, said) =>
      answer.mutateAsync({alertId, answer: said}).then(
        () => null,
        (error: unknown) => {
          if (error instanceof RequestError) return error;
          throw error;
        },
      ),
  };
}

/**
 * Snoozes, says so, and lets the user take it back.
 *
 * @param isBack Called when the user took it back.
 */
export async function snoozeAloud(
  say: ReturnType<typeof useAlertAnswers>['say'],
  {alertId, name}: {readonly alertId: string; readonly name: string},
  {until, note}: {readonly until: string; readonly note?: string},
  isBack: () => void = () => undefined,
): Promise<RequestError | null> {
  const refused = await say(alertId, {verb: 'snooze', until, ...(note === undefined ? {} : {note})});
  if (refused !== null) return refused;
  const back = async (): Promise<void> => {
    const error = await say(alertId, {verb: 'unsnooze'});
    if (error === null) isBack();
    else notify({tone: 'bad', text: error.message});
  };
  notify({tone: 'good', text: `${name} is snoozed.`, undo: () => void back()});
  return null;
}

function post({alertId, answer: {verb, ...body}}: Said): Promise<unknown> {
  const params = {path: {alertId}};
  switch (verb) {
    case 'acknowledge':
      return ask(api.POST('/api/v1/alerts/{alertId}/acknowledge', {params, body}));
    case 'snooze':
      return ask(
        api.POST('/api/v1/alerts/{alertId}/snooze', {params, body: body as {until: string; note?: string}}),
      );
    case 'resolve':
      return ask(
        api.POST('/api/v1/alerts/{alertId}/resolve', {
          params,
          body: body as {resolution: Resolution; note: string},
        }),
      );
    case 'unsnooze':
      return ask(api.POST('/api/v1/alerts/{alertId}/unsnooze', {params, body}));
  }
}
