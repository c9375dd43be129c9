import { appendFileSync } from 'node:fs'

/** Makes a reporter that notes every test of a chunk in the campaign's log, a JSON a line. */
export default function CampaignReporter() {
  return {
    onTestRunEnd: (modules) => {
      const { COUNTERPOISE_CAMPAIGN_LOG: file, COUNTERPOISE_CAMPAIGN_CHUNK: chunk } = process.env
      for (const module of modules) {
        for (const test of module.children.allTests()) {
          const { state } = test.result()
          if (state !== 'passed' && state !== 'failed') continue
          const seconds = Math.round((test.diagnostic()?.duration ?? 0) / 1_000)
          const entry = { ...JSON.parse(chunk), test: test.fullName, passed: state === 'passed' }
          appendFileSync(file, `${JSON.stringify({ ...entry, seconds })}\n`)
        }
      }
    },
  }
}
