/** From top to bottom, in CSS pixels of the viewport. */
export interface Span {
  top: number
  bottom: number
}

/** What the bubble keeps from every button, px. */
export const GAP = 8
/** The bubble never rises above this, px from the top of the window: rather it waits out of sight. */
export const CEILING = 99

/**
 * How far a box must be lifted to keep GAP from every wall in its column (0 = it may stay), or -1 when it
 * would rise above CEILING.
 */
export const findLift = (top: number, bottom: number, walls: Span[]): number => {
  for (let lift = 0; top - lift > CEILING; ) {
    const wall = walls.find(w => top - lift < w.bottom + GAP && bottom - lift > w.top - GAP)
    if (!wall) return lift
    // rounded up: half a pixel must never be left over
    lift = Math.ceil(bottom - wall.top + GAP)
  }
  return -1
}
