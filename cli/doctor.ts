import {Command} from 'commander';
import pc from 'picocolors';
import {readConfiguration} from '../platform/configuration.ts';
import {httpFinding, mqttFinding, natsFinding} from './doctor/connections.ts';
import {databaseFindings} from './doctor/database.ts';
import type {Finding} from './doctor/finding.ts';
import {
  accessFinding,
  backendFinding,
  folderFinding,
  modelFinding,
  nodeFinding,
  webhookFinding,
} from './doctor/process.ts';
import {answer, table} from './output.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('what the service will find here: what works, what is missing, and how to get it')
    .option('--json', 'print one JSON value instead of text')
    .option('--port-offset <n>', 'as start takes it')
    .addHelpText(
      'after',
      '\nExample: NATS_URL=nats://bus.example:4222 forestock doctor\n\nExit code: 0 no problem, 1 some, 2 wrong configuration.',
    )
    .action(async ({json, portOffset}: {json?: boolean; portOffset?: string}) => {
      const configuration = readConfiguration(process.env, {portOffset});
      const [databases, mqtt, bus, http, backend, models] = await Promise.all([
        databaseFindings(configuration),
        mqttFinding(configuration),
        natsFinding(configuration),
        httpFinding(configuration),
        backendFinding(configuration),
        modelFinding(configuration),
      ]);
      const findings = [
        nodeFinding(),
        folderFinding(configuration),
        ...databases,
        ...[mqtt, bus, http],
        accessFinding(configuration),
        webhookFinding(configuration),
        ...[backend, models],
      ];
      const healthy = findings.every(({verdict}) => verdict !== 'problem');
      if (!healthy) process.exitCode = 1;
      answer(json, {healthy, findings}, () => report(findings));
    });
}

const COLOUR = {ok: pc.green, note: pc.yellow, problem: pc.red};

function report(findings: readonly Finding[]): string {
  const rows = findings.map(({name, verdict, found, next}) => [name, COLOUR[verdict](verdict), found, next]);
  return table(['what', '', 'found', 'next step'], rows);
}
