/** A disk so small that it can be filled: a tmpfs, which only root on Linux may mount. */
import { execFile, spawnSync } from 'node:child_process'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface SmallDisk extends AsyncDisposable {
  /** Leaves not one byte. */
  fill(): Promise<void>
  /** Gives back what `fill` took. */
  relieve(): Promise<void>
}

const execute = promisify(execFile)
const MEBIBYTE = 2 ** 20

/** Mounted on `folder`, which exists; undefined where that is not allowed. */
export async function mountSmallDisk(folder: string, mebibytes: number): Promise<SmallDisk | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'chaos', folder])
  } catch {
    return undefined // a container without CAP_SYS_ADMIN
  }
  const unmount = () => void spawnSync('umount', ['--lazy', folder])
  process.once('exit', unmount)
  const ballast = join(folder, 'ballast')
  return {
    async fill() {
      await using file = await open(ballast, 'a')
      for (let piece = Buffer.alloc(MEBIBYTE); piece.length > 0; ) {
        const isFull = await file.appendFile(piece).then(
          () => false,
          (error: NodeJS.ErrnoException) => {
            if (error.code !== 'ENOSPC') throw error
            return true
          },
        )
        if (isFull) piece = piece.subarray(0, piece.length >> 1)
      }
    },
    relieve: () => rm(ballast, { force: true }),
    [Symbol.asyncDispose]() {
      unmount()
      process.removeListener('exit', unmount)
      return Promise.resolve()
    },
  }
}
