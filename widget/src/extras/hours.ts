/** A shop's hours as the shopper's own clock has them. Nothing here knows a word. */
import type { Hours } from '../api_types.ts'

/** The reader's own way to write times where they speak the panel's language (`es-CO`: 3:00 p. m.), else the language's. */
export const writing = (locale: string, own: string): string => (own.toLowerCase().startsWith(locale) ? own : locale)

export const clock = (at: Date, way: string): string => at.toLocaleTimeString(way, { hour: 'numeric', minute: '2-digit' })

/** Whole days between two moments on the calendar here: 0 is the same day. */
export const daysBetween = (from: Date, to: Date): number => {
  const noon = (d: Date): number => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate())
  return Math.round((noon(to) - noon(from)) / 86_400_000)
}

export interface Day {
  at: Date
  /** Pairs of from and until; none: closed. Null: open all day. */
  spans: [Date, Date][] | null
}

/** The next seven days of the calendar here. An interval is told on the day it begins; one that goes on for days, on each. */
export const listDays = (hours: Hours, now: Date): Day[] =>
  Array.from({ length: 7 }, (_, i) => {
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + i)
    const next = new Date(now.getFullYear(), now.getMonth(), now.getDate() + i + 1)
    const spans: [Date, Date][] = []
    for (const [from, until] of hours.intervals) {
      const start = new Date(from)
      const end = new Date(until)
      const long = +end - +start > 86_400_000
      if (start <= at && end >= next) return { at, spans: null }
      if (start >= at && start < next) spans.push([start, end])
      else if (long && start < at && end > at) spans.push([at, end])
    }
    return { at, spans }
  })
