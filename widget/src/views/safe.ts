/** The address when it is one a shopper may safely open, else null. */
export const safeUrl = (url: string | null | undefined): string | null => (/^https?:\/\//i.test(url || '') ? url! : null)
