import type {Command} from 'commander';
import {z} from 'zod';
import {ShareAdvice, ShareOut} from '../console/api/routes/share-outs.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

/** Who should get what lies on the shelf. */
export function shareAdviceCommand(): Command {
  return listCommand({
    name: 'share',
    path: '/api/v1/share-outs/advice',
    page: z.object({advice: z.array(ShareAdvice)}),
    text: ({advice}) =>
      shareTable(advice.map(({partId, depotId, shares}) => ({what: partId, where: depotId, shares}))),
    example: 'forestock demand share --depot WAW-1',
  });
}

/** Who got what came in. */
export function shareOutsCommand(): Command {
  return listCommand({
    name: 'shared',
    path: '/api/v1/share-outs',
    page: z.object({shareOuts: z.array(ShareOut)}),
    text: ({shareOuts}) =>
      shareTable(
        shareOuts.map(({worldAt, groupId, depotId, shares}) => ({
          what: `${toMinute(epochMs(worldAt))} ${groupId}`,
          where: depotId,
          shares,
        })),
      ),
    example: 'forestock demand shared --part VAC-30',
  });
}

function shareTable(
  places: readonly {
    readonly what: string;
    readonly where: string;
    readonly shares: z.output<typeof ShareOut>['shares'];
  }[],
): string {
  if (places.length === 0) return 'none';
  return table(
    ['what', 'where', 'line', 'customer', 'tier', 'gets', 'of', 'an hour costs', 'age counts', 'decided by'],
    places.flatMap(({what, where, shares}) =>
      shares.map((one) => [
        what,
        where,
        one.demandId,
        one.customerPartyId ?? '',
        one.tier,
        one.given,
        one.open,
        (one.perHourMinor / 100).toFixed(2),
        `x${one.ageFactor}`,
        one.reason,
      ]),
    ),
  );
}
