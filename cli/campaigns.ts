import type {Command} from 'commander';
import {z} from 'zod';
import {CampaignRow} from '../console/api/routes/campaigns.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {percent} from '../replenish/api.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

export function campaignsCommand(): Command {
  return listCommand({
    name: 'campaigns',
    path: '/api/v1/campaigns',
    page: z.object({campaigns: z.array(CampaignRow)}),
    text: ({campaigns}) => campaignTable(campaigns),
    example: 'forestock demand campaigns --limit 10',
  });
}

function campaignTable(rows: readonly z.output<typeof CampaignRow>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    ['campaign', 'part', 'pieces each', 'take', 'worth', 'from', 'until', 'machines', 'served'],
    rows.map((row) => [
      row.campaignId,
      row.partId,
      row.quantity,
      percent(row.takePpm),
      row.takeStrength,
      toMinute(epochMs(row.startsAt)),
      toMinute(epochMs(row.endsAt)),
      row.machines,
      row.served,
    ]),
  );
}
