// Plain JavaScript in old syntax: an old Node must get as far as saying that it is too old.

const neededMajor = 24

if (Number(process.versions.node.split('.')[0]) < neededMajor) {
  stop(
    `Posse needs Node ${neededMajor} and this is Node "v${process.versions.node}". ` +
      `On Linux x64 and arm64 "npm ci" brings it; elsewhere install Node ${neededMajor} first.`,
  )
} else {
  import('node:module')
    // Compiled code is kept between runs: a restart must not wait for the same again.
    .then(({ enableCompileCache }) => enableCompileCache())
    .then(() => import('./cli.ts'))
    .then(({ runCli }) => runCli(process.argv.slice(2)))
    .then((exitCode) => {
      // Not process.exit: what is still being written to a pipe must get out.
      process.exitCode = exitCode
    })
    .catch((error) => {
      const missing = findMissingPackage(error)
      // Anything else is a fault of ours, and stays as loud as Node makes it.
      if (missing === null) throw error
      stop(`The package "${missing}" is not installed. Run "npm ci" first.`)
    })
}

/** Says why in one sentence, without a stack trace. */
function stop(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}

/** Node tells a missing package from a missing file only in the text of the error. */
function findMissingPackage(error) {
  const { code, message } = Object(error)
  if (code !== 'ERR_MODULE_NOT_FOUND') return null
  const match = /^Cannot find package '([^'/\\][^'\\]*)'/.exec(message)
  return match === null ? null : match[1]
}
