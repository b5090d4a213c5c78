import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useRef, useState} from 'preact/hooks';
import {useLocation} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {canAt, mayAnswer, useSession} from '../../data/session.ts';
import {useKeys} from '../../ui/keys.ts';
import {notify} from '../../ui/notices.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {steadied} from '../../ui/steady-rows.ts';
import type {Follow, Shown} from '../../ui/steady-rows.ts';
import {Table} from '../../ui/table.tsx';
import {BulkDialog, totalText} from './bulk-dialog.tsx';
import {SnoozeDialog} from '../alerts/snooze-dialog.tsx';
import {useSnoozes} from './snoozes.ts';
import {VerdictDialog} from './verdict-dialog.tsx';
import {nameOf, saidOf, useVerdicts} from './verdicts.ts';
import type {Verdict, WorkItem} from './verdicts.ts';
import {canSnooze, isOpen, workColumns} from './work-columns.tsx';
import type {RowActions} from './work-columns.tsx';

type Asking =
  {readonly what: 'change' | 'reject' | 'snooze'; readonly item: WorkItem} | {readonly what: 'bulk'};

/** The rows and all that can be done with them, by pointer and by keyboard. Rows stay where they are until the user wants the list anew. */
export function WorkList({
  items,
  nowRows,
  laterRows,
  more,
}: {
  readonly items: readonly WorkItem[];
  readonly nowRows: number;
  readonly laterRows: number;
  readonly more: {readonly read: () => void; readonly reading: boolean} | undefined;
}): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const {rows, held, renew} = useSteady(items, isWhole ? Infinity : nowRows, more === undefined);
  const [current, setCurrent] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking | null>(null);
  const [, go] = useLocation();
  const session = useSession().data;
  const {actOf, say, undo, lastDone} = useVerdicts();
  const see = useSeen();
  const {snoozedUntil, snooze} = useSnoozes();

  const answer = async (item: WorkItem, verdict: Verdict): ReturnType<typeof say> => {
    setChosen((before) => without(before, item.id));
    return say(item, verdict);
  };
  const approve = async (item: WorkItem): Promise<void> => {
    const error = await answer(item, {verb: 'approve'});
    if (error !== null) notify({tone: 'bad', text: `${nameOf(item)} was not ordered: ${error.message}`});
    else notify({tone: 'good', text: saidOf(item, {verb: 'approve'}, item.remedy?.quantity ?? 0)});
  };
  const choose = ({id}: WorkItem): void =>
    setChosen((before) => (before.has(id) ? without(before, id) : new Set([...before, id])));
  const actions: RowActions = {
    mayAnswer: (item) =>
      item === undefined ? session?.can('proposals.answer') === true : mayAnswer(session, item),
    mayUndo: ({depotId}) => canAt(session, 'orders.book', depotId),
    maySee: session?.can('alerts.answer') === true,
    actOf,
    isChosen: ({id}) => chosen.has(id),
    choose,
    approve: (item) => void approve(item),
    change: (item) => setAsking({what: 'change', item}),
    reject: (item) => setAsking({what: 'reject', item}),
    see: (item) => see.mutate(item),
    snooze: (item) => setAsking({what: 'snooze', item}),
    snoozedUntil,
    undo,
  };
  const open = rows.filter((shown) => isOpen(shown, actions));
  const picked = open.map(({row}) => row).filter(({id}) => chosen.has(id));

  const at = rows.findIndex(({row}) => row.id === current);
  const step = (by: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (next === undefined) return;
    setCurrent(next.row.id);
    const link = document.getElementById(`work-${next.row.id}`);
    link?.focus();
    link?.scrollIntoView({block: 'nearest'});
  };
  const onCurrent =
    (act: (item: WorkItem) => void, fits: (shown: Shown<WorkItem>) => boolean) => (): void => {
      const shown = rows[at];
      if (shown !== undefined && fits(shown)) act(shown.row);
    };
  const answerable = (shown: Shown<WorkItem>): boolean => isOpen(shown, actions);
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    a: onCurrent(actions.approve, answerable),
    c: onCurrent(actions.change, answerable),
    r: onCurrent(actions.reject, answerable),
    x: onCurrent(choose, answerable),
    s: onCurrent(
      actions.see,
      ({row, isGone}) =>
        actions.maySee && row.kind === 'risk' && row.alertId !== null && !row.acknowledged && !isGone,
    ),
    z: onCurrent(actions.snooze, (shown) => canSnooze(shown, actions)),
    o: onCurrent(
      ({decisionId}) => go(hrefTo('decisions', decisionId!)),
      ({row}) => row.decisionId !== null,
    ),
    A: () => picked.length > 0 && setAsking({what: 'bulk'}),
    u: () => lastDone !== null && actions.mayUndo(lastDone) && undo(lastDone),
    n: renew,
  });

  const done = rows.filter(({row, isGone}) => isGone || actOf(row) !== undefined).length;
  const shownLater = isWhole
    ? more
    : laterRows > 0
      ? {read: () => setWhole(true), reading: false, text: `Show ${laterRows} later`}
      : undefined;
  return (
    <div onFocusCapture={(event) => setCurrent(rowOf(event.target) ?? current)}>
      <div class="actions list-bar">
        {actions.mayAnswer() && (
          <>
            <button
              disabled={open.length === 0}
              onClick={() =>
                setChosen(new Set(picked.length === open.length ? [] : open.map(({row}) => row.id)))
              }
            >
              {picked.length > 0 && picked.length === open.length ? 'Choose none' : 'Choose all'}
            </button>
            <button class="main" disabled={picked.length === 0} onClick={() => setAsking({what: 'bulk'})}>
              {picked.length === 0 ? 'Approve chosen' : `Approve ${picked.length}: ${totalText(picked)}`}
            </button>
          </>
        )}
        <span role="status" class="news">
          {(held.length > 0 || done > 0) && <button onClick={renew}>{newsText(held.length, done)}</button>}
        </span>
      </div>
      <Table
        caption="What waits for a planner, the dearest first"
        rows={rows}
        rowKey={({row}) => row.id}
        rowClass={({row, isGone}) =>
          [row.id === current ? 'current' : '', isGone || actOf(row) !== undefined ? 'done' : '']
            .join(' ')
            .trim() || undefined
        }
        columns={workColumns(actions)}
        more={shownLater}
      />
      {asking?.what === 'snooze' && (
        <SnoozeDialog
          name={nameOf(asking.item)}
          snooze={(said) => snooze(asking.item, said)}
          close={() => setAsking(null)}
        />
      )}
      {(asking?.what === 'change' || asking?.what === 'reject') && (
        <VerdictDialog
          item={asking.item}
          verb={asking.what}
          say={(verdict) => answer(asking.item, verdict)}
          close={() => setAsking(null)}
        />
      )}
      {asking?.what === 'bulk' && (
        <BulkDialog
          items={picked}
          say={say}
          close={(failed) => {
            setAsking(null);
            if (failed !== null) setChosen(new Set(failed.map(({id}) => id)));
          }}
        />
      )}
    </div>
  );
}

/** Example: 2 and 3 → '2 new, 3 done: show the list anew'. */
function newsText(held: number, done: number): string {
  const news = [held > 0 ? `${held} new` : '', done > 0 ? `${done} done` : ''].filter((text) => text !== '');
  return `${news.join(', ')}: show the list anew`;
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((one) => one !== id));
}

/** The row that an element is in. */
function rowOf(target: EventTarget | null): string | null {
  const named = target instanceof Element ? target.closest('tr')?.querySelector('[id^="work-"]') : null;
  return named?.id.slice('work-'.length) ?? null;
}

/** Rows that stay where they are; `renew` takes the list as the service has it. */
function useSteady(
  items: readonly WorkItem[],
  most: number,
  isAll: boolean,
): {
  readonly rows: readonly Shown<WorkItem>[];
  readonly held: readonly WorkItem[];
  readonly renew: () => void;
} {
  const shown = useRef<readonly Shown<WorkItem>[]>([]);
  const [, redraw] = useState(0);
  const lowest = items.at(-1)?.moneyMinor ?? 0;
  const follow: Follow<WorkItem> = {
    id: ({id}) => id,
    alias: ({alertId}) => alertId,
    wasLookedFor: ({moneyMinor}) => isAll || moneyMinor > lowest,
  };
  const {rows, held} = steadied(shown.current, items, follow, most);
  shown.current = rows;
  const renew = (): void => {
    shown.current = [];
    redraw((count) => count + 1);
  };
  return {rows, held, renew};
}

/** Says that a risk was seen; it goes when its cause is gone. */
function useSeen() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({alertId}: WorkItem) =>
      ask(api.POST('/api/v1/alerts/{alertId}/acknowledge', {params: {path: {alertId: alertId!}}, body: {}})),
    onSuccess: () => void queries.invalidateQueries({queryKey: ['work']}),
    onError: (error) => notify({tone: 'bad', text: error.message}),
  });
}
