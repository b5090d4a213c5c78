import {Command} from 'commander';
import {OPERATIONS} from './operations/catalogue.ts';
import {operationCommand} from './operations/operation-command.ts';

export function repairsCommand(): Command {
  return new Command('repairs')
    .description('what technicians found and did')
    .addCommand(
      operationCommand(
        'report',
        OPERATIONS.repair,
        'forestock repairs report --equipment CO-0020 --position oil-separator --finding failed --reported-at 2026-01-05T08:00:00.000Z',
      ),
    );
}
