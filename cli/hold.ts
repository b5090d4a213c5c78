import {Command, Option} from 'commander';
import {z} from 'zod';
import {Hold} from '../console/api/routes/holds.ts';
import {epochMs, toIso, toMinute} from '../domain/time.ts';
import {HOLD_KINDS} from '../platform/holds.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {instant} from './option-values.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface ActOptions extends AskOptions {
  readonly reason: string;
  readonly actor: string;
}
interface PlaceOptions extends ActOptions {
  readonly kind: string;
  readonly subject: string;
  readonly from: number;
  readonly to: number;
}

const USER = process.env['USER'] ?? 'cli';

/** Legal holds: rows that no retention may remove. */
export function holdCommand(): Command {
  const list = listCommand({
    path: '/api/v1/holds',
    page: z.object({holds: z.array(Hold)}),
    text: ({holds}) => holdTable(holds),
    example: 'forestock hold list',
  });
  return [placeCommand(), list, liftCommand()].reduce(
    (group, each) => group.addCommand(each),
    new Command('hold').description('legal holds: rows that no retention removes while they stand'),
  );
}

function placeCommand(): Command {
  return askCommand(
    'place',
    'keeps the rows of an equipment, a part or a partner, of a span of time, from being removed',
    'forestock hold place CASE-7 --kind equipment --subject CH-0142 --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z --reason "claim 7"',
  )
    .argument('<holdId>', 'what the hold is called')
    .addOption(new Option('--kind <kind>', 'what is held').choices(HOLD_KINDS).makeOptionMandatory())
    .requiredOption('--subject <id>', 'of the equipment, the part or the partner')
    .requiredOption('--from <instant>', 'world time from which rows are held (ISO 8601)', instant)
    .requiredOption('--to <instant>', 'world time from which they are not', instant)
    .requiredOption('--reason <text>', 'on what ground; goes into the audit trail')
    .option('--actor <name>', 'who does it; goes into the audit trail', USER)
    .action(async (id: string, {kind, subject, from, to, reason, actor, ...options}: PlaceOptions) => {
      const span = {from: toIso(epochMs(from)), to: toIso(epochMs(to))};
      const done = await withApi(options, (api) =>
        api.put(pathOf(id), {kind, subjectId: subject, ...span, reason, actor}),
      );
      answer(options.json, done, () => `held: ${id}`);
    });
}

function liftCommand(): Command {
  return askCommand('lift', 'lets retention go on', 'forestock hold lift CASE-7 --reason "settled"')
    .argument('<holdId>')
    .requiredOption('--reason <text>', 'on what ground; goes into the audit trail')
    .option('--actor <name>', 'who does it; goes into the audit trail', USER)
    .action(async (id: string, {reason, actor, ...options}: ActOptions) => {
      const done = await withApi(options, (api) => api.delete(pathOf(id), {reason, actor}));
      answer(options.json, done, () => `lifted: ${id}`);
    });
}

function pathOf(id: string): string {
  return `/api/v1/holds/${encodeURIComponent(id)}`;
}

function holdTable(holds: readonly z.output<typeof Hold>[]): string {
  if (holds.length === 0) return 'none';
  const at = (instantMs: number): string => toMinute(epochMs(instantMs));
  return table(
    ['hold', 'of', '', 'from', 'to', 'placed', 'by', 'lifted'],
    holds.map(({holdId, kind, subjectId, from, to, placedAt, placedBy, liftedAt}) => [
      ...[holdId, kind, subjectId, at(from), at(to), at(placedAt), placedBy],
      liftedAt === null ? '' : at(liftedAt),
    ]),
  );
}
