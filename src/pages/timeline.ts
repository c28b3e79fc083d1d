import type { PhaseEvent, PhaseFacts } from '../download/phases.js'
import type { FlagResult, FlagStatus } from '../download/result.js'
import type { Failure } from '../http/failure.js'
import { clockMs } from '../node.js'

/** A phase of a flag; times count from the start of the run, milliseconds. */
export type TimelinePhase = PhaseFacts & {
  /** 1 for the first. */
  readonly attempt: number
  readonly startMs: number
  readonly endMs: number
  readonly failure?: Failure | undefined
}

/** A flag's phases, which follow each other without a gap. */
export interface FlagTimeline {
  readonly code: string
  /** Its country. */
  readonly name?: string | undefined
  /** Interrupted where the run ended before the flag did. */
  readonly status: FlagStatus | 'interrupted'
  /** Never empty. */
  readonly phases: readonly TimelinePhase[]
}

/** The maximum number of parallel requests from a time on. */
export interface LimitChange {
  readonly atMs: number
  readonly limit: number
}

/** A recorded run. */
export interface Timeline {
  /** The label or URL of the server. */
  readonly server: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly durationMs: number
  /** The first one is the limit at the start. */
  readonly limits: readonly LimitChange[]
  /** In the order in which they left the queue. */
  readonly flags: readonly FlagTimeline[]
}

/**
 * Records a run from its events.
 *
 * @param limit the maximum number of parallel requests at the start
 */
export function createRecorder(
  server: string,
  limit: number,
  nameOf: (code: string) => string | undefined,
) {
  const startedAt = clockMs()
  const limits: LimitChange[] = [{ atMs: 0, limit }]
  const flags = new Map<string, TimelinePhase[]>()
  const results = new Map<string, FlagStatus>()
  return {
    onPhase({ code, startedAt: start, endedAt: end, ...facts }: PhaseEvent): void {
      const phases = flags.get(code) ?? []
      phases.push({ ...facts, startMs: start - startedAt, endMs: end - startedAt })
      flags.set(code, phases)
    },
    onConcurrencyChange(change: Pick<LimitChange, 'limit'>): void {
      limits.push({ atMs: clockMs() - startedAt, limit: change.limit })
    },
    onResult({ code, status }: FlagResult): void {
      results.set(code, status)
    },
    /** The run so far. */
    timeline(): Timeline {
      const byStart = [...flags].sort(([, a], [, b]) => queuedUntil(a) - queuedUntil(b))
      return {
        server,
        startedAt: Date.now() - (clockMs() - startedAt),
        durationMs: clockMs() - startedAt,
        limits,
        flags: byStart.map(([code, phases]) => ({
          code,
          name: nameOf(code),
          status: results.get(code) ?? 'interrupted',
          phases,
        })),
      }
    },
  }
}

function queuedUntil([queued]: readonly TimelinePhase[]): number {
  return queued?.endMs ?? 0
}

/** The time of a flag's phases; of all of them, or those of one kind. */
export function timeOf(
  phases: readonly TimelinePhase[],
  isCounted: (phase: TimelinePhase) => boolean = () => true,
): number {
  return phases.filter(isCounted).reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0)
}

/** The time that a flag takes from its first slot on: `durationMs` of `--json`. */
export function activeTimeOf({ phases }: FlagTimeline): number {
  return timeOf(phases, ({ phase }) => phase !== 'queued')
}

/** Is a request open in this phase? */
function isOpen({ phase }: TimelinePhase): boolean {
  return phase === 'connecting' || phase === 'waiting' || phase === 'reading'
}

/** Every change of the number of open requests: how many are open from a time on. */
export function openChanges({ flags }: Timeline) {
  const differences = new Map<number, number>()
  const add = (atMs: number, difference: number) =>
    differences.set(atMs, (differences.get(atMs) ?? 0) + difference)
  for (const phase of flags.flatMap(({ phases }) => phases).filter(isOpen)) {
    add(phase.startMs, 1)
    add(phase.endMs, -1)
  }
  let open = 0
  return [...differences]
    .filter(([, difference]) => difference !== 0)
    .sort(([a], [b]) => a - b)
    .map(([atMs, difference]) => {
      open += difference
      return { atMs, open }
    })
}

/** The figures of a run, even of one that ended before its first flag. */
export function figuresOf(timeline: Timeline) {
  const { flags, durationMs } = timeline
  const phases = flags.flatMap((flag) => flag.phases)
  const openMs = timeOf(phases, isOpen)
  const active = flags.filter((flag) => activeTimeOf(flag) > 0)
  return {
    requests: phases.filter(({ phase }) => phase === 'waiting').length,
    /** The largest number of requests that were open at once. */
    peakOpen: Math.max(0, ...openChanges(timeline).map(({ open }) => open)),
    meanOpen: openMs / durationMs,
    /** The open requests as a share of the number that the limit, and the number of flags, allow. */
    shareOfIdeal: openMs === 0 ? 0 : openMs / slotTime(timeline),
    slowest: active.sort((a, b) => activeTimeOf(b) - activeTimeOf(a)).slice(0, 5),
  }
}

/** The total time of all slots. */
function slotTime({ limits, flags, durationMs }: Timeline): number {
  return limits.reduce((ms, { atMs, limit }, index) => {
    const until = limits[index + 1]?.atMs ?? durationMs
    return ms + Math.min(limit, flags.length) * (until - atMs)
  }, 0)
}

/** A run as JSON; times are in milliseconds, from the start of the run. */
export function timelineJson({ startedAt, flags, ...run }: Timeline): string {
  const value = {
    version: 1,
    startedAt: new Date(startedAt).toISOString(),
    ...run,
    flags: flags.map(({ phases, ...flag }) => ({
      ...flag,
      durationMs: timeOf(phases),
      phases: phases.map(({ startMs, endMs, ...facts }) => {
        return { startMs, endMs, durationMs: endMs - startMs, ...facts }
      }),
    })),
  }
  // Fractions of a microsecond are noise.
  const rounded = (_: string, each: unknown) =>
    typeof each === 'number' ? Math.round(each * 1000) / 1000 : each
  return `${JSON.stringify(value, rounded, 1)}\n`
}
