import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {pieces} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {usePageIds} from '../../ui/page-ids.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Amounts} from './depot-money.tsx';
import {ShelfTable} from './shelf-table.tsx';

/** One depot: what it holds in sum, and its shelves. */
export default function DepotPage(): JSX.Element {
  const {depotId} = usePageIds('depotId');
  const depots = useQuery({
    queryKey: ['depots'],
    queryFn: () => ask(api.GET('/api/v1/network/depots')),
  });
  return (
    <Page title={`Depot ${depotId}`} actions={<Link href="/network">Network</Link>}>
      <Section title="In sum">
        <Loaded query={depots} what="the depot">
          {({depots: all}) => {
            const depot = all.find((one) => one.depotId === depotId);
            if (depot === undefined) return <Empty>There is no depot {depotId}.</Empty>;
            return (
              <dl class="facts">
                <dt>Place</dt>
                <dd>
                  {depot.name}
                  {depot.region === '' ? '' : `, ${depot.region}`}
                </dd>
                <dt>Fed by</dt>
                <dd>
                  {depot.parentDepotId === null ? (
                    'suppliers'
                  ) : (
                    <Link href={hrefTo('network', depot.parentDepotId)}>{depot.parentDepotId}</Link>
                  )}
                </dd>
                <dt>Stock</dt>
                <dd>
                  <Amounts depot={depot} of="stockMinor" />
                </dd>
                <dt>On order</dt>
                <dd>
                  <Amounts depot={depot} of="pipelineMinor" />
                </dd>
                <dt>Risk</dt>
                <dd>
                  <Amounts depot={depot} of="riskMinor" />
                </dd>
                <dt>Open backorders</dt>
                <dd>
                  {depot.backorderLines} ({pieces(depot.backorderPieces)})
                </dd>
              </dl>
            );
          }}
        </Loaded>
      </Section>
      <Section title="Shelves">
        <ShelfTable asked={{depotId}} />
      </Section>
    </Page>
  );
}
