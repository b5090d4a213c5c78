import {Command} from 'commander';
import {z} from 'zod';
import {Token} from '../console/api/routes/tokens.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';
import {standingBody, standingText, withStanding} from './standing-options.ts';
import type {StandingOptions} from './standing-options.ts';

interface AddOptions extends AskOptions, StandingOptions {
  readonly name?: string;
  readonly actor: string;
}

const Issued = z.object({token: z.string()});
const USER = process.env['USER'] ?? 'cli';

/** Tokens with which partners and programs call the API. */
export function tokenCommand(): Command {
  const add = withStanding(
    askCommand(
      'add',
      'makes a token for a partner or a program and prints it, once: only its SHA-256 is kept',
      'forestock token add --party CUST-01',
    ),
    {otherwise: 'technician'},
  )
    .option(
      '--name <name>',
      'what it is called in lists and in the audit trail (default: the party’s id, else the role)',
    )
    .option('--actor <name>', 'who makes it; goes into the audit trail', USER)
    .action(async ({name, actor, ...options}: AddOptions) => {
      const called = name ?? options.party ?? options.role;
      const body = {...standingBody(options), actor};
      const made = await withApi(options, (api) => api.put(pathOf(called), body));
      answer(options.json, made, () => {
        const {token} = Issued.parse(made);
        return `${token}\n\nThe token ${called}, shown this once. It is sent as: authorization: Bearer <token>`;
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
    new Command('token').description('tokens of partners and programs, each with a role'),
  );
}

function pathOf(name: string): string {
  return `/api/v1/tokens/${encodeURIComponent(name)}`;
}

function tokenTable(tokens: readonly z.output<typeof Token>[]): string {
  if (tokens.length === 0) return 'none';
  return table(
    ['token', 'role', 'made (wall time)'],
    tokens.map((token) => [token.name, standingText(token), toMinute(epochMs(token.createdAt))]),
  );
}
