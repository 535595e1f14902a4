/** The folder of the whole project, written in by run.mjs. */
declare const ROOT: string
