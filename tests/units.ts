/**
 * The unit tests of one process, which run.ts names: they need no database, no port and no child, and a process of its own for
 * each file takes several times as long as its tests. Each file can be run alone as well.
 */
for (const file of process.env.UNIT_FILES?.split(' ') ?? []) await import(new URL(`../${file}`, import.meta.url).href)
