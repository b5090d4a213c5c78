import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {Money} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant, hours} from '../../ui/instant.tsx';
import {Empty} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import type {Why} from './why-data.ts';

/** What lay there, what was owed and what was on its way when it was decided. */
export function ShelfFigures({why: {shelf, currency, depotId}}: {readonly why: Why}): JSX.Element {
  const {onHand, owed, reserved, position, target, onShelves, receipts, source} = shelf;
  const coming = receipts.reduce((sum, {quantity}) => sum + quantity, 0);
  const figures: readonly (readonly [string, string])[] = [
    ['On the shelf', String(onHand)],
    ['Held for machines', String(reserved)],
    ['On its way', String(coming)],
    ['Owed', String(owed)],
    ['Position', onShelves > 0 ? `${position}, with the shelves that ${depotId} fills` : String(position)],
    ['Order-up-to level', String(target)],
    [
      'Usual source',
      source === null ? 'none' : `${source.id}, ${hours(source.meanH)} ± ${hours(source.sdH)}`,
    ],
  ];
  return (
    <>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Cost of an hour of waiting</dt>
          <dd>
            <Money minor={shelf.shortageMinorPerH} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>Meeting failures as they come costs</dt>
          <dd>
            <Money minor={shelf.reactiveMinor} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>Not even that</dt>
          <dd>
            <Money minor={shelf.waitingMinor} currency={currency} />
          </dd>
        </div>
      </dl>
      {receipts.length === 0 ? (
        <Empty>Nothing was on its way.</Empty>
      ) : (
        <Table
          caption="What was on its way"
          rows={receipts}
          rowKey={({orderId}) => orderId}
          columns={[
            {
              key: 'kind',
              title: 'By',
              cell: ({kind, orderId}) => <Link href={hrefTo('orders', orderId)}>{kind}</Link>,
            },
            {key: 'quantity', title: 'Pieces', numeric: true, cell: ({quantity}) => quantity},
            {
              key: 'expectedAt',
              title: 'Expected',
              cell: ({expectedAt, sdH}) => (
                <>
                  <Instant at={expectedAt} /> <span class="quiet">± {hours(sdH)}</span>
                </>
              ),
            },
          ]}
        />
      )}
    </>
  );
}
