import {Command} from 'commander';
import {readConfiguration} from '../platform/configuration.ts';
import {listModels} from '../predict/main.ts';
import {answer, table} from './output.ts';

export function modelCommand(): Command {
  const list = new Command('list')
    .description('the failure models of this installation, each verified against its manifest')
    .option('--json', 'print one JSON value instead of text')
    .addHelpText('after', '\nExample: forestock model list --json')
    .action(async ({json}: {json?: boolean}) => {
      const models = await listModels(readConfiguration(process.env));
      answer(json, {models}, () =>
        models.length === 0
          ? 'none: forecasts come from age and base rates'
          : table(
              ['version', 'equipment class', 'gate', 'trained on'],
              models.map((one) => [
                one.modelVersionId,
                one.equipmentClassIds.join(' + '),
                one.passed ? 'passed' : 'NOT passed',
                one.source,
              ]),
            ),
      );
    });
  return new Command('model').description('failure models').addCommand(list);
}
