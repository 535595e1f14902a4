interface Telling {
  subscribe(told: () => void): unknown;
}

/** Calls `told` once now, and again whenever one of the signals changes. Missing signals are passed over. */
export function listen(signals: (Telling | undefined)[], told: () => void): void {
  for (const signal of signals) signal?.subscribe(told);
  told();
}
