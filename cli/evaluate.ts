import {Command} from 'commander';
import {advanceDemandCommand} from './evaluate/advance-demand.ts';
import {azurePdmCommand} from './evaluate/azure-pdm.ts';
import {closedLoopCommand} from './evaluate/closed-loop.ts';
import {cmapssCommand} from './evaluate/cmapss.ts';
import {sparepartsCommand} from './evaluate/spareparts.ts';
import {stockPolicyCommand} from './evaluate/stock-policy.ts';
import {supplierDelayCommand} from './evaluate/supplier-delay.ts';

/** `forestock evaluate …`: the decision and forecast methods on data with known answers. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure the methods on data and settings with known or published answers')
    .addCommand(advanceDemandCommand)
    .addCommand(azurePdmCommand)
    .addCommand(closedLoopCommand)
    .addCommand(cmapssCommand)
    .addCommand(sparepartsCommand)
    .addCommand(stockPolicyCommand)
    .addCommand(supplierDelayCommand);
}
