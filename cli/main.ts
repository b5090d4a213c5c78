#!/usr/bin/env node
import {Command, CommanderError} from 'commander';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {bookCommand} from './book.ts';
import {decisionsCommand} from './decisions.ts';
import {demandCommand} from './demand.ts';
import {demoCommand} from './demo.ts';
import {doctorCommand} from './doctor.ts';
import {evaluateCommand} from './evaluate.ts';
import {feedsCommand} from './feeds.ts';
import {exportCommand, importCommand} from './import.ts';
import {migrateCommand} from './migrate.ts';
import {modelCommand} from './model.ts';
import {ordersCommand} from './orders.ts';
import {proposalsCommand} from './proposals.ts';
import {quarantineCommand} from './quarantine.ts';
import {repairsCommand} from './repairs.ts';
import {replayCommand} from './replay.ts';
import {startCommand} from './start.ts';
import {stockCommand} from './stock.ts';
import {tokenCommand} from './token.ts';
import {trainCommand} from './train.ts';

const program = new Command('forestock')
  .description('predictive replenishment for service parts')
  .showHelpAfterError()
  .addCommand(demoCommand())
  .addCommand(startCommand())
  .addCommand(doctorCommand())
  .addCommand(migrateCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(bookCommand())
  .addCommand(stockCommand())
  .addCommand(demandCommand())
  .addCommand(ordersCommand())
  .addCommand(repairsCommand())
  .addCommand(feedsCommand())
  .addCommand(tokenCommand())
  .addCommand(quarantineCommand())
  .addCommand(proposalsCommand())
  .addCommand(decisionsCommand())
  .addCommand(modelCommand())
  .addCommand(replayCommand())
  .addCommand(trainCommand)
  .addCommand(evaluateCommand());
throwInsteadOfExit(program);

/** 0 done · 1 failed · 2 wrong configuration or usage. */
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2); // it has said why
  if (!(error instanceof OperationalFault)) throw error;
  process.stderr.write(`forestock: ${messageOf(error)}\n`);
  process.exitCode = error.code === 'configuration-invalid' ? 2 : 1;
}

/** So that wrong usage leaves with 2 in every command. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const each of command.commands) throwInsteadOfExit(each);
}
