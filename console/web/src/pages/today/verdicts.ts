import {useMutation, useQueryClient} from '@tanstack/preact-query';
import {useState} from 'preact/hooks';
import {actKey, api, ask, RequestError} from '../../data/client.ts';
import type {Body, Reply} from '../../data/client.ts';
import {notify} from '../../ui/notices.tsx';

export type WorkItem = Reply<'/api/v1/work'>['items'][number];
/** What of a row a verdict is about: also a decision's own page has it. */
export type Proposal = Pick<WorkItem, 'id' | 'partId' | 'depotId' | 'currency'> & {
  /** Answered, the row may go on as that of its alert. */
  readonly alertId?: string | null;
  readonly remedy: Pick<
    NonNullable<WorkItem['remedy']>,
    'text' | 'quantity' | 'sourceKind' | 'landedMinor'
  > | null;
};
export type ReasonCode = Body<'/api/v1/proposals/{decisionId}/reject'>['reasonCode'];

/** Example: 'P-1 at D-1'; of what is about no part, the kind of its alert. */
export function nameOf({partId, depotId, alertKind}: WorkItem): string {
  if (partId === null) return (alertKind ?? '').replaceAll('-', ' ');
  return depotId === null ? partId : `${partId} at ${depotId}`;
}

/** What a planner says about a proposal. */
export type Verdict =
  | {readonly verb: 'approve'}
  | {
      readonly verb: 'change';
      readonly quantity: number;
      readonly reasonCode: ReasonCode;
      readonly note?: string;
    }
  | {readonly verb: 'reject'; readonly reasonCode: ReasonCode; readonly note?: string};

/** What became of a row: shown at once, and taken back if the service refuses. */
export interface Act {
  /** As it was when it was answered. */
  readonly item: Proposal;
  readonly verdict: Verdict;
  readonly state: 'sending' | 'done' | 'undone';
  readonly orderId: string | null;
  readonly quantity: number;
}

interface Sent {
  readonly item: Proposal;
  readonly verdict: Verdict;
  /** The same for every time that this is sent. */
  readonly key: string;
}

const RETRIES = 3;

const SAID = {approve: 'Ordered', change: 'Ordered', reject: 'Rejected'} as const satisfies Record<
  Verdict['verb'],
  string
>;

/** Example: 'Ordered 2 of P-1 for D-1'. */
export function saidOf({partId, depotId, remedy}: Proposal, {verb}: Verdict, quantity: number): string {
  if (verb === 'reject')
    return `${SAID[verb]}: ${remedy?.text ?? ''} for ${partId ?? ''} at ${depotId ?? ''}`;
  return `${SAID[verb]} ${quantity} of ${partId ?? ''} for ${depotId ?? ''}`;
}

/** An order can be called off while nobody has shipped it; one that was only hurried was there before. */
export function canUndo(act: Act | undefined): boolean {
  return act?.state === 'done' && act.orderId !== null && act.item.remedy?.sourceKind !== 'order';
}

/** Answers proposals: the rows show it at once, and as it was when the service refuses. */
export function useVerdicts(): {
  readonly actOf: (item: Proposal) => Act | undefined;
  readonly say: (item: Proposal, verdict: Verdict) => Promise<RequestError | null>;
  readonly undo: (item: Proposal) => void;
  /** The last order that can be called off. */
  readonly lastDone: Proposal | null;
} {
  const queries = useQueryClient();
  const [acts, setActs] = useState<ReadonlyMap<string, Act>>(new Map());
  const [done, setDone] = useState<readonly Proposal[]>([]);
  const mark = ({id, alertId}: Proposal, act: Act | null): void =>
    setActs((before) => {
      const after = new Map(before);
      for (const key of [id, alertId ?? id])
        if (act === null) after.delete(key);
        else after.set(key, act);
      return after;
    });
  const readAgain = (): void => {
    for (const key of ['work', 'decisions', 'proposals']) void queries.invalidateQueries({queryKey: [key]});
  };

  const send = useMutation({
    mutationFn: ({item, verdict, key}: Sent) => post(item, verdict, key),
    retry: (failures, error) => failures < RETRIES && error instanceof RequestError && error.status === 0,
    onMutate: ({item, verdict}) =>
      mark(item, {item, verdict, state: 'sending', orderId: null, quantity: quantityOf(item, verdict)}),
    onError: (_, {item}) => mark(item, null),
    onSuccess: ({orderId, quantity}, {item, verdict}) => {
      mark(item, {item, verdict, state: 'done', orderId, quantity});
      setDone((before) => [...before, item]);
      readAgain();
    },
  });
  const cancel = useMutation({
    mutationFn: ({orderId}: {act: Act; orderId: string}) =>
      ask(
        api.POST('/api/v1/orders/{orderId}/cancel', {
          params: {path: {orderId}},
          body: {source: 'console', sourceKey: actKey()},
        }),
      ),
    onMutate: ({act}) => mark(act.item, {...act, state: 'undone'}),
    onError: (error, {act}) => {
      mark(act.item, act);
      notify({tone: 'bad', text: `Not called off: ${error.message}`});
    },
    onSuccess: (_, {act: {item}}) => {
      notify({
        tone: 'good',
        text: `The order for ${item.partId ?? ''} at ${item.depotId ?? ''} is called off.`,
      });
      readAgain();
    },
  });

  const undo = (item: Proposal): void => {
    const act = acts.get(item.id);
    if (act !== undefined && act.orderId !== null && canUndo(act)) cancel.mutate({act, orderId: act.orderId});
  };
  return {
    actOf: (item) => acts.get(item.id),
    say: (item, verdict) =>
      send.mutateAsync({item, verdict, key: actKey()}).then(
        () => null,
        (error: unknown) => {
          if (error instanceof RequestError) return error;
          throw error;
        },
      ),
    undo,
    lastDone: done.findLast(({id}) => canUndo(acts.get(id))) ?? null,
  };
}

function quantityOf({remedy}: Proposal, verdict: Verdict): number {
  return verdict.verb === 'change' ? verdict.quantity : (remedy?.quantity ?? 0);
}

function post(
  {id: decisionId}: Proposal,
  {verb, ...body}: Verdict,
  key: string,
): Promise<{orderId: string | null; quantity: number}> {
  const init = {params: {path: {decisionId}}, headers: {'idempotency-key': key}};
  switch (verb) {
    case 'approve':
      return ask(api.POST('/api/v1/proposals/{decisionId}/approve', {...init, body: {}}));
    case 'change':
      return ask(
        api.POST('/api/v1/proposals/{decisionId}/change', {
          ...init,
          body: body as Body<'/api/v1/proposals/{decisionId}/change'>,
        }),
      );
    case 'reject':
      return ask(
        api.POST('/api/v1/proposals/{decisionId}/reject', {
          ...init,
          body: body as Body<'/api/v1/proposals/{decisionId}/reject'>,
        }),
      );
  }
}
