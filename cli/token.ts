import {Command} from 'commander';
import {z} from 'zod';
import {Token} from '../console/api/routes/tokens.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface AddOptions extends AskOptions {
  readonly party: string;
  readonly name?: string;
  readonly actor: string;
}

const Issued = z.object({name: z.string(), partyId: z.string(), token: z.string()});
const USER = process.env['USER'] ?? 'cli';

/** Tokens with which partners tell and read their own repair reports. */
export function tokenCommand(): Command {
  const add = askCommand(
    'add',
    'makes a token for a party and prints it, once: only its SHA-256 is kept',
    'forestock token add --party CUST-01',
  )
    .requiredOption('--party <id>', 'the party that the token speaks for')
    .option('--name <name>', 'what it is called in lists and in the audit trail (default: the party’s id)')
    .option('--actor <name>', 'who makes it; goes into the audit trail', USER)
    .action(async ({party, name = party, actor, ...options}: AddOptions) => {
      const made = await withApi(options, (api) => api.put(pathOf(name), {partyId: party, actor}));
      answer(options.json, made, () => {
        const {token} = Issued.parse(made);
        return `${token}\n\nThe token ${name} of ${party}, shown this once. It is sent as: authorization: Bearer <token>`;
      });
    });
  const revoke = askCommand(
    'revoke',
    'whoever sends the token is refused from now on',
    'forestock token revoke CUST-01',
  )
    .argument('<name>')
    .option('--actor <name>', 'who revokes it; goes into the audit trail', USER)
    .action(async (name: string, {actor, ...options}: AskOptions & {actor: string}) => {
      const done = await withApi(options, (api) => api.delete(pathOf(name), {actor}));
      answer(options.json, done, () => `revoked: ${name}`);
    });
  const list = listCommand({
    path: '/api/v1/tokens',
    page: z.object({tokens: z.array(Token)}),
    text: ({tokens}) => tokenTable(tokens),
    example: 'forestock token list',
  });
  return [add, list, revoke].reduce(
    (group, each) => group.addCommand(each),
    new Command('token').description(
      'tokens of partners: each tells and reads the repair reports of one party',
    ),
  );
}

function pathOf(name: string): string {
  return `/api/v1/tokens/${encodeURIComponent(name)}`;
}

function tokenTable(tokens: readonly z.output<typeof Token>[]): string {
  if (tokens.length === 0) return 'none';
  return table(
    ['token', 'party', 'made (wall time)'],
    tokens.map(({name, partyId, createdAt}) => [name, partyId, toMinute(epochMs(createdAt))]),
  );
}
