/** One event of a text/event-stream; `id` is the last one seen, as the HTML standard says. */
export interface StreamEvent {
  id: string
  event: string
  data: string
}

/** A reader: feed it text as it comes; it gives back each complete event. Comments and unknown fields are skipped. */
export const createParser = (): ((text: string) => StreamEvent[]) => {
  let rest = ''
  let id = ''
  let event = ''
  let data: string[] = []
  return text => {
    const done: StreamEvent[] = []
    // a lone CR at the end may be half of CRLF: wait for the next piece
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    for (const line of lines) {
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line)!
      if (!line) {
        if (data.length) done.push({ id, event: event || 'message', data: data.join('\n') })
        event = ''
        data = []
      } else if (field === 'data') data.push(value)
      else if (field === 'event') event = value
      else if (field === 'id') id = value
    }
    return done
  }
}
