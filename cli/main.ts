#!/usr/bin/env node
import {Command, CommanderError} from 'commander';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {COMMANDS} from './commands.ts';

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
