import {execFile, execFileSync} from 'node:child_process';
import {mkdirSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';

/** Without standing still meanwhile: the lines run in this process. */
const run = promisify(execFile);
/** What the servers write in a run fits twice; a full disk is written in seconds. */
const SIZE_BYTES = 512 * 2 ** 20;

/**
 * A disk of a server's own: a file system in an image file, mounted by a loop device. What the server has written and not synced lies in
 * the mounted file system's memory and not in the image, so a copy of the image is the disk after a power cut.
 */
export class Volume {
  readonly path: string;
  readonly #image: string;
  #mounted = false;

  private constructor(folder: string, name: string) {
    this.path = join(folder, name);
    this.#image = join(folder, `${name}.img`);
  }

  /** @returns the reason when the machine does not let us mount. */
  static make(folder: string, name: string): Volume | string {
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      return 'only root on Linux may mount a disk image';
    const volume = new Volume(folder, name);
    try {
      writeFileSync(volume.#image, '');
      truncateSync(volume.#image, SIZE_BYTES);
      mkdirSync(volume.path);
      execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', volume.#image], {stdio: 'pipe'});
      volume.#mount();
      return volume;
    } catch (error) {
      rmSync(volume.#image, {force: true});
      return `no disk image can be mounted here: ${String(error).split('\n')[0]!}`;
    }
  }

  /** The server is to be dead already: what it had not synced is gone with this. */
  async cutPower(): Promise<void> {
    await run('cp', ['--sparse=always', this.#image, `${this.#image}.cut`]);
    this.unmount();
    execFileSync('mv', [`${this.#image}.cut`, this.#image]);
    this.#mount();
  }

  /** Leaves no byte free. @returns what makes room again. */
  async fill(): Promise<() => void> {
    const path = join(this.path, 'filler');
    // dd ends when the disk is full, which is what it is for.
    await run('dd', ['if=/dev/zero', `of=${path}`, 'bs=64K']).catch(() => undefined);
    return () => rmSync(path, {force: true});
  }

  unmount(): void {
    if (this.#mounted) execFileSync('umount', [this.path]);
    this.#mounted = false;
  }

  #mount(): void {
    execFileSync('mount', ['-o', 'loop', this.#image, this.path]);
    this.#mounted = true;
  }
}
