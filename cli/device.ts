import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {Command} from 'commander';
import {z} from 'zod';
import {DeviceLogin} from '../console/api/routes/devices.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

const Issued = z.object({login: z.string(), equipmentIds: z.array(z.string()), secret: z.string()});
const Files = z.object({passwords: z.string(), acl: z.string()});
const USER = process.env['USER'] ?? 'cli';

/** MQTT logins of equipment, in the embedded listener and as files for Mosquitto. */
export function deviceCommand(): Command {
  const credential = askCommand(
    'credential',
    'makes a new MQTT secret for an equipment, or a Sparkplug node as group/node, and prints it, once',
    'forestock device credential CH-0001',
  )
    .argument('<login>')
    .option('--speaks-for <ids>', 'devices of a Sparkplug node, separated by commas', '')
    .option('--actor <name>', 'who makes it; goes into the audit trail', USER)
    .action(async (login: string, options: AskOptions & {speaksFor: string; actor: string}) => {
      const {speaksFor, actor} = options;
      const equipmentIds = speaksFor
        .split(',')
        .map((id) => id.trim())
        .filter((id) => id !== '');
      const made = await withApi(options, (api) => api.put(pathOf(login), {equipmentIds, actor}));
      answer(options.json, made, () => {
        const issued = Issued.parse(made);
        return `${issued.secret}\n\nThe MQTT password of ${login}, shown this once. It speaks for ${issued.equipmentIds.join(', ')}.`;
      });
    });
  const revoke = askCommand(
    'revoke',
    'nobody connects by the login from now on',
    'forestock device revoke CH-0001',
  )
    .argument('<login>')
    .option('--actor <name>', 'who revokes it; goes into the audit trail', USER)
    .action(async (login: string, {actor, ...options}: AskOptions & {actor: string}) => {
      const done = await withApi(options, (api) => api.delete(pathOf(login), {actor}));
      answer(options.json, done, () => `revoked: ${login}`);
    });
  const list = listCommand({
    path: '/api/v1/devices',
    page: z.object({devices: z.array(DeviceLogin)}),
    text: ({devices}) =>
      devices.length === 0
        ? 'none'
        : table(
            ['login', 'speaks for', 'made (wall time)'],
            devices.map(({login, equipmentIds, madeAt}) => [
              login,
              equipmentIds.join(', '),
              toMinute(epochMs(madeAt)),
            ]),
          ),
    example: 'forestock device list',
  });
  const acl = askCommand(
    'acl',
    'writes devices.passwd and devices.acl: the same logins for a Mosquitto broker',
    'forestock device acl --out deploy/secrets',
  )
    .requiredOption('--out <folder>', 'where to')
    .option('--service <login>', 'login of Forestock itself at the broker', 'forestock')
    .action(async ({out, service, ...options}: AskOptions & {out: string; service: string}) => {
      const files = Files.parse(
        await withApi(options, (api) =>
          api.get(`/api/v1/device-files?service=${encodeURIComponent(service)}`),
        ),
      );
      await mkdir(out, {recursive: true});
      await writeFile(path.join(out, 'devices.passwd'), files.passwords, {mode: 0o600});
      await writeFile(path.join(out, 'devices.acl'), files.acl, {mode: 0o600});
      answer(
        options.json,
        {out},
        () =>
          `devices.passwd and devices.acl in ${out}; add the line of ${service} to the first by mosquitto_passwd`,
      );
    });
  return [credential, list, revoke, acl].reduce(
    (group, each) => group.addCommand(each),
    new Command('device').description('MQTT logins of equipment: each speaks for itself alone'),
  );
}

function pathOf(login: string): string {
  return `/api/v1/devices/${encodeURIComponent(login)}`;
}
