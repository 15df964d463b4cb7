import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Does a job in a fresh process, whose memory and work are then its own alone. */
export async function runInChild<Job, Result>(
  client: URL,
  job: Job,
  { execArgv = [] }: { execArgv?: string[] } = {},
): Promise<Result> {
  const child = fork(fileURLToPath(client), { execArgv, serialization: 'advanced' })
  const done = Promise.withResolvers<Result>()
  child.on('message', (result) => done.resolve(result as Result))
  child.on('exit', (code) => done.reject(new Error(`"${client}" has ended with code "${code}".`)))
  child.send(job as object)
  return done.promise
}

/** The other end: what a client's own file calls. */
export function doJob<Job, Result>(work: (job: Job) => Promise<Result>): void {
  process.once('message', (job: Job) => {
    work(job).then(
      (result) => process.send?.(result, () => process.exit()),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
