/** Pages are rendered on the server at each request; the build is two folders that nobody edits. */
import type { Config } from '@react-router/dev/config'

export default {
  appDirectory: '.',
  buildDirectory: 'build',
  ssr: true,
} satisfies Config
