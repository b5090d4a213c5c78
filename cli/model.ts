import {Command} from 'commander';
import {z} from 'zod';
import {ModelComparisonView, ModelHistory, ModelVersion} from '../console/api/model-view.ts';
import {withApi} from './api-client.ts';
import {queryOf} from './decisions.ts';
import {comparisonText, listText, showText} from './model-text.ts';
import {modelWatchCommand} from './model-watch.ts';
import {instant, wholeNumber} from './option-values.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

const USER = process.env['USER'] ?? 'cli';
const CODES = '\nExit code: 0 done, 1 refused or failed, with what and why; 2 wrong usage.';

interface ActOptions extends AskOptions {
  readonly actor: string;
  readonly reason?: string;
}

const List = z.object({models: z.array(ModelVersion)});
const Shown = ModelVersion.extend({card: z.looseObject({}), history: z.array(ModelHistory)});
const Changed = z.object({
  changes: z.array(z.object({modelVersionId: z.string(), equipmentClassId: z.string(), state: z.string()})),
  lacking: z.array(z.string()).default([]),
});
const Decided = z.object({
  models: z.array(
    z.object({
      modelVersionId: z.string(),
      method: z.string(),
      states: z.array(z.string()),
      components: z.int(),
      highestPpm: z.int(),
    }),
  ),
});

export function modelCommand(): Command {
  const group = new Command('model').description(
    'failure models: what they are, compared, promoted, taken back',
  );
  for (const each of [
    list(),
    show(),
    compare(),
    promote(),
    rollback(),
    retire(),
    recover(),
    decided(),
    modelWatchCommand(),
  ])
    group.addCommand(each);
  return group;
}

function list(): Command {
  return askCommand(
    'list',
    'the registered models and what each is to its classes',
    'forestock model list --json',
  )
    .option('--at <instant>', 'as it was at this world time (ISO 8601)', instant)
    .action(async ({at, ...options}: AskOptions & {at?: number}) => {
      const query = queryOf({at: at === undefined ? undefined : new Date(at).toISOString()});
      const found = await withApi(options, (api) => api.get(`/api/v1/models?${query}`));
      answer(options.json, found, () => listText(z.decode(List, found as z.input<typeof List>).models));
    });
}

function show(): Command {
  return askCommand(
    'show',
    'one model: card, manifest and every state that it was in',
    'forestock model show chiller-d47416f3',
  )
    .argument('<version>')
    .action(async (version: string, options: AskOptions) => {
      const found = await withApi(options, (api) => api.get(pathOf(version)));
      answer(options.json, found, () => showText(z.decode(Shown, found as z.input<typeof Shown>)));
    });
}

function compare(): Command {
  return askCommand(
    'compare',
    'two models on the same forecasts, and which recorded decisions the second would have had taken otherwise',
    'forestock model compare chiller-d47416f3 chiller-1f2e3d4c --days 60',
  )
    .argument('<first>')
    .argument('<second>')
    .option('--days <n>', 'world days looked back', wholeNumber, 28)
    .addHelpText('after', '\nReads only. The second model’s forecasts are those that it made in shadow.')
    .action(async (first: string, second: string, {days, ...options}: AskOptions & {days: number}) => {
      const query = queryOf({with: second, days: String(days)});
      const found = await withApi(options, (api) => api.get(`${pathOf(first)}/compare?${query}`));
      answer(options.json, found, () =>
        comparisonText(z.decode(ModelComparisonView, found as z.input<typeof ModelComparisonView>)),
      );
    });
}

function promote(): Command {
  return acting(
    'promote',
    'makes a model champion of its classes, if it passes the gate',
    'forestock model promote chiller-1f2e3d4c',
  )
    .argument('<version>')
    .option('--class <ids...>', 'only these of its equipment classes')
    .option(
      '--on-card-alone <reason>',
      'where too few live forecasts have come to an end: why its card has to do',
    )
    .action(
      async (
        version: string,
        {
          class: equipmentClassIds,
          onCardAlone,
          actor,
          ...options
        }: ActOptions & {class?: string[]; onCardAlone?: string},
      ) => act(options, `${pathOf(version)}/promote`, {equipmentClassIds, onCardAlone, actor}),
    );
}

function rollback(): Command {
  return acting(
    'rollback',
    'gives the seat back to the model before; where there is none, to the age law',
    'forestock model rollback --class chiller --reason "alarms without failures"',
  )
    .option('--class <id>', 'the equipment class (default: those that the newest promotion has reached)')
    .option('--reason <text>', 'why; goes into the audit trail')
    .action(({class: equipmentClassId, reason, actor, ...options}: ActOptions & {class?: string}) =>
      act(options, '/api/v1/models/rollback', {equipmentClassId, reason, actor}),
    );
}

function retire(): Command {
  return acting('retire', 'ends a shadow: its folder may go then', 'forestock model retire chiller-1f2e3d4c')
    .argument('<version>')
    .option('--reason <text>', 'why; goes into the audit trail')
    .action((version: string, {reason, actor, ...options}: ActOptions) =>
      act(options, `${pathOf(version)}/retire`, {reason, actor}),
    );
}

function recover(): Command {
  return acting(
    'recover',
    'puts a model back that had fallen back to the age law',
    'forestock model recover chiller-d47416f3 --reason "the sensor was mended"',
  )
    .argument('<version>')
    .requiredOption('--reason <text>', 'why it is to be trusted again; goes into the audit trail')
    .action((version: string, {reason, actor, ...options}: ActOptions) =>
      act(options, `${pathOf(version)}/recover`, {reason, actor}),
    );
}

function decided(): Command {
  return askCommand(
    'decided',
    'which models decided',
    'forestock model decided d3310078-a728-533b-a6c3-d22a1cc3bb8d',
  )
    .argument('<decisionId>')
    .action(async (decisionId: string, options: AskOptions) => {
      const found = await withApi(options, (api) =>
        api.get(`/api/v1/decisions/${encodeURIComponent(decisionId)}/models`),
      );
      answer(options.json, found, () =>
        table(
          ['version', 'method', 'was then', 'components', 'highest risk in 28 days'],
          Decided.parse(found).models.map((one) => [
            one.modelVersionId,
            one.method,
            one.states.join(', ') || '–',
            one.components,
            `${(one.highestPpm / 1e4).toFixed(1)} %`,
          ]),
        ),
      );
    });
}

function acting(name: string, description: string, example: string): Command {
  return askCommand(name, description, example)
    .option('--actor <name>', 'who does it; goes into the audit trail', USER)
    .addHelpText('after', CODES);
}

async function act(options: AskOptions, path: string, body: object): Promise<void> {
  const done = await withApi(options, (api) => api.post(path, body));
  answer(options.json, done, () => {
    const {changes, lacking} = Changed.parse(done);
    return [
      ...changes.map(
        ({modelVersionId, equipmentClassId, state}) => `${modelVersionId} is ${state} of ${equipmentClassId}`,
      ),
      ...lacking.map((what) => `not asked for: ${what}`),
    ].join('\n');
  });
}

function pathOf(version: string): string {
  return `/api/v1/models/${encodeURIComponent(version)}`;
}
