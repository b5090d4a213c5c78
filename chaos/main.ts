import {writeFile} from 'node:fs/promises';
import {Command} from 'commander';
import {chooseFaults, FAULTS} from './faults/catalogue.ts';
import {runProgramme} from './programme.ts';
import {faultTable, verdictTable} from './table.ts';

interface Options {
  readonly list?: boolean;
  readonly faults?: string;
  readonly mix: string;
  readonly readings: string;
  readonly perSecond: string;
  readonly seed: string;
  readonly outage: string;
  readonly heal: string;
  readonly json?: string;
}

await new Command('chaos')
  .description(
    'makes trouble for the real servers and stages, and reckons up what was lost, doubled, made up or changed',
  )
  .option(
    '--faults <texts>',
    'those whose name contains one of these texts, separated by commas; all when absent',
  )
  .option('--mix <n>', 'further faults, drawn from them at random', '0')
  .option('--list', 'names all faults and does nothing')
  .option('--readings <n>', 'messages to send at least', '2000')
  .option('--per-second <n>', 'messages a second', '100')
  .option('--seed <n>', 'of the order of faults and of what is sent', '1')
  .option('--outage <ms>', 'how long a fault lasts', '5000')
  .option('--heal <ms>', 'time after the last fault in which everything must come to rest', '180000')
  .option('--json <file>', 'writes the outcome there as well')
  .addHelpText(
    'after',
    '\nServers that already run: MQTT_URL, NATS_URL, DATABASE_URL (empty ones: the programme writes into them).\n\nExit code: 0 everything kept, 1 something lost, doubled, made up, changed or stuck.',
  )
  .action(run)
  .parseAsync();

async function run({
  list,
  faults,
  mix,
  readings,
  perSecond,
  seed,
  outage,
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
    seed: Number(seed),
    readings: Number(readings),
    perSecond: Number(perSecond),
    faults: chooseFaults({
      only: faults === undefined ? [] : faults.split(','),
      mix: Number(mix),
      seed: Number(seed),
    }),
    outageMs: Number(outage),
    healMs: Number(heal),
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
