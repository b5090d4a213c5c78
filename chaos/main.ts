import {writeFile} from 'node:fs/promises';
import {Command} from 'commander';
import {wholeNumber} from '../cli/option-values.ts';
import {messageOf} from '../domain/fault.ts';
import {MINUTE_MS} from '../domain/time.ts';
import {chooseFaults, FAULTS} from './faults/catalogue.ts';
import {runProgramme} from './programme.ts';
import {faultTable, verdictTable} from './table.ts';

interface Options {
  readonly list?: boolean;
  readonly faults?: string;
  readonly mix?: number;
  readonly atOnce?: number;
  readonly readings: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly minutes: number;
  readonly outage: number;
  readonly freeze: number;
  readonly strict?: boolean;
  readonly heal: number;
  readonly json?: string;
}

const command = new Command('chaos')
  .description(
    'makes trouble for the real servers and stages, and reckons up what was lost, doubled, made up or changed',
  )
  .option(
    '--faults <texts>',
    'those whose name contains one of these texts, separated by commas; all when absent',
  )
  .option('--mix <n>', 'so many of them, drawn at random by the seed, instead of each once', wholeNumber)
  .option('--at-once <n>', 'faults under way at the same time (default: 2 of a mix, else 1)', wholeNumber)
  .option('--list', 'names all faults and does nothing')
  .option('--readings <n>', 'messages to send at least', wholeNumber, 2000)
  .option('--per-second <n>', 'messages a second', wholeNumber, 100)
  .option('--seed <n>', 'of the order of faults and of what is sent', wholeNumber, 1)
  .option('--minutes <n>', 'after so long no further fault begins', wholeNumber, 24 * 60)
  .option('--outage <ms>', 'how long a fault lasts', wholeNumber, 5000)
  .option('--freeze <ms>', 'how long a process is stopped (SIGSTOP)', wholeNumber, 30_000)
  .option(
    '--strict',
    'telemetry, too, is acknowledged at the commit (FORESTOCK_STRICT_TELEMETRY): a gap excuses nothing then',
  )
  .option(
    '--heal <ms>',
    'time after the last fault in which everything must come to rest',
    wholeNumber,
    180_000,
  )
  .option('--json <file>', 'writes the outcome there as well')
  .addHelpText(
    'after',
    '\nServers that already run: MQTT_URL, NATS_URL, DATABASE_URL (empty ones: the programme writes into them).\n\nExit code: 0 everything kept, 1 something lost, doubled, made up, changed or stuck, 2 wrong option.',
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(run);
await command.parseAsync();

async function run({
  list,
  faults,
  mix,
  atOnce = mix === undefined ? 1 : 2,
  readings,
  perSecond,
  seed,
  minutes,
  outage,
  freeze,
  strict = false,
  heal,
  json,
}: Options): Promise<void> {
  if (list === true) {
    console.log(FAULTS.map(({kind}) => kind).join('\n'));
    return;
  }
  const {MQTT_URL: mqttUrl, NATS_URL: natsUrl, DATABASE_URL: databaseUrl} = process.env;
  const outcome = await runProgramme({
    external: {
      ...(mqttUrl && {mqttUrl}),
      ...(natsUrl && {natsUrl}),
      ...(databaseUrl && {databaseUrl}),
    },
    seed,
    readings,
    perSecond,
    faults: chosen({
      only: faults === undefined ? [] : faults.split(','),
      seed,
      ...(mix !== undefined && {mix}),
    }),
    atOnce,
    withinMs: minutes * MINUTE_MS,
    outageMs: outage,
    freezeMs: freeze,
    strict,
    healMs: heal,
    say: (line) => console.error(line),
  });
  console.log(faultTable(outcome.faults));
  console.log(verdictTable(outcome));
  for (const [kind, examples] of Object.entries(outcome.examples))
    console.log(`${kind}: ${examples.join(', ')}`);
  for (const stuck of outcome.stuck) console.log(`stuck: ${stuck}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(outcome, null, 2)}\n`);
  console.log(outcome.kept ? 'everything kept' : `not kept; ledger and logs are in ${outcome.folder}`);
  process.exitCode = outcome.kept ? 0 : 1;
}

/** A misspelt fault ends the programme before it begins. */
function chosen(choice: Parameters<typeof chooseFaults>[0]): ReturnType<typeof chooseFaults> {
  try {
    return chooseFaults(choice);
  } catch (error) {
    return command.error(`error: ${messageOf(error)}`, {exitCode: 2});
  }
}
