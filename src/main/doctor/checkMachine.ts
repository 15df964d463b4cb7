import type { Check } from './check.ts'

const neededMajor = 24
const testedPlatforms = ['linux x64', 'linux arm64']

/** The Node that runs this and what it runs on. */
export function checkMachine({ version, platform }: { version: string; platform: string }): Check {
  const about = 'Node'
  const text = `${version} on ${platform}`
  if (Number(/^v(\d+)/.exec(version)?.[1]) < neededMajor) {
    const advice = `install Node ${neededMajor}; on Linux "npm ci" brings it`
    return { about, state: 'fail', text, advice }
  }
  if (testedPlatforms.includes(platform)) return { about, state: 'ok', text }
  const advice = `Posse is tested on ${testedPlatforms.join(' and ')} alone`
  return { about, state: 'warn', text, advice }
}
