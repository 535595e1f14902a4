import { findLift, GAP } from './room.ts'

const PAY = '[type=submit],form button:not([type]),a[href*=checkout]'

/**
 * Keeps the bubble off the buttons that send or pay, without one listener on the page: observers report
 * when a button moved, the shop redrew something or the window changed. `redrawn` is
 * told after each change of the page's nodes. Returns the way to stop.
 */
export const keepClear = (bubble: HTMLElement, redrawn: () => void): (() => void) => {
  const root = document.documentElement
  let lift = 0
  let timer: ReturnType<typeof setTimeout> | 0 = 0
  let buttons: Element[] = []
  let eyes: IntersectionObserver[] = []

  const place = (): void => {
    const height = innerHeight
    const own = bubble.getBoundingClientRect()
    const inWay = (r: DOMRectReadOnly): boolean => r.bottom > 0 && r.top < height && r.left < own.right + GAP && r.right > own.left - GAP
    const walls: DOMRect[] = []
    for (const eye of eyes) eye.disconnect()
    eyes = buttons.map(button => {
      const r = button.getBoundingClientRect()
      const near = inWay(r)
      if (near) walls.push(r)
      // a frame drawn exactly around the button sees every move of it by more than a pixel;
      // a button that stands elsewhere is watched for coming near
      const eye = new IntersectionObserver(
        ([seen]) => {
          const now = seen!.boundingClientRect
          if (near ? now.top !== r.top || innerHeight !== height : inWay(now)) place()
        },
        {
          threshold: [0, 0.5, 1],
          rootMargin: [-r.top, r.right - root.clientWidth, r.bottom - height, -r.left].map(n => (near ? Math.ceil(n) : 0) + 'px').join(' '),
        },
      )
      eye.observe(button)
      return eye
    })
    const next = findLift(own.top + lift, own.bottom + lift, walls)
    if (!bubble.classList.toggle('none', next < 0)) bubble.style.translate = `0 ${-(lift = next)}px`
  }
  const find = (): void => {
    timer ||= setTimeout(() => {
      timer = 0
      redrawn()
      buttons = [...document.querySelectorAll(PAY)].slice(0, 40)
      place()
    }, 150)
  }
  const changes = [new MutationObserver(find), new ResizeObserver(find)]
  for (const o of changes) o.observe(root, { childList: true, subtree: true })
  return () => {
    clearTimeout(timer)
    for (const o of [...changes, ...eyes]) o.disconnect()
  }
}
