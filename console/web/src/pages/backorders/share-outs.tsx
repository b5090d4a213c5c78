import {useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {SHARE_REASONS} from '../../data/backorders.ts';
import {api, ask} from '../../data/client.ts';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant, hours} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

const SHOWN = 10;

/** Supplies that could not serve everybody: who got what of them, and why. */
export function ShareOuts({
  partId,
  depotId,
  demandId,
}: {
  readonly partId?: string | undefined;
  readonly depotId?: string | undefined;
  readonly demandId?: string | undefined;
}): JSX.Element {
  const query = {
    limit: SHOWN,
    ...(partId === undefined ? {} : {partId}),
    ...(depotId === undefined ? {} : {depotId}),
    ...(demandId === undefined ? {} : {demandId}),
  };
  const shareOuts = useQuery({
    queryKey: ['backorders', 'share-outs', query],
    queryFn: () => ask(api.GET('/api/v1/share-outs', {params: {query}})),
  });
  return (
    <Section title="Share-outs">
      <Loaded query={shareOuts} what="share-outs">
        {({shareOuts: runs}) =>
          runs.length === 0 ? (
            <Empty>Every supply was enough for all who waited for it.</Empty>
          ) : (
            runs.map(({shareOutId, groupId, depotId: at, worldAt, supply, asked, nextSupplyAt, shares}) => (
              <details key={shareOutId} open={demandId !== undefined}>
                <summary>
                  {groupId} at {at}, <Instant at={worldAt} />: {supply} for {asked} asked
                  {nextSupplyAt !== null && (
                    <>
                      , the next <Instant at={nextSupplyAt} />
                    </>
                  )}
                </summary>
                <Table
                  caption="Who got what, in the order of service"
                  rows={shares}
                  rowKey={(share) => share.demandId}
                  rowClass={(share) => (share.demandId === demandId ? 'current' : undefined)}
                  columns={[
                    {key: 'rank', title: 'Place', numeric: true, cell: ({rank}) => rank},
                    {
                      key: 'who',
                      title: 'For',
                      cell: ({demandId: id, customerPartyId, tier}) => (
                        <Link
                          href={hrefTo('backorders', id)}
                        >{`${customerPartyId ?? 'a line'}, ${tier}`}</Link>
                      ),
                    },
                    {
                      key: 'given',
                      title: 'Given',
                      numeric: true,
                      cell: ({given, open}) => `${given} of ${open}`,
                    },
                    {
                      key: 'saved',
                      title: 'Ahead of the next supply',
                      numeric: true,
                      cell: ({given, savedH}) => (given === 0 ? '–' : hours(savedH)),
                    },
                    {key: 'why', title: 'Because', cell: ({reason}) => SHARE_REASONS[reason] ?? reason},
                  ]}
                />
              </details>
            ))
          )
        }
      </Loaded>
    </Section>
  );
}
