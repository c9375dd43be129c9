import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import * as counterpoise from './index.ts'

test('what a script can import', () => {
  expect(inLines(Object.keys(counterpoise).sort())).toMatchInlineSnapshot(`
    " AssociationError BaseError BlobScheduleError BookError CardRailError ChurnError
    CoordinatesError Digest DistributionError EnergyError EventError EventPayloadError
    EventQueue EventStormError EventTimeError FaultPlanError InterruptedError LatencyError
    LatencyMatrixError LinkFaultError MinerLevelError NetworkError NotRepeatableError
    ProcessError ProcessInterrupted ProcessPreempted ProcessUsageError ProtocolUndecidedError
    ScenarioInvalidError SharesError SnapshotError StreamError TempoError TopologyError
    UnhandledEventError UnknownEventKindError UnknownRegionError WorkloadError allOf alter
    announceFetch answer anyOf attackFigureKinds attacks availabilityOf awsCoordinates
    awsLatency bankingDayFrom beacon beaconParameters bitcoinConnections bitcoinPolicies
    bitcoinTopology blobBaseFee blobScheduleAt blobScheduleNamed blobSchedules
    blockWeightLimit builtInModels calldataGas canonicalJson cardDefaults censoringLeader
    checkBlobSchedules churnOf clip clopperPearson cloudRoute compareDiagrams compareFeerates
    comparedProtocols completeTopology constantAmounts constantLatency constantPatience cos
    costFigure costUsd coverageOf createBeaconNetwork createBeaconState createBitcoinPool
    createBlockStore createBook createBuildBudget createCardRail createChainRail
    createChainState createCluster createCommittee createContainer createDiscrete
    createExpiringNonces createFeeAmm createFeeEstimator createInverse createLatch
    createLinkFaults createLottery createMempool createNetwork createPayments createResource
    createRouter createSampler createSignal createSimulation createStore createStream
    createTempoChain createTempoFill createTempoNonces createTempoPolicies createTempoState
    createTempoValidators createTransactionRelay createTransactions createWait createWorkload
    createWorld createZipf days daysOfEpochs decideMotions defineConsensus defineEvents
    degreeTopology degreesOf digestOf direct distanceLatency distributedLatency
    distributionFigure doubleFinality doubleSpend doubleSpending doubleVoter drawableRange
    edgeTopology effectiveNumber empiricalLatency empiricalOf emptyBlocks energyFigures
    equalCommittee equivocatingLeader erasureShards estimateOf estimated ethereumBaseFee
    ethereumMesh excessAtReserve exp exponential failureReasons fakeExponential faultLinksOf
    faultPeriods faultPriorities faultText featherForking feeAt feeMax feeSwapOut feeTokenOf
    fibreKmPerSecond fillTempoBlock finalityRecovery firstDivergence flood fork formatDuration
    formatEvents formatScenarioError formatTopology formatTrace gasPerBlob gasper genesis
    gervaisDegrees gini glamsterdamTransferGas gossipMesh greatCircleKm herfindahl
    historicMarket hold honestMining hours inProcess inclusionDelays isBankingDay isWithin
    jointNakamoto laneOf latencyFigure lineChart linearise liveProcesses loadScenario
    loadShape loadShapes localExecutor log logGamma lognormal lognormalAmounts mainnetMarket
    mainnetNodes majorityMining makeFolder marginsOf matchSites matrixLatency mean meanOf
    measureProtocol measureRail measuredBandwidth2016 measuredQuantile mergeProfiles
    meshTopology microseconds minEntropy minutes monitorAgreement moreLinks ms nakamoto
    nakamotoCoefficient nearest nextBaseFee nextExcessBlobGas nextGasLimit noBaseFee
    nodesWatts nonceKinds normal normalQuantile offeredRate optimalPolicy outageWindows
    outcomeFiles paidPerGas pairLatency pareto parseDuration parseInstant parseTrace
    paymentDelays paymentStates paymentsPerSecond pendingEvents piecewiseConstant poisson pow
    presets priorities process proofOfWorkWatts properties quantile quantilesOf railKinds
    randomTopology readText readTopology rebalanceIn recordTrace refuseSnapshots
    regionalTopology regular regularTopology relaySchedules relayedWeightMax renderReport
    repeated replayTo replayTrace replayer reportInputOf resultRows resultTable rowsToCsv
    runEpochs runMinerLevel runScenario runVariant saveReport saveText scale scaleFreeTopology
    scaledEstimate scenarioJsonSchema scenarioOf scheduleChurn scheduleFaults seconds
    selectiveSender selectorKeys selfishMining selfishRevenue setPath shannonEntropy sharesBy
    shift silent simBlockOutgoing simplex sin sixRegions2015 sixRegions2019 skewedClock slow
    smallWorldTopology smoothLeakEpochs spreadLevels staleShare startProfile stateCreationGas
    steppedLeakEpochs storageCreditGas strategyOfTable studentT975 sum tempoChannelGas
    tempoFee tempoForks tempoLimits tempoRules tempoStops tempoTransactionGas tempoTransferGas
    theil threads throttleProgress throughputFigure timeTravel toMs toSeconds toUsd
    topologyStatistics traceColumns transactionGasLimit transactionOf transferGas twin usd
    validateScenario varianceOf variantsOf vary version virtualBytes voteWithholder
    votesNeeded wattHoursPerPayment wattsOfAnnualJoules wattsOfAnnualWattHours weibull
    weightedPatience wholeSeconds within zipfAccounts"
  `)
})

/** Names in lines that fit the page. */
const inLines = (names: readonly string[]): string =>
  names.reduce((text, name) => {
    const isFull = text.length - text.lastIndexOf('\n') + name.length > 90
    return `${text}${isFull ? '\n' : ' '}${name}`
  }, '')

test('a name that two packages have means the consensus model', () => {
  expect(counterpoise.nakamoto).toHaveProperty('createReplica')
  expect(counterpoise.nakamotoCoefficient([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 0.5)).toBe(6)
})

describe('the scripts of the README files', () => {
  const home = join(import.meta.dirname, '..')
  mkdirSync(join(home, 'out'), { recursive: true })
  const folder = mkdtempSync(join(home, 'out', 'readme-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each([
    ['packages/counterpoise/README.md', /^final within \d+ ± \d+ ms$/],
    ['README.md', /^offered .*\d/],
  ])('default: %s prints what it found', async (page, printed) => {
    const text = readFileSync(join(home, '..', '..', page), 'utf8')
    const script = /^```ts\n([\s\S]*?)^```$/m.exec(text)![1]!
    expect(script.trimEnd().split('\n').length).toBeLessThanOrEqual(12)
    const file = join(folder, `${page.replaceAll(/\W/g, '-')}.ts`)
    // As it stands, but for less simulated time.
    writeFileSync(file, script.replace(/workload\.for = '\w+'/, "workload.for = '5s'"))
    const log = vi.spyOn(console, 'log').mockReturnValue()
    await import(file)
    expect(log.mock.calls[0]!.join(' ')).toMatch(printed)
    log.mockRestore()
  })
})
