/** package-lock.json as data: every package that may be installed, on this platform or another. */
import { readFileSync } from 'node:fs'

export interface Locked {
  /** `node_modules/a/node_modules/b`. */
  readonly path: string
  /** Its own name, even if it is installed under another. */
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  /** Only for tools and tests: it is in no container. */
  readonly dev?: boolean
  /** It lies in the archive of the package above it, under that one's checksum. */
  readonly inBundle?: boolean
  /** Whether an installation works without it, as packages for one platform are. */
  readonly optional?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface LockFile {
  readonly lockfileVersion: number
  /** What package.json asked for when the file was written. */
  readonly root: Pick<PackageFile, 'dependencies' | 'devDependencies'>
  readonly packages: readonly Locked[]
}

export interface PackageFile {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  /** Whose install scripts may run. */
  readonly allowScripts: Readonly<Record<string, boolean>>
}

export const ROOT = new URL('../../', import.meta.url)

/** For packages whose package.json names no SPDX licence: the licence of the text beside it, as a person has read it. */
export const READ_LICENCES: Readonly<Record<string, string>> = { 'url-template@2.0.8': 'BSD-3-Clause' }

export const readPackageFile = (): PackageFile => JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))

export function readLockFile(): LockFile {
  const { lockfileVersion, packages } = JSON.parse(readFileSync(new URL('package-lock.json', ROOT), 'utf8'))
  const { '': root, ...rest } = packages as Record<string, Omit<Locked, 'name'> & { name?: string } & PackageFile> & {
    '': PackageFile
  }
  return {
    lockfileVersion,
    root,
    packages: Object.entries(rest).map(([path, one]) => {
      const name = one.name ?? nameIn(path)
      const read = READ_LICENCES[`${name}@${one.version}`]
      return { ...one, ...(read && { license: read }), name, path }
    }),
  }
}

const nameIn = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** The faults for which `npm ci` would refuse the file: dependencies of a package that no folder above it has. */
export function missingFrom(
  packages: readonly Pick<Locked, 'path' | 'dependencies' | 'optionalDependencies'>[],
): string[] {
  const paths = new Set(packages.map(({ path }) => path))
  const isFound = (from: string, name: string): boolean => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
      if (paths.has(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`)) return true
      if (folder === '') return false
    }
  }
  return packages.flatMap(({ path, dependencies = {}, optionalDependencies = {} }) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isFound(path, name))
      .map((name) => `${path} needs ${name}`),
  )
}
