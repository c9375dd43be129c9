import { runMinerLevel, selfishMining, selfishRevenue } from 'counterpoise'

for (const gamma of [0, 0.5, 1]) {
  const cells = [0.2, 0.25, 0.3, 0.35, 0.4].map((alpha) => {
    const attack = { strategy: selfishMining(), miner: 0, gamma }
    const { miners } = runMinerLevel({ shares: [alpha, 1 - alpha], blocks: 200_000, attack })
    const [simulated, exact] = [miners[0]!.revenueShare, selfishRevenue(alpha, gamma)]
    return `${alpha}: ${simulated.toFixed(3)} (${exact.toFixed(3)})`
  })
  console.log(`gamma ${gamma}`, cells.join('  '))
}
