import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {Link, useSearchParams} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {pieces} from '../../ui/figures.tsx';
import {Field} from '../../ui/field.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {DepotMap} from './depot-map.tsx';
import {Amounts} from './depot-money.tsx';
import type {Depot} from './depot-money.tsx';
import {ShelfTable} from './shelf-table.tsx';

/** Where stock is, what it is worth, and where it will be missing. */
export default function Network(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const region = search.get('region');
  const depots = useQuery({
    queryKey: ['depots'],
    queryFn: () => ask(api.GET('/api/v1/network/depots')),
  });
  return (
    <Page title="Network">
      <Loaded query={depots} what="depots">
        {({depots: all}) => {
          if (all.length === 0) return <Empty>No depot yet. Import sites and depots first.</Empty>;
          const regions = [...new Set(all.map((one) => one.region))].sort();
          const shown = region === null ? all : all.filter((one) => one.region === region);
          return (
            <>
              {regions.length > 1 && (
                <Field label="Region">
                  {(tie) => (
                    <select
                      {...tie}
                      value={region ?? '*'}
                      onChange={({currentTarget: {value}}) => setSearch(value === '*' ? {} : {region: value})}
                    >
                      <option value="*">all</option>
                      {regions.map((one) => (
                        <option key={one} value={one}>
                          {one === '' ? 'none stated' : one}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
              )}
              <Section title="Map">
                {shown.length === 0 ? <Empty>No depot in this region.</Empty> : <DepotMap depots={shown} />}
              </Section>
              <Section title="Depots">
                <DepotTable depots={shown} />
              </Section>
            </>
          );
        }}
      </Loaded>
      <Section title="Shelves, the dearest risk first">
        <ShelfTable asked={region === null ? {} : {region}} />
      </Section>
    </Page>
  );
}

function DepotTable({depots}: {readonly depots: readonly Depot[]}): JSX.Element {
  return (
    <Table
      caption="Depots"
      rows={depots}
      rowKey={({depotId}) => depotId}
      columns={[
        {
          key: 'depot',
          title: 'Depot',
          cell: ({depotId, name}) => (
            <>
              <Link href={hrefTo('network', depotId)}>{depotId}</Link> <span class="quiet">{name}</span>
            </>
          ),
        },
        {
          key: 'region',
          title: 'Region',
          cell: ({region}) => region || <span class="quiet">none stated</span>,
        },
        {
          key: 'stock',
          title: 'Stock',
          numeric: true,
          cell: (depot) => <Amounts depot={depot} of="stockMinor" />,
        },
        {
          key: 'pipeline',
          title: 'On order',
          numeric: true,
          cell: (depot) => <Amounts depot={depot} of="pipelineMinor" />,
        },
        {
          key: 'risk',
          title: 'Risk',
          numeric: true,
          cell: (depot) => <Amounts depot={depot} of="riskMinor" />,
        },
        {
          key: 'short',
          title: 'Shelves likely empty',
          numeric: true,
          cell: ({shelves, shelvesAtRisk}) => `${shelvesAtRisk} of ${shelves}`,
        },
        {
          key: 'owed',
          title: 'Open backorders',
          numeric: true,
          cell: ({backorderLines, backorderPieces}) =>
            backorderLines === 0 ? '0' : `${backorderLines} (${pieces(backorderPieces)})`,
        },
        {key: 'alerts', title: 'Alerts', numeric: true, cell: ({alerts}) => alerts},
        {
          key: 'age',
          title: 'Oldest look',
          cell: ({asOf}) => (asOf === null ? <span class="quiet">none yet</span> : <Instant at={asOf} />),
        },
      ]}
    />
  );
}
