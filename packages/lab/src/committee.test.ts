import { describe, expect, test } from 'vitest'
import { runTempoFor } from './testing.ts'

const member = (name: string): string => `{"name":"${name}","operator":"x","region":"us-east-1"}`
const changes =
  `[{"at":"3s","what":"rotate","validator":"c","member":${member('c2')}},` +
  `{"at":"1s","what":"add","member":${member('e')}},{"at":"2s","what":"remove","validator":"b"}]`
const four = JSON.stringify(
  ['a', 'b', 'c', 'd'].map((name) => ({ name, operator: name, region: 'us-east-1', weight: 1 })),
)
const run = (...assignments: string[]) =>
  runTempoFor(
    '72s',
    ...[`validators=${four}`, 'consensus.parameters.epochBlocks=40'],
    ...[`execution.validatorChanges=${changes}`, ...assignments],
  )

describe('validators that the owner of the contract changes', () => {
  test('default: registered in epoch 0, they decide from epoch 2 on', () => {
    const { committee, execution } = run()
    expect(execution.validator_changes).toBe(3)
    expect(execution.lane_share.general).toBeGreaterThan(0)
    expect(committee).toMatchObject({ validators: ['a', 'd', 'c2', 'e'], size: 4 })
    // The last block of epoch 1, whose ceremony dealt to the new players.
    expect(committee!.changes).toMatchObject([
      { height: 79, joined: ['c2', 'e'], left: ['b', 'c'] },
    ])
  })

  test('behavior: changes that come after the end of the run are told as planned', () => {
    const late = changes.replace(/\]$/, ',{"at":"10m","what":"remove","validator":"a"}]')
    const { committee, validator_changes } = run(`execution.validatorChanges=${late}`)
    expect(validator_changes).toEqual({ tempo: { planned: 4, registered: 3 } })
    expect(committee).toMatchObject({ validators: ['a', 'd', 'c2', 'e'] })
    expect(run('execution.validatorChanges=[]')).not.toHaveProperty('validator_changes')
  })

  test('behavior: where the ceremony fails, the committee stays', () => {
    const failing = 'consensus.parameters.ceremonyFailureProbability=1'
    const { committee, execution } = run(failing)
    expect(execution.validator_changes).toBe(3)
    expect(committee).toMatchObject({ validators: ['a', 'b', 'c', 'd'], changes: [] })
    expect(committee!.epochs).toBeGreaterThanOrEqual(2)
    expect(committee!.failed_ceremonies).toBe(committee!.epochs)
  })

  test('behavior: what a block after the epoch registers comes an epoch later', () => {
    // Epoch 0 ends with block 39, some 23 seconds after the start.
    const late = `[{"at":"28s","what":"remove","validator":"b"}]`
    const { committee } = run(`execution.validatorChanges=${late}`)
    expect(committee!.changes).toMatchObject([{ height: 119, joined: [], left: ['b'] }])
  })
})
