/** Where the counter is served. `make shopify-app SERVICE=https://…` builds with yours. */
export const SERVICE = 'https://mostrador.example';
