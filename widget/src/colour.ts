/** Contrast by WCAG 2.2; colours are `#rrggbb`. */
export const isColour = (value: string | null | undefined): value is string => /^#[\da-f]{6}$/i.test(value!)

const parts = (colour: string): number[] => colour.match(/\w\w/g)!.map(c => +('0x' + c))

/** Relative luminance without its linear foot near black: off by less than 0.001. */
export const luminance = (colour: string): number => {
  const [r, g, b] = parts(colour).map(c => ((c / 255 + 0.055) / 1.055) ** 2.4)
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

/** Black or white, whichever reads on `colour`; one of them always reaches 4.58:1. */
export const inkOn = (colour: string): string => (luminance(colour) > 0.179 ? '#000' : '#fff')

export const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

/** `colour`, moved towards black or white only as far as `ratio` on `surface` asks (text, AA: 4.5:1). */
export const readable = (colour: string, surface: string, ratio = 4.6): string => {
  const end = luminance(surface) > 0.179 ? 0 : 255
  const start = parts(colour)
  for (let step = 0; step < 20; step++) {
    const mixed = '#' + start.map(c => Math.round(c + ((end - c) * step) / 20).toString(16).padStart(2, '0')).join('')
    if (contrast(mixed, surface) >= ratio) return mixed
  }
  return end ? '#ffffff' : '#000000'
}
