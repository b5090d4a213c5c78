import {Command} from 'commander';
import {z} from 'zod';
import {CriticalityRun, PlanTarget, RebalanceRun, TargetRun} from '../console/api/routes/plans.ts';
import {formatMoney} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {expeditesCommand} from './expedites.ts';
import {lastBuyCommand} from './last-buy.ts';
import {amountMinor, share, wholeNumber} from './option-values.ts';
import {listCommand} from './operations/list-command.ts';
import {spreadCommand} from './spread.ts';
import {policiesCommand} from './policies.ts';
import {answer, askCommand, progress, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface PlanOptions extends AskOptions {
  readonly currency?: string;
  readonly apply?: boolean;
  readonly actor: string;
  readonly limit: number;
}

export function planCommand(): Command {
  return new Command('plan')
    .description(
      'the stock of the whole network at once: targets, excess, moves between depots, last orders, policies, classes',
    )
    .addCommand(targetsCommand())
    .addCommand(
      listCommand({
        name: 'list',
        path: '/api/v1/plans/targets',
        page: z.object({targets: z.array(PlanTarget)}),
        text: ({targets}) => targetTable(targets),
        example: 'forestock plan list --depot WAW-1',
      }),
    )
    .addCommand(rebalanceCommand())
    .addCommand(spreadCommand())
    .addCommand(lastBuyCommand())
    .addCommand(policiesCommand())
    .addCommand(criticalityCommand())
    .addCommand(expeditesCommand());
}

function targetsCommand(): Command {
  return planning(
    'targets',
    'what each depot should hold of each part',
    'forestock plan targets --budget 250000',
  )
    .option('--budget <amount>', 'value of the stock at most, in whole units of the currency', amountMinor)
    .option('--availability <share>', 'share of the machines that wait for no part: 0.98', share)
    .option('--horizon-days <n>', 'stock that lasts longer is excess', wholeNumber, 365)
    .action(
      async (
        {budget, availability, horizonDays, ...options}: PlanOptions & TargetOptions,
        command: Command,
      ) => {
        if ((budget === undefined) === (availability === undefined))
          return command.error('error: a plan has one goal; name --budget or --availability', {
            exitCode: 2,
          });
        progress('planning every part …');
        const run = await withApi(options, (api) =>
          api.post('/api/v1/plans/targets', {
            budgetMinor: budget,
            availability,
            horizonDays,
            ...bodyOf(options),
          }),
        );
        answer(options.json, run, () => targetsText(TargetRun.parse(run)));
      },
    );
}

interface TargetOptions {
  /** In cents, as typed in whole units. */
  readonly budget?: number;
  readonly availability?: number;
  readonly horizonDays: number;
}

function rebalanceCommand(): Command {
  return planning('rebalance', 'which pieces to move between depots', 'forestock plan rebalance --apply')
    .option('--margin <amount>', 'a move saves at least this much; 50 when left out', amountMinor)
    .action(async ({margin = 5_000, ...options}: PlanOptions & {margin?: number}) => {
      progress('weighing every part …');
      const run = await withApi(options, (api) =>
        api.post('/api/v1/plans/rebalance', {
          marginMinor: margin,
          ...bodyOf(options),
        }),
      );
      answer(options.json, run, () => movesText(RebalanceRun.parse(run)));
    });
}

function criticalityCommand(): Command {
  return planning(
    'criticality',
    'which parts most depends on: classes A, B and C from what their failures cost',
    'forestock plan criticality --apply',
  ).action(async (options: PlanOptions) => {
    progress('weighing every part …');
    const run = await withApi(options, (api) => api.post('/api/v1/plans/criticality', bodyOf(options)));
    answer(options.json, run, () => criticalityText(CriticalityRun.parse(run)));
  });
}

function planning(name: string, description: string, example: string): Command {
  return askCommand(name, description, example)
    .option('--currency <code>', 'plan the parts priced in it; needed where there are several')
    .option('--apply', 'keep the run; without it nothing is written')
    .option('--actor <name>', 'who plans; goes into the audit trail', process.env['USER'] ?? 'planner')
    .option('--limit <n>', 'rows of each list at most', wholeNumber, 50);
}

function bodyOf({currency, apply = false, actor, limit}: PlanOptions): Record<string, unknown> {
  return {currency, apply, actor, limit};
}

function targetsText(run: z.output<typeof TargetRun>): string {
  const money = (minor: number): string => formatMoney({minor, currency: run.currency});
  const changes = table(
    [
      'part',
      'depot',
      'target',
      'before',
      'here and coming',
      'short on average',
      'filled',
      'with neighbours',
      'as one stock',
      'change',
    ],
    run.targets.map((row) => [
      row.partId,
      row.depotId,
      row.baseStock,
      row.before ?? '',
      row.position,
      row.expectedBackorders.toFixed(4),
      percent(row.fillRate),
      row.fillRateHelped === null ? '' : percent(row.fillRateHelped),
      row.fillRatePooled === null ? '' : percent(row.fillRatePooled),
      money(row.valueMinor),
    ]),
  );
  const repairs = table(
    ['part', 'workshop of', 'repaired', 'days', 'in repair', 'repaired a year', 'to buy a year'],
    run.repairs.map((row) => [
      row.partId,
      row.depotId,
      percent(row.repairedShare),
      row.turnaroundDays.toFixed(1),
      row.inRepair.toFixed(2),
      row.repairedPerYear.toFixed(1),
      row.boughtPerYear.toFixed(1),
    ]),
  );
  const excess = table(
    ['part', 'depot', 'pieces', 'value', 'proposal', 'to'],
    run.excess.map((row) => [
      row.partId,
      row.depotId,
      row.quantity,
      money(row.valueMinor),
      row.proposal,
      row.toDepotId ?? '',
    ]),
  );
  const unplanned = run.unplanned.map(({partId, depotId, reason}) => `${partId} at ${depotId}: ${reason}`);
  return [
    changes,
    '',
    run.excess.length === 0 ? 'excess: none' : `excess\n${excess}`,
    ...(run.repairs.length === 0 ? [] : ['', `repairs\n${repairs}`]),
    ...(unplanned.length === 0 ? [] : ['', `not planned: ${unplanned.join('; ')}`]),
    '',
    `stock ${money(run.spendMinor)}, ${run.expectedBackorders.toFixed(3)} pieces short on average, ${money(run.downtimeMinorPerH)} an hour; ${percent(run.fillRate)} of the pieces are filled at once`,
    ...(run.lotStockMinor === 0 ? [] : [`least orders add ${money(run.lotStockMinor)} on average`]),
    availabilityText(run),
    `a better plan could gain ${(100 * run.gap).toFixed(3)} % at most`,
    ...(run.approximationOff === null
      ? []
      : [
          `${run.exactSystems} of ${run.systems} parts and centres are reckoned exactly; their approximation is off by ${run.approximationOff.toFixed(4)} pieces at one depot at most`,
        ]),
    kept(run.runId),
  ].join('\n');
}

/** Example: '98.20 % of 120 machines wait for no part, least of CH-100 (40): 97.10 %'. */
function availabilityText({
  availability,
  machines,
  machinesTold,
  fleets,
}: z.output<typeof TargetRun>): string {
  if (availability === null)
    return `how many of ${machines} machines wait for no part cannot be told: no planned part is on record in any`;
  const of = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const untold =
    machines === machinesTold ? '' : `; ${machines - machinesTold} others have no planned part on record`;
  const told = fleets.filter((one) => one.availability !== null);
  const [least] = told;
  const worst =
    told.length < 2 ? '' : `, least of ${least!.modelId} (${least!.machines}): ${of(least!.availability!)}`;
  return `${of(availability)} of ${machinesTold} machines wait for no part${worst}${untold}`;
}

function movesText(run: z.output<typeof RebalanceRun>): string {
  const money = (minor: number): string => formatMoney({minor, currency: run.currency});
  if (run.moves.length === 0) return 'no move saves enough';
  const moves = table(
    ['part', 'from', 'to', 'by', 'pieces', 'freight', 'saves'],
    run.moves.map((row) => [
      row.partId,
      row.fromDepotId,
      row.toDepotId,
      row.mode,
      row.quantity,
      money(row.freightMinor),
      money(row.gainMinor),
    ]),
  );
  return [moves, '', `saves ${money(run.gainMinor)} in all`, kept(run.runId)].join('\n');
}

function criticalityText(run: z.output<typeof CriticalityRun>): string {
  const money = (minor: number): string => formatMoney({minor, currency: run.currency});
  const parts = table(
    [
      'part',
      'class',
      'before',
      'stated',
      'a year',
      'an hour waiting',
      'machines',
      'ahead of it',
      'substitute',
    ],
    run.parts.map(({partId, inForce, before, stated, reason}) => [
      partId,
      inForce,
      before,
      stated ?? '',
      reason.perYear.toFixed(2),
      money(reason.shortageMinorPerH),
      reason.machines,
      percent(reason.aheadShare),
      reason.hasSubstitute ? 'yes' : '',
    ]),
  );
  return [parts, '', kept(run.runId)].join('\n');
}

function targetTable(rows: readonly z.output<typeof PlanTarget>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    ['part', 'depot', 'target', 'short on average', 'since', 'run'],
    rows.map((row) => [
      row.partId,
      row.depotId,
      row.baseStock,
      row.expectedBackorders?.toFixed(4) ?? '',
      toMinute(epochMs(row.validFrom)),
      row.runId,
    ]),
  );
}

function percent(of: number): string {
  return `${(100 * of).toFixed(1)} %`;
}

function kept(runId: string | null): string {
  return runId === null ? 'nothing was written; --apply keeps the run' : `kept as run ${runId}`;
}
