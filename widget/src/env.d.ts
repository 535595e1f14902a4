declare module '*.css' {
  /** The minified text of the file (build.mjs). */
  const css: string
  export default css
}

/** `<hash>/panel.js`, written in by build.mjs. */
declare const PANEL: string

interface Navigator {
  readonly connection?: { readonly saveData?: boolean }
}
