#!/usr/bin/env node
import {Command, CommanderError} from 'commander';
import {OperationalFault, messageOf} from '../domain/fault.ts';

/** In the order of the help. Only the one that is asked for is loaded: all together they take a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demoCommand(),
  start: async () => (await import('./start.ts')).startCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  export: async () => (await import('./import.ts')).exportCommand(),
  book: async () => (await import('./book.ts')).bookCommand(),
  stock: async () => (await import('./stock.ts')).stockCommand(),
  atp: async () => (await import('./atp.ts')).atpCommand(),
  demand: async () => (await import('./demand.ts')).demandCommand(),
  alerts: async () => (await import('./alerts.ts')).alertsCommand(),
  backorders: async () => (await import('./backorders.ts')).backordersCommand(),
  orders: async () => (await import('./orders.ts')).ordersCommand(),
  edi: async () => (await import('./edi.ts')).ediCommand(),
  plan: async () => (await import('./plan.ts')).planCommand(),
  repairs: async () => (await import('./repairs.ts')).repairsCommand(),
  feeds: async () => (await import('./feeds.ts')).feedsCommand(),
  share: async () => (await import('./share.ts')).shareCommand(),
  contracts: async () => (await import('./contracts.ts')).contractsCommand(),
  sla: async () => (await import('./contracts.ts')).slaCommand(),
  settlement: async () => (await import('./contracts.ts')).settlementCommand(),
  hold: async () => (await import('./hold.ts')).holdCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  user: async () => (await import('./user.ts')).userCommand(),
  token: async () => (await import('./token.ts')).tokenCommand(),
  device: async () => (await import('./device.ts')).deviceCommand(),
  quarantine: async () => (await import('./quarantine.ts')).quarantineCommand(),
  proposals: async () => (await import('./proposals.ts')).proposalsCommand(),
  decisions: async () => (await import('./decisions.ts')).decisionsCommand(),
  model: async () => (await import('./model.ts')).modelCommand(),
  tune: async () => (await import('./tune.ts')).tuneCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  train: async () => (await import('./train.ts')).trainCommand,
  evaluate: async () => (await import('./evaluate.ts')).evaluateCommand(),
};

const program = new Command('forestock')
  .description('predictive replenishment for service parts')
  .enablePositionalOptions() // what stands behind a subcommand is the subcommand's, at every level
  .showHelpAfterError();
const asked = COMMANDS[process.argv[2] ?? ''];
for (const load of asked === undefined ? Object.values(COMMANDS) : [asked]) program.addCommand(await load());
throwInsteadOfExit(program);

/** What was given is wrong: to be corrected, for it fails the same way again. */
const WRONG_INPUT = [
  'configuration-invalid',
  'file-unreadable',
  'folder-unreadable',
  'foreign-units',
  'leaking-history',
  'too-little-history',
];

/** 0 done · 1 failed · 2 wrong usage, configuration or file, and nothing was done. */
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2); // it has said why
  if (!(error instanceof OperationalFault)) throw error;
  process.stderr.write(`forestock: ${messageOf(error)}\n`);
  process.exitCode = WRONG_INPUT.includes(error.code) ? 2 : 1;
}

/** So that wrong usage leaves with 2 in every command. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const each of command.commands) throwInsteadOfExit(each);
}
