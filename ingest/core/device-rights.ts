import {isId} from '../../domain/ids.ts';
import {matchTopic, topicFilter} from './topic.ts';

/** Who has connected: an equipment by its id, or a Sparkplug edge node by 'group/node'; and whom it speaks for. */
export interface Device {
  readonly login: string;
  readonly equipmentIds: readonly string[];
}

const STATUS = 'status/v1/{site}/{equipmentId}';
/** What a node tells: of itself, and of one of its devices. */
const OF_NODE: ReadonlySet<string> = new Set(['NBIRTH', 'NDEATH', 'NDATA']);
const OF_DEVICE: ReadonlySet<string> = new Set(['DBIRTH', 'DDEATH', 'DDATA']);

/** Example: 'line-1/edge-4' → {group: 'line-1', node: 'edge-4'}; 'CH-0001' → null: an equipment. */
export function sparkplugNode(login: string): {readonly group: string; readonly node: string} | null {
  const [group = '', node = '', ...more] = login.split('/');
  return more.length === 0 && isId(group) && isId(node) ? {group, node} : null;
}

export function isDeviceLogin(login: string): boolean {
  return isId(login) || sparkplugNode(login) !== null;
}

/**
 * Whether the device may say something on the topic: for the equipment that it speaks for, at any site, on a profile's topic; a node
 * also on Sparkplug's topics of its own and of its devices.
 *
 * Example: CH-0001 on 'telemetry/v1/AMS/CH-0001' → true; on 'telemetry/v1/AMS/CH-0002' → false.
 */
export function mayPublish(
  {login, equipmentIds}: Device,
  topic: string,
  templates: readonly string[],
): boolean {
  for (const template of templates) {
    const names = matchTopic(template, topic);
    if (names !== undefined) return equipmentIds.includes(names['equipmentId'] ?? '');
  }
  const [namespace, group, type = '', node, device, ...more] = topic.split('/');
  if (namespace !== 'spBv1.0' || more.length > 0 || `${group}/${node}` !== login) return false;
  if (device === undefined) return OF_NODE.has(type);
  return OF_DEVICE.has(type) && equipmentIds.includes(device);
}

/**
 * Whether the device may hear what the filter lets through: its own status, and as a node its commands and the state of hosts.
 * A wildcard stands for a site, and behind a node's own name; anywhere else it would let others' words through.
 *
 * Example: CH-0001 on 'status/v1/+/CH-0001' → true; on 'status/v1/#' → false.
 */
export function maySubscribe({login, equipmentIds}: Device, filter: string): boolean {
  const names = matchTopic(STATUS, filter.replace(/^(status\/v1\/)\+\//, '$1any/'));
  if (names !== undefined) return equipmentIds.includes(names['equipmentId'] ?? '');
  const own = sparkplugNode(login);
  if (own === null) return false;
  const command = `spBv1.0/${own.group}/`;
  return (
    filter === `${command}NCMD/${own.node}` ||
    filter === `${command}DCMD/${own.node}/#` ||
    filter === `${command}DCMD/${own.node}/+` ||
    equipmentIds.some((id) => filter === `${command}DCMD/${own.node}/${id}`) ||
    filter === 'spBv1.0/STATE/#' ||
    /^spBv1\.0\/STATE\/[^/+#]+$/.test(filter)
  );
}

/**
 * Whether the device may take this client id. A broker ends the session of whoever had the id before, so nobody may use
 * another's: it is the login, or begins with the login and '#', which no login contains. None at all is given one of its own.
 */
export function mayBeClient({login}: Device, clientId: string): boolean {
  return clientId === '' || clientId === login || clientId.startsWith(`${login}#`);
}

/**
 * The topics of devices as an access list of Mosquitto, beside the service's own user. Every topic is written out: a pattern with
 * the user's name in it would hold for every user there is.
 */
export function mosquittoAcl(
  devices: readonly Device[],
  templates: readonly string[],
  service: string,
): string {
  const own = (template: string, id: string): string =>
    template.replace('{equipmentId}', id).replaceAll(/\{[^}]*\}/g, '+');
  const lines = devices.flatMap(({login, equipmentIds}) => {
    const node = sparkplugNode(login);
    const say = equipmentIds.flatMap((id) => templates.map((template) => `topic write ${own(template, id)}`));
    const hear = equipmentIds.map((id) => `topic read ${own(STATUS, id)}`);
    const tree = `spBv1.0/${node?.group}`;
    const sparkplug =
      node === null
        ? []
        : [
            ...[...OF_NODE].map((type) => `topic write ${tree}/${type}/${node.node}`),
            ...[...OF_DEVICE].flatMap((type) =>
              equipmentIds.map((id) => `topic write ${tree}/${type}/${node.node}/${id}`),
            ),
            `topic read ${tree}/NCMD/${node.node}`,
            `topic read ${tree}/DCMD/${node.node}/#`,
            'topic read spBv1.0/STATE/#',
          ];
    return ['', `user ${login}`, ...say, ...hear, ...sparkplug];
  });
  return `${[
    '# Written by forestock device acl: each login speaks for its own equipment alone, and hears only its own status.',
    `user ${service}`,
    ...templates.map((template) => `topic read ${topicFilter(template)}`),
    'topic readwrite spBv1.0/#',
    `topic write ${topicFilter(STATUS)}`,
    ...lines,
  ].join('\n')}\n`;
}
