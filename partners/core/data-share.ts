import {z} from 'zod';
import type {EpochMs} from '../../domain/time.ts';
import {noticeHours} from './breach.ts';
import {sharedKind} from './shared-data.ts';
import type {SharedData} from './shared-data.ts';

/** Ten years: a typing mistake, not a retention. */
const DAYS_MAX = 3650;

/** What was agreed about one kind of data for one party (K4). */
export const DataShareTerms = z.object({
  purpose: z.string().trim().min(1).max(500).describe('What the party gets it for'),
  useRights: z.string().trim().min(1).max(2000).describe('What it may do with it, and what not'),
  fields: z
    .record(z.string().min(1).max(64), z.enum(['plain', 'masked']))
    .describe(
      'Fields that are granted; masked: a text as a pseudonym, a number to one digit, an instant to its day',
    ),
  groupBy: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(4)
    .nullable()
    .default(null)
    .describe('Rows are added up by these granted fields; null: row by row'),
  groupMin: z
    .int()
    .min(2)
    .max(1000)
    .default(5)
    .describe('So many have to stand behind a row that was added up, or it is not sent by itself'),
  smallGroups: z
    .enum(['merge', 'leave-out'])
    .default('merge')
    .describe('Smaller groups become one row "other", or are left out'),
  everyHours: z
    .int()
    .min(1)
    .max(8784)
    .nullable()
    .default(null)
    .describe(
      'A new state is sent after so many hours; asked before, the last one is sent again; null: as it is',
    ),
  breachNoticeH: noticeHours
    .nullable()
    .default(null)
    .describe(
      'The party hears of a breach within so many hours of its discovery; null: as the rule in force says',
    ),
  retentionDays: z
    .int()
    .min(1)
    .max(DAYS_MAX)
    .describe('So long the party may keep it; afterwards what we keep of the sending goes too'),
});
export type DataShareTerms = z.output<typeof DataShareTerms>;

/** One version of an agreement. */
export interface DataShare extends DataShareTerms {
  readonly partyId: string;
  readonly data: SharedData;
  readonly version: number;
  readonly from: EpochMs;
  /** Null: until something else is agreed. */
  readonly to: EpochMs | null;
  readonly agreedBy: string;
}

/**
 * What cannot be agreed so, with the next step; null when all is right.
 *
 * Example: stock grouped by 'qty' → 'groupBy qty: rows of stock are added up by partId, depotId, condition; name some of these'.
 */
export function shareMistake(data: SharedData, {fields, groupBy}: DataShareTerms): string | null {
  const {more, own, groups} = sharedKind(data);
  if (more.length === 0) return `${data} are the party’s own and need no share`;
  const unknown = Object.keys(fields).filter((name) => !more.includes(name));
  if (unknown.length > 0)
    return `fields ${unknown.join(', ')}: ${data} can grant ${more.join(', ')}; name some of these`;
  if (Object.keys(fields).length === 0) return `fields: none is granted; name some of ${more.join(', ')}`;
  if (groupBy === null) return null;
  if (own.length > 0) return `groupBy: ${data} hold what is the party’s own, row by row; leave groupBy out`;
  const odd = groupBy.filter((name) => !groups.includes(name));
  if (odd.length > 0)
    return `groupBy ${odd.join(', ')}: rows of ${data} are added up by ${groups.join(', ')}; name some of these`;
  const missing = groupBy.filter((name) => !Object.hasOwn(fields, name));
  if (missing.length > 0)
    return `groupBy ${missing.join(', ')}: it is not granted; add it to fields, or leave it out`;
  return null;
}

/** Whether it is sent as a whole, and not row by row as somebody asks: a filter would look into groups and into times between. */
export function isWhole({groupBy, everyHours}: Pick<DataShare, 'groupBy' | 'everyHours'>): boolean {
  return groupBy !== null || everyHours !== null;
}
