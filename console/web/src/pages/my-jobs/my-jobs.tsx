import {useInfiniteQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {RequestError, api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {keep, kept} from '../../data/kept.ts';
import {useSession} from '../../data/session.ts';
import {Instant} from '../../ui/instant.tsx';
import {needColumns} from '../../ui/need-columns.tsx';
import type {MyNeed} from '../../ui/need-columns.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {OwnReports} from './own-reports.tsx';
import {ReportDialog} from './report-dialog.tsx';
import {useReports} from './use-reports.ts';
import {WaitingReports} from './waiting-reports.tsx';

type Jobs = Reply<'/api/v1/my/jobs'>;

/** The first page is what the browser keeps: more than the machines of one technician wait for, the oldest needs first. */
const PAGE_ROWS = 200;

/** The parts of a technician's jobs: what waits, until when, what came; and what was wrong with it. Readable without a network. */
export default function MyJobs(): JSX.Element {
  const [chosen, choose] = useState<MyNeed | null>(null);
  const {data: session} = useSession();
  const reports = useReports(session?.name ?? '');
  const jobs = useMyJobs();
  useEffect(() => {
    // Keeps the program itself for the next time without a network; browsers allow that over TLS and on this machine only.
    if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/offline.js');
  }, []);
  const mayReport = session?.can('repairs.report') === true;
  const columns = [
    ...needColumns,
    {
      key: 'act',
      title: 'Report',
      cell: (job: MyNeed) => (
        <button
          onClick={() => choose(job)}
          aria-label={`Report on ${job.partId} for ${job.equipmentId ?? ''}`}
        >
          Report
        </button>
      ),
    },
  ];
  return (
    <Page title="My jobs">
      <WaitingReports reports={reports} />
      <Section title="Parts of my jobs">
        {isOffline(jobs.error) && jobs.data !== undefined && (
          <p class="state" role="status">
            No network. This is what stood here <Instant at={new Date(jobs.dataUpdatedAt).toISOString()} />;
            reports are kept and sent later.
          </p>
        )}
        <Loaded query={{...jobs, error: isOffline(jobs.error) ? null : jobs.error}} what="your jobs">
          {({pages}) =>
            pages[0]!.jobs.length === 0 ? (
              <Empty>
                No machine of yours waits for a part, and none was handed out in the last 30 days.
              </Empty>
            ) : (
              <Table
                caption="Parts of my jobs: those that wait first, then those handed out"
                rows={pages.flatMap((page) => page.jobs)}
                rowKey={({demandId}) => demandId}
                columns={mayReport ? columns : needColumns}
                more={
                  jobs.hasNextPage
                    ? {read: () => void jobs.fetchNextPage(), reading: jobs.isFetchingNextPage}
                    : undefined
                }
              />
            )
          }
        </Loaded>
      </Section>
      <OwnReports />
      {chosen !== null && session !== undefined && (
        <ReportDialog job={chosen} by={session.name} write={reports.write} close={() => choose(null)} />
      )}
    </Page>
  );
}

/** The jobs; before the service has answered, and when it does not, those that the browser has kept. */
function useMyJobs() {
  const [before] = useState(() => kept<Jobs>('jobs'));
  return useInfiniteQuery({
    queryKey: ['my-jobs'],
    queryFn: async ({pageParam: cursor}) => {
      const query = {limit: PAGE_ROWS, ...(cursor === null ? {} : {cursor})};
      const answer = await ask(api.GET('/api/v1/my/jobs', {params: {query}}));
      if (cursor === null) keep('jobs', answer);
      return answer;
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Jobs) => nextCursor,
    networkMode: 'always',
    staleTime: 0, // what was kept is never news
    retry: false,
    refetchInterval: 60_000,
    ...(before === null
      ? {}
      : {initialData: {pages: [before.value], pageParams: [null]}, initialDataUpdatedAt: before.keptAt}),
  });
}

function isOffline(error: Error | null): boolean {
  return error instanceof RequestError && error.status === 0;
}
