import {useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../../data/client.ts';
import {Section} from '../../ui/page.tsx';
import {ownReportColumns} from '../../ui/report-columns.tsx';
import {Table} from '../../ui/table.tsx';

/** Older ones have their part or their answer. */
const SHOWN = 10;

/** What was reported lately and what the planners said to it; nothing where nothing was reported, or there is no network to ask. */
export function OwnReports(): JSX.Element | null {
  const {data} = useQuery({
    queryKey: ['my-jobs', 'reports'],
    queryFn: () => ask(api.GET('/api/v1/part-reports', {params: {query: {limit: SHOWN}}})),
    refetchInterval: 60_000,
  });
  if (data === undefined || data.partReports.length === 0) return null;
  return (
    <Section title="My reports">
      <Table
        caption="My reports, newest first"
        rows={data.partReports}
        rowKey={({reportId}) => reportId}
        columns={ownReportColumns}
      />
    </Section>
  );
}
