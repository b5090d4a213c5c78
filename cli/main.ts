#!/usr/bin/env node
import {Command, CommanderError} from 'commander';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {COMMANDS} from './commands.ts';

const program = new Command('forestock')
  .description('predictive replenishment for service parts')
  .enablePositionalOptions() // what stands behind a subcommand is the subcommand's, at every level
  .showHelpAfterError();
const [first, second] = process.argv.slice(2);
const name = (first === 'help' ? second : first) ?? '';
const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (asked !== undefined) program.addCommand(await asked.load());
else for (const [each, {about}] of Object.entries(COMMANDS)) program.command(each).description(about);
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
