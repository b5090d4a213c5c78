import {randomBytes} from 'node:crypto';
import {text} from 'node:stream/consumers';
import {Command} from 'commander';
import {z} from 'zod';
import {User} from '../console/api/routes/users.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';
import {standingBody, standingText, withStanding} from './standing-options.ts';
import type {StandingOptions} from './standing-options.ts';

interface ActOptions extends AskOptions {
  readonly actor: string;
}
interface PasswordOptions extends ActOptions {
  readonly passwordStdin?: boolean;
}

const USER = process.env['USER'] ?? 'cli';
/** 144 bits: nobody guesses them, and they fit a line. */
const PASSWORD_BYTES = 18;

/** People who sign in to the console and the API. */
export function userCommand(): Command {
  const add = withStanding(
    takesPassword(
      act(
        'add',
        'adds a user; with the first one everybody has to sign in',
        'forestock user add planner-1 --role planner',
      ),
    ),
  ).action(async (name: string, options: PasswordOptions & StandingOptions) => {
    const {password, made} = await choosePassword(options);
    const body = {...standingBody(options), password, actor: options.actor};
    const done = await withApi(options, (api) => api.post(pathOf(name), body));
    answer(options.json, shown(done, made), () => `added: ${name}${said(made)}`);
  });
  const password = takesPassword(
    act('password', 'sets another password; the user’s sessions end', 'forestock user password planner-1'),
  ).action(async (name: string, options: PasswordOptions) => {
    const {password: chosen, made} = await choosePassword(options);
    const body = {password: chosen, actor: options.actor};
    const done = await withApi(options, (api) => api.put(`${pathOf(name)}/password`, body));
    answer(options.json, shown(done, made), () => `changed: ${name}${said(made)}`);
  });
  const role = withStanding(
    act(
      'role',
      'gives a user another role or other bounds; its sessions end',
      'forestock user role planner-1 --role ops',
    ),
  ).action(async (name: string, options: ActOptions & StandingOptions) => {
    const body = {...standingBody(options), actor: options.actor};
    const done = await withApi(options, (api) => api.put(`${pathOf(name)}/role`, body));
    answer(options.json, done, () => `changed: ${name}`);
  });
  const list = listCommand({
    path: '/api/v1/users',
    page: z.object({users: z.array(User)}),
    text: ({users}) => userTable(users),
    example: 'forestock user list',
  });
  const [disable, enable] = (
    [
      ['disable', 'the user cannot sign in any more, and its sessions end', true],
      ['enable', 'the user can sign in again', false],
    ] as const
  ).map(([verb, about, disabled]) =>
    act(verb, about, `forestock user ${verb} planner-1`).action(async (name: string, options: ActOptions) => {
      const body = {disabled, actor: options.actor};
      const done = await withApi(options, (api) => api.put(`${pathOf(name)}/disabled`, body));
      answer(options.json, done, () => `${verb}d: ${name}`);
    }),
  );
  return [add, list, role, password, disable!, enable!].reduce(
    (group, each) => group.addCommand(each),
    new Command('user').description('people who sign in, their roles and passwords'),
  );
}

function act(verb: string, about: string, example: string): Command {
  return askCommand(verb, about, example)
    .argument('<name>')
    .option('--actor <name>', 'who does it; goes into the audit trail', USER);
}

function takesPassword(command: Command): Command {
  return command.option(
    '--password-stdin',
    'read the password from stdin (default: one is made and printed)',
  );
}

/** Never from an argument: every user of the machine sees those. */
async function choosePassword({
  passwordStdin,
}: PasswordOptions): Promise<{readonly password: string; readonly made: string | null}> {
  if (passwordStdin === true)
    return {password: (await text(process.stdin)).replace(/\r?\n$/, ''), made: null};
  const made = randomBytes(PASSWORD_BYTES).toString('base64url');
  return {password: made, made};
}

function said(made: string | null): string {
  return made === null ? '' : `\n${made}\n\nThe password, shown this once.`;
}

function shown(done: unknown, made: string | null): unknown {
  return made === null ? done : {...(done as object), password: made};
}

function pathOf(name: string): string {
  return `/api/v1/users/${encodeURIComponent(name)}`;
}

function userTable(users: readonly z.output<typeof User>[]): string {
  if (users.length === 0) return 'none';
  return table(
    ['user', 'role', 'made (wall time)', 'disabled'],
    users.map((user) => [
      user.name,
      standingText(user),
      toMinute(epochMs(user.createdAt)),
      user.disabledAt === null ? '' : toMinute(epochMs(user.disabledAt)),
    ]),
  );
}
