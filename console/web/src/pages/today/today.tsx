import type {JSX} from 'preact';
import {useInfiniteQuery} from '@tanstack/preact-query';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {moneyText} from '../../ui/figures.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {LatelyDecided} from './lately-decided.tsx';
import {WorkList} from './work-list.tsx';

type Work = Reply<'/api/v1/work'>;
type Kind = 'all' | 'proposal' | 'risk' | 'snoozed';

const PAGE_ROWS = 25;
const KINDS: Readonly<Record<Kind, string>> = {
  all: 'Everything',
  proposal: 'Proposals',
  risk: 'Risks without a proposal',
  snoozed: 'Snoozed',
};

/** What waits for a planner, dearest first: as much of it as one hour's alerts, and the rest when it is asked for. */
export default function Today(): JSX.Element {
  const [kind, setKind] = useState<Kind>('all');
  const work = useInfiniteQuery({
    queryKey: ['work', kind],
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/work', {
          params: {
            query: {
              limit: PAGE_ROWS,
              ...(kind === 'all' ? {} : {kind}),
              ...(cursor === null ? {} : {cursor}),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Work) => nextCursor,
  });
  return (
    <Page
      title="Today"
      actions={
        <label>
          Show{' '}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
            {Object.entries(KINDS).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Section title="To decide">
        <Loaded query={work} what="what waits for you">
          {({pages}) => {
            const [first] = pages;
            const items = pages.flatMap((page) => page.items);
            if (first === undefined || items.length === 0)
              return (
                <Empty>
                  {kind === 'snoozed'
                    ? 'Nothing is snoozed.'
                    : 'Nothing waits for you: no shelf is expected to run out, and no proposal is open.'}
                </Empty>
              );
            return (
              <>
                <Digest digest={first.digest} />
                <WorkList
                  key={kind}
                  items={items}
                  nowRows={first.digest.now}
                  laterRows={first.digest.later}
                  more={
                    work.hasNextPage
                      ? {read: () => void work.fetchNextPage(), reading: work.isFetchingNextPage}
                      : undefined
                  }
                />
              </>
            );
          }}
        </Loaded>
      </Section>
      <LatelyDecided />
    </Page>
  );
}

/** Example: '6 now, 12 later · 9 can be answered · €12,345.00 at stake'. */
function Digest({
  digest: {now, later, proposals, snoozed, atStake},
}: {
  readonly digest: Work['digest'];
}): JSX.Element {
  const money = atStake
    .filter(({moneyMinor}) => moneyMinor > 0)
    .map(({currency, moneyMinor}) => moneyText(moneyMinor, currency))
    .join(' and ');
  return (
    <p>
      <strong>
        {now} now, {later} later
      </strong>
      <span class="quiet">
        {' '}
        · {proposals} can be answered{snoozed > 0 && ` · ${snoozed} snoozed`}
        {money === '' ? '' : ` · ${money} at stake`}
      </span>
    </p>
  );
}
