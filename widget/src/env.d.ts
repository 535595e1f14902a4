declare module '*.css' {
  /** The minified text of the file (build.mjs). */
  const css: string
  export default css
}

/** `<hash>/panel.js`, written in by build.mjs. */
declare const PANEL: string

/** Whether the platform writes the script tag, and the settings are an element of their own: `#mostrador-settings`. */
declare const SETTINGS_BESIDE: boolean

/** Written in by build.mjs: the flat build carries the words of all languages in the panel. */
declare const WORDS_INSIDE: boolean

interface Navigator {
  readonly connection?: { readonly saveData?: boolean }
}
