let tries = ''

/** A file of the same build, wherever that lies; what failed stays failed under its address in some browsers. */
export const fetchBeside = (name: string): Promise<any> =>
  import(import.meta.url.replace(/panel([^/]*)$/, name + '$1') + tries).catch(e => {
    tries += '?'
    throw e
  })
