#!/usr/bin/env node
import {Command} from 'commander';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {demoCommand} from './demo.ts';
import {replayCommand} from './replay.ts';
import {trainCommand} from './train.ts';

const program = new Command('forestock')
  .description('predictive replenishment for service parts')
  .showHelpAfterError()
  .addCommand(demoCommand())
  .addCommand(replayCommand())
  .addCommand(trainCommand);

/** 0 done · 1 failed · 2 wrong configuration or usage. */
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof OperationalFault)) throw error;
  process.stderr.write(`forestock: ${messageOf(error)}\n`);
  process.exitCode = error.code === 'configuration-invalid' ? 2 : 1;
}
