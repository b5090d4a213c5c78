import {useInfiniteQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Choices} from '../../ui/form-fields.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {reportColumns} from '../../ui/report-columns.tsx';
import type {PartReport} from '../../ui/report-columns.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {AnswerDialog} from './answer-dialog.tsx';

type Reports = Reply<'/api/v1/part-reports'>;
type State = 'open' | 'answered' | 'all';

const PAGE_ROWS = 50;
const STATES: Readonly<Record<State, string>> = {
  open: 'without an answer',
  answered: 'answered',
  all: 'all',
};
/** The stream tells of decisions and alerts; a report makes neither by itself. */
const LOOK_EVERY_MS = 30_000;

/** What technicians found wrong with the parts that they were sent, and what the planners say to it. */
export default function PartReports(): JSX.Element {
  const [state, setState] = useState<State>('open');
  const [chosen, choose] = useState<PartReport | null>(null);
  const mayAnswer = useSession().data?.can('demand.change') === true;
  const reports = useInfiniteQuery({
    queryKey: ['part-reports', state],
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/part-reports', {
          params: {
            query: {
              limit: PAGE_ROWS,
              ...(state === 'all' ? {} : {state}),
              ...(cursor === null ? {} : {cursor}),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Reports) => nextCursor,
    refetchInterval: LOOK_EVERY_MS,
  });
  const columns = mayAnswer
    ? [
        ...reportColumns,
        {
          key: 'do',
          title: '',
          cell: (report: PartReport) => (
            <div class="actions">
              <button
                aria-label={`Answer the report on ${report.need?.partId ?? report.demandId}`}
                onClick={() => choose(report)}
              >
                Answer
              </button>
            </div>
          ),
        },
      ]
    : reportColumns;
  return (
    <Page
      title="Part reports"
      actions={
        <label>
          Show <Choices choices={STATES} value={state} set={setState} />
        </label>
      }
    >
      <Section title="From the technicians">
        <Loaded query={reports} what="part reports">
          {({pages}) => {
            const rows = pages.flatMap(({partReports}) => partReports);
            if (rows.length === 0)
              return (
                <Empty>
                  {state === 'open'
                    ? 'No report waits for an answer.'
                    : 'None yet: nobody has reported a part missing, wrong or dead on arrival.'}
                </Empty>
              );
            return (
              <Table
                caption="Part reports, newest first"
                rows={rows}
                rowKey={({reportId}) => reportId}
                columns={columns}
                more={
                  reports.hasNextPage
                    ? {read: () => void reports.fetchNextPage(), reading: reports.isFetchingNextPage}
                    : undefined
                }
              />
            );
          }}
        </Loaded>
      </Section>
      {chosen !== null && <AnswerDialog report={chosen} close={() => choose(null)} />}
    </Page>
  );
}
