// Runs before every install. Only pnpm understands `workspace:` and `catalog:`; npm stops at them
// by itself, others would go on. Setting up by hand is not needed at all: `npm test` does it.

const userAgent = process.env.npm_config_user_agent || ''

if (!userAgent.startsWith('pnpm/')) {
  console.error('This repository is installed by pnpm, not by npm or yarn.')
  console.error('Nothing needs installing by hand: run `npm test` or `npm start`.')
  console.error('To install only: node packages/dev/run.mjs install')
  process.exit(1)
}
