#!/usr/bin/env node
// The sources are TypeScript; this loads them without a build step.
import { load } from '@counterpoise/lab/bundle'

await load('main.mjs', new URL('../src/main.ts', import.meta.url).href)
