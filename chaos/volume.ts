import {execFileSync} from 'node:child_process';
import {
  mkdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
  writeSync,
  openSync,
  closeSync,
} from 'node:fs';
import {join} from 'node:path';

/** A server of the programme writes some hundred megabytes at most; the image is sparse. */
const SIZE_BYTES = 2 * 2 ** 30;

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
  cutPower(): void {
    execFileSync('cp', ['--sparse=always', this.#image, `${this.#image}.cut`]);
    this.unmount();
    execFileSync('mv', [`${this.#image}.cut`, this.#image]);
    this.#mount();
  }

  /** Leaves no byte free. @returns what makes room again. */
  fill(): () => void {
    const path = join(this.path, 'filler');
    const file = openSync(path, 'w');
    // Large pieces, and then small ones into what is left.
    for (const size of [2 ** 22, 2 ** 12]) {
      const piece = Buffer.alloc(size);
      try {
        while (free(this.path) > 0) writeSync(file, piece);
      } catch {
        // no room for a piece of this size
      }
    }
    closeSync(file);
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

function free(path: string): number {
  const {bavail, bsize} = statfsSync(path);
  return bavail * bsize;
}
